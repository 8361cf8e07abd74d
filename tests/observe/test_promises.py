"""Figures of a status named by what the row promised."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Observation
from tasks.observe import Context, quantities
from tasks.observe.promises import named_by

_CONTENT = Context(field="content", start=date(2024, 1, 1), end=date(2024, 12, 31), year=2024)
_STATUS = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_CLAUSES = st.sampled_from(
    [
        "完工27台",
        "在建13个",
        "累计完成18公里",
        "开工率67%",
        "满意率98%",
        "已开工9条",
        "10条已开工",
        "走访企业30家",
        "。",
    ]
)


def _named(content: str, status: str) -> list[Observation]:
    return named_by(quantities(content, _CONTENT), status, quantities(status, _STATUS), content)


def _names(content: str, status: str) -> list[str | None]:
    return [seen.metric for seen in _named(content, status)]


@pytest.mark.parametrize(
    ("content", "status", "names"),
    [
        ("为住宅加装电梯40台。", "完工17台,在建9台。", ["电梯", "电梯"]),
        ("改造供水管网28公里。", "累计完成22.4公里。", ["供水管网"]),
        ("收储土地12宗300亩。", "已完成收储6宗140亩,完成率50%。", ["收储土地", "收储土地", "土地完成率"]),
        ("新建口袋公园8处。", "3处已开工。", ["口袋公园开工"]),
        ("改造泵站14座。", "已完工4座,8座正在进行设备安装。", ["泵站", "泵站设备安装"]),
        ("新建泵站14座。", "3座正在办理用地手续。", ["泵站办理用地手续"]),
        ("改造涵闸14座。", "招标5座。", ["涵闸招标"]),
        # A bare name is of the one thing that the promise is about.
        ("“渔港焕新”项目。", "完成投资360万元。", ["“渔港焕新”项目投资"]),
        ("持续提升渔船报废补贴发放水平。", "满意率96%。", ["渔船报废补贴发放满意率"]),
        ("保障性住房建设。", "完成投资3亿元。", ["保障性住房建设投资"]),
        ("推进渔港建设。", "完工2座。", ["渔港建设完工"]),
        ("改造渔港8座。", "完成投资3.2亿元。", ["渔港投资"]),
        (
            "渔民人均可支配收入与经济增长同步。",
            "绝对数16310元,增幅7.5%。",
            ["渔民人均可支配收入", "渔民人均可支配收入"],
        ),
        ("提升渔政热线办理质效,满意率达到98%以上。", "共受理1.2万件。", ["渔政热线"]),
        # Of several promised in a unit, the one whose verb or whose last word is told.
        ("推出渔业用地10宗,收回滩涂9宗。", "推出7宗。收回4宗。", ["推出渔业用地", "收回滩涂"]),
        ("开办渔家暑托班50个,开办渔家寒托班15个。", "开班情况:暑托班62个。", ["渔家暑托班"]),
        # As many without a name as were promised answer in turn.
        (
            "新增渔港泊位40个;新增渔船充电位80个。",
            "已完成43个;已完成85个,完成率106%。",
            ["渔港泊位", "渔船充电位", "完成率"],
        ),
    ],
)
def test_what_was_promised_names_what_the_status_leaves_out(content: str, status: str, names: list[str]) -> None:
    seen = _names(content, status)
    assert len(seen) == len(names)
    for told, wanted in zip(seen, names, strict=True):
        assert wanted in (told or ""), seen


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("新建学校3所,改造医院2所。", "完工2所。"),  # of which?
        ("新建学校3所。", "完工12公里。"),  # another unit
        ("新建学校3所。", "走访企业2所,满意率96%。"),  # it has a name, and the rate is of what was promised by no word
        ("新建学校3所。", "完成医院改造2所。竣工1所。"),  # of the hospitals, as likely
        ("新建学校3所。", "走访医院2所。完成率50%。"),
        ("新建渔家小学3所。", "2所学校主体结顶。"),
        ("新增渔工3000人、其中持证渔工1200人。", "新增渔工2417人,其中持证渔工906人。"),
        ("推进学校建设,加快医院迁建。", "完成投资2亿元。"),  # two things, and no word of which
    ],
)
def test_nothing_is_guessed(content: str, status: str) -> None:
    assert _names(content, status) == [seen.metric for seen in quantities(status, _STATUS)]


def test_a_noun_behind_a_figure_without_a_name_is_not_what_was_promised() -> None:
    assert "战略" not in (_names("引进战略投资者1家。", "与两家意向单位洽谈。")[0] or "")


@given(st.lists(_CLAUSES, max_size=5), st.lists(_CLAUSES, max_size=5))
def test_only_names_change(content: list[str], status: list[str]) -> None:
    text = ",".join(status)
    plain, named = quantities(text, _STATUS), _named(",".join(content), text)
    others = [each.name for each in fields(Observation) if each.name != "metric"]
    assert [[getattr(o, name) for name in others] for o in plain] == [
        [getattr(o, name) for name in others] for o in named
    ]
    for before, after in zip(plain, named, strict=True):
        assert after.metric == before.metric or (after.metric or "").endswith(before.metric or "") or before.metric


@pytest.mark.parametrize(
    ("content", "status", "names"),
    [
        (
            "新建高标准农田3.2万亩",
            "建成2.6万亩，其余0.6万亩因降雨影响推迟至2025年3月完工。",
            ["高标准农田建成", "其余高标准农田"],
        ),
        ("加装电梯50台", "已完工22台，其余9台正在装修。", ["加装电梯完工", "加装电梯装修"]),
        ("建设农村公路110公里", "建成农村公路116公里。", ["建成农村公路"]),
        ("更新改造老旧供热管网85公里", "改造供热管网88.3公里。", ["改造老旧供热管网"]),
    ],
)
def test_what_is_left_and_what_is_said_is_not_named_anew(content: str, status: str, names: list[str]) -> None:
    told = _names(content, status)
    assert told == names


def test_a_promise_that_is_a_figure_names_nothing_as_a_whole() -> None:
    content, status = "外贸进出口增长5%。", "进出口总额32.7亿元,其中出口29.4亿元;进口3.3亿元,下降11%。"
    assert not any("增长" in (name or "") for name in _names(content, status))


def test_a_bare_figure_is_of_the_indicator_that_was_promised_without_its_figure() -> None:
    assert _names("社会消费品零售总额增长8%", "8.3%") == ["社会消费品零售总额"]
    assert _names("农村自来水普及率达到97%", "95.8%") == ["农村自来水普及率"]
