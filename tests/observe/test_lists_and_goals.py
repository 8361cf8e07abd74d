"""Names of what is listed behind one verb, of goals and shares, and words that name nothing."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.observe import Context, quantities
from tests.observe.rules import by_rules

_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)


def _names(text: str) -> list[str | None]:
    return [seen.metric for seen in by_rules(text, _CONTEXT)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("新建口袋公园8个、绿道12.5公里。", ["新建口袋公园", "新建绿道"]),
        ("发放轮椅38辆、拐杖45付。", ["发放轮椅", "发放拐杖"]),
        ("修复县道31公里、桥梁7座。", ["修复县道", "修复桥梁"]),
        ("新改扩建幼儿园19所、中小学14所。", ["新改扩建幼儿园", "新改扩建中小学"]),
        ("新建(更新)健身路径30条、球场4片。", ["新建(更新)健身路径", "新建(更新)球场"]),
        ("创建美丽示范村5个、示范带2条。", ["创建美丽示范村", "创建美丽示范带"]),
        ("修复机井75眼、疏浚河沟146条。", ["修复机井", "疏浚河沟"]),
    ],
)
def test_a_verb_governs_what_is_listed_behind_it(text: str, names: list[str]) -> None:
    assert _names(text) == names


def test_verbs_of_their_own_and_events_take_no_other() -> None:
    assert _names("新建球场4片、竣工2片。")[1] == "竣工球场"
    assert _names("新建球场4片、面积3000平方米。")[1] != "新建面积"
    assert _names("全市社会组织2217个,慈善组织增至47家。") == ["社会组织", "慈善组织"]


def test_a_growth_behind_a_share_is_of_the_series() -> None:
    assert _names("采矿业增加值占规上工业的95.4%,同比下降14.9%。")[1] == "采矿业增加值"
    assert _names("采矿业增加值占规上工业的95.4%,同比提高1.2个百分点。")[1] == "采矿业增加值占规上工业"


def test_the_figure_of_the_year_before_is_of_the_series() -> None:
    assert _names("破案786起,较上年的668起上升17.7%。") == ["破案"] * 3


def test_spending_more_is_a_change() -> None:
    more, less = by_rules("公共预算支出7.1亿元,同比增支0.9亿元;基金支出比上年减支0.4亿元。", _CONTEXT)[1:]
    assert (more.measure, more.value > 0, more.metric) == ("change", True, "公共预算支出")
    assert (less.measure, less.value < 0, less.comparison) == ("change", True, "yoy")


def test_each_in_turn_is_each() -> None:
    industry, farming = _names("工业投资166亿元、农业投资41亿元,依次占年度计划的73%、70%。")[2:]
    assert str(industry).startswith("工业投资")
    assert str(farming).startswith("农业投资")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("造林绿化12.3万亩,占任务10万亩的123%,同比增长4%。", ["造林绿化", "造林绿化", "造林绿化占任务", "造林绿化"]),
        ("税收收入4.2亿元,完成年初预算数11.2亿元的37.5%,比上年减收0.3亿元。", ["税收收入"] * 4),
        ("督办事项63项,达到序时的51项,滞后的12项。", ["督办事项", "达到序时的督办事项", "滞后的督办事项"]),
        ("新建助餐点9个,其中青墩镇4个、白马乡2个。", ["新建助餐点", "青墩镇助餐点", "白马乡助餐点"]),
        ("农林牧渔业总产值151亿元,其中农业78亿元,牧业20亿元。", ["农林牧渔业总产值", "农业总产值", "牧业总产值"]),
        ("从类别看,咨询类最多,为1402件。", ["咨询类"]),
    ],
)
def test_what_hangs_on_a_series_is_called_by_it(text: str, names: list[str]) -> None:
    assert _names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "第一、二、三产业分别实现增加值6亿元、51亿元、33亿元。",
            ["第一产业增加值", "第二产业增加值", "第三产业增加值"],
        ),
        ("锂电、汽车、光伏三大产业分别增长12%、8%、5%。", ["锂电产业", "汽车产业", "光伏产业"]),
        ("涉黄、涉赌警情分别为173起和381起。", ["涉黄警情", "涉赌警情"]),
    ],
)
def test_members_of_a_list_share_what_the_last_says(text: str, names: list[str]) -> None:
    assert _names(text) == names


def test_the_place_of_a_ranking_is_no_name() -> None:
    assert _names("优良天数比例84.8%,在三县中位列第一。")[1] == "优良天数比例"


def test_what_each_of_a_list_is_told_against_holds_for_the_next() -> None:
    seen = quantities("收到投诉类信件96件。环比分别增长6.3%、下降9%、下降17.4%。", _CONTEXT)
    assert [each.comparison for each in seen[1:]] == ["prior_period"] * 3
    assert [each.comparison for each in quantities("出口高于全省2个百分点、下降9%。", _CONTEXT)] == ["peer", "yoy"]


@pytest.mark.parametrize("verb", ["完成", "达到", "占"])
def test_a_share_of_a_plan_is_a_result_unless_it_is_intended(verb: str) -> None:
    assert [each.kind for each in quantities(f"水利投资3.1亿元,{verb}年度计划62%。", _CONTEXT)] == ["actual", "actual"]
    assert [each.kind for each in quantities(f"水利投资力争{verb}年度计划62%。", _CONTEXT)] == ["target"]


def test_members_of_a_list_share_their_class() -> None:
    assert _names("旅游、物业、家居类投诉分别为74件、35件、18件。") == ["旅游类投诉", "物业类投诉", "家居类投诉"]


def test_a_label_may_hold_the_number_of_a_road() -> None:
    text = "交通投资15.9亿元。S217省道改建工程:路基完成92%,桥梁完成65%。"
    assert [each.metric for each in quantities(text, _CONTEXT)][1:] == ["S217省道改建工程路基", "S217省道改建工程桥梁"]


def test_members_of_several_lengths_share_the_rate() -> None:
    names = _names("其中老年人、儿童、慢性病患者签约率分别为81.5%、73%和79.8%。")
    assert names == ["老年人签约率", "儿童签约率", "慢性病患者签约率"]


def test_who_found_work_is_told() -> None:
    assert _names("失业人员再就业1527人、就业困难人员实现就业612人。")[1] == "就业困难人员实现就业"
