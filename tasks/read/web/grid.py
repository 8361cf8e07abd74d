"""Merged cells resolved into a rectangular grid, with caps, as browsers do it.

A rowspan that overshoots ends with its table; 0 means "to the end"; a colspan that overshoots the other rows is cut
to their width. Rows keep count of the slots they really covered: whoever knows that a table is one of tasks refuses
rows that do not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasks.read.errors import TableTooLarge
from tasks.read.page import Cell, Table

MAX_COLUMNS = 256
MAX_ROWS = 60_000
MAX_SLOTS = 2_000_000
# The HTML standard's own caps; larger values are read as these.
_MAX_COLSPAN = 1_000
_MAX_ROWSPAN = 65_534


# What `Printed` names: (text, start, end, rowspan, colspan, header, number).
PrintedTuple = tuple[str, int, int, int, int, bool, float | None]


class Printed(NamedTuple):
    """A cell as the source prints it: its text, where that stands in the page's text, and how far it spans."""

    text: str
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    number: float | None = None


def span_of(value: str | None, default: int = 1) -> int:
    """A rowspan or colspan attribute as browsers read it: leading digits, else 1. 0 is kept (to the end)."""
    if value is None:
        return default
    digits = ""
    for char in value.strip():
        if char not in "0123456789":
            break
        digits += char
    return int(digits[:9]) if digits else default


def build_table(rows: Sequence[Sequence[PrintedTuple]], *, name: str | None = None, complete: bool = True) -> Table:
    """Rows of printed cells (`Printed`) → a rectangular table. Raises TableTooLarge beyond the caps."""
    if len(rows) > MAX_ROWS:
        raise TableTooLarge(f"a table of {len(rows)} rows; {MAX_ROWS} are the most that is read")
    spanning = [
        [(place, cell[3], cell[4]) for place, cell in enumerate(row) if cell[3] != 1 or cell[4] > 1] for row in rows
    ]
    width = _width(rows, spanning)
    if width > MAX_COLUMNS or width * len(rows) > MAX_SLOTS:
        raise TableTooLarge(f"a table of {len(rows)} rows and {width} columns")
    new = tuple.__new__  # half the time of the constructor, for the object that a page has most of
    grid: list[tuple[Cell, ...]] = []
    widths: list[int] = []
    carried: dict[int, tuple[int, Cell]] = {}  # column → (rows still to fill, the copy to fill them with)
    for number, row in enumerate(rows):
        spans = spanning[number]
        if len(row) + len(carried) == width and (not spans or max(spans, key=_colspan)[2] <= 1):
            line = [
                new(Cell, (text, start, end, False, header, figure)) for text, start, end, _, _, header, figure in row
            ]
            kept = {column: (left - 1, cell) for column, (left, cell) in carried.items() if left > 1}
            free = [column for column in range(width) if column not in carried] if spans else ()
            for place, down, _ in spans:
                rest = len(rows) - number if down == 0 else min(down, _MAX_ROWSPAN)
                if rest > 1:
                    text, start, end, _, _, header, figure = row[place]
                    kept[free[place]] = (rest - 1, new(Cell, (text, start, end, True, header, figure)))
            for column in sorted(carried):
                line.insert(column, carried[column][1])
            grid.append(tuple(line))
            widths.append(width)
            carried = kept
            continue
        slots: list[Cell | None] = [None] * width
        covered = len(carried)
        kept = {}
        for column, (left, cell) in carried.items():
            slots[column] = cell
            if left > 1:
                kept[column] = (left - 1, cell)
        column = 0
        for text, start, end, down, across, header, figure in row:
            while column < width and slots[column] is not None:
                column += 1
            if column >= width:
                covered += 1
                continue
            slots[column] = new(Cell, (text, start, end, False, header, figure))
            if down == 1 and across <= 1:
                covered += 1
                column += 1
                continue
            rest = len(rows) - number if down == 0 else min(down, _MAX_ROWSPAN)
            copy = new(Cell, (text, start, end, True, header, figure))
            for offset in range(min(max(across, 1), _MAX_COLSPAN)):
                if offset and (column >= width or slots[column] is not None):
                    break
                if offset:
                    slots[column] = copy
                if rest > 1:
                    kept[column] = (rest - 1, copy)
                covered += 1
                column += 1
        if covered < width:
            at = max((printed[2] for printed in row), default=grid[-1][-1].end if grid else 0)
            blank = Cell("", at, at)
            grid.append(tuple(blank if slot is None else slot for slot in slots))
        else:
            grid.append(tuple(slots))  # type: ignore[arg-type]
        widths.append(covered)
        carried = kept
    return Table(tuple(grid), name, complete, tuple(widths))


def _colspan(span: tuple[int, int, int]) -> int:
    return span[2]


def _width(rows: Sequence[Sequence[PrintedTuple]], spanning: Sequence[Sequence[tuple[int, int, int]]]) -> int:
    """The widest row, merged cells from above included; lone cells with a huge colspan do not count if others do.

    `spanning`: for each row, the (place, rowspan, colspan) of the cells that span.
    """
    natural = 0
    lone = 0
    carried: dict[int, int] = {}
    for number, (row, spans) in enumerate(zip(rows, spanning, strict=True)):
        taken = carried
        carried = {column: left - 1 for column, left in taken.items() if left > 1} if taken else {}
        if not spans or max(spans, key=_colspan)[2] <= 1:
            column = len(row)
            for held in sorted(taken):
                column += held < column
            free = [place for place in range(column) if place not in taken] if spans else ()
            for place, rowspan, _ in spans:
                down = len(rows) - number if rowspan == 0 else min(rowspan, _MAX_ROWSPAN)
                if down > 1:
                    carried[free[place]] = down - 1
            if column > MAX_COLUMNS:
                raise TableTooLarge(f"a table of more than {MAX_COLUMNS} columns")
        else:
            column = _place(row, taken, carried, len(rows) - number)
        if len(row) == 1 and not taken:
            lone = max(lone, column)
        else:
            natural = max(natural, column, max(taken) + 1 if taken else 0)
    return natural or lone


def _place(row: Sequence[PrintedTuple], taken: dict[int, int], carried: dict[int, int], left: int) -> int:
    """The columns a row reaches to, of whose cells some span columns; those that go on below are put into `carried`."""
    column = 0
    for place, (_, _, _, rowspan, colspan, _, _) in enumerate(row):
        while column in taken:
            column += 1
        # The last cell's colspan cannot be trusted to be the table's edge: it counts for one column at least,
        # for all it claims only within reason.
        across = min(max(colspan, 1), _MAX_COLSPAN)
        if across > 50 and (place == len(row) - 1 or len(row) == 1):
            across = 1
        down = left if rowspan == 0 else min(rowspan, _MAX_ROWSPAN)
        if column + across > MAX_COLUMNS:
            raise TableTooLarge(f"a table of more than {MAX_COLUMNS} columns")
        for offset in range(across):
            if offset and column in taken:
                break
            if down > 1:
                carried[column] = down - 1
            column += 1
    return column
