"""A sheet as its file gives it, and the way from there to blocks: the same for every workbook format."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.read.attachment_errors import FormulaWithoutValue, OversizedFile
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder, Slot
from tasks.text import clean_cell, fold

_STARTS_WITH_DIGIT = re.compile(r"[-+]?[\d０-９(（]")
_HEADING_LENGTH = 20


@dataclass
class Sheet:
    """Cells that hold something, by (row, column) from 0: bounded by what is there, not by what the sheet claims.

    `merges` are (first row, first column, last row, last column), inclusive.
    """

    name: str
    limits: Limits
    cells: dict[tuple[int, int], tuple[str, float | None]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    formulas: int = 0
    without_value: list[tuple[int, int]] = field(default_factory=list)
    zero_formulas: int = 0
    errors: int = 0

    def put(self, row: int, column: int, text: str, number: float | None = None) -> None:
        """A cell's shown text; blanks are not kept. Raises OversizedFile beyond the limit on cells."""
        if clean_cell(text):
            self.cells[row, column] = (text, number)
            if text.startswith("#") and text.rstrip("!?").isupper() and " " not in text:
                self.errors += text in _ERROR_TEXTS
            if len(self.cells) > self.limits.cells:
                raise OversizedFile(f"sheet {self.name!r} has more cells than the limit cells, {self.limits.cells}")

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """A merged range."""
        if last_row > first_row or last_column > first_column:
            self.merges.append((first_row, first_column, last_row, last_column))
            if len(self.merges) > self.limits.cells:
                raise OversizedFile(f"sheet {self.name!r} has more merged ranges than the limit cells")


_ERROR_TEXTS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})


def cell_name(row: int, column: int) -> str:
    """(0, 27) → AB1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def refuse_uncomputed(sheets: Iterable[Sheet], *, recalculates: bool) -> None:
    """Raises FormulaWithoutValue naming the cells.

    `recalculates`: the file tells its reader to compute on opening, as files do that a program wrote without
    computing; then formulas that are all zero are no values either.
    """
    sheets = list(sheets)
    missing = [(sheet, place) for sheet in sheets for place in sheet.without_value]
    if missing:
        named = ", ".join(f"{sheet.name}!{cell_name(*place)}" for sheet, place in missing[:5])
        raise FormulaWithoutValue(f"{len(missing)} formula cells hold no value: {named}")
    formulas = sum(sheet.formulas for sheet in sheets)
    if recalculates and formulas and formulas == sum(sheet.zero_formulas for sheet in sheets):
        raise FormulaWithoutValue(f"all {formulas} formula cells hold 0 and wait to be computed on opening")


def lay_out(sheet: Sheet, builder: PageBuilder) -> None:
    """The sheet's blocks: lines above a table as paragraphs, then the table; empty rows and columns left out."""
    if sheet.errors:
        builder.warn("cell_errors", f"sheet {sheet.name!r}: {sheet.errors} cells show an error such as #REF!")
    cells = _visible(sheet, builder)
    if not cells:
        return
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    slots = _slots(cells, sheet.merges, rows, columns)
    for segment in _segments(slots, rows, len(columns)):
        segment.emit(builder, sheet.name, len(columns))


def _visible(sheet: Sheet, builder: PageBuilder) -> dict[tuple[int, int], tuple[str, float | None]]:
    """Without what the publisher hid; rows a filter hides for the moment stay."""
    covered = _covered(sheet)
    cells = {place: held for place, held in sheet.cells.items() if place not in covered}
    columns = {c for _, c in cells if any(first <= c <= last for first, last in sheet.hidden_columns)}
    rows = {r for r, _ in cells if r in sheet.hidden_rows}
    if rows and sheet.filtered:
        builder.warn(
            "filtered_rows", f"sheet {sheet.name!r}: {len(rows)} rows hidden by a filter are read all the same"
        )
        rows = set()
    if rows:
        builder.warn("hidden_rows", f"sheet {sheet.name!r}: {len(rows)} hidden rows left out: {sorted(rows)[0] + 1} …")
    if columns:
        names = ", ".join(cell_name(0, c)[:-1] for c in sorted(columns)[:8])
        builder.warn("hidden_columns", f"sheet {sheet.name!r}: hidden columns left out: {names}")
    if not rows and not columns:
        return cells
    moved: dict[tuple[int, int], tuple[str, float | None]] = {}
    merged = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in sheet.merges}
    for (row, column), held in cells.items():
        # A merged cell whose corner is hidden shows its text in the first slot that is not.
        last_row, last_column = merged.get((row, column), (row, column))
        shown_row = next((r for r in range(row, min(last_row, row + 10_000) + 1) if r not in rows), None)
        shown_column = next((c for c in range(column, last_column + 1) if c not in columns), None)
        if shown_row is not None and shown_column is not None:
            moved.setdefault((shown_row, shown_column), held)
    return moved


def _covered(sheet: Sheet) -> set[tuple[int, int]]:
    """Cells under a merged range, its corner apart: they are there, but nobody sees them."""
    if not sheet.merges:
        return set()
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(sheet.cells):
        by_row.setdefault(row, []).append(column)
    rows = sorted(by_row)
    covered: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in sheet.merges:
        for row in rows[bisect_left(rows, r0) : bisect_right(rows, r1)]:
            held = by_row[row]
            for column in held[bisect_left(held, c0) : bisect_right(held, c1)]:
                if (row, column) != (r0, c0):
                    covered.add((row, column))
    return covered


def _slots(
    cells: dict[tuple[int, int], tuple[str, float | None]],
    merges: list[tuple[int, int, int, int]],
    rows: list[int],
    columns: list[int],
) -> list[Slot]:
    """Cells on the grid of the rows and columns that hold anything."""
    row_at = {row: index for index, row in enumerate(rows)}
    column_at = {column: index for index, column in enumerate(columns)}
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for r0, c0, r1, c1 in merges:
        # The corner may be hidden: the first visible slot then stands for it.
        row, column = bisect_left(rows, r0), bisect_left(columns, c0)
        ends.setdefault((row, column), (bisect_right(rows, r1), bisect_right(columns, c1)))
    slots = []
    for (row, column), (text, number) in sorted(cells.items()):
        place = row_at[row], column_at[column]
        end_row, end_column = ends.get(place, (0, 0))
        slots.append(Slot(*place, text, max(end_row - place[0], 1), max(end_column - place[1], 1), number))
    return slots


@dataclass
class _Segment:
    """Lines, then a table of the rows `first`..`last` (exclusive)."""

    lines: list[str]
    slots: list[Slot]
    first: int
    last: int

    def emit(self, builder: PageBuilder, name: str, width: int) -> None:
        for line in self.lines:
            builder.paragraph(line)
        if self.last > self.first:
            shifted = (
                Slot(s.row - self.first, s.column, s.text, min(s.rows, self.last - s.row), s.columns, s.number)
                for s in self.slots
            )
            builder.table(shifted, self.last - self.first, width, name)


def _segments(slots: list[Slot], rows: list[int], width: int) -> list[_Segment]:
    """Cuts a sheet into lines and tables.

    A new table begins after an empty row, where titles and a heading row follow; a lone line after an empty row
    with no table behind it is a paragraph. Everything else belongs to the table above: a category row is no title.
    """
    starting: list[list[Slot]] = [[] for _ in rows]
    reach = [0] * len(rows)
    for slot in slots:
        starting[slot.row].append(slot)
        for row in range(slot.row + 1, min(slot.row + slot.rows, len(rows))):
            reach[row] += 1
    alone = [len(starting[r]) <= 1 and not reach[r] and all(s.rows == 1 for s in starting[r]) for r in range(len(rows))]
    segments: list[_Segment] = []
    row = 0
    heads: set[str] = set()
    while row < len(rows):
        top = row
        while row < len(rows) and alone[row]:
            row += 1
        lines = [slot.text for r in range(top, row) for slot in starting[r]]
        first = row
        if row < len(rows):
            heads.add(_row_key(starting[row]))
            row += 1
            while row < len(rows) and not (
                rows[row] > rows[row - 1] + 1 and not reach[row] and _begins_anew(row, starting, alone, rows, heads)
            ):
                row += 1
        segments.append(_Segment(lines, [s for r in range(first, row) for s in starting[r]], first, row))
    if width == 1:
        return [_Segment([slot.text for slot in slots], [], 0, 0)]
    return segments


def _begins_anew(row: int, starting: list[list[Slot]], alone: list[bool], rows: list[int], heads: set[str]) -> bool:
    """Whether what follows an empty row is a new title and table, or closing lines, rather than more of the table."""
    at = row
    while at < len(rows) and alone[at]:
        at += 1
    if at == len(rows):
        return True
    return _row_key(starting[at]) in heads or (at > row and _is_heading(starting[at]))


def _row_key(slots: list[Slot]) -> str:
    return "\t".join(fold(slot.text) for slot in slots)


def _is_heading(slots: list[Slot]) -> bool:
    """A row of short labels, none of which begins like a number."""
    return len(slots) > 1 and all(
        len(slot.text) <= _HEADING_LENGTH and slot.number is None and not _STARTS_WITH_DIGIT.match(slot.text)
        for slot in slots
    )
