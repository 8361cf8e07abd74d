"""Columns headed by words that nobody foresaw, and tasks that few rows share: read by what stands there, or held."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tasks.check import check, held_by
from tasks.model import Report
from tasks.read import read
from tasks.read.errors import ColumnsNotUnderstood

DONE = ["已建成6公里，其余正在施工。", "已开工5个，其余正在办理手续。", "正在装修。"]
TASKS = ["新建绿道9公里", "改造老旧小区8个", "新建养老中心3家以上"]
BODIES = ["区城管局", "区住建局", "区民政局"]


def table(headings: str, rows: Sequence[Sequence[str | None]]) -> Report:
    """A page with one table; None: the cell above goes on."""
    lines = ["".join(f"<td>{heading}</td>" for heading in headings.split())]
    for i, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row):
            high = 1
            while i + high < len(rows) and rows[i + high][column] is None:
                high += 1
            cells += [f"<td rowspan={high}>{text}</td>"] if text is not None else []
        lines.append("".join(cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    title = "云汀区2024年三季度重点任务"
    return read(f"<html><body><h1>{title}</h1><table>{body}</table></body></html>".encode())


def held(report: Report) -> bool:
    return bool(held_by(check(report)))


@pytest.mark.parametrize("heading", ["三季度", "截至9月底", "工作亮点", "回音壁", "销号台账", "督查意见"])
def test_the_only_account_of_the_works_is_the_status_whatever_it_is_called(heading: str) -> None:
    for headings, rest in (("序号 任务 责任单位 ", ()), ("序号 任务 责任单位 完成率 ", ("75%",))):
        rows = [[str(i), t, b, *rest, d] for i, (t, b, d) in enumerate(zip(TASKS, BODIES, DONE, strict=True), 1)]
        report = table(headings + heading, rows)
        assert [row.status for row in report.rows] == DONE
        assert "unknown_heading" in {warning.code for warning in report.warnings}


def test_two_accounts_below_unknown_words_are_refused_or_held() -> None:
    rows = [[str(i), t, d, d] for i, (t, d) in enumerate(zip(TASKS, DONE, strict=True), 1)]
    with pytest.raises(ColumnsNotUnderstood):
        table("序号 任务 回音壁 亮点", rows)
    assert held(table("序号 任务 回音壁 亮点 完成率", [[*row, "75%"] for row in rows]))


WORK = "正在施工。"


@pytest.mark.parametrize(
    ("headings", "rows", "category", "content"),
    [
        (
            "重点任务 年度目标 责任单位 完成情况",
            [["产业提质", "新增规上工业企业18家"], [None, "开工亿元项目6个"], ["民生保障", "新建养老中心3家"]],
            ["产业提质", "产业提质", "民生保障"],
            ["新增规上工业企业18家", "开工亿元项目6个", "新建养老中心3家"],
        ),
        (
            "实事项目 年度任务 责任单位 完成情况",
            [["老旧小区改造", "改造小区8个，惠及4600户居民"], ["老旧小区改造", "加装电梯60台，改造管网18公里"]],
            ["老旧小区改造", "老旧小区改造"],
            ["改造小区8个，惠及4600户居民", "加装电梯60台，改造管网18公里"],
        ),
        (
            "重点任务 年度目标 责任单位 完成情况",
            [["推进老旧小区改造提升", "8个"], [None, "惠及460户"], ["新建城市滨水绿道", "9公里"]],
            [None] * 3,
            ["推进老旧小区改造提升", "推进老旧小区改造提升", "新建城市滨水绿道"],
        ),
    ],
)
def test_tasks_that_few_rows_share(
    headings: str, rows: list[list[str | None]], category: list[str | None], content: list[str]
) -> None:
    report = table(headings, [[*row, "区住建局", WORK] for row in rows])
    assert [row.category for row in report.rows] == category
    assert [row.content for row in report.rows] == content
    assert not held(report)


def test_requirements_of_tasks_that_group_them_are_what_is_promised() -> None:
    told = ["新增规上工业企业18家", "开工亿元以上项目6个", "新建养老中心3家以上", "新增学位1200个"]
    rows = [
        [name, text, "区住建局", WORK] for name, text in zip(["产业提质", None, "民生保障", None], told, strict=True)
    ]
    report = table("工作任务 工作要求 责任单位 完成情况", rows)
    assert [row.content for row in report.rows] == told
    assert [row.category for row in report.rows] == ["产业提质", "产业提质", "民生保障", "民生保障"]


def test_where_nobody_can_tell_what_few_rows_share_the_document_is_held() -> None:
    rows = [["推进老旧小区改造", "完成8个小区"], [None, "惠及4600户居民"], ["新建城市绿道", "建成9公里"]]
    assert held(table("重点任务 年度目标 责任单位 完成情况", [[*row, "区住建局", WORK] for row in rows]))


@pytest.mark.parametrize(
    "names", [("一、产业类", "二、民生类"), ("产业类", "民生类"), ("产业类（2个）", "民生类（1个）")]
)
def test_a_cell_over_number_and_name_with_sums_behind_it_names_a_section(names: tuple[str, str]) -> None:
    """The cell of each section spans the columns of numbers, names and amounts."""

    def section(name: str, share: str) -> str:
        return f"<tr><td colspan=3>{name}</td><td>9000</td><td>{share}</td><td></td></tr>"

    headings = ["序号", "项目名称", "性质", "年度投资", "完成率", "形象进度"]
    tasks = [
        f"<tr><td>{i}</td><td>{name}</td><td>新建</td><td>3000</td><td>75%</td><td>{done}</td></tr>"
        for i, (name, done) in enumerate(zip(("食品产业园", "城东新材料", "第二水厂"), DONE, strict=True), 1)
    ]
    body = [section(names[0], "87.8%"), *tasks[:2], section(names[1], "82.3%"), tasks[2]]
    head = "<tr>" + "".join(f"<td>{heading}</td>" for heading in headings) + "</tr>"
    page = f"<html><body><h1>云汀区2024年1—10月重点项目进度表</h1><table>{head}{''.join(body)}</table></body></html>"
    report = read(page.encode())
    assert [row.content for row in report.rows] == ["食品产业园", "城东新材料", "第二水厂"]
    assert [row.category for row in report.rows] == [name.split("、")[-1] for name in (names[0], *names)]
    assert [row.progress_text for row in report.rows] == ["75%"] * 3


def test_the_nature_of_indicators_is_neither_their_name_nor_their_group() -> None:
    rows = [
        ["经济", "地区生产总值", "预期性", "120", "91.2", "5.6"],
        [None, "固定资产投资", "预期性", "70", "52.1", "4.4"],
        ["生态", "优良天数", "约束性", "330", "251", "/"],
        [None, "森林覆盖率", "约束性", "42", "42.3", "/"],
    ]
    for nature in ("指标类型", "指标属性", "类型"):
        report = table(f"领域 指标 {nature} 年度目标 前三季度/完成 前三季度/同比", rows)
        assert [row.content for row in report.rows] == [row[1] for row in rows]
        assert [row.category for row in report.rows] == ["经济", "经济", "生态", "生态"]
        assert [row.status for row in report.rows] == [row[4] for row in rows]


def test_an_amount_below_a_time_is_told_with_its_growth() -> None:
    rows = [["地区生产总值", "120", "91.2", "5.6"], ["财政收入", "12", "9.4", "3.1"]]
    report = table("指标 年度目标 前三季度/总量 前三季度/同比", rows)
    assert [row.status for row in report.rows] == ["总量:91.2;同比:5.6", "总量:9.4;同比:3.1"]


SOON = ["路面完成7公里，绿化尚未开始。", "累计改造6个。", "二次装修收尾。"]


def test_of_quarters_without_a_heading_above_the_newest_told_is_the_status() -> None:
    rows = [list(row) for row in zip(TASKS, BODIES, DONE, SOON, strict=True)]
    report = table("重点任务 责任单位 二季度 三季度", rows)
    assert [row.status for row in report.rows] == SOON


def test_a_later_quarter_that_may_be_planned_is_never_passed_over_in_silence() -> None:
    plans = ["绿化工程及附属设施", "剩余小区外立面", "软装及消防设备"]
    rows = [list(row) for row in zip(TASKS, BODIES, DONE, DONE, plans, strict=True)]
    report = table("重点任务 责任单位 二季度 三季度 四季度", rows)
    assert [row.status for row in report.rows] == plans or held(report)
