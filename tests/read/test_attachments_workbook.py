"""Workbooks of every format as they are shown: faults 79, 82, 85, 91 and what makes a sheet a table."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils import get_column_letter

from tasks.lookalikes import as_ideographs
from tasks.read.attachment_errors import CorruptFile, EmptyFile, FormulaWithoutValue, OversizedFile
from tasks.read.attachments.workbooks.numberformat import general, show
from tasks.read.attachments.workbooks.reading import read
from tasks.read.attachments.workbooks.sheets import cell_name
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.page import Table as PageTable
from tests.read.attachment_files import HEADS, ROWS, TITLE, codes, held_at, lines, member, repacked, tables, xlsx

FILLED = [HEADS, *ROWS]


def excel(fmt: str, draw: Any) -> bytes:
    """A workbook of either binary generation, filled by `draw(write, merge, formats)`."""
    stream = io.BytesIO()
    if fmt == "xlsx":
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        sheet = book.add_worksheet("三季度")
        styles: dict[str, Any] = {}

        def write(r: int, c: int, value: Any, code: str | None = None) -> None:
            style = styles.setdefault(code, book.add_format({"num_format": code})) if code else None
            sheet.write(r, c, value, style)

        draw(write, lambda r0, c0, r1, c1, value: sheet.merge_range(r0, c0, r1, c1, value))
        book.close()
    else:
        old = xlwt.Workbook(encoding="utf-8")
        page = old.add_sheet("三季度")

        def write(r: int, c: int, value: Any, code: str | None = None) -> None:
            page.write(r, c, value, xlwt.easyxf(num_format_str=code) if code else xlwt.Style.default_style)

        draw(write, lambda r0, c0, r1, c1, value: page.write_merge(r0, r1, c0, c1, value))
        old.save(stream)
    return stream.getvalue()


def report(write: Any, merge: Any) -> None:
    """A title, a unit line, merged categories, percentages and dates by format."""
    merge(0, 0, 0, 4, TITLE)
    write(1, 4, "单位：亿元")
    for c, head in enumerate(["序号", "类别", "主要工作内容", "完成进度", "时间"]):
        write(2, c, head)
    merge(3, 1, 4, 1, "云岭先进制造业")
    merge(5, 1, 6, 1, "民生实事")
    for r in range(3, 7):
        write(r, 0, r - 2)
        write(r, 2, f"第{r - 2}项")
        write(r, 3, (0.45, 0.756, 1, 2.35)[r - 3], "0%")
        write(r, 4, 45594 + r, 'yyyy"年"m"月"d"日"')


SHOWN = [
    ["序号", "类别", "主要工作内容", "完成进度", "时间"],
    ["1", "云岭先进制造业", "第1项", "45%", "2024年11月1日"],
    ["2", "云岭先进制造业", "第2项", "76%", "2024年11月2日"],
    ["3", "民生实事", "第3项", "100%", "2024年11月3日"],
    ["4", "民生实事", "第4项", "235%", "2024年11月4日"],
]


@pytest.mark.parametrize("fmt", ["xlsx", "xls"])
def test_a_sheet_is_read_as_it_is_shown(fmt: str) -> None:
    page = read(excel(fmt, report), fmt, None, Limits())
    assert lines(page) == [TITLE, "单位：亿元"]
    assert tables(page) == [SHOWN]
    (table,) = [block for block in page.body if isinstance(block, PageTable)]
    assert [row[3].number for row in table.rows[1:]] == [45, 76, 100, 235]
    assert [row[1].copy for row in table.rows[1:]] == [False, True, False, True]
    assert table.name == "三季度"
    assert all(there == said for there, said in held_at(page))


def ods(build: Any) -> bytes:
    book = OpenDocumentSpreadsheet()
    build(book)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


def ods_row(cells: list[tuple[str, dict[str, Any]]]) -> TableRow:
    row = TableRow()
    for text, attributes in cells:
        cell = CoveredTableCell() if text == "<covered>" else TableCell(**attributes)
        if text and text != "<covered>":
            cell.addElement(P(text=text))
        row.addElement(cell)
    return row


def test_ods_repeats_merges_percentages_and_hidden_sheets() -> None:
    def build(book: Any) -> None:
        style = Style(name="hide", family="table")
        style.addElement(TableProperties(display="false"))
        book.automaticstyles.addElement(style)
        draft = Table(name="草稿", stylename="hide")
        draft.addElement(ods_row([("旧", {}), ("稿", {})]))
        book.spreadsheet.addElement(draft)
        sheet = Table(name="三季度")
        sheet.addElement(ods_row([("序号", {}), ("类别", {}), ("进度", {}), ("说明", {})]))
        percent = {"valuetype": "percentage", "value": "0.45"}
        sheet.addElement(
            ods_row(
                [("1", {}), ("经济", {"numberrowsspanned": 2}), ("45%", percent), ("是", {"numbercolumnsrepeated": 2})]
            )
        )
        bare = {"valuetype": "percentage", "value": "0.8"}
        sheet.addElement(ods_row([("2", {}), ("<covered>", {}), ("", bare), ("否", {})]))
        filler = TableRow(numberrowsrepeated=1_048_000)
        filler.addElement(TableCell(numbercolumnsrepeated=16_384))
        sheet.addElement(filler)
        book.spreadsheet.addElement(sheet)

    page = read(ods(build), "ods", None, Limits())
    assert tables(page) == [
        [
            ["序号", "类别", "进度", "说明", ""],
            ["1", "经济", "45%", "是", "是"],
            ["2", "经济", "80%", "否", ""],
        ]
    ]
    (table,) = [block for block in page.body if isinstance(block, PageTable)]
    assert [row[2].number for row in table.rows[1:]] == [45, 80]
    assert "hidden_sheet" in codes(page)


def test_ods_that_repeats_a_full_cell_without_end_is_refused() -> None:
    def build(book: Any) -> None:
        sheet = Table(name="一")
        row = TableRow(numberrowsrepeated=999_999_999)
        cell = TableCell(numbercolumnsrepeated=999_999_999)
        cell.addElement(P(text="x"))
        row.addElement(cell)
        sheet.addElement(row)
        book.spreadsheet.addElement(sheet)

    with pytest.raises(OversizedFile):
        read(ods(build), "ods", None, Limits())


@pytest.mark.parametrize("claim", [b"A1:XFD1048576", b"A1:F3", b"A1", None])
def test_false_dimensions_lose_nothing(claim: bytes | None) -> None:
    rows = [HEADS, *([str(n), "民生实事", f"第{n}项", "区教育局", "75%"] for n in range(1, 61))]
    body = xlsx(rows)
    sheet = member(body, "xl/worksheets/sheet1.xml")
    start, end = sheet.index(b"<dimension"), sheet.index(b"/>", sheet.index(b"<dimension")) + 2
    put = b'<dimension ref="' + claim + b'"/>' if claim else b""
    body = repacked(body, {"xl/worksheets/sheet1.xml": sheet[:start] + put + sheet[end:]})
    assert tables(read(body, "xlsx", None, Limits())) == [rows]


def test_one_cell_in_the_last_corner_costs_no_memory() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for r, row in enumerate(FILLED):
        sheet.write_row(r, 0, row)
    sheet.write(1_048_575, 16_383, "角")
    book.close()
    xml = member(stream.getvalue(), "xl/worksheets/sheet1.xml")
    wide = b'</sheetData><mergeCells count="1"><mergeCell ref="A21:XFA1000000"/></mergeCells>'
    body = repacked(stream.getvalue(), {"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", wide)})
    page = read(body, "xlsx", None, Limits())
    assert [row[:5] for row in tables(page)[0][:5]] == FILLED
    assert "角" in page.text


def test_rows_and_cells_without_references_stand_in_order() -> None:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    for row in FILLED:
        sheet += b"<row>" + b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % c.encode() for c in row) + b"</row>"
    body = repacked(xlsx(FILLED), {"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"})
    assert tables(read(body, "xlsx", None, Limits())) == [FILLED]


def test_strict_namespaces_prefixes_and_capitals_of_parts_are_no_obstacle() -> None:
    body = xlsx(FILLED)
    sheet = member(body, "xl/worksheets/sheet1.xml").replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    strings = member(body, "xl/sharedStrings.xml")
    body = repacked(
        body,
        {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": None, "xl/SharedStrings.xml": strings},
    )
    assert tables(read(body, "xlsx", None, Limits())) == [FILLED]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_draft_in_front_is_left_out_and_noted(state: str) -> None:
    book = openpyxl.Workbook()
    draft = book.active
    assert draft is not None
    draft.title = "草稿"
    draft.append(["序号", "旧进度"])
    draft.append([1, "10%"])
    sheet = book.create_sheet("三季度")
    for row in FILLED:
        sheet.append(row)
    draft.sheet_state = state
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    page = read(stream.getvalue(), "xlsx", None, Limits())
    assert tables(page) == [FILLED]
    assert "hidden_sheet" in codes(page)


def test_hidden_sheets_of_xls() -> None:
    book = xlwt.Workbook()
    draft, sheet = book.add_sheet("草稿"), book.add_sheet("三季度")
    draft.write(0, 0, "旧")
    draft.visibility = 1
    book.active_sheet = 1
    for r, row in enumerate(FILLED):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    stream = io.BytesIO()
    book.save(stream)
    page = read(stream.getvalue(), "xls", None, Limits())
    assert tables(page) == [FILLED]
    assert "hidden_sheet" in codes(page)


def test_hidden_columns_and_rows_are_left_out_filtered_rows_are_not() -> None:
    def made(filtered: bool) -> Page:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        sheet = book.add_worksheet()
        for r, row in enumerate(FILLED):
            sheet.write_row(r, 0, row)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        if filtered:
            sheet.autofilter(0, 0, 4, 4)
        book.close()
        return read(stream.getvalue(), "xlsx", None, Limits())

    without_column = [[row[0], *row[2:]] for row in FILLED]
    by_hand, by_filter = made(False), made(True)
    assert tables(by_hand) == [[row for r, row in enumerate(without_column) if r != 2]]
    assert {"hidden_columns", "hidden_rows"} <= codes(by_hand)
    assert tables(by_filter) == [without_column]
    assert "filtered_rows" in codes(by_filter)


def test_a_merged_cell_whose_corner_is_hidden_still_shows() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["序号", "类别", "内容"])
    sheet.merge_range(1, 1, 3, 1, "民生")
    for r in (1, 2, 3):
        sheet.write(r, 0, r)
        sheet.write(r, 2, f"第{r}项")
    sheet.set_row(1, None, None, {"hidden": True})
    book.close()
    assert tables(read(stream.getvalue(), "xlsx", None, Limits())) == [
        [["序号", "类别", "内容"], ["2", "民生", "第2项"], ["3", "民生", "第3项"]]
    ]


def test_several_sheets_and_several_tables_of_a_sheet() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    first, second = book.add_worksheet("一"), book.add_worksheet("二")
    at = 0
    for part in (FILLED, FILLED[:3]):
        first.write(at, 0, TITLE)
        for offset, row in enumerate(part):
            first.write_row(at + 1 + offset, 0, row)
        at += len(part) + 2
    first.write(at + 1, 0, "注：数据为快报数。")
    for r, row in enumerate(FILLED):
        second.write_row(r, 0, row)
    book.close()
    page = read(stream.getvalue(), "xlsx", None, Limits())
    assert tables(page) == [FILLED, FILLED[:3], FILLED]
    assert lines(page) == [TITLE, TITLE, "注：数据为快报数。"]
    assert [block.name for block in page.body if isinstance(block, PageTable)] == ["一", "一", "二"]


def test_an_empty_row_does_not_part_a_table_from_its_next_category() -> None:
    rows = [HEADS, ROWS[0], [], ["二、民生实事"], ROWS[2], [], ROWS[3]]
    (table,) = tables(read(xlsx(rows), "xlsx", None, Limits()))
    assert [row[0] for row in table] == ["序号", "1", "二、民生实事", "3", "4"]


def openpyxl_formula(value: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "进度"])
    sheet.append([1, value])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_formulas_without_values_are_an_error_naming_the_cell() -> None:
    with pytest.raises(FormulaWithoutValue, match="B2"):
        read(openpyxl_formula("=A2*0.5"), "xlsx", None, Limits())


def test_formulas_that_were_only_ever_zero_are_an_error() -> None:
    with pytest.raises(FormulaWithoutValue):
        read(xlsx([["序号", "进度"], [1, "=A2*0.5"]]), "xlsx", None, Limits())


def test_formulas_of_xls_that_were_never_computed_are_an_error() -> None:
    def draw(write: Any, _: Any) -> None:
        write(0, 0, 1)
        write(0, 1, xlwt.Formula("A1*2"))

    with pytest.raises(FormulaWithoutValue):
        read(excel("xls", draw), "xls", None, Limits())


def test_formulas_with_values_are_read() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["序号", "进度", "说明"])
    sheet.write_formula(1, 0, "=1+1", None, 2)
    sheet.write_formula(1, 1, "=0.5*0.9", book.add_format({"num_format": "0%"}), 0.45)
    sheet.write_formula(1, 2, '=IF(1,"","x")', None, "空")
    sheet.write(2, 2, "末")
    book.close()
    xml = member(stream.getvalue(), "xl/worksheets/sheet1.xml").replace("<v>空</v>".encode(), b"<v></v>")
    body = repacked(stream.getvalue(), {"xl/worksheets/sheet1.xml": xml})
    assert tables(read(body, "xlsx", None, Limits())) == [[["序号", "进度", "说明"], ["2", "45%", ""], ["", "", "末"]]]


def test_error_cells_are_shown_and_flagged() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["序号", "进度"])
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write(1, 0, 1)
    book.close()
    page = read(stream.getvalue(), "xlsx", None, Limits())
    assert tables(page)[0][1] == ["1", "#DIV/0!"]
    assert "cell_errors" in codes(page)


def test_macros_are_noted_and_links_are_not_fetched() -> None:
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" TargetMode="External" Target="http://203.0.113.7/book.xlsx"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"/></Relationships>'
    )
    body = repacked(
        xlsx(FILLED), {"xl/vbaProject.bin": b"\xd0\xcf", "xl/externalLinks/_rels/externalLink1.xml.rels": rels}
    )
    page = read(body, "xlsm", "三季度.xlsx", Limits())
    assert tables(page) == [FILLED]
    assert {"macros", "external_link", "type_mismatch"} <= codes(page)


def test_a_workbook_of_empty_sheets_is_an_error() -> None:
    with pytest.raises(EmptyFile):
        read(xlsx([]), "xlsx", None, Limits())


@pytest.mark.parametrize("lost", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_lost_part_is_an_error(lost: str) -> None:
    with pytest.raises(CorruptFile):
        read(repacked(xlsx(FILLED), {lost: None}), "xlsx", None, Limits())


def test_a_lost_string_table_is_an_error_and_not_empty_cells() -> None:
    with pytest.raises(CorruptFile):
        read(repacked(xlsx(FILLED), {"xl/sharedStrings.xml": None}), "xlsx", None, Limits())


def test_a_sheet_cut_in_the_middle_is_an_error() -> None:
    sheet = member(xlsx(FILLED), "xl/worksheets/sheet1.xml")
    body = repacked(xlsx(FILLED), {"xl/worksheets/sheet1.xml": sheet[: len(sheet) // 2]})
    with pytest.raises(CorruptFile):
        read(body, "xlsx", None, Limits())


def test_more_cells_than_the_limit_are_refused() -> None:
    with pytest.raises(OversizedFile):
        read(xlsx([HEADS] * 40), "xlsx", None, Limits(cells=100))


def test_a_workbook_of_office_2003_xml() -> None:
    body = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style></Styles>'
        '<Worksheet ss:Name="三季度"><Table><Row><Cell><Data ss:Type="String">序号</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="String">进度</Data></Cell></Row>'
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="Number">1</Data></Cell>'
        '<Cell ss:Index="3" ss:StyleID="p"><Data ss:Type="Number">0.45</Data></Cell></Row>'
        '<Row><Cell ss:Index="3" ss:StyleID="p"><Data ss:Type="Number">1</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    ).encode()
    assert tables(read(body, "xml-workbook", None, Limits())) == [[["序号", "进度"], ["1", "45%"], ["1", "100%"]]]


def record12(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    length = b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body


def text12(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb(rows: list[list[Any]], merged: tuple[int, int, int, int] | None = None) -> bytes:
    """A workbook of records in a package: text inline, floats under `0%`."""
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    book = record12(131, b"") + record12(153, b"\0" * 8 + struct.pack("<I", 0)) + record12(143, b"")
    book += record12(156, struct.pack("<II", 0, 1) + text12("rId1") + text12("三季度")) + record12(144, b"")
    styles = record12(278, b"") + record12(617, struct.pack("<I", 2))
    for index in (0, 9):
        styles += record12(47, struct.pack("<HH12x", 0, index))
    styles += record12(618, b"") + record12(279, b"")
    sheet = record12(129, b"") + record12(145, b"")
    for r, row in enumerate(rows):
        sheet += record12(0, struct.pack("<II", r, 0) + b"\0" * 9)
        for c, value in enumerate(row):
            if isinstance(value, str):
                sheet += record12(6, struct.pack("<II", c, 0) + text12(value))
            elif isinstance(value, int):
                sheet += record12(2, struct.pack("<III", c, 0, (value << 2) | 2))
            else:
                sheet += record12(5, struct.pack("<IId", c, 1, value))
    sheet += record12(146, b"")
    if merged:
        r0, c0, r1, c1 = merged
        sheet += (
            record12(177, struct.pack("<I", 1)) + record12(176, struct.pack("<4I", r0, r1, c0, c1)) + record12(178, b"")
        )
    sheet += record12(130, b"")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName='
            '"/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{head}<Relationship Id="r" Type="{related}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{head}<Relationship Id="rId1" Type="{related}/worksheet" Target="worksheets/sheet1.bin"/>'
            f'<Relationship Id="rId2" Type="{related}/styles" Target="styles.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return stream.getvalue()


def test_binary_workbooks_show_percentages_and_merged_cells() -> None:
    body = xlsb([["序号", "类别", "进度"], [1, "经济", 0.45], [2, "", 2.35]], (1, 1, 2, 1))
    assert tables(read(body, "xlsb", None, Limits())) == [
        [["序号", "类别", "进度"], ["1", "经济", "45%"], ["2", "经济", "235%"]]
    ]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=30).filter(str.strip)
CELL = st.one_of(TEXT.filter(lambda t: t[0] not in "=#{"), st.integers(-9999, 9999), st.floats(-1e6, 1e6, width=32))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=3, max_size=12))
def test_values_agree_with_an_independent_reader(rows: list[list[Any]]) -> None:
    """calamine, which knows no formats, sees the same values where no format is set; in xlsx, xls and xlsb."""

    def draw(write: Any, _: Any) -> None:
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                write(r, c, value)

    made = {"xlsx": excel("xlsx", draw), "xls": excel("xls", draw)}
    for fmt, body in made.items():
        (ours,) = tables(read(body, fmt, None, Limits()))
        theirs = python_calamine.load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        for our_row, their_row in zip(ours, theirs, strict=True):
            for mine, value in zip(our_row, their_row, strict=True):
                shown = general(value) if isinstance(value, float | int) else as_ideographs(str(value))[0]
                assert "".join(mine.split()) == "".join(shown.split())


@pytest.mark.parametrize(
    ("value", "code", "text", "number"),
    [
        (0.45, "0%", "45%", 45),
        (0.4567, "0.0%", "45.7%", 45.7),
        (0.125, "0%", "13%", 13),
        (2.675, "0.00", "2.68", 2.68),
        (1234567.891, "#,##0.00", "1,234,567.89", 1234567.89),
        (12.3, '0.00"亿元"', "12.30亿元", 12.3),
        (-5, "0.00;(0.00)", "(5.00)", -5),
        (0, "0;-0;;@", "", None),
        (3, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "3.00", 3),
        (7, "000", "007", 7),
        (0.5, "0.##", "0.5", 0.5),
        (5, '[>=1]0"项";0%', "5项", 5),
        (0.5, '[>=1]0"项";0%', "50%", 50),
        (621.27, "General", "621.27", 621.27),
        (0.1 + 0.2, "General", "0.3", 0.1 + 0.2),
        (45594, 'yyyy"年"m"月"d"日"', "2024年10月29日", None),
        (45594.5, "yyyy/m/d h:mm", "2024/10/29 12:00", None),
        (45594, "[$-804]aaaa", "星期二", None),
        (60.75, "[h]:mm", "1458:00", None),
    ],
)
def test_number_formats(value: float, code: str, text: str, number: float | None) -> None:
    shown = show(value, code)
    assert (shown.text, shown.number) == (text, number)


@given(st.floats(allow_nan=False, allow_infinity=False), st.text('0#?.,%;"[]年月日ymdhs@E+ -\\_*', max_size=12))
def test_any_format_shows_something_without_failing(value: float, code: str) -> None:
    assert isinstance(show(value, code).text, str)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_dates_come_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert show(serial, "yyyy-mm-dd").text == day.isoformat()


@given(st.integers(0, 16_383))
def test_cells_are_named_as_in_a_spreadsheet(column: int) -> None:
    assert cell_name(6, column) == f"{get_column_letter(column + 1)}7"
