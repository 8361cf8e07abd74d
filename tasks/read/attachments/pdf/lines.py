"""Glyphs of a PDF to lines and cell texts. A PDF knows where glyphs stand, not which belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

_LATIN_END = re.compile(r"[A-Za-z]$")
_LATIN_START = re.compile(r"[A-Za-z]")
_BOLD = re.compile(r"bold|heavy|black|simhei|hei(?:ti)?(?![a-z])|黑", re.IGNORECASE)
_SENTENCE = re.compile(r"[，。；：,;:\d]")
_BODY_END = re.compile(
    r"(?:(?<!总)局|委|办|(?<!社)会|政府|部|部门|单位|院|镇|乡|街道|街|办事处|公司|中心|[支大]队|集团|供销社|机构|研究所|联|协|科|股|处|站|厅)[)）]?$"
)
_BODY_START = re.compile(
    r"[市区县州旗省](?!级|内|域)\S{2}|各\S|国网|相关|有关|[^、]{2,4}(?:镇|乡|街道)(?:$|、|人民政府|办事处)"
)
# A body's name without a level before it is at least so long, and so is what it follows; what ends so follows its own.
_WHOLE_NAME, _NAME_BEFORE = 5, 4
_BRANCH = re.compile(r"\S{0,6}?(?:[分支]局|[分支]公司|分中心|[支大总]队|办公室)")
_OF_A_PLACE = re.compile(r"(?:镇|乡|街道|[省市县区州旗镇乡党]委)$")
_BRACKET, _ORDINAL = re.compile("[(（]"), re.compile(r"[(（][\d一二三四五六七八九十]+[)）]")
_POINT = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|\d{1,2}(?:\.\d{1,2})*\s|[①-⑩]|[一二三四五六七八九十]是"
)
# What stays on one line: a bracket with what follows it, a number or word, a sign for a stop with what it follows.
_UNBROKEN = re.compile(r"[(（《“‘〔【「]*(?:[!-'*-~]+|.)?[、，。；：！？)）》”’〕】」％%]*", re.DOTALL)
_ROOM = 1.5  # ems that a line leaves though the next character did not fit
# The inner margin that word processors leave on either side of a cell, points.
_MARGIN = 5.4
_ROW = 4.0  # points within which letters stand at one height
_ACROSS = 0.2  # ems by which a letter may stand across a line of its cell
_SET = 0.5  # points between letters that are set one on the other
_APART = 1.0  # ems between the cells of a row that no rules part
_LEAST_COLUMNS, _LEAST_ROWS = 3, 4  # of a table without rules
_AT_ONE_PLACE = 3.0  # points
_LEAD = 1.15  # the least distance of two lines, ems

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text and box, points from the page's upper left. `pieces`: the left and right ends of what
    wide gaps part it into."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    pieces: tuple[tuple[float, float], ...] = ()


def lines_of(glyphs: Iterable[dict[str, Any]]) -> list[Line]:
    """Glyphs grouped by their height on the page, read left to right, top to bottom."""
    rest = sorted(glyphs, key=lambda g: ((g["top"] + g["bottom"]) / 2, g["x0"]))
    rows: list[list[dict[str, Any]]] = []
    middle = 0.0
    for glyph in rest:
        if glyph["text"].isspace() and not rows:
            continue
        own = (glyph["top"] + glyph["bottom"]) / 2
        height = glyph["bottom"] - glyph["top"]
        if rows and abs(own - middle) < 0.5 * min(height, _height(rows[-1])):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            middle = own
    return [line for line in map(_line, rows) if line.text]


def overprinted(glyphs: Sequence[dict[str, Any]]) -> int:
    """How many letters stand on other letters of their line: text that its cell had no height for runs into the next.
    Signs are set closer than they are wide, and one letter twice is bold type."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for glyph in glyphs:
        if glyph["text"].isalnum():
            rows.setdefault(round(glyph["top"] / _ROW), []).append(glyph)
    found = 0
    for row in rows.values():
        row.sort(key=lambda g: float(g["x0"]))
        for left, right in pairwise(row):
            over = left["x1"] - right["x0"] > 0.4 * min(left["x1"] - left["x0"], right["x1"] - right["x0"])
            found += over and left["text"] != right["text"]
    return found


def cells_of(glyphs: Sequence[dict[str, Any]], boxes: Sequence[Box]) -> list[list[dict[str, Any]]]:
    """The glyphs of each box: those whose middle it holds, and those that a line which begins in it runs on with across
    its right edge, set letter on letter."""
    own = [next((at for at, box in enumerate(boxes) if within(glyph, box)), None) for glyph in glyphs]
    order = sorted(range(len(glyphs)), key=lambda at: (round(glyphs[at]["top"]), glyphs[at]["x0"]))
    over = False
    for before, at in pairwise(order):
        held, last, glyph = own[before], glyphs[before], glyphs[at]
        on = abs(glyph["x0"] - last["x1"]) <= _SET and abs(glyph["top"] - last["top"]) < 1
        if held is None or not on:
            over = False
        elif over or any(_spans(one, boxes[held][2]) for one in (last, glyph)):
            over, own[at] = True, held
    found: list[list[dict[str, Any]]] = [[] for _ in boxes]
    for glyph, held in zip(glyphs, own, strict=True):
        if held is not None:
            found[held].append(glyph)
    return found


def within(glyph: dict[str, Any], box: Box) -> bool:
    """Whether a box holds the middle of a glyph."""
    x, y = (glyph["x0"] + glyph["x1"]) / 2, (glyph["top"] + glyph["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _spans(glyph: dict[str, Any], edge: float) -> bool:
    across = _ACROSS * glyph["size"]
    return bool(glyph["x0"] < edge - across and glyph["x1"] > edge + across)


def crossing(glyphs: Iterable[dict[str, Any]], box: Box) -> int:
    """How many letters of a cell stand across its lines: text that it had no room for runs into the next one."""
    return sum(
        glyph["text"].isalnum()
        and (
            glyph["bottom"] > box[3] + _ACROSS * glyph["size"]
            or glyph["top"] < box[1] - _ACROSS * glyph["size"]
            or glyph["x1"] > box[2] + _ACROSS * glyph["size"]
            or glyph["x0"] < box[0] - _ACROSS * glyph["size"]
        )
        for glyph in glyphs
    )


def _height(row: Sequence[dict[str, Any]]) -> float:
    return max(float(glyph["bottom"] - glyph["top"]) for glyph in row)


def _line(row: list[dict[str, Any]]) -> Line:
    row = sorted(row, key=lambda g: g["x0"])
    parts: list[str] = []
    pieces: list[tuple[float, float]] = []
    end = row[0]["x0"]
    for glyph in row:
        text = glyph["text"]
        gap = glyph["x0"] - end
        if not text.isspace():
            apart = not pieces or glyph["x0"] - pieces[-1][1] > _APART * glyph["size"]
            begin, reach = (glyph["x0"], glyph["x1"]) if apart else pieces.pop()
            pieces.append((begin, max(reach, glyph["x1"])))
        last = parts[-1][-1:] if parts else ""
        # Chinese is set with space between characters to fill a line; only a wide gap is a blank.
        latin = last.isascii() and text.isascii()
        if parts and not last.isspace() and gap > glyph["size"] * (0.25 if latin else 0.8):
            parts.append(" ")
        parts.append(text)
        end = max(end, glyph["x1"])
    visible = [glyph for glyph in row if not glyph["text"].isspace()] or row
    bold = all(_BOLD.search(glyph.get("fontname") or "") for glyph in visible)
    return Line(
        "".join(parts).strip(),
        visible[0]["x0"],
        max(glyph["x1"] for glyph in visible),
        min(glyph["top"] for glyph in visible),
        max(glyph["bottom"] for glyph in visible),
        max(glyph["size"] for glyph in visible),
        bold,
        tuple(pieces),
    )


def in_columns(lines: Sequence[Line]) -> int:
    """How many lines are set in three columns or more that the lines near them share: a table without rules. Columns
    are shared where their pieces begin, end or are centred at the same place."""
    places: Counter[tuple[int, int]] = Counter()
    for line in lines:
        places.update({place for piece in line.pieces for place in _places(piece)})

    def shared(piece: tuple[float, float]) -> bool:
        return any(places[place] >= _LEAST_ROWS for place in _places(piece))

    return sum(sum(map(shared, line.pieces)) >= _LEAST_COLUMNS for line in lines)


def _places(piece: tuple[float, float]) -> list[tuple[int, int]]:
    ends = (piece[0], piece[1], (piece[0] + piece[1]) / 2)
    return [(which, round(at / _AT_ONE_PLACE)) for which, at in enumerate(ends)]


def glued(before: str, after: str) -> str:
    """Two halves of a sentence that a line or a page parted."""
    between = " " if _LATIN_END.search(before) and _LATIN_START.match(after) else ""
    return before + between + after


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The lines of a cell of `width` points: one that had room for more ends a paragraph, others are only wrapped. Of
    a list of bodies each name begins a line, though the one above is full."""
    text = ""
    whole = "".join(line.text for line in lines)
    listed = _BODY_END.search(whole) is not None and not _SENTENCE.search(whole)
    rest = whole
    for line, above in zip(lines, (None, *lines), strict=False):
        if above is None:
            text = line.text
            continue
        rest = rest[len(above.text) :]
        aside = _BRACKET.match(line.text) is not None and _ORDINAL.match(line.text) is None
        parted = not aside and not has_no_room(room_of(above, width), line.text)
        parted = parted or (listed and _ends_a_name(text, line.text, rest))
        text = f"{text}\n{line.text}" if parted else glued(text, line.text)
    return text


def _ends_a_name(above: str, below: str, rest: str) -> bool:
    """Whether the name of a body ends with a full line of a list of bodies, and the `rest` of the list begins another;
    `below`: the line that it begins with."""
    if not _BODY_END.search(above):
        return False
    if _BODY_START.match(below) or _BODY_START.match(rest):
        return True
    last, first = re.split("[、\n]", above)[-1], rest.partition("、")[0]
    whole = len(last) >= _NAME_BEFORE and len(first) >= _WHOLE_NAME and not _OF_A_PLACE.search(last)
    return whole and not _BRANCH.match(first) and not _BRACKET.match(first)


def room_of(line: Line, width: float) -> float:
    """How many ems a line leaves in a cell of `width` points."""
    return (width - 2 * _MARGIN - (line.x1 - line.x0)) / line.size


def has_no_room(room: float, text: str) -> bool:
    """Whether what `text` begins with did not fit into so many ems."""
    found = _UNBROKEN.match(text)
    width = sum(0.5 if char.isascii() else 1.0 for char in found[0]) if found else 1.0
    return room <= max(_ROOM, width + 0.5)


def room_at_foot(lines: Sequence[Line], box: Box) -> float | None:
    """How many ems the last line of a cell leaves, where none fits below it; None where one does, or none stands there:
    only a cell that is full goes on overleaf."""
    if not lines:
        return None
    last = lines[-1]
    lead = last.top - lines[-2].top if len(lines) > 1 else _LEAD * last.size
    if box[3] - last.bottom >= min(lead, 2 * _LEAD * last.size):
        return None
    return room_of(last, box[2] - box[0])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph on one page: `flush` begins at the margin, `full` ends at the other one; `centred` between them."""

    text: str
    bold: bool
    top: float
    bottom: float
    size: float
    flush: bool
    full: bool
    centred: bool = False


def paragraphs_of(lines: Sequence[Line], boxes: Iterable[Box] = (), width: float = 0.0) -> list[Stretch]:
    """Running text: full lines run on, until one is short, the next is indented or begins a point of its own. `boxes`
    of the page's tables reach from margin to margin where the lines may not; `width` of the page, points."""
    if not lines:
        return []
    boxes = list(boxes)
    left = min((*(line.x0 for line in lines), *(box[0] + _MARGIN for box in boxes)))
    right = max((*(line.x1 for line in lines), *(box[2] - _MARGIN for box in boxes)))
    if not boxes and sum(line.x1 > right - 2 * line.size for line in lines) == 1:
        # The longest of lines that are a paragraph each is not full for that: margins are alike.
        right = max(right, width - left)
    # Where no line is indented, or all are, nothing but its number tells where a point begins.
    even = not any(line.size < line.x0 - left < 3 * line.size for line in lines)
    found: list[Stretch] = []
    above: Line | None = None
    for line in lines:
        flush = line.x0 < left + 1.2 * line.size
        full = line.x1 > right - 2 * line.size
        runs_on = (
            above is not None
            and (found[-1].full or has_no_room((right - above.x1) / above.size, line.text))
            and flush
            and not (even and above.text.endswith("。") and _POINT.match(line.text))
            and abs(line.size - above.size) < 1
            and line.top - above.bottom < 2.5 * line.size
        )
        if runs_on:
            last = found[-1]
            text = glued(last.text, line.text)
            found[-1] = replace(last, text=text, bold=last.bold and line.bold, bottom=line.bottom, full=full)
        else:
            centred = abs(line.x0 + line.x1 - left - right) < 2 * line.size
            found.append(Stretch(line.text, line.bold, line.top, line.bottom, line.size, flush, full, centred))
        above = line
    return found
