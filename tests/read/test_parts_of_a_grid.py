"""Several tables in one grid, each with headings of its own: no cell is read under the headings of another part."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tasks.model import Report
from tasks.read import read
from tests.read.attachment_files import xlsx

TITLE = "临川区2024年三季度重点工作推进情况"
FIRST = [
    ["目标任务", "牵头单位", "配合单位", "完成情况"],
    ["新增规模以上工业企业12户。", "区工信局", "各镇（街道）", "新增入规企业9户。"],
    ["建成标准厂房6栋。", "高新区管委会", "区住建局", "4栋投产，2栋主体封顶。"],
]
REORDERED = [
    ["目标任务", "完成情况", "牵头单位", "配合单位"],
    ["新建高标准农田2.4万亩。", "完成田块整治2.1万亩。", "区农业农村局", "区水利局"],
    ["新建供水工程28处。", "完工25处。", "区水利局", ""],
]
RENAMED = [
    ["工作任务", "牵头部门", "参与部门", "进展情况"],
    ["新增公办学位810个。", "区教育局", "区住建局", "新增学位360个。"],
    ["改造老旧小区11个。", "区住建局", "相关街道", ""],
]
OTHER = [
    ["序号", "项目名称", "形象进度", "完成率"],
    ["1", "环城北路改造", "路基填筑完成2.3公里。", "51%"],
    ["2", "临川大桥", "主墩承台全部完成。", "65%"],
]


def html(rows: list[list[str]]) -> Report:
    width = max(map(len, rows))
    lines = (
        f"<tr><td colspan={width}>{row[0]}</td></tr>"
        if len(row) == 1
        else "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return read(f"<html><body><h1>{TITLE}</h1><table>{''.join(lines)}</table></body></html>".encode())


def sheet(rows: list[list[str]]) -> Report:
    return read(xlsx([[TITLE], *rows]), name="table.xlsx")


SHAPES = {"html": html, "xlsx": sheet}


def told(report: Report) -> list[tuple[str | None, str | None, tuple[str, ...], str | None]]:
    return [(row.category, row.content, row.units, row.status) for row in report.rows]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("names", [("一、工业", "二、农业", "三、民生"), ("工业", "农业", "民生")])
def test_parts_with_columns_in_another_order_and_other_headings(shape: str, names: tuple[str, ...]) -> None:
    parts = (FIRST, REORDERED, RENAMED)
    rows = [row for name, part in zip(names, parts, strict=True) for row in ([name], *part)]
    report = SHAPES[shape](rows)
    assert told(report) == [
        ("工业", "新增规模以上工业企业12户。", ("区工信局", "各镇（街道）"), "新增入规企业9户。"),
        ("工业", "建成标准厂房6栋。", ("高新区管委会", "区住建局"), "4栋投产，2栋主体封顶。"),
        ("农业", "新建高标准农田2.4万亩。", ("区农业农村局", "区水利局"), "完成田块整治2.1万亩。"),
        ("农业", "新建供水工程28处。", ("区水利局",), "完工25处。"),
        ("民生", "新增公办学位810个。", ("区教育局", "区住建局"), "新增学位360个。"),
        ("民生", "改造老旧小区11个。", ("区住建局", "相关街道"), None),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_part_with_columns_of_its_own(shape: str) -> None:
    report = SHAPES[shape]([*FIRST, ["附：重点项目"], *OTHER])
    assert [row.content for row in report.rows[2:]] == ["环城北路改造", "临川大桥"]
    assert [row.status for row in report.rows[2:]] == ["路基填筑完成2.3公里。", "主墩承台全部完成。"]
    assert [row.seq for row in report.rows] == [None, None, 1, 2]
    assert [row.progress is None for row in report.rows] == [True, True, False, False]


def test_headings_on_two_levels_begin_a_part() -> None:
    upper = "<tr><td rowspan=2>事项</td><td rowspan=2>责任单位</td><td colspan=2>三季度</td></tr>"
    below = "<tr><td>计划安排</td><td>实际进展</td></tr><tr><td>新增学位</td><td>区教育局</td><td>500个</td><td>360个</td></tr>"
    first = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in FIRST)
    report = read(f"<html><body><h1>{TITLE}</h1><table>{first}{upper}{below}</table></body></html>".encode())
    assert [(row.content, row.units, row.status) for row in report.rows][2:] == [("新增学位", ("区教育局",), "360个")]


@pytest.mark.parametrize("shape", SHAPES)
def test_headings_printed_again_begin_no_part(shape: str) -> None:
    report = SHAPES[shape]([*FIRST, FIRST[0], ["新增专精特新企业5户。", "区工信局", "", "新增3户。"]])
    assert [row.content for row in report.rows][2:] == ["新增专精特新企业5户。"]
    assert {row.table for row in report.rows} == {0}


def book(names: tuple[str, ...]) -> Report:
    workbook = openpyxl.Workbook()
    del workbook["Sheet"]
    for name, part in zip(names, (FIRST, RENAMED), strict=True):
        page = workbook.create_sheet(name)
        for row in ([TITLE], *part):
            page.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return read(stream.getvalue(), name="table.xlsx")


@pytest.mark.parametrize(
    ("names", "categories"),
    [
        (("一、工业", "二、民生"), ["工业", "工业", "民生", "民生"]),
        (("工业强区", "民生改善"), ["工业强区", "工业强区", "民生改善", "民生改善"]),
        (("Sheet1", "Sheet2"), [None] * 4),
        (("汇总表", "明细"), [None] * 4),
    ],
)
def test_names_of_sheets_group_their_tasks_where_they_say_something(
    names: tuple[str, ...], categories: list[str | None]
) -> None:
    assert [row.category for row in book(names).rows] == categories
