"""Section rows with sums, notes that count on, cooperating bodies, planned shares: in pages and in text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tasks.model import Report
from tasks.read import read
from tasks.read.errors import ColumnsNotUnderstood
from tasks.read.tables.cells import read_units

TITLE = "临川区2024年三季度重点项目进展情况表"


def page(rows: list[list[str]]) -> Report:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return read(f"<html><body><h1>{TITLE}</h1><table>{lines}</table></body></html>".encode())


def tabs(rows: list[list[str]]) -> Report:
    return read("\n".join([TITLE, *("\t".join(row) for row in rows)]).encode(), name="table.txt")


SUMS = [
    ["序号", "项目名称", "总投资", "完成投资", "投资完成率", "形象进度", "责任单位"],
    ["总计（4个）", "", "860", "421", "0.49", "", ""],
    ["一", "水利项目", "510", "240", "0.47", "", ""],
    ["1", "青龙水库除险加固", "300", "90", "0.3", "大坝灌浆完成，溢洪道开挖。", "区水利局"],
    ["2", "城北排涝泵站", "210", "231", "1.1", "机组安装完成，已试运行。", "区水利局"],
    ["二", "交通项目", "350", "181", "0.52", "", ""],
    ["3", "临川大桥", "200", "130", "0.65", "主墩承台全部完成。", "区交通局"],
    ["4", "环城北路", "150", "51", "0.34", "路基填筑完成2.3公里。", "区交通局、区住建局"],
]


@pytest.mark.parametrize("shape", [page, tabs])
def test_rows_of_sums_are_sections(shape: Callable[[list[list[str]]], Report]) -> None:
    report = shape(SUMS)
    assert [(row.seq, row.category) for row in report.rows] == [
        (1, "水利项目"),
        (2, "水利项目"),
        (3, "交通项目"),
        (4, "交通项目"),
    ]
    assert [row.progress for row in report.rows] == [Decimal(n) for n in (30, 110, 65, 34)]
    assert [row.units for row in report.rows][1:3] == [("区水利局",), ("区交通局",)]
    left = " ".join(report.text[start:end] for start, end in report.remainder)
    assert "860" in left
    assert "510" in left


@pytest.mark.parametrize("status", ["", "已开工"])
def test_a_chinese_number_before_a_task_is_no_section(status: str) -> None:
    rows = [
        ["序号", "目标任务", "责任单位", "完成情况"],
        ["一", "改造老旧小区12个", "区住建局", status],
        ["二", "新增学位900个", "区教育局", "新增620个。"],
        ["三", "新建口袋公园5个", "区城管局", "建成3个。"],
    ]
    assert [row.content for row in page(rows).rows] == [row[1] for row in rows[1:]]


def test_a_section_that_names_who_answers_for_it_is_no_task() -> None:
    rows = [
        ["序号", "目标任务", "责任单位", "完成情况"],
        ["一", "产业发展", "区经信局", ""],
        ["1", "新建厂房9万平方米", "区经信局", "已建成6万平方米。"],
        ["2", "引进项目12个", "区商务局", ""],
        ["二", "民生保障", "区民政局、区住建局", ""],
        ["3", "改造老旧小区8个", "区住建局", "已开工5个。"],
    ]
    report = page(rows)
    assert [(row.seq, row.category) for row in report.rows] == [(1, "产业发展"), (2, "产业发展"), (3, "民生保障")]
    assert "区民政局" in " ".join(report.text[start:end] for start, end in report.remainder)


def test_grades_are_no_categories_and_states_no_accounts() -> None:
    rows = [
        ["序号", "整改措施", "责任单位", "整改进展情况", "类别", "完成情况"],
        ["1", "建设管网12公里", "区水务局", "已建成10公里。", "A", "正在推进"],
        ["2", "落实扬尘管控", "区住建局", "检查工地112个。", "B", "已完成"],
    ]
    told = [(row.category, row.status) for row in page(rows).rows]
    assert told == [(None, "已建成10公里。"), (None, "检查工地112个。")]


@pytest.mark.parametrize("place", ["建设地点", "项目地点", "所在镇街", "建设地址"])
def test_projects_with_sums_and_places(place: str) -> None:
    upper = (("序号", 1), ("项目名称", 1), (place, 1), ("2024年投资（亿元）", 2), ("形象进度", 1), ("项目单位", 1))
    head = "".join(
        f"<td colspan={width}>{text}</td>" if width > 1 else f"<td rowspan=2>{text}</td>" for text, width in upper
    )
    rows = [
        ["1", "产业园一期", "城东街道", "3.2", "2.4", "4栋主体封顶，2栋桩基施工。", "高新区管委会"],
        ["2", "环城北路改造", "老城街道", "1.5", "0.6", "路基填筑完成2.3公里。", "区交通局、区城投集团"],
        ["3", "冷链物流中心", "石渡镇", "2.0", "—", "正在办理用地手续。", "区商务局"],
    ]
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><tr>{head}</tr><tr><td>计划</td><td>1—9月完成</td></tr>{body}</table>"
    report = read(f"<html><body><h1>{TITLE}</h1>{table}</body></html>".encode())
    assert [row.status for row in report.rows] == [row[5] for row in rows]
    assert ["、".join(row.units) for row in report.rows] == [row[6] for row in rows]


def test_who_takes_part_stands_behind_who_leads() -> None:
    rows = [
        ["序号", "目标任务", "配合单位", "牵头单位", "完成情况"],
        ["1", "改造老旧小区12个", "区财政局、区住建局", "区住建局", "完成7个。"],
        ["2", "新增学位900个", "/", "区教育局", "新增620个。"],
        ["3", "新建口袋公园5个", "各镇（街道）", "区城管局", "建成3个。"],
    ]
    units = [row.units for row in page(rows).rows]
    assert units == [("区住建局", "区财政局"), ("区教育局",), ("区城管局", "各镇（街道）")]
    rows[0] = ["序号", "目标任务", "协同单位", "责任单位", "完成情况"]
    assert [row.units for row in page(rows).rows] == units


def test_a_note_counts_on_below_itself() -> None:
    rows = [
        ["目标任务", "责任单位", "完成情况"],
        ["改造老旧小区12个", "区住建局", "完成7个。"],
        ["新增学位900个", "区教育局", "新增620个"],
        ["注：1.数据截至9月30日。", "", ""],
        ["2.空白为尚未报送。", "", ""],
    ]
    assert [row.content for row in page(rows).rows] == ["改造老旧小区12个", "新增学位900个"]


def test_the_real_share_is_the_progress() -> None:
    rows = [
        ["项目名称", "实际完成率", "计划完成率", "进展情况", "责任单位"],
        ["青龙水库除险加固", "61%", "75%", "大坝灌浆完成。", "区水利局"],
        ["城北排涝泵站", "80%", "80%", "机组安装完成。", "区水利局"],
        ["临川大桥", "55%", "70%", "主墩承台全部完成。", "区交通局"],
    ]
    assert [row.progress for row in page(rows).rows] == [Decimal(n) for n in (61, 80, 55)]


def test_bodies_parted_by_blanks_beside_brackets() -> None:
    assert read_units("区人社局　各乡镇（街道）") == ("区人社局", "各乡镇（街道）")
    assert read_units("区发改局（投资科 产业科）") == ("区发改局（投资科产业科）",)


@pytest.mark.parametrize(
    "other",
    [
        [
            ["重点任务", "牵头单位", "完成时限"],
            ["举办区运动会。", "区文旅局", "11月底"],
            ["新建乡镇文化站2个。", "区文旅局", "12月底"],
            ["修缮宗祠古建3处。", "区文旅局", "12月底"],
        ],
        [
            ["序号", "重点任务", "牵头单位"],
            ["4", "举办区运动会。", "区文旅局"],
            ["5", "新建乡镇文化站2个。", "区文旅局"],
            ["6", "修缮宗祠古建3处。", "区文旅局"],
        ],
    ],
)
def test_a_table_of_tasks_that_cannot_be_read_beside_one_that_can_refuses_the_page(other: list[list[str]]) -> None:
    """However much the page tells besides: the rows of the refused table would be taken for dropped ones."""

    def table(rows: list[list[str]]) -> str:
        return f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in row) + '</tr>' for row in rows)}</table>"

    told = "<p>前三季度，全区各部门对照年初任务，逐项细化举措，挂图作战，各项工作总体进展顺利，成效逐步显现。</p>" * 12
    read_one = [
        ["序号", "重点任务", "责任单位", "进展情况"],
        ["1", "改造老旧小区12个。", "区住建局", "已开工10个，完工4个。"],
        ["2", "新建口袋公园6个。", "区城管局", "建成3个，其余在建。"],
        ["3", "新增公共停车位800个。", "区住建局", "新增512个。"],
    ]
    title = "临川区2024年三季度重点任务进展情况"
    head = f"<html><body><h1>{title}</h1>{told}"
    assert len(read(f"{head}{table(read_one)}</body></html>".encode()).rows) == 3
    with pytest.raises(ColumnsNotUnderstood):
        read(f"{head}{table(read_one)}{table(other)}</body></html>".encode())
