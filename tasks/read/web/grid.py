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
# Of the cells of a row those that span: (place in the row, rowspan, colspan).
Spans = Sequence[tuple[int, int, int]]

_new = tuple.__new__  # half the time of the constructor, for the object that a page has most of


class Printed(NamedTuple):
    """A cell as the source prints it: its text, where that stands in the page's text, and how far it spans."""

    text: str
    start: int
    end: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    number: float | None = None


class PrintedTable(NamedTuple):
    """A table as its source prints it: the texts of its cells, stripped, one row after the other; how many each row
    has; for each row those that span; (row, place) of the header cells; its caption."""

    texts: list[str]
    sizes: list[int]
    spans: Sequence[Spans]
    headers: Sequence[tuple[int, int]] = ()
    name: str | None = None


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


def reach_of(rowspan: str | None, colspan: str | None, left: int) -> tuple[int, int]:
    """How many rows, of those `left` in its group, and columns a cell with these attributes spans."""
    reach = 1
    if rowspan is not None:
        reach = span_of(rowspan)
        reach = left if reach == 0 else min(reach, left)
    return reach, span_of(colspan) or 1 if colspan else 1


def build_table(rows: Sequence[Sequence[PrintedTuple]], *, name: str | None = None, complete: bool = True) -> Table:
    """Rows of printed cells (`Printed`) → a rectangular table. Raises TableTooLarge beyond the caps."""
    lines = [
        [_new(Cell, (text, start, end, False, header, figure)) for text, start, end, _, _, header, figure in row]
        for row in rows
    ]
    spanning = [
        [(place, cell[3], cell[4]) for place, cell in enumerate(row) if cell[3] != 1 or cell[4] > 1] for row in rows
    ]
    return build_grid(lines, spanning, name=name, complete=complete)


def build_grid(
    lines: Sequence[list[Cell]], spanning: Sequence[Spans], *, name: str | None = None, complete: bool = True
) -> Table:
    """Lines of cells, and for each line the (place, rowspan, colspan) of those that span → a rectangular table.

    Raises TableTooLarge beyond the caps.
    """
    if len(lines) > MAX_ROWS:
        raise TableTooLarge(f"a table of {len(lines)} rows; {MAX_ROWS} are the most that is read")
    regular = _regular(lines, spanning)
    if regular is not None:
        return Table(regular, name, complete, (len(regular[0]),) * len(regular))
    width = _width(lines, spanning)
    if width > MAX_COLUMNS or width * len(lines) > MAX_SLOTS:
        raise TableTooLarge(f"a table of {len(lines)} rows and {width} columns")
    grid: list[tuple[Cell, ...]] = []
    widths: list[int] = []
    carried: dict[int, tuple[int, Cell]] = {}  # column → (rows still to fill, the copy to fill them with)
    for number, (line, spans) in enumerate(zip(lines, spanning, strict=True)):
        if len(line) + len(carried) == width and not _spans_columns(spans):
            widths.append(width)
            if spans or carried:
                full, carried = _filled(line, spans, carried, len(lines) - number, width)
                grid.append(full)
            else:
                grid.append(tuple(line))
            continue
        slots: list[Cell | None] = [None] * width
        covered = len(carried)
        kept = {}
        for column, (left, cell) in carried.items():
            slots[column] = cell
            if left > 1:
                kept[column] = (left - 1, cell)
        reach = {place: (down, across) for place, down, across in spans}
        column = 0
        for place, cell in enumerate(line):
            while column < width and slots[column] is not None:
                column += 1
            if column >= width:
                covered += 1
                continue
            slots[column] = cell
            down, across = reach.get(place, (1, 1))
            if down == 1 and across <= 1:
                covered += 1
                column += 1
                continue
            rest = len(lines) - number if down == 0 else min(down, _MAX_ROWSPAN)
            copy = _copy(cell)
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
            at = max((cell[2] for cell in line), default=grid[-1][-1].end if grid else 0)
            blank = Cell("", at, at)
            grid.append(tuple(blank if slot is None else slot for slot in slots))
        else:
            grid.append(tuple(slots))  # type: ignore[arg-type]
        widths.append(covered)
        carried = kept
    return Table(tuple(grid), name, complete, tuple(widths))


def _regular(lines: Sequence[list[Cell]], spanning: Sequence[Spans]) -> tuple[tuple[Cell, ...], ...] | None:
    """The grid where every row, with what is merged into it from above, is as wide as the first; else None."""
    width = len(lines[0]) if lines else 0
    if not width or width > MAX_COLUMNS or width * len(lines) > MAX_SLOTS:
        return None
    grid: list[tuple[Cell, ...]] = []
    carried: list[tuple[int, int, Cell]] = []  # by column: (column, first row no longer filled, copy to fill with)
    until = 0
    for number, (line, spans) in enumerate(zip(lines, spanning, strict=True)):
        if carried and number >= until:
            carried = [held for held in carried if held[1] > number]
            until = min([held[1] for held in carried], default=0)
        if len(line) + len(carried) != width:
            return None
        if not spans and not carried:
            grid.append(tuple(line))
            continue
        full = line.copy()
        for column, _, cell in carried:
            full.insert(column, cell)
        grid.append(tuple(full))
        if spans:
            if _spans_columns(spans):
                return None
            taken = {column for column, _, _ in carried}
            free = [column for column in range(width) if column not in taken]
            below = [
                (free[place], number + min(down or len(lines), _MAX_ROWSPAN), _copy(line[place]))
                for place, down, _ in spans
            ]
            carried = sorted([*carried, *below], key=_column)
            until = min([held[1] for held in carried])
    return tuple(grid)


def _column(held: tuple[int, int, Cell]) -> int:
    return held[0]


def _filled(
    line: list[Cell], spans: Spans, carried: dict[int, tuple[int, Cell]], left: int, width: int
) -> tuple[tuple[Cell, ...], dict[int, tuple[int, Cell]]]:
    """A row whose cells, none wider than a column, fill what is free of `width`; what is carried on to the next."""
    kept = {column: (rest - 1, cell) for column, (rest, cell) in carried.items() if rest > 1}
    free = [column for column in range(width) if column not in carried] if spans else ()
    for place, down, _ in spans:
        rest = left if down == 0 else min(down, _MAX_ROWSPAN)
        if rest > 1:
            kept[free[place]] = (rest - 1, _copy(line[place]))
    full = line.copy()
    for column in sorted(carried):
        full.insert(column, carried[column][1])
    return tuple(full), kept


def _copy(cell: Cell) -> Cell:
    text, start, end, _, header, figure = cell
    return _new(Cell, (text, start, end, True, header, figure))


def _spans_columns(spans: Spans) -> bool:
    return bool(spans) and max([across for _, _, across in spans]) > 1


def _width(lines: Sequence[list[Cell]], spanning: Sequence[Spans]) -> int:
    """The widest row, merged cells from above included; lone cells with a huge colspan do not count if others do."""
    natural = 0
    lone = 0
    carried: dict[int, int] = {}
    for number, (row, spans) in enumerate(zip(lines, spanning, strict=True)):
        taken = carried
        if not taken and not spans:
            column = len(row)
            if column > MAX_COLUMNS:
                raise TableTooLarge(f"a table of more than {MAX_COLUMNS} columns")
            if column == 1:
                lone = max(lone, 1)
            elif column > natural:
                natural = column
            continue
        carried = {column: left - 1 for column, left in taken.items() if left > 1} if taken else {}
        if not _spans_columns(spans):
            column = len(row)
            for held in sorted(taken):
                column += held < column
            free = [place for place in range(column) if place not in taken] if spans else ()
            for place, rowspan, _ in spans:
                down = len(lines) - number if rowspan == 0 else min(rowspan, _MAX_ROWSPAN)
                if down > 1:
                    carried[free[place]] = down - 1
            if column > MAX_COLUMNS:
                raise TableTooLarge(f"a table of more than {MAX_COLUMNS} columns")
        else:
            column = _place(len(row), spans, taken, carried, len(lines) - number)
        if len(row) == 1 and not taken:
            lone = max(lone, column)
        else:
            natural = max(natural, column, max(taken) + 1 if taken else 0)
    return natural or lone


def _place(cells: int, spans: Spans, taken: dict[int, int], carried: dict[int, int], left: int) -> int:
    """The columns a row reaches to, of whose cells some span columns; those that go on below are put into `carried`."""
    reach = {place: (down, across) for place, down, across in spans}
    column = 0
    for place in range(cells):
        rowspan, colspan = reach.get(place, (1, 1))
        while column in taken:
            column += 1
        # The last cell's colspan cannot be trusted to be the table's edge: it counts for one column at least,
        # for all it claims only within reason.
        across = min(max(colspan, 1), _MAX_COLSPAN)
        if across > 50 and (place == cells - 1 or cells == 1):
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
