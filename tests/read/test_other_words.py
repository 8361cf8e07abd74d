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


def test_where_nobody_can_tell_what_few_rows_share_the_document_is_held() -> None:
    rows = [["推进老旧小区改造", "完成8个小区"], [None, "惠及4600户居民"], ["新建城市绿道", "建成9公里"]]
    assert held(table("重点任务 年度目标 责任单位 完成情况", [[*row, "区住建局", WORK] for row in rows]))
