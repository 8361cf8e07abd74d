"""Tables written again in another shape and compared with themselves: no label is needed, and nobody's taste.

What a page says is written as a page with headings again, cut in two, wrapped or with a column more, where it must come
out the same; and as text of a cell a line or with tabs, where it may also be held. The texts named in `LEFT` come out
wrong: bodies that ran together when the line feed within their cell was lost, and blank cells of bodies.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

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
    for shape in ("cells", "tabs"):
        try:
            again = read(as_text(shape, title, *table), name="dump.txt")
        except JibaoError:
            continue
        assert told(again) == told(report) or held(again) or path.stem in LEFT, shape
