"""What cells hold besides their own matter, and what notes and neighbours say of them."""

from __future__ import annotations

import pytest

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read import read
from tasks.read.attachments.remarks import opening_below_number
from tasks.read.errors import ColumnsNotUnderstood
from tasks.read.tables.cells import read_category, read_units

TITLE = "云溪区2031年三季度重点工作推进情况"


def table(*rows: tuple[str, ...], below: str = "", above: str = "") -> Report:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return read(f"<html><body><h1>{TITLE}</h1>{above}<table>{body}</table>{below}</body></html>".encode())


def test_bodies_in_brackets_behind_promises_answer_for_them() -> None:
    report = table(
        ("序号", "工作内容", "完成情况"),
        ("1", "新建公园3个（区城管局、区住建局）", "已建成2个。"),
        ("2", "免费体检8万人（区卫健局，各乡镇（街道））", "已体检6万人。"),
        ("3", "改造小区9个（含续建2个）", "已改造5个。"),
        ("4", "增加学位900个（区教育局）", "已增加600个。"),
    )
    assert [row.units for row in report.rows] == [
        ("区城管局", "区住建局"),
        ("区卫健局", "各乡镇（街道）"),
        (),
        ("区教育局",),
    ]
    assert [row.content for row in report.rows][2:] == ["改造小区9个（含续建2个）", "增加学位900个"]


def test_places_in_brackets_stay_with_the_promise() -> None:
    rows = [
        ("1", "新建文化广场（城东街道）", "已建成。"),
        ("2", "新建文化广场（桥头镇）", "正在施工。"),
        ("3", "新建文化广场（柳河镇）", "正在施工。"),
    ]
    report = table(("序号", "工作内容", "完成情况"), *rows)
    assert [(row.content, row.units) for row in report.rows] == [(row[1], ()) for row in rows]


@pytest.mark.parametrize(("third", "numbered"), [("3.增加学位900个", True), ("8.增加学位900个", False)])
def test_numbers_before_promises_count_them(third: str, numbered: bool) -> None:
    report = table(
        ("工作内容", "责任单位", "完成情况"),
        ("1.新建公园3个", "区城管局", "已建成2个。"),
        ("2.免费体检8万人", "区卫健局", "已体检6万人。"),
        (third, "区教育局", "已增加600个。"),
    )
    assert [row.seq for row in report.rows] == ([1, 2, 3] if numbered else [None, None, None])
    assert (report.rows[0].content == "新建公园3个") == numbered


@pytest.mark.parametrize("line", ["（三）城乡建设", "③第三幼儿园。完成装修，预计11月底竣工。"])
def test_a_sentence_with_a_number_names_no_category(line: str) -> None:
    one = table(("项目名称", "责任单位", "进展情况"), ("食堂改造", "区教育局", "已完成10所。"), above=f"<p>{line}</p>")
    assert [row.category for row in one.rows] == ["城乡建设" if "城乡" in line else None]


@pytest.mark.parametrize("note", ["注：责任单位栏空白的，与上一行相同。", "注：责任单位以区政府文件为准。"])
def test_blanks_mean_what_a_note_says(note: str) -> None:
    report = table(
        ("序号", "工作内容", "责任单位", "完成情况"),
        ("1", "新建公园3个", "区城管局", "已建成2个。"),
        ("2", "修缮步道8公里", "", "已修缮6公里。"),
        ("3", "增加学位900个", "区教育局", "已增加600个。"),
        below=f"<p>{note}</p>",
    )
    assert report.rows[1].units == (("区城管局",) if "空白" in note else ())


@pytest.mark.parametrize(
    ("heading", "told", "text"),
    [
        ("进度评价", "滞后", "滞后"),
        ("亮灯情况", "●黄灯", "●黄灯"),
        ("是否完成", "√", "√"),
        ("是否满意", "是", None),
        ("督查认定", "基本完成", "基本完成"),
        ("办理结果", "B", "B"),
        ("评价得分", "92.5", None),
    ],
)
def test_a_finding_stands_for_how_far_the_work_is(heading: str, told: str, text: str | None) -> None:
    report = table(
        ("序号", "工作内容", "责任单位", "推进情况", heading),
        ("1", "新建公园3个", "区城管局", "已建成2个，另1个正在施工。", told),
        ("2", "免费体检8万人", "区卫健局", "已体检6万人，其余11月完成。", told),
        ("3", "增加学位900个", "区教育局", "已增加600个，两所学校在建。", told),
    )
    assert {row.progress_text for row in report.rows} == {text}
    assert all(row.progress is None for row in report.rows)


def test_targets_below_two_levels_of_names_are_the_promises() -> None:
    rows = [
        ("生态", "水污染防治", "建成污水处理厂2座", "区住建局", "1座已通水。"),
        ("生态", "水污染防治", "整治河道18公里", "区水利局", "已整治12公里。"),
        ("生态", "大气污染防治", "淘汰锅炉40台", "区环境局", "已淘汰35台。"),
        ("民生", "教育", "增加学位900个", "区教育局", "已增加600个。"),
        ("民生", "教育", "改造食堂28所", "区教育局", "已改造20所。"),
    ]
    report = table(("类别", "重点事项", "年度目标", "责任单位", "进展情况"), *rows)
    assert [(row.category, row.content) for row in report.rows] == [(row[0], row[2]) for row in rows]


@pytest.mark.parametrize(
    "other",
    [
        [("单位", "联系人", "电话"), ("区教育局", "刘老师", "0000-1111111"), ("区民政局", "郭科长", "0000-2222222")],
        [("序号", "企业名称", "类别"), ("1", "云溪水务公司", "公益类"), ("2", "云溪城投集团", "商业类")],
    ],
)
def test_names_and_numbers_beside_the_tasks_are_left_over(other: list[tuple[str, ...]]) -> None:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in other)
    report = table(
        ("序号", "工作内容", "责任单位", "完成情况"),
        ("1", "新建公园3个", "区城管局", "已建成2个。"),
        ("2", "修缮步道8公里", "区住建局", "已修缮6公里。"),
        below=f"<p>附表</p><table>{cells}</table>",
    )
    assert len(report.rows) == 2
    assert "table_left_over" in {warning.code for warning in report.warnings}


def test_rows_pasted_from_a_sheet_keep_cells_of_several_lines() -> None:
    text = (
        f'{TITLE}\n序号\t工作内容\t"责任\n单位"\t完成情况\n'
        '1\t"新建公园3个\n（含口袋公园）"\t区城管局\t"已建成2个。\n另1个在建。"\n'
        "2\t修缮步道8公里\t区住建局\t已修缮6公里。\n"
    )
    report = read(text.encode(), name="a.txt")
    assert [(row.seq, row.content, row.status) for row in report.rows] == [
        (1, "新建公园3个\n（含口袋公园）", "已建成2个。\n另1个在建。"),
        (2, "修缮步道8公里", "已修缮6公里。"),
    ]


@pytest.mark.parametrize(
    ("printed", "units"),
    [
        ("投资发展部\n战略规划部", ("投资发展部", "战略规划部")),
        ("教务处\n九年级组", ("教务处", "九年级组")),
        ("总务处\n信息中心", ("总务处", "信息中心")),
        ("党政综合办 护理部", ("党政综合办", "护理部")),
        ("重点项目指挥部\n办公室", ("重点项目指挥部办公室",)),
        ("市生态环境局\n云溪分局", ("市生态环境局云溪分局",)),
        ("县人力资源和社会\n保障局", ("县人力资源和社会保障局",)),
        ("综合行政\n执法办", ("综合行政执法办",)),
    ],
)
def test_parts_of_a_body_stand_on_lines_of_their_own(printed: str, units: tuple[str, ...]) -> None:
    assert read_units(printed) == units


@pytest.mark.parametrize("printed", ["二、城乡建设（续）", "城乡建设(续表)", "（二）城乡建设（续2）"])
def test_a_category_that_goes_on_is_the_same(printed: str) -> None:
    assert read_category(printed) == "城乡建设"


def test_projects_below_a_heading_nobody_knows_are_not_left_over() -> None:
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in (
            ("序号", "项目名称", "责任单位", "现况"),
            ("1", "东湖公园", "区城管局", "主体施工"),
            ("2", "北桥医院", "区卫健局", "装修"),
        )
    )
    try:
        report = table(
            ("序号", "工作内容", "责任单位", "完成情况"),
            ("1", "修缮步道8公里", "区住建局", "已修缮6公里。"),
            below=f"<table>{cells}</table>",
        )
    except ColumnsNotUnderstood:
        return
    assert len(report.rows) == 3


@pytest.mark.parametrize("above", ["云溪区人民政府督查室", "关于重点工作落实情况的通报"])
def test_what_stands_above_a_document_number_is_the_paper_or_the_title(above: str) -> None:
    lines = [above, "云政督〔2031〕7号", "各镇人民政府：", "附表"]
    assert opening_below_number(lines) == (0 if "通报" in above else 1)


@pytest.mark.parametrize("numbered", [True, False])
def test_a_name_with_an_ordinal_and_figures_is_a_section_only_among_numbered_tasks(numbered: bool) -> None:
    rows = [("二、社会消费", "", "6%", "4.1%"), ("三、外贸出口", "", "3%", "2.7%")]
    if numbered:
        rows = [
            ("1", "新建公园", "3个", "已建成2个"),
            ("2", "修缮步道", "8公里", "已修缮6公里"),
            ("二、民生", "", "9", "8"),
        ]
    try:
        report = table(
            ("序号", "工作内容", "年度目标", "完成情况"),
            ("3" if numbered else "一、生产总值", "甲" if numbered else "", "5%", "4.8%"),
            *rows,
        )
    except JibaoError:
        assert not numbered
        return
    told = {warning.code for warning in report.warnings}
    assert len(report.rows) == 3 if numbered else (len(report.rows) == 3 or "columns_uncertain" in told)
