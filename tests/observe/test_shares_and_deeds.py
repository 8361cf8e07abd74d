"""What a share is of, what was done to things counted before, and what lists and brackets leave to those before them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Observation
from tasks.observe import Context
from tasks.observe.verbs import is_deed, parallel
from tests.observe.rules import by_rules


def _read(text: str) -> list[Observation]:
    return by_rules(text, Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024))


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("港口投资12亿元,占交通投资的31%。", ["港口投资", "港口投资占交通投资"]),
        ("港口投资12亿元,占概算总投资的31%,预计全年可完成15亿元。", ["港口投资", "港口投资占概算总投资", "港口投资"]),
        ("排查危岩62处,核销15处,加固21处。", ["排查危岩", "核销危岩", "加固危岩"]),
        ("收购闲置厂房31幢,盘活率62%。", ["收购闲置厂房", "收购闲置厂房盘活率"]),
        ("乡道新改建38公里、大中修21公里。", ["乡道新改建", "乡道大中修"]),
        ("区域昼间达标率96%、夜间88%。", ["区域昼间达标率", "区域夜间达标率"]),
        ("热线受理咨询3.1万件,满意率97%。", ["热线受理咨询", "热线咨询满意率"]),
        ("尾矿产生量40万吨,综合利用量31万吨。", ["尾矿产生量", "尾矿综合利用量"]),
        ("二手房成交量820套,成交额12亿元。", ["二手房成交量", "二手房成交额"]),
        ("监测井210眼,每万人拥有1.2眼。", ["监测井", "每万人拥有监测井"]),
        ("羊存栏12万只,其中母羊5万只,出栏率61%。", ["羊存栏", "母羊", "羊存栏出栏率"]),
        ("事项从120项扩展到260项。", ["事项", "事项"]),
        ("渡口方面,已撤除12处。", ["撤除渡口"]),
        ("渡船累计发运210艘次。", ["渡船发运"]),
        ("审批时限居全省基层窗口第4位。", ["审批时限"]),
        ("第一码头、第二码头停靠数分别为12艘次、9艘次。", ["第一码头停靠数", "第二码头停靠数"]),
        ("铁路、水路分别完成货运量21万吨和18万吨。", ["铁路货运量", "水路货运量"]),
        ("按产权分,国有21亿元。", ["国有"]),
        ("引进项目8个,引进资金3亿元。", ["项目", "引进资金"]),
        ("休渔补贴累计发放金额1.9亿元、累计发放人次296万人。", ["休渔补贴发放金额", "休渔补贴发放人次"]),
        ("趸船32艘,已完工21艘,另有2艘通过检验,开工率94%。", ["趸船", "完工趸船", "趸船通过检验", "趸船开工率"]),
        ("泵站41座,另有26座拟于下半年投运。", ["泵站", "泵站"]),
        ("配备AED52台,减排VOCs31吨。", ["配备AED", "减排VOCs"]),
    ],
)
def test_names(text: str, metrics: list[str]) -> None:
    assert [o.metric for o in _read(text)] == metrics


@pytest.mark.parametrize(
    ("text", "value", "unit", "measure", "first"),
    [
        ("人均预期寿命82岁。", "82", "岁", "level", date(2024, 1, 1)),
        ("受理率91%(去年同期86%)。", "86", "%", "ratio", date(2023, 1, 1)),
        ("利润2亿元,上年同期为亏损0.3亿元。", "-0.3", "亿元", "level", date(2023, 1, 1)),
        ("就业率由上半年的61%提高到三季度的66%。", "66", "%", "ratio", date(2024, 7, 1)),
        ("综合考评较上季度下滑三位。", "-3", "位", "change", date(2024, 1, 1)),
        ("存款余额62亿元,同比少增4亿元。", "-4", "亿元", "change", date(2024, 1, 1)),
        ("新划泊位210个,较计划数多30个。", "30", "个", "change", date(2024, 1, 1)),
    ],
)
def test_last_figure(text: str, value: str, unit: str, measure: str, first: date) -> None:
    last = _read(text)[-1]
    assert (last.value, last.unit, last.measure, last.period_start) == (Decimal(value), unit, measure, first)


def test_a_plan_reaches_the_whole_list_and_its_parts() -> None:
    assert [o.kind for o in _read("计划新建冷库12座、烘房31座,其中村级9座。")] == ["target"] * 3


def test_a_code_is_no_figure() -> None:
    assert [o.value for o in _read("通过ISO9001认证3家,G60段完成。")] == [3]


@given(
    st.text(alphabet="公路新改建大中修夜昼间率达标核销网", max_size=6),
    st.text(alphabet="公路新改建夜昼间率标核销", max_size=9),
)
def test_a_parallel_holds_what_differs_and_nothing_new(head: str, told: str) -> None:
    whole = parallel(head, told)
    assert not whole or (head in whole and set(whole) <= set(head) | set(told))


@given(st.text(alphabet="整改核销查封的城市学校", max_size=5))
def test_a_deed_is_made_of_verbs(word: str) -> None:
    assert not is_deed(word) or not set(word) & set("的城市学校")


@pytest.mark.parametrize("goal", ["占年度任务", "占任务数", "占年计划", "占全年目标任务的", "占年度投资计划"])
def test_how_far_a_goal_has_come_is_no_goal(goal: str) -> None:
    told = _read(f"泊位新增31个,{goal}86%,其中完工12个。")
    assert [o.kind for o in told] == ["actual", "actual", "actual"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("进口4105万美元(+9.7%)", ("+9.7%", "9.7", "growth")),
        ("贝类产量同比+18.2%。", ("+18.2%", "18.2", "growth")),
        ("贝类占比31%(+1.2个百分点)。", ("+1.2个百分点", "1.2", "change")),
        ("出口34515万美元(-19.4%)", ("-19.4%", "-19.4", "growth")),
    ],
)
def test_a_plus_says_that_it_grew(text: str, told: tuple[str, str, str]) -> None:
    last = _read(text)[-1]
    assert (last.text, str(last.value), last.measure) == told


@pytest.mark.parametrize("text", ["实施“1+4”行动。", "推进党建+5项工作的融合。", "开通G60+25%线。"])
def test_a_plus_inside_a_name_is_none(text: str) -> None:
    assert not any(o.text.startswith("+") for o in _read(text))


@pytest.mark.parametrize("unit", ["元/人月", "元/人·月", "元/床日", "人年", "工日", "万头只"])
def test_units_that_are_told_per_day_or_month(unit: str) -> None:
    assert [o.unit for o in _read(f"发放标准为341{unit}。")] == [unit]
