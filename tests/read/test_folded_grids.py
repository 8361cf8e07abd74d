"""Rows that stand side by side, headings typed into two rows, a line for each quarter, cells that only say 同上."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.check import check, held_by
from tasks.model import Report
from tasks.read import read
from tasks.read.page import Cell, Table
from tasks.read.tables.folded import pivoted
from tests.read.attachment_files import xlsx

TITLE = "云汀区2024年三季度重点任务完成情况"
HEADINGS = ["序号", "目标任务", "责任单位", "完成情况"]
ROWS = [
    ["1", "新建厂房9万平方米", "区经信局", "已建成6万平方米。"],
    ["2", "引进项目12个", "区商务局", "已引进9个。"],
    ["3", "改造老旧小区8个", "区住建局、各镇", "已开工5个。"],
    ["4", "新增床位300张", "区民政局", "正在装修。"],
]


def html(rows: list[list[str]]) -> Report:
    lines = (
        "<tr>" + "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return read(f"<html><body><h1>{TITLE}</h1><table>{''.join(lines)}</table></body></html>".encode())


def sheet(rows: list[list[str]]) -> Report:
    return read(xlsx([[TITLE], *rows]), name="table.xlsx")


SHAPES = {"html": html, "xlsx": sheet}


def told(report: Report) -> list[list[str | None]]:
    return [[str(row.seq), row.content, "、".join(row.units), row.status] for row in report.rows]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("gap", [[], [""]])
@pytest.mark.parametrize("order", [(0, 2, 1, 3), (0, 1, 2, 3)])
def test_two_halves_side_by_side(shape: str, gap: list[str], order: tuple[int, ...]) -> None:
    first, second, third, fourth = (ROWS[i] for i in order)
    rows = [[*HEADINGS, *gap, *HEADINGS], [*first, *gap, *second], [*third, *gap, *fourth]]
    assert told(SHAPES[shape](rows)) == ROWS


@pytest.mark.parametrize("shape", SHAPES)
def test_a_last_half_that_stands_empty(shape: str) -> None:
    rows = [[*HEADINGS, *HEADINGS], [*ROWS[0], *ROWS[2]], [*ROWS[1], "", "", "", ""]]
    assert told(SHAPES[shape](rows)) == ROWS[:3]


@pytest.mark.parametrize("shape", SHAPES)
def test_headings_typed_into_two_rows(shape: str) -> None:
    rows = [["序", "目标", "责任", "完成"], ["号", "任务", "单位", "情况"], *ROWS]
    report = SHAPES[shape](rows)
    assert told(report) == ROWS
    assert list(report.rows[0].cells) == HEADINGS


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_headings_again_are_no_halves(shape: str) -> None:
    report = SHAPES[shape]([HEADINGS, HEADINGS, *ROWS])
    assert told(report) == ROWS
    assert list(report.rows[0].cells) == HEADINGS


def test_a_row_of_short_cells_is_no_half_of_the_headings() -> None:
    rows = [HEADINGS, ["1", "新建绿道", "城管局", "完成"], *ROWS[1:]]
    assert told(html(rows))[0] == ["1", "新建绿道", "城管局", "完成"]


def test_a_line_for_each_quarter_is_one_task() -> None:
    rows = [["序号", "目标任务", "责任单位", "季度", "进展情况"]]
    for number, content, unit, status in ROWS:
        spanning = [f"<td rowspan=3>{text}</td>" for text in (number, content, unit)]
        rows += [[*spanning, "一季度", "制定方案。"], ["二季度", "已启动。"], ["三季度", status]]
    report = html(rows)
    assert told(report) == ROWS
    assert report.rows[0].cells["进展情况/二季度"] == "已启动。"


def test_subtasks_that_are_due_in_different_months_stay_apart() -> None:
    rows = [
        ["序号", "目标任务", "责任单位", "时间节点", "完成情况"],
        ["<td rowspan=2>1</td>", "<td rowspan=2>新建厂房9万平方米</td>", "区经信局", "9月", "一期已建成。"],
        ["区住建局", "12月", "二期在建。"],
        ["<td rowspan=2>2</td>", "<td rowspan=2>引进项目12个</td>", "区商务局", "9月", "已引进9个。"],
        ["区科技局", "12月", "已孵化3个。"],
    ]
    assert [row.status for row in html(rows).rows] == ["一期已建成。", "二期在建。", "已引进9个。", "已孵化3个。"]


@pytest.mark.parametrize("ditto", ["同上", "〃", "同上。"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_cell_that_says_the_same_as_above(shape: str, ditto: str) -> None:
    rows = [HEADINGS, ROWS[0], ["2", "引进项目12个", ditto, "已引进9个。"], ["3", "新增床位300张", ditto, ditto]]
    report = SHAPES[shape](rows)
    assert [row.units for row in report.rows] == [("区经信局",)] * 3
    assert [row.status for row in report.rows] == ["已建成6万平方米。", "已引进9个。", "已引进9个。"]
    assert not held_by(check(report))


_QUARTERLY_HEADS = ("序号", "工作任务", "责任单位", "季度", "进展情况")


def _grid_of(*rows: tuple[str, ...]) -> Table:
    at = 0
    made = []
    for row in (_QUARTERLY_HEADS, *rows):
        cells = []
        for text in row:
            cells.append(Cell(text, at, at + len(text)))
            at += len(text) + 1
        made.append(tuple(cells))
    return Table(tuple(made))


_QUARTERS = _grid_of(
    ("1", "改造白石桥老旧管网", "区水务局", "一季度", "完成招标。"),
    ("1", "改造白石桥老旧管网", "区水务局", "二季度", "完成管沟开挖3公里。"),
    ("2", "新建青禾小学", "区教育局", "一季度", "主体施工。"),
    ("2", "新建青禾小学", "区教育局", "二季度", "主体结顶。"),
)


def test_a_line_for_each_quarter_becomes_a_column_for_each() -> None:
    made = pivoted(_QUARTERS, (0, 1))
    assert [row[0].text for row in made.rows[1:]] == ["1", "2"]
    assert [cell.text for cell in made.rows[1][-2:]] == ["完成招标。", "完成管沟开挖3公里。"]


def test_a_grid_that_was_cut_off_stays_one() -> None:
    assert not pivoted(replace(_QUARTERS, complete=False), (0, 1)).complete


def test_lines_of_different_bodies_are_not_folded_into_one() -> None:
    other = tuple(
        tuple(cell._replace(text="区住建局") if (n, i) == (2, 2) else cell for i, cell in enumerate(row))
        for n, row in enumerate(_QUARTERS.rows)
    )
    table = replace(_QUARTERS, rows=other)
    assert pivoted(table, (0, 1)) is table


def test_what_stands_above_the_right_half_is_read() -> None:
    half = ["序号", "工作任务", "完成情况"]
    body = [
        [f"{n}", f"推进第{n}号道路改造工程", "完成路基。", f"{n + 1}", f"新建第{n + 1}所幼儿园", "结顶。"]
        for n in (1, 3, 5)
    ]
    title = ["松岭县重点工作完成情况表", "", "", "截至2024年9月底", "", ""]
    report = read(xlsx([title, [*half, *half], *body]), name="table.xlsx")
    assert len(report.rows) == 6
    assert str(report.meta.period) == "2024Q3"
