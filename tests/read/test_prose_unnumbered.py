"""Headings without ordinals: bold ones on one level or two, questions, subjects in brackets; and what a title is not."""

from __future__ import annotations

from itertools import count

import pytest

from tasks.model import Report
from tasks.read import read

TITLE = "泽山县林业局2031年上半年工作总结"


def told(*lines: str, title: str = TITLE, head: str = "") -> Report:
    """A page of an h1 and lines: `*…` is bold, `~` a text that occurs once."""
    places = count(1)
    body = "".join(
        f"<p><b>{line[1:]}</b></p>" if line[0] == "*" else f"<p>{line.replace('~', text_of(next(places)))}</p>"
        for line in lines
    )
    return read(f"<html><head><title>{head or title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode())


def text_of(number: int) -> str:
    return f"第{number}林区新增造林{number * 310}亩，抚育中幼林{number * 120}亩，管护责任落实到{number * 7}户，林农收入稳步提高。"


def outline(report: Report) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in report.sections]


@pytest.mark.parametrize("wrong", ["存在的问题", "存在的不足和原因"])
def test_bold_headings_right_below_one_another_are_two_levels(wrong: str) -> None:
    report = told(
        "~",
        "*上半年重点工作",
        "*造林扩面提质",
        "~",
        "*防火常抓不懈",
        "~",
        f"*{wrong}",
        "~",
        "*下半年打算",
        "~",
        "*严防火情",
        "~",
    )
    assert outline(report) == [
        (1, "上半年重点工作"),
        (2, "造林扩面提质"),
        (2, "防火常抓不懈"),
        (1, wrong),
        (1, "下半年打算"),
        (2, "严防火情"),
    ]


def test_headings_that_hold_others_need_no_usual_words() -> None:
    report = told(
        "*林业生产",
        "*造林扩面提质",
        "~",
        "*抚育有序推进",
        "1.疏伐。~",
        "2.割灌。~",
        "*林区管护",
        "*护林队伍稳定",
        "~",
        "*值守到位",
        "~",
    )
    assert outline(report) == [
        (1, "林业生产"),
        (2, "造林扩面提质"),
        (2, "抚育有序推进"),
        (3, "1.疏伐"),
        (3, "2.割灌"),
        (1, "林区管护"),
        (2, "护林队伍稳定"),
        (2, "值守到位"),
    ]


def test_bold_headings_with_a_text_each_are_one_level() -> None:
    assert outline(told("*造林扩面提质", "~", "*防火常抓不懈", "~", "*护林队伍稳定", "~")) == [
        (1, "造林扩面提质"),
        (1, "防火常抓不懈"),
        (1, "护林队伍稳定"),
    ]


@pytest.mark.parametrize("first", ["2031年上半年工作情况", "2031年上半年主要工作完成情况"])
def test_a_bold_heading_right_below_the_title_is_no_part_of_it(first: str) -> None:
    report = told(f"*{first}", "~", "*下半年工作打算", "~", title="泽山县林业局工作总结")
    assert report.meta.title == "泽山县林业局工作总结"
    assert outline(report) == [(1, first), (1, "下半年工作打算")]


def test_the_period_in_brackets_below_the_title_is_part_of_what_is_dated() -> None:
    report = told("（2031年上半年）", "一、造林", "~", "二、防火", "~", title="泽山县林业局工作总结")
    assert str(report.meta.period) == "2031H1"


ASKED = ("今年上半年全县造林进展如何？", "下半年准备做哪些工作？")


@pytest.mark.parametrize(
    "opening", ["问：", "记者：", "泽山日报记者：", "【问题】泽山日报记者：", "*【提问】", "*问：", "Q：", "问题1："]
)
def test_questions_head_their_answers(opening: str) -> None:
    lines = [line for asked in ASKED for line in (f"{opening}{asked}", "答：~", "~")]
    report = told(*lines, title="泽山县林业局负责人就2031年上半年林业运行情况答记者问")
    assert outline(report) == [(1, opening.lstrip("*") + asked) for asked in ASKED]
    assert report.sections[0].end == report.sections[1].start


def test_answers_keep_the_outline_inside_them() -> None:
    report = told(f"问：{ASKED[0]}", "答：谢谢。", "第一，造林稳。~", "第二，防火严。~", f"问：{ASKED[1]}", "答：~")
    assert [level for level, _ in outline(report)] == [1, 2, 2, 1]


def test_a_question_inside_a_text_heads_nothing() -> None:
    report = told("一、造林", "有人问：树种了怎么管？~", "有人问：钱从哪里来？~", "二、防火", "~")
    assert outline(report) == [(1, "一、造林"), (1, "二、防火")]


@pytest.mark.parametrize(
    ("line", "title"),
    [("【营林生产】全力抓好造林绿化", "【营林生产】全力抓好造林绿化"), ("【营林生产】~", "【营林生产】")],
)
def test_a_phrase_behind_a_subject_in_brackets_is_the_headings(line: str, title: str) -> None:
    report = told(line, "~", "【森林防火】严防死守", "~")
    assert outline(report) == [(1, title), (1, "【森林防火】严防死守")]


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE}-部门动态-泽山县人民政府",
        f"部门动态-{TITLE}-泽山县人民政府网站",
        f"{TITLE}【工作动态】泽山县人民政府门户网站",
        f"泽山县人民政府 工作总结 - {TITLE}",
    ],
)
def test_of_the_head_the_line_that_the_page_prints_is_the_title(head: str) -> None:
    page = f"<p>{TITLE}</p><p>一、造林</p><p>{text_of(1)}</p><p>二、防火</p><p>{text_of(2)}</p>"
    report = read(f"<html><head><title>{head}</title></head><body>{page}</body></html>".encode())
    assert report.meta.title == TITLE


def test_names_of_attachments_with_years_are_notes() -> None:
    report = told(
        "一、造林", "~", "二、防火", "~", "附件：1. 2031年上半年造林任务一览表（略）", "2. 各乡镇造林完成情况排名（略）"
    )
    assert outline(report) == [(1, "一、造林"), (1, "二、防火")]
    assert not any("一览表" in report.text[s.start : s.end] for s in report.sections)


def test_whose_seal_it_is_stands_between_name_and_day() -> None:
    report = told(
        "一、造林",
        "~",
        "二、防火",
        "~",
        "泽山县造林绿化领导小组办公室",
        "（泽山县林业局代章）",
        "2031年7月6日",
        title="关于2031年上半年造林绿化进展情况的通报",
    )
    assert report.meta.publisher == "泽山县造林绿化领导小组办公室"
    assert not any("代章" in report.text[s.start : s.end] for s in report.sections)


def plain(*lines: str) -> Report:
    places = count(1)
    return read("\n".join(line.replace("~", text_of(next(places))) for line in lines).encode(), name="page.txt")


def test_short_lines_above_a_text_each_are_the_headings_of_a_text_that_lost_its_type() -> None:
    report = plain(
        TITLE,
        "~",
        "上半年主要工作完成情况",
        "造林扩面提质",
        "~",
        "~",
        "防火常抓不懈",
        "~",
        "存在的问题",
        "~",
        "下半年工作安排",
        "~",
    )
    assert outline(report) == [
        (1, "上半年主要工作完成情况"),
        (2, "造林扩面提质"),
        (2, "防火常抓不懈"),
        (1, "存在的问题"),
        (1, "下半年工作安排"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["造林扩面提质", "~", "防火常抓不懈", "~"],
        ["造林扩面提质", "~", "造林扩面提质", "~", "造林扩面提质", "~"],
        ["造林扩面提质", "~", "县林业局", "六成", "防火常抓不懈", "~", "护林队伍稳定", "~"],
        ["一、营林生产", "造林扩面提质", "~", "防火常抓不懈", "~", "护林队伍稳定", "~"],
    ],
    ids=["two only", "one name", "cells between", "beside ordinals"],
)
def test_short_lines_are_no_headings_where_the_text_does_not_show_it(lines: list[str]) -> None:
    assert not any(title.startswith(("造林", "防火", "护林")) for _, title in outline(plain(TITLE, "~", *lines)))


def test_bold_lines_that_end_in_a_colon_are_headings_and_labels_are_not() -> None:
    report = told("~", "*造林扩面提质：", "~", "*防火常抓不懈：", "~", "*联系人：", "林业局办公室负责解释上述情况。")
    assert outline(report) == [(1, "造林扩面提质"), (1, "防火常抓不懈")]


def test_decimals_without_a_blank_are_headings_and_amounts_are_not() -> None:
    report = plain(
        TITLE, "1.造林", "1.1补植扩面", "~", "1.2抚育提质", "~", "2.防火", "1.5万亩林区设卡值守，其余巡护。", "~"
    )
    assert outline(report) == [(1, "1.造林"), (2, "1.1补植扩面"), (2, "1.2抚育提质"), (1, "2.防火")]


def test_page_numbers_between_sections_are_in_neither() -> None:
    report = plain(TITLE, "一、造林", "~", "— 2 —", "（一）补植", "~", "— 3 —", "二、防火", "~")
    assert outline(report) == [(1, "一、造林"), (2, "（一）补植"), (1, "二、防火")]
    assert "— 3 —" not in "".join(report.text[s.start : s.end] for s in report.sections)
    assert "— 3 —" in "".join(report.text[a:b] for a, b in report.remainder)


def test_the_title_stands_below_the_contents() -> None:
    report = plain("目　录", "一、造林………………1", "二、防火………………3", TITLE, "一、造林", "~", "二、防火", "~")
    assert report.meta.title == TITLE
    assert outline(report) == [(1, "一、造林"), (1, "二、防火")]


@pytest.mark.parametrize("again", [f"*{TITLE}", TITLE])
def test_the_title_printed_again_above_the_text_heads_nothing(again: str) -> None:
    lines = ("~", "*造林扩面提质", "~", "*防火常抓不懈", "~", "*存在的问题", "~")
    assert outline(told(again, *lines)) == outline(told(*lines))
    assert len(outline(told(*lines))) == 3


@pytest.mark.parametrize("word", ["问题{}：", "任务{}、", "反馈问题{}. "])
def test_words_with_a_number_head_what_stands_below(word: str) -> None:
    topics = ["林区道路年久失修", "护林员配备不足，巡护不到位"]
    below = ("整改时限：2031年12月底。", "~", "整改时限：2032年6月底。")
    lines = [line for n, topic in enumerate(topics, 1) for line in (f"*{word.format(n)}{topic}。", *below)]
    report = told("~", "一、反馈问题整改情况", *lines, "二、下半年打算", "~")
    heads = [(2, "".join(f"{word.format(n)}{topic}".split())) for n, topic in enumerate(topics, 1)]
    said = [(level, "".join(title.split())) for level, title in outline(report)]
    assert said == [(1, "一、反馈问题整改情况"), *heads, (1, "二、下半年打算")]
    assert str(report.meta.period) == "2031H1"
    assert "period_contradiction" not in {warning.code for warning in report.warnings}
