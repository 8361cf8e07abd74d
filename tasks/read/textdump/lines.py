"""The lines of a text dump, each divided into cells where its signs tell them: `|`, tabs, gaps of blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.read.tables.headings import is_header
from tasks.read.tables.pieces import Piece
from tasks.read.textdump.oneline import bounds
from tasks.read.textdump.ruled import is_rule, ruled
from tasks.text import clean_cell

_LINE = re.compile(r"[^\r\n\u0085\u2028\u2029]+")
_PIPES = ("|", "｜", "│", "┃")
_PIPE = re.compile(r"(?<!\\)[|｜│┃]")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
TAB = re.compile(r"\t")
_OPENS_CELL, _CLOSES_CELL = re.compile(r'(?:(?<=[\t\r\n])|\A)"(?!")'), re.compile(r'"(?=[\t\r\n]|\Z)')
_PASTED = 8000  # characters of a row in which quotes are looked for
_PARAGRAPH = re.compile(r"[^\u3000]+")
_BLOB = 600  # characters of a line that may be a page
_TOLD_PARTS = 4  # paragraphs with sentences that it then has
_PART_LENGTH = 20  # characters that its paragraphs have on the average, cells of a table have fewer
_ONE_LINE = 300  # characters of a line that may be a page with its frame
BY_GAPS = " "
_COUNTS = re.compile(
    r"..[\s。；](?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、])$"
)
_GAP = re.compile(r" {3,}|\u3000{2,}|(?: \u3000|\u3000 )+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; `pieces` where it is divided into cells (blank ones included), and how."""

    start: int
    end: int
    text: str
    pieces: tuple[Piece, ...] = ()
    divider: str = ""
    closed: bool = False  # ends with the divider
    opened: bool = False  # begins with it

    @property
    def filled(self) -> int:
        """How many of the cells say something."""
        return sum(bool(piece.text) for piece in self.pieces)


def holds_headings(pieces: Sequence[Piece], aliases: Mapping[str, str] | None) -> bool:
    """Whether a row holds the headings of a table, and not a label of the metadata with its value (名称：)."""
    texts = [piece.text for piece in pieces]
    return is_header(texts, aliases) and not any(text.endswith(("：", ":")) for text in texts)


def read_lines(text: str) -> Iterator[Line]:
    """The lines that say something, rules between rows left out."""
    for told in ruled([*_raw_lines(text)]):
        if len(told) == 3:
            start, end, cells = told
            yield Line(start, end, text[start:end], tuple(cells), "|", closed=True, opened=True)
            continue
        start, raw = told
        if not raw.strip() or is_rule(raw):
            continue
        for name, pattern in (("|", _PIPE), ("\t", TAB), (BY_GAPS, _GAP)):
            if pattern.search(raw) is None:
                continue
            pieces = pieces_of(raw, start, pattern)
            if name == "|" and not any(piece.text for piece in pieces):
                break
            if name == "\t" and any(_COUNTS.search(piece.text) for piece in pieces[:-1]):
                continue  # a word processor's numbers stand before a tab: （一）⇥责任更加严密
            if name == BY_GAPS and sum(bool(piece.text) for piece in pieces) < 2:
                continue
            closed, opened = (name == "|" and end in _PIPES for end in (raw.rstrip()[-1:], raw.lstrip()[:1]))
            yield Line(start, start + len(raw), raw, tuple(_trimmed(pieces, closed, opened)), name, closed, opened)
            break
        else:
            yield Line(start, start + len(raw), raw)


def _raw_lines(text: str) -> Iterator[tuple[int, str]]:
    """The file's lines; one that is the whole page, its paragraphs parted by wide blanks, is read as those, and else
    parted where its frame ends and begins."""
    pasted = -1
    for found in _LINE.finditer(text):
        if found.start() < pasted:
            continue
        raw = found.group()
        if "\t" in raw and '"' in raw and (pasted := _quoted_end(text, found.start(), found.end())) > found.end():
            yield found.start(), text[found.start() : pasted]
            continue
        parts = [*_PARAGRAPH.finditer(raw)] if len(raw) >= _BLOB and len(raw) * 5 >= len(text) * 4 else []
        told = sum("。" in part[0] for part in parts)
        if told >= _TOLD_PARTS and len(raw) >= len(parts) * _PART_LENGTH:
            yield from ((found.start() + part.start(), part[0]) for part in parts)
        elif len(raw) >= _ONE_LINE and len(raw) * 2 >= len(text):
            yield from (
                (found.start() + a, raw[a:b])
                for a, b in pairwise(bounds(raw, [p.end() for p in _PIPE.finditer(raw)], _TOLD_PARTS))
            )
        else:
            yield found.start(), raw


def _quoted_end(text: str, start: int, end: int) -> int:
    """Where a row ends that was pasted from a sheet, tabs between its cells and cells of several lines in quotes;
    `end`: that of its first line, where all quotes are closed there, or one is closed nowhere near."""
    at, last = start, min(len(text), start + _PASTED)
    while True:
        opened = _OPENS_CELL.search(text, at, end)
        if opened is None:
            return end
        closed = _CLOSES_CELL.search(text, opened.end(), last)
        if closed is None:
            return end
        at = closed.start() + 1
        if at > end:
            found = _LINE.match(text, at)
            end = found.end() if found is not None else at


def pieces_of(raw: str, offset: int, divider: re.Pattern[str]) -> list[Piece]:
    """The cells of a line between dividers, blank ones included; `offset`: where the line begins in the file."""
    pieces: list[Piece] = []
    start = 0
    for found in [*divider.finditer(raw), None]:
        stop = found.start() if found else len(raw)
        part = raw[start:stop]
        body = part.strip(' \t\u3000\xa0"') if part.strip()[:1] == '"' else part.strip()
        at = offset + start + part.index(body) if body else offset + stop
        pieces.append(Piece(_cleaned(body), at, at + len(body)))
        start = found.end() if found else stop
    return pieces


def _cleaned(body: str) -> str:
    if "<" in body or "\\" in body:
        body = _BREAK.sub("\n", body).replace("\\|", "|")
    return clean_cell(body)


def _trimmed(pieces: list[Piece], closed: bool, opened: bool) -> list[Piece]:
    """Without the blank pieces outside a leading and a trailing divider."""
    if closed and pieces and not pieces[-1].text:
        pieces = pieces[:-1]
    if opened and pieces and not pieces[0].text:
        pieces = pieces[1:]
    return pieces


def with_first_cells(lines: Sequence[Line]) -> list[Line]:
    """The lines of a table; where its rows do not begin with the divider, one that does has a blank first cell."""
    divided = [line for line in lines if line.pieces and line.divider == "|" and _PIPE.search(line.text)]
    closing = any(line.closed for line in divided)
    if all(line.opened or (closing and not above.closed) for above, line in pairwise([*divided[:1], *divided])):
        return list(lines)
    return [
        replace(line, pieces=(Piece("", line.start, line.start), *line.pieces)) if line.opened else line
        for line in lines
    ]
