"""Tasks counted by how far they are: what tells one count from the next is the state, not a word to be left out."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.model import Observation
from tasks.observe import Context, quantities

_STATUS = Context(field="status", start=date(2031, 1, 1), end=date(2031, 9, 30), year=2031)


def _read(text: str) -> list[Observation]:
    return quantities(text, _STATUS)


def _names(text: str) -> list[str | None]:
    return [seen.metric for seen in _read(text)]


def test_a_state_and_its_contrary_have_names_of_their_own() -> None:
    done, _, not_done, _ = _names("量化指标共48项。达到序时进度39项、占比81.3%。未达到序时进度9项、占比18.7%。")[1:]
    assert (done, not_done) == ("达到序时进度量化指标", "未达到序时进度量化指标")
    assert _names("达到序时进度的有31项,未达到序时进度的有9项。") == ["达到序时进度", "未达到序时进度"]


def test_the_tasks_are_those_counted_a_sentence_before() -> None:
    text = "任务细化为206个工作事项。欠进度的有13个,占6.3%;超进度的有24个,占11.7%。"
    assert _names(text)[1:] == [
        "欠进度的工作事项",
        "欠进度的工作事项",
        "超进度的工作事项",
        "超进度的工作事项",
    ]


@pytest.mark.parametrize(
    ("clause", "state"),
    [
        ("达到或超过序时进度38项", "达到或超过序时进度"),
        ("提前完成或超额完成的有4项", "提前完成或超额完成"),
        ("完成全年任务的12项", "完成全年任务"),
        ("推进缓慢的有3项", "推进缓慢"),
        ("滞后的14项", "滞后"),
    ],
)
def test_the_words_of_a_state_neither_bound_nor_turn_its_count(clause: str, state: str) -> None:
    (seen,) = _read(f"其中{clause}。")
    assert (seen.metric, seen.measure, seen.kind, seen.bound) == (state, "level", "actual", "exact")


def test_a_state_behind_its_count() -> None:
    assert _names("22个事项已提前完成全年任务,8个事项超序时进度。") == ["事项提前完成全年任务", "事项超序时进度"]
    assert _names("云岫区有3项推进缓慢;青坪县有1项推进缓慢。") == ["云岫区推进缓慢", "青坪县推进缓慢"]


@pytest.mark.parametrize("text", ["公共停车泊位新增2186个,超额完成186个。", "提前完成15个老旧小区改造。"])
def test_other_things_are_named_by_what_they_are(text: str) -> None:
    assert "的" not in (_names(text)[-1] or "的")


def test_a_sentence_said_again_of_other_tasks_is_of_those() -> None:
    text = "省定实事20项。滞后的2项。市定任务30项。滞后的3项。"
    assert _names(text)[1::2] == ["滞后的省定实事", "滞后的市定任务"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("地区生产总值增长3.2%,欠目标1.6个百分点。", "-1.6"),
        ("地区生产总值增长3.2%,差序时进度2.4个百分点。", "-2.4"),
        ("地区生产总值增长3.2%,超时间进度2.4个百分点。", "2.4"),
    ],
)
def test_what_lacks_to_a_goal_is_less(text: str, value: str) -> None:
    seen = _read(text)[-1]
    assert (str(seen.value), seen.metric, seen.kind, seen.comparison) == (value, "地区生产总值", "actual", "other")


def test_a_share_of_what_stands_before_de_is_no_growth() -> None:
    assert [seen.measure for seen in _read("已完成投资13.2亿元,完成年度总投资的81.4%。")] == ["level", "ratio"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "城镇和农村常住居民人均可支配收入完成31408元、16275元。",
            ["城镇常住居民人均可支配收入", "农村常住居民人均可支配收入"],
        ),
        ("城乡居民人均可支配收入36940元、19870元。", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
        ("一、二、三产业增加值5亿元、20亿元、30亿元。", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
        ("地方财政收入和税收收入完成12亿元、9亿元。", ["地方财政收入", "税收收入"]),
    ],
)
def test_a_list_of_series_has_a_figure_each(text: str, names: list[str]) -> None:
    assert _names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("从主要产品看,精制茶增长21.3%,纱增长14.6%,中成药增长4.1%。", ["精制茶", "纱", "中成药"]),
        ("分门类看,采矿业增长17.2%,制造业增长8.4%。", ["采矿业", "制造业"]),
        ("第一产业完成增加值21.6亿元,第二产业完成增加值47.2亿元。", ["第一产业增加值", "第二产业增加值"]),
        ("完成投资5亿元,其中工业投资完成目标的78.2%。", ["投资", "工业投资"]),
    ],
)
def test_what_stands_beside_another_is_not_of_it(text: str, names: list[str]) -> None:
    assert _names(text) == names


def test_the_next_numbered_point_is_of_its_own_label() -> None:
    text = "形象进度72%;2.中小河流治理:横溪、柳浦、大源溪3条河道完工28公里。"
    assert _names(text)[1:] == ["中小河流治理河道", "中小河流治理完工河道"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "安排重点项目84宗。1-4月,完成投资73亿元,完成年度计划投资的29.4%。",
            ["重点项目", "重点项目投资", "重点项目投资"],
        ),
        (
            "重点工程项目34项,其中:建设项目29项。总投资467亿元。",
            ["重点工程项目", "建设项目", "重点工程项目总投资"],
        ),
        ("安排重点项目84宗。\n完成投资73亿元。", ["重点项目", "投资"]),
        (
            "实施重点项目63个,完成投资31亿元,其中亿元以上项目41个,年度计划完成投资45亿元,累计完成投资28亿元。",
            ["实施重点项目", "实施重点项目投资", "亿元以上项目", "亿元以上项目年度计划投资", "亿元以上项目投资"],
        ),
        ("26宗未开工项目中,省重点项目有5宗。", ["未开工项目", "省重点项目"]),
    ],
)
def test_sums_are_of_the_projects_counted_last(text: str, names: list[str]) -> None:
    assert _names(text) == names
