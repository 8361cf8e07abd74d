"""What stands in, above and beside tables of tasks besides tasks: counts, names, captions, notes, blank rows, totals."""

from __future__ import annotations

import pytest

from tasks.check import check, held_by
from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read import read

TITLE = "云汀区2024年三季度重点任务完成情况"
HEADINGS = ["序号", "重点任务", "责任单位", "完成情况"]
ROWS = [
    ["1", "新建绿道9公里", "区城管局", "已建成6公里，其余正在施工。"],
    ["2", "改造老旧小区8个", "区住建局", "已开工5个，其余正在办理手续。"],
    ["3", "新建养老中心3家", "区民政局", "正在装修。"],
]
OTHERS = [["1", "新增绿地12公顷", "区园林局", "新增9公顷。"], ["2", "修复湿地30亩", "区林业局", "修复21亩"]]


def table(headings: list[str], *rows: list[str]) -> str:
    def cell(text: str) -> str:
        return text if text.startswith("<td") else f"<td>{text}</td>"

    return "<table>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in (headings, *rows)) + "</table>"


def page(*parts: str) -> Report:
    return read(
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{''.join(parts)}</body></html>".encode()
    )


def told(report: Report) -> list[list[str]]:
    return [[str(row.seq), row.content or "", "、".join(row.units), row.status or ""] for row in report.rows]


def codes(report: Report) -> set[str]:
    return {warning.code for warning in report.warnings}


def remainder(report: Report) -> str:
    return "\n".join(report.text[start:end] for start, end in report.remainder)


COUNTS = {
    "bodies": table(
        ["责任单位", "任务数", "完成数", "完成率"], ["区城管局", "12", "9", "75%"], ["合计", "20", "17", "85%"]
    ),
    "numbered": table(
        ["序号", "单位", "总数", "已完成", "推进中", "完成率"],
        ["1", "区城管局", "12", "9", "3", "75%"],
        ["2", "区住建局", "8", "8", "0", "100%"],
    ),
}


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("first", [True, False])
def test_a_table_of_counts_is_left_over_beside_tasks(counts: str, first: bool) -> None:
    parts = [COUNTS[counts], table(HEADINGS, *ROWS)]
    report = page(*(parts if first else reversed(parts)))
    assert told(report) == ROWS
    assert "table_left_over" in codes(report)
    assert "75%" in remainder(report)


@pytest.mark.parametrize("counts", COUNTS)
def test_a_table_of_counts_alone_is_no_table_of_tasks(counts: str) -> None:
    with pytest.raises(JibaoError):
        page(COUNTS[counts])


def test_indicators_and_tasks_on_one_page_keep_their_own_columns() -> None:
    indicators = table(
        ["序号", "指标名称", "年度目标", "1-9月完成情况"], ["1", "地区生产总值", "增长6%", "同比增长5.1%"]
    )
    report = page("<p>附件1</p>", indicators, "<p>附件2</p>", table(HEADINGS, *ROWS))
    assert told(report) == [["1", "地区生产总值", "", "同比增长5.1%"], *ROWS]
    assert [row.table for row in report.rows] == [0, 1, 1, 1]


@pytest.mark.parametrize("names", [("工业经济", "生态环境"), ("一、工业经济", "二、生态环境")])
@pytest.mark.parametrize("mark", ["<p>{}</p>", "<p><strong>{}</strong></p>", "<h3>{}</h3>"])
def test_lines_above_like_tables_are_their_categories(names: tuple[str, str], mark: str) -> None:
    report = page(mark.format(names[0]), table(HEADINGS, *ROWS), mark.format(names[1]), table(HEADINGS, *OTHERS))
    assert [row.category for row in report.rows] == ["工业经济"] * 3 + ["生态环境"] * 2
    assert "工业经济" not in remainder(report)


@pytest.mark.parametrize("line", ["附件2", "单位：万元", "（2024年三季度）", "重点任务完成情况表"])
def test_other_lines_above_tables_name_no_category(line: str) -> None:
    report = page(f"<p>{line}</p>", table(HEADINGS, *ROWS), "<p>续表</p>", table(HEADINGS, *OTHERS))
    assert {row.category for row in report.rows} == {None}
    assert told(report) == [*ROWS, *OTHERS]


def test_a_category_above_the_table_gives_way_to_those_within() -> None:
    within = ["<td colspan=4>（二）生态环境</td>"]
    report = page("<p>（一）工业经济</p>", table(HEADINGS, *ROWS, within, *OTHERS))
    assert [row.category for row in report.rows] == ["工业经济"] * 3 + ["生态环境"] * 2


@pytest.mark.parametrize(
    "caption", ["图1 序号 重点任务 责任单位 完成情况", "序号 重点任务 责任单位 完成情况", "重点任务 责任单位 完成情况"]
)
@pytest.mark.parametrize("before", [True, False])
def test_a_caption_that_repeats_the_headings_is_no_table(caption: str, before: bool) -> None:
    parts = [f"<p>{caption}</p>", table(HEADINGS, *ROWS)]
    report = page(*(parts if before else reversed(parts)))
    assert told(report) == ROWS
    assert caption in remainder(report)


def test_blank_rows_and_rows_of_a_number_alone_are_no_tasks() -> None:
    blank = ["", "&nbsp;", "", ""]
    report = page(table(HEADINGS, ROWS[0], blank, *ROWS[1:], blank, ["4", "", "", ""], ["5", "", "", ""]))
    assert told(report) == ROWS
    assert "blank_row" in codes(report)
    assert "4" in remainder(report)


NOTES = [
    "*注：带★的为民生实事项目。",
    "※数据为初步统计数。",
    "说明：1.本表由各单位填报；2.数据未经审计。",
    "备注：带*任务为市级重点。",
    "填报人：王某　　审核人：李某　　联系电话：12345678",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("within", [True, False])
def test_notes_are_left_over_wherever_they_stand(note: str, within: bool) -> None:
    rows = [*ROWS, [f"<td colspan=4>{note}</td>"]] if within else ROWS
    report = page(table(HEADINGS, *rows), "" if within else f"<p>{note}</p>")
    assert told(report) == ROWS
    assert note[:6] in remainder(report)


TOTALS = [
    ["", "合计", "", ""],
    ["<td colspan=2>全区合计</td>", "", "已完成2项"],
    ["", "总 计", "", "完成率85%"],
    ["<td colspan=3>平均进度</td>", "85%"],
    ["", "总体完成率", "", "85%"],
]


@pytest.mark.parametrize("total", TOTALS)
def test_totals_are_no_tasks(total: list[str]) -> None:
    report = page(table(HEADINGS, *ROWS, total))
    assert told(report) == ROWS
    assert "total_row" in codes(report)


def test_work_that_begins_like_a_total_is_a_task() -> None:
    work = ["4", "全区平均降尘量控制在5吨以内", "区住建局", "平均降尘量4.2吨。"]
    assert told(page(table(HEADINGS, *ROWS, work))) == [*ROWS, work]


def test_a_row_that_spans_the_table_above_its_headings_is_no_part_of_them() -> None:
    headed = ["<td colspan=4>云汀区重点任务清单</td>"]
    report = page(table(headed, HEADINGS, *ROWS))
    assert told(report) == ROWS
    assert list(report.rows[0].cells) == HEADINGS


def test_such_pages_are_not_held() -> None:
    for report in (
        page("<p>工业经济</p>", table(HEADINGS, *ROWS), "<p>生态环境</p>", table(HEADINGS, *OTHERS)),
        page(table(HEADINGS, *ROWS, ["4", "", "", ""]), f"<p>{NOTES[0]}</p>"),
        page(COUNTS["bodies"], table(HEADINGS, *ROWS)),
    ):
        assert not held_by(check(report))


def test_a_table_beside_the_tasks_that_fits_no_columns_holds_the_document() -> None:
    rows = ["<tr><td>序号</td><td>目标任务</td><td>责任单位</td><td>完成情况</td></tr>"]
    rows += [
        f"<tr><td>{i}</td><td>新建农村公路{i}公里，改造桥梁{i}座</td><td>区交通局</td><td>已建成{i}公里。</td></tr>"
        for i in range(1, 7)
    ]
    more = [
        f"<tr><td>第{i}片区</td><td>管网</td><td>改造供水管网{i}公里，惠及居民{i}00户</td><td>区水务局</td>"
        f"<td>管网改造完成{i}公里，居民受益{i}00户。</td><td>李明</td></tr>"
        for i in range(1, 7)
    ]
    title = "<h1>云汀区2024年三季度重点任务完成情况</h1>"
    report = read(f"<html>{title}<table>{''.join(rows)}</table><table>{''.join(more)}</table></html>".encode())
    assert len(report.rows) == 6
    assert "table_read" in {found.name for found in held_by(check(report))}


def test_the_last_rows_of_a_table_in_other_columns_hold_the_document() -> None:
    rows = ["<tr><td>序号</td><td>目标任务</td><td>责任单位</td><td>完成情况</td></tr>"]
    rows += [
        f"<tr><td>{i}</td><td>新建农村公路{i}公里，改造桥梁{i}座</td><td>区交通局</td><td>已建成{i}公里。</td></tr>"
        for i in range(1, 7)
    ]
    rest = "<tr><td>7</td><td>改造供水管网7公里</td><td></td><td>区水务局</td><td>管网改造完成6公里。</td></tr>"
    title = "<h1>云汀区2024年三季度重点任务完成情况</h1>"
    report = read(f"<html>{title}<table>{''.join(rows)}</table><table>{rest}</table></html>".encode())
    assert len(report.rows) == 7 or "table_read" in {found.name for found in held_by(check(report))}
