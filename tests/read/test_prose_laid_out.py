"""Texts laid out by other means than paragraphs: ordinals alone on their line, grids around a text, plain headings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Kind, Report
from tasks.read import read
from tasks.read.interpret import interpret
from tasks.read.kinds import kind_of
from tasks.read.layout import without_layout
from tasks.read.page import Cell, Page, Paragraph, Table
from tasks.read.prose.outline import outline, outline_blocks

LONG = "全县完成营造林一万二千亩，抚育中幼林八千亩，新建森林防火通道二十六公里，管护责任逐级落实到山头地块。"


def told(html: str) -> Report:
    return read(f"<html><body>{html}</body></html>".encode(), name="page.html")


def titles(report: Report) -> list[tuple[int, str]]:
    return [(section.level, "".join(section.title.split())) for section in report.sections]


@given(st.integers(2, 5), st.booleans())
def test_an_ordinal_alone_on_its_line_has_the_words_on_the_next(count: int, stop: bool) -> None:
    words = ["造林进度加快", "防火体系完善", "林农增收明显", "基础设施补强", "队伍建设加强"][:count]
    lines = [line for n, word in enumerate(words) for line in (f"{'一二三四五'[n]}、", word + "。" * stop, LONG)]
    text = "\n".join(lines)
    blocks, at = [], 0
    for line in lines:
        blocks.append(Paragraph(line, at, at + len(line)))
        at += len(line) + 1
    found = outline_blocks(text, blocks)
    assert [(s.level, s.title) for s in found.sections] == [
        (1, f"{'一二三四五'[n]}、{word}") for n, word in enumerate(words)
    ]
    assert not found.warnings


def test_a_row_of_an_ordinal_and_its_words_is_a_heading() -> None:
    lines = ["一、工作情况", "（一）\t造林进度加快", LONG, "（二）\t防火体系完善", LONG]
    text = "\n".join(lines)
    blocks: list[Paragraph | Table] = []
    at = 0
    for line in lines:
        mark, tab, words = line.partition("\t")
        stop = at + len(mark)
        cells = (Cell(mark, at, stop), Cell(words, stop + 1, at + len(line)))
        blocks.append(Table((cells,)) if tab else Paragraph(line, at, stop))
        at += len(line) + 1
    found = outline_blocks(text, blocks).sections
    assert [(s.level, "".join(s.title.split())) for s in found] == [
        (1, "一、工作情况"),
        (2, "（一）造林进度加快"),
        (2, "（二）防火体系完善"),
    ]
    assert LONG in text[found[1].start : found[1].end]


def test_the_title_stands_below_a_list_of_the_portal_and_the_metadata() -> None:
    report = told(
        "<div><p>热点信息</p><p>1、泽山县林木种苗供应名录</p><p>2、森林火情报警电话</p></div>"
        "<table><tr><td>索引号</td><td>K07/2032-11</td><td>发布机构</td><td>泽山县林业局</td></tr>"
        "<tr><td>成文日期</td><td>2032-01-09</td><td>发布日期</td><td>2032-01-10</td></tr></table>"
        "<p><b>泽山县林业局</b><br><b>2031年工作总结和2032年工作计划</b></p>"
        f"<p>一、</p><p>2031年工作情况</p><p>{LONG}</p><p>二、</p><p>2032年工作计划</p><p>{LONG}</p>"
    )
    assert report.meta.title == "泽山县林业局2031年工作总结和2032年工作计划"
    assert titles(report) == [(1, "一、2031年工作情况"), (1, "二、2032年工作计划")]


@pytest.mark.parametrize(
    "short", ["民间造林有所回落，比上半年少一千二百亩左右。", "造林较快增长。新造林八千亩，占全年任务的七成。"]
)
def test_plain_headings_hold_paragraphs_of_any_length(short: str) -> None:
    parts = {"林业生产稳步增长": [LONG], "造林结构持续优化": [LONG, short, short], "林农收入较快增加": [LONG]}
    body = "".join(f"<p>{head}</p>" + "".join(f"<p>{line}</p>" for line in lines) for head, lines in parts.items())
    report = told(f"<h1>2031年前三季度泽山县林业运行情况</h1><p>{LONG}</p>{body}")
    assert titles(report) == [(1, head) for head in parts]
    assert short in report.text[report.sections[1].start : report.sections[1].end]


@given(st.lists(st.lists(st.sampled_from([LONG, "一、工作情况", "造林进度加快"]), min_size=1, max_size=4), min_size=1))
def test_a_grid_of_one_column_gives_its_lines_and_loses_nothing(cells: list[list[str]]) -> None:
    text, rows, at = "\n".join("\n".join(lines) for lines in cells), [], 0
    for lines in cells:
        cell = "\n".join(lines)
        rows.append((Cell(cell, at, at + len(cell)),))
        at += len(cell) + 1
    page = Page(text, (Table(tuple(rows)),), format="word")
    laid = without_layout(page)
    sheet = replace(page, format="workbook")
    assert without_layout(sheet) is sheet
    if laid is page:
        assert text.count("。") < 3 or len(text) < 250
        return
    assert [block.text for block in laid.body if isinstance(block, Paragraph)] == text.split("\n")
    assert all(isinstance(block, Paragraph) and text[block.start : block.end] == block.text for block in laid.body)


def test_a_bulletin_in_a_frame_has_its_title_below_the_masthead() -> None:
    rows = [
        ["泽山林业快讯\n第3期（总第91期）\n泽山县林业局编 2031年4月21日"],
        ["2031年一季度泽山县林业运行情况"],
        [f"1、营造林\n{LONG}{LONG}"],
        [f"2、林业产业\n（1）林下种植\n{LONG}\n（2）森林旅游\n{LONG}"],
        [f"3、资源管护\n{LONG}\n报送：县委、县政府领导\n发送：各乡镇林业站 共印40份"],
    ]
    text = "\n".join(cell for row in rows for cell in row)
    slots, at = [], 0
    for (cell,) in rows:
        slots.append((Cell(cell, at, at + len(cell)),))
        at += len(cell) + 1
    report = interpret(Page(text, (Table(tuple(slots)),), format="word"))
    assert (report.meta.title, report.meta.publisher) == ("2031年一季度泽山县林业运行情况", "泽山县林业局")
    assert report.meta.kind is Kind.BULLETIN
    assert titles(report) == [
        (1, "1、营造林"),
        (1, "2、林业产业"),
        (2, "（1）林下种植"),
        (2, "（2）森林旅游"),
        (1, "3、资源管护"),
    ]
    assert "共印" not in report.text[report.sections[-1].start : report.sections[-1].end]


def records(count: int) -> str:
    return "".join(
        f"<p>（{'一二三四五'[n]}）“{what}”问题</p><p>整改目标：完成修复{n + 2}处。</p><p>整改进展：已完成。修复{n + 2}处，通过县级验收。</p>"
        for n, what in enumerate(["林地侵占", "采石裸露", "苗木枯死", "防火道缺失", "台账不全"][:count])
    )


@pytest.mark.parametrize("count", [2, 4])
def test_records_in_one_chapter_of_a_report_stay_in_its_sections(count: int) -> None:
    report = told(
        "<h1>泽山县林业督查反馈意见整改进展情况的公示</h1><p>截至2031年9月底，整改任务完成八成。现将有关进展情况公开如下：</p>"
        f"<p>一、总体工作情况</p><p>（一）高位推动。{LONG}{LONG}</p><p>（二）立行立改。{LONG}{LONG}</p>"
        f"<p>二、具体问题整改进展</p>{records(count)}"
        f"<p>三、下一步工作打算</p><p>1、严格标准。{LONG}{LONG}</p><p>2、加快推进。{LONG}{LONG}</p>"
    )
    assert not report.rows
    assert [title for level, title in titles(report) if level == 1] == [
        "一、总体工作情况",
        "二、具体问题整改进展",
        "三、下一步工作打算",
    ]
    assert sum(level == 2 for level, _ in titles(report)) == 4 + count


def test_records_that_are_the_document_are_rows() -> None:
    report = told(f"<h1>泽山县林业督查反馈问题整改进展情况</h1><p>{LONG}</p>{records(4)}<p>{LONG}</p>")
    assert [row.content for row in report.rows] == [
        f"“{what}”问题" for what in ("林地侵占", "采石裸露", "苗木枯死", "防火道缺失")
    ]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2031年前三季度泽山县经济运行情况", Kind.BULLETIN),
        ("2031年一季度泽山县工业运行简析", Kind.BULLETIN),
        ("关于2031年国民经济和社会发展计划执行情况的报告", Kind.SUMMARY),
        ("关于2031年预算执行情况和2032年预算草案的报告", Kind.SUMMARY),
        ("2031年重点工作任务执行情况的报告", Kind.BULLETIN),
    ],
)
def test_kinds_of_texts_on_the_economy(title: str, kind: Kind) -> None:
    assert kind_of(title, LONG) is kind


@given(
    st.lists(
        st.sampled_from(
            [
                "农业",
                "林业生产稳中有升，造林进度加快",
                "“两山”转化提速",
                "林产品出口增长10.2%",
                "◆林农收入增加",
                "● 管护有力",
                "防火",
            ]
        ),
        min_size=3,
        max_size=6,
        unique=True,
    ),
    st.sampled_from(["", "附注：\n1.增速按可比价格计算。\n2.部分数据为初步核算数。"]),
)
def test_plain_headings_say_a_subject_and_what_becomes_of_it(heads: list[str], notes: str) -> None:
    lines = [
        LONG,
        *(line for n, head in enumerate(heads) for line in (head, f"{LONG}新增{n + 2}处。")),
        *notes.split("\n"),
    ]
    found = outline("\n".join(lines))
    assert [(section.level, section.title) for section in found] == [(1, head) for head in heads]
    assert all("可比价格" not in "\n".join(lines)[section.start : section.end] for section in found)


def test_a_list_of_the_portal_above_the_title_opens_nothing() -> None:
    report = told(
        "<p>热点信息</p><p>1、泽山县林木种苗供应名录</p><p>2、森林火情报警电话</p>"
        f"<p><b>泽山县林业局2031年工作总结</b></p><p>一、工作情况</p><p>{LONG}</p><p>二、存在问题</p><p>{LONG}{LONG}</p>"
    )
    assert report.meta.title == "泽山县林业局2031年工作总结"
    assert titles(report) == [(1, "一、工作情况"), (1, "二、存在问题")]


def test_a_frame_may_set_the_number_and_the_day_side_by_side() -> None:
    report = told(
        "<table><tr><td>泽山林业快讯</td></tr><tr><td>第3期（总第91期）</td><td>2031年4月21日</td></tr>"
        "<tr><td colspan=2>2031年一季度泽山县林业运行情况</td></tr>"
        f"<tr><td colspan=2><p>一、营造林</p><p>{LONG}{LONG}</p><p>二、产业</p><p>{LONG}{LONG}</p></td></tr></table>"
    )
    assert report.meta.title == "2031年一季度泽山县林业运行情况"
    assert titles(report) == [(1, "一、营造林"), (1, "二、产业")]


def test_bold_words_before_a_blank_open_their_paragraph() -> None:
    heads = ["造林进度加快", "防火体系完善", "林农收入增加"]
    body = "".join(f"<p><b>{head}</b>　{LONG}新增{n + 2}处。</p>" for n, head in enumerate(heads))
    report = told(f"<h1>2031年泽山县林业工作总结</h1><p>{LONG}</p>{body}")
    assert titles(report) == [(1, head) for head in heads]
