"""A text dump → Page: paragraphs, and tables where cells stand on one line with `|` or tabs between them.

The page's text is the file itself, so every offset holds in the file. Extractors drop cells that were merged away (and
often empty ones) and shift the rest to the left; those rows are put back into their columns by `align`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.model import Warn
from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Block, Cell, Page, Paragraph, Table
from tasks.read.tables.align import ALIKE, CERTAIN, Model, place, place_joined
from tasks.read.tables.cells import narrow, ordinal_of
from tasks.read.tables.columns import name_headings
from tasks.read.tables.content import profile
from tasks.read.tables.headings import Role, claim, is_header, is_same_header, roles_of
from tasks.text import clean_cell

_LINE = re.compile(r"[^\r\n\u0085\u2028\u2029]+")
_RULE = re.compile(r"[\s|:+=-]*-{2,}[\s|:+=-]*|[\s|+]*={3,}[\s|+=]*")
_PIPE = re.compile(r"(?<!\\)[|｜│┃]")
_TAB = re.compile(r"\t")
_BLANK = re.compile(r"(?<=\S)[ \u3000]+(?=\S)")
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_BY_BLANKS = "blank"
_GAP = re.compile(r" {3,}|\u3000{2,}|(?: \u3000|\u3000 )+")
_PROSE = frozenset((Role.CONTENT, Role.INDICATOR, Role.STATUS, Role.PLAN, Role.PROBLEM))
# Roles whose merged cells are filled down when an extraction has lost them.
_FILLED_DOWN = frozenset((Role.CATEGORY, Role.NAME, Role.UNITS, Role.LEADER))


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one printed cell, cleaned, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; `pieces` where it is divided into cells (blank ones included), and how."""

    start: int
    end: int
    text: str
    pieces: tuple[Piece, ...] = ()
    divider: str = ""
    closed: bool = False  # ends with the divider


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
        stop = _run(lines, number)
        blocks.extend(_tables(text, lines[number:stop], aliases, warnings))
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
        for name, pattern in ((_BY_BLANKS, _BLANK), (",", _COMMA)):
            if line.pieces or len(line.text) > 160:
                break
            header = _pieces(line.text, line.start, pattern)
            texts = [piece.text for piece in header]
            if len(header) < 3 or any(len(t) > 14 for t in texts) or not is_header(texts, aliases):
                continue
            if sum(claim(t, aliases).role is Role.UNKNOWN for t in texts) * 4 > len(texts):
                continue
            below = number + 1
            while below < len(lines) and not lines[below].pieces:
                pieces = _pieces(lines[below].text, lines[below].start, pattern)
                if sum(bool(piece.text) for piece in pieces) < 2:
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
    for found in _LINE.finditer(text):
        raw = found.group()
        if not raw.strip() or _RULE.fullmatch(raw):
            continue
        start = found.start()
        for name, pattern in (("|", _PIPE), ("\t", _TAB), (" ", _GAP)):
            if pattern.search(raw) is None:
                continue
            pieces = _pieces(raw, start, pattern)
            if name == "|" and not any(piece.text for piece in pieces):
                break
            if name == " " and sum(bool(piece.text) for piece in pieces) < 2:
                continue
            closed = name == "|" and raw.rstrip()[-1:] in "|｜│┃"
            yield Line(start, found.end(), raw, tuple(_trimmed(pieces, raw, name)), name, closed)
            break
        else:
            yield Line(start, found.end(), raw)


def _pieces(raw: str, offset: int, divider: re.Pattern[str]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for found in [*divider.finditer(raw), None]:
        stop = found.start() if found else len(raw)
        part = raw[start:stop]
        body = part.strip(' \t\u3000\xa0"') if part.strip()[:1] == '"' else part.strip()
        at = offset + start + part.index(body) if body else offset + stop
        pieces.append(Piece(clean_cell(body).replace("\\|", "|"), at, at + len(body)))
        start = found.end() if found else stop
    return pieces


def _trimmed(pieces: list[Piece], raw: str, divider: str) -> list[Piece]:
    """Without the blank pieces outside a leading and a trailing divider."""
    if divider == "|":
        if raw.rstrip()[-1:] in "|｜│┃" and pieces and not pieces[-1].text:
            pieces = pieces[:-1]
        if raw.lstrip()[:1] in "|｜│┃" and pieces and not pieces[0].text:
            pieces = pieces[1:]
    return pieces


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


def _run(lines: Sequence[Line], first: int) -> int:
    """The end of the run of lines that belong to the table text beginning at `first`."""
    divider = lines[first].divider
    number = first + 1
    while number < len(lines):
        line = lines[number]
        if line.pieces and line.divider == divider:
            number += 1
            continue
        # A cell with a line feed inside: the row before is not closed, and a later line closes it.
        if divider == "|" and not lines[number - 1].closed and _closes_later(lines, number, divider):
            number += 1
            continue
        break
    return number


def _closes_later(lines: Sequence[Line], number: int, divider: str) -> bool:
    return any(line.divider == divider and line.closed for line in lines[number : number + 6])


def _tables(
    text: str, lines: Sequence[Line], aliases: Mapping[str, str] | None, warnings: list[Warn]
) -> Iterator[Block]:
    """The tables of one run: a new one begins at each heading row; what stands before the first is one of its own."""
    rows = list(_joined(lines))
    starts: list[int] = []
    for i, row in enumerate(rows):
        texts = [piece.text for piece in row]
        if is_header(texts, aliases) and (
            not starts or is_same_header(texts, [piece.text for piece in rows[starts[0]]], aliases)
        ):
            starts.append(i)
    first = starts[0] if starts else len(rows)
    if first:
        yield from _plain(text, rows[:first])
    for place_, begin in enumerate(starts):
        stop = starts[place_ + 1] if place_ + 1 < len(starts) else len(rows)
        yield _aligned(text, rows[begin:stop], aliases, warnings, blanks=lines[0].divider == _BY_BLANKS)


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
    yield Table(tuple(tuple(_cell(row[i]) if i < len(row) else _blank(row) for i in range(width)) for row in kept))


def _cell(piece: Piece, *, copy: bool = False) -> Cell:
    return Cell(piece.text, piece.start, piece.end, copy)


def _blank(row: Sequence[Piece]) -> Cell:
    end = max((piece.end for piece in row), default=0)
    return Cell("", end, end)


def _aligned(
    text: str,
    rows: Sequence[tuple[Piece, ...]],
    aliases: Mapping[str, str] | None,
    warnings: list[Warn],
    *,
    blanks: bool = False,
) -> Table:
    """A heading row and the rows below it, each cell in its column, merged cells that were lost filled down.

    `blanks`: nothing but a blank divides the cells, so that there may be some within a cell as well.
    """
    header = list(rows[0])
    while header and not header[-1].text:
        header.pop()
    width = len(header)
    headings = name_headings([[piece.text for piece in header]])
    body = [row for row in rows[1:] if any(piece.text for piece in row)]
    whole = [row for row in body if sum(bool(piece.text) for piece in row) == width == len(_without_tail(row))]
    kept = any(_has_inner_blank(row) for row in body)
    model = Model(_roles(headings, whole or body, aliases))
    model.learn([[piece.text for piece in row] for row in whole if len(row) >= width])
    grid: list[tuple[Cell, ...]] = [tuple(_cell(piece) for piece in header)]
    doubtful: list[str] = []
    above: tuple[Cell, ...] | None = None
    columns: tuple[int, ...]
    for row in body:
        filled = [piece for piece in row if piece.text]
        if blanks:
            filled, columns, sure = _joined_at_blanks(text, filled, width, model)
            if not sure:
                doubtful.append(" | ".join(piece.text[:12] for piece in filled))
            above = _filled(filled, columns, width, model, above, single=False)
            grid.append(above)
            continue
        if len(filled) > width:
            shown = " | ".join(piece.text[:16] for piece in filled)
            raise RowsNotUnderstood(f"{len(filled)} cells under {width} headings: {shown}")
        texts = [narrow(piece.text) for piece in filled]
        single = len(filled) == 1 and _stands_alone(texts[0], model, above)
        if single or len(filled) == width:
            columns = tuple(range(len(filled)))
            if single and kept:
                columns = (min(next(i for i, piece in enumerate(row) if piece.text), width - 1),)
        elif kept and len(_without_tail(row)) <= width <= len(row) and (_has_inner_blank(row)):
            columns, sure = _between_blanks(row, width, model)
            if not sure:
                doubtful.append(" | ".join(text[:12] for text in texts))
        else:
            placing = place(texts, model)
            if placing is None:
                raise RowsNotUnderstood(f"cells that fit no columns: {' | '.join(texts)[:120]}")
            columns = placing.columns
            if placing.margin < (ALIKE if _lost_prose(columns, model.roles) else CERTAIN):
                doubtful.append(" | ".join(text[:12] for text in texts))
        made = _filled(filled, columns, width, model, above, single=single)
        grid.append(made)
        above = above if single else made
    if doubtful:
        warnings.append(
            Warn(
                "columns_uncertain",
                f"cells were lost and their columns are not certain in {len(doubtful)} rows: {doubtful[0]}",
            )
        )
    return Table(tuple(grid))


def _joined_at_blanks(
    text: str, filled: Sequence[Piece], width: int, model: Model
) -> tuple[list[Piece], tuple[int, ...], bool]:
    """The cells of a row divided by blanks where there are not as many parts as columns."""
    placed = place_joined([narrow(piece.text) for piece in filled], model)
    if placed is None:
        shown = " | ".join(piece.text[:16] for piece in filled)
        raise RowsNotUnderstood(f"{len(filled)} cells under {width} headings: {shown}")
    made: list[Piece] = []
    columns: list[int] = []
    for column, (start, stop) in enumerate(placed[0]):
        if stop > start:
            begin, end = filled[start].start, filled[stop - 1].end
            made.append(Piece(clean_cell(text[begin:end]), begin, end))
            columns.append(column)
    lost = _lost_prose(columns, model.roles)
    return made, tuple(columns), placed[1] >= (ALIKE if lost else CERTAIN)


def _between_blanks(row: Sequence[Piece], width: int, model: Model) -> tuple[tuple[int, ...], bool]:
    """The columns of the filled cells of a row that keeps its blank ones, and whether they are certain.

    Blank cells hold their places, unless merged cells before them were lost and the row has moved to the left.
    """
    printed = _without_tail(row)
    here = tuple(i for i, piece in enumerate(printed) if piece.text)
    if len(printed) == width:
        return here, True
    standing = sum(model.score(narrow(printed[i].text), i) for i in here)
    moved = place([narrow(piece.text) for piece in printed], model)
    if moved is None or standing >= moved.score - CERTAIN / 2:
        return here, True
    columns = tuple(column for column, piece in zip(moved.columns, printed, strict=True) if piece.text)
    return columns, moved.margin >= CERTAIN and moved.score - standing >= CERTAIN


def _lost_prose(columns: Sequence[int], roles: Sequence[Role]) -> bool:
    """Whether a column of prose has no cell while another has: the two are hard to tell apart."""
    prose = [i for i, role in enumerate(roles) if role in _PROSE]
    return any(i not in columns for i in prose) and any(i in columns for i in prose)


def _without_tail(row: Sequence[Piece]) -> Sequence[Piece]:
    end = len(row)
    while end and not row[end - 1].text:
        end -= 1
    return row[:end]


def _has_inner_blank(row: Sequence[Piece]) -> bool:
    return any(not piece.text for piece in _without_tail(row))


def _roles(
    headings: Sequence[str], rows: Sequence[Sequence[Piece]], aliases: Mapping[str, str] | None
) -> tuple[Role, ...]:
    """Roles by heading; a percentage column may stand under a status heading, prose under one of progress."""
    roles = roles_of(headings, aliases)
    for column, role in enumerate(roles):
        texts = [row[column].text for row in rows if len(row) > column and len(_without_tail(row)) == len(headings)]
        seen = profile(texts)
        if seen.filled < 2:
            continue
        if role is Role.STATUS and seen.percents > 0.5:
            roles[column] = Role.PROGRESS
        elif role is Role.PROGRESS and seen.length > 14:
            roles[column] = Role.STATUS
        elif (
            role in (Role.STATUS, Role.CONTENT, Role.REMARK, Role.UNKNOWN)
            and seen.units > 0.75
            and Role.UNITS not in roles
        ):
            roles[column] = Role.UNITS
        elif role is Role.UNITS and seen.units < 0.25 and seen.length > 18:
            roles[column] = Role.STATUS if seen.doneness > 0.3 else Role.CONTENT
    return tuple(roles)


def _stands_alone(text: str, model: Model, above: tuple[Cell, ...] | None) -> bool:
    """Whether the only cell of a row is a section's name, a note, or goes on with the row above: not a task whose
    other cells were merged away or empty."""
    if above is None or ordinal_of(text) or Role.CONTENT not in model.roles:
        return True
    column = model.roles.index(Role.CONTENT)
    other = max((model.score(text, i) for i, role in enumerate(model.roles) if role is Role.STATUS), default=-9.0)
    unfinished = above[column].text[-1:] not in "。;；!！"
    return model.score(text, column) < max(other, -3.0) or (len(text) < 12 and unfinished)


def _filled(
    filled: Sequence[Piece],
    columns: Sequence[int],
    width: int,
    model: Model,
    above: tuple[Cell, ...] | None,
    *,
    single: bool,
) -> tuple[Cell, ...]:
    cells: list[Cell] = [_blank(filled)] * width
    for piece, column in zip(filled, columns, strict=True):
        cells[column] = _cell(piece)
    if above is None or single:
        return tuple(cells)
    grouping = [i for i, role in enumerate(model.roles) if role in (Role.CATEGORY, Role.NAME)]
    begins_group = any(cells[i].text for i in grouping)
    for column, role in enumerate(model.roles):
        if cells[column].text or role not in _FILLED_DOWN or not above[column].text:
            continue
        # A new group does not go on with the units of the one before it.
        if role in (Role.UNITS, Role.LEADER) and begins_group:
            continue
        copied = above[column]
        cells[column] = Cell(copied.text, copied.start, copied.end, True)
    return tuple(cells)
