"""Texts whose lines were broken at a fixed width, as programs print the text of a PDF, with their lines made whole.

A number may stand on two lines (3. | 42亿元), and so may a name: read line by line they are other ones. A line goes on
with the next where that begins with what it had no room for. Whether a file is broken so is told by all of its lines:
none is wider than a certain width, and many end there in the middle of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tasks.read.tables.headings import Role, heading_role, is_header

_LEAST_WIDTH = 40  # columns of a page that is printed; a Han character takes two
_FEW = 4  # lines that go on below which a file is not taken for broken
_REACHED = 3  # lines that are as wide as the widest: one alone has no room for a sign that hangs over
_RAGGED = 8  # columns that a line may leave though it goes on: a PDF sets letters and signs in widths of their own
_EXACT = 0.75  # the share of full lines from which those that leave room are none
_BEYOND = 30  # lines to one that may be wider
_HANGING = 2  # columns by which a sign at the end may stand over the margin
_WITHIN = 0.6  # the share of full lines that end within a sentence
_SENTENCES = 0.6  # the share of full lines with a stop or a comma, which cells of a table lack
_STOP = re.compile(r"[，,。；;]")
_HEADINGS, _SHORT = 3, 16  # of a table, a line each; characters of one: titles are longer
_RUNS = 0.3  # the share of full lines right above or below another one
_ALL = 0.8  # the share of paragraphs with an indent from which one without goes on with the line above
_FULL = 0.25  # the share of full lines among those that say anything
_ENDS = re.compile(r"[。；;：:！!？?.…][”）)》】]*\s*$")
_INDENT = re.compile(r"[ \u3000\xa0]{2,}|\u3000")
_PAGE = re.compile(
    r"[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d{1,4}\s*页(?:\s*[/，,]?\s*共\s*\d{1,4}\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
)
_OPENS = re.compile(
    r"[ \u3000]*(?:第?[一二三四五六七八九十]{1,3}[、．.]|第[一二三四五六七八九十]{1,3}[章节条部篇]|"
    r"[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．.](?!\d)|[①-⑳◆●■★▲]|[-—]\s*\d{1,4}\s*[-—]\s*$)"
)
# What no line is broken within: a number with its signs, a word, a character with the signs that close behind it.
_TOKEN = re.compile(r"[“‘（(《【]*(?:[A-Za-z0-9.,%％+-]+|.)[，。、；：！？,.;:!?”’）)》】％%]*", re.DOTALL)
_DIVIDED = re.compile(r"[|｜│\t]|^\+?[-=]{4,}|\S {3,}\S")  # cells, and rules between them


_GAP = re.compile(" {3,}")  # between cells, as in `_DIVIDED`
_FEW_ROWS = 2


class Unwrapped(NamedTuple):
    """A text with the lines of its paragraphs joined; whether it was `broken` at a width at all; the page numbers and
    running heads that were left out of it."""

    text: str
    broken: bool = False
    page_ends: tuple[str, ...] = ()


def unwrapped(text: str) -> Unwrapped:
    """A text that was broken at a width, its paragraphs whole. One that was not stays as it is, and so does one that
    holds a table, whose cells cannot be told from paragraphs. What ends the pages belongs to none of the paragraphs
    around it."""
    lines, ends = _without_page_ends(text.splitlines())
    # Programs count columns, of which a quotation mark takes two or one, or characters: the measure by which more of
    # the lines are full to the last.
    read = [
        found for measure in (width_of, _narrow_width_of, len) if (found := _that_go_on(lines, measure)) is not None
    ]
    if not read or _has_headings(lines):
        return Unwrapped(text, bool(read))
    broken = max(read, key=lambda found: found.share)
    goes = broken.goes
    texts_are = _texts_are_indented(lines, broken)
    indented = texts_are or _is_indented(lines, goes)
    points_too = indented and _points_are_indented(lines, goes)
    if texts_are:
        goes = _by_indents(lines, broken)
    made: list[str] = []
    open_line = False
    for line, on in zip(lines, goes, strict=True):
        begins = indented and _INDENT.match(line) is not None
        if not begins and _OPENS.match(line) is not None:
            # 小|（一）型水库: what is not indented goes on, unless a sentence has ended.
            begins = not points_too or _ENDS.search(made[-1] if made else "") is not None
        if open_line and not begins:
            made[-1] = _glued(made[-1].rstrip(), line.strip())
        else:
            made.append(line)
        open_line = on
    return Unwrapped("\n".join(made), True, tuple(ends))


def _without_page_ends(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines without page numbers, the running heads beside them and what is blank around; and those."""
    shown = [bare for line in lines if (bare := line.strip())]
    numbers = [_PAGE.fullmatch(line) is not None for line in shown]
    beside = Counter(
        line
        for above, line, below in zip([False, *numbers], shown, [*numbers[1:], False], strict=False)
        if above or below
    )
    heads = {line for line, times in beside.items() if times > 1}
    kept: list[str] = []
    ends: list[str] = []
    at_end = False  # what is blank between the two is of neither page
    for line in lines:
        bare = line.strip()
        if _PAGE.fullmatch(bare) or (bare in heads and kept):
            while kept and not kept[-1].strip():
                kept.pop()
            ends.append(bare)
            at_end = True
        elif bare or not at_end:
            kept.append(line)
            at_end = False
    return kept, ends


class _Broken(NamedTuple):
    """Which lines go on with the next one, the share of those that it is certain of, and by which measure: the widths
    of the lines and that at which they were broken."""

    goes: list[bool]
    share: float
    widths: list[int]
    rooms: list[int]  # that each line leaves without: of what the next begins with
    margin: int


def _that_go_on(lines: Sequence[str], measure: Callable[[str], int]) -> _Broken | None:
    """Which lines had no room for what the next one begins with; None where that is no more than chance."""
    widths = [measure(line.rstrip()) for line in lines]
    margin = _margin(widths, _LEAST_WIDTH // 2 if measure is len else _LEAST_WIDTH)
    if margin is None:
        return None
    rooms = [_room_of(below, measure) for below in [*lines[1:], ""]]
    goes = [
        0 < width <= margin + _HANGING
        and not _DIVIDED.search(line.strip())
        and room > 0
        and width + room > margin - (0 if _ENDS.search(line) else _RAGGED)
        for line, width, room in zip(lines, widths, rooms, strict=True)
    ]
    full = [line for line, on in zip(lines, goes, strict=True) if on]
    within = sum(_ENDS.search(line) is None for line in full)
    long = sum(width * 2 > margin for width in widths)
    # A paragraph takes several lines; cells that are as long as others stand alone.
    runs = sum(
        on and (above or below) for above, on, below in zip([False, *goes], goes, [*goes[1:], False], strict=False)
    )
    sentences = sum(_STOP.search(line) is not None for line in full)
    if sentences < _SENTENCES * len(full):
        return None
    told = len(full) >= max(_FEW, _FULL * long) and within >= _WITHIN * len(full) and runs >= _RUNS * len(full)
    if not told:
        return None
    exact = [on and width + room > margin for on, width, room in zip(goes, widths, rooms, strict=True)]
    share = sum(exact) / len(full)
    return _Broken(exact if share >= _EXACT else goes, share, widths, rooms, margin)


def _has_headings(lines: Sequence[str]) -> bool:
    """Whether a line, or several short ones below each other, are the headings of a table: its cells are no prose. A
    table whose rows are a line each is none of those: its lines go on with nothing."""
    row: list[str] = []
    for place, line in enumerate(lines):
        words = line.split()
        if len(words) > 2 and is_header(words):
            if not _has_rows_of_a_line(lines, place):
                return True
            continue
        if len(words) == 1 and len(words[0]) <= _SHORT and heading_role(words[0]) is not Role.UNKNOWN:
            row.append(words[0])
            if len(row) >= _HEADINGS and is_header(row):
                return True
        elif words:
            row = []
    return False


def _has_rows_of_a_line(lines: Sequence[str], place: int) -> bool:
    """Whether the rows below the headings at `place` have as many cells on a line each, to the first line of prose."""
    columns = len(_GAP.split(lines[place].strip()))
    rows = 0
    for line in lines[place + 1 :]:
        cells = _GAP.split(line.strip())
        if cells == [""] and not rows:
            continue
        if len(cells) != columns or columns == 1:
            return len(cells) == 1 and rows >= _FEW_ROWS
        rows += 1
    return rows >= _FEW_ROWS


def width_of(line: str) -> int:
    """The columns that a line takes: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)


def _narrow_width_of(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def _margin(widths: Sequence[int], least: int) -> int | None:
    """The width at which lines were broken: the widest that several reach, where hardly any goes beyond (a note that
    was typed otherwise)."""
    ordered = sorted(widths, reverse=True)
    margin = next((w for w in ordered if sum(other >= w - 1 for other in ordered) >= _REACHED), 0)
    beyond = sum(width > margin + _HANGING for width in widths)
    return margin if margin >= least and beyond * _BEYOND <= len(widths) else None


def _room_of(below: str, measure: Callable[[str], int]) -> int:
    """What the next line begins with and cannot be broken; 0 for a blank line, below which nothing goes on."""
    token = _TOKEN.match(below.strip())
    return measure(token[0]) if token is not None else 0


def _is_indented(lines: Sequence[str], goes: Sequence[bool]) -> bool:
    """Whether paragraphs begin with an indent: most lines do that stand below one that has ended."""
    below = [line for (line, on) in zip(lines[1:], goes, strict=False) if not on and line.strip()]
    return sum(_INDENT.match(line) is not None for line in below) * 2 > len(below)


def _texts_are_indented(lines: Sequence[str], broken: _Broken) -> bool:
    """Whether the paragraphs that take a line below a short one are indented; headings are or are not."""
    full = [width + _RAGGED > broken.margin for width in broken.widths]
    below = [line for line, on, above in zip(lines[1:], full[1:], full, strict=False) if on and not above]
    return len(below) >= _FEW and sum(_INDENT.match(line) is not None for line in below) > _ALL * len(below)


def _by_indents(lines: Sequence[str], broken: _Broken) -> list[bool]:
    """Which lines go on where every paragraph is indented: about full ones above a line that is not. Behind a sentence
    that has ended a short line without a stop may be a heading."""
    goes: list[bool] = []
    places = zip(broken.goes, broken.widths, broken.rooms, lines, [*lines[1:], ""], strict=True)
    for on, width, room, line, below in places:
        flush = below.strip() != "" and _INDENT.match(below) is None and not _DIVIDED.search(line.strip())
        ended = _ENDS.search(line) is not None
        full = width + max(room, _RAGGED) > broken.margin and (width <= broken.margin + _HANGING or not ended)
        goes.append(on or (flush and full and (not ended or _STOP.search(below) is not None)))
    return goes


def _points_are_indented(lines: Sequence[str], goes: Sequence[bool]) -> bool:
    """Whether points and headings with numbers are indented as paragraphs are: all that stand below a line that has
    ended."""
    below = [line for (line, on) in zip(lines[1:], goes, strict=False) if not on and _OPENS.match(line) is not None]
    return bool(below) and all(_INDENT.match(line) is not None for line in below)


def _glued(above: str, below: str) -> str:
    words = above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii() and below[:1].isalpha()
    return f"{above} {below}" if words else above + below
