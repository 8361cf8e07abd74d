"""Constructions that a sentence can be built by, each with one that looks alike and is something else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tasks.model import Observation
from tasks.observe import Context, quantities


def _read(text: str, field: str = "status") -> list[Observation]:
    return quantities(text, Context(field=field, start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024))


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
        ("外贸进出口87亿元,其中出口69亿元。", ["外贸进出口", "外贸出口"]),
        ("低保标准提高到每人每月1206元。", ["低保标准"]),
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
