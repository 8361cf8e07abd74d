"""Outlines by other habits: quoted headings, decimal numbers, parts without ordinals, subjects in brackets, all mixed."""

from __future__ import annotations

import pytest

from tasks.read import read

LEAD = "今年以来，全局上下紧紧围绕中心工作，扎实推进各项任务，取得了较好成效。"


def outline(*lines: str, gap: str = "\n") -> list[tuple[int, str]]:
    report = read(gap.join(lines).encode())
    for section in report.sections:
        assert report.text[section.start :].startswith(section.title.split("\n")[0])
        assert section.start < section.end <= len(report.text)
    assert not {warning.code for warning in report.warnings} & {"outline_gap", "outline_repeats"}
    return [(section.level, section.title) for section in report.sections]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\u3000\u3000"])
def test_all_kinds_of_ordinals_nest_as_they_follow(gap: str) -> None:
    assert outline(
        "云汀区发改局2024年上半年工作总结和下半年工作思路",
        LEAD,
        "一、上半年工作完成情况",
        "（一）经济运行稳中有进",
        "1.主要指标平稳增长。上半年，规上工业增加值增长6.1%。",
        "2.项目投资持续发力。完成固定资产投资87亿元：",
        "（1）产业项目加快建设。完成投资32亿元。",
        "（2）基础设施补短板。其中：①道路开工12条；②桥梁完工3座。",
        "（二）改革创新纵深推进",
        "1、营商环境持续优化。出台政策23条。",
        "2、要素保障更加有力。争取专项债14亿元。",
        "二、下半年工作思路",
        "一是聚焦稳增长。抓好运行监测。二是聚焦促改革。深化“一件事”改革。",
        gap=gap,
    ) == [
        (1, "一、上半年工作完成情况"),
        (2, "（一）经济运行稳中有进"),
        (3, "1.主要指标平稳增长"),
        (3, "2.项目投资持续发力"),
        (4, "（1）产业项目加快建设"),
        (4, "（2）基础设施补短板"),
        (2, "（二）改革创新纵深推进"),
        (3, "1、营商环境持续优化"),
        (3, "2、要素保障更加有力"),
        (1, "二、下半年工作思路"),
        (2, "一是聚焦稳增长"),
        (2, "二是聚焦促改革"),
    ]


QUOTES = [
    "严格落实《实施方案》中“一、总体要求”和“二、重点任务”，细化分工。",
    "会议强调：“一、要快；二、要准；三、要稳。”全局上下认真落实。",
    "修订《（一）办案规程》《（二）调解规程》，编印成册。",
    "群众提出‘1.停车难；2.充电难’等问题，均已答复。",
]


@pytest.mark.parametrize("quote", QUOTES)
def test_headings_that_are_quoted_open_no_section(quote: str) -> None:
    lines = [
        "云汀区司法局2024年工作总结",
        LEAD,
        "一、坚持统筹推进",
        quote,
        "二、坚持依法行政",
        quote,
        "三、坚持为民",
        quote,
    ]
    assert outline(*lines) == [(1, "一、坚持统筹推进"), (1, "二、坚持依法行政"), (1, "三、坚持为民")]


def test_a_heading_that_holds_a_quote_is_one() -> None:
    assert outline(
        "云汀区司法局2024年工作总结", LEAD, "一、打造“一站式”服务", "办件412件。", "二、擦亮“二十四小时”品牌", "好。"
    ) == [(1, "一、打造“一站式”服务"), (1, "二、擦亮“二十四小时”品牌")]


def test_decimal_numbers_stand_under_their_whole_ones() -> None:
    assert outline(
        "2024年三季度云汀区重点工作通报",
        "1 总体情况",
        LEAD,
        "1.1 指标情况",
        "GDP增长5.1%。",
        "1.2 项目情况",
        "3.5公里绿道建成。",
        "2 存在问题",
        "2.1 进度偏慢",
        "个别项目进度偏慢。",
        "3 下步打算",
        "加快推进。",
    ) == [
        (1, "1 总体情况"),
        (2, "1.1 指标情况"),
        (2, "1.2 项目情况"),
        (1, "2 存在问题"),
        (2, "2.1 进度偏慢"),
        (1, "3 下步打算"),
    ]


def test_parts_without_ordinals_hold_the_lists_that_begin_anew() -> None:
    assert outline(
        "云汀区教育局2023年工作总结和2024年工作计划",
        "2023年工作总结",
        "一、规模持续扩大",
        "新增学位4200个。",
        "二、质量稳步提升",
        "获奖23项。",
        "2024年工作计划",
        "一、扩优提质",
        "新建学校5所。",
        "二、强师铸魂",
        "招聘教师120名。",
    ) == [
        (1, "2023年工作总结"),
        (2, "一、规模持续扩大"),
        (2, "二、质量稳步提升"),
        (1, "2024年工作计划"),
        (2, "一、扩优提质"),
        (2, "二、强师铸魂"),
    ]


def test_subjects_in_brackets_head_what_follows() -> None:
    report = read(
        "云汀区2024年前三季度工作动态\n【产业发展】全区规上工业总产值812亿元，同比增长6.3%。\n"
        "【项目建设】85个重点项目完成投资143亿元。\n【民生保障】新增城镇就业7820人。\n".encode()
    )
    assert report.meta.title == "云汀区2024年前三季度工作动态"
    assert [(s.level, s.title) for s in report.sections] == [
        (1, "【产业发展】"),
        (1, "【项目建设】"),
        (1, "【民生保障】"),
    ]
    assert outline("云汀区2024年工作总结", LEAD, "【注】数据为快报数，以年报为准，仅供参考。") == []


@pytest.mark.parametrize(
    "line",
    [
        "1、2号楼已封顶，3、4号楼施工至10层。",
        "一、二期共完成投资3亿元。",
        "重点抓好3个项目：（1）绿道；（2）公园；（3）广场。",
        "完成投资87亿元：",
    ],
)
def test_figures_and_lists_in_sentences_are_no_headings_of_their_own(line: str) -> None:
    found = outline("云汀区住建局2024年工作总结", LEAD, "一、保障房建设", line, "二、城市更新", "改造12个小区。")
    assert [title for level, title in found if level == 1] == ["一、保障房建设", "二、城市更新"]
    assert not any(title.startswith(("重点抓好", "完成投资")) for _, title in found)


def test_a_text_without_line_breaks_keeps_its_outline() -> None:
    assert outline(
        "云汀区商务局2024年工作总结 今年以来，我局认真履职。一、主要工作成效 （一）消费市场持续回暖。社零总额增长4.2%。"
        "（二）外贸稳中提质。实现进出口126亿元。 二、存在问题 一是融资难。二是人才短缺。 三、2025年工作打算 （一）扩内需。"
        "举办活动50场。（二）稳外贸。新增主体200家。"
    ) == [
        (1, "一、主要工作成效"),
        (2, "（一）消费市场持续回暖"),
        (2, "（二）外贸稳中提质"),
        (1, "二、存在问题"),
        (2, "一是融资难"),
        (2, "二是人才短缺"),
        (1, "三、2025年工作打算"),
        (2, "（一）扩内需"),
        (2, "（二）稳外贸"),
    ]
