"""Notes below tables, names of sections between rows of text, signs for nothing, bodies a line each."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest

from tasks.model import Report
from tasks.read import read
from tasks.read.tables.cells import read_units

TITLE = "望川县2024年三季度重点任务完成情况"
HEADINGS = ["序号", "重点任务", "责任单位", "完成情况"]
ROWS = [
    ["1", "新建改建农村公路86公里", "县交通运输局", "完成路基71公里"],
    ["2", "改造老旧小区14个", "县住房和城乡建设局", "开工14个，完工9个"],
    ["3", "新增停车位600个", "县城市管理局", "新增停车位412个"],
]


def remainder(report: Report) -> str:
    return "\n".join(report.text[start:end] for start, end in report.remainder)


def workbook(*notes: str, merged: bool = True) -> Report:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([TITLE], HEADINGS, *ROWS, *([note] for note in notes)):
        sheet.append(row)
    for number in (1, *range(len(ROWS) + 3, len(ROWS) + 3 + len(notes)))[: None if merged else 1]:
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(HEADINGS))
    made = BytesIO()
    book.save(made)
    return read(made.getvalue(), name="table.xlsx")


def page(*notes: str) -> Report:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEADINGS, *ROWS))
    below = "".join(f"<tr><td colspan=4>{note}</td></tr>" for note in notes)
    return read(f"<html><body><h1>{TITLE}</h1><table>{rows}{below}</table></body></html>".encode())


def unmerged(*notes: str) -> Report:
    return workbook(*notes, merged=False)


NOTES = {
    "counted": ["注：1.公路里程以验收为准。", "2.停车位含机关开放车位。", "3.“—”表示不反馈。"],
    "named alone": ["说明：", "1.公路里程以验收为准。", "2.停车位含机关开放车位"],
    "more below": ["备注：公路里程以验收为准。", "停车位含机关开放车位，不含路内泊位。"],
    "label without colon": ["说明", "1.公路里程以验收为准", "2.停车位含机关开放车位"],
    "a sentence": ["数据由各责任单位报送，以统计部门公布为准。"],
    "unnamed": ["1.公路里程以验收为准。", "2.停车位含机关开放车位。"],
}


@pytest.mark.parametrize("make", [workbook, unmerged, page])
@pytest.mark.parametrize("notes", NOTES.values(), ids=NOTES)
def test_rows_of_notes_are_no_part_of_the_last_task(notes: list[str], make: Callable[..., Report]) -> None:
    report = make(*notes)
    assert [[row.content, row.status] for row in report.rows] == [[row[1], row[3]] for row in ROWS]
    assert all(note in remainder(report) for note in notes)


def test_a_point_counted_on_below_the_table_row_is_part_of_it() -> None:
    rows = [*ROWS[:2], ["3", "新增停车位600个", "县城市管理局", "1.新增停车位412个；"]]
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEADINGS, *rows))
    rest = "<tr><td colspan=4>2.其余泊位正在划线。</td></tr>"
    report = read(f"<html><body><h1>{TITLE}</h1><table>{lines}{rest}</table></body></html>".encode())
    assert (report.rows[-1].status or "").endswith("2.其余泊位正在划线。")


def test_a_note_below_labelled_records_is_no_status() -> None:
    records = [
        line
        for number, task, body, status in ROWS
        for line in (f"{number}.任务：{task}。", f"责任单位：{body}", f"完成情况：{status}。")
    ]
    report = read(
        "\n".join([TITLE, *records, "注：数据由各单位报送。", "停车位含机关开放车位。"]).encode(), name="a.txt"
    )
    assert [row.status for row in report.rows] == [f"{row[3]}。" for row in ROWS]
    assert "数据由各单位报送" in remainder(report)


PARTS = {
    "一、交通先行行动": [["新建改建农村公路86公里。", "县交通运输局", "开工40公里。", "完成路基71公里。"]],
    "二、城市更新行动": [
        ["改造老旧小区14个。", "县住房和城乡建设局", "开工14个。", "完工9个，其余正在施工。"],
        ["新增停车位600个。", "县城市管理局", "完成选址。", "新增停车位412个。"],
    ],
    "三、绿色发展行动": [["营造林4.2万亩。", "县林业局", "完成整地1.1万亩。", "完成造林3.6万亩，补植0.4万亩。"]],
}


def test_each_part_of_a_table_a_cell_a_line_has_its_own_heading() -> None:
    headings = ["工作任务", "责任单位", "推进情况", "二季度", "三季度"]
    told = [text for name, rows in PARTS.items() for text in (name, *headings, *(c for row in rows for c in row))]
    report = read("\n\n".join(["望川县2024年重点工作推进情况", *told, "注：本表按季度更新。"]).encode(), name="a.txt")
    assert [(row.category, row.content, row.status) for row in report.rows] == [
        (name[2:], row[0], row[3]) for name, rows in PARTS.items() for row in rows
    ]


def test_a_sign_for_nothing_is_a_cell_of_its_own() -> None:
    headings = ["序号", "实事项目", "责任单位", "配合单位", "进展情况"]
    rows = [
        ["1", "改造农村中小学食堂32所", "县教育局", "县市场监管局、县财政局", "完工30所，剩余2所正在装修"],
        ["2", "适龄妇女两癌筛查2000人", "县卫生健康局", "/", "筛查2016人，筛查率98.4%"],
        ["3", "新增城镇就业3500人", "县人力资源社会保障局", "/", "新增就业3528人"],
        ["4", "新建社区食堂6家", "县民政局", "县商务局", "建成5家，1家正在装修"],
        ["5", "改造危旧房120户", "县住房城乡建设局", "—", "开工120户，竣工97户"],
    ]
    told = [TITLE, *headings, *(cell for row in rows for cell in row)]
    report = read("\n".join(told).encode(), name="a.txt")
    assert [(row.content, row.status) for row in report.rows] == [(row[1], row[4]) for row in rows]
    assert [row.units for row in report.rows][1:3] == [("县卫生健康局",), ("县人力资源社会保障局",)]


SECTIONS = {"扩大有效投资": ROWS[:2], "办好民生实事": ROWS[2:]}
DIVIDED = {
    "tabs": "\t".join,
    "pipes": " | ".join,
    "closed pipes": lambda row: f"| {' | '.join(row)} |",
    "blanks": "    ".join,
}


@pytest.mark.parametrize(
    ("line", "before"),
    [(name, before) for name in DIVIDED for before in ("（一）", "一、", "") if before or name in {"tabs", "pipes"}],
)
def test_names_of_sections_on_lines_of_their_own(line: str, before: str) -> None:
    divided = DIVIDED[line]
    rows = [line for name, rows in SECTIONS.items() for line in (before + name, *map(divided, rows))]
    report = read("\n".join([TITLE, divided(HEADINGS), *rows, "备注：季报。"]).encode(), name="a.txt")
    assert [(row.category, row.content, row.status) for row in report.rows] == [
        (name, row[1], row[3]) for name, rows in SECTIONS.items() for row in rows
    ]


@pytest.mark.parametrize("sign", ["/", "无", "—"])
def test_bodies_that_take_part_are_units_though_most_rows_have_none(sign: str) -> None:
    rows = [[*row[:3], taking, row[3]] for row, taking in zip(ROWS, (sign, "县财政局", sign), strict=True)]
    lines = [[*HEADINGS[:3], "配合单位", HEADINGS[3]], *rows]
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in lines)
    report = read(f"<html><body><h1>{TITLE}</h1><table>{made}</table></body></html>".encode())
    assert [row.units for row in report.rows] == [(ROWS[0][2],), (ROWS[1][2], "县财政局"), (ROWS[2][2],)]


def test_names_of_sections_below_two_levels_of_headings() -> None:
    lines = [
        TITLE,
        "序号\t指标名称\t计量单位\t年度目标\t1—9月\t责任单位",
        "完成情况\t完成年度目标比例\t同比增长",
        "（一）综合",
        "1\t地区生产总值\t亿元\t238.6\t172.74\t72.4%\t4.9%\t县发展改革局、县统计局",
        "2\t一般公共预算收入\t亿元\t6.83\t5.02\t73.5%\t3.6%\t县财政局",
        "（二）工业",
        "3\t规模以上工业总产值\t亿元\t145\t108.33\t74.7%\t7.5%\t县工业和信息化局",
        "4\t工业投资\t亿元\t18.5\t9.36\t50.6%\t-12.1%\t县工业和信息化局",
    ]
    report = read("\n".join(lines).encode(), name="a.txt")
    assert [(row.category, row.content, row.units[0]) for row in report.rows] == [
        ("综合", "地区生产总值", "县发展改革局"),
        ("综合", "一般公共预算收入", "县财政局"),
        ("工业", "规模以上工业总产值", "县工业和信息化局"),
        ("工业", "工业投资", "县工业和信息化局"),
    ]
    assert [str(row.progress) for row in report.rows] == ["72.4", "73.5", "74.7", "50.6"]


@pytest.mark.parametrize("body", ["白云岭林场", "红旗农场", "国家统计局望川调查队", "县实验小学", "恒暖热力公司"])
def test_bodies_a_line_each(body: str) -> None:
    assert read_units(f"县农业农村局\n{body}") == ("县农业农村局", body)


def test_an_index_number_before_a_label_that_is_not_known() -> None:
    block = "<dl><dt>索引号</dt><dd>006318000/2024-20117</dd><dt>流水标识</dt><dd></dd></dl>"
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEADINGS, *ROWS))
    text = f"<html><body>{block}<h1>{TITLE}</h1><table>{made}</table></body></html>"
    assert read(text.encode()).meta.index_number == "006318000/2024-20117"
