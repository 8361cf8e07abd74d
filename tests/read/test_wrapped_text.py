"""Texts broken at a width, as programs print the text of a PDF: the same sections and figures as unbroken."""

from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tasks.observe.report import observe
from tasks.read import read
from tasks.read.textdump.wrapped import unwrapped, width_of

CLAUSES = (
    "全市累计完成投资3.42亿元，",
    "新改造农村公路86.5公里，",
    "同比增长12.6%；",
    "惠及老年人2.6万人，",
    "推进“一网通办”，",
    "各县（市、区）全部开工，",
    "较上年提高4.2个百分点，",
    "CPU核数由2.1万核扩容至3.4万核，",
    "持续优化营商环境，",
)
paragraphs = st.lists(st.lists(st.sampled_from(CLAUSES), min_size=12, max_size=30).map("".join), min_size=3, max_size=6)


def broken(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; no figure and no word of letters is cut."""
    tokens: list[str] = []
    for char in text:
        joins = tokens and (
            (char.isascii() and tokens[-1][-1].isascii()) or char in "，；。”）" or tokens[-1][-1] in "“（"
        )
        if joins:
            tokens[-1] += char
        else:
            tokens.append(char)
    lines = [""]
    for token in tokens:
        if width_of(lines[-1] + token) > width and lines[-1].strip():
            lines.append("")
        lines[-1] += token
    return lines


@seed(20310424)
@settings(deadline=None, max_examples=60)
@given(paragraphs, st.integers(28, 45))
def test_a_text_broken_at_any_width_is_made_whole(told: list[str], width: int) -> None:
    whole = [f"　　{text.rstrip('，；')}。" for text in told]
    lines = [line for text in whole for line in broken(text, 2 * width)]
    assert unwrapped("\n".join(lines)).text.split("\n") == whole


REPORT = """云溪市2024年重点工作总结

一、城乡建设
　　2024年，全市新改造农村公路86.5公里，完成投资3.42亿元，同比增长12.6%；新建社区养老服务设施37个，惠及老年人2.6万人，全部投入使用，群众满意度持续提高。
　　老旧小区改造完工46个，惠及居民1.38万户，加装电梯72台，完成年度任务的104.3%，配套建设停车位2180个，新增公共绿地18.6公顷，城市面貌明显改善。
二、数字政府
　　市级政务云资源池由2.1万核扩容至3.4万核，37个部门412个业务系统完成上云，上云率96.7%，较上年提高4.2个百分点，数据共享接口调用3.6亿次，居全省前列。
"""


@pytest.mark.parametrize("characters", [24, 30, 37])
def test_figures_on_two_lines_are_one(characters: int) -> None:
    lines = []
    for line in REPORT.splitlines():
        lines += [line[at : at + characters] for at in range(0, len(line), characters)] or [""]
    one, other = (read("\n".join(shown).encode(), name="report.txt") for shown in (REPORT.splitlines(), lines))
    assert [(s.level, s.title) for s in other.sections] == [(s.level, s.title) for s in one.sections]
    told = [(o.metric, o.value, o.unit, o.measure) for o in observe(one)]
    assert len(told) > 12
    assert [(o.metric, o.value, o.unit, o.measure) for o in observe(other)] == told
    assert "lines_joined" in {warning.code for warning in other.warnings}


@pytest.mark.parametrize("head", ["云溪市2024年重点工作总结", None])
def test_what_ends_a_page_is_in_no_paragraph_and_told(head: str | None) -> None:
    lines = [line[at : at + 30] for line in REPORT.splitlines()[3:] for at in range(0, len(line), 30)]
    cut = []
    for number, line in enumerate(lines, 1):
        cut.append(line)
        if number % 4 == 0:
            cut += [f"- {number // 4} -", *([f"\f{head}"] if head else [])]
    found = unwrapped("\n".join(cut))
    whole = found.text.splitlines()
    assert whole == REPORT.splitlines()[3:]
    assert sorted("".join([*whole, *found.page_ends])) == sorted("".join("\n".join(cut).splitlines()))
    report = read("\n".join(cut).encode(), name="report.txt")
    assert ("page_ends_left_out" in {warning.code for warning in report.warnings}) == bool(found.page_ends)


@pytest.mark.parametrize("divider", ["  ", " ", "\n"])
def test_cells_of_like_length_are_not_joined(divider: str) -> None:
    headings = divider.join(("序号", "工作任务", "责任单位", "完成情况"))
    rows = [
        divider.join(
            (str(n), f"改造老旧小区{n}个，新增停车位{n}0个", "区住建局", f"已改造小区{n}个，其余正在抓紧推进施工")
        )
        for n in range(1, 10)
    ]
    text = "\n".join([headings, *rows])
    assert unwrapped(text).text == text


def test_a_broken_text_with_a_table_says_so() -> None:
    lines = [line[at : at + 30] for line in REPORT.splitlines() for at in range(0, len(line), 30)]
    table = ["序号", "工作任务", "责任单位", "完成情况", "1", "改造小区9个", "区住建局", "已改造6个。"]
    report = read("\n".join([*lines, *table]).encode(), name="report.txt")
    assert "lines_broken" in {warning.code for warning in report.warnings}


def test_what_is_not_indented_begins_no_point_where_points_are() -> None:
    said = (
        "　　（{}）加快重点工程，开工建设金沙{}小（一）型水库{}座，年内完成投资{}亿元以上，带动沿线村民就近务工增收。"
    )
    told = [said.format(number, "箐" * number, number, number) for number in range(1, 12)]
    lines = [line[at : at + 20] for line in told for at in range(0, len(line), 20)]
    assert any(line.startswith("（一）") for line in lines)
    assert unwrapped("\n".join(lines)).text.splitlines() == told


def test_a_title_of_several_lines_is_no_table() -> None:
    told = ["", "", *(f"　　{''.join(CLAUSES)}{''.join(CLAUSES[:5])[:-1]}。" for _ in range(3))]
    title = ["云溪督〔2024〕17号", "", "关于2024年三季度政府工作报告重点任务", "和民生实事推进情况的督查通报"]
    found = unwrapped("\n".join([*title, *(line for text in told for line in broken(text, 58))]))
    assert [line for line in found.text.split("\n") if line.strip()][-3:] == told[-3:]
