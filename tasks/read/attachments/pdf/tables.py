"""Ruled tables of a PDF: boxes to a grid, and the grids of consecutive pages to one table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tasks.read.attachments.pdf.lines import Box, Line, cell_text, glued, has_no_room, room_at_foot
from tasks.read.pagebuild import PageBuilder, Slot
from tasks.text import fold

_SAME_EDGE = 3.0
_SAME_COLUMN = 12.0
_LEAST_LEVELS = 5  # edges of four rows
_NO_CHANCE = 3  # columns that are full within a sentence
_SENTENCE_END = re.compile(r"[。；;！？]$")
_RATE = re.compile(r"-?\d+(?:\.\d+)?[%％]?|[—/-]+")


@dataclass
class RuledTable:
    """Slots on a grid; `edges` are the columns' x positions in points."""

    slots: list[Slot]
    height: int
    edges: list[float]
    heads: int = 0
    pages: int = 1
    # The columns without a line at the page break: above the first row, below the last.
    open_top: frozenset[int] = frozenset()
    open_bottom: frozenset[int] = frozenset()
    # The columns whose last cell is full to its foot, and how many ems its last line leaves.
    full: Mapping[int, float] = field(default_factory=dict)
    # The heights of its rows' edges on the page, points from above.
    levels: Sequence[float] = ()
    _repeated: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.edges) - 1

    def emit(self, builder: PageBuilder) -> None:
        """The table as a block."""
        builder.table(self.slots, self.height, self.width)


def ruled_table(cells: Sequence[tuple[Box, Sequence[Line]]]) -> RuledTable | None:
    """Cells' boxes (x0, top, x1, bottom) with their lines to a table; None for a single box, which is a frame and not a
    table. Boxes below each other alone are one column."""
    boxes = [box for box, _ in cells]
    xs = _clustered([edge for box in boxes for edge in (box[0], box[2])])
    ys = _clustered([edge for box in boxes for edge in (box[1], box[3])])
    if len(boxes) < 2:
        return None
    slots = []
    full: dict[int, float] = {}
    for box, lines in cells:
        column, last_column = _at(box[0], xs), _at(box[2], xs)
        row, last_row = _at(box[1], ys), _at(box[3], ys)
        text = cell_text(lines, box[2] - box[0])
        slots.append(Slot(row, column, text, max(last_row - row, 1), max(last_column - column, 1)))
        room = room_at_foot(lines, box) if last_row == len(ys) - 1 else None
        if room is not None:
            full[column] = room
    return _without_slivers(RuledTable(slots, len(ys) - 1, xs, full=full, levels=ys))


def _clustered(edges: Sequence[float]) -> list[float]:
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    return found


def _at(edge: float, edges: Sequence[float]) -> int:
    at = bisect_left(edges, edge - _SAME_EDGE)
    return min(at, len(edges) - 1)


def _without_slivers(table: RuledTable) -> RuledTable:
    """Drops rows in which no cell begins: they come of a line drawn twice."""
    starting = {slot.row for slot in table.slots}
    if len(starting) == table.height:
        return table
    kept = sorted(starting)
    slots = [
        Slot(
            bisect_left(kept, s.row),
            s.column,
            s.text,
            max(bisect_left(kept, s.row + s.rows) - bisect_left(kept, s.row), 1),
            s.columns,
        )
        for s in table.slots
    ]
    return RuledTable(slots, len(kept), table.edges, full=table.full, levels=table.levels)


def continues(above: RuledTable, below: RuledTable) -> bool:
    """Whether the columns of the table at the top of the next page are those of the one at the foot of this."""
    return above.width == below.width and all(
        abs(a - b) <= _SAME_COLUMN for a, b in zip(above.edges, below.edges, strict=True)
    )


def beside(one: RuledTable, other: RuledTable) -> bool:
    """Whether two tables of two pages are parts of one sheet whose columns did not fit on a page: other columns, and
    rows at the same heights from the first to the last."""
    fewer, more = sorted((one.levels, other.levels), key=len)
    if len(fewer) < _LEAST_LEVELS or continues(one, other):
        return False
    ends = abs(fewer[0] - more[0]) <= _SAME_EDGE and abs(fewer[-1] - more[-1]) <= _SAME_EDGE
    return ends and all(any(abs(level - known) <= _SAME_EDGE for known in more) for level in fewer)


def joined(above: RuledTable, below: RuledTable) -> RuledTable:
    """One table of both: the repeated heading dropped, a row or merged cell that the page break cut made whole."""
    skip = _repeated_heads(above, below)
    slots = [_moved(slot, -skip) for slot in below.slots if slot.row >= skip]
    height = below.height - skip
    kept = list(above.slots)
    # Where only some cells are cut, the others end with their row.
    ends = not skip and _is_most(below.open_top, below) and not _is_most(above.open_bottom, above)
    full = above.full
    if below.open_top:  # printed by a browser: what a line closes below has ended
        full = {column: room for column, room in full.items() if column in above.open_bottom}
        above = replace(above, full=full)
    if height > 0 and not ends and (_is_rest_of_row(above, slots) or _is_overflow(above, slots)):
        full = {}
        for slot in [s for s in slots if s.row == 0]:
            _append(kept, above.height - 1, slot)
        slots = [_moved(s, -1) for s in slots if s.row > 0]
        height -= 1
    upper = replace(above, slots=kept, full=full)
    slots = _merged_over(upper, slots, above.open_bottom if ends else frozenset())
    kept.extend(_moved(slot, above.height) for slot in slots)
    whole = RuledTable(kept, above.height + height, above.edges, above.heads, above.pages + 1)
    whole.open_top, whole.open_bottom, whole.full = above.open_top, below.open_bottom, below.full
    return whole


def _is_most(columns: frozenset[int], table: RuledTable) -> bool:
    return len(columns) * 2 > table.width


def _moved(slot: Slot, rows: int) -> Slot:
    return Slot(slot.row + rows, slot.column, slot.text, slot.rows, slot.columns, slot.number, slot.header)


def _row_texts(table: RuledTable, row: int) -> str:
    return "\t".join(f"{s.column} {fold(s.text)}" for s in sorted(table.slots, key=lambda s: s.column) if s.row == row)


def _repeated_heads(above: RuledTable, below: RuledTable) -> int:
    """How many of the first rows (three at most) say the same on both pages."""
    same = 0
    for row in range(min(3, above.height, below.height)):
        texts = _row_texts(above, row)
        if not any(c.isalpha() for c in texts) or texts != _row_texts(below, row):
            break
        same += 1
    return same


def _is_rest_of_row(above: RuledTable, slots: Sequence[Slot]) -> bool:
    """Whether the first row goes on with the last: a column that every row before filled is empty in it, and no rate
    stands in both."""
    first = [slot for slot in slots if slot.row == 0]
    if not any(slot.text for slot in first) or above.height < 2:
        return False
    last = {slot.column: slot.text for slot in above.slots if slot.row + slot.rows == above.height}
    if any(_RATE.fullmatch(slot.text) and _RATE.fullmatch(last.get(slot.column, "")) for slot in first):
        return False
    for slot in first:
        if slot.text or slot.rows > 1 or slot.columns > 1:
            continue
        column = [s for s in above.slots if s.column <= slot.column < s.column + s.columns]
        if column and all(s.text for s in column) and all(s.rows == 1 for s in column[1:]):
            return True
    return False


def _is_overflow(above: RuledTable, slots: Sequence[Slot]) -> bool:
    """Whether the first row holds what the cells of the last had no room for: text stands only below cells that are
    full to their foot and to the end of their last line, once at least within a sentence. Others have ended, or so many
    are full that it is no chance."""
    first = [slot for slot in slots if slot.row == 0]
    last = {slot.column: slot.text for slot in above.slots if slot.row + slot.rows == above.height}
    told = [slot for slot in first if slot.text]
    within = [slot for slot in told if not _SENTENCE_END.search(last.get(slot.column, ""))]
    return (
        all(_goes_on(above.full, slot) for slot in told)
        and bool(within)
        and (any(not slot.text and last.get(slot.column) for slot in first) or len(within) >= _NO_CHANCE)
    )


def _goes_on(full: Mapping[int, float], slot: Slot) -> bool:
    """Whether the cell above a cell at the top of the page had no room for what that begins with."""
    return slot.column in full and has_no_room(full[slot.column], slot.text)


def _append(kept: list[Slot], row: int, slot: Slot) -> None:
    """Takes a cell at the top of the page into the one that reaches down to `row`; a merged one goes on below it."""
    for index, held in enumerate(kept):
        covers = held.row <= row < held.row + held.rows and held.column <= slot.column < held.column + held.columns
        if covers:
            again = slot.rows > 1 and fold(slot.text) == fold(held.text)
            text = glued(held.text, slot.text) if held.text and slot.text and not again else held.text or slot.text
            kept[index] = Slot(held.row, held.column, text, held.rows + slot.rows - 1, held.columns)
            return


def _merged_over(table: RuledTable, slots: list[Slot], cut: frozenset[int]) -> list[Slot]:
    """Cells at the top of the page that go on with a merged cell above it are taken into that cell: empty ones, those
    of columns that the break has `cut`, and what a merged cell had no room for."""
    kept = table.slots
    merging = {s.column for s in (*kept, *slots) if s.rows > 1 and s.row}
    leading, anew = True, False
    rest = []
    for slot in sorted(slots, key=lambda s: (s.row, s.column)):
        if slot.row:
            rest.append(slot)
            continue
        above = next(
            (
                index
                for index, held in enumerate(kept)
                if held.row + held.rows == table.height and held.column == slot.column and held.columns == slot.columns
            ),
            None,
        )
        leading = leading and (not slot.text or slot.column in cut)
        one = above is not None and _is_one(
            kept[above], slot, {} if anew else table.full, leading=leading and slot.column in merging, cut=cut
        )
        # Where a merged cell further left begins anew, so do all that it groups.
        anew = anew or (bool(slot.text) and slot.rows > 1 and not one)
        if above is not None and one:
            held = kept[above]
            text = glued(held.text, slot.text) if held.text and slot.text else held.text or slot.text
            kept[above] = Slot(held.row, held.column, text, held.rows + slot.rows, held.columns)
        else:
            rest.append(slot)
    return rest


def _is_one(held: Slot, slot: Slot, full: Mapping[int, float], *, leading: bool, cut: frozenset[int]) -> bool:
    """Whether two cells, above and below a page break, are one. `leading`: only empty cells stand left of the lower
    one, in a column that has merged cells."""
    if slot.column in cut:
        return True
    if not slot.text:
        return leading or held.rows > 1 or slot.rows > 1
    return held.rows > 1 and _goes_on(full, slot) and not _SENTENCE_END.search(held.text)
