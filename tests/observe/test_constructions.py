"""Constructions that a sentence can be built by, each with one that looks alike and is something else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tasks.model import Observation
from tasks.observe import Context, quantities
from tests.observe.rules import by_rules


def _read(text: str, field: str = "status") -> list[Observation]:
    return by_rules(text, Context(field=field, start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("安装智能水表1.2万帧。", "1.2", "万帧"),
        ("划分基层治理微网格860格,", "860", "格"),
        ("配租公租房412套(间),", "412", "套(间)"),
        ("数字经济营收突破千亿元大关。", "1000", "亿元"),
    ],
)
def test_units_that_no_table_has(text: str, value: str, unit: str) -> None:
    (seen,) = _read(text)
    assert (seen.value, seen.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    ["整治提升小微园3.0版,", "打造千亿级产业集群。", "位于文华路12弄,", "培育2型企业。", "公园500米服务半径全覆盖。"],
)
def test_what_only_looks_like_a_count(text: str) -> None:
    assert _read(text) == []


def test_a_plan_told_after_its_figure_is_dated_by_it() -> None:
    done, planned = _read("已建成学校3所,另有2所学校预计12月底竣工。")
    assert (done.kind, done.period_end) == ("actual", date(2024, 9, 30))
    assert (planned.kind, planned.period_start, planned.period_end) == ("forecast", None, date(2024, 12, 31))


def test_a_chain_after_several_series_goes_to_each() -> None:
    found = _read("茶叶产量1420吨,水果产值2.2亿元,同比增长5.1%、-1.4%。")
    assert [(o.metric, o.value, o.measure) for o in found[2:]] == [
        ("茶叶产量", Decimal("5.1"), "growth"),
        ("水果产值", Decimal("-1.4"), "growth"),
    ]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("北岸水厂扩建工程主体结顶,累计完成投资4.8亿元。", ["北岸水厂扩建工程投资"]),
        ("新增市级以上研发中心9家,其中省级3家。", ["市级以上研发中心", "省级研发中心"]),
        ("按期办结率99.7%,满意率98.5%。", ["按期办结率", "满意率"]),
        ("外贸进出口87亿元,其中出口69亿元。", ["外贸进出口", "出口"]),
        ("低保标准提高到每人每月1206元。", ["低保标准"]),
        ("建成城市公园1个;口袋公园完成改造6个。", ["建成城市公园", "口袋公园改造"]),
        ("开工建设标准厂房50万平方米,竣工30万平方米。", ["开工建设标准厂房", "竣工标准厂房"]),
        ("标准厂房开工46万平方米、竣工21万平方米。", ["标准厂房开工", "竣工标准厂房"]),
        ("累计引进亿元以上项目22个,其中10亿元以上4个。", ["亿元以上项目", "10亿元以上项目"]),
        ("5家企业评为市级总部企业,2个项目列入省级计划。", ["市级总部企业", "项目列入省级计划"]),
        ("已竣工甲楼、乙楼等3个项目。", ["竣工项目"]),
        ("新增托位380个,完成全年450个任务的84.4%。", ["托位", "托位", "托位"]),
        ("早稻播种面积2.8万亩、总产1.2万吨。", ["早稻播种面积", "早稻总产"]),
        ("固定资产投资下降3.4%,扣除房地产开发投资后增长8.8%。", ["固定资产投资", "扣除房地产开发投资后固定资产投资"]),
        ("生产安全事故起数、死亡人数分别下降21%和33%。", ["生产安全事故起数", "生产安全事故死亡人数"]),
        ("小学、初中生均公用经费分别为1050元和1300元。", ["小学生均公用经费", "初中生均公用经费"]),
        (
            "汽车业产值315亿元,增长9.2%,占规上工业产值比重36.5%。",
            ["汽车业产值", "汽车业产值", "汽车业产值占规上工业产值比重"],
        ),
        ("进出口额、出口额分别为98亿元、81亿元,同比增长7.7%、下降2%。", ["进出口额", "出口额", "进出口额", "出口额"]),
        ("带动就业1900人。", ["带动就业"]),
    ],
)
def test_what_a_figure_is_a_figure_of(text: str, metrics: list[str]) -> None:
    assert [o.metric for o in _read(text)] == metrics


def test_a_falling_index_changes_and_a_ratio_that_is_led_to_stays_a_level() -> None:
    (fallen,) = _read("高峰拥堵指数下降0.06。")
    assert (fallen.measure, fallen.value) == ("change", Decimal("-0.06"))
    *_, reached = _read("城乡居民收入比由1.72缩小至1.68。")
    assert (reached.measure, reached.value) == ("level", Decimal("1.68"))


def test_a_range_never_ends_below_its_beginning() -> None:
    for text in ("占比30%-20%。", "增长-3%-2%。", "新建5-3个。"):
        for seen in _read(text):
            assert seen.value_high is None or seen.value_high >= seen.value


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("新增托位380个,完成全年450个任务的84.4%。", ["actual", "target", "actual"]),
        ("二期3000平方米拟于明年投用。发放补助860万元。", ["target", "actual"]),
        ("到位资金38.6亿元,完成年度任务(75亿元)的51.5%。", ["actual", "target", "actual"]),
        ("社区通过领航等四大计划为9000余名青年服务。", ["actual"]),
        ("晚稻预计总产3.4万吨,单产482公斤/亩。", ["forecast", "forecast"]),
    ],
)
def test_a_goal_beside_what_was_done(text: str, kinds: list[str]) -> None:
    assert [o.kind for o in _read(text)] == kinds


_YEAR = (date(2024, 1, 1), date(2024, 12, 31))
_SO_FAR = (date(2024, 1, 1), date(2024, 9, 30))
_NOW = (None, date(2024, 9, 30))


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("截至目前,在册企业310家。", [_NOW]),
        ("网办率由85%提升至98.6%。", [(None, None), _SO_FAR]),
        ("“五一”假期接待游客38万人次;上半年接待游客90万人次。", [(None, None), (date(2024, 1, 1), date(2024, 6, 30))]),
        ("汛期(5月1日至9月20日)响应7次;搬迁64户。", [(date(2024, 5, 1), date(2024, 9, 20)), _SO_FAR]),
        ("自4月改版上线以来访问量118万次。", [(date(2024, 4, 1), date(2024, 9, 30))]),
        ("“十四五”以来清退用地1.9万亩。", [(date(2021, 1, 1), date(2024, 9, 30))]),
        ("改造完成418户(年度目标400户)。", [_SO_FAR, _YEAR]),
    ],
)
def test_days_that_a_figure_is_of(text: str, periods: list[tuple[date | None, date | None]]) -> None:
    assert [(o.period_start, o.period_end) for o in _read(text)] == periods


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("万人成讼率71.2件/万人。", "71.2", None, "件/万人"),
        ("氨氮浓度0.38mg/L。", "0.38", None, "mg/L"),
        ("投资12亿元至13亿元。", "12", "13", "亿元"),
        ("打造美丽走廊三条;", "3", None, "条"),
        ("高峰拥堵指数控制在1.6以内。", "1.6", None, None),
    ],
)
def test_units_and_limits(text: str, value: str, high: str | None, unit: str | None) -> None:
    (seen,) = _read(text)
    assert (seen.value, seen.value_high, seen.unit) == (Decimal(value), None if high is None else Decimal(high), unit)


def test_a_word_that_a_number_opens_is_no_count() -> None:
    assert [(o.text, o.metric) for o in _read("改造二次供水小区25个。")] == [("25个", "改造二次供水小区")]


@pytest.mark.parametrize(
    ("owner", "text", "value", "measure", "metric"),
    [
        ("规上工业增加值增速", "6%以上", "6", "growth", "规上工业增加值"),
        ("规上工业增加值增速(%)", "6.3%", "6.3", "growth", "规上工业增加值"),
        ("单位GDP能耗降低率", "3.1%", "-3.1", "growth", "单位GDP能耗"),
        ("城镇登记失业率", "2.4%", "2.4", "ratio", "城镇登记失业率"),
        ("社会消费品零售总额", "增长5.6%", "5.6", "growth", "社会消费品零售总额"),
    ],
)
def test_a_bare_figure_in_a_row_of_indicators(owner: str, text: str, value: str, measure: str, metric: str) -> None:
    context = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024, owner=owner)
    (seen,) = quantities(text, context)
    assert (seen.value, seen.measure, seen.metric) == (Decimal(value), measure, metric)
