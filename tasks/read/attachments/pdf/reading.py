"""PDF to pages of text and ruled tables. A cut file, a scan or fonts without meaning are errors, never no tasks."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import pdfplumber
from pdfminer.cmapdb import CMap, CMapDB
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1, stream_value
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from tasks.read.attachment_errors import (
    CorruptFile,
    EmptyFile,
    EncryptedFile,
    GarbledFonts,
    OversizedFile,
    ScanWithoutText,
    UnreadableFile,
)
from tasks.read.attachments.pdf.lines import (
    Box,
    Stretch,
    cells_of,
    crossing,
    glued,
    in_columns,
    lines_of,
    overprinted,
    paragraphs_of,
    within,
)
from tasks.read.attachments.pdf.rules import closing_lines, open_columns
from tasks.read.attachments.pdf.tables import RuledTable, beside, continues, joined, ruled_table
from tasks.read.attachments.remarks import note_name, opening_below_number
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.pagebuild import PageBuilder

_TAIL = 4096
# What the library raises, beside its own errors, over objects of another type than the format demands.
_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    StopIteration,
    TypeError,
    ValueError,
    struct.error,
)
_NUMBER_OF_PAGE = re.compile(r"[-—–－ ·]*(?:第?\s*\d{1,4}\s*页?)(?:\s*[/／,，共of ]*\s*\d{1,4}\s*页?)?[-—–－ ·]*")
_GLYPH_CODE = re.compile(r"\(cid:\d+\)")
_MAPS_WITHOUT_DOT = ("UniGB-UCS2-H", "UniGB-UCS2-V")
_DOT, _KANA_DOT = 0x00B7, 0x30FB
_EDGE_SHARE = 0.1
_FEW_LETTERS = 5
_OPENING, _LARGE = 14, 15.0  # paragraphs among which the title is looked for; its type, points
_TITLE_LINES, _TITLE_LENGTH = 4, 120


@dataclass
class _Piece:
    """A paragraph or a table of one page, by its height on it. Cells below each other alone frame text and are no
    table, but may be the column of one: `column`."""

    top: float
    stretch: Stretch | None = None
    table: RuledTable | None = None
    at_edge: bool = False
    column: RuledTable | None = None
    across: int = 0  # letters of the table that stand across lines
    unruled: int = 0  # lines of the text that begins here which are set in columns

    @property
    def text(self) -> str:
        return self.stretch.text if self.stretch is not None else ""


def read(body: bytes, fmt: str, name: str | None, limits: Limits) -> Page:
    """One PDF. Raises an UnreadableFile."""
    _know_the_middle_dot()
    if b"%%EOF" not in body[-_TAIL:] and b"startxref" not in body[-_TAIL:]:
        raise CorruptFile(f"the PDF has no end: it is cut at {len(body)} bytes")
    try:
        with pdfplumber.open(io.BytesIO(body)) as pdf:
            builder = _read(pdf, limits)
    except UnreadableFile:
        raise
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise EncryptedFile("the PDF asks for a password") from error
        raise CorruptFile(f"the PDF cannot be read: {cause!r}") from error
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise EncryptedFile("the PDF asks for a password") from error
    except (PSException, PDFException, MalformedPDFException, zlib.error, *_STUMBLES) as error:
        raise CorruptFile(f"the PDF is damaged: {error!r}") from error
    note_name(name, fmt, builder)
    return builder.page("pdf")


def _know_the_middle_dot() -> None:
    """The oldest map from Unicode to the glyphs of Chinese fonts, which writers of PDF still name, lacks the dot of
    7·30 under the code that all texts have for it; viewers show it, pdfminer drops what a map lacks. It gets the glyph
    that the map has for the dot under its other code."""
    for name in _MAPS_WITHOUT_DOT:
        known = CMapDB.get_cmap(name)
        assert isinstance(known, CMap)
        glyphs: dict[int, Any] = known.code2cid
        glyphs[_DOT >> 8].setdefault(_DOT & 0xFF, glyphs[_KANA_DOT >> 8][_KANA_DOT & 0xFF])


def _read(pdf: Any, limits: Limits) -> PageBuilder:
    builder = PageBuilder(limits)
    pages = list(pdf.pages)
    if len(pages) > limits.pages:
        raise OversizedFile(f"{len(pages)} pages, the limit pages is {limits.pages}")
    declared = resolve1(resolve1(pdf.doc.catalog.get("Pages", {})).get("Count", 0))
    if not pages or (isinstance(declared, int) and declared > len(pages)):
        raise CorruptFile(f"the PDF declares {declared} pages, {len(pages)} can be reached")
    unpacked, glyphs, codes, over = 0, 0, 0, 0
    scans: list[int] = []
    found: list[list[_Piece]] = []
    for page in pages:
        unpacked += _weigh(page, limits.unpacked_bytes - unpacked)
        chars = page.dedupe_chars().chars
        glyphs += len(chars)
        codes += sum(_GLYPH_CODE.fullmatch(char["text"]) is not None or _is_private(char["text"]) for char in chars)
        if not any(not char["text"].isspace() for char in chars) and page.images:
            scans.append(page.page_number)
        found.append(list(_pieces(page, chars)))
        over += overprinted(chars) + sum(piece.across for piece in found[-1])
        page.close()
    if codes * 5 > glyphs:
        raise GarbledFonts(f"{codes} of {glyphs} glyphs have no character") if glyphs else _nothing(scans, pages)
    if not any(found):
        raise _nothing(scans, pages)
    if scans:
        builder.warn("scanned_pages", f"pages {scans} are pictures and were not read")
    if codes:
        builder.warn("glyphs_without_character", f"{codes} of {glyphs} glyphs have no character")
    if over > max(_FEW_LETTERS, glyphs // 500):
        builder.warn("columns_uncertain", f"{over} letters stand on others or across lines: too small cells")
    _note_cut_columns(found, builder)
    if unruled := sum(piece.unruled for pieces in found for piece in pieces):
        builder.warn("table_not_read", f"{unruled} lines are set in columns without rules: a table nobody could read")
    found = [[piece for piece in pieces if piece.column is None] for pieces in found]
    title = _title(found[0])
    if title:
        builder.heading(title)
    _emit(_without_furniture(found), builder)
    return builder


def _note_cut_columns(found: list[list[_Piece]], builder: PageBuilder) -> None:
    """Says where columns of one sheet were printed to pages side by side: a task on one, its status on another."""
    tables = [
        (page, table)
        for page, pieces in enumerate(found, 1)
        for piece in pieces
        if (table := piece.table or piece.column) is not None
    ]
    for at, (page, table) in enumerate(tables):
        other = next((number for number, below in tables[at + 1 :] if number > page and beside(table, below)), None)
        if other is not None:
            builder.warn(
                "columns_uncertain",
                f"the tables of pages {page} and {other} have the same rows: columns of a sheet that was too wide",
            )
            return


def _title(pieces: list[_Piece]) -> str | None:
    """A title of several centred lines in the largest type above the first table; the name of the paper on red-head
    documents (…文件) stands above it, and above the number of the document, in larger type yet."""
    above = list(takewhile(lambda piece: piece.table is None, pieces))[:_OPENING]
    above = above[opening_below_number([piece.text for piece in above]) :]
    stretches = [piece.stretch for piece in above if piece.stretch and not piece.stretch.text.endswith("文件")]
    largest = max((stretch.size for stretch in stretches if stretch.size >= _LARGE), default=None)
    if largest is None:
        return None
    holds = [stretch.centred and abs(stretch.size - largest) < 1 for stretch in stretches]
    first = holds.index(True) if True in holds else len(holds)
    lines = [
        stretch.text for stretch, _ in takewhile(lambda held: held[1], list(zip(stretches, holds, strict=True))[first:])
    ]
    return "".join(lines) if 1 < len(lines) <= _TITLE_LINES and len("".join(lines)) <= _TITLE_LENGTH else None


def _nothing(scans: list[int], pages: list[Any]) -> ScanWithoutText | EmptyFile:
    if scans:
        return ScanWithoutText(f"{len(scans)} of {len(pages)} pages are pictures, and no page has text")
    return EmptyFile(f"the {len(pages)} pages of the PDF show no text")


def _is_private(text: str) -> bool:
    return len(text) == 1 and ("\ue000" <= text <= "\uf8ff" or text == "\ufffd")


def _weigh(page: Any, budget: int) -> int:
    """The unpacked size of the page's content, measured without keeping it; pdfminer would guess at a cut stream."""
    total = 0
    for reference in page.page_obj.contents:
        stream = stream_value(reference)
        raw = stream.get_rawdata()
        filters = [str(getattr(name, "name", name)) for name, _ in stream.get_filters()]
        if raw is None or filters[:1] not in (["FlateDecode"], ["Fl"]):
            total += len(raw or b"")
            continue
        unpacker = zlib.decompressobj()
        try:
            rest = raw
            while rest and not unpacker.eof and total <= budget:
                total += len(unpacker.decompress(rest, 1 << 20))
                rest = unpacker.unconsumed_tail
        except zlib.error as error:
            raise CorruptFile(f"the content of page {page.page_number} is damaged: {error}") from error
        if total > budget:
            raise OversizedFile(f"the pages unpack to more than {total} bytes, the limit is unpacked_bytes")
        if not unpacker.eof:
            raise CorruptFile(f"the content of page {page.page_number} is cut off")
    return total


def _pieces(page: Any, chars: list[dict[str, Any]]) -> Iterator[_Piece]:
    upright = [char for char in chars if char.get("upright", True)]
    tables, closing = [], []
    if page.lines or page.rects or page.curves:
        closing = closing_lines(page.edges)
        tables = [(table.bbox, table.cells) for table in page.find_tables({"explicit_horizontal_lines": closing})]
    inside: list[Box] = []
    pieces: list[_Piece] = []
    for bbox, boxes in tables:
        held = [char for char in chars if within(char, bbox)]
        cells = cells_of(held, boxes)
        table = ruled_table([(box, lines_of(cell)) for box, cell in zip(boxes, cells, strict=True)])
        if table is not None and table.width == 1:
            pieces.append(_Piece(bbox[1], column=table))
        elif table is not None and any(slot.text for slot in table.slots):
            table.open_top, table.open_bottom = (open_columns(closing, table.edges, bbox[at]) for at in (1, 3))
            inside.append(bbox)
            across = sum(crossing(cell, box) for box, cell in zip(boxes, cells, strict=True))
            pieces.append(_Piece(bbox[1], table=table, across=across))
    outside = [char for char in upright if not any(within(char, bbox) for bbox in inside)]
    height = float(page.height)
    stretches: dict[int, list[Any]] = {}
    for line in lines_of(outside):
        # Running text does not run on across a table.
        stretches.setdefault(sum(bbox[1] < line.top for bbox in inside), []).append(line)
    for lines in stretches.values():
        unruled = in_columns(lines)
        for stretch in paragraphs_of(lines, inside, float(page.width)):
            edge = stretch.bottom < height * _EDGE_SHARE or stretch.top > height * (1 - _EDGE_SHARE)
            pieces.append(_Piece(stretch.top, stretch=stretch, at_edge=edge, unruled=unruled))
            unruled = 0
    yield from sorted(pieces, key=lambda piece: piece.top)


def _without_furniture(found: list[list[_Piece]]) -> list[list[_Piece]]:
    """Page numbers out; a running head that stands on most pages is kept once."""
    seen = Counter(piece.text for pieces in found for piece in pieces if piece.at_edge)
    running = {text for text, times in seen.items() if times >= 3 and times * 2 > len(found)}
    shown: set[str] = set()
    kept: list[list[_Piece]] = []
    for pieces in found:
        page = []
        for piece in pieces:
            if piece.at_edge and piece.table is None:
                if _NUMBER_OF_PAGE.fullmatch(piece.text) or piece.text in shown:
                    continue
                if piece.text in running:
                    shown.add(piece.text)
            page.append(piece)
        kept.append(page)
    return kept


def _emit(found: list[list[_Piece]], builder: PageBuilder) -> None:
    """Blocks in order; what a page break cut, a table or a paragraph, is one again."""
    table: RuledTable | None = None
    open_text: Stretch | None = None
    for pieces in found:
        for index, piece in enumerate(pieces):
            first = not index
            if first and piece.table is not None and table is not None and continues(table, piece.table):
                table = joined(table, piece.table)
                continue
            if first and piece.stretch is not None and open_text is not None and _runs_on(open_text, piece.stretch):
                open_text = replace(piece.stretch, text=glued(open_text.text, piece.text), bold=open_text.bold)
                continue
            _close(table, open_text, builder)
            table, open_text = piece.table, piece.stretch
    _close(table, open_text, builder)


def _runs_on(above: Stretch, below: Stretch) -> bool:
    return above.full and below.flush and abs(above.size - below.size) < 1


def _close(table: RuledTable | None, stretch: Stretch | None, builder: PageBuilder) -> None:
    if table is not None:
        table.emit(builder)
    if stretch is not None:
        builder.paragraph(stretch.text, bold=stretch.bold)
