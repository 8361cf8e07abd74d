"""Binary workbooks in a zip package (xlsb): the xlsx model as records instead of XML."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.read.attachment_errors import CorruptFile, OversizedFile
from tasks.read.attachments.package import Package
from tasks.read.attachments.workbooks.biff import ERROR_TEXTS, unpacked_number
from tasks.read.attachments.workbooks.numberformat import BUILTIN, show
from tasks.read.attachments.workbooks.sheets import Sheet, lay_out, refuse_uncomputed
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_ROW, _RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOLEAN, _FORMULA_ERROR = 8, 9, 10, 11
_STRING, _FORMAT, _STYLE, _COLUMNS, _RICH = 19, 44, 47, 60, 62
_SHEET, _BOOK, _CALCULATION, _FILTER, _MERGED, _STYLES_BEGIN, _STYLES_END = 156, 153, 157, 161, 176, 617, 618


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    formats: list[str]
    date1904: bool


def read_xlsb(package: Package, builder: PageBuilder, limits: Limits) -> None:
    """Every visible sheet into the builder. Raises an UnreadableFile."""
    main = next(
        (target for kind, target in package.relations("").values() if kind == "officeDocument"), "xl/workbook.bin"
    )
    related = package.relations(main)
    by_kind = dict(related.values())
    try:
        _sheets(package, main, related, by_kind, builder, limits)
    except struct.error as error:
        raise CorruptFile(f"the workbook's records are damaged: {error}") from error


def _sheets(
    package: Package,
    main: str,
    related: dict[str, tuple[str, str]],
    by_kind: dict[str, str],
    builder: PageBuilder,
    limits: Limits,
) -> None:
    date1904 = on_load = False
    entries = []
    for kind, body in _records(package.read(main)):
        if kind == _BOOK:
            date1904 = bool(body[0] & 1)
        elif kind == _CALCULATION and len(body) >= 26:
            on_load = bool(body[24] & 1)
        elif kind == _SHEET:
            (state,) = struct.unpack_from("<I", body)
            relation, at = _text(body, 8)
            name, _ = _text(body, at)
            entries.append((state, relation, name))
    book = _Book(_strings(package, by_kind.get("sharedStrings"), limits), _formats(package, by_kind), date1904)
    sheets = []
    for state, relation, name in entries:
        kind_of, target = related.get(relation, ("", ""))
        if state:
            builder.warn("hidden_sheet", f"sheet {name!r} is hidden and was not read")
        elif kind_of == "worksheet":
            sheets.append(_sheet(package.read(target), name, book, limits))
        else:
            builder.warn("other_sheet", f"sheet {name!r} is a {kind_of or 'sheet without content'}, not a table")
    refuse_uncomputed(sheets, recalculates=on_load)
    for sheet in sheets:
        lay_out(sheet, builder)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stream):
        kind = stream[at]
        at += 1
        if kind & 0x80 and at < len(stream):
            kind = (kind & 0x7F) | (stream[at] & 0x7F) << 7
            at += 1
        size = 0
        for step in range(4):
            if at >= len(stream):
                raise CorruptFile("a part of the workbook is cut")
            byte = stream[at]
            at += 1
            size |= (byte & 0x7F) << 7 * step
            if not byte & 0x80:
                break
        if at + size > len(stream):
            raise CorruptFile("a part of the workbook is cut inside a record")
        yield kind, stream[at : at + size]
        at += size


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A length-prefixed string and where it ends; the length FFFFFFFF means none."""
    (count,) = struct.unpack_from("<I", body, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(body):
        raise CorruptFile("a string of the workbook is longer than its record")
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _strings(package: Package, part: str | None, limits: Limits) -> list[str]:
    if part is None or part not in package:
        return []
    found = []
    for kind, body in _records(package.read(part)):
        if kind == _STRING:
            found.append(_text(body, 1)[0])
            if len(found) > limits.cells:
                raise OversizedFile(f"more than {len(found)} shared strings, the limit cells is {limits.cells}")
    return found


def _formats(package: Package, by_kind: dict[str, str]) -> list[str]:
    part = by_kind.get("styles")
    if part is None or part not in package:
        return []
    own: dict[int, str] = {}
    found: list[str] = []
    inside = False
    for kind, body in _records(package.read(part)):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in {_STYLES_BEGIN, _STYLES_END}:
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            index = struct.unpack_from("<H", body, 2)[0]
            found.append(own.get(index) or BUILTIN.get(index, "General"))
    return found


def _sheet(stream: bytes, name: str, book: _Book, limits: Limits) -> Sheet:
    sheet = Sheet(name, limits)
    row = 0
    for kind, body in _records(stream):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
            if len(body) > 11 and body[11] & 0x10:
                sheet.hidden_rows.add(row)
        elif kind == _MERGED:
            r0, r1, c0, c1 = struct.unpack_from("<4I", body)
            sheet.merge(r0, c0, r1, c1)
        elif kind == _COLUMNS:
            first, last = struct.unpack_from("<II", body)
            if struct.unpack_from("<H", body, 16)[0] & 1:
                sheet.hidden_columns.append((first, last))
        elif kind == _FILTER:
            sheet.filtered = True
        elif _RK <= kind <= _FORMULA_ERROR or kind == _RICH:
            _cell(kind, body, row, sheet, book)
    return sheet


def _cell(kind: int, body: bytes, row: int, sheet: Sheet, book: _Book) -> None:
    column, style = struct.unpack_from("<II", body)
    place = row, column
    style &= 0xFFFFFF
    sheet.formulas += _FORMULA_TEXT <= kind <= _FORMULA_ERROR
    if kind in {_REAL, _FORMULA_REAL, _RK}:
        value = (
            unpacked_number(struct.unpack_from("<I", body, 8)[0])
            if kind == _RK
            else struct.unpack_from("<d", body, 8)[0]
        )
        sheet.zero_formulas += kind == _FORMULA_REAL and value == 0
        code = book.formats[style] if style < len(book.formats) else "General"
        shown = show(value, code, date1904=book.date1904)
        sheet.put(*place, shown.text, shown.number)
    elif kind in {_TEXT, _FORMULA_TEXT}:
        sheet.put(*place, _text(body, 8)[0])
    elif kind == _RICH:
        sheet.put(*place, _text(body, 9)[0])
    elif kind == _SHARED:
        (index,) = struct.unpack_from("<I", body, 8)
        if index >= len(book.strings):
            raise CorruptFile(f"sheet {sheet.name!r} names the shared string {index} of {len(book.strings)}")
        sheet.put(*place, book.strings[index])
    elif kind in {_ERROR, _FORMULA_ERROR}:
        sheet.put(*place, ERROR_TEXTS.get(body[8], "#N/A"))
    else:
        sheet.put(*place, "TRUE" if body[8] else "FALSE")
