"""Documents written again in another shape and compared with themselves: no label is needed, and nobody's taste.

What a page's table says is written as a page with headings again, cut in two, wrapped or with a column more, and as
Word file and sheet with merged cells, where it must come out the same; and as text of a cell a line or with tabs, where
it may also be held. The texts named in `LEFT` come out wrong: bodies that ran together when the line feed within their
cell was lost, and blank cells of bodies. Sections of a text of a line a paragraph are those of the same page and Word file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

import docx
import pytest
import xlsxwriter

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.pipeline.single import parse_file
from tasks.read import read
from tests.read.test_documents import DOCUMENTS
from tests.read.test_varieties import held

Rows = Sequence[Sequence[str]]
LEFT = {
    "d7_yongling_xuncha_2025Q1",
    "js_huaipu_taizhang_2024m10",
    "school_2022_ditto_continued",
    "bailang_xczx_2022h1",
    "d1_yunpu_fenjie_2024Q3",
    "d3_yujiang_gaige_2024M11",
    "g16_jinfen_suqiu_2026Q1",
    "h17_d2_devzone_excel",
    "heilongjiang_beihua_2024h1",
    "hospital_2025h1_problems",
    "gd_street_h1",
    "town_2024q3_heping",
}
_LEAST = 4  # rows below which a text is no table by itself


def told(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    return [("".join((r.content or "").split()), "".join((r.status or "").split()), r.units) for r in report.rows]


def table_of(report: Report) -> tuple[list[str], Rows] | None:
    """Headings and cells of a report whose rows come from one plain table; None for others."""
    if len(report.rows) < _LEAST or held(report):
        return None
    headings = list(report.rows[0].cells)
    if any(list(row.cells) != headings for row in report.rows) or any("/" in heading for heading in headings):
        return None
    return headings, [[(cell or "").replace("\t", " ") for cell in row.cells.values()] for row in report.rows]


def line(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell).replace(chr(10), '<br>')}</td>" for cell in cells) + "</tr>"


def page(title: str, *tables: Sequence[Sequence[str]]) -> bytes:
    made = "<p>（续表）</p>".join(f"<table>{''.join(map(line, rows))}</table>" for rows in tables)
    return f"<html><head><meta charset='utf-8'></head><body><h1>{title}</h1>{made}</body></html>".encode()


def as_page(shape: str, title: str, headings: list[str], rows: Rows) -> bytes:
    half = len(rows) // 2
    if shape == "again":
        parts = [each for i, row in enumerate(rows) for each in ([headings, row] if i and i % 5 == 0 else [row])]
        return page(title, [headings, *parts])
    if shape == "in_two":
        return page(title, [headings, *rows[:half]], [headings, *rows[half:]])
    if shape == "wrapped":
        cut = [f"{h[: len(h) // 2]}{' ' if len(h) < 5 else chr(10)}{h[len(h) // 2 :]}" for h in headings]
        return page(title, [cut, *rows])
    if shape == "remarks":
        return page(title, [[*headings, "备注"], *([*row, ""] for row in rows)])
    return page(title, [["", *headings], *(["", *row] for row in rows)])


def as_text(shape: str, title: str, headings: list[str], rows: Rows) -> bytes:
    flat = [[cell.replace("\n", "") for cell in row] for row in rows]
    if shape == "cells":
        return "\n".join([title, *headings, *(cell for row in flat for cell in row if cell)]).encode()
    return "\n".join([title, *("\t".join(row) for row in [headings, *flat])]).encode()


def alike(rows: Rows, column: int) -> Iterator[tuple[int, int]]:
    """The first and the last row of each run of equal cells that say something, counted from the first row."""
    place = 0
    for cell, run in groupby(row[column] for row in rows):
        size = len(list(run))
        if cell and size > 1:
            yield place, place + size - 1
        place += size


def as_docx(title: str, headings: list[str], rows: Rows) -> bytes:
    document = docx.Document()
    document.add_paragraph(title)
    table = document.add_table(0, len(headings))
    for row in [headings, *rows]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for column in range(len(headings) - 2):
        for first, last in alike(rows, column):
            for row_number in range(first, last):
                table.cell(row_number + 2, column).text = ""
            table.cell(first + 1, column).merge(table.cell(last + 1, column)).text = rows[first][column]
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx(title: str, headings: list[str], rows: Rows) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    sheet.merge_range(0, 0, 0, len(headings) - 1, title)
    sheet.write_string(1, 0, "填报单位：县政府办公室")
    for number, row in enumerate([headings, *rows], 2):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    for column in range(len(headings) - 2):
        for first, last in alike(rows, column):
            sheet.merge_range(first + 3, column, last + 3, column, rows[first][column])
    notes = book.add_worksheet("填表说明")
    notes.write_string(0, 0, "本表由各责任单位按季度填报。")
    book.close()
    return stream.getvalue()


PAGES = sorted((DOCUMENTS / "tables").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_table_says_the_same_in_other_shapes(path: Path) -> None:
    report = parse_file(path).report
    table = table_of(report)
    if table is None:
        pytest.skip("no plain table of one kind of rows")
    title = report.meta.title or "某县2024年三季度重点工作完成情况"
    for shape in ("again", "in_two", "wrapped", "remarks", "blank_column"):
        assert told(read(as_page(shape, title, *table), name="page.html")) == told(report), shape
    assert told(read(as_docx(title, *table), name="table.docx")) == told(report)
    assert told(read(as_xlsx(title, *table), name="table.xlsx")) == told(report)
    for shape in ("cells", "tabs"):
        try:
            again = read(as_text(shape, title, *table), name="dump.txt")
        except JibaoError:
            continue
        assert told(again) == told(report) or held(again) or path.stem in LEFT, shape


def outline(report: Report) -> list[tuple[int, str]]:
    return [(section.level, "".join(section.title.split())) for section in report.sections]


def lines_of(report: Report) -> list[str]:
    """The title, the sentence above the first section if there is one, and the sections, a line a paragraph."""
    begin, end = report.sections[0].start, max(section.end for section in report.sections)
    above = [line.strip() for line in report.text[:begin].splitlines() if line.strip()][-1:]
    lead = [line for line in above if "。" in line]
    body = [line.strip() for line in report.text[begin:end].splitlines() if line.strip()]
    return [report.meta.title or "", *lead, *body]


TEXTS = sorted(path for path in (DOCUMENTS / "prose").iterdir() if not path.name.endswith(".gold.json"))
# The rows of a form, which no table holds here; a text whose first heading says what its title says.
OTHERWISE = {"u02_gd_gkmlpt_opengov", "za_city_stat_2025q1_plain"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_sections_are_the_same_in_other_shapes(path: Path) -> None:
    report = parse_file(path).report
    if len(report.sections) < 3 or report.rows or held(report) or path.stem in OTHERWISE:
        pytest.skip("no text of sections alone")
    lines = lines_of(report)
    plain = outline(read("\n".join(lines).encode(), name="text.txt"))
    title, *paragraphs = map(escape, lines)
    printed = f"<html><body><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in [title, *paragraphs])}</body></html>"
    assert outline(read(printed.encode(), name="page.html")) == plain
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    assert outline(read(stream.getvalue(), name="text.docx")) == plain
