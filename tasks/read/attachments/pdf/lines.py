"""Glyphs of a PDF to lines and cell texts. A PDF knows where glyphs stand, not which belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LATIN_END = re.compile(r"[A-Za-z]$")
_LATIN_START = re.compile(r"[A-Za-z]")
_BOLD = re.compile(r"bold|heavy|black|simhei|hei(?:ti)?(?![a-z])|黑", re.IGNORECASE)
_SENTENCE = re.compile(r"[，。；：,;:\d]")
_BODY_END = re.compile(r"(?:局|委|办|委会|政府|部|法?院|镇|乡|街道|公司|中心|[支大]队|集团|工会|联合会|研究所)[)）]?$")
_BODY_START = re.compile(r"[市区县州旗省](?!级|内|域)\S{2}|各\S|国网|[^、]{2,4}(?:镇|乡|街道)(?:$|、)")
# The inner margin that word processors leave on either side of a cell, points.
_MARGIN = 5.4


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text and box, points from the page's upper left."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


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


def _height(row: Sequence[dict[str, Any]]) -> float:
    return max(float(glyph["bottom"] - glyph["top"]) for glyph in row)


def _line(row: list[dict[str, Any]]) -> Line:
    row = sorted(row, key=lambda g: g["x0"])
    parts: list[str] = []
    end = row[0]["x0"]
    for glyph in row:
        text = glyph["text"]
        gap = glyph["x0"] - end
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
    )


def glued(before: str, after: str) -> str:
    """Two halves of a sentence that a line or a page parted."""
    between = " " if _LATIN_END.search(before) and _LATIN_START.match(after) else ""
    return before + between + after


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The lines of a cell of `width` points: one that had room for more ends a paragraph, others are only wrapped. Of
    a list of bodies each name begins a line, though the one above is full."""
    text = ""
    listed = not any(_SENTENCE.search(line.text) for line in lines)
    for index, line in enumerate(lines):
        if not index:
            text = line.text
            continue
        above = lines[index - 1]
        room = width - 2 * _MARGIN - (above.x1 - above.x0)
        parted = room > line.size * 1.5
        if not parted and listed:
            parted = _BODY_END.search(above.text) is not None and _BODY_START.match(line.text) is not None
        text = f"{text}\n{line.text}" if parted else glued(text, line.text)
    return text


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph on one page: `flush` begins at the margin, `full` ends at the other one."""

    text: str
    bold: bool
    top: float
    bottom: float
    size: float
    flush: bool
    full: bool


def paragraphs_of(lines: Sequence[Line]) -> list[Stretch]:
    """Running text: full lines run on, until one is short or the next is indented."""
    if not lines:
        return []
    left = min(line.x0 for line in lines)
    right = max(line.x1 for line in lines)
    found: list[Stretch] = []
    above: Line | None = None
    for line in lines:
        flush = line.x0 < left + 1.2 * line.size
        full = line.x1 > right - 2 * line.size
        runs_on = (
            above is not None
            and found[-1].full
            and flush
            and abs(line.size - above.size) < 1
            and line.top - above.bottom < 2.5 * line.size
        )
        if runs_on:
            last = found[-1]
            text = glued(last.text, line.text)
            found[-1] = Stretch(text, last.bold and line.bold, last.top, line.bottom, line.size, last.flush, full)
        else:
            found.append(Stretch(line.text, line.bold, line.top, line.bottom, line.size, flush, full))
        above = line
    return found
