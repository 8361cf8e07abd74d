"""Light words end where a word begins: 各项存款 is not 项存款, 违法行为79件 no 违法行, 音乐节不少于20场 no upper bound."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tasks.observe import Context, quantities
from tests.observe.rules import by_rules

_STATUS = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("一件事办理时限平均压缩86.4%。", "一件事办理时限"),
        ("老人助餐服务日均1.1万人次。", "老人助餐服务日均"),
        ("净菜进京平均每日超过520吨。", "净菜进京"),
        ("专利转让许可1034次。", "专利转让许可"),
        ("实现523项涉企经营许可事项全覆盖。", "涉企经营许可事项全覆盖"),
        ("查出违法行为137项次。", "查出违法行为"),
        ("兑现稳岗返还2218万元。", "兑现稳岗返还"),
        ("直达资金下达7.96亿元。", "直达资金"),
        ("电子文书送达36份。", "电子文书送达"),
        ("年末在业残疾人5470人。", "在业残疾人"),
        ("6月底在外过渡2316户。", "在外过渡"),
        ("在管项目面积820万平方米。", "在管项目面积"),
        ("其他垃圾回收量820吨。", "其他垃圾回收量"),
        ("各项存款余额8743.2亿元。", "各项存款余额"),
        ("达成就业意向1926人。", "达成就业意向"),
        ("中职毕业生1320人。", "中职毕业生"),
        ("开行中欧班列96列。", "开行中欧班列"),
        ("新增等级民宿17家。", "等级民宿"),
        ("可防性案件下降35%。", "可防性案件"),
        ("县域医共体基层就诊率67.42%。", "县域医共体基层就诊率"),
        ("修缮传统民居48户。", "修缮传统民居"),
        ("修订村规民约14份。", "修订村规民约"),
        ("企业开办全流程压至1个工作日。", "企业开办全流程"),
        ("互认项目扩至300项。", "互认项目"),
        ("夏夜巡查设卡点位多达64处。", "夏夜巡查设卡点位"),
        ("同级副职收入差距最高达3.2万元。", "同级副职收入差距"),
        ("耕地占用税因项目减少而大降41.5%。", "耕地占用税"),
        ("新增因病致贫12户。", "因病致贫"),
        ("完成基因检测120例。", "基因检测"),
        ("在产业园区新建厂房3万平方米。", "产业园区新建厂房"),
        ("学校附近停车场2个。", "学校附近停车场"),
    ],
)
def test_names_are_not_cut_inside_words(text: str, metric: str) -> None:
    (seen,) = by_rules(text, _STATUS)
    assert seen.metric == metric


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("举办演唱会和音乐节不少于20场。", "at_least"),
        ("新签约项目履约38个。", "exact"),
        ("项目签约约38个。", "approx"),
    ],
)
def test_bounds_are_not_cut_out_of_words(text: str, bound: str) -> None:
    (seen,) = by_rules(text, _STATUS)
    assert seen.bound == bound


def test_the_things_of_a_rate_are_not_the_rate() -> None:
    seen = by_rules("13个国省考断面水质达标率100%。", _STATUS)
    assert [each.metric for each in seen] == ["国省考断面", "国省考断面水质达标率"]


def test_who_takes_in_owns_what_is_done_with_it() -> None:
    seen = quantities("12345热线受理1.46万件,办结1.43万件,按期办结率98.1%。", _STATUS)
    assert [each.metric for each in seen] == ["12345热线受理", "12345热线办结", "12345热线按期办结率"]


def test_below_zero() -> None:
    (seen,) = by_rules("冷库温度降至零下18度。", _STATUS)
    assert seen.value == Decimal(-18)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("招聘12名医护人员。", ["12名"]),
        ("表彰8名优秀教师、6名校外辅导员。", ["8名", "6名"]),
        ("培育5家电商企业、6家电子企业。", ["5家", "6家"]),
        ("入驻10家园区企业，清退4家教育培训机构。", ["10家", "4家"]),
        ("新建8个体育公园。", ["8个"]),
        ("吊装20台风机。", ["20台"]),
        ("举办3次新闻发布会。", ["3次"]),
        ("确诊患者11人均已纳入救助。", ["11人"]),
        ("受12号台风影响，转移群众3200人。", ["3200人"]),
        ("公布2名单、4条例。", []),
    ],
)
def test_a_unit_before_a_word_of_its_own_is_a_unit(text: str, told: list[str]) -> None:
    assert [each.text for each in quantities(text, _STATUS)] == told


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("已争取到中央预算内资金8600万元。", "actual"),
        ("共争取各类资金达到5.6亿元。", "actual"),
        ("争取年底前完成投资5亿元。", "target"),
        ("争取实现产值8亿元。", "target"),
    ],
)
def test_funds_that_were_won_are_no_plan(text: str, kind: str) -> None:
    assert [each.kind for each in quantities(text, _STATUS)] == [kind]


@pytest.mark.parametrize("down", ["压减到", "压减至", "缩短到", "压到"])
def test_days_are_told_before_and_after(down: str) -> None:
    found = quantities(f"办理时限由45个工作日{down}12个工作日。", _STATUS)
    assert [(each.value, each.unit) for each in found] == [(Decimal(45), "个工作日"), (Decimal(12), "个工作日")]


def test_what_ended_is_no_part_of_an_owner() -> None:
    found = quantities("15个老旧小区全部完工，惠及居民4210户。", _STATUS)
    assert [each.metric for each in found] == ["老旧小区完工", "老旧小区惠及居民"]
