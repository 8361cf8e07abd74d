"""Bodies that own the figures of a sentence, things of one kind that share a tail, and words that name no series."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.observe import Context, quantities


def _named(text: str) -> list[str | None]:
    context = Context(field="status", start=date(2031, 1, 1), end=date(2031, 9, 30), year=2031)
    return [each.metric for each in quantities(text, context)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "溪南县人民医院门急诊量31.2万人次;平均住院日7.1天,缩短0.3天;药占比25.4%。",
            ["溪南县人民医院门急诊量", *["溪南县人民医院平均住院日"] * 2, "溪南县人民医院药占比"],
        ),
        (
            "规上工业企业营业收入88.4亿元,增长5.1%;利润总额4.2亿元,亏损面19.5%。",
            [*["规上工业企业营业收入"] * 2, "规上工业企业利润总额", "规上工业企业亏损面"],
        ),
        ("县属国有企业资产总额210亿元、负债总额126亿元,资产负债率60%。", None),
        ("12345热线受理诉求1.2万件,综合得分96.1分。", ["12345热线受理诉求", "12345热线综合得分"]),
    ],
)
def test_a_body_owns_the_heads_of_its_own_accounts(text: str, names: list[str] | None) -> None:
    got = _named(text)
    if names is None:
        assert all(name is not None and name.startswith("县属国有企业") for name in got)
    else:
        assert got == names


@pytest.mark.parametrize(
    "text",
    [
        "溪南县人民医院门急诊量31.2万人次;新建村卫生室12家。",
        "规上工业企业营业收入88.4亿元;技术交易额6.3亿元。",
        "12345热线受理诉求1.2万件;新建公园3个。",
        "溪南县人民医院门急诊量31.2万人次。药占比25.4%。",
        "二级医院门诊次均费用310元;药占比25.4%。",
    ],
)
def test_what_is_not_of_the_body_keeps_its_own_name(text: str) -> None:
    last = _named(text)[-1]
    assert last is not None
    assert not last.startswith(("溪南", "规上", "12345", "二级"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("早稻、晚稻亩产分别为401公斤、422公斤", ["早稻亩产", "晚稻亩产"]),
        ("国家级、省级非遗项目分别为4项、19项", ["国家级非遗项目", "省级非遗项目"]),
        ("柳西街道、河口镇项目开工率分别为91%、84%", ["柳西街道项目开工率", "河口镇项目开工率"]),
        ("企业、个体工商户分别新增51户、88户", ["企业", "个体工商户"]),
        ("社保、医保参保人数分别为5.1万人、8.2万人", ["社保参保人数", "医保参保人数"]),
        ("甲面积、乙面积一升一降,分别为3.1万平方米、2.4万平方米", ["甲面积", "乙面积"]),
    ],
)
def test_members_of_one_kind_share_what_the_last_says(text: str, names: list[str]) -> None:
    assert _named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "粮食收购价格上涨0.4%;前三季度平均上涨0.6%",
        "接待游客41.2万人次,按可比口径增长12.7%",
        "接待游客41.2万人次,两年平均增长7.1%",
        "建筑业产值31亿元,可比价增长4.4%",
    ],
)
def test_adverbials_name_no_series(text: str) -> None:
    names = _named(text)
    assert len(set(names)) == 1
    assert names[0] is not None
