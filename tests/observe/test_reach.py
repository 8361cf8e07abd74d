"""How far a period phrase, a plan and a forecast hold."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.observe import Context, quantities

_NINE = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_YEAR = (date(2024, 1, 1), date(2024, 12, 31))
_TO_SEPTEMBER = (date(2024, 1, 1), date(2024, 9, 30))
_AT_SEPTEMBER = (None, date(2024, 9, 30))
_MAY = (date(2024, 5, 1), date(2024, 5, 31))
_JUNE = (date(2024, 6, 1), date(2024, 6, 30))
_HALF = (date(2024, 1, 1), date(2024, 6, 30))
_TO_MAY = (date(2024, 1, 1), date(2024, 5, 31))


def _dated(text: str) -> list[tuple[date | None, date | None]]:
    return [(seen.period_start, seen.period_end) for seen in quantities(text, _NINE)]


def _kinds(text: str) -> list[str]:
    return [seen.kind for seen in quantities(text, _NINE)]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("1-5月,全县税收收入4.2亿元。房地产投资增长3.1%;技改投资下降2%。", [_TO_MAY] * 3),
        ("1-5月,全县税收收入4.2亿元。今年以来新开工项目12个。", [_TO_MAY, _TO_SEPTEMBER]),
        ("6月份,消费价格上涨0.3%;上半年平均上涨0.5%。其他用品价格上涨1.2%。", [_JUNE, _HALF, _TO_SEPTEMBER]),
        ("全年计划栽树300亩。已栽树120亩。", [_YEAR, _TO_SEPTEMBER]),
        ("县医院一季度接诊3万人次;签约居民8000户。", [(date(2024, 1, 1), date(2024, 3, 31)), _TO_SEPTEMBER]),
        ("1-5月,用电量8亿千瓦时,5月当月下降2.1%;水力发电量3亿千瓦时。", [_TO_MAY, _MAY, _TO_MAY]),
        ("截至9月20日,拆除违建3.2万平方米;涉及村居18个。", [(None, date(2024, 9, 20))] * 2),
        ("截至5月底,到位资金41亿元,本月到位8亿元。", [(None, date(2024, 5, 31)), _MAY]),
        ("上周县热线受理工单487件,转办二级单位475件。", [(None, None)] * 2),
        ("自防汛行动启动以来,排查隐患61处。", [_AT_SEPTEMBER]),
        ("目前全县有托育机构58所。", [_AT_SEPTEMBER]),
        ("目前已完工6所;全县新增托位460个。", [_AT_SEPTEMBER, _TO_SEPTEMBER]),
        ("截至目前,已完工6所;新增托位460个。", [_AT_SEPTEMBER] * 2),
        ("11月上旬竣工学校2所。", [(date(2024, 11, 1), date(2024, 11, 10))]),
        ("2月下旬发放补贴30万元。", [(date(2024, 2, 21), date(2024, 2, 29))]),
    ],
)
def test_a_phrase_holds_for_what_hangs_on_it(text: str, periods: list[tuple[date | None, date | None]]) -> None:
    assert _dated(text) == periods


@pytest.mark.parametrize(
    "text",
    [
        "1-5月,引进资金19亿元,完成年度目标任务53亿元的35.8%。",
        "1-5月,税收收入4.2亿元,占年初预算11.2亿元的37.5%。",
    ],
)
def test_a_goal_told_with_its_share_is_a_target_of_its_year(text: str) -> None:
    done, goal, share = quantities(text, _NINE)
    assert [done.kind, goal.kind, share.kind] == ["actual", "target", "actual"]
    assert (goal.period_start, goal.period_end) == _YEAR
    assert (share.period_start, share.period_end) == (done.period_start, done.period_end) == _TO_MAY


def test_what_this_year_sets_is_of_the_whole_year() -> None:
    assert _dated("今年全县计划改造老旧小区31个。") == [_YEAR]
    assert _dated("今年全县改造老旧小区31个。") == [_TO_SEPTEMBER]


def test_a_year_restored_to_is_a_base() -> None:
    assert _dated("前三季度接待游客864万人次,恢复到2019年的93%;演出40场。") == [_TO_SEPTEMBER] * 3


def test_figures_of_the_year_before_are_of_its_months() -> None:
    _, before, _ = _dated("破案786起,较上年同期的668起上升17.7%。")
    assert before == (date(2023, 1, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("预计全年生产总值376亿元,增长8%;财政收入36亿元;出口增长3%。", ["forecast"] * 4),
        ("签约项目12个,预计全年签约20个;开工项目8个。", ["actual", "forecast", "actual"]),
        ("年度任务有序推进,其余9个站点预计11月完工;28条河道已治理14条。", ["forecast", "actual", "actual"]),
        ("今年的任务是:加固水库6座,治理河道8公里;新建公园7个。已建公园2个。", ["target"] * 3 + ["actual"]),
        ("今年计划改造棚户区1320套,发放租赁补贴1160户;已开工900套。", ["target", "target", "actual"]),
        ("今年计划建成道路10条,目前澄江路等5条已通车,文澜路1条完工。", ["target", "actual", "actual"]),
        ("68个计划新开工项目已开工51个,开工率75%。", ["target", "actual", "actual"]),
        ("年度计划投资同比增长18%。", ["actual"]),
        ("力争上半年完成投资62亿元、增长11%以上。", ["target"] * 2),
        ("全年要完成造林14万亩。", ["target"]),
        ("据预计,上半年生产总值增长8%。", ["forecast"]),
    ],
)
def test_plans_and_forecasts_reach_as_far_as_they_are_told(text: str, kinds: list[str]) -> None:
    assert _kinds(text) == kinds


def test_months_of_a_year_that_nobody_names_date_nothing() -> None:
    text = "复议案件纠错率由4月的62%提高到9月的97.5%,自3月改版以来办结率达到98%。"
    assert [(seen.period_start, seen.period_end) for seen in quantities(text, Context())] == [(None, None)] * 3
