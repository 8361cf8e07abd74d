"""Merged cells that an extraction prints in each slot they cover: once is enough, the others are blank again.

Down a column that does no harm: each row says what holds for it. Across a row it does: a section's name is no task,
and an upper heading is one heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from tasks.read.tables.cells import is_nothing
from tasks.read.tables.pieces import Piece
from tasks.read.tables.rowkinds import is_sum
from tasks.read.tables.ways import is_below
from tasks.read.textdump.lines import holds_headings

_ACROSS = 3  # slots from which one text in all of them is one cell
_MOST_LEVELS = 4

Row = tuple[Piece, ...]


def without_repeats(rows: Sequence[Row], aliases: Mapping[str, str] | None) -> list[Row]:
    """The rows of a table with each cell that was printed across slots in its first alone."""
    made = list(rows)
    number = 0
    while number < len(made):
        if holds_headings(made[number], aliases):
            levels = _levels(made[number : number + _MOST_LEVELS], aliases)
            made[number : number + len(levels)] = levels
            number += len(levels)
        else:
            made[number] = _once(made[number], _ACROSS)
            number += 1
    return made


def _once(row: Row, least: int) -> Row:
    """The row with texts that fill `least` slots or more side by side in the first of those; no figures."""
    made: list[Piece] = []
    for text, group in groupby(row, key=lambda piece: piece.text):
        same = list(group)
        told = len(same) >= least and len(text) > 1 and not is_nothing(text) and not is_sum(text)
        made += [same[0], *(replace(piece, text="") for piece in same[1:])] if told else same
    return tuple(made)


def _levels(rows: Sequence[Row], aliases: Mapping[str, str] | None) -> list[Row]:
    """The first row and those below it that are lower levels of its headings, told by what is printed again in them;
    the first row alone, as it is, where none is."""
    levels = [rows[0]]
    above = [piece.text for piece in rows[0]]
    for row in rows[1:]:
        wide = [i for i in range(1, len(above)) if above[i] and above[i] == above[i - 1]]
        again = [i for i, piece in enumerate(row) if i < len(above) and piece.text and piece.text == above[i]]
        new = [piece.text for i, piece in enumerate(row) if piece.text and i not in again]
        if not wide or not again or len(row) != len(above) or not is_below(new, aliases):
            break
        levels.append(tuple(replace(piece, text="") if i in again else piece for i, piece in enumerate(row)))
        above = [piece.text for piece in row]
    return [_once(level, 2) for level in levels] if len(levels) > 1 else levels
