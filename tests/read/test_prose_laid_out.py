"""Texts laid out by other means than paragraphs: ordinals alone on their line, grids around a text, plain headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Report
from tasks.read import read
from tasks.read.page import Cell, Paragraph, Table
from tasks.read.prose.outline import outline_blocks

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
