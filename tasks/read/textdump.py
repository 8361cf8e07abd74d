"""A text dump → Page: paragraphs, and tables where cells stand on one line with `|` or tabs between them.

The page's text is the file itself, so every offset holds in the file. Extractors drop cells that were merged away (and
often empty ones) and shift the rest to the left; those rows are put back into their columns by `align`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.model import Warn
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.read.tables.cells import ordinal_of
from tasks.read.tables.headings import Role, claim, is_header, is_same_header, repeats_headings
from tasks.read.tables.restore import Piece, blank_behind, cell_of, restore
from tasks.text import clean_cell

_LINE = re.compile(r"[^\r\n\u0085\u2028\u2029]+")
_RULE = re.compile(r"[\s|:+=-]*-{2,}[\s|:+=-]*|[\s|+]*={3,}[\s|+=]*")
_PIPES = ("|", "｜", "│", "┃")
_PIPE = re.compile(r"(?<!\\)[|｜│┃]")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TAB = re.compile(r"\t")
_BLANK = re.compile(r"(?<=\S)[ \u3000]+(?=\S)")
_WIDE_BLANK = re.compile(r"(?<=\S)(?: {2,}|\u3000+)(?=\S)")
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_PARAGRAPH = re.compile(r"[^\u3000]+")
_BLOB = 600  # characters of a line that may be a page
_TOLD_PARTS = 4  # paragraphs with sentences that it then has
_PART_LENGTH = 20  # characters that its paragraphs have on the average, cells of a table have fewer
_ONE_LINE = 300  # characters of a line that may be a page with its frame
_HEAD, _FOOT = 300, 160  # characters in which such a page prints its labels before the text, and its buttons behind
_LABELS = re.compile(
    r"(?<!\S)[\[【（(]?(?:(?:发布|公开|公布|成文|生成)(?:日期|时间)|(?:信息|文章)?来源|发布(?:机构|单位)|"
    r"(?:浏览|点击|阅读)(?:次数|率|量|数)?|字体|字号|作者|编辑)\s?[:：]\s?"
    r"(?:\d{4}-\d\d?-\d\d?(?: \d\d?:\d\d(?::\d\d)?)?|[\[【（(]?\s*大\s*中\s*小\s*[\]】）)]?|"
    r"(?![^\s:：]{2,6}[:：])[^\s。]{0,30})[\]】）)]?"
)
_NOTES = re.compile(r"(?<=[。 ])(?:附?注|注释|备注|说明)[:：]")
_SECTION = 40  # characters that the name of a section has at most
_BARE_NAME = re.compile(r"[^\s\d。；;，,：:（(]{2,16}")
_COUNTED = re.compile(r"\d{1,3}[.、]?")
_LEVELS = 3  # such names that may stand one below the other
_BY_BLANKS = "blank"
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


def read_text(text: str, *, encoding: str | None = None, aliases: Mapping[str, str] | None = None) -> Page:
    """A decoded text file → Page. Raises RowsNotUnderstood where a row has more cells than its table has headings."""
    blocks: list[Block] = []
    warnings: list[Warn] = []
    lines = _divided_by_their_heading(list(_lines(text)), aliases)
    number = 0
    while number < len(lines):
        line = lines[number]
        if not _begins_table(line):
            paragraph = _paragraph(text, line.start, line.end)
            if paragraph is not None:
                blocks.append(paragraph)
            number += 1
            continue
        stop = _run(lines, number, aliases)
        blocks.extend(_tables(text, _with_first_cells(lines[number:stop]), aliases, warnings))
        number = stop
    return Page(text=text, body=tuple(blocks), encoding=encoding, warnings=tuple(warnings), format="text")


def _begins_table(line: Line) -> bool:
    """Whether a line is divided into cells: a lone text behind an indent is not."""
    return len(line.pieces) >= 2 and (line.divider == "|" or sum(bool(piece.text) for piece in line.pieces) >= 2)


def _divided_by_their_heading(lines: list[Line], aliases: Mapping[str, str] | None) -> list[Line]:
    """Lines divided by single blanks or commas: only below a line that so divided is a row of headings."""
    number = 0
    while number < len(lines):
        line = lines[number]
        for name, pattern in (("  ", _WIDE_BLANK), (_BY_BLANKS, _BLANK), (",", _COMMA)):
            if line.pieces or len(line.text) > 160:
                break
            header = _pieces(line.text, line.start, pattern)
            texts = [piece.text for piece in header]
            if len(header) < 3 or any(len(t) > 20 for t in texts) or not is_header(texts, aliases):
                continue
            if sum(claim(t, aliases).role is Role.UNKNOWN for t in texts) * 4 > len(texts):
                continue
            below = number + 1
            while below < len(lines) and not lines[below].pieces:
                pieces = _pieces(lines[below].text, lines[below].start, pattern)
                lone = sum(bool(piece.text) for piece in pieces) < 2
                if lone and not (ordinal_of(lines[below].text) and len(lines[below].text) <= 40):
                    break
                lines[below] = replace(lines[below], pieces=tuple(pieces), divider=name)
                below += 1
            if below > number + 1:
                lines[number] = replace(line, pieces=tuple(header), divider=name)
                number = below - 1
                break
        number += 1
    return lines


def _lines(text: str) -> Iterator[Line]:
    for start, raw in _raw_lines(text):
        if not raw.strip() or _RULE.fullmatch(raw):
            continue
        for name, pattern in (("|", _PIPE), ("\t", _TAB), (" ", _GAP)):
            if pattern.search(raw) is None:
                continue
            pieces = _pieces(raw, start, pattern)
            if name == "|" and not any(piece.text for piece in pieces):
                break
            if name == " " and sum(bool(piece.text) for piece in pieces) < 2:
                continue
            closed, opened = (name == "|" and end in _PIPES for end in (raw.rstrip()[-1:], raw.lstrip()[:1]))
            yield Line(start, start + len(raw), raw, tuple(_trimmed(pieces, closed, opened)), name, closed, opened)
            break
        else:
            yield Line(start, start + len(raw), raw)


def _raw_lines(text: str) -> Iterator[tuple[int, str]]:
    """The file's lines; one that is the whole page, its paragraphs parted by wide blanks, is read as those, and else
    parted where its frame ends and begins."""
    for found in _LINE.finditer(text):
        raw = found.group()
        parts = [*_PARAGRAPH.finditer(raw)] if len(raw) >= _BLOB and len(raw) * 5 >= len(text) * 4 else []
        told = sum("。" in part[0] for part in parts)
        if told >= _TOLD_PARTS and len(raw) >= len(parts) * _PART_LENGTH:
            yield from ((found.start() + part.start(), part[0]) for part in parts)
        elif len(raw) >= _ONE_LINE and len(raw) * 2 >= len(text):
            yield from ((found.start() + a, raw[a:b]) for a, b in pairwise(_bounds(raw)))
        else:
            yield found.start(), raw


def _bounds(raw: str) -> list[int]:
    """Where a line that is most of a page is parted: at the dividers around the text, at the labels between title and
    text, at notes or buttons behind it. Its ends alone where it has no text, or cells beside it."""
    bounds = [0, *(pipe.end() for pipe in _PIPE.finditer(raw)), len(raw)]
    start, end = max(pairwise(bounds), key=lambda span: span[1] - span[0])
    told = raw[start:end]
    if len(told) * 5 < len(raw) * 4 or told.count("。") < _TOLD_PARTS:
        return [0, len(raw)]
    return sorted({*bounds, *(start + cut for cut in _cuts(told))})


def _cuts(told: str) -> Iterator[int]:
    """Where a text on one line is parted from the words of its frame."""
    labels = [mark for mark in _LABELS.finditer(told, 0, _HEAD) if mark.end() < told.find("。")]
    if len(labels) > 1:
        title = told.rstrip().rfind(" ", 0, len(told[: labels[0].start()].rstrip())) + 1
        if "。" not in told[title : labels[0].start()]:
            yield title
        yield labels[0].start()
        yield labels[-1].end()
    last = max(map(told.rfind, "。！!")) + 1
    if told[last:].strip() and len(told) - last < _FOOT:
        yield last
    note = _NOTES.search(told, len(told) * 3 // 4)
    if note is not None:
        yield note.start()


def _pieces(raw: str, offset: int, divider: re.Pattern[str]) -> list[Piece]:
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


def _with_first_cells(lines: Sequence[Line]) -> list[Line]:
    """The lines of a table; where its rows do not begin with the divider, one that does has a blank first cell."""
    divided = [line for line in lines if line.pieces and line.divider == "|" and _PIPE.search(line.text)]
    closing = any(line.closed for line in divided)
    if all(line.opened or (closing and not above.closed) for above, line in pairwise([*divided[:1], *divided])):
        return list(lines)
    return [
        replace(line, pieces=(Piece("", line.start, line.start), *line.pieces)) if line.opened else line
        for line in lines
    ]


def _paragraph(text: str, start: int, end: int) -> Paragraph | None:
    raw = text[start:end]
    body = raw.strip(" \t\u3000\xa0|｜")
    if not body:
        return None
    level = None
    at = start + raw.index(body)
    marked = re.match(r"(#{1,6})\s+", body)
    if marked:
        level = len(marked.group(1))
        at += marked.end()
        body = body[marked.end() :]
    bold = len(body) > 4 and body.startswith("**") and body.endswith("**")
    return Paragraph(clean_cell(body), at, at + len(body), level, bold)


def _run(lines: list[Line], first: int, aliases: Mapping[str, str] | None) -> int:
    """The end of the run of lines that belong to the table text beginning at `first`; names of sections in it become
    rows of one cell."""
    divider = lines[first].divider
    number = first + 1
    while number < len(lines):
        line = lines[number]
        if line.pieces and line.divider == divider:
            number += 1
            continue
        if _names_section(lines, first, number, aliases):
            name = _pieces(line.text, line.start, _TAB)
            lines[number] = replace(line, pieces=tuple(name), divider=divider, closed=lines[number - 1].closed)
            number += 1
            continue
        # A cell with a line feed inside: the row before is not closed, and a later line closes it.
        if divider == "|" and not lines[number - 1].closed and _closes_later(lines, number, divider, aliases):
            number += 1
            continue
        break
    return number


def _names_section(lines: Sequence[Line], first: int, number: int, aliases: Mapping[str, str] | None) -> bool:
    """Whether a line without cells is a row of one merged cell, the name of a section: headings stand above, a row of
    cells below. One without ordinal must be short and stand before a numbered row; where dividers close the rows it
    may be part of a cell."""
    name = lines[number].text.strip()
    if lines[number].pieces or len(name) > _SECTION or not (ordinal_of(name) or _BARE_NAME.fullmatch(name)):
        return False
    place = number + 1
    while place < min(len(lines), number + _LEVELS) and not lines[place].pieces and ordinal_of(lines[place].text):
        place += 1
    below = lines[place] if place < len(lines) else None
    if below is None or below.divider != lines[first].divider or not _begins_table(below):
        return False
    numbered = _COUNTED.fullmatch(below.pieces[0].text) is not None and not below.closed
    if lines[number - 1].closed != below.closed or not (ordinal_of(name) or numbered):
        return False
    above = any(is_header([piece.text for piece in line.pieces], aliases) for line in lines[first:number])
    return above and not is_header([piece.text for piece in below.pieces], aliases)


def _closes_later(lines: Sequence[Line], number: int, divider: str, aliases: Mapping[str, str] | None) -> bool:
    """Whether a line within a cell is followed by the one that closes its row; headings close none."""
    for line in lines[number : number + 6]:
        if line.divider == divider and line.closed:
            return not is_header([piece.text for piece in line.pieces], aliases)
    return False


def _tables(
    text: str, lines: Sequence[Line], aliases: Mapping[str, str] | None, warnings: list[Warn]
) -> Iterator[Block]:
    """The tables of one run: a new one begins at each heading row; what stands before the first is one of its own."""
    rows = list(_joined(lines))
    starts: list[int] = []
    heading = -1  # the last row of headings
    for i, row in enumerate(rows):
        texts = [piece.text for piece in row]
        if not is_header(texts, aliases):
            continue
        below = heading == i - 1 and i > 0
        known = [piece.text for piece in rows[starts[0]]] if starts else []
        if not starts or (repeats_headings(texts, known) if below else is_same_header(texts, known, aliases)):
            starts.append(i)
        heading = i
    first = starts[0] if starts else len(rows)
    if first:
        yield from _plain(text, rows[:first])
    for place_, begin in enumerate(starts):
        stop = starts[place_ + 1] if place_ + 1 < len(starts) else len(rows)
        yield restore(text, rows[begin:stop], aliases, warnings, blanks=lines[0].divider == _BY_BLANKS)


def _joined(lines: Sequence[Line]) -> Iterator[tuple[Piece, ...]]:
    """Rows; a row whose line is not closed takes in the lines up to the one that closes it."""
    closing = sum(line.closed for line in lines) * 2 > len(lines)
    row: list[Piece] = []
    for line in lines:
        pieces = list(line.pieces) or [Piece(clean_cell(line.text.strip()), line.start, line.end)]
        if row:
            last = row.pop()
            row.append(
                Piece(
                    f"{last.text}\n{pieces[0].text}".strip(),
                    last.start if last.text else pieces[0].start,
                    pieces[0].end,
                )
            )
            row.extend(pieces[1:])
        else:
            row = pieces
        if line.closed or not closing:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


def _plain(text: str, rows: Sequence[tuple[Piece, ...]]) -> Iterator[Block]:
    """Rows before any heading: label and value pairs mostly. As printed, padded to one width."""
    kept = [row for row in rows if any(piece.text for piece in row)]
    if not kept:
        return
    width = max(len(row) for row in kept)
    if width < 2:
        for row in kept:
            paragraph = _paragraph(text, row[0].start, row[0].end)
            if paragraph is not None:
                yield paragraph
        return
    padded = ([cell_of(row[i]) if i < len(row) else blank_behind(row) for i in range(width)] for row in kept)
    yield Table(tuple(map(tuple, padded)))
