"""Tables whose cells have become paragraphs, one after the other: put back into rows.

The headings stand in sequence; below them every paragraph is a cell, cells that were merged or empty are missing, and
ordinals, section names, repeated headings and the page's furniture stand in between. The most likely reading of the
whole sequence is found at once (Viterbi): wording against columns, lengths learned from whole rows, gaps of blank
lines, and what it costs to lose a cell. No document is known here, only what cells of a kind look like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.model import Warn
from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Block, Cell, Paragraph, Table
from tasks.read.tables.align import Model
from tasks.read.tables.cells import goes_on_counting, is_nothing, is_ordinal, narrow, ordinal_of
from tasks.read.tables.columns import name_headings
from tasks.read.tables.headings import Role, claim, heading_role, is_header, is_same_header, may_head, roles_of, squeeze
from tasks.text import clean_cell

_GOES_ON = 4.0  # a second paragraph in the same cell
_GOES_ON_IN = {Role.SEQ: 9.0, Role.PROGRESS: 9.0, Role.UNITS: 6.0, Role.CONTENT: 5.5}
_KNOWN_GROUP = 4.0  # a text that names a group of rows elsewhere in the table
_CUT_NAME = 1.5  # the same in a name that is one only when both paragraphs are joined; what it gains counts too
_JOINED = 0.3  # the same where only blank lines divide cells and there is none
_OUTSIDE = -1.6  # a paragraph that is no cell at all
_LEAST_SENSE = 0.2  # tables score 1 to 4 a paragraph; below this the headings were no headings of what follows
_LEAVE = 6.0  # the table is over
_FURNITURE = re.compile(
    r"索引号|公开方式|发布(?:机构|日期|时间|单位)|公布日期|生成日期|浏览次数|点击[率数]|字号|打印|关闭|分享|扫一扫|"
    r"上一篇|下一篇|版权所有|主办单位|备案号|当前位置|^首页|网站地图|信息来源|^来源[:：]|责任编辑|附件[:：]?$"
)
_NOTE = re.compile(r"(?:注|备注|说明|附注)\s*\d?\s*:")
# Too short and too bare to be a further paragraph of a cell: a breadcrumb, a title.
_FRAGMENT = re.compile(r"[^。;,、:%\d]{1,16}")
# The second half of a heading cut in two, and what shows that the first half is a heading of its own.
_TAIL = re.compile(
    r"名称?|称|单?位|部?门|科?室|情?况|内?容|进?度|领?导|任务|目标|要求|事项|时[间限]|说明|注|号|子号|安排|比例|工作|[率人]"
)
_WHOLE = re.compile(r"(?:名称|单位|部门|科室|情况|内容|进度|领导|序号|备注|时限|指标|类别|要求|安排)$")
_NEVER_LAST = frozenset((Role.SEQ, Role.CATEGORY, Role.NAME, Role.INDICATOR, Role.CONTENT))
_FILLED_DOWN = frozenset((Role.CATEGORY, Role.NAME, Role.UNITS, Role.LEADER))


@dataclass(frozen=True, slots=True)
class Flattened:
    """The blocks with each flattened table in place of its paragraphs; whether there was one."""

    blocks: tuple[Block, ...]
    found: bool
    warnings: tuple[Warn, ...] = ()


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


def gather(text: str, blocks: Sequence[Block], aliases: Mapping[str, str] | None = None) -> Flattened:
    """Find flattened tables among the paragraphs. Raises RowsNotUnderstood where there is one that makes no sense."""
    out: list[Block] = []
    warnings: list[Warn] = []
    found = False
    run: list[Paragraph] = []

    def close() -> None:
        nonlocal found
        if run:
            made, warned = _in_paragraphs(text, list(run), aliases)
            found = found or any(isinstance(block, Table) for block in made)
            out.extend(made)
            warnings.extend(warned)
            run.clear()

    for block in blocks:
        if isinstance(block, Paragraph):
            run.append(block)
        else:
            close()
            out.append(block)
    close()
    return Flattened(tuple(out), found, tuple(warnings))


def _feeds(text: str, one: Paragraph, two: Paragraph) -> int:
    return text.count("\n", one.end, two.start)


def _mended(run: Sequence[Paragraph], aliases: Mapping[str, str] | None) -> Sequence[Paragraph]:
    """Headings that a narrow column has cut over two paragraphs (`项目`, `名称`) made whole, beside other headings."""

    def heads(number: int) -> bool:
        return 0 <= number < len(run) and heading_role(run[number].text, aliases) is not Role.UNKNOWN

    made: list[Paragraph] = []
    number = 0
    while number < len(run):
        here = run[number]
        after = run[number + 1] if number + 1 < len(run) else None
        if (
            after is not None
            and len(here.text) <= 6
            and _TAIL.fullmatch(squeeze(after.text))
            and not _WHOLE.search(squeeze(here.text))
            and heading_role(here.text + after.text, aliases) is not Role.UNKNOWN
            and (heads(number - 1) or heads(number + 2))
        ):
            made.append(Paragraph(here.text + after.text, here.start, after.end, here.level, here.bold))
            number += 2
        else:
            made.append(here)
            number += 1
    return made


def _heading_run(run: Sequence[Paragraph], first: int, aliases: Mapping[str, str] | None) -> int:
    """How many paragraphs from `first` on are headings in sequence; 0 where none begin there."""
    if len(run[first].text) > 24 or heading_role(run[first].text, aliases) is Role.UNKNOWN:
        return 0
    seen: set[str] = set()
    length = 0
    unknown = 0
    for paragraph in run[first : first + 16]:
        flat = squeeze(paragraph.text)
        if len(flat) > 16 or flat in seen or ordinal_of(paragraph.text) or not may_head(paragraph.text):
            break
        known = heading_role(paragraph.text, aliases) is not Role.UNKNOWN
        if not known and (unknown or length < 2):
            break
        unknown = 0 if known else unknown + 1
        seen.add(flat)
        length += 1
    length -= unknown
    # What groups or names the rows does not stand last: it is the first cell.
    while length > 3 and heading_role(run[first + length - 1].text, aliases) in _NEVER_LAST:
        length -= 1
    texts = [paragraph.text for paragraph in run[first : first + length]]
    strong = {heading_role(text, aliases) for text in texts} & {Role.STATUS, Role.PROGRESS, Role.UNITS}
    if length == 2:
        pair = [claim(text, aliases) for text in texts]
        plain = pair[0].role in (Role.CONTENT, Role.NAME, Role.INDICATOR) and pair[1].role is Role.STATUS
        return 2 if plain and min(c.weight for c in pair) >= 4 and is_header(texts, aliases) else 0
    return length if length >= 3 and strong and is_header(texts, aliases) else 0


def _in_paragraphs(
    text: str, run: Sequence[Paragraph], aliases: Mapping[str, str] | None
) -> tuple[list[Block], list[Warn]]:
    run = _mended(run, aliases)
    starts: list[tuple[int, int]] = []
    number = 0
    while number < len(run):
        length = _heading_run(run, number, aliases)
        if length:
            starts.append((number, length))
            number += length
        else:
            number += 1
    starts = _same_headings(run, _believed(run, starts, aliases))
    # Two short lines that look like headings in prose are no table: cells must follow.
    if not starts or len(run) - starts[0][0] < 2 * starts[0][1]:
        return list(run), []
    blocks: list[Block] = list(run[: starts[0][0]])
    warnings: list[Warn] = []
    for place, (first, length) in enumerate(starts):
        stop = starts[place + 1][0] if place + 1 < len(starts) else len(run)
        blocks.extend(_table(text, run[first:stop], length, aliases, warnings))
    return blocks, warnings


def _believed(
    run: Sequence[Paragraph], starts: Sequence[tuple[int, int]], aliases: Mapping[str, str] | None
) -> list[tuple[int, int]]:
    """The first headings, and later ones that are the same again or as plain: in between there are cells."""
    kept: list[tuple[int, int]] = []
    known: list[str] = []
    for first, length in starts:
        if length == 2 and any(other > 2 for _, other in starts):
            continue
        texts = [p.text for p in run[first : first + length]]
        if not kept or is_same_header(texts, known, aliases):
            kept.append((first, length))
            known.extend(texts)
    return kept


def _same_headings(run: Sequence[Paragraph], starts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the same headings come again, the shortest common sequence is the heading: the rest are cells."""
    if len(starts) < 2:
        return starts
    first, length = starts[0]
    names = [squeeze(p.text) for p in run[first : first + length]]
    for begin, size in starts[1:]:
        others = [squeeze(p.text) for p in run[begin : begin + size]]
        common = next((i for i, (a, b) in enumerate(zip(names, others, strict=False)) if a != b), min(length, size))
        if common >= 3:
            length = min(length, common)
    names = names[:length]
    fixed: list[tuple[int, int]] = []
    for begin, size in starts:
        others = [squeeze(p.text) for p in run[begin : begin + size]]
        fixed.append((begin, length if others[:length] == names else size))
    return fixed


def _tokens(text: str, cells: Sequence[Paragraph]) -> list[Token]:
    feeds = [_feeds(text, a, b) for a, b in pairwise(cells)]
    usual = Counter(feeds).most_common(1)[0][0] if feeds else 1
    step = max(usual, 1)
    tokens = [Token(cells[0].text, cells[0].start, cells[0].end)] if cells else []
    for cell, count in zip(cells[1:], feeds, strict=True):
        extra = max(0, round((count - usual) / step)) if count > usual else 0
        counted = goes_on_counting(tokens[-1].text, cell.text)
        tokens.append(Token(cell.text, cell.start, cell.end, min(extra, 3), usual >= 2 and count < 2, counted))
    return tokens


def _table(
    text: str, run: Sequence[Paragraph], length: int, aliases: Mapping[str, str] | None, warnings: list[Warn]
) -> list[Block]:
    """One table: the run begins with its headings. The last words of the headings may be the first cells: tried."""
    best: tuple[float, _Reading, int] | None = None
    for size in range(length, max(2, length - 2) if length > 2 else 1, -1):
        if not is_header([p.text for p in run[:size]], aliases):
            continue
        roles = tuple(roles_of([p.text for p in run[:size]], aliases))
        if size < length and not {Role.STATUS, Role.PROGRESS} & set(roles):
            continue
        tokens = _tokens(text, run[size:])
        if not tokens:
            continue
        reading = _Reading.of(tokens, roles)
        # A heading counts like a cell that fits, so that readings with more and with fewer headings compare.
        value = reading.score + 1.5 * size
        if best is None or value > best[0]:
            best = (value, reading, size)
    if best is None:
        return list(run)
    _, reading, size = best
    if reading.score < _LEAST_SENSE * len(reading.tokens) and len(reading.tokens) >= 8:
        shown = " · ".join(p.text for p in run[:size])
        raise RowsNotUnderstood(f"the paragraphs below {shown} do not read as cells of these columns")
    headings = name_headings([[p.text for p in run[:size]]])
    header = tuple(Cell(clean_cell(p.text), p.start, p.end) for p in run[:size])
    rows, doubtful = reading.rows(headings)
    several = reading.gone_on()
    if several and not {Role.SEQ, Role.UNITS, Role.PROGRESS} & set(reading.model.roles):
        shown = reading.tokens[several[0]].text[:40]
        warnings.append(
            Warn("columns_uncertain", f"{len(several)} paragraphs may be cells of their own, first: {shown}")
        )
    if doubtful:
        warnings.append(
            Warn("cells_missing", f"the flattened table lacks cells in {len(doubtful)} rows, first: {doubtful[0]}")
        )
    rest = [run[size + i] for i in reading.outside()]
    return [Table((header, *rows)), *rest]


class _Reading:
    """The most likely states of the tokens. States: 0..width-1 a column; then an ordinal that begins a row, a section
    name, outside the table, an ordinal within a row (before the name of its category)."""

    def __init__(self, tokens: Sequence[Token], model: Model, states: list[int], score: float) -> None:
        self.tokens = tokens
        self.model = model
        self.states = states
        self.score = score
        self.width = len(model.roles)

    @classmethod
    def of(cls, tokens: Sequence[Token], roles: tuple[Role, ...]) -> _Reading:
        model = Model(_present(tokens, roles))
        reading = cls._best(tokens, model)
        whole = [row for row in reading._cells() if len(row) == len(roles)]
        if len(whole) >= 3:
            model.learn([[tokens[row[i][0]].text for i in range(len(roles))] for row in whole])
            reading = cls._best(tokens, model)
        else:
            needed = [i for i, role in enumerate(model.roles) if role not in _FILLED_DOWN and role is not Role.SEQ]
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
        texts = [narrow(token.text) for token in self.tokens]
        named = {texts[i] for i, state in enumerate(self.states) if state == column}
        astray = {texts[i] for i, state in enumerate(self.states) if state != column and texts[i] in named}
        for text in astray:
            self.model.seen[text, column] = self.model.score(text, column) + _KNOWN_GROUP
        return bool(astray)

    @classmethod
    def _best(cls, tokens: Sequence[Token], model: Model) -> _Reading:
        width = len(model.roles)
        count = width + 4
        edge = width + 4
        moves = _moves(model)
        grouping = [i for i, role in enumerate(model.roles) if role in (Role.CATEGORY, Role.NAME)]
        units = model.roles.index(Role.UNITS) if Role.UNITS in model.roles else None
        scores = [float("-inf")] * count
        back: list[list[int]] = []
        for number, token in enumerate(tokens):
            flat = narrow(token.text)
            lone = is_ordinal(flat)
            shown = [(-9.0 if lone and i != 0 else model.score(flat, i)) for i in range(width)]
            if lone and width and model.roles[0] is not Role.SEQ:
                shown[0] = -9.0
            by_itself = 7.0 if lone else -20.0
            emit = [*shown, by_itself, _section_score(flat, bool(grouping)), _outside_score(flat), by_itself]
            cut = (
                _cut_name(narrow(tokens[number - 1].text), flat, model, units) if units is not None and number else 0.0
            )
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
                        cost = min(cost, _JOINED) if state == before else cost + _GOES_ON
                    elif state == before == units and cut:
                        cost = _CUT_NAME - cut
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
        planned = [i for i, role in enumerate(self.model.roles) if role is Role.PLAN]
        lacking = 0
        sections = self._sections()
        begun = 0
        above: tuple[Cell, ...] | None = None
        for row in cells:
            first = min(min(numbers) for numbers in row.values())
            while begun < len(sections) and sections[begun][0] < first:
                grid.append(self._section_row(sections[begun][1]))
                above = None
                begun += 1
            made = self._row(row, above)
            above = made
            grid.append(made)
            missing = [headings[i] for i in own if i not in row]
            lacking += bool(missing)
            missing += [headings[i] for i in planned if i not in row]
            if missing:
                doubtful.append(f"{'、'.join(missing)} in {' | '.join(c.text[:12] for c in made if c.text)}")
        if len(cells) >= 4 and lacking > 0.4 * len(cells):
            raise RowsNotUnderstood(
                f"{lacking} of {len(cells)} rows lack cells under {' · '.join(headings)}, first: {doubtful[0]}"
            )
        return grid, doubtful

    def _row(self, row: Mapping[int, Sequence[int]], above: tuple[Cell, ...] | None) -> tuple[Cell, ...]:
        ends = max(self.tokens[n].end for numbers in row.values() for n in numbers)
        made: list[Cell] = []
        grouping = [i for i, role in enumerate(self.model.roles) if role in (Role.CATEGORY, Role.NAME)]
        begins = any(i in row for i in grouping)
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
                and role in _FILLED_DOWN
                and above[column].text
                and not (begins and role in (Role.UNITS, Role.LEADER))
            ):
                made.append(Cell(above[column].text, above[column].start, above[column].end, True))
            else:
                made.append(Cell("", ends, ends))
        return tuple(made)

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

    def outside(self) -> list[int]:
        """The tokens that are no cells."""
        return [i for i, state in enumerate(self.states) if state == self.width + 2]


def _present(tokens: Sequence[Token], roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """The roles; printed numbers that an extraction has lost throughout are not looked for."""
    if Role.SEQ in roles:
        numbers = sum(re.fullmatch(r"\(?\d{1,4}\)?[.、]?", narrow(t.text)) is not None for t in tokens)
        if numbers * len(roles) * 3 < len(tokens):
            return tuple(Role.CODE if role is Role.SEQ else role for role in roles)
    return roles


def _moves(model: Model) -> list[list[float]]:
    """The cost of going from one state to another; the last row and column are the ends of the table."""
    width = len(model.roles)
    skips = [0.4 if role is Role.CODE else model.skip(i) for i, role in enumerate(model.roles)]
    ordinal, section, outside, inner, edge = width, width + 1, width + 2, width + 3, width + 4
    never = 1e9
    before = [sum(skips[:i]) for i in range(width + 1)]
    moves = [[never] * (edge + 1) for _ in range(edge + 1)]
    for i in range(width):
        tail = before[width] - before[i + 1]
        for j in range(width):
            if j > i:
                moves[i][j] = before[j] - before[i + 1]
            elif j == i:
                moves[i][j] = _GOES_ON_IN.get(model.roles[i], _GOES_ON)
            else:
                moves[i][j] = tail + before[j]
        moves[i][ordinal] = tail
        moves[i][section] = tail + 1.0
        later = [j for j in range(i + 1, width) if model.roles[j] in (Role.CATEGORY, Role.NAME)]
        moves[i][inner] = before[later[0]] - before[i + 1] if later else never
        moves[i][outside] = tail + _LEAVE
        moves[i][edge] = tail
    for j in range(width):
        grouping = model.roles[j] in (Role.CATEGORY, Role.NAME)
        moves[ordinal][j] = before[j] if grouping else 8.0
        moves[inner][j] = 0.0 if grouping else never
        moves[section][j] = before[j]
        moves[edge][j] = before[j]
    moves[ordinal][section] = 0.0 if not any(r in (Role.CATEGORY, Role.NAME) for r in model.roles) else 2.0
    moves[ordinal][outside] = _LEAVE
    moves[section][section] = 3.0
    moves[section][ordinal] = 0.5
    moves[section][outside] = _LEAVE
    moves[outside][outside] = 0.0
    moves[edge][ordinal] = 0.0
    moves[edge][section] = 1.0
    moves[edge][outside] = 30.0
    for state in (section, outside):
        moves[state][edge] = 0.0
    moves[ordinal][edge] = 5.0
    return moves


def _cut_name(above: str, below: str, model: Model, units: int) -> float:
    """What it gains to read two paragraphs as one name of a body; 0 where the first is a name by itself."""
    if len(above) > 16 or len(below) > 16:
        return 0.0
    told = model.score(above, units)
    gain = model.score(above + below, units) - model.score(below, units) - told
    return gain if gain > 0.0 > told else 0.0


def _with_gap(before: int, state: int, width: int, gap: int, cost: float) -> float:
    """A gap of blank lines speaks for as many empty cells as it has room for."""
    skipped = state - before - 1 if state > before else width - before - 1 + state
    if state == before:
        return cost + 2.0
    return min(cost, 0.5) if skipped == gap else cost + 0.5


def _section_score(flat: str, grouped: bool) -> float:
    if _NOTE.match(flat) or is_nothing(flat) or len(flat) > 45 or re.search(r"[。;]", flat):
        return -9.0
    score = 4.0 if ordinal_of(flat) else -2.5
    return score - (2.5 if grouped else 0.0)


def _outside_score(flat: str) -> float:
    if _NOTE.match(flat):
        return 4.0
    if len(flat) <= 60 and _FURNITURE.search(flat):
        return 5.0
    return _OUTSIDE + 0.6 if _FRAGMENT.fullmatch(flat) else _OUTSIDE
