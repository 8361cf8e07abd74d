"""A text dump → Page: paragraphs, and tables where cells stand on one line with `|` or tabs between them.

The page's text is the file itself, so every offset holds in the file. Extractors drop cells that were merged away (and
often empty ones) and shift the rest to the left; those rows are put back into their columns by `align`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, starmap

from tasks.model import Warn
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.read.tables.cells import goes_on_counting, ordinal_of
from tasks.read.tables.headings import is_same_header, repeats_headings
from tasks.read.tables.pieces import Piece, blank_behind, cell_of
from tasks.read.tables.restore import restore
from tasks.read.textdump.blanks import BY_BLANKS, LONE, divided_by_blanks, is_row
from tasks.read.textdump.lines import BY_GAPS, TAB, Line, holds_headings, pieces_of, read_lines, with_first_cells
from tasks.read.textdump.repeats import without_repeats
from tasks.text import clean_cell

_CHAPTER = re.compile("(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])..")
_SECTION = 40  # characters that the name of a section has at most
_BARE_NAME = re.compile(r"[^\s\d。；;，,：:（(]{2,16}")
_COUNTED = re.compile(r"\d{1,3}[.、]?")
_LABEL = 12  # characters of a label
_TELLING = 3  # sentences in cells
_LEVELS = 3  # such names that may stand one below the other


def read_text(text: str, *, encoding: str | None = None, aliases: Mapping[str, str] | None = None) -> Page:
    """A decoded text file → Page. Raises RowsNotUnderstood where a row has more cells than its table has headings."""
    blocks: list[Block] = []
    warnings: list[Warn] = []
    lines = divided_by_blanks(list(read_lines(text)), aliases)
    number = 0
    read = False  # whether a table with headings was
    unread: list[Warn] = []
    while number < len(lines):
        line = lines[number]
        if not _begins_table(line):
            parts = [(piece.start, piece.end) for piece in line.pieces] if _is_chapter(line) else []
            told = [_paragraph(text, start, end) for start, end in parts or [(line.start, line.end)]]
            blocks += [paragraph for paragraph in told if paragraph is not None]
            number += 1
            continue
        stop = _run(lines, number, aliases, warnings)
        run = with_first_cells(lines[number:stop])
        if _heads(run, aliases):
            read = True
            warnings.extend(_cut_off(run))
        elif (read and any(map(is_row, run))) or _tells(run):
            unread.append(Warn("columns_uncertain", f"rows without headings: {run[0].text.strip()[:60]}"))
        blocks.extend(_tables(text, run, aliases, warnings))
        number = stop
    warnings.extend(unread if read else ())
    return Page(text=text, body=tuple(blocks), encoding=encoding, warnings=tuple(warnings), format="text")


def _begins_table(line: Line) -> bool:
    """Whether a line is divided into cells: a lone text behind an indent is not."""
    return len(line.pieces) >= 2 and (line.divider == "|" or line.filled >= 2) and not _is_chapter(line)


def _is_chapter(line: Line) -> bool:
    """Whether a line is a heading with an ordinal and, behind gaps, the text below it: of a text on one line."""
    if line.divider != BY_GAPS or line.filled < 2:
        return False
    heading, *told = [piece.text for piece in line.pieces if piece.text]
    if "。" in heading or len(heading) > _SECTION or not _CHAPTER.match(heading):
        return False
    return all("。" in text for text in told)


def _cut_off(lines: Sequence[Line]) -> Iterator[Warn]:
    """A warning where rows are numbered, gaps divide them, and lines behind an indent may go on with their cells."""
    if lines[0].divider == BY_GAPS and any(map(is_row, lines)):
        cut = [line.text.strip() for line in lines if line.filled > 1 and line.text[0] in " \u3000"]
        if cut:
            yield Warn("columns_uncertain", f"{len(cut)} lines may go on with cells above, first: {cut[0][:50]}")


def _tells(lines: Sequence[Line]) -> bool:
    """Whether lines divided into cells tell more than labels and their values."""
    return sum("。" in piece.text for line in lines for piece in line.pieces) >= _TELLING


def _heads(lines: Sequence[Line], aliases: Mapping[str, str] | None) -> bool:
    return any(holds_headings(line.pieces, aliases) for line in lines)


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
    if bold and "**" not in body[2:-2]:
        body, at = body[2:-2], at + 2
    return Paragraph(clean_cell(body), at, at + len(body), level, bold)


def _run(lines: list[Line], first: int, aliases: Mapping[str, str] | None, warnings: list[Warn]) -> int:
    """The end of the run of lines that belong to the table text beginning at `first`; names of sections in it become
    rows of one cell, and so does, with a warning, what else stands alone between two rows."""
    divider = lines[first].divider
    number = first + 1
    headed = False
    while number < len(lines):
        line = lines[number]
        headed = headed or holds_headings(lines[number - 1].pieces, aliases)
        if headed and _is_label(line):
            break
        if line.pieces and line.divider == divider:
            if not lines[number - 1].closed and all(map(_is_cell, lines[number : number + 2])):
                break  # a cell a line from here on
            number += 1
            continue
        if _names_section(lines, first, number, aliases):
            lines[number] = _lone(lines, number, divider)
            number += 1
            continue
        # A cell with a line feed inside: the row before is not closed, and a later line closes it.
        if divider == "|" and not lines[number - 1].closed and _closes_later(lines, number, divider, aliases):
            number += 1
            continue
        stop = next((i for i in range(number + 1, min(len(lines), number + LONE + 1)) if lines[i].pieces), number)
        if not headed or stop == number or lines[stop].divider != divider:
            break
        if divider == "\t" and all(starmap(_counts_on, pairwise(lines[number - 1 : stop + 1]))):
            for lone in range(number, stop):
                lines[lone] = _lone(lines, lone, divider)
            number = stop
            continue
        if not is_row(lines[stop]):
            break
        warnings.append(Warn("columns_uncertain", f"between the rows of a table: {line.text.strip()[:60]}"))
        for lone in range(number, stop):
            lines[lone] = _lone(lines, lone, divider)
        number = stop
    return number


def _counts_on(above: Line, below: Line) -> bool:
    """Whether a line is the next point of a list within the last cell of the line above."""
    return goes_on_counting(above.text.rsplit("\t", 1)[-1], below.text)


def _is_label(line: Line) -> bool:
    """Whether a line is a label and its value, or several (附件下载： 无): of the frame."""
    told = [piece.text for piece in line.pieces if piece.text]
    return len(told) > 1 and all(text.endswith(("：", ":")) and len(text) <= _LABEL for text in told[::2])


def _is_cell(line: Line) -> bool:
    """Whether a line is one cell and the divider behind it."""
    return len(line.pieces) == 1 and line.closed


def _lone(lines: Sequence[Line], number: int, divider: str) -> Line:
    """A line without dividers as a row of one cell."""
    line = lines[number]
    name = pieces_of(line.text, line.start, TAB)
    return replace(line, pieces=tuple(name), divider=divider, closed=lines[number - 1].closed)


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
    above = any(holds_headings(line.pieces, aliases) for line in lines[first:number])
    return above and not holds_headings(below.pieces, aliases)


def _closes_later(lines: Sequence[Line], number: int, divider: str, aliases: Mapping[str, str] | None) -> bool:
    """Whether a line within a cell is followed by the one that closes its row; headings close none."""
    for place, line in enumerate(lines[number : number + 6], number):
        if line.divider == divider and line.closed:
            return not all(map(_is_cell, lines[place : place + 2])) and not holds_headings(line.pieces, aliases)
    return False


def _tables(
    text: str, lines: Sequence[Line], aliases: Mapping[str, str] | None, warnings: list[Warn]
) -> Iterator[Block]:
    """The tables of one run: a new one begins at each heading row; what stands before the first is one of its own."""
    rows = without_repeats(list(_joined(lines)), aliases)
    starts: list[int] = []
    heading = -1  # the last row of headings
    for i, row in enumerate(rows):
        if not holds_headings(row, aliases):
            continue
        texts = [piece.text for piece in row]
        below = heading == i - 1 and i > 0
        known = [piece.text for piece in rows[starts[0]]] if starts else []
        if not starts or (repeats_headings(texts, known) if below else is_same_header(texts, known, aliases)):
            starts.append(i)
        heading = i
    first = starts[0] if starts else len(rows)
    if first:
        yield from _plain(text, rows[:first])
    by = lines[0].divider
    for place_, begin in enumerate(starts):
        stop = starts[place_ + 1] if place_ + 1 < len(starts) else len(rows)
        yield restore(text, rows[begin:stop], aliases, warnings, blanks=by == BY_BLANKS, broken=by == "\t")


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
