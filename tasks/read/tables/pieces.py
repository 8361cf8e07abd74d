"""Rows of text divided into pieces, and the levels of headings that the first of them may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise

from tasks.read.page import Cell
from tasks.read.tables.headings import Role, claim, is_window
from tasks.read.tables.ways import TIMELESS, is_below, nested

_MOST_LEVELS = 4  # of headings


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one printed cell, cleaned, and where it stands."""

    text: str
    start: int
    end: int


def cell_of(piece: Piece, *, copy: bool = False) -> Cell:
    """The piece as a slot of a grid."""
    return Cell(piece.text, piece.start, piece.end, copy)


def blank_behind(row: Sequence[Piece]) -> Cell:
    """An empty slot, standing behind the pieces of its row."""
    end = max((piece.end for piece in row), default=0)
    return Cell("", end, end)


def without_tail(row: Sequence[Piece]) -> Sequence[Piece]:
    """A row without the blank pieces at its end."""
    end = len(row)
    while end and not row[end - 1].text:
        end -= 1
    return row[:end]


def header_ways(rows: Sequence[Sequence[Piece]], aliases: Mapping[str, str] | None) -> Iterator[list[tuple[Cell, ...]]]:
    """The heading row, or the levels of headings in each way in which the lower ones may stand below the upper."""
    first = without_tail(rows[0])
    levels = _levels(rows, aliases)
    if len(levels) > 1:
        yield _spread(levels)
        return
    found = False
    if len(rows) > 2 and is_below([piece.text for piece in rows[1]], aliases):
        lower = without_tail(rows[1])
        # An indent, where gaps divide the cells, counts no cells.
        pieces = [*first, *dropwhile(lambda piece: not piece.text, lower)]
        if all(piece.text for piece in pieces):
            texts = [piece.text for piece in pieces]
            widest = max(sum(bool(piece.text) for piece in row) for row in rows[2:])
            for layout in nested(texts, len(first), aliases):
                if len(layout.columns) >= widest:
                    found = True
                    yield layout.cells(texts, [(piece.start, piece.end) for piece in pieces])
    if not found:
        yield [tuple(cell_of(piece) for piece in first)]


def _levels(rows: Sequence[Sequence[Piece]], aliases: Mapping[str, str] | None) -> list[Sequence[Piece]]:
    """The levels of headings that blank cells keep in their columns; the first row alone where none stands below it."""
    levels = [without_tail(rows[0])]
    while len(levels) < min(_MOST_LEVELS, len(rows) - 1):
        lower = without_tail(rows[len(levels)])
        texts = [piece.text for piece in lower]
        if not is_below(texts, aliases) or not _stands_below(levels[-1], lower) or _bears_times(levels[-1], texts):
            break
        levels.append(lower)
    return levels


def _spread(levels: Sequence[Sequence[Piece]]) -> list[tuple[Cell, ...]]:
    """The levels of headings as a grid, each wide one in all of its columns."""
    width = max(map(len, levels))
    grid = [[cell_of(row[i]) if i < len(row) else blank_behind(row) for i in range(width)] for row in levels]
    for upper, lower in reversed([*pairwise(grid)]):
        for i in range(1, width):
            if lower[i].text and not upper[i].text:
                upper[i] = upper[i - 1]._replace(copy=True)
    return [tuple(row) for row in grid]


def _bears_times(upper: Sequence[Piece], lower: Sequence[str]) -> bool:
    """Whether times would stand below a heading that no times stand below (备注)."""
    above = ""
    for number, text in enumerate(lower):
        above = upper[number].text if number < len(upper) and upper[number].text else above
        role = claim(above).role
        if is_window(text) and (role in TIMELESS or role is Role.REMARK):
            return True
    return False


def _stands_below(upper: Sequence[Piece], lower: Sequence[Piece]) -> bool:
    """Whether blank cells keep two levels of headings in their columns: what is below stands, two or more together,
    under an upper one that is wide."""
    filled = [i for i, piece in enumerate(lower) if piece.text]
    begins = [i for i, piece in enumerate(upper) if piece.text]
    if len(filled) < 2 or not begins or filled[0] < begins[0]:
        return False
    for start, stop in pairwise([*begins, max(len(upper), len(lower))]):
        below = [i for i in filled if start <= i < stop]
        if below and (len(below) < 2 or below[0] != start):
            return False
    return True
