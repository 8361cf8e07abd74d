"""Office 2003 as a single XML file: a workbook saved as `.xls`, a Word file saved as `.doc`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tasks.read.attachment_errors import CorruptFile
from tasks.read.attachments.package import parse_xml
from tasks.read.attachments.wordfiles.docx import read_flat
from tasks.read.attachments.workbooks.numberformat import show
from tasks.read.attachments.workbooks.sheets import Sheet, lay_out, refuse_uncomputed
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_NAMED = {
    "General Number": "General",
    "Percent": "0.00%",
    "Standard": "#,##0.00",
    "Fixed": "0.00",
    "Currency": "¥#,##0.00",
    "Scientific": "0.00E+00",
    "Short Date": "yyyy/m/d",
    "Long Date": 'yyyy"年"m"月"d"日"',
    "General Date": "yyyy/m/d h:mm",
}
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone


def read_xml_workbook(body: bytes, builder: PageBuilder, limits: Limits) -> None:
    """Every visible sheet into the builder. Raises an UnreadableFile."""
    root = parse_xml(body, "the workbook")
    formats = {
        _attribute(style, "ID"): _attribute(style.find("{*}NumberFormat"), "Format") or "General"
        for style in root.iterfind("{*}Styles/{*}Style")
    }
    sheets = []
    for worksheet in root.iterfind("{*}Worksheet"):
        name = _attribute(worksheet, "Name") or ""
        visible = worksheet.findtext("{*}WorksheetOptions/{*}Visible") or ""
        if visible in {"SheetHidden", "SheetVeryHidden"}:
            builder.warn("hidden_sheet", f"sheet {name!r} is hidden and was not read")
        else:
            sheets.append(_sheet(worksheet, Sheet(name, limits), formats))
    refuse_uncomputed(sheets, recalculates=False)
    for sheet in sheets:
        lay_out(sheet, builder)


def read_xml_word(body: bytes, builder: PageBuilder) -> None:
    """The body of a single-file Word document. Raises an UnreadableFile."""
    root = parse_xml(body, "the Word file")
    found = next(root.iter("{*}body"), None)
    if found is None:
        raise CorruptFile("the Word file has no body")
    read_flat(found, builder)


def _attribute(element: Any, name: str) -> str | None:
    if element is None:
        return None
    return next((str(v) for key, v in element.attrib.items() if key == name or key.endswith("}" + name)), None)


def _number(element: Any, name: str) -> int:
    text = _attribute(element, name) or ""
    return int(text) if text.isdigit() else 0


def _sheet(worksheet: Any, sheet: Sheet, formats: dict[str | None, str]) -> Sheet:
    row = -1
    for element in worksheet.iterfind("{*}Table/{*}Row"):
        row = _number(element, "Index") - 1 if _number(element, "Index") else row + 1
        if _attribute(element, "Hidden") == "1":
            sheet.hidden_rows.add(row)
        column = -1
        for cell in element.iterfind("{*}Cell"):
            column = _number(cell, "Index") - 1 if _number(cell, "Index") else column + 1
            across, down = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
            sheet.merge(row, column, row + down, column + across)
            style = _attribute(cell, "StyleID") or _attribute(element, "StyleID") or "Default"
            _cell(cell, (row, column), sheet, formats.get(style, "General"))
            column += across
    return sheet


def _cell(cell: Any, place: tuple[int, int], sheet: Sheet, code: str) -> None:
    data = cell.find("{*}Data")
    if _attribute(cell, "Formula") is not None:
        sheet.formulas += 1
        if data is None:
            sheet.without_value.append(place)
    if data is None:
        return
    text = "".join(data.itertext())
    kind = _attribute(data, "Type")
    value: float | None = None
    try:
        if kind == "Number":
            value = float(text)
        elif kind == "DateTime":
            value = (datetime.fromisoformat(text) - _EPOCH).total_seconds() / 86400
    except ValueError:
        value = None
    if value is None:
        sheet.put(*place, {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text)
        return
    shown = show(value, _NAMED.get(code, code))
    sheet.put(*place, shown.text, shown.number)
