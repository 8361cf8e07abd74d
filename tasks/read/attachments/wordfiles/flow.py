"""What Word files of every format come down to: paragraphs, and tables whose cells know their edges.

Edges are lengths (twips, 1/1440 inch) from a common origin. Word keeps no grid: rows drawn by hand disagree by a
millimetre, so edges are snapped to those of the fullest row before columns are counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tasks.read.attachments.remarks import opening_below_number
from tasks.read.pagebuild import PageBuilder, Slot
from tasks.text import fold

# No column that holds a character is narrower than this.
_TOLERANCE = 100
_OPENING = 14  # paragraphs among which the heading is looked for
_LARGE = 36  # half points: type from 18 points on; text is set in 16 at most
_TITLE_LINES = 4
_TITLE_LENGTH = 120


@dataclass(slots=True)
class Para:
    """A paragraph; `level` of its heading, from 1; `lead`: how many characters from its first on are bold.

    `title` where its style is that of a title; `size` of its largest type in half points, where it is centred.
    """

    text: str
    level: int | None = None
    bold: bool = False
    lead: int = 0
    title: bool = False
    size: int = 0


@dataclass(slots=True)
class GridCell:
    """A cell between two edges. `continues`: vertically merged with the cell above. Inner tables stand in `tables`."""

    left: int
    right: int
    lines: list[str] = field(default_factory=list)
    continues: bool = False
    tables: list[GridTable] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(line for line in self.lines if line.strip())


@dataclass(slots=True)
class GridTable:
    """Rows of cells; `headers` are the indexes of rows marked to repeat on each page."""

    rows: list[list[GridCell]] = field(default_factory=list)
    headers: set[int] = field(default_factory=set)


Item = Para | GridTable


def emit(items: Iterable[Item], builder: PageBuilder) -> None:
    """The items as blocks, in order. Inner tables of 2 × 2 cells and more follow the table they stand in,
    however many frames are between."""
    items = list(items)
    heading = heading_of(items)
    if heading:
        builder.heading(heading)
    for item in items:
        if isinstance(item, Para):
            builder.paragraph(item.text, item.level, item.bold, item.lead)
        else:
            _emit_table(item, builder)


def heading_of(items: Sequence[Item]) -> str | None:
    """The document's heading, its lines joined: what bears a title's style, else the first centred lines in the
    largest type, where type of at least two sizes is centred or told in; the name of the paper on red-head documents
    (…文件, or whatever stands above the number of the document) stands above it in larger type yet."""
    paragraphs = [item for item in items if isinstance(item, Para) and item.text.strip()][:_OPENING]
    paragraphs = paragraphs[opening_below_number([para.text for para in paragraphs]) :]
    titled = _run(paragraphs, lambda para: para.title)
    if titled:
        return titled
    sizes = {para.size for para in paragraphs if para.size >= _LARGE and not para.text.strip().endswith("文件")}
    if not sizes:
        return None
    largest = max(sizes)
    return _run(paragraphs, lambda para: para.size == largest and not para.text.strip().endswith("文件"))


def _run(paragraphs: Sequence[Para], holds: Callable[[Para], bool]) -> str | None:
    """The first paragraphs in a row of which `holds` is true, joined as one line; None where they are no title."""
    begin = next((i for i, para in enumerate(paragraphs) if holds(para)), None)
    if begin is None:
        return None
    lines = list(takewhile(holds, paragraphs[begin:]))
    text = "".join("".join(line.text.split("\n")) for line in lines).strip()
    return text if len(lines) <= _TITLE_LINES and len(text) <= _TITLE_LENGTH else None


def _emit_table(table: GridTable, builder: PageBuilder) -> None:
    inner: list[GridTable] = []
    for row in table.rows:
        for cell in row:
            for nested in cell.tables:
                if _is_small(nested):
                    cell.lines.extend(_flattened(nested, inner))
                else:
                    inner.append(nested)
            cell.tables = []
    rows = [row for row in table.rows if row]
    if any(cell.text for row in rows for cell in row):
        edges, places = _columns(rows)
        width = max(len(edges) - 1, 1)
        builder.table(_slots(rows, places, table.headers), len(rows), width)
    for nested in inner:
        _emit_table(nested, builder)


def _is_small(table: GridTable) -> bool:
    return len(table.rows) < 2 or max((len(row) for row in table.rows), default=0) < 2


def _flattened(table: GridTable, inner: list[GridTable]) -> list[str]:
    """The lines of a frame of one row or column; tables of more that stand in it are added to `inner`."""
    lines = []
    for row in table.rows:
        lines.append(" ".join(cell.text for cell in row if cell.text))
        for cell in row:
            for nested in cell.tables:
                if _is_small(nested):
                    lines.extend(_flattened(nested, inner))
                else:
                    inner.append(nested)
    return lines


def _columns(rows: Sequence[Sequence[GridCell]]) -> tuple[list[int], list[list[tuple[int, int]]]]:
    """The table's edges, and for each row the (first, last exclusive) column of its cells."""
    shapes = Counter(tuple(_edges(row)) for row in rows)
    best = max(shapes.items(), key=lambda shape: (len(shape[0]), shape[1]))
    reference = list(best[0])
    fullest = len(reference)
    snapped: list[list[int]] = []
    for row in rows:
        own = _edges(row)
        near = [_nearest(edge, reference, of_full_row=len(own) == fullest) for edge in own]
        if len(set(near)) < len(near):
            # Two edges on one line would lose a cell: keep the row's own.
            near = [_nearest(edge, reference, of_full_row=False, tolerance=0) for edge in own]
        for edge in near:
            at = bisect_left(reference, edge)
            if at == len(reference) or reference[at] != edge:
                reference.insert(at, edge)
        snapped.append(near)
    number = {edge: index for index, edge in enumerate(reference)}
    places = []
    for row, near in zip(rows, snapped, strict=True):
        column = {own: number[edge] for own, edge in zip(_edges(row), near, strict=True)}
        places.append([(column[cell.left], column[cell.right]) for cell in row])
    return reference, places


def _edges(row: Sequence[GridCell]) -> list[int]:
    return sorted({edge for cell in row for edge in (cell.left, cell.right)})


def _nearest(edge: int, reference: Sequence[int], *, of_full_row: bool, tolerance: int = _TOLERANCE) -> int:
    at = bisect_left(reference, edge)
    around = reference[max(at - 1, 0) : at + 1]
    if not around:
        return edge
    best = min(around, key=lambda known: abs(known - edge))
    if of_full_row:
        # As many cells as the fullest row: surely the same columns, up to half of the narrower neighbour.
        index = bisect_left(reference, best)
        widths = [b - a for a, b in zip(reference[max(index - 1, 0) :], reference[index : index + 2], strict=False)]
        tolerance = max(tolerance, min(widths, default=0) * 9 // 20)
    return best if abs(best - edge) <= tolerance else edge


def _slots(rows: Sequence[Sequence[GridCell]], places: list[list[tuple[int, int]]], headers: set[int]) -> list[Slot]:
    """Cells with vertical merges joined; a continuation without a cell above stands for itself."""
    slots: list[Slot] = []
    open_at: dict[tuple[int, int], int] = {}
    for index, (row, spans) in enumerate(zip(rows, places, strict=True)):
        still_open: dict[tuple[int, int], int] = {}
        for cell, (first, last) in zip(row, spans, strict=True):
            above = open_at.get((first, last)) if cell.continues else None
            if above is not None:
                held = slots[above]
                # What stands in a continued cell is hidden by some programs and shown by others: never lost.
                said = {fold(part) for part in (held.text, *held.text.split("\n"))}
                text = held.text if fold(cell.text) in said else f"{held.text}\n{cell.text}".strip("\n")
                slots[above] = Slot(
                    held.row, held.column, text, index - held.row + 1, held.columns, held.number, held.header
                )
                still_open[first, last] = above
            else:
                slots.append(Slot(index, first, cell.text, columns=max(last - first, 1), header=index in headers))
                still_open[first, last] = len(slots) - 1
        open_at = still_open
    return slots
