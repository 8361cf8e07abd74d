"""The most likely reading of paragraphs that were the cells of a table, one after the other.

Merged and empty cells are missing; ordinals, section names and furniture stand in between. Found at once for the whole
sequence (Viterbi): wording against columns, lengths learned from whole rows, gaps of blank lines, and what it costs to
lose a cell. No document is known here, only what cells of a kind look like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.read.errors import RowsNotUnderstood
from tasks.read.furniture_words import reason_of
from tasks.read.page import Cell
from tasks.read.tables.align import FILLED_DOWN, Model, filled_down, plain
from tasks.read.tables.cells import is_nothing, is_ordinal, narrow, ordinal_of
from tasks.read.tables.counts import lost_numbers
from tasks.read.tables.edges import between_rows, perhaps_remarks, uncounted_groups
from tasks.read.tables.headings import Role, is_state
from tasks.read.tables.merged import alike
from tasks.read.tables.moves import GOES_ON, moves_of
from tasks.read.tables.rowkinds import is_numeral, is_sum
from tasks.text import clean_cell

_KNOWN_GROUP = 4.0  # a text that names a group of rows elsewhere in the table
_CUT_NAME = 1.5  # the same in a name that is one only when both paragraphs are joined; what it gains counts too
_NEXT_NAME = 1.5  # a further body on a line of its own
_PLAIN_NAME = 3.0
_JOINED = 0.3  # the same where only blank lines divide cells and there is none
_SIGN_JOINED = 6.0  # what it costs besides to join a sign for nothing with another paragraph
_FRAMED = 5.0  # one that is plainly of the page
_OUTSIDE = -1.6  # a paragraph that is no cell at all
_SHORT = 4  # characters of a heading cut in two, at most
_FURNITURE = re.compile(
    r"索引号|公开方式|发布(?:机构|日期|时间|单位)|公布日期|生成日期|浏览次数|点击[率数]|字号|打印|关闭|分享|扫一扫|"
    r"上一篇|下一篇|版权所有|主办单位|备案号|当前位置|^首页|网站地图|信息来源|^来源[:：]|责任编辑|附件[:：]?$"
)
# Whom to call: printed below a table, told in no cell.
_TO_CALL = re.compile(r"(?:监督|举报|投诉|联系|咨询)(?:举报|投诉)?(?:电话|方式|人)(?:及|:|\d)")
_SIGNED_ON = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_SIGNER = re.compile(r"[^。;,、:%\d]{4,30}(?<=[府局委办处会心司院厅部队校])")
# What a last column may hold that looks like the date of a signature.
_MAY_BE_DATED = frozenset((Role.DEADLINE, Role.REMARK, Role.UNKNOWN))
_FRAME = ("share", "neighbours", "navigation", "counter", "leaving", "page_number")
_NOTE = re.compile(r"(?:注|备注|说明|附注)\s*\d?\s*:")
# Too short and too bare to be a further paragraph of a cell: a breadcrumb, a title.
_FRAGMENT = re.compile(r"[^。;,、:%\d]{1,16}")
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
_SENTENCE = re.compile(r"[。;:!]|\d")


@dataclass(frozen=True, slots=True)
class Token:
    """A paragraph that may be a cell. `gap`: how many blank cells the lines before it leave room for; `joined`: it
    follows on the next line where blank lines divide the cells, so it most likely goes on with the cell above."""

    text: str
    start: int
    end: int
    gap: int = 0
    joined: bool = False
    counted: bool = False  # `2.…` after `1.…`: a list within one cell


class Reading:
    """The most likely states of the tokens. States: 0..width-1 a column; then an ordinal that begins a row, a section
    name, outside the table, an ordinal within a row (before the name of its category)."""

    def __init__(self, tokens: Sequence[Token], model: Model, states: list[int], score: float) -> None:
        self.tokens = tokens
        self.model = model
        self.states = states
        self.score = score
        self.width = len(model.roles)

    @classmethod
    def of(cls, tokens: Sequence[Token], roles: tuple[Role, ...]) -> Reading:
        model = Model(roles, absent=lost_numbers([token.text for token in tokens], roles))
        reading = cls._best(tokens, model)
        whole = [row for row in reading._cells() if len(row) == len(roles)]
        if len(whole) >= 3:
            model.learn([[tokens[row[i][0]].text for i in range(len(roles))] for row in whole])
            reading = cls._best(tokens, model)
        else:
            needed = [i for i, role in enumerate(model.roles) if role not in FILLED_DOWN and role is not Role.SEQ]
            usable = [row for row in reading._cells() if all(i in row for i in needed)]
            if len(usable) >= 3:
                model.learn([[tokens[row[i][0]].text if i in row else "" for i in range(len(roles))] for row in usable])
                reading = cls._best(tokens, model)
        return cls._best(tokens, model) if reading._learn_groups() else reading

    def _learn_groups(self) -> bool:
        """Teach the model the names that group rows here and were taken for something else there: whether any was."""
        grouping = [i for i, role in enumerate(self.model.roles) if role in (Role.CATEGORY, Role.NAME)]
        if not grouping:
            return False
        column = grouping[0]
        texts = [plain(token.text) for token in self.tokens]
        named = {texts[i] for i, state in enumerate(self.states) if state == column}
        astray = {texts[i] for i, state in enumerate(self.states) if state != column and texts[i] in named}
        for text in astray:
            self.model.seen[text, column] = self.model.score(text, column) + _KNOWN_GROUP
        uncounted = {texts[i] for i in uncounted_groups(texts, self.states, self.model.roles)}
        for text in uncounted:
            self.model.seen[text, column] = self.model.score(text, column) - _KNOWN_GROUP
        return bool(astray or uncounted)

    @classmethod
    def _best(cls, tokens: Sequence[Token], model: Model) -> Reading:
        width = len(model.roles)
        count = width + 4
        edge = width + 4
        moves = moves_of(model)
        grouping = [i for i, role in enumerate(model.roles) if role in (Role.CATEGORY, Role.NAME)]
        units = model.roles.index(Role.UNITS) if Role.UNITS in model.roles else None
        scores = [float("-inf")] * count
        back: list[list[int]] = []
        signature = _signature(tokens, model)
        for number, token in enumerate(tokens):
            flat = plain(token.text)
            lone = is_ordinal(flat)
            shown = [(-9.0 if lone and i != 0 else model.score(flat, i)) for i in range(width)]
            if lone and width and model.roles[0] is not Role.SEQ:
                shown[0] = -9.0
            framed = _is_of_frame(flat) or number in signature
            if framed:
                shown = [
                    -9.0 if role is not Role.REMARK else score for score, role in zip(shown, model.roles, strict=True)
                ]
            by_itself = 7.0 if lone else -20.0
            emit = [
                *shown,
                by_itself,
                _section_score(flat, bool(grouping)),
                _FRAMED if framed else _outside_score(flat),
                by_itself,
            ]
            cut = (
                _cut_name(narrow(tokens[number - 1].text), flat, model, units) if units is not None and number else 0.0
            )
            # A sign for nothing, or a figure, fills a cell of its own: it goes on with no text, and none with it.
            closed = _fills(flat) or (number > 0 and _fills(narrow(tokens[number - 1].text)))
            listed = units is not None and number > 0 and _are_names(tokens[number - 1], token, model, units)
            if number == 0:
                entry = moves[edge][:count]
                scores = [e - c for e, c in zip(emit, entry, strict=True)]
                back.append([-1] * count)
                continue
            fresh: list[float] = []
            came: list[int] = []
            for state in range(count):
                best_from, best_score = 0, float("-inf")
                for before in range(count):
                    if scores[before] == float("-inf"):
                        continue
                    cost = moves[before][state]
                    if token.gap and before < width and state < width:
                        cost = _with_gap(before, state, width, token.gap, cost)
                    if token.joined or (token.counted and before < width):
                        cost = min(cost, _JOINED) if state == before else cost + GOES_ON
                    elif state == before == units and cut:
                        cost = _CUT_NAME - cut
                    elif state == before == units and listed:
                        cost = _NEXT_NAME
                    elif state == before < width and closed:
                        cost += _SIGN_JOINED
                    elif state == before < width and _FRAGMENT.fullmatch(flat):
                        cost += 3.0
                    value = scores[before] - cost
                    if value > best_score:
                        best_from, best_score = before, value
                fresh.append(best_score + emit[state])
                came.append(best_from)
            scores = fresh
            back.append(came)
        final = [score - moves[i][edge] for i, score in enumerate(scores)]
        state = max(range(count), key=lambda i: final[i])
        top = final[state]
        states = [state]
        for came in reversed(back[1:]):
            state = came[state]
            states.append(state)
        states.reverse()
        return cls(tokens, model, states, top)

    def _cells(self) -> list[dict[int, list[int]]]:
        """Rows as column → token numbers (more than one where a cell has several paragraphs)."""
        rows: list[dict[int, list[int]]] = []
        last = self.width
        pending: list[int] = []
        grouping = {i for i, role in enumerate(self.model.roles) if role in (Role.CATEGORY, Role.NAME)}
        for number, state in enumerate(self.states):
            if state >= self.width:
                pending = [number] if state in (self.width, self.width + 3) else []
                if state != self.width + 3:
                    last = self.width
                continue
            if state == last and rows and not pending:
                rows[-1][state].append(number)
                continue
            if not rows or state <= last:
                rows.append({})
            rows[-1][state] = [*(pending if state in grouping else []), number]
            pending = []
            last = state
        return rows

    def rows(self, headings: Sequence[str]) -> tuple[list[tuple[Cell, ...]], list[str]]:
        """The grid below the headings, section rows included, and what rows lack a cell they should have.

        Raises RowsNotUnderstood where too many rows came out incomplete.
        """
        grid: list[tuple[Cell, ...]] = []
        doubtful: list[str] = []
        cells = self._cells()
        own = [i for i, role in enumerate(self.model.roles) if role in (Role.STATUS, Role.PROGRESS, Role.CONTENT)]
        planned = [i for i, role in enumerate(self.model.roles) if role in (Role.PLAN, Role.AMOUNT)]
        lacking = 0
        sections = self._sections()
        begun = 0
        above: tuple[Cell, ...] | None = None
        width = range(self.width)
        units = [i for i, role in enumerate(self.model.roles) if role is Role.UNITS]
        known = self._bodies(cells, units)
        seq = self.model.roles.index(Role.SEQ) if Role.SEQ in self.model.roles else None
        together = alike(
            [[self.tokens[row[i][0]].text if i in row else "" for i in width] for row in cells], self.model
        )
        for printed in cells:
            row = printed
            first = min(min(numbers) for numbers in row.values())
            while begun < len(sections) and sections[begun][0] < first:
                if sections[begun][0] == first - 1 and seq is not None and seq not in row:
                    numbered = {seq: sections[begun][1], **row}
                    if self._has_sums(numbered, seq):
                        row = numbered
                        begun += 1
                        break
                grid.append(self._section_row(sections[begun][1]))
                above = None
                begun += 1
            if seq is not None and self._has_sums(row, seq):
                grid.append(self._row(row, None, frozenset()))
                above = None
                continue
            made = self._row(row, above, together)
            above = made
            grid.append(made)
            missing = [headings[i] for i in own if i not in row]
            lacking += bool(missing)
            missing += [headings[i] for i in planned if i not in row]
            missing += [headings[i] for i in _one_of_two(row, units, known)]
            texts = {i: self.tokens[numbers[0]].text for i, numbers in row.items()}
            missing += [headings[i] for i in perhaps_remarks(texts, self.model.roles)]
            if missing:
                doubtful.append(f"{'、'.join(missing)} in {' | '.join(c.text[:12] for c in made if c.text)}")
        if len(cells) >= 4 and lacking > 0.4 * len(cells):
            raise RowsNotUnderstood(
                f"{lacking} of {len(cells)} rows lack cells under {' · '.join(headings)}, first: {doubtful[0]}"
            )
        return grid, doubtful

    def _row(
        self, row: Mapping[int, Sequence[int]], above: tuple[Cell, ...] | None, together: frozenset[int]
    ) -> tuple[Cell, ...]:
        ends = max(self.tokens[n].end for numbers in row.values() for n in numbers)
        made: list[Cell] = []
        grouping = [i for i, role in enumerate(self.model.roles) if role in (Role.CATEGORY, Role.NAME)]
        begins = any(i in row for i in grouping)
        fillable = filled_down(self.model.roles) | together
        for column, role in enumerate(self.model.roles):
            numbers = row.get(column)
            if numbers:
                parts = [self.tokens[n] for n in numbers]
                texts = [p.text for p in parts]
                if len(texts) > 1 and is_ordinal(narrow(texts[0])):
                    texts[:2] = [texts[0] + texts[1]]
                made.append(Cell(clean_cell("\n".join(texts)), parts[0].start, parts[-1].end))
            elif (
                above is not None
                and column in fillable
                and above[column].text
                and not (begins and role in (Role.UNITS, Role.LEADER))
            ):
                made.append(Cell(above[column].text, above[column].start, above[column].end, True))
            else:
                made.append(Cell("", ends, ends))
        return tuple(made)

    def _bodies(self, rows: Sequence[Mapping[int, Sequence[int]]], units: Sequence[int]) -> set[int]:
        """The tokens that name a body which leads in rows with both, and takes part in none."""
        if len(units) != 2:
            return set()

        def named(row: Mapping[int, Sequence[int]], column: int) -> str:
            return "、".join(self.tokens[i].text for i in row[column])

        both = [row for row in rows if units[0] in row and units[1] in row]
        leading = {named(row, units[0]) for row in both}
        partners = "、".join(named(row, units[1]) for row in both)
        ones = [row for row in rows if units[0] in row and units[1] not in row]
        return {row[units[0]][0] for row in ones if (name := named(row, units[0])) in leading and name not in partners}

    def _has_sums(self, row: Mapping[int, Sequence[int]], seq: int) -> bool:
        """Whether a row is the number of a section, its name, and sums."""
        if seq not in row or len(row) < 3:
            return False
        number, _, *sums = ("".join(self.tokens[i].text for i in numbers) for _, numbers in sorted(row.items()))
        return is_numeral(number) and all(map(is_sum, sums))

    def _sections(self) -> list[tuple[int, list[int]]]:
        found: list[tuple[int, list[int]]] = []
        pending: list[int] = []
        for number, state in enumerate(self.states):
            if state == self.width:
                pending = [number]
            elif state == self.width + 1:
                found.append((number, [*pending, number]))
                pending = []
            else:
                pending = []
        return found

    def _section_row(self, numbers: Sequence[int]) -> tuple[Cell, ...]:
        parts = [self.tokens[n] for n in numbers]
        text = clean_cell("".join(p.text for p in parts))
        start, end = parts[0].start, parts[-1].end
        return tuple(Cell(text, start, end, i > 0) for i in range(self.width))

    def gone_on(self) -> list[int]:
        """The tokens that were read as further paragraphs of a cell though nothing joins them to it."""
        return [
            i
            for i in range(1, len(self.states))
            if self.states[i] == self.states[i - 1] < self.width
            and not self.tokens[i].joined
            and not self.tokens[i].counted
        ]

    def either(self) -> list[int]:
        """The tokens that may be the last cell of a row, or the first of the next."""
        return between_rows([token.text for token in self.tokens], self.states, self.model.roles)

    def heads(self) -> list[int]:
        """The tokens before the first row that were read as names of sections though nothing counts them."""
        first = next((i for i, state in enumerate(self.states) if state < self.width), 0)
        found = [i for i in range(first) if self.states[i] == self.width + 1]
        return [i for i in found if not ordinal_of(self.tokens[i].text) and len(self.tokens[i].text) <= _SHORT]

    def outside(self) -> list[int]:
        """The tokens that are no cells, and the names of sections with no row below: those of the table behind."""
        last = max((i for i, state in enumerate(self.states) if state < self.width), default=-1)
        beyond = self.width + 2
        return [i for i, state in enumerate(self.states) if state == beyond or (state >= self.width and i > last)]


def _one_of_two(row: Mapping[int, Sequence[int]], units: Sequence[int], known: set[int]) -> list[int]:
    """The column of bodies that is blank in a row where the other is not, if which of them it is is not told."""
    if len(units) != 2 or (units[0] in row) == (units[1] in row):
        return []
    have, lack = (units[0], units[1]) if units[0] in row else (units[1], units[0])
    return [] if row[have][0] in known else [lack]


def _fills(flat: str) -> bool:
    """Whether a text is all that its cell says: a sign for nothing, a figure."""
    return is_nothing(flat) or _FIGURE.fullmatch(flat) is not None


def _cut_name(above: str, below: str, model: Model, units: int) -> float:
    """What it gains to read two paragraphs as one name of a body; 0 where the first is a name by itself."""
    if len(above) > 16 or len(below) > 16 or _SENTENCE.search(below):
        return 0.0
    told = model.score(above, units)
    gain = model.score(above + below, units) - model.score(below, units) - told
    return gain if gain > 0.0 > told else 0.0


def _are_names(above: Token, below: Token, model: Model, units: int) -> bool:
    """Whether two paragraphs are plainly names of bodies each, in a table with one column of those."""
    if model.roles.count(Role.UNITS) > 1 or len(above.text) > 40 or len(below.text) > 40:
        return False
    return min(model.score(narrow(above.text), units), model.score(narrow(below.text), units)) >= _PLAIN_NAME


def _with_gap(before: int, state: int, width: int, gap: int, cost: float) -> float:
    """A gap of blank lines speaks for as many empty cells as it has room for."""
    skipped = state - before - 1 if state > before else width - before - 1 + state
    if state == before:
        return cost + 2.0
    return min(cost, 0.5) if skipped == gap else cost + 0.5


def _section_score(flat: str, grouped: bool) -> float:
    if _NOTE.match(flat) or is_nothing(flat) or is_state(flat) or len(flat) > 45 or re.search(r"[。;]", flat):
        return -9.0
    score = 4.0 if ordinal_of(flat) else -2.5
    return score - (2.5 if grouped else 0.0)


def _is_of_frame(flat: str) -> bool:
    """Whether a text is plainly a note below a table, or of the page around it: no cell says 上一篇：…"""
    called = len(flat) <= 60 and _TO_CALL.match(flat) is not None
    return called or _NOTE.match(flat) is not None or reason_of(flat) in _FRAME


def _signature(tokens: Sequence[Token], model: Model) -> range:
    """The tokens, the last two, with which a body signs what it has published: its name, and the whole date below."""
    end = len(tokens)
    if end < 2 or model.roles[-1] in _MAY_BE_DATED or not _SIGNED_ON.fullmatch(narrow(tokens[-1].text)):
        return range(0)
    return range(end - 2 if _SIGNER.fullmatch(narrow(tokens[-2].text)) else end - 1, end)


def _outside_score(flat: str) -> float:
    """How much speaks for it that a text, which is not plainly of the page, is no cell."""
    if len(flat) <= 60 and _FURNITURE.search(flat):
        return _FRAMED
    return _OUTSIDE + 0.6 if _FRAGMENT.fullmatch(flat) else _OUTSIDE
