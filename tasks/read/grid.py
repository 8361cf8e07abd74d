"""Merged cells resolved into a rectangular grid, with caps, as browsers do it.

A rowspan that overshoots ends with its table; 0 means "to the end"; a colspan that overshoots the other rows is cut
to their width. Rows keep count of the slots they really covered: whoever knows that a table is one of tasks refuses
rows that do not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.read.errors import TableTooLarge
from tasks.read.page import Cell, Table

MAX_COLUMNS = 256
MAX_ROWS = 60_000
MAX_SLOTS = 2_000_000
# The HTML standard's own caps; larger values are read as these.
_MAX_COLSPAN = 1_000
_MAX_ROWSPAN = 65_534


@dataclass(frozen=True, slots=True)
class Printed:
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


def build_table(rows: Sequence[Sequence[Printed]], *, name: str | None = None, complete: bool = True) -> Table:
    """Rows of printed cells → a rectangular table. Raises TableTooLarge beyond the caps."""
    if len(rows) > MAX_ROWS:
        raise TableTooLarge(f"a table of {len(rows)} rows; {MAX_ROWS} are the most that is read")
    width = _width(rows)
    if width > MAX_COLUMNS or width * len(rows) > MAX_SLOTS:
        raise TableTooLarge(f"a table of {len(rows)} rows and {width} columns")
    if all(len(row) == width and all(c.rowspan == 1 and c.colspan == 1 for c in row) for row in rows):
        plain = tuple(tuple(Cell(c.text, c.start, c.end, False, c.header, c.number) for c in row) for row in rows)
        return Table(plain, name, complete, (width,) * len(rows))
    grid: list[tuple[Cell, ...]] = []
    widths: list[int] = []
    carried: dict[int, tuple[int, Cell]] = {}  # column → (rows still to fill, the copy to fill them with)
    for number, row in enumerate(rows):
        slots: list[Cell | None] = [None] * width
        kept: dict[int, tuple[int, Cell]] = {}
        for column, (left, cell) in carried.items():
            slots[column] = cell
            if left > 1:
                kept[column] = (left - 1, cell)
        column = 0
        overflow = 0
        for printed in row:
            while column < width and slots[column] is not None:
                column += 1
            if column >= width:
                overflow += 1
                continue
            down = len(rows) - number if printed.rowspan == 0 else min(printed.rowspan, _MAX_ROWSPAN)
            cell = Cell(printed.text, printed.start, printed.end, False, printed.header, printed.number)
            copy = Cell(printed.text, printed.start, printed.end, True, printed.header, printed.number)
            for offset in range(min(max(printed.colspan, 1), _MAX_COLSPAN)):
                if column >= width or slots[column] is not None:
                    break
                slots[column] = copy if offset else cell
                if down > 1:
                    kept[column] = (down - 1, copy)
                column += 1
        at = max((c.end for c in row), default=grid[-1][-1].end if grid else 0)
        covered = sum(slot is not None for slot in slots) + overflow
        grid.append(tuple(slot if slot is not None else Cell("", at, at) for slot in slots))
        widths.append(covered)
        carried = kept
    return Table(tuple(grid), name, complete, tuple(widths))


def _width(rows: Sequence[Sequence[Printed]]) -> int:
    """The widest row, merged cells from above included; lone cells with a huge colspan do not count if others do."""
    natural = 0
    lone = 0
    carried: dict[int, int] = {}
    for number, row in enumerate(rows):
        taken = dict(carried)
        carried = {column: left - 1 for column, left in carried.items() if left > 1}
        column = 0
        for place, printed in enumerate(row):
            while column in taken:
                column += 1
            # The last cell's colspan cannot be trusted to be the table's edge: it counts for one column at least,
            # for all it claims only within reason.
            across = min(max(printed.colspan, 1), _MAX_COLSPAN)
            if across > 50 and (place == len(row) - 1 or len(row) == 1):
                across = 1
            down = len(rows) - number if printed.rowspan == 0 else min(printed.rowspan, _MAX_ROWSPAN)
            for _ in range(across):
                if down > 1:
                    carried[column] = down - 1
                column += 1
                if column > MAX_COLUMNS:
                    raise TableTooLarge(f"a table of more than {MAX_COLUMNS} columns")
        reach = max(column, max(taken, default=-1) + 1)
        if len(row) == 1 and not taken:
            lone = max(lone, reach)
        else:
            natural = max(natural, reach)
    return natural or lone
