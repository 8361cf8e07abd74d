"""OpenDocument spreadsheets (ods): the shown text stands in the file, repeated cells are counted, not copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tasks.read.attachment_errors import EncryptedFile, OversizedFile
from tasks.read.attachments.package import Package
from tasks.read.attachments.workbooks.numberformat import general
from tasks.read.attachments.workbooks.sheets import Sheet, lay_out, refuse_uncomputed
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder
from tasks.text import clean_cell


@dataclass
class _At:
    row: int = 0
    column: int = 0


def read_ods(package: Package, builder: PageBuilder, limits: Limits) -> None:
    """Every visible sheet into the builder. Raises an UnreadableFile."""
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if next(manifest.iter("{*}encryption-data"), None) is not None:
            raise EncryptedFile("the OpenDocument file asks for a password")
    content = package.xml("content.xml")
    hidden = {
        _attribute(style, "name")
        for style in content.iterfind("{*}automatic-styles/{*}style")
        if any(_attribute(p, "display") == "false" for p in style.iterfind("{*}table-properties"))
    }
    sheets = []
    for table in content.iterfind("{*}body/{*}spreadsheet/{*}table"):
        name = _attribute(table, "name") or ""
        if _attribute(table, "style-name") in hidden or _attribute(table, "display") == "false":
            builder.warn("hidden_sheet", f"sheet {name!r} is hidden and was not read")
            continue
        sheets.append(_sheet(table, Sheet(name, limits)))
    refuse_uncomputed(sheets, recalculates=False)
    for sheet in sheets:
        lay_out(sheet, builder)


def _attribute(element: Any, name: str) -> str | None:
    for key, value in element.attrib.items():
        if key.endswith("}" + name):
            return str(value)
    return None


def _count(element: Any, name: str) -> int:
    text = _attribute(element, name) or "1"
    return max(int(text), 1) if text.isdigit() else 1


def _sheet(table: Any, sheet: Sheet) -> Sheet:
    at = _At()
    for column in table.iter("{*}table-column"):
        repeated = _count(column, "number-columns-repeated")
        if _attribute(column, "visibility") in {"collapse", "filter"}:
            sheet.hidden_columns.append((at.column, at.column + repeated - 1))
        at.column += repeated
    for row in _rows(table):
        repeated = _count(row, "number-rows-repeated")
        cells = list(_cells(row, sheet))
        copies = repeated if cells else 0
        if copies * len(cells) > sheet.limits.cells:
            raise OversizedFile(f"sheet {sheet.name!r} repeats a row of {len(cells)} cells {copies} times")
        visibility = _attribute(row, "visibility")
        sheet.filtered |= visibility == "filter" and bool(cells)
        for copy in range(copies):
            if visibility in {"collapse", "filter"}:
                sheet.hidden_rows.add(at.row + copy)
            for column, text, number, down, across, uncomputed in cells:
                sheet.put(at.row + copy, column, text, number)
                sheet.merge(at.row + copy, column, at.row + copy + down - 1, column + across - 1)
                if uncomputed:
                    sheet.without_value.append((at.row + copy, column))
        at.row += repeated
    return sheet


def _rows(table: Any) -> Iterator[Any]:
    """Rows, those inside groups and header groups included, those of tables inside cells not."""
    for element in table:
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "table-row":
            yield element
        elif tag in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from _rows(element)


def _cells(row: Any, sheet: Sheet) -> Iterator[tuple[int, str, float | None, int, int, bool]]:
    column = 0
    for cell in row:
        tag = cell.tag.rpartition("}")[2] if isinstance(cell.tag, str) else ""
        if tag not in {"table-cell", "covered-table-cell"}:
            continue
        repeated = _count(cell, "number-columns-repeated")
        if tag == "table-cell":
            text, number, uncomputed = _held(cell, sheet)
            down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if text or uncomputed:
                if repeated > sheet.limits.cells:
                    raise OversizedFile(f"sheet {sheet.name!r} repeats a cell {repeated} times")
                for copy in range(repeated):
                    yield column + copy, text, number, down, across, uncomputed
        column += repeated


def _held(cell: Any, sheet: Sheet) -> tuple[str, float | None, bool]:
    """(shown text, number shown, whether it is a formula that was never computed)."""
    shown = clean_cell("\n".join(_text(paragraph) for paragraph in cell.iterfind("{*}p")))
    kind, raw = _attribute(cell, "value-type"), _attribute(cell, "value")
    formula = _attribute(cell, "formula") is not None
    sheet.formulas += formula
    if formula and kind is None and not shown:
        return "", None, True
    value = None
    if kind in {"float", "percentage", "currency"} and raw is not None:
        try:
            value = float(raw)
        except ValueError:
            value = None
    if value is None:
        # A program that wrote no shown text leaves the value itself.
        return shown or _attribute(cell, "date-value") or _attribute(cell, "string-value") or "", None, False
    scaled = value * 100 if kind == "percentage" else value
    return shown or general(scaled) + ("%" if kind == "percentage" else ""), _as_shown(shown, scaled), False


def _as_shown(shown: str, value: float) -> float:
    """The number in the shown text, where that is the value rounded; else the value."""
    digits = shown.rstrip("%％ ").replace(",", "")
    try:
        number = float(digits)
    except ValueError:
        return float(general(value)) if abs(value) < 1e15 else value
    return number if abs(number - value) <= max(abs(value), 1) * 0.05 else value


def _text(element: Any) -> str:
    """A paragraph's text: spaces, tabs and line breaks are elements; notes and phonetics are not shown."""
    parts = [element.text or ""]
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag == "s":
            parts.append(" " * _count(child, "c"))
        elif tag == "tab":
            parts.append("\t")
        elif tag == "line-break":
            parts.append("\n")
        elif tag not in {"annotation", "note", "ruby-text"}:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
