"""Outlines: whatever shape a text is printed in, its headings come back with their levels."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read.page import Cell, Paragraph, Table
from tasks.read.prose.outline import is_plan, outline, outline_blocks

CN = "一二三四五六七八九十"
TOPICS = ("项目建设", "招商引资", "营商环境", "民生保障", "绿色低碳", "数字经济", "乡村振兴", "信用体系")
VERBS = ("持续推进", "全面加强", "有序开展", "扎实做好", "加快落实", "稳步提升")
SENTENCES = (
    "全年完成投资12.5亿元,同比增长3.2%。",
    "新增企业36家,其中规上企业5家;累计办理事项1280件。",
    "我区出台《云溪区产业扶持办法(试行)》,兑现资金860万元。",
    "截至9月底,开工项目14个,投用3个。",
    "召开专题会议6次,协调解决问题22个,群众满意度达98.5%。",
    "1-9月,2个项目提前完成年度计划,3、4号楼主体结顶。",
)
KINDS = ("cn", "cnp", "ar", "be")


@dataclass(frozen=True)
class Node:
    title: str
    body: tuple[str, ...]
    children: tuple[Node, ...]


def ordinal(kind: str, number: int) -> str:
    return {
        "cn": f"{CN[number - 1]}、",
        "cnp": f"({CN[number - 1]})",
        "ar": f"{number}.",
        "be": f"{CN[number - 1]}是",
    }[kind]


titles = st.builds(lambda verb, topic: verb + topic, st.sampled_from(VERBS), st.sampled_from(TOPICS))
bodies = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(tuple)


def nodes(depth: int) -> st.SearchStrategy[Node]:
    if depth == 0:
        return st.builds(Node, titles, bodies, st.just(()))
    children = st.one_of(st.just(()), st.lists(nodes(depth - 1), min_size=2, max_size=4).map(tuple))
    return st.builds(Node, titles, bodies, children)


trees = st.integers(0, 3).flatmap(lambda depth: st.lists(nodes(depth), min_size=2, max_size=4))


def expected(
    tree: list[Node] | tuple[Node, ...], level: int = 1, kinds: tuple[str, ...] = KINDS
) -> list[tuple[str, int]]:
    found = []
    for number, node in enumerate(tree, 1):
        found.append((ordinal(kinds[0], number) + node.title, level))
        found += expected(node.children, level + 1, kinds[1:])
    return found


def render(tree: list[Node] | tuple[Node, ...], shape: str, kinds: tuple[str, ...] = KINDS) -> str:
    """`lines`: headings on lines of their own; `run-in`: heading sentences open paragraphs; `blob`: breaks lost."""
    parts = []
    for number, node in enumerate(tree, 1):
        head = ordinal(kinds[0], number) + node.title
        stop = "。" if kinds[0] == "be" or shape == "run-in" else ""
        gap = "" if stop else ("\n" if shape == "lines" else " ")
        parts.append(head + stop + gap + "".join(node.body))
        if node.children:
            parts.append(render(node.children, shape, kinds[1:]))
    return ("\n" if shape != "blob" else " ").join(parts)


@pytest.mark.parametrize("shape", ["lines", "run-in", "blob"])
@settings(max_examples=60, deadline=None)
@given(tree=trees, first=st.integers(0, 1))
def test_a_composed_outline_comes_back_from_every_shape(shape: str, tree: list[Node], first: int) -> None:
    kinds = KINDS[first:] + KINDS[:first]
    if first and any(c.children for n in tree for b in n.children for c in b.children):
        return  # the fourth kind would stand above the first
    text = "今年以来,我局紧扣目标任务,各项工作有序推进。\n" + render(tree, shape, kinds)
    assert [(s.title, s.level) for s in outline(text)] == expected(tree, kinds=kinds)


def glued(tree: list[Node] | tuple[Node, ...], kinds: tuple[str, ...] = KINDS) -> str:
    """No break, no blank, no stop behind a heading; such headings end in a word that says so (…情况)."""
    parts = []
    for number, node in enumerate(tree, 1):
        parts.append(
            ordinal(kinds[0], number) + node.title + "情况" + ("" if node.children else "我区" + "".join(node.body))
        )
        parts.append(glued(node.children, kinds[1:]) if node.children else "")
    return "".join(parts)


@settings(max_examples=60, deadline=None)
@given(tree=st.integers(0, 2).flatmap(lambda depth: st.lists(nodes(depth), min_size=2, max_size=4)))
def test_a_composed_outline_comes_back_from_a_text_without_any_break(tree: list[Node]) -> None:
    found = [(s.title, s.level) for s in outline(glued(tree))]
    assert found == [(title + "情况", level) for title, level in expected(tree)]


@settings(max_examples=40, deadline=None)
@given(tree=trees, shape=st.sampled_from(["lines", "run-in", "blob"]))
def test_sections_nest_and_cover_the_text_under_them(tree: list[Node], shape: str) -> None:
    text = render(tree, shape)
    found = outline(text)
    for i, section in enumerate(found):
        assert text[section.start :].startswith(section.title)
        inner = [s for s in found[i + 1 :] if s.start < section.end]
        assert all(s.level > section.level and s.end <= section.end for s in inner)
        outer = [s for s in found[:i] if s.end > section.start]
        assert section.level == len(outer) + 1
    assert found[-1].end == len(text)


@settings(max_examples=30, deadline=None)
@given(tree=trees, offset=st.integers(1, 500))
def test_offsets_count_from_the_start_given(tree: list[Node], offset: int) -> None:
    text = render(tree, "lines")
    moved = outline(text, offset)
    assert [(s.title, s.level, s.start - offset, s.end - offset) for s in moved] == [
        (s.title, s.level, s.start, s.end) for s in outline(text)
    ]


@given(st.text(alphabet="一二三是要、().1234567890 \n。;:关于工作情况亿元%年月", max_size=120))
def test_any_text_gives_ordered_sections_within_it(text: str) -> None:
    found = outline(text)
    assert [s.start for s in found] == sorted(s.start for s in found)
    assert all(0 <= s.start < s.end <= len(text) for s in found)


def titles_of(text: str) -> list[tuple[int, str]]:
    return [(s.level, s.title) for s in outline(text)]


def test_parts_without_ordinals_hold_the_lists_that_follow() -> None:
    text = (
        "一、上半年工作情况 (一)主要成效 全区上下共同努力,取得新成效: 推进“两项攻坚”: 1、项目攻坚见成效。开工7个。 "
        "2、改革攻坚见成效。出台3项。 做好“三件实事” 一是修路。完成5公里。 二是建校。新建2所。 "
        "二、下半年工作打算 关于产业发展: 坚持工业强区,力争新增10家。 关于民生改善: (一)办好教育 新增学位500个。 "
        "(二)办好医疗 新增床位60张。"
    )
    assert titles_of(text) == [
        (1, "一、上半年工作情况"),
        (2, "(一)主要成效"),
        (3, "推进“两项攻坚”"),
        (4, "1、项目攻坚见成效"),
        (4, "2、改革攻坚见成效"),
        (3, "做好“三件实事”"),
        (4, "一是修路"),
        (4, "二是建校"),
        (1, "二、下半年工作打算"),
        (2, "关于产业发展"),
        (2, "关于民生改善"),
        (3, "(一)办好教育"),
        (3, "(二)办好医疗"),
    ]


def test_a_heading_glued_to_its_text_is_cut_where_the_sentence_begins() -> None:
    text = (
        "一、2023年重点工作推进情况(一)主要经济指标情况2023年,全区完成投资3亿元,增长5%。(二)项目建设情况我区新开工9个。"
        "二、2024年工作思路2024年,我局将继续努力。"
    )
    assert titles_of(text) == [
        (1, "一、2023年重点工作推进情况"),
        (2, "(一)主要经济指标情况"),
        (2, "(二)项目建设情况"),
        (1, "二、2024年工作思路"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "完成投资1.5亿元。2.3万户家庭受益。3.6亿元已到位。",
        "。1、2月份完成投资3亿元,3、4号楼开工。",
        "全区排名居前,一、二季度均列第一。二、三季度稳步回升。",
        "统一是关键,唯一要求是落实。第一产业增长3%。",
        "依据第(三)项规定,参照(二)的办法执行。",
        "(一)(二)两项均已完成。",
    ],
)
def test_numbers_that_only_look_like_ordinals_open_nothing(text: str) -> None:
    assert titles_of(text) == []


def test_ordinals_before_figures_are_ordinals() -> None:
    text = "一、完成情况\n1、2024年1-9月完成投资3亿元。\n2、1-9月新增企业3家。\n3、5G基站新建120个。\n4、30个项目开工。"
    assert [title[:2] for level, title in titles_of(text) if level == 2] == ["1、", "2、", "3、", "4、"]


def test_books_chapters_and_lists_nest() -> None:
    text = (
        "第一部分 2023年工作回顾\n一、经济稳中有进。增长5%。\n第二部分 2024年工作安排\n一、聚力发展。\n"
        "(一)扩大投资。力争增长8%。\n1．抓项目。开工20个。\n(1)交通。投资3亿元。\n(2)水利。投资2亿元。\n"
        "2．抓招商。引进30个。\n(二)促进消费。增长6%。\n二、聚力民生。\n①教育。新增学位500个。②医疗。新增床位60张。"
    )
    assert [level for level, _ in titles_of(text)] == [1, 2, 1, 2, 3, 4, 5, 5, 4, 3, 2, 3, 3]


def blocks_of(*lines: Paragraph) -> tuple[str, tuple[Paragraph, ...]]:
    text, placed = "", []
    for line in lines:
        placed.append(Paragraph(line.text, len(text), len(text) + len(line.text), line.level, line.bold))
        text += line.text + "\n"
    return text, tuple(placed)


def test_markup_headings_nest_numbered_ones() -> None:
    text, blocks = blocks_of(
        Paragraph("云溪区发展和改革局2023年工作总结", 0, 0, level=1),
        Paragraph("主要成绩", 0, 0, level=2),
        Paragraph("1.项目建设提速。开工12个。", 0, 0),
        Paragraph("2.改革提效。出台5项。", 0, 0),
        Paragraph("后续安排", 0, 0, level=2),
        Paragraph("(一)抓投资", 0, 0, level=3),
        Paragraph("力争完成投资20亿元。", 0, 0),
    )
    assert [(s.level, s.title) for s in outline_blocks(text, blocks).sections] == [
        (1, "主要成绩"),
        (2, "1.项目建设提速"),
        (2, "2.改革提效"),
        (1, "后续安排"),
        (2, "(一)抓投资"),
    ]


def test_headings_without_ordinals_that_stand_alone() -> None:
    text = "主要成效\n开工12个。\n1.投资提速。完成3亿元。\n存在问题\n消费偏弱。\n下一步工作打算\n力争开工5个。"
    assert titles_of(text) == [(1, "主要成效"), (2, "1.投资提速"), (1, "存在问题"), (1, "下一步工作打算")]


def test_the_documents_own_title_is_no_section() -> None:
    text = "2023年工作总结\n一、工作情况\n开工12个。\n二、存在问题\n消费偏弱。"
    assert titles_of(text) == [(1, "一、工作情况"), (1, "二、存在问题")]


def test_gaps_and_fragments_are_warned_about() -> None:
    lines = ["(三)聚焦创新", "投用平台2个。", "(五)聚焦开放", "实际利用外资3亿美元。"]
    text, blocks = blocks_of(*(Paragraph(line, 0, 0) for line in lines))
    found = outline_blocks(text, blocks)
    assert [s.level for s in found.sections] == [1, 1]
    assert [w.code for w in found.warnings] == ["outline_gap", "outline_gap"]


def test_a_fragment_before_the_first_chapter_keeps_the_level_of_its_kind() -> None:
    text = "(三)聚焦开放\n实际利用外资3亿美元。\n二、问题\n(一)投资放缓\n降幅扩大。\n(二)消费偏弱\n增速回落。"
    assert titles_of(text) == [
        (2, "(三)聚焦开放"),
        (1, "二、问题"),
        (2, "(一)投资放缓"),
        (2, "(二)消费偏弱"),
    ]


def test_a_heading_repeated_after_a_page_break_is_one_section() -> None:
    text = "(一)扩大投资\n开工6个。\n(二)促进消费\n办活动9场。\n(二)促进消费\n发放消费券。\n(三)稳定外贸\n出口增长2%。"
    assert [title for _, title in titles_of(text)] == ["(一)扩大投资", "(二)促进消费", "(三)稳定外贸"]


def test_a_one_column_table_is_read_as_prose() -> None:
    text = "一、工作情况\n完成7项。\n二、工作打算\n推进3项。"
    table = Table(((Cell(text, 0, len(text)),),))
    assert [s.title for s in outline_blocks(text, (table,)).sections] == ["一、工作情况", "二、工作打算"]


@pytest.mark.parametrize(
    ("titles", "year", "plan"),
    [
        (["二、2024年工作思路"], 2023, True),
        (["三、下一步工作打算", "(一)扩投资"], 2023, True),
        (["二、2024年重点工作"], 2023, True),
        (["一、2024年重点工作"], 2024, False),
        (["一、2023年工作计划完成情况"], 2023, False),
        (["一、重点工作完成情况", "(一)坚持统筹"], 2023, False),
        (["四、明年计划安排"], None, True),
        (["一、2023年工作总结"], 2023, False),
    ],
)
def test_plans_and_retrospects_are_told_apart(titles: list[str], year: int | None, plan: bool) -> None:
    assert is_plan(titles, "", year) is plan


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一季度重点工作完成情况", "下一步工作打算"),
        ("一般公共预算执行情况", "三季度工作打算"),
        ("十四五规划实施情况", "三大攻坚战推进情况"),
        ("三年行动推进情况", "二季度工作安排"),
    ],
)
def test_a_heading_may_begin_with_a_numeral(first: str, second: str) -> None:
    text = f"一、{first}\n(一)抓产业。一、二产业稳步回升,一、二、三产融合发展。\n(二)抓投资。二、三季度投资回升。\n二、{second}\n"
    assert [(part.title, part.level) for part in outline(text)] == [
        (f"一、{first}", 1),
        ("(一)抓产业", 2),
        ("(二)抓投资", 2),
        (f"二、{second}", 1),
    ]
