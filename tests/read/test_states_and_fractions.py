"""Words for the state of the work beside an account of it, and rates printed as fractions of 1."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tasks.model import Report
from tasks.read import read

TITLE = "云汀区2024年三季度重点任务落实情况"


def page(*tables: list[list[str]]) -> bytes:
    made = "".join(
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in table)
        + "</table>"
        for table in tables
    )
    return f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{made}</body></html>".encode()


def paragraphs(table: list[list[str]]) -> bytes:
    return "\n\n".join([TITLE, *(text for row in table for text in row if text)]).encode()


TOLD = [
    ["新建口袋公园6处", "区城管局", "已建成4处，其余2处正在铺装，预计11月完工。", "正在推进"],
    ["完成老旧电梯更新30台", "区市场监管局", "30台电梯全部更新完毕并通过检验。", "已完成"],
    ["开展食品安全“你点我检”活动", "区市场监管局", "已开展活动12场，抽检430批次，合格率99.1%。", "长期坚持"],
    ["建设社区助餐点9个", "区民政局", "已建成8个，剩余1个正在办理消防手续。", "正在办理"],
    ["开通微循环公交2条", "区交通运输局", "9月12日两条线路同时开通运行。", "已办结"],
]


@pytest.mark.parametrize("heading", ["办理状态", "完成状态", "目前状态", "推进状态"])
@pytest.mark.parametrize("account", ["办理情况", "工作进展", "落实成效"])
def test_words_for_the_state_stand_for_the_rate_beside_an_account(heading: str, account: str) -> None:
    table = [["序号", "任务内容", "责任单位", account, heading]]
    table += [[str(number), *row] for number, row in enumerate(TOLD, 1)]
    for file in (page(table), paragraphs(table)):
        rows = read(file).rows
        assert [(row.status, row.progress_text, row.progress) for row in rows] == [(t[2], t[3], None) for t in TOLD]


def test_words_for_the_state_are_the_status_where_nothing_else_tells() -> None:
    rows = read(
        page([["序号", "任务内容", "责任单位", "完成状态"]] + [[str(i), *t[:2], t[3]] for i, t in enumerate(TOLD)])
    ).rows
    assert [(row.status, row.progress_text) for row in rows] == [(t[3], None) for t in TOLD]


def test_states_of_a_quarter_before_do_not_stand_for_the_rate() -> None:
    table = [["序号", "任务内容", "责任单位", "二季度状态", "三季度进展情况"]]
    table += [[str(i), *t[:2], t[3], t[2]] for i, t in enumerate(TOLD)]
    assert {row.progress_text for row in read(page(table)).rows} == {None}


def test_rates_stand_before_words_for_the_state() -> None:
    table = [["序号", "任务内容", "责任单位", "办理情况", "办理状态", "完成率"]]
    table += [[str(i), *t, f"{60 + 5 * i}%"] for i, t in enumerate(TOLD)]
    assert [row.progress for row in read(page(table)).rows] == [Decimal(60 + 5 * i) for i in range(len(TOLD))]


def test_states_in_a_dump_are_rates_among_rates() -> None:
    words = ["已完成", "80%", "按序时推进", "长期坚持", "100%"]
    table = [["任务类别", "编号", "工作任务", "责任单位", "完成时限", "落实成效", "进度"]]
    for number, (row, word) in enumerate(zip(TOLD, words, strict=True)):
        group = {0: "城市品质", 3: "民生服务"}.get(number, "")
        table.append([group, f"{1 + (number > 2)}-{number % 3 + 1}", *row[:2], "12月底前", row[2].rstrip("。"), word])
    rows = read(paragraphs(table)).rows
    assert [row.progress_text for row in rows] == words
    assert [row.category for row in rows] == ["城市品质"] * 3 + ["民生服务"] * 2


def rates(*columns: list[str], heading: str = "完成度") -> Report:
    tables = [
        [["任务", "责任单位", "实施进展", heading]] + [[*row[:3], rate] for row, rate in zip(TOLD, column, strict=True)]
        for column in columns
    ]
    return read(page(*tables))


@pytest.mark.parametrize("heading", ["完成度", "完成率", "达成度", "实现度"])
def test_ones_among_fractions_are_wholes(heading: str) -> None:
    report = rates(["1", "1", "0.85", "1", "1.04"], heading=heading)
    assert [row.progress for row in report.rows] == [100, 100, 85, 100, 104]
    assert any(warning.code == "fractions_as_percent" for warning in report.warnings)


def test_the_parts_of_a_table_print_their_rates_alike() -> None:
    first = [["任务", "责任单位", "实施进展", "完成度"]] + [
        [*t[:3], r] for t, r in zip(TOLD, ["1", "0.9", "0.75", "1", "1"], strict=True)
    ]
    other = [["任务", "责任单位", "实施进展", "完成度"]]
    other += [[f"{t[0]}（二期）", *t[1:3], r] for t, r in zip(TOLD, ["1.06", "1", "1", "1", "1"], strict=True)]
    report = read(page(first, other))
    assert [row.progress for row in report.rows] == [100, 90, 75, 100, 100, 106, 100, 100, 100, 100]


def test_small_numbers_beside_large_ones_are_none() -> None:
    assert [row.progress for row in rates(["0.9", "75", "60", "1.04", "80"]).rows] == [None] * 5


def test_a_fraction_among_percentages_counts_where_the_row_tells_it_as_one() -> None:
    report = rates(["80%", "100%", "0.991", "0.8", "100%"])
    assert [row.progress for row in report.rows] == [80, 100, Decimal("99.1"), None, 100]


def test_categories_of_indicators_may_be_named_by_what_is_assessed() -> None:
    groups = ["经济发展", "经济发展", "生态文明", "生态文明"]
    for heading in ("考核类别", "评价维度", "考核领域", "考核板块"):
        table = [[heading, "序号", "指标名称", "计量单位", "年度目标", "1-9月完成情况", "责任部门"]]
        table += [
            [group, str(i), f"{name}", "亿元", "520", "378.6", "区统计局"]
            for i, (group, name) in enumerate(
                zip(groups, ["地区生产总值", "财政收入", "用水总量", "碳排放量"], strict=True)
            )
        ]
        assert [row.category for row in read(page(table)).rows] == groups, heading


@pytest.mark.parametrize("heading", ["完成情况", "状态", "进度状态", "工作状态（办结/推进中/滞后）"])
def test_bare_words_for_the_state(heading: str) -> None:
    words = ["推进中", "办结", "办结", "滞后", "推进中"]
    table = [["序号", "任务内容", "责任人单位", "落实情况", heading]]
    table += [[str(i), *row[:3], word] for i, (row, word) in enumerate(zip(TOLD, words, strict=True), 1)]
    for file in (page(table), paragraphs(table)):
        rows = read(file).rows
        assert [(row.status, row.progress_text) for row in rows] == [
            (row[2], word) for row, word in zip(TOLD, words, strict=True)
        ]
        # Bodies below a heading of persons are those that answer, where no other column names any.
        assert [row.units for row in rows] == [(row[1],) for row in TOLD]


def test_cells_below_headings_that_nobody_knows_are_not_passed_over() -> None:
    table = [["编号", "办什么", "谁来办", "办得怎样", "办到哪步"]]
    table += [[str(i), *row] for i, row in enumerate(TOLD, 1)]
    report = read(paragraphs(table))
    assert not report.rows
    assert any(warning.code == "table_not_read" for warning in report.warnings)


@pytest.mark.parametrize("grades", [("A类（已解决）", "B类（正在解决）"), ("A类", "B类"), ("甲等", "乙等(待办)")])
def test_a_grade_of_the_result_stands_beside_the_account_of_it(grades: tuple[str, str]) -> None:
    table = [["序号", "建议标题", "承办单位", "办理进展", "办理结果"]]
    table += [[str(number), *row[:3], grades[number % 2]] for number, row in enumerate(TOLD, 1)]
    report = read(page(table))
    assert [row.status for row in report.rows] == [row[2] for row in TOLD]
    assert [row.progress_text for row in report.rows] == [grades[number % 2] for number in range(1, 6)]
