"""Tasks whose fields stand below each other behind labels, in cells of their own or in one cell."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tasks.model import Report
from tasks.read import read
from tasks.read.errors import ColumnsNotUnderstood, RowsNotUnderstood
from tests.read.attachment_files import xlsx

TITLE = "禾川县2024年三季度重点任务推进情况"
TASKS = [
    ("1", "新建改建农村公路", "县交通局", "新建改建42公里", "已完成31公里。", "抓紧剩余路段施工。", "74%"),
    ("2", "新增公办幼儿园学位", "县教育局、各乡镇", "新增360个", "两所幼儿园主体封顶。", "", "55%"),
    ("3", "开展河道清淤", "县水利局", "清淤18公里", "清淤19公里。", "加强管护。", "100%"),
]
HEADINGS = ["序号", "重点任务", "责任单位"]
WANT = [[seq, content, unit, status, rate] for seq, content, unit, _, status, _, rate in TASKS]


def told(report: Report) -> list[list[str | None]]:
    return [[str(r.seq), r.content, "、".join(r.units), r.status, r.progress_text] for r in report.rows]


def page(lines: list[str]) -> Report:
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return read(f"<html><body><h1>{TITLE}</h1><table>{body}</table></body></html>".encode())


def cells(*texts: str, span: int = 1) -> str:
    return "".join(f"<td rowspan={span}>{text}</td>" for text in texts)


def fields(task: tuple[str, ...], labels: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(label, text) for label, text in zip(labels, task[3:6], strict=True) if text]


def stacked(labels: tuple[str, ...], top: str) -> list[str]:
    lines = [cells(*HEADINGS) + top + cells("完成率")]
    for task in TASKS:
        (label, text), *others = fields(task, labels)
        span = len(others) + 1
        lines.append(cells(*task[:3], span=span) + cells(label, text) + cells(task[6], span=span))
        lines += [cells(*other) for other in others]
    return lines


LABELS = [("年度目标", "进展情况", "下步措施"), ("年度计划：", "完成情况：", "存在问题：")]


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize(
    "top", ["<td colspan=2>目标及进展</td>", "<td>类别</td><td>具体情况</td>", "<td></td><td></td>"]
)
def test_labels_one_below_the_other(labels: tuple[str, ...], top: str) -> None:
    report = page(stacked(labels, top))
    assert told(report) == WANT
    assert report.rows[0].cells[labels[0].rstrip("：")] == TASKS[0][3]
    place = report.rows[1].status_at
    assert place is not None
    assert report.text[slice(*place)] == TASKS[1][4]


@pytest.mark.parametrize("repeated", [True, False])
def test_labels_of_a_sheet_without_merged_cells(repeated: bool) -> None:
    rows = [[TITLE], [*HEADINGS, "目标及进展", "", "完成率"]]
    for task in TASKS:
        for n, (label, text) in enumerate(fields(task, LABELS[0])):
            keys = [*task[:3]] if repeated or not n else [""] * 3
            rows.append([*keys, label, text, task[6] if repeated or not n else ""])
    assert told(read(xlsx(rows), name="table.xlsx")) == WANT


def test_sections_between_stacked_tasks() -> None:
    lines = stacked(LABELS[0], "<td colspan=2>目标及进展</td>")
    lines.insert(4, "<td colspan=6>二、民生</td>")
    lines.insert(1, "<td colspan=6>一、交通</td>")
    report = page(lines)
    assert told(report) == WANT
    assert [row.category for row in report.rows] == ["交通", "民生", "民生"]


def test_a_task_whose_rows_say_different_things_is_refused() -> None:
    lines = stacked(LABELS[0], "<td colspan=2>目标及进展</td>")
    lines[1] = lines[1].replace("<td rowspan=3>74%</td>", "<td>74%</td>")
    lines[2] += "<td>80%</td>"
    lines[3] += "<td></td>"
    with pytest.raises(RowsNotUnderstood):
        page(lines)


def test_a_row_without_a_label_is_refused() -> None:
    lines = stacked(LABELS[0], "<td colspan=2>目标及进展</td>")
    lines.append(cells("4", "整治排口", "县水利局") + "<td colspan=2>整治排口30处。</td><td>60%</td>")
    with pytest.raises(RowsNotUnderstood):
        page(lines)


def one_cell(first: str, second: str, between: str) -> list[str]:
    heads = cells("序号", "重点任务及完成情况", "责任单位", "完成率")
    return [heads, *(cells(t[0], f"{first}{t[1]}{between}{second}{t[4]}", t[2], t[6]) for t in TASKS)]


@pytest.mark.parametrize(("first", "second"), [("任务：", "落实情况："), ("【重点任务】", "【完成情况】")])
@pytest.mark.parametrize("between", ["<br>", "。<br>　　", " "])
def test_labels_inside_a_cell(first: str, second: str, between: str) -> None:
    report = page(one_cell(first, second, between))
    assert [[*row[:1], (row[1] or "").rstrip("。"), *row[2:]] for row in told(report)] == WANT


def test_labels_that_a_row_lacks_divide_no_cell() -> None:
    lines = one_cell("任务：", "落实情况：", "<br>")
    lines[2] = lines[2].replace("落实情况：", "")
    with pytest.raises(ColumnsNotUnderstood):
        page(lines)


@pytest.mark.parametrize("mark", ["（续表）", "续上表", "接上页"])
def test_a_mark_of_a_page_break_is_no_section(mark: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    heads = [*HEADINGS, "进展情况", "完成率"]
    rows = [[task[0], task[1], task[2], task[4], task[6]] for task in TASKS]
    for row in ([TITLE], heads, ["一、交通"], *rows[:2], [mark], heads, rows[2]):
        sheet.append(row)
    sheet.merge_cells("A6:E6")
    stream = io.BytesIO()
    book.save(stream)
    report = read(stream.getvalue(), name="table.xlsx")
    assert told(report) == WANT
    assert {row.category for row in report.rows} == {"交通"}


def test_problems_group_the_measures_against_them() -> None:
    heads = cells("序号", "反馈问题", "整改措施", "责任单位", "整改情况")
    lines = [heads, cells("1", "学习不够深入", span=2) + cells("制定学习计划", "县司法局", "已印发计划。")]
    lines += [cells("建立学习台账", "县司法局", "已建立台账。")]
    lines += [cells("2", "服务能力不足", span=2) + cells("选派骨干下沉", "县卫健局", "选派12名骨干。")]
    lines += [cells("改造业务用房", "县卫健局", "完成3处改造。")]
    report = page(lines)
    assert [row.category for row in report.rows] == ["学习不够深入"] * 2 + ["服务能力不足"] * 2
    assert [row.content for row in report.rows] == ["制定学习计划", "建立学习台账", "选派骨干下沉", "改造业务用房"]
