"""Lines whose cells only blanks or commas divide: believed below a line that so divided is a row of headings.

Where the headings stand one unit of blanks apart (two blanks, say) and the cells below as well, twice the unit is a
blank cell. Where gaps are as wide as columns need, nothing tells a blank cell, and single gaps are dividers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasks.read.tables.cells import ordinal_of
from tasks.read.tables.headings import Role, claim
from tasks.read.tables.pieces import Piece
from tasks.read.textdump.lines import BY_GAPS, Line, holds_headings, pieces_of

BY_UNITS = "  "  # a unit of blanks divides: what is blank is known
BY_BLANKS = "blank"  # any blank may divide
_BLANK = re.compile(r"(?<=\S)[ \u3000]+(?=\S)")
_GAP = re.compile(r"(?<=\S)(?:[ \u3000]{2,}|\u3000)(?=\S)")
_WIDE = re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)")
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_HEADINGS = 240  # characters that a line of headings has at most
_NAME = 40  # characters that the name of a section has at most
_COUNTED = re.compile(r"\d{1,3}(?:[-.]\d{1,3})*[.、]?")
LONE = 3  # lines of other kinds that may stand between two rows of a table
_ALIKE = 6  # lines with as many commas as the headings, from which these are headings
_SAMPLE = 60  # lines that tell by what units cells are divided


def divided_by_blanks(lines: list[Line], aliases: Mapping[str, str] | None) -> list[Line]:
    """The lines with those divided that stand below headings divided by the same sign."""
    number = 0
    while number < len(lines):
        for name, pattern in _dividers(lines, number):
            stop = _divided(lines, number, name, pattern, aliases)
            if stop > number + 1:
                number = stop - 1
                break
        number += 1
    return lines


def _dividers(lines: Sequence[Line], number: int) -> list[tuple[str, re.Pattern[str]]]:
    """The signs that may divide a line and those below, the surest first."""
    line = lines[number]
    if line.divider not in ("", BY_GAPS) or len(line.text) > _HEADINGS:
        return []
    gaps = _GAP.findall(line.text)
    found: list[tuple[str, re.Pattern[str]]] = []
    if len(gaps) > 1:
        unit = min(gaps, key=len)
        if len({*unit}) == 1 and _in_units(unit, [line, *lines[number + 1 : number + _SAMPLE]]):
            found.append((BY_UNITS, re.compile(re.escape(unit))))
        else:
            found.append((BY_GAPS, _GAP if "\u3000" in gaps else _WIDE))
    return [*found, (BY_BLANKS, _BLANK), (",", _COMMA)] if not line.pieces else found


def _in_units(unit: str, lines: Sequence[Line]) -> bool:
    """Whether nearly all gaps are the unit or a multiple of it, the unit itself most of them."""
    gaps: list[str] = []
    for line in lines:
        if line.divider not in ("", BY_GAPS):
            break
        gaps += [gap for gap in _GAP.findall(line.text) if unit in gap]
    whole = sum(gap == unit * (len(gap) // len(unit)) for gap in gaps)
    return gaps.count(unit) * 2 > len(gaps) and whole * 10 >= len(gaps) * 9


def _divided(
    lines: list[Line], number: int, name: str, pattern: re.Pattern[str], aliases: Mapping[str, str] | None
) -> int:
    """Divide a line of headings and the rows below it; the number of the line behind them, `number` where the line
    holds no headings or no row stands below it."""
    line = lines[number]
    indent = len(line.text) - len(line.text.lstrip())
    header = _cells(line, indent, pattern)
    texts = [piece.text for piece in header if piece.text]
    if len(texts) < 3 or any(len(text) > 20 for text in texts) or not holds_headings(header, aliases):
        return number
    unknown = sum(claim(text, aliases).role is Role.UNKNOWN for text in texts)
    below_it = [_cells(row, indent, pattern) for row in lines[number + 1 : number + 1 + _ALIKE]]
    regular = name == "," and len(below_it) == _ALIKE and all(len(cells) == len(header) for cells in below_it)
    if name not in (BY_UNITS, BY_GAPS) and unknown * 4 > len(texts) and not regular:
        return number
    made: dict[int, Line] = {}
    stop = below = number + 1
    while below < len(lines) and below <= stop + LONE and lines[below].divider in ("", BY_GAPS):
        pieces = _cells(lines[below], indent, pattern)
        row = replace(lines[below], pieces=tuple(pieces), divider=name)
        text = lines[below].text
        named = ordinal_of(text) is not None and len(text) <= _NAME
        if named and below + 1 < len(lines):
            # The name of the next part stands above its headings.
            named = not holds_headings(_cells(lines[below + 1], indent, pattern), aliases)
        # Lines of another kind may stand between two rows; they stay as they are.
        if is_row(row) or (below == stop and (row.filled > 1 or named)):
            made[below] = row
            stop = below + 1
        elif below > stop and holds_headings(pieces, aliases):
            break
        below += 1
    if not any(row.filled > 1 for row in made.values()):
        return number
    lines[number] = replace(line, pieces=tuple(header), divider=name)
    for place, row in made.items():
        lines[place] = row
    return stop


def is_row(line: Line) -> bool:
    """Whether a line can hardly be anything but a row of a table: it is numbered."""
    return line.filled > 2 and _COUNTED.fullmatch(line.pieces[0].text) is not None


def _cells(line: Line, indent: int, pattern: re.Pattern[str]) -> list[Piece]:
    own = min(indent, len(line.text) - len(line.text.lstrip()))
    return pieces_of(line.text[own:].rstrip(), line.start + own, pattern)
