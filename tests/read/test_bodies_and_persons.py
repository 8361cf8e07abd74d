"""Persons, days and quarters beside bodies, tasks and results: what is no body, and which column stands for a result."""

from __future__ import annotations

import pytest

from tasks.model import Report
from tasks.read import read
from tasks.read.tables.cells import goes_on_counting, read_units

TASKS = ("改造农村公路45公里", "新建标准厂房18万平方米", "建成口袋公园6个")
DONE = ("已改造28.6公里，其余正在施工。", "6栋厂房已竣工。", "已建成4个。")


def page(headings: str, rows: list[tuple[str, ...]], title: str = "川宁县2025年上半年重点工作落实情况") -> Report:
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in (tuple(headings.split()), *rows)]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return read(f"<html><body><h1>{title}</h1><table>{body}</table></body></html>".encode())


@pytest.mark.parametrize("heading", ["责任单位/责任人", "责任单位及责任人", "责任单位和责任人"])
@pytest.mark.parametrize("parted", ["<br>", "、", " ", "（{}）"])
def test_bodies_and_persons_in_one_cell_are_told_apart(heading: str, parted: str) -> None:
    bodies = ("县交通运输局", "县产业园管委会", "县住房城乡建设局")
    persons = ("周立群", "罗伟聪", "冯国栋")
    rows = [
        (str(i), task, body + (parted.format(person) if "{" in parted else parted + person), done)
        for i, (task, body, person, done) in enumerate(zip(TASKS, bodies, persons, DONE, strict=True), 1)
    ]
    report = page(f"序号 具体事项 {heading} 进展情况", rows)
    assert [row.units for row in report.rows] == [(body,) for body in bodies]


@pytest.mark.parametrize("rest", ["和旅游局", "信息化局", "发展中心"])
def test_the_rest_of_a_name_is_no_person(rest: str) -> None:
    assert len(read_units(f"市文化广电\n{rest}")) == 1


def test_a_day_by_which_work_is_due_is_no_body() -> None:
    assert read_units("牵头部门：镇规建办；配合部门：镇水利站；完成时限：11月底前") == ("镇规建办", "镇水利站")


def test_a_point_that_begins_with_a_month_counts_on() -> None:
    assert goes_on_counting("1.主体工程完工；", "2.9月28日正式开业；")
    assert goes_on_counting("1.主体工程完工；\n2.9月28日正式开业；", "3.原市场已取缔。")
    assert not goes_on_counting("1.主体工程完工；", "2.9万平方米已移交。")


def test_growth_stands_for_a_value_that_is_a_dash() -> None:
    rows = [
        ("地区生产总值", "亿元", "2186.4", "4.6"),
        ("规上工业增加值", "亿元", "—", "6.1"),
        ("进出口总额", "亿元", "/", "/"),
    ]
    report = page("指标 单位 1—9月 同比增长(%)", rows, "云汀市2025年前三季度主要指标")
    first, second, third = (row.status or "" for row in report.rows)
    assert first == "2186.4"
    assert "6.1" in second
    assert "增长" in second
    assert "增长" not in third


def test_blank_cells_that_make_all_rows_as_wide_as_the_headings_stay_where_they_are() -> None:
    lines = [
        "云汀市2024年重点任务三季度进展情况",
        "序号\t工作任务\t责任单位\t各季度进展\t\t\t",
        "\t\t\t一季度\t二季度\t三季度\t四季度",
    ]
    quarters = [
        ("完成选址。", "完成招标。", "已开工。"),
        ("举办活动4场。", "发放消费券1200万元。", "累计发放2860万元。"),
        ("开工2所。", "开工5所。", "建成3所。"),
    ]
    for number, (task, told) in enumerate(zip(TASKS, quarters, strict=True), 1):
        lines.append("\t".join((str(number), task, "市住建局", *told, "")))
    report = read("\n".join(lines).encode(), name="进展.txt")
    assert [row.status for row in report.rows] == [told[-1] for told in quarters]
    assert "columns_uncertain" not in {warning.code for warning in report.warnings}


def test_growth_below_a_result_is_no_progress() -> None:
    rows = [("地区生产总值", "300", "271.6", "6.1", "符合预期"), ("高新技术企业数", "60", "67", "17.5", "提前完成")]
    report = page("指标名称 目标 完成值 增长（%） 进展评价", rows, "青陂县2024年主要指标完成情况")
    assert [row.progress for row in report.rows] == [None, None]
    assert [row.progress_text for row in report.rows] == ["符合预期", "提前完成"]


def test_how_far_behind_the_calendar_is_progress_in_words() -> None:
    words = ("未达序时进度", "达到序时进度", "超序时进度")
    rows = [
        (str(i), task, "县住建局", done, word)
        for i, (task, done, word) in enumerate(zip(TASKS, DONE, words, strict=True), 1)
    ]
    report = page("序号 目标任务 责任单位 上半年落实情况 完成情况", rows)
    assert [row.status for row in report.rows] == list(DONE)
    assert [row.progress_text for row in report.rows] == list(words)


@pytest.mark.parametrize(("left", "told"), [(0, True), (1, False)], ids=["in charge", "taking part"])
def test_rows_for_which_no_body_is_in_charge_are_told(left: int, told: bool) -> None:
    bodies = [["县水利局", "县财政局"], ["县住建局", "县财政局"], ["县教育局", "县财政局"]]
    bodies[1][left] = ""
    rows = [(task, *two, done) for task, two, done in zip(TASKS, bodies, DONE, strict=True)]
    report = page("工作任务 牵头单位 配合单位 进展情况", rows)
    said = [warning.message for warning in report.warnings if warning.code == "units_empty"]
    assert bool(said) == told
    assert all("1" in message for message in said)
