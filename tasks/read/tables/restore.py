"""Rows of text whose cells a divider tells apart, put back into the columns of their headings.

Extractions drop merged cells, often empty ones, and shift the rest to the left. Each row is placed where its wording
fits best (`align`); what was merged is filled down, what is not certain is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tasks.model import Warn
from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Cell, Table
from tasks.read.tables.align import ALIKE, CERTAIN, Model, filled_down, place, place_joined, plain
from tasks.read.tables.broken import rejoined
from tasks.read.tables.cells import ordinal_of, units_likeness
from tasks.read.tables.columns import heading_levels, name_headings
from tasks.read.tables.content import profile
from tasks.read.tables.edges import perhaps_remarks
from tasks.read.tables.headings import Role, is_state
from tasks.read.tables.merged import alike, is_further_part, with_shared_statuses
from tasks.read.tables.pieces import Piece, blank_behind, cell_of, header_ways, without_tail
from tasks.read.tables.rowkinds import NOTE, SENTENCE_END, TOTAL, is_named_by_number, is_numeral, is_sum
from tasks.read.tables.ways import may_stand_below, meanings
from tasks.text import clean_cell

_PROSE = frozenset((Role.CONTENT, Role.INDICATOR, Role.STATUS, Role.PLAN, Role.PROBLEM))
_AS_PRINTED = 8.0  # what a row with a part for each column may score less than the best way to join its parts
_NAMES = 0.8  # how plainly a cell lists bodies, for it to be no rest of a cell above
_MOVED = 3.0  # how much better than as printed the cells of a row as wide as the headings must fit, to have moved
_NUMBER = re.compile(r"\d+(?:\.\d+)?\s?[%％]?")
_SAMPLE = 40  # rows that decide between the ways in which headings may be meant


def restore(
    text: str,
    rows: Sequence[tuple[Piece, ...]],
    aliases: Mapping[str, str] | None,
    warnings: list[Warn],
    *,
    blanks: bool = False,
    broken: bool = False,
) -> Table:
    """A heading row and the rows below it, each cell in its column, merged cells that were lost filled down.

    `blanks`: nothing but a blank divides the cells, so that there may be some within a cell as well; `broken`: line
    feeds within cells may have broken the rows. Raises RowsNotUnderstood where a row has more cells than there are
    headings.
    """
    header, model = _understood(rows, aliases)
    width = len(header[0])
    body = [row for row in rows[len(header) :] if any(piece.text for piece in row)]
    body, torn = rejoined(body, model) if broken else (body, [])
    kept = any(_has_inner_blank(row) for row in body)
    closed = all(len(row) in (1, width) for row in body) and any(len(row) > 1 and not row[-1].text for row in body)
    full = (kept or closed) and _is_full(body, width, model, closed=closed)
    states, words = _tells_states(body, width, model.roles), _tells_words(body, width, model.roles)
    placed = _Placed(text, width, model, blanks=blanks, kept=kept, full=full, states=states, words=words)
    placed.take(body)
    together = alike([["" if cell.copy else cell.text for cell in row] for row in placed.told()], model)
    if together:
        placed = _Placed(
            text, width, model, blanks=blanks, kept=kept, full=full, states=states, words=words, alike=together
        )
        placed.take(body)
    rows_, shared = with_shared_statuses(placed.rows, placed.tasks, model)
    grid: list[tuple[Cell, ...]] = [*header, *rows_]
    levels = [piece.text for piece in body[0] if piece.text] if body else []
    if len(levels) > 1 and all(may_stand_below(text, aliases) for text in levels):
        placed.doubtful.append(f"perhaps headings: {' | '.join(levels)[:60]}")
    doubtful = [*torn, *placed.doubtful, *shared]
    if doubtful:
        warnings.append(
            Warn(
                "columns_uncertain",
                f"cells were lost and their columns are not certain in {len(doubtful)} rows: {doubtful[0]}",
            )
        )
    return Table(tuple(grid))


class _Placed:
    """The rows of a table, each cell in its column. `kept`: blank cells are printed; `full`: merged ones as well;
    `states`: a column of progress tells states in words; `words`: accounts are more than numbers; `alike`: columns
    whose cells were merged with those they belong to."""

    def __init__(
        self,
        text: str,
        width: int,
        model: Model,
        *,
        blanks: bool,
        kept: bool,
        full: bool,
        states: bool,
        words: bool,
        alike: frozenset[int] = frozenset(),
    ) -> None:
        self.rows: list[tuple[Cell, ...]] = []
        self.tasks: list[bool] = []  # whether a row may be a task
        self.doubtful: list[str] = []
        self._text, self._width, self._model, self._alike = text, width, model, alike
        self._blanks, self._kept, self._full, self._states, self._words = blanks, kept, full, states, words

    def told(self) -> list[tuple[Cell, ...]]:
        """The rows that may be tasks."""
        return [row for row, task in zip(self.rows, self.tasks, strict=True) if task]

    def take(self, body: Sequence[Sequence[Piece]]) -> None:
        """Place the rows. Raises RowsNotUnderstood where cells fit no columns."""
        text, width, model = self._text, self._width, self._model
        doubtful = self.doubtful
        above: tuple[Cell, ...] | None = None
        columns: tuple[int, ...]
        for row in body:
            filled = [piece for piece in row if piece.text]
            if self._blanks and not (len(filled) == 1 and _stands_alone(plain(filled[0].text), model, above)):
                filled, columns, sure = _joined_at_blanks(text, filled, width, model)
                if not sure:
                    doubtful.append(" | ".join(piece.text[:12] for piece in filled))
                above = _filled(filled, columns, width, model, above, single=False)
                self._add(above, task=True)
                continue
            if len(filled) > width:
                shown = " | ".join(piece.text[:16] for piece in filled)
                raise RowsNotUnderstood(f"{len(filled)} cells under {width} headings: {shown}")
            texts = [plain(piece.text) for piece in filled]
            single = len(filled) == 1 and _stands_alone(texts[0], model, above)
            if single or len(filled) == width:
                columns = tuple(range(len(filled)))
                if single and self._kept:
                    columns = (min(next(i for i, piece in enumerate(row) if piece.text), width - 1),)
            elif row[0].text and len(filled) > 1 and _is_section(filled, tuple(range(len(filled))), model):
                whole = 1 if is_named_by_number(filled[0].text) else 2  # cells that number and name it
                columns = tuple(range(whole))
                if self._kept:
                    columns = tuple(i for i, piece in enumerate(row[:width]) if piece.text)
                filled = filled[: len(columns)]
            elif self._full:
                columns = tuple(i for i, piece in enumerate(row) if piece.text)
                # Blanks at the end alone: the one cell that is lost may stand before what is told.
                either = self._states and _is_either(texts, columns, model.roles)
                either = either or (self._words and _is_rate_in_account(texts, columns, model.roles))
                if either and not _has_inner_blank(row):
                    doubtful.append(" | ".join(text[:12] for text in texts))
            elif self._kept and len(without_tail(row)) <= width and _has_inner_blank(row):
                columns, sure = _between_blanks(row, width, model)
                if not sure:
                    doubtful.append(" | ".join(text[:12] for text in texts))
            else:
                placing = place(texts, model)
                if placing is None:
                    raise RowsNotUnderstood(f"cells that fit no columns: {' | '.join(texts)[:120]}")
                columns = placing.columns
                lost = _lost_prose(columns, model.roles) or _is_either(texts, columns, model.roles)
                remarks = perhaps_remarks(dict(zip(columns, texts, strict=True)), model.roles)
                # Where the sums of a total stand matters to no task.
                if placing.margin < (ALIKE if lost or remarks else CERTAIN) and not TOTAL.fullmatch(texts[0]):
                    doubtful.append(" | ".join(text[:12] for text in texts))
            single = single or _is_section(filled, columns, model)
            made = _filled(filled, columns, width, model, above, single=single, alike=self._alike)
            if single and len(row) == 1:  # a line without dividers covers the table
                made = (made[0], *(made[0]._replace(copy=True) for _ in made[1:]))
            self._add(made, task=not single)
            above = above if single else made

    def _add(self, row: tuple[Cell, ...], *, task: bool) -> None:
        self.rows.append(row)
        self.tasks.append(task)


def _joined_at_blanks(
    text: str, filled: Sequence[Piece], width: int, model: Model
) -> tuple[list[Piece], tuple[int, ...], bool]:
    """The cells of a row divided by blanks where there are not as many parts as columns."""
    placed = place_joined([plain(piece.text) for piece in filled], model)
    if placed is None:
        shown = " | ".join(piece.text[:16] for piece in filled)
        raise RowsNotUnderstood(f"{len(filled)} cells under {width} headings: {shown}")
    if len(filled) == width:
        apart = sum(model.score(plain(piece.text), i) for i, piece in enumerate(filled))
        if apart >= placed[2] - _AS_PRINTED:
            return list(filled), tuple(range(width)), apart >= placed[2] - ALIKE
    made: list[Piece] = []
    columns: list[int] = []
    for column, (start, stop) in enumerate(placed[0]):
        if stop > start:
            begin, end = filled[start].start, filled[stop - 1].end
            made.append(Piece(clean_cell(text[begin:end]), begin, end))
            columns.append(column)
    lost = _lost_prose(columns, model.roles)
    return made, tuple(columns), placed[1] >= (ALIKE if lost else CERTAIN)


def _is_section(filled: Sequence[Piece], columns: Sequence[int], model: Model) -> bool:
    """Whether a row is `一 | name` or `一、name` with nothing behind it but sums: no cell of it was merged away."""
    texts = {column: piece.text for piece, column in zip(filled, columns, strict=True)}
    seq = model.roles.index(Role.SEQ) if Role.SEQ in model.roles else None
    if seq == columns[0] and len(filled) > 1 and is_named_by_number(filled[0].text):
        return all(is_sum(piece.text) for piece in filled[1:])
    return seq in texts and is_numeral(texts.pop(seq)) and all(map(is_sum, list(texts.values())[1:]))


def _is_second_body(cells: Sequence[Cell], above: Sequence[Cell], model: Model) -> bool:
    """Whether a row without content tells what a further body did of the task above: its own body, its own status."""
    places: dict[Role, list[int]] = {}
    for column, role in enumerate(model.roles):
        places.setdefault(role, []).append(column)
    if Role.CONTENT not in places or any(cells[i].text for i in (places[Role.CONTENT][0], *places.get(Role.SEQ, ()))):
        return False
    if above[places[Role.CONTENT][0]].text and is_further_part(cells, above, model):
        return True
    if not {Role.UNITS, Role.STATUS} <= places.keys():
        return False
    newest, units, content = places[Role.STATUS][-1], places[Role.UNITS][0], places[Role.CONTENT][0]
    told = all(cells[i].text for i in (units, newest)) and above[content].text != ""
    return told and above[newest].text[-1:] in SENTENCE_END and units_likeness(cells[units].text) >= _NAMES


def _between_blanks(row: Sequence[Piece], width: int, model: Model) -> tuple[tuple[int, ...], bool]:
    """The columns of the filled cells of a row that keeps its blank ones, and whether they are certain.

    Blank cells hold their places, unless merged cells before them were lost and the row has moved to the left.
    """
    printed = without_tail(row)
    here = tuple(i for i, piece in enumerate(printed) if piece.text)
    if len(printed) == width:
        return here, True
    standing = sum(model.score(plain(printed[i].text), i) for i in here)
    moved = place([plain(piece.text) for piece in printed], model)
    if moved is None or standing >= moved.score - CERTAIN / 2:
        return here, True
    columns = tuple(column for column, piece in zip(moved.columns, printed, strict=True) if piece.text)
    return columns, moved.margin >= CERTAIN and moved.score - standing >= CERTAIN


def _is_full(body: Sequence[Sequence[Piece]], width: int, model: Model, *, closed: bool) -> bool:
    """Whether all rows print a cell for each heading, merged ones blank: what is blank then stands where it is.

    Shown by a blank cell where merged ones would be, or by blank ones that make every row as wide as the headings
    (`closed`), and by no row that fits better with its cells moved to the right.
    """
    fillable = filled_down(model.roles)
    merged = closed
    for row in body:
        here = [i for i, piece in enumerate(row) if piece.text]
        if len(row) == 1 or len(here) < 2 or TOTAL.fullmatch(row[here[0]].text) or NOTE.match(row[here[0]].text):
            continue
        if len(row) > width:
            return False
        merged = merged or any(i in fillable for i in range(here[-1]) if i not in here) or here[0] > 0
        printed = [plain(piece.text) for piece in without_tail(row)]
        moved = place(printed, model)
        standing = sum((model.score(text, i) for i, text in enumerate(printed)), 0.0)
        least = _MOVED if closed else CERTAIN
        if moved is None or moved.score >= standing - sum(map(model.skip, range(len(printed), width)), 0.0) + least:
            return False
    return merged


def _lost_prose(columns: Sequence[int], roles: Sequence[Role]) -> bool:
    """Whether a column of prose has no cell while another has: the two are hard to tell apart."""
    prose = [i for i, role in enumerate(roles) if role in _PROSE]
    return any(i not in columns for i in prose) and any(i in columns for i in prose)


def _is_either(texts: Sequence[str], columns: Sequence[int], roles: Sequence[Role]) -> bool:
    """Whether a word for the state of the work (推进中) stands where either its account or its rate was lost."""
    either = [i for i, role in enumerate(roles) if role in (Role.STATUS, Role.PROGRESS)]
    told = [text for text, column in zip(texts, columns, strict=True) if column in either]
    return len(told) < len(either) > 1 and any(map(is_state, told))


def _tells_states(body: Sequence[Sequence[Piece]], width: int, roles: Sequence[Role]) -> bool:
    """Whether a column of progress tells words (推进中), in most of the rows that have a cell for each heading."""
    columns = [i for i, role in enumerate(roles) if role is Role.PROGRESS]
    told = [row[i].text for row in body for i in columns if len(row) >= width and row[i].text]
    return sum(map(is_state, told)) * 2 > len(told)


def _tells_words(body: Sequence[Sequence[Piece]], width: int, roles: Sequence[Role]) -> bool:
    """Whether the accounts of most rows with a rate are more than a number."""
    accounts = [i for i, role in enumerate(roles) if role is Role.STATUS]
    rates = [i for i, role in enumerate(roles) if role is Role.PROGRESS]
    rated = [row for row in body if len(row) >= width and any(row[i].text for i in rates)]
    told = [row[i].text for row in rated for i in accounts]
    return sum(_NUMBER.fullmatch(text) is None for text in told) * 2 > len(told)


def _is_rate_in_account(texts: Sequence[str], columns: Sequence[int], roles: Sequence[Role]) -> bool:
    """Whether a bare number stands for an account in a row without its rate."""
    lost = any(role is Role.PROGRESS and i not in columns for i, role in enumerate(roles))
    told = (text for text, column in zip(texts, columns, strict=True) if roles[column] is Role.STATUS)
    return lost and any(map(_NUMBER.fullmatch, told))


def _has_inner_blank(row: Sequence[Piece]) -> bool:
    return any(not piece.text for piece in without_tail(row))


def _understood(
    rows: Sequence[Sequence[Piece]], aliases: Mapping[str, str] | None
) -> tuple[list[tuple[Cell, ...]], Model]:
    """The heading rows as a grid, and the columns below them: of the ways to mean them the one that the rows fit."""
    best: tuple[float, list[tuple[Cell, ...]], Model] | None = None
    for header in header_ways(rows, aliases):
        width = len(header[0])
        headings = name_headings(heading_levels([[cell.text for cell in row] for row in header]))
        body = [row for row in rows[len(header) :] if any(piece.text for piece in row)]
        whole = [row for row in body if sum(bool(piece.text) for piece in row) == width == len(without_tail(row))]
        found = dict.fromkeys(_refined(roles, whole or body) for roles in meanings(headings, aliases))
        for roles in found:
            model = Model(roles)
            model.learn([[piece.text for piece in row] for row in whole if len(row) >= width])
            value = sum(_fit(row, model) for row in body[:_SAMPLE])
            if best is None or value > best[0]:
                best = (value, header, model)
    assert best is not None
    return best[1], best[2]


def _fit(row: Sequence[Piece], model: Model) -> float:
    texts = [plain(piece.text) for piece in row if piece.text]
    placing = place(texts, model) if len(texts) > 1 else None
    return placing.score if placing is not None else -20.0 * (len(texts) > 1)


def _refined(ways: Sequence[Role], rows: Sequence[Sequence[Piece]]) -> tuple[Role, ...]:
    """Roles by heading; a percentage column may stand under a status heading, prose under one of progress."""
    roles = list(ways)
    for column, role in enumerate(roles):
        texts = [row[column].text for row in rows if len(row) > column and len(without_tail(row)) == len(roles)]
        seen = profile(texts)
        if seen.filled < 2:
            continue
        if role is Role.STATUS and seen.percents > 0.5:
            roles[column] = Role.PROGRESS
        elif role is Role.PROGRESS and seen.length > 14:
            roles[column] = Role.STATUS
        elif (
            role in (Role.STATUS, Role.CONTENT, Role.REMARK, Role.UNKNOWN)
            and seen.units > 0.75
            and Role.UNITS not in roles
        ):
            roles[column] = Role.UNITS
        elif role is Role.UNITS and seen.units < 0.25 and seen.length > 18:
            roles[column] = Role.STATUS if seen.doneness > 0.3 else Role.CONTENT
    return tuple(roles)


def _stands_alone(text: str, model: Model, above: tuple[Cell, ...] | None) -> bool:
    """Whether the only cell of a row is a section's name, a note, or goes on with the row above: not a task whose
    other cells were merged away or empty."""
    if above is None or ordinal_of(text) or Role.CONTENT not in model.roles or NOTE.match(text) or TOTAL.match(text):
        return True
    column = model.roles.index(Role.CONTENT)
    other = max((model.score(text, i) for i, role in enumerate(model.roles) if role is Role.STATUS), default=-9.0)
    unfinished = above[column].text[-1:] not in "。;；!！"
    return model.score(text, column) < max(other, -3.0) or (len(text) < 12 and unfinished)


def _filled(
    filled: Sequence[Piece],
    columns: Sequence[int],
    width: int,
    model: Model,
    above: tuple[Cell, ...] | None,
    *,
    single: bool,
    alike: frozenset[int] = frozenset(),
) -> tuple[Cell, ...]:
    cells: list[Cell] = [blank_behind(filled)] * width
    for piece, column in zip(filled, columns, strict=True):
        cells[column] = cell_of(piece)
    if above is None or single:
        return tuple(cells)
    grouping = [i for i, role in enumerate(model.roles) if role in (Role.CATEGORY, Role.NAME)]
    begins_group = any(cells[i].text for i in grouping)
    fillable = filled_down(model.roles) | alike
    if _is_second_body(cells, above, model):
        fillable |= {i for i, role in enumerate(model.roles) if role in (Role.SEQ, Role.CONTENT)}
    for column, role in enumerate(model.roles):
        if cells[column].text or column not in fillable or not above[column].text:
            continue
        # A new group does not go on with the units of the one before it.
        if role in (Role.UNITS, Role.LEADER) and begins_group:
            continue
        copied = above[column]
        cells[column] = Cell(copied.text, copied.start, copied.end, True)
    return tuple(cells)
