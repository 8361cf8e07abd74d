"""Binary workbooks of Excel 5 to 2003 and WPS (xls): records of the stream `Workbook`, read as shown."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from tasks.read.attachment_errors import CorruptFile, EncryptedFile, OversizedFile, UnsupportedFormat
from tasks.read.attachments.workbooks.numberformat import BUILTIN, show
from tasks.read.attachments.workbooks.sheets import Sheet, lay_out, refuse_uncomputed
from tasks.read.detect.likeness import chinese_share
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_BOF, _EOF, _CONTINUE, _SHEET_AT, _STRINGS = 0x0809, 0x000A, 0x003C, 0x0085, 0x00FC
_FORMAT, _STYLE, _DATE1904, _CODEPAGE, _PASSWORD = 0x041E, 0x00E0, 0x0022, 0x0042, 0x002F
_SHARED, _LABEL, _RICH, _NUMBER, _RK, _MULTIPLE = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
_FORMULAS, _STRING, _BOOLEAN, _MERGED = (0x0006, 0x0206, 0x0406), 0x0207, 0x0205, 0x00E5
_ROW, _COLUMNS, _FILTERING = 0x0208, 0x007D, 0x009B
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_CODEPAGES = {936: "gb18030", 950: "big5hkscs", 1200: "utf-16-le", 0x8000: "mac-roman", 0x8001: "cp1252"}
_KINDS = {1: "a macro sheet", 2: "a chart", 6: "a module"}


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    chunks: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return self.chunks[0]


@dataclass
class _Book:
    wide: bool = True  # BIFF8; before it strings had one byte a character, of a code page
    codepage: str = ""
    date1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    sheets: list[tuple[str, int, int, int]] = field(default_factory=list)

    def format_of(self, style: int) -> str:
        index = self.styles[style] if style < len(self.styles) else 0
        return self.formats.get(index) or BUILTIN.get(index, "General")


def read_xls(body: bytes, builder: PageBuilder, limits: Limits) -> None:
    """Every visible sheet into the builder. Raises an UnreadableFile."""
    stream = _workbook_stream(body, builder)
    try:
        book = _globals(stream, limits)
        sheets = []
        for name, at, state, kind in book.sheets:
            if state:
                builder.warn("hidden_sheet", f"sheet {name!r} is hidden and was not read")
            elif kind:
                builder.warn("other_sheet", f"sheet {name!r} is {_KINDS.get(kind, 'no worksheet')}, not a table")
            else:
                sheets.append(_sheet(stream, at, name, book, limits))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise CorruptFile(f"the workbook's records are damaged: {error}") from error
    refuse_uncomputed(sheets, recalculates=False)
    for sheet in sheets:
        lay_out(sheet, builder)


def _workbook_stream(body: bytes, builder: PageBuilder) -> bytes:
    if body[:2] == b"\x09\x08":
        return body
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            if ole.exists("_VBA_PROJECT_CUR"):
                builder.warn("macros", "the file carries macros; they were not run")
            name = next(
                ("/".join(entry) for entry in ole.listdir() if entry[-1].casefold() in {"workbook", "book"}), ""
            )
            return bytes(ole.openstream(name).read())
    except Exception as error:  # olefile raises whatever a damaged sector made of its arithmetic
        raise CorruptFile(f"the compound (OLE) file is damaged or cut: {error}") from error


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records from `at` to the end of the substream, each with those that continue it; charts inside skipped."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        chunks = [stream[at + 4 : at + 4 + size]]
        at += 4 + size
        if at > len(stream):
            raise CorruptFile(f"the workbook is cut at {len(stream)} bytes, inside a record")
        while at + 4 <= len(stream) and stream[at : at + 2] == b"\x3c\x00" and kind != _CONTINUE:
            (size,) = struct.unpack_from("<H", stream, at + 2)
            chunks.append(stream[at + 4 : at + 4 + size])
            at += 4 + size
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1:
            yield _Record(kind, tuple(chunks))
    raise CorruptFile(f"the workbook is cut at {len(stream)} bytes: a sheet has no end")


def _globals(stream: bytes, limits: Limits) -> _Book:
    book = _Book()
    for record in _records(stream, 0):
        body = record.body
        if record.kind == _BOF:
            version = struct.unpack_from("<H", body)[0]
            if version not in {0x0500, 0x0600}:
                raise UnsupportedFormat(f"the workbook is of Excel 4 or older (version {version:#06x})")
            book.wide = version == 0x0600
        elif record.kind == _PASSWORD:
            raise EncryptedFile("the workbook asks for a password")
        elif record.kind == _CODEPAGE:
            page = struct.unpack_from("<H", body)[0]
            book.codepage = _CODEPAGES.get(page, f"cp{page}")
        elif record.kind == _DATE1904:
            book.date1904 = bool(struct.unpack_from("<H", body)[0])
        elif record.kind == _SHEET_AT:
            at, state, kind = struct.unpack_from("<IBB", body)
            book.sheets.append((_short_name(body[6:], book), at, state & 3, kind))
        elif record.kind == _FORMAT:
            index = struct.unpack_from("<H", body)[0]
            book.formats[index] = _label(record, 2, book) if book.wide else _bytes(body[3 : 3 + body[2]], book)
        elif record.kind == _STYLE:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif record.kind == _STRINGS:
            book.strings = list(_Strings(record.chunks, limits).all())
    return book


def _bytes(raw: bytes, book: _Book) -> str:
    """Eight-bit text of the workbook's code page; without one, Chinese where it reads as such, else Western."""
    try:
        return raw.decode(book.codepage)
    except (LookupError, UnicodeDecodeError):
        text = raw.decode("gb18030", "replace")
        return text if chinese_share(text) > 0.5 else raw.decode("cp1252", "replace")


def _short_name(raw: bytes, book: _Book) -> str:
    if not book.wide:
        return _bytes(raw[1 : 1 + raw[0]], book)
    return raw[2 : 2 + raw[0] * 2].decode("utf-16-le") if raw[1] & 1 else raw[2 : 2 + raw[0]].decode("latin-1")


def _label(record: _Record, at: int, book: _Book) -> str:
    """A string inside a record, which later records may continue."""
    if not book.wide:
        size = struct.unpack_from("<H", record.body, at)[0]
        return _bytes(b"".join(record.chunks)[at + 2 : at + 2 + size], book)
    return _Strings((record.body[at:], *record.chunks[1:]), None).one()


class _Strings:
    """Reads BIFF8 strings that run on from record to record; each continuation tells its own character width."""

    def __init__(self, chunks: tuple[bytes, ...], limits: Limits | None) -> None:
        self._chunks = chunks
        self._limits = limits
        self._chunk = 0
        self._at = 0

    def all(self) -> Iterator[str]:
        """The shared strings. Their declared number may lie: the records' end counts."""
        _, count = struct.unpack("<II", self._take(8))
        if self._limits and count > self._limits.cells:
            raise OversizedFile(f"{count} shared strings, the limit cells is {self._limits.cells}")
        for _ in range(count):
            if self._chunk == len(self._chunks) - 1 and self._at >= len(self._chunks[-1]):
                return
            yield self.one()

    def one(self) -> str:
        """The string here: its length, flags, characters; then formatting runs and phonetics are passed over."""
        (count,) = struct.unpack("<H", self._take(2))
        flags = self._take(1)[0]
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        parts: list[str] = []
        wide = bool(flags & 1)
        while count:
            room = (len(self._chunks[self._chunk]) - self._at) // (2 if wide else 1)
            if not room:
                self._next()
                wide = bool(self._take(1)[0] & 1)
                continue
            size = min(room, count)
            raw = self._take(size * (2 if wide else 1))
            parts.append(raw.decode("utf-16-le", "surrogatepass") if wide else raw.decode("latin-1"))
            count -= size
        self._skip(4 * runs + extra)
        text = "".join(parts)
        # A pair of surrogates may have been parted by a continuation.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _next(self) -> None:
        self._chunk += 1
        self._at = 0
        if self._chunk >= len(self._chunks):
            raise CorruptFile("the workbook's strings end in the middle of one")

    def _take(self, size: int) -> bytes:
        if self._at >= len(self._chunks[self._chunk]):
            self._next()
        raw = self._chunks[self._chunk][self._at : self._at + size]
        self._at += size
        if len(raw) < size:
            raise CorruptFile("the workbook's strings are damaged")
        return raw

    def _skip(self, size: int) -> None:
        while size:
            room = len(self._chunks[self._chunk]) - self._at
            if size <= room:
                self._at += size
                return
            size -= room
            self._next()


def _sheet(stream: bytes, at: int, name: str, book: _Book, limits: Limits) -> Sheet:
    sheet = Sheet(name, limits)
    waiting: tuple[int, int] | None = None
    empty: list[tuple[int, int]] = []
    if stream[at : at + 2] != b"\x09\x08":
        raise CorruptFile(f"the sheet {name!r} does not stand where the workbook says")
    for record in _records(stream, at):
        kind, body = record.kind, record.body
        if kind in _FORMULAS:
            waiting = _formula(body, sheet, book, empty)
        elif kind == _STRING and waiting is not None:
            sheet.put(*waiting, _label(record, 0, book))
            waiting = None
        elif kind == _MERGED:
            for index in range(struct.unpack_from("<H", body)[0]):
                r0, r1, c0, c1 = struct.unpack_from("<4H", body, 2 + 8 * index)
                sheet.merge(r0, c0, r1, c1)
        elif kind == _ROW:
            if struct.unpack_from("<H", body, 12)[0] & 0x20:
                sheet.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLUMNS:
            first, last, _, _, options = struct.unpack_from("<5H", body)
            if options & 1:
                sheet.hidden_columns.append((first, last))
        elif kind == _FILTERING:
            sheet.filtered = True
        else:
            _value(record, sheet, book)
    if sheet.formulas and len(empty) == sheet.formulas:
        # Text formulas may rightly be empty, but not every formula of a sheet: this one was never computed.
        sheet.without_value.extend(empty)
    return sheet


def _value(record: _Record, sheet: Sheet, book: _Book) -> None:
    kind, body = record.kind, record.body
    if kind == _SHARED:
        row, column, _, index = struct.unpack_from("<HHHI", body)
        if index >= len(book.strings):
            raise CorruptFile(f"sheet {sheet.name!r} names the shared string {index} of {len(book.strings)}")
        sheet.put(row, column, book.strings[index])
    elif kind in {_LABEL, _RICH}:
        row, column = struct.unpack_from("<HH", body)
        sheet.put(row, column, _label(record, 6, book))
    elif kind == _NUMBER:
        row, column, style, value = struct.unpack_from("<HHHd", body)
        _put(sheet, (row, column), value, style, book)
    elif kind == _RK:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        _put(sheet, (row, column), unpacked_number(packed), style, book)
    elif kind == _MULTIPLE:
        row, first = struct.unpack_from("<HH", body)
        for index in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * index)
            _put(sheet, (row, first + index), unpacked_number(packed), style, book)
    elif kind == _BOOLEAN:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        sheet.put(row, column, ERROR_TEXTS.get(value, "#N/A") if is_error else ("TRUE" if value else "FALSE"))


def _formula(body: bytes, sheet: Sheet, book: _Book, empty: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Puts the formula's result; returns its place where the result is a string that follows."""
    row, column, style = struct.unpack_from("<HHH", body)
    sheet.formulas += 1
    result = body[6:14]
    if result[6:8] != b"\xff\xff":
        _put(sheet, (row, column), struct.unpack("<d", result)[0], style, book)
        return None
    if result[0] == 0:
        return row, column
    if result[0] == 1:
        sheet.put(row, column, "TRUE" if result[2] else "FALSE")
    elif result[0] == 2:
        sheet.put(row, column, ERROR_TEXTS.get(result[2], "#N/A"))
    else:
        empty.append((row, column))
    return None


def unpacked_number(packed: int) -> float:
    """An RK number: 30 bits of a float or an integer, perhaps in hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0])
    return value / 100 if packed & 1 else value


def _put(sheet: Sheet, place: tuple[int, int], value: float, style: int, book: _Book) -> None:
    shown = show(value, book.format_of(style), date1904=book.date1904)
    sheet.put(*place, shown.text, shown.number)
