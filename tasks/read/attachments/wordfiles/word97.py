"""The binary Word format (Word 97 to 2003 and WPS): streams, pieces of text, and properties of paragraphs and runs.

A file position (FC) is an offset in the stream `WordDocument`; a character position (CP) counts characters of the text,
which is laid out in pieces, eight- or sixteen-bit each. Properties hang on FCs, in pages of 512 bytes.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from tasks.read.attachment_errors import CorruptFile, EncryptedFile, UnsupportedFormat
from tasks.read.detect.likeness import chinese_share

_MAGIC = 0xA5EC
_WORD_97 = 0xC1
_PAGE = 512
# Indexes of the pairs (offset, length) in the file information block.
STYLES, CHARACTER_PAGES, PARAGRAPH_PAGES, PIECES, LISTS, LIST_OVERRIDES = 1, 12, 13, 33, 73, 74
_PAIRS_AT = 0x9A
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_TABLE, _TABS = 0xD608, 0xC615
_HUGE = (0x6645, 0x6646)


@dataclass(frozen=True, slots=True)
class Property:
    """One property modifier: its code and operand."""

    code: int
    operand: bytes

    @property
    def value(self) -> int:
        """The operand as an unsigned number."""
        return int.from_bytes(self.operand, "little")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `first`..`last` stand at `offset`, `width` bytes each; `properties` hold for all of them."""

    first: int
    last: int
    offset: int
    width: int
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    style: int
    properties: tuple[Property, ...]


@dataclass
class Streams:
    """The streams of the compound file that hold the text, and the file information block's view of them."""

    document: bytes
    table: bytes
    data: bytes
    macros: bool = False
    lengths: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, body: bytes) -> Streams:
        """Raises CorruptFile, EncryptedFile, UnsupportedFormat."""
        try:
            with olefile.OleFileIO(io.BytesIO(body)) as ole:
                held = {name: _stream(ole, name) for name in ("WordDocument", "0Table", "1Table", "Data")}
                macros = ole.exists("Macros") or ole.exists("_VBA_PROJECT_CUR")
        except Exception as error:  # olefile raises whatever a damaged sector made of its arithmetic
            raise CorruptFile(f"the compound (OLE) file is damaged or cut: {error}") from error
        document = held["WordDocument"]
        if len(document) < _PAIRS_AT or struct.unpack_from("<H", document)[0] != _MAGIC:
            raise UnsupportedFormat("the file is a Word document older than Word 97")
        version, flags = struct.unpack_from("<H", document, 2)[0], struct.unpack_from("<H", document, 0x0A)[0]
        if version < _WORD_97 - 4:
            raise UnsupportedFormat(f"the file is a Word document older than Word 97 (version {version})")
        if flags & 0x0100:
            raise EncryptedFile("the Word file asks for a password")
        table = held["1Table" if flags & 0x0200 else "0Table"] or held["0Table"] or held["1Table"]
        if not table:
            raise CorruptFile("the Word file has no table stream")
        counts = struct.unpack_from("<8i", document, 0x4C)
        names = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
        return cls(document, table, held["Data"], macros, dict(zip(names, counts, strict=True)))

    def part(self, index: int) -> bytes:
        """A structure of the table stream by its index in the file information block; empty where there is none."""
        offset, size = self.place(index)
        if size and offset + size > len(self.table):
            raise CorruptFile(f"the Word file's structure {index} lies beyond its table stream")
        return self.table[offset : offset + size]

    def place(self, index: int) -> tuple[int, int]:
        """(offset, length) of a structure in the table stream."""
        at = _PAIRS_AT + 8 * index
        if at + 8 > len(self.document):
            return 0, 0
        offset, size = struct.unpack_from("<II", self.document, at)
        return int(offset), int(size)


def _stream(ole: olefile.OleFileIO, name: str) -> bytes:
    return bytes(ole.openstream(name).read()) if ole.exists(name) else b""


def properties_of(packed: bytes, data: bytes = b"") -> Iterator[Property]:
    """The modifiers packed in a row; what lies in the data stream is followed once."""
    at = 0
    while at + 2 <= len(packed):
        (code,) = struct.unpack_from("<H", packed, at)
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            if code == _LONG_TABLE:
                size = struct.unpack_from("<H", packed, at)[0] - 1 if at + 2 <= len(packed) else 0
                at += 2
            else:
                size = packed[at] if at < len(packed) else 0
                at += 1
                if code == _TABS and size == 255:
                    size = _tabs_size(packed, at)
        operand = packed[at : at + size]
        at += size
        if code in _HUGE and data and len(operand) == 4:
            (offset,) = struct.unpack("<I", operand)
            if offset + 2 <= len(data):
                (length,) = struct.unpack_from("<H", data, offset)
                yield from properties_of(data[offset + 2 : offset + 2 + length])
            continue
        yield Property(code, operand)


def _tabs_size(packed: bytes, at: int) -> int:
    deleted = packed[at] if at < len(packed) else 0
    added_at = at + 1 + 4 * deleted
    added = packed[added_at] if added_at < len(packed) else 0
    return 2 + 4 * deleted + 3 * added


def pieces_of(streams: Streams) -> list[Piece]:
    """The piece table. Raises CorruptFile where a piece lies outside the stream."""
    packed = streams.part(PIECES)
    groups: list[tuple[Property, ...]] = []
    at = 0
    while at < len(packed):
        kind = packed[at]
        if kind == 1:
            (size,) = struct.unpack_from("<H", packed, at + 1)
            groups.append(tuple(properties_of(packed[at + 3 : at + 3 + size], streams.data)))
            at += 3 + size
        elif kind == 2:
            (size,) = struct.unpack_from("<I", packed, at + 1)
            return list(_pieces(packed[at + 5 : at + 5 + size], groups, len(streams.document)))
        else:
            break
    raise CorruptFile("the Word file has no piece table")


def _pieces(plc: bytes, groups: list[tuple[Property, ...]], size: int) -> Iterator[Piece]:
    count = (len(plc) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", plc)
    for index in range(count):
        _, offset, modifier = struct.unpack_from("<HIH", plc, 4 * (count + 1) + 8 * index)
        narrow = bool(offset & 0x40000000)
        offset &= 0x3FFFFFFF
        offset = offset // 2 if narrow else offset
        first, last = bounds[index], bounds[index + 1]
        width = 1 if narrow else 2
        if last < first or offset + (last - first) * width > size:
            raise CorruptFile(f"the Word file is cut: characters {first}-{last} lie beyond its end")
        group: tuple[Property, ...] = ()
        if modifier & 1 and modifier >> 1 < len(groups):
            group = groups[modifier >> 1]
        yield Piece(first, last, offset, width, group)


def characters_of(streams: Streams, pieces: list[Piece]) -> list[str]:
    """One string for each character position; empty for the second byte of a character that took two."""
    found: list[str] = []
    for piece in pieces:
        raw = streams.document[piece.offset : piece.offset + (piece.last - piece.first) * piece.width]
        if piece.width == 2:
            # Unit by unit: a character beyond the basic plane takes two positions.
            units = struct.unpack(f"<{len(raw) // 2}H", raw)
            found.extend(_paired([chr(unit) for unit in units]))
        else:
            found.extend(_narrow(raw))
    return found


def _paired(units: list[str]) -> list[str]:
    for index in range(len(units) - 1):
        if "\ud800" <= units[index] <= "\udbff" and "\udc00" <= units[index + 1] <= "\udfff":
            units[index] = (units[index] + units[index + 1]).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            units[index + 1] = ""
    return units


def _narrow(raw: bytes) -> list[str]:
    """Eight-bit text: Western by the book, GBK from programs that do not go by it."""
    high = sum(byte >= 0x80 for byte in raw)
    if high >= 4:
        try:
            wide = raw.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            if chinese_share(wide) > 0.9:
                found: list[str] = []
                for character in wide:
                    found.append(character)
                    found.extend([""] * (len(character.encode("gb18030")) - 1))
                return found
    return [bytes([byte]).decode("cp1252", "replace") if byte >= 0x80 else chr(byte) for byte in raw]


class Properties:
    """Looks up what hangs on a file position: of paragraphs (`paragraphs=True`) or of runs of characters."""

    def __init__(self, streams: Streams, *, paragraphs: bool) -> None:
        self._runs = sorted(_runs(streams, paragraphs=paragraphs), key=lambda run: run.start)
        self._starts = [run.start for run in self._runs]

    def __bool__(self) -> bool:
        return bool(self._runs)

    def at(self, position: int) -> tuple[int, tuple[Property, ...]]:
        """(style index, modifiers) at a file position."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and self._runs[index].end > position:
            return self._runs[index].style, self._runs[index].properties
        return 0, ()

    def within(self, start: int, end: int) -> Iterator[tuple[int, int, tuple[Property, ...]]]:
        """(start, end, modifiers) of the runs that overlap the positions."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._runs) and self._runs[index].start < end:
            run = self._runs[index]
            if run.end > start and run.properties:
                yield max(run.start, start), min(run.end, end), run.properties
            index += 1


def _runs(streams: Streams, *, paragraphs: bool) -> Iterator[_Run]:
    plc = streams.part(PARAGRAPH_PAGES if paragraphs else CHARACTER_PAGES)
    count = (len(plc) - 4) // 8
    for index in range(max(count, 0)):
        (number,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * index)
        page = streams.document[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) < _PAGE:
            raise CorruptFile("the Word file is cut: a page of properties lies beyond its end")
        runs = page[-1]
        if 4 * (runs + 1) + (13 if paragraphs else 1) * runs > _PAGE:
            raise CorruptFile(f"a page of properties claims {runs} runs")
        bounds = struct.unpack_from(f"<{runs + 1}I", page)
        for run in range(runs):
            at = page[4 * (runs + 1) + run * (13 if paragraphs else 1)] * 2
            style, packed = _packed(page, at, paragraphs=paragraphs)
            yield _Run(bounds[run], bounds[run + 1], style, tuple(properties_of(packed, streams.data)))


def _packed(page: bytes, at: int, *, paragraphs: bool) -> tuple[int, bytes]:
    if not at:
        return 0, b""
    if not paragraphs:
        return 0, page[at + 1 : at + 1 + page[at]]
    size = 2 * page[at] - 1 if page[at] else 2 * page[at + 1]
    start = at + 1 if page[at] else at + 2
    packed = page[start : start + size]
    return (struct.unpack_from("<H", packed)[0] if len(packed) >= 2 else 0), packed[2:]
