"""Workbooks of Office Open XML (xlsx, xlsm), strict and transitional, as a stream of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from tasks.read.attachment_errors import CorruptFile, OversizedFile
from tasks.read.attachments.package import Package, malformed, parser_options, refuse_doctype
from tasks.read.attachments.workbooks.numberformat import BUILTIN, show
from tasks.read.attachments.workbooks.sheets import Sheet, lay_out, refuse_uncomputed
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    formats: list[str]
    date1904: bool


def read_xlsx(package: Package, builder: PageBuilder, limits: Limits) -> None:
    """Every visible sheet into the builder. Raises an UnreadableFile."""
    main = next(
        (target for kind, target in package.relations("").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    workbook = package.xml(main)
    related = package.relations(main)
    by_kind = dict(related.values())
    properties = workbook.find("{*}workbookPr")
    date1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    book = _Book(
        list(_shared_strings(package, by_kind.get("sharedStrings"), limits)),
        _formats(package, by_kind.get("styles")),
        date1904,
    )
    sheets = []
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        name = entry.get("name") or ""
        kind, target = related.get(_relation_id(entry), ("", ""))
        if entry.get("state") in {"hidden", "veryHidden"}:
            builder.warn("hidden_sheet", f"sheet {name!r} is hidden and was not read")
        elif kind == "worksheet" and target in package:
            sheets.append(_sheet(package, target, name, book, limits))
        elif kind == "worksheet":
            raise CorruptFile(f"the workbook lacks the part of its sheet {name!r}")
        else:
            builder.warn("other_sheet", f"sheet {name!r} is a {kind or 'sheet without content'}, not a table")
    calculation = workbook.find("{*}calcPr")
    on_load = calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}
    refuse_uncomputed(sheets, recalculates=on_load)
    for sheet in sheets:
        lay_out(sheet, builder)


def _relation_id(entry: Any) -> str:
    return next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")


def _walk(package: Package, part: str, tags: tuple[str, ...]) -> Iterator[Any]:
    """The elements of a part as they end, each emptied after use: memory does not grow with the part."""
    options = parser_options()
    options.pop("huge_tree")
    with package.stream(part) as stream:
        try:
            first = True
            for _, element in etree.iterparse(stream, events=("end",), tag=[f"{{*}}{tag}" for tag in tags], **options):
                if first:
                    refuse_doctype(element, part)
                    first = False
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and len(parent) > 1 and parent[0] is not element:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise malformed(error, part) from error
        except (EOFError, ValueError, OSError) as error:
            raise CorruptFile(f"{part} is damaged: {error}") from error


def _shared_strings(package: Package, part: str | None, limits: Limits) -> Iterator[str]:
    if part is None or part not in package:
        return
    for count, item in enumerate(_walk(package, part, ("si",))):
        if count > limits.cells:
            raise OversizedFile(f"more than {count} shared strings, the limit cells is {limits.cells}")
        yield _rich(item)


def _rich(item: Any) -> str:
    """The runs of a string, without the phonetic guide above them."""
    parts = []
    for child in item:
        kind = etree.QName(child).localname
        if kind == "t":
            parts.append(child.text or "")
        elif kind == "r":
            parts.extend(t.text or "" for t in child.iterfind("{*}t"))
    return _unescape("".join(parts))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _formats(package: Package, part: str | None) -> list[str]:
    """The number format of each cell style."""
    if part is None or part not in package:
        return []
    styles = package.xml(part)
    own = {f.get("numFmtId"): f.get("formatCode") or "" for f in styles.iterfind("{*}numFmts/{*}numFmt")}
    found = []
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        number = style.get("numFmtId") or "0"
        found.append(own.get(number) or BUILTIN.get(int(number) if number.isdigit() else 0, "General"))
    return found


def _sheet(package: Package, part: str, name: str, book: _Book, limits: Limits) -> Sheet:
    sheet = Sheet(name, limits)
    row_index = -1
    for element in _walk(package, part, ("row", "mergeCell", "col", "autoFilter")):
        kind = etree.QName(element).localname
        if kind == "row":
            row_index = _row(element, row_index, sheet, book)
        elif kind == "mergeCell":
            corners = [_place(corner) for corner in (element.get("ref") or "").split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                (r0, c0), (r1, c1) = corners[0], corners[1]
                sheet.merge(min(r0, r1), min(c0, c1), max(r0, r1), max(c0, c1))
        elif kind == "col" and element.get("hidden") in {"1", "true"}:
            sheet.hidden_columns.append((int(element.get("min", "1")) - 1, int(element.get("max", "1")) - 1))
        elif kind == "autoFilter":
            sheet.filtered = True
    return sheet


def _place(text: str) -> tuple[int, int] | None:
    found = _PLACE.fullmatch(text)
    if not found:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _row(element: Any, before: int, sheet: Sheet, book: _Book) -> int:
    label = element.get("r")
    row = int(label) - 1 if label and label.isdigit() else before + 1
    if row >= _MAX_ROW:
        raise CorruptFile(f"sheet {sheet.name!r} numbers a row {row + 1}")
    if element.get("hidden") in {"1", "true"}:
        sheet.hidden_rows.add(row)
    column = -1
    for cell in element.iterfind("{*}c"):
        place = _place(cell.get("r") or "")
        # Some writers leave the references out: then order is position.
        column = place[1] if place else column + 1
        if column >= _MAX_COLUMN:
            raise CorruptFile(f"sheet {sheet.name!r} has a cell beyond column XFD in row {row + 1}")
        _cell(cell, row, column, sheet, book)
    return row


def _cell(cell: Any, row: int, column: int, sheet: Sheet, book: _Book) -> None:
    kind = cell.get("t") or "n"
    raw = cell.findtext("{*}v")
    if cell.find("{*}f") is not None:
        sheet.formulas += 1
        if raw is None or (raw == "" and kind != "str"):
            sheet.without_value.append((row, column))
            return
        sheet.zero_formulas += kind == "n" and _float(raw) == 0
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        sheet.put(row, column, _rich(inline) if inline is not None else _unescape(raw or ""))
        return
    if raw is None or (kind == "s" and not raw.strip()):
        return
    if kind == "s":
        index = int(raw) if raw.strip().isdigit() else -1
        if not 0 <= index < len(book.strings):
            raise CorruptFile(f"sheet {sheet.name!r} names the shared string {raw!r} of {len(book.strings)}")
        sheet.put(row, column, book.strings[index])
    elif kind == "b":
        sheet.put(row, column, "TRUE" if raw in {"1", "true"} else "FALSE")
    elif kind == "d":
        sheet.put(row, column, _iso(raw))
    elif kind == "n":
        _numeric(cell, raw, (row, column), sheet, book)
    else:
        sheet.put(row, column, _unescape(raw))


def _numeric(cell: Any, raw: str, place: tuple[int, int], sheet: Sheet, book: _Book) -> None:
    value = _float(raw)
    if value is None:
        sheet.put(*place, raw)
        return
    style = cell.get("s") or "0"
    index = int(style) if style.isdigit() else 0
    code = book.formats[index] if index < len(book.formats) else "General"
    shown = show(value, code, date1904=book.date1904)
    sheet.put(*place, shown.text, shown.number)


def _float(raw: str) -> float | None:
    try:
        return float(raw)
    except ValueError:
        return None


def _iso(raw: str) -> str:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return raw
    day = f"{moment.year}/{moment.month}/{moment.day}"
    return day if not (moment.hour or moment.minute or moment.second) else f"{day} {moment:%H:%M:%S}"
