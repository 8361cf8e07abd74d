"""Tables whose rows are parted by rules (`+---+---+`, `├──┼──┤`): what stands between two rules is one row.

Converters break long cells into lines of a fixed width, so a row has as many lines as its longest cell. Where rules
stand only around the table and below its headings, each line is a row, as everywhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.read.tables.cells import goes_on_counting, names_apart
from tasks.read.tables.pieces import Piece
from tasks.text import clean_cell

_LINES = "=─━═-"
_EDGES = "+┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╞╪╡┠╂┨┯┿┷"
_RULE = re.compile(rf"[\s|:+=-]*-{{2,}}[\s|:+=-]*|[\s|+]*={{3,}}[\s|+=]*|[\s│┃{_EDGES}]*[─━═]{{3,}}[\s│┃{_EDGES}─━═]*")
# A rule that leaves out the columns whose cells go on below it: merged ones.
_PART = re.compile(rf"\s*[|│┃{_EDGES}].*[{_EDGES}][{_LINES}]{{3,}}[{_EDGES}].*")
_CUT = re.compile(rf"[|｜│┃{_EDGES}]")
_OPENS = re.compile(rf"\s*[|｜│┃{_EDGES}]")
_WORDS = re.compile("[A-Za-z]{2}")  # two ends between which a blank was lost
_COUNTED = re.compile(r"[(（]?[A-Za-z]?\d{1,3}(?:[-.]\d{1,3})*[)）.、]?")
_LEAST = 3  # rows between rules, the headings one of them
_BROKEN = 0.6  # the share of line ends in cells that the width of the column explains, or what stands around them
Raw = tuple[int, str]


def is_rule(raw: str) -> bool:
    """Whether a line is nothing but a rule between two rows."""
    return _RULE.fullmatch(raw) is not None


@dataclass(slots=True)
class _Cell:
    """A cell while its lines are read: where it begins, its lines, and how wide the column is."""

    start: int
    end: int
    lines: list[str]

    def piece(self, width: int) -> Piece:
        """The cell, lines that were broken at the column's width made whole."""
        text = ""
        above = ""
        for line in self.lines:
            whole = above and _is_full(above, line, width) and not _ends(text, line)
            joint = " " if _WORDS.fullmatch(above[-1:] + line[:1]) else ""
            text += f"{joint if whole else chr(10) * bool(text)}{line}"
            above = line
        return Piece(clean_cell(text), self.start, self.end)


def _is_full(above: str, below: str, width: int) -> bool:
    return _wide(above) + _wide(below[:1]) > width


def _ends(above: str, below: str) -> bool:
    """Whether a line feed was printed there: between points of a list, and between bodies."""
    return goes_on_counting(above, below) or above[-1:] in "；;" or names_apart(above, below)


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def ruled(raws: Sequence[Raw]) -> Iterator[Raw | tuple[int, int, list[Piece]]]:
    """The lines of a text; where rules part the rows of a table, each row as its beginning, end and cells."""
    number = 0
    while number < len(raws):
        stop = number
        while stop < len(raws) and (_OPENS.match(raws[stop][1]) or is_rule(raws[stop][1])):
            stop += 1
        if stop == number:
            yield raws[number]
            number += 1
            continue
        groups = _groups(raws[number:stop])
        if groups is None:
            yield from raws[number:stop]
        else:
            yield from groups
        number = stop


def _groups(raws: Sequence[Raw]) -> list[tuple[int, int, list[Piece]]] | None:
    """The rows of a table between rules; None where lines are its rows, or where the lines of a row differ."""
    groups: list[list[Raw]] = [[]]
    kept: list[set[int]] = [set()]  # the columns of each row that go on from the row above
    for start, raw in raws:
        if is_rule(raw):
            if raw.lstrip()[0] in "|│┃":
                return None  # below the headings of a table in Markdown
            groups.append([])
            kept.append(set())
        elif _PART.fullmatch(raw) and groups[-1]:
            parts = _parts(start, raw)
            open_ = {i for i, (text, _) in enumerate(parts) if not is_rule(text)}
            blank = "|".join(text if i in open_ else " " * len(text) for i, (text, _) in enumerate(parts))
            groups.append([(start, f"|{blank}|")])
            kept.append(open_)
        else:
            groups[-1].append((start, raw))
    told = [(group, open_) for group, open_ in zip(groups, kept, strict=True) if group]
    cut = [group for group, _ in told if len(group) > 1]
    if len(told) < _LEAST or not cut:
        return None
    rows: list[list[_Cell]] = []
    even = 0  # rows all of whose cells have as many lines
    for group, open_ in told:
        lines = [_parts(start, raw) for start, raw in group]
        if len({len(line) for line in lines}) > 1 or (len(group) > 1 and _counts(lines)):
            return None
        even += len(group) > 1 and not open_ and not _ends_above(lines)
        row: list[_Cell] = []
        for column, slots in enumerate(zip(*lines, strict=True)):
            filled = [(text.strip(), at + len(text) - len(text.lstrip())) for text, at in slots if text.strip()]
            texts = [text for text, _ in filled]
            begin, end = (filled[0][1], filled[-1][1] + len(texts[-1])) if filled else (slots[0][1], slots[0][1])
            above = rows[-1][column] if column in open_ and rows and column < len(rows[-1]) else None
            if above is not None and filled:
                above.lines.extend(texts)
                above.end = end
                texts = []
            row.append(_Cell(begin, end, texts))
        rows.append(row)
    if even * 2 > len(cut):
        return None
    most = max(map(len, rows))
    widths = [
        max((_wide(line) for row in rows if len(row) == most for line in row[i].lines), default=0) for i in range(most)
    ]
    pairs = [
        (a, b, w)
        for row in rows
        if len(row) == most
        for cell, w in zip(row, widths, strict=True)
        for a, b in pairwise(cell.lines)
    ]
    if sum(_is_full(a, b, width) or _ends(a, b) for a, b, width in pairs) < _BROKEN * len(pairs):
        return None
    made = []
    for (group, _), row in zip(told, rows, strict=True):
        within = widths if len(row) == most else [0] * len(row)
        pieces = [cell.piece(width) for cell, width in zip(row, within, strict=True)]
        made.append((group[0][0], group[-1][0] + len(group[-1][1]), pieces))
    return made


def _parts(start: int, raw: str) -> list[tuple[str, int]]:
    """The texts between dividers, with blanks around them, and where each begins; not what is outside the table."""
    cuts = [found.start() for found in _CUT.finditer(raw)] if _PART.fullmatch(raw) else []
    if not cuts:
        cuts = [i for i, char in enumerate(raw) if char in "|｜│┃" and raw[i - 1 : i] != "\\"]
    return [(raw[a + 1 : b], start + a + 1) for a, b in pairwise(cuts)]


def _counts(lines: Sequence[Sequence[tuple[str, int]]]) -> bool:
    """Whether a column has a number on each line: then each is a row."""
    columns = ([text.strip() for text, _ in parts] for parts in zip(*lines, strict=True))
    return any(all(map(_COUNTED.fullmatch, column)) for column in columns)


def _ends_above(lines: Sequence[Sequence[tuple[str, int]]]) -> bool:
    """Whether some cell of a row has no text on one of its lines."""
    return any(not text.strip() for parts in lines for text, _ in parts)
