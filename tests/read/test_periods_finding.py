"""What period a document is about: title and content decide, contradictions are said, nothing is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Kind, Period
from tasks.periods import Neighbour, PeriodReading, find_period

Q3_TEXT = "1-9月完成投资3.2亿元,同比增长5%。截至9月底,开工7个项目。上半年新增企业12家。"
NEUTRAL = "已开工7个项目,正在推进前期工作。"

TITLES = {
    "2024年三季度云溪区发改局主要任务执行情况表": "2024Q3",
    "2020第二季度政府工作报告重点任务目标执行情况": "2020Q2",
    "2024年第3季度重点工作进展": "2024Q3",
    "2024年前三季度重点工作完成情况": "2024Q3",
    "2024年1-9月重点工作完成情况": "2024Q3",
    "2024年1—9月重点工作完成情况": "2024Q3",
    "2024年一至九月重点工作完成情况": "2024Q3",
    "截至2024年9月底民生实事进展情况": "2024Q3",
    "2024年度政府工作报告重点任务三季度完成情况": "2024Q3",
    "关于2024年政府工作报告目标任务第三季度执行情况的通报": "2024Q3",
    "(2024三季度)重点工作推进情况": "2024Q3",
    "2024年Q3重点工作推进情况": "2024Q3",
    "２０２４年第三季度重点工作推进情况": "2024Q3",
    "二〇二四年三季度重点工作推进情况": "2024Q3",
    "2024 年 三 季度重点工作推进情况": "2024Q3",
    "2024年19月重点工作推进情况": "2024Q3",
    "2024年上半年重点工作推进情况": "2024H1",
    "二○二四年半年度重点工作推进情况": "2024H1",
    "2024年1-6月重点工作推进情况": "2024H1",
    "2024年度上半年政府工作报告重点任务": "2024H1",
    "2024年1-11月重点工作推进情况": "2024M11",
    "2024年前10个月重点工作推进情况": "2024M10",
    "2024年一季度工作总结及二季度工作计划": "2024Q1",
    "2024年上半年工作总结和下半年工作思路": "2024H1",
    "2023年工作总结和2024年工作思路": "2023",
    "2023年全年重点工作完成情况": "2023",
    "2023年度重点工作完成情况": "2023",
    "2023年四季度政府工作报告重点工作执行情况": "2023Q4",
    "关于2023年政府工作报告目标任务2024年一季度进展情况": "2024Q1",
    "2023年重点工作总结": "2023",
    "2023年工作总结": "2023",
    "2021年第一季度“十四五”规划重点任务进展": "2021Q1",
}


def published_for(period: Period) -> date:
    return period.end + timedelta(days=24)


@pytest.mark.parametrize("title", TITLES)
def test_titles_name_the_period(title: str) -> None:
    period = Period.parse(TITLES[title])
    found = find_period(title=title, texts=[NEUTRAL], published_on=published_for(period), kind=Kind.EXECUTION)
    assert str(found.period) == TITLES[title]
    assert (found.start, found.end) == (period.start, period.end)
    assert not codes(found) & {"period_contradiction", "period_unknown"}


def codes(found: PeriodReading) -> set[str]:
    return {warning.code for warning in found.warnings}


WAYS = {
    "一季度": "Q1",
    "二季度": "Q2",
    "三季度": "Q3",
    "四季度": "Q4",
    "第1季度": "Q1",
    "第四季度": "Q4",
    "上半年": "H1",
    "前三季度": "Q3",
    "1-8月": "M08",
    "1至10月": "M10",
    "全年": "",
    "1-3月": "Q1",
}
SHAPES = (
    "{y}年{p}重点任务执行情况",
    "云溪区{y}年{p}工作进展",
    "重点任务执行情况({y}年{p})",
    "关于{y}年度{p}目标任务完成情况的通报",
)


@given(year=st.integers(2015, 2030), named=st.sampled_from(list(WAYS.items())), shape=st.sampled_from(SHAPES))
def test_every_way_to_write_a_period_reads_back(year: int, named: tuple[str, str], shape: str) -> None:
    found = find_period(title=shape.format(y=year, p=named[0]), texts=[NEUTRAL])
    assert str(found.period) == f"{year}{named[1]}"


def test_a_single_quarter_is_told_from_a_cumulative_one() -> None:
    alone = find_period(title="2024年三季度工作进展", texts=["7-9月完成投资3亿元。7—9月新增企业5家。"])
    assert alone.single
    assert alone.start == date(2024, 7, 1)
    summed = find_period(title="2024年三季度工作进展", texts=[Q3_TEXT])
    assert not summed.single
    assert summed.start == date(2024, 1, 1)
    assert find_period(title="2024年7-9月工作进展", texts=[NEUTRAL]).single
    assert find_period(title="2024年三季度(单季)工作进展", texts=[Q3_TEXT]).single


@pytest.mark.parametrize("published", [date(2024, 10, 29), date(2025, 2, 3)])
def test_a_title_without_a_year_takes_it_from_text_or_date(published: date) -> None:
    dated = find_period(title="三季度重点任务执行情况", texts=["2024年1-9月完成投资3亿元。"], published_on=published)
    assert str(dated.period) == "2024Q3"
    assert "period_year_from_date" not in codes(dated)
    undated = find_period(title="三季度重点任务执行情况", texts=[Q3_TEXT], published_on=published)
    assert str(undated.period) == "2024Q3"
    assert "period_year_from_date" in codes(undated)


def test_a_fourth_quarter_published_in_january_is_last_years() -> None:
    found = find_period(title="四季度重点任务执行情况", texts=[NEUTRAL], published_on=date(2024, 1, 8))
    assert str(found.period) == "2023Q4"


@pytest.mark.parametrize("title", [None, "政府工作报告重点任务执行情况", "重点工作进展情况表"])
def test_no_period_in_title_or_text_is_unknown_whatever_the_date(title: str | None) -> None:
    found = find_period(title=title, texts=[NEUTRAL], published_on=date(2024, 10, 29), kind=Kind.EXECUTION)
    assert found.period is None
    assert found.start is None
    assert "period_unknown" in codes(found)


def test_the_text_tells_a_quarter_only_where_it_repeats_it() -> None:
    twice = find_period(
        title="2024年重点任务执行情况", texts=[Q3_TEXT], published_on=date(2024, 10, 29), kind=Kind.EXECUTION
    )
    assert str(twice.period) == "2024Q3"
    assert "period_from_text" in codes(twice)
    once = find_period(
        title="2024年重点任务执行情况", texts=["1-9月完成3亿元。"], published_on=date(2024, 10, 29), kind=Kind.EXECUTION
    )
    assert once.period is None


@pytest.mark.parametrize(
    ("title", "text", "published"),
    [
        ("2024年一季度重点任务执行情况", Q3_TEXT, date(2024, 10, 29)),  # tells of months to come
        ("2024年四季度重点任务执行情况", Q3_TEXT, date(2024, 10, 29)),  # published before its end
        ("2024年三季度重点任务执行情况", "2023年1-9月完成3亿元。2023年1-9月新增5家。", date(2024, 10, 20)),
        ("2023年三季度重点任务执行情况", "2024年1-9月完成3亿元。2024年1-9月新增5家。", date(2024, 10, 20)),
        ("2025年三季度重点任务执行情况", Q3_TEXT, date(2024, 10, 29)),
    ],
)
def test_title_text_and_date_that_disagree_are_a_contradiction(title: str, text: str, published: date) -> None:
    assert "period_contradiction" in codes(find_period(title=title, texts=[text], published_on=published))


def test_an_attachment_of_another_quarter_is_a_contradiction() -> None:
    found = find_period(title="2024年三季度执行情况", texts=[NEUTRAL], attachments=["2024年二季度执行情况.xlsx"])
    assert "period_contradiction" in codes(found)
    agreed = find_period(title="2024年三季度执行情况", texts=[NEUTRAL], attachments=["附件:2024年1-9月执行情况.xlsx"])
    assert "period_contradiction" not in codes(agreed)


def test_the_attachments_name_tells_where_the_title_does_not() -> None:
    found = find_period(title="重点任务执行情况", texts=[NEUTRAL], attachments=["2024年三季度执行情况.xlsx"])
    assert str(found.period) == "2024Q3"


def test_another_document_under_the_same_quarter_is_a_contradiction_unless_it_corrects() -> None:
    kept = [Neighbour(Period.parse("2024H1"), date(2024, 7, 22))]
    title = "2024年二季度执行情况"
    assert "period_contradiction" in codes(
        find_period(title=title, texts=[NEUTRAL], published_on=date(2024, 10, 25), neighbours=kept)
    )
    assert "period_contradiction" not in codes(
        find_period(title=title + "(更正)", texts=[NEUTRAL], published_on=date(2024, 10, 25), neighbours=kept)
    )
    assert "period_contradiction" not in codes(
        find_period(title=title, texts=[NEUTRAL], published_on=date(2024, 7, 24), neighbours=kept)
    )


@pytest.mark.parametrize(
    "text",
    [
        "上半年完成投资3亿元。9月底前完成主体结顶。预计1-9月完成5亿元。",  # plans
        "1-6月完成3亿元。去年1-9月完成4亿元。较去年前三季度增长5%。",  # another year's
        "2023年1-12月完成9亿元;1-6月完成5亿元,2024年1-6月新增3家。",
        "1-3月完成1亿元,1-5月完成2亿元。下半年将开工3个,三季度力争投用。",
    ],
)
def test_plans_and_other_years_do_not_contradict(text: str) -> None:
    found = find_period(title="2024年上半年执行情况", texts=[text], published_on=date(2024, 7, 25))
    assert "period_contradiction" not in codes(found)


def test_a_late_reports_stray_figure_of_the_next_month_is_only_noted() -> None:
    text = "1-9月完成3亿元。" * 9 + "1-10月新增5家。1-10月办件900件。"
    found = find_period(title="2024年三季度执行情况", texts=[text], published_on=date(2024, 11, 20))
    assert "period_window_beyond" in codes(found)
    assert "period_contradiction" not in codes(found)


PROSE = {
    "2023年以来,我局坚持创新。\n一、重点工作完成情况\n前三季度GDP增长3%。\n二、2024年工作思路\n继续努力。": "2023",
    "今年以来,全区真抓实干。 一、2023年重点工作推进情况 全年投资5亿元。 二、2024年工作思路 我局将继续努力。": "2023",
    "一、2024年上半年工作完成情况\n完成投资3亿元。\n二、下半年工作打算\n确保完成5亿元。": "2024H1",
    "2024年上半年,我局完成投资3亿元。\n一、主要成效\n新增5家。": "2024H1",
    "一、工作开展情况\n完成投资3亿元。\n二、2024年工作计划\n确保完成5亿元。": "2023",
}


@pytest.mark.parametrize("text", PROSE)
def test_a_summary_without_a_title_is_about_the_year_it_looks_back_on(text: str) -> None:
    found = find_period(title=None, texts=[text], published_on=date(2024, 8, 13), kind=Kind.SUMMARY)
    assert str(found.period) == PROSE[text]


def test_a_bare_year_over_progress_told_in_prose_gives_way_to_the_window_it_repeats() -> None:
    texts = ["截至2031年9月底，28项已完成9项。", "截至9月底，完成投资3亿元。", "下一步，确保全面完成。"]
    told = find_period(title="关于2031年民生实事项目推进情况的通报", texts=texts, kind=Kind.SUMMARY)
    assert (str(told.period), "period_from_text" in codes(told)) == ("2031Q3", True)
    assert str(find_period(title="2031年工作总结", texts=texts, kind=Kind.SUMMARY).period) == "2031"


@pytest.mark.parametrize(
    ("texts", "columns", "period"),
    [
        (["12月8日试生产。", "12月16日通过竣工验收。"], [], "2022"),
        (["12月8日试生产。", "预计12月26日开业。"], [], None),  # one of the days is to come
        (["412.6", "1186.3"], ["2022年完成情况/绝对值"], "2022"),
        (["412.6", "1186.3"], ["2021年完成情况"], None),  # of another year
        (["1-9月完成412.6", "1-9月增长3%", "12月8日开工", "12月9日签约"], ["2022年完成情况"], "2022Q3"),
    ],
)
def test_a_bare_year_is_the_year_where_its_results_or_its_december_are_told(
    texts: list[str], columns: list[str], period: str | None
) -> None:
    title, kind = "石埠镇2022年度重点任务完成情况", Kind.INDICATORS if columns else Kind.EXECUTION
    found = find_period(title=title, texts=texts, columns=columns, kind=kind)
    assert found.period == (period and Period.parse(period))
    if columns:  # of works it may be told at any time
        told = find_period(title=title, texts=texts[:2], columns=columns, kind=Kind.EXECUTION)
        assert told.period != Period(2022)


def test_who_is_addressed_stands_before_the_opening() -> None:
    told = "按照方案要求，我县于2022年10月至12月开展专项行动第一阶段工作。"
    found = find_period(title="专项行动第一阶段工作总结", texts=["市环委办：", told], kind=Kind.SUMMARY)
    assert found.period == Period.parse("2022Q4")


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("(浙东省)海州市云溪区人民政府工作报告(2023年2月4日)", 2023),
        ("2024年云溪区政府工作报告", 2024),
        ("政府工作报告——2023年12月28日在云溪区第三届人民代表大会上", 2024),
    ],
)
def test_a_work_report_is_a_promise_for_its_year(title: str, year: int) -> None:
    found = find_period(title=title, texts=["现在,我代表区人民政府向大会报告工作。"], kind=Kind.WORK_REPORT)
    assert found.period == Period(year)


def test_damage_is_said() -> None:
    found = find_period(title="2024年三季度执行情况", texts=["19月完成投资3亿元,1-8月新增5家。"])
    assert "period_damaged_text" in codes(found)


@given(
    st.text(alphabet="2024年一二三四季度上下半年1-9月截至底前计划、,。情况总结思路今去", max_size=40),
    st.dates(date(2015, 1, 1)),
)
def test_any_title_gives_a_reading(title: str, published: date) -> None:
    found = find_period(title=title, texts=[title], published_on=published)
    assert (found.period is None) == ("period_unknown" in codes(found))
    if found.period is not None:
        assert found.end == found.period.end


def test_a_year_of_a_longer_plan_is_that_year_where_nothing_tells_a_part_of_it() -> None:
    title = "云汀县“十四五”规划《纲要》2023年度重点任务实施进展"
    assert str(find_period(title=title, texts=["已完成。"], kind=Kind.EXECUTION).period) == "2023"
    part = find_period(title=title, texts=["1-6月完成投资3亿元。", "1-6月新增企业5家。"], kind=Kind.EXECUTION)
    assert str(part.period) == "2023H1"
    assert find_period(title="云汀县2023年度重点任务实施进展", texts=["已完成。"], kind=Kind.EXECUTION).period is None
