"""Renders a composed disclosure the way portals print it: tables, prose, workbooks, Word files."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape

import docx
import openpyxl

from demo.promises import Promise

LEADERS = ("沈知远", "陆以宁", "顾慎行", "何望舒")

Column = tuple[str, Callable[[Promise], str]]

PROGRESS: Callable[[Promise], str] = lambda row: "/" if row.progress is None else f"{row.progress}%"  # noqa: E731
NUMBER: Column = ("序号", lambda row: str(row.number))
CATEGORY: Column = ("项目名称", lambda row: row.category)
CONTENT: Column = ("主要工作内容", lambda row: row.content)
LEAD: Column = ("牵头单位", lambda row: row.units)
STATUS: Column = ("完成情况", lambda row: row.status)
TOTAL_STATUS: Column = ("累计完成情况", lambda row: row.status)
SHARE: Column = ("完成进度", PROGRESS)
LEADER: Column = ("牵头领导", lambda row: f"{LEADERS[row.number % len(LEADERS)]}副区长")
OLD_CONTENT: Column = ("项目内容", lambda row: row.content)
OLD_UNITS: Column = ("责任单位", lambda row: row.units)
OLD_STATUS: Column = ("进展情况", lambda row: row.status)


def _cell(text: str, *, word: bool, span: int = 1) -> str:
    rows = f' rowspan="{span}"' if span > 1 else ""
    if not word:
        return f"<td{rows}>{escape(text)}</td>"
    return (
        f'<td{rows} style="mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt" valign="top">'
        f'<p class="MsoNormal" style="text-align:left"><span style="font-family:仿宋_GB2312" lang="EN-US">'
        f"{escape(text)}<o:p></o:p></span></p></td>"
    )


def table(rows: Sequence[Promise], columns: Sequence[Column], *, word: bool = False, sections: bool = False) -> str:
    """The execution table. The category column is merged by rowspan, or stands in full-width rows (`sections`)."""
    lines = ["<table border='1'><tr>" + "".join(f"<th>{name}</th>" for name, _ in columns) + "</tr>"]
    for position, row in enumerate(rows):
        first = position == 0 or rows[position - 1].category != row.category
        if sections and first:
            ordinal = "一二三四五六七八九十"[len({r.category for r in rows[: position + 1]}) - 1]
            lines.append(f'<tr><td colspan="{len(columns)}">({ordinal}){escape(row.category)}</td></tr>')
        cells = []
        for column in columns:
            if column is CATEGORY:
                if first:
                    run = 1
                    while position + run < len(rows) and rows[position + run].category == row.category:
                        run += 1
                    cells.append(_cell(row.category, word=word, span=run))
                continue
            cells.append(_cell(column[1](row), word=word))
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join(lines) + "</table>"


def workbook(title: str, rows: Sequence[Promise], columns: Sequence[Column]) -> bytes:
    """An xlsx as offices attach it: title line, header, merged category cells, percents as formatted numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "执行情况"
    sheet.append([title])
    sheet.append([name for name, _ in columns])
    at = {name: number for number, (name, _) in enumerate(columns, start=1)}
    start = 3
    for position, row in enumerate(rows):
        sheet.append([column[1](row) for column in columns])
        line = position + 3
        if SHARE[0] in at and row.progress is not None:
            cell = sheet.cell(line, at[SHARE[0]], row.progress / 100)
            cell.number_format = "0%"
        last = position + 1 == len(rows) or rows[position + 1].category != row.category
        if last and CATEGORY[0] in at:
            if line > start:
                sheet.merge_cells(
                    start_row=start, end_row=line, start_column=at[CATEGORY[0]], end_column=at[CATEGORY[0]]
                )
            start = line + 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word_file(title: str, rows: Sequence[Promise], columns: Sequence[Column]) -> bytes:
    """A docx with a title paragraph and one table whose category cells are merged downwards."""
    document = docx.Document()
    document.add_heading(title, level=1)
    grid = document.add_table(rows=1 + len(rows), cols=len(columns))
    for number, (name, _) in enumerate(columns):
        grid.cell(0, number).text = name
    for position, row in enumerate(rows, start=1):
        for number, column in enumerate(columns):
            if column is CATEGORY and position > 1 and rows[position - 2].category == row.category:
                grid.cell(position, number).merge(grid.cell(position - 1, number))
                continue
            grid.cell(position, number).text = column[1](row)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def prose(district: str, year: int, quarter: int, rows: Sequence[Promise]) -> str:
    """A department's summary in paragraphs under numbered headings, with next steps at the end."""
    span = {1: "一季度", 2: "上半年", 3: "前三季度", 4: "全年"}[quarter]
    numerals = "一二三四五六七八九十"
    parts = [
        f"<p>{year}年以来,{district}紧扣高质量发展首要任务,经济运行总体平稳。</p><p>一、{span}重点工作完成情况</p>"
    ]
    categories = list(dict.fromkeys(row.category for row in rows))
    for number, category in enumerate(categories):
        parts.append(f"<p>({numerals[number]}){category}</p>")
        for place, row in enumerate([row for row in rows if row.category == category]):
            head = row.content.split(",")[0].rstrip("。")
            parts.append(f"<p>{numerals[place]}是推进{head}。{row.status}</p>")
    parts.append("<p>二、下一步工作打算</p>")
    for place, row in enumerate(rows[:4]):
        parts.append(f"<p>{place + 1}.{row.content}</p>")
    return "\n".join(parts)
