"""Texts in their frames: mastheads, columns of the portal, lists of other documents, comments; and sentences that count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model import Report
from tasks.periods import find_period
from tasks.read import read
from tasks.read.prose.outline import outline
from tasks.read.textdump import read_text

TOLD = "全县新增造林三千二百亩，抚育中幼林一万一千亩，林下经济产值增长较快，林农收入稳步提高，管护责任落实到户。"
BODY = f"""一、上半年工作情况
（一）造林进度加快。{TOLD}
（二）防火体系完善。{TOLD}
二、下半年工作打算
{TOLD}
"""


def told(text: str) -> Report:
    return read(text.encode(), name="page.txt")


def titles(report: Report) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in report.sections]


OUTLINE = [
    (1, "一、上半年工作情况"),
    (2, "（一）造林进度加快"),
    (2, "（二）防火体系完善"),
    (1, "二、下半年工作打算"),
]


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ("林 业 信 息\n第7期（总第131期）\n泽山县林业局　　2031年7月15日\n", "泽山县林业局"),
        ("泽山林业工作简报\n2031年第7期\n泽山县林业局办公室编\n2031年7月15日\n", "泽山县林业局办公室"),
        ("情况专报\n〔总第131期〕泽山县林业局\n", "泽山县林业局"),
    ],
)
def test_the_title_of_a_bulletin_stands_below_its_masthead(head: str, publisher: str) -> None:
    report = told(f"{head}泽山县2031年上半年林业生产运行简况\n{BODY}")
    assert report.meta.title == "泽山县2031年上半年林业生产运行简况"
    assert report.meta.publisher == publisher
    assert titles(report) == OUTLINE


def test_letters_set_apart_are_one_word() -> None:
    report = told(f"政　府　工　作　报　告\n——2031年1月8日在泽山县第十届人民代表大会第一次会议上\n{BODY}")
    assert report.meta.title == "政府工作报告"


def test_a_row_of_columns_is_no_title() -> None:
    report = told(f"首页 工作报告 统计公报 财政预算\n\n泽山县林业局2031年上半年工作总结\n{BODY}")
    assert report.meta.title == "泽山县林业局2031年上半年工作总结"


@pytest.mark.parametrize("separator", [" - ", "_", " | ", "-"])
def test_the_part_of_the_head_that_the_page_prints_is_the_title(separator: str) -> None:
    title = "关于2031年上半年造林绿化工作进展情况的通报"
    parts = separator.join(["泽山县绿化办", "通知通报", title])
    page = f"<html><head><title>{parts}</title></head><body><p><b>{title}</b></p><p>{BODY}</p></body></html>"
    assert read(page.replace("\n", "</p><p>").encode()).meta.title == title


def test_columns_above_the_title_and_comments_below_the_signature_are_in_no_section() -> None:
    title = "泽山县林业局2031年上半年工作总结"
    text = (
        f"一、政策法规\n二、工作方案\n三、督查通报\n{title}\n"
        f"{BODY}泽山县林业局\n2031年7月12日\n三、往期通报汇编\n评论仅代表网友个人看法"
    )
    lines = "</p><p>".join(text.split("\n"))
    report = read(f"<html><head><title>{title}</title></head><body><p>{lines}</p></body></html>".encode())
    assert titles(report) == OUTLINE
    assert report.text[report.sections[-1].start : report.sections[-1].end].rstrip().endswith("管护责任落实到户。")


def test_prose_above_a_line_like_a_title_keeps_its_sections() -> None:
    report = told(f"{BODY}关于2031年上半年造林绿化工作进展情况的通报\n")
    assert titles(report)[:3] == OUTLINE[:3]


@pytest.mark.parametrize("label", ["相关阅读：", "相关文档", "【相关链接】"])
def test_titles_listed_below_a_text_are_other_documents(label: str) -> None:
    listed = "1.泽山县林业局2030年工作总结\n2.泽山县水利局2031年上半年工作总结\n"
    report = told(f"泽山县林业局2031年上半年工作总结\n{BODY}{label}\n{listed}")
    assert titles(report) == OUTLINE
    assert not any("水利局" in report.text[s.start : s.end] for s in report.sections)


def test_a_chapter_below_the_words_of_such_a_label_stays() -> None:
    text = f"泽山县林业局2031年上半年工作总结\n一、情况\n{TOLD}\n相关政策\n1.造林补助。{TOLD}\n2.管护补助。{TOLD}\n"
    assert any("管护补助" in text[s.start : s.end] for s in told(text).sections)


def test_a_chapter_behind_such_a_label_is_no_other_document() -> None:
    report = told(f"泽山县林业局2031年上半年工作总结\n相关阅读\n一、情况\n打印\n{TOLD}\n二、打算\n{TOLD}\n")
    assert titles(report) == [(1, "一、情况"), (1, "二、打算")]


WORDS = st.lists(st.sampled_from("水利农田道路学校医院养老河湖林地项目资金"), min_size=4, max_size=8, unique=True)
ITEMS = st.lists(WORDS.map("".join), min_size=2, max_size=5, unique=True)
RINGS = "①②③④⑤"
NUMERALS = "一二三四五"
KINDS = {
    "circ": lambda i: RINGS[i],
    "arp": lambda i: f"（{i + 1}）",
    "be": lambda i: f"{NUMERALS[i]}是",
    "cnp": lambda i: f"（{NUMERALS[i]}）",
}


@settings(max_examples=60)
@given(ITEMS, st.sampled_from(sorted(KINDS)), st.sampled_from("；，"))
def test_what_is_counted_inside_a_sentence_opens_no_section(items: list[str], kind: str, stop: str) -> None:
    counted = stop.join(f"{KINDS[kind](i)}{item}" for i, item in enumerate(items))
    found = outline(f"一、林业\n{TOLD}具体看：{counted}。\n二、水利\n{TOLD}\n")
    assert [section.title for section in found] == ["一、林业", "二、水利"]


@settings(max_examples=60)
@given(ITEMS, st.sampled_from(["circ", "arp"]))
def test_items_with_a_line_each_are_one_sentence_by_their_semicolons(items: list[str], kind: str) -> None:
    lines = "；\n".join(f"{KINDS[kind](i)}{item}" for i, item in enumerate(items))
    found = outline(f"一、问题\n{lines}。\n二、水利\n{TOLD}\n")
    assert [section.title for section in found] == ["一、问题", "二、水利"]


@settings(max_examples=60)
@given(ITEMS, st.sampled_from(sorted(KINDS)))
def test_items_with_a_text_of_their_own_are_sections(items: list[str], kind: str) -> None:
    lines = "".join(f"{KINDS[kind](i)}{item}。{TOLD}\n" for i, item in enumerate(items))
    found = outline(f"一、林业\n{lines}二、水利\n{TOLD}\n")
    assert [s.title for s in found][1:-1] == [f"{KINDS[kind](i)}{item}" for i, item in enumerate(items)]


def test_a_sentence_that_is_all_of_its_section_gives_its_first_clause() -> None:
    text = f"一、打算\n1. 稳造林，九月底前完成补植20片；全年不少于30片。\n2. 强管护，促增收。{TOLD}\n"
    assert [s.title for s in outline(text)] == ["一、打算", "1. 稳造林", "2. 强管护，促增收"]


def test_the_end_of_a_paragraph_introduces_what_is_below_it() -> None:
    text = f"一、林业\n1.造林\n{TOLD}主要做法：\n（1）建清单。{TOLD}\n（2）派专员。{TOLD}\n2.防火\n{TOLD}\n"
    assert [(s.level, s.title) for s in outline(text)] == [
        (1, "一、林业"),
        (2, "1.造林"),
        (3, "（1）建清单"),
        (3, "（2）派专员"),
        (2, "2.防火"),
    ]


def test_a_number_missing_from_a_text_on_one_line_is_told_and_passed() -> None:
    items = "".join(f" {n}、{word}有力。{TOLD}" for n, word in ((1, "造林"), (2, "防火"), (4, "护林"), (5, "治沙")))
    report = told(f"今年以来，{TOLD} 一、上半年工作{items} 二、下半年打算 {TOLD}")
    assert [s.title for s in report.sections if s.level == 2] == [
        "1、造林有力",
        "2、防火有力",
        "4、护林有力",
        "5、治沙有力",
    ]
    assert "outline_gap" in {warning.code for warning in report.warnings}


@pytest.mark.parametrize("tail", ["打印 | 关闭", "|  打印  |  关闭  | 分享到: 上一篇:关于造林补助的公示 下一篇:没有了"])
def test_a_page_on_one_line_is_no_table_for_the_dividers_of_its_buttons(tail: str) -> None:
    text = "当前位置： 首页 > 林业局 " + " ".join(BODY.split()) + f" {TOLD * 8} | {tail}"
    report = told(text)
    assert titles(report) == OUTLINE
    assert not any("打印" in report.text[s.start : s.end] for s in report.sections)


def test_a_row_with_a_long_cell_stays_a_row() -> None:
    row = f"1 | 造林绿化 | {TOLD * 12} | 林业局 | 60%"
    page = read_text(f"序号 | 项目名称 | 完成情况 | 责任单位 | 进度\n{row}\n{row.replace('1 ', '2 ', 1)}\n")
    assert [len(block.rows) for block in page.body if hasattr(block, "rows")] == [3]


def test_the_index_stamp_tells_the_year_where_nothing_else_does() -> None:
    found = find_period(title=None, headings=["一、上半年工作情况"], texts=[BODY], generated_on=date(2031, 8, 6))
    assert str(found.period) == "2031H1"
    assert "period_year_from_date" in {warning.code for warning in found.warnings}


def test_signs_of_markdown_are_no_words() -> None:
    text = f"# 泽山县林业局2031年上半年工作总结\n\n## 一、造林\n\n**（一）补植。** {TOLD}\n\n**（二）抚育。** {TOLD}\n\n## 二、防火\n\n{TOLD}\n"
    report = told(f"{text}\n---\n\n[打印本页](javascript:print()) [关闭窗口](javascript:close())\n")
    assert titles(report) == [(1, "一、造林"), (2, "（一）补植"), (2, "（二）抚育"), (1, "二、防火")]
    assert not any("打印本页" in report.text[s.start : s.end] for s in report.sections)


def test_what_a_bulletin_holds_is_told_before_its_title() -> None:
    head = "营林简报\n第3期\n（总第9期）\n泽山县林业局　　2031年7月8日\n本期要目\n◎全县营林工作综述\n◎防火值守情况\n"
    report = told(f"{head}全县营林工作综述\n上半年，{TOLD}\n{BODY}报：县委办、县府办。\n发：各乡镇。\n")
    assert (report.meta.title, report.meta.publisher) == ("全县营林工作综述", "泽山县林业局")
    assert str(report.meta.period) == "2031H1"
    assert not any("各乡镇" in report.text[s.start : s.end] for s in report.sections)


@pytest.mark.parametrize("first", ["1　2031年造林", "1 造林工作"])
def test_decimal_headings_nest_below_numbers_without_a_stop(first: str) -> None:
    text = f"{first}\n1.1　补植\n{TOLD}\n1.2　抚育\n{TOLD}\n2　防火工作\n2.1　值守\n{TOLD}\n"
    assert [s.level for s in outline(text)] == [1, 2, 2, 1, 2]


def test_a_page_on_one_line_is_parted_at_its_labels_and_notes() -> None:
    text = "首页 > 林业统计 2031年上半年泽山县林业运行情况 发布日期：2031-07-28 来源：泽山县林业局 浏览次数：386 "
    report = told(
        text
        + " ".join((f"上半年，{TOLD}" + BODY).split())
        + " 附注： 1.数据为快报数。 2.部分数据为初步核算数。 【打印】 【关闭】"
    )
    assert (report.meta.title, report.meta.publisher) == ("2031年上半年泽山县林业运行情况", "泽山县林业局")
    assert report.meta.published_on == date(2031, 7, 28)
    assert titles(report) == OUTLINE


TABLE = "<table><tr><td>类别</td><td>计划(公顷)</td><td>完成(公顷)</td></tr><tr><td>补植</td><td>9</td><td>4</td></tr></table>"


def test_a_text_with_a_few_figures_in_a_grid_is_read_and_says_so() -> None:
    title = "泽山县林业局2031年上半年工作总结"
    page = f"<h1>{title}</h1><p>{BODY}{TOLD}</p>".replace("\n", "</p><p>") + TABLE
    report = read(f"<html><body>{page}</body></html>".encode())
    assert titles(report) == OUTLINE
    assert "table_not_read" in {warning.code for warning in report.warnings}


def test_a_title_broken_over_lines_heads_no_table() -> None:
    lines = [
        "泽重项〔2031〕17号",
        "关于全县2031年三季度",
        "项目建设进展情况的通报",
        "各乡镇人民政府：",
        *(f"通报如下：{BODY}").split("\n"),
    ]
    body = "".join(f"<p>{line}</p>" for line in lines)
    title = "关于全县2031年三季度项目建设进展情况的通报"
    report = read(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())
    assert (report.meta.title, report.rows) == (title, ())
    assert titles(report) == OUTLINE


@pytest.mark.parametrize(
    "line",
    [
        "来源：泽山县林业局 | 2031-07-12 10:30:22 | 点击：301",
        "来源：泽山县林业局 2031-07-12",
        "2031-07-12 10:30　来源：泽山县林业局　浏览次数：12",
    ],
)
def test_a_day_without_a_label_beside_the_source_is_the_day_of_publication(line: str) -> None:
    report = told(f"泽山县2031年上半年林业工作总结\n{line}\n{BODY}")
    assert (report.meta.publisher, report.meta.published_on) == ("泽山县林业局", date(2031, 7, 12))


def test_a_sentence_that_begins_with_a_day_is_no_metadata() -> None:
    report = told(f"泽山县2031年上半年林业工作总结\n2031年7月12日 来源广泛的苗木运抵。{TOLD}\n{BODY}")
    assert report.meta.published_on is None


@pytest.mark.parametrize("tail", ["注释：\n1.数据为快报数。\n2.面积为实测数。\n", "（此件公开发布）\n\n— 3 —\n"])
def test_what_is_printed_below_the_text_is_in_no_section(tail: str) -> None:
    report = told(f"泽山县2031年上半年林业工作总结\n{BODY}\n{tail}")
    assert titles(report) == OUTLINE
    assert not any(tail[:4] in report.text[s.start : s.end] for s in report.sections)


def test_an_outline_that_was_lost_is_told() -> None:
    cells = "".join(
        f"<tr><td>{n}、{word}工作</td><td>{TOLD}</td></tr>"
        for n, word in zip("一二三", ("造林", "防火", "治沙"), strict=True)
    )
    report = read(f"<html><body><p>{TOLD}</p><table>{cells}</table></body></html>".encode())
    assert not report.sections
    assert "outline_lost" in {warning.code for warning in report.warnings}
