"""Words that turn a figure into a change, what is lost, and what heads, lists and averages leave to their owner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tasks.model import Observation
from tasks.observe import Context
from tests.observe.rules import by_rules


def _read(text: str) -> list[Observation]:
    return by_rules(text, Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024))


@pytest.mark.parametrize(
    ("text", "metric", "measure", "value", "comparison"),
    [
        ("鸡蛋零售价每公斤9.6元,比去年同期便宜0.8元。", "鸡蛋零售价", "change", "-0.8", "yoy"),
        ("面雨量310毫米,较常年同期偏少两成。", "面雨量", "growth", "-2", "other"),
        ("营商环境评价居全省第8位,较上年前进3位。", "营商环境评价", "change", "3", "yoy"),
        ("服务质量位次比上年后退2位。", "服务质量位次", "change", "-2", "yoy"),
        ("公租房平均租金11元,低于市场价35%。", "公租房平均租金", "growth", "-35", "peer"),
        ("安置军人212人、家属86人,较上年分别多14人、少9人。", "家属", "change", "-9", "yoy"),
        ("造林3.2万亩,超额0.4万亩。", "造林", "change", "0.4", "other"),
        ("出口额9.8亿元,比预期目标多0.6亿元。", "出口额", "change", "0.6", "other"),
        ("住院率12%,比13%的年度目标低1个百分点。", "住院率", "change", "-1", "other"),
        ("入园率年度目标95%,现为93.8%,差1.2个百分点。", "入园率", "change", "-1.2", "other"),
        ("供水集团营业利润亏损860万元。", "供水集团营业利润", "level", "-860", None),
        ("集团净利润亏损1.2亿元,减亏3000万元。", "集团净利润", "change", "3000", None),
        ("税收收入12.3亿元,短收0.6亿元。", "税收收入", "change", "-0.6", "other"),
        ("蔬菜批发均价4.2元,环比贵0.3元。", "蔬菜批发均价", "change", "0.3", "prior_period"),
        ("挽回经济损失96万元,同比多挽回21万元。", "挽回经济损失", "change", "21", "yoy"),
        ("限上零售额下降2.4%,降幅比一季度收窄1.6个百分点。", "限上零售额", "change", "1.6", "prior_period"),
        ("建安投资下降3%,跌幅较上半年扩大0.7个百分点。", "建安投资", "change", "-0.7", "prior_period"),
        ("审批材料精简46%。", "审批材料", "growth", "-46", None),
        ("食堂面积由600平方米扩至900平方米。", "食堂面积", "level", "900", None),
        ("补贴标准由每人每月80元调整为110元。", "补贴标准", "level", "110", None),
    ],
)
def test_directions(text: str, metric: str, measure: str, value: str, comparison: str | None) -> None:
    seen = _read(text)[-1]
    assert (seen.metric, seen.measure, seen.value, seen.comparison) == (metric, measure, Decimal(value), comparison)


@pytest.mark.parametrize(
    ("text", "metric", "measure", "value"),
    [
        ("新建小学4所,增加学位3600个。", "增加学位", "level", "3600"),
        ("人工增雨6次,增加降水0.3亿立方米。", "增加降水", "level", "0.3"),
        ("盘活资产9处,增加财政收入1200万元。", "财政收入", "change", "1200"),
        ("关停机组2台,减少排放2万吨。", "排放", "change", "-2"),
        ("在册企业310家,较年初增加22家。", "在册企业", "change", "22"),
    ],
)
def test_what_is_provided_is_a_level_and_what_is_earned_or_saved_a_change(
    text: str, metric: str, measure: str, value: str
) -> None:
    seen = _read(text)[-1]
    assert (seen.metric, seen.measure, seen.value) == (metric, measure, Decimal(value))


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        (
            "果品、蔬菜、水产品抽检批次分别为120批次、210批次和90批次。",
            ["果品抽检批次", "蔬菜抽检批次", "水产品抽检批次"],
        ),
        ("二氧化硫、臭氧平均浓度分别为9微克/立方米、148微克/立方米。", ["二氧化硫平均浓度", "臭氧平均浓度"]),
        (
            "商超、餐饮、酒店企业隐患整改率分别为98%、97.5%和100%。",
            ["商超企业隐患整改率", "餐饮企业隐患整改率", "酒店企业隐患整改率"],
        ),
        ("轻、重工业分别增长3.4%、6.1%。", ["轻工业", "重工业"]),
        ("玻璃、水泥产量同比增长3.1%、5.2%。", ["玻璃产量", "水泥产量"]),
        ("能繁母牛1.2万头、种羊3万只,良种率分别达到88%和93%。", ["能繁母牛", "种羊", "能繁母牛良种率", "种羊良种率"]),
        ("收集照片、口述史料分别为530张、46小时。", ["收集照片", "口述史料"]),
    ],
)
def test_what_the_last_of_a_list_says_for_all(text: str, metrics: list[str]) -> None:
    assert [o.metric for o in _read(text)] == metrics


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("水上事故3起、死亡1人,起数下降25%。", ["水上事故", "水上事故死亡", "水上事故起数"]),
        ("机场旅客吞吐量12万人次,日均4000人次。", ["机场旅客吞吐量", "日均机场旅客吞吐量"]),
        ("平均候诊时间18分钟,最长不超过40分钟。", ["平均候诊时间", "最长候诊时间"]),
        ("城投公司资产总额320亿元,负债率58%。", ["城投公司资产总额", "城投公司负债率"]),
        ("改造危桥9座,已通车6座。", ["改造危桥", "通车危桥"]),
        ("排查排污口31个、整治29个,整治率93.5%。", ["排查排污口", "整治排污口", "排污口整治率"]),
        ("发生道路塌方12起;提供床位300张;招引博士12名。", ["道路塌方", "床位", "博士"]),
        ("基金累计结余4.1亿元。", ["基金累计结余"]),
        ("教育满意率全市第4。", ["教育满意率"]),
        ("数据中心年均PUE为1.25。", ["数据中心年均PUE"]),
        ("境内上市公司7家,其中创业板2家。", ["境内上市公司", "创业板境内上市公司"]),
        ("采茶叶8吨、种树苗3万株,两项均超时序进度5个百分点。", ["采茶叶", "种树苗", "采茶叶", "种树苗"]),
        ("引进项目35个,其中亿元以上12个。", ["项目", "亿元以上项目"]),
        ("改造泵站9座,合同总投资8亿元,已投产7座、运营6座。", ["改造泵站", "合同总投资", "投产泵站", "运营泵站"]),
        ("就诊率91%,提前达到90%的目标。", ["就诊率", "就诊率"]),
        ("测评满意度96分,排名由全市第7位前进到第4位。", ["测评满意度"] * 3),
        ("教育、社会保障和就业支出分别增长6%、8%。", ["教育支出", "社会保障和就业支出"]),
        ("车站发送旅客8万人次,单日最高1万人次。", ["车站发送旅客", "单日最高车站发送旅客"]),
        ("用电价格由涨转跌,跌幅为2.1%。", ["用电价格"]),
    ],
)
def test_owners(text: str, metrics: list[str]) -> None:
    assert [o.metric for o in _read(text)] == metrics


def test_what_is_left_to_do_is_a_target_of_the_same_series() -> None:
    done, left = _read("整治背街小巷20条,剩余3条力争年底前完工。")
    assert (done.kind, left.kind, left.metric) == ("actual", "target", done.metric)


def test_a_number_that_defines_an_event_is_no_figure() -> None:
    assert _read("未发生10人以上群体性事件。") == []


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("三季度末生猪存栏31万头。", [(None, date(2024, 9, 30))]),
        ("中秋假期(9月15日至17日)接待游客8万人次。", [(date(2024, 9, 15), date(2024, 9, 17))]),
        (
            "4、5、6月水泥销售额分别为8亿元、5亿元、7亿元。",
            [(date(2024, month, 1), date(2024, month, day)) for month, day in ((4, 30), (5, 31), (6, 30))],
        ),
        ("补贴标准由每人每月80元调整为110元。", [(None, None), (date(2024, 1, 1), date(2024, 9, 30))]),
        (
            "3月份整治隐患9处。截至目前,充电端口达1.2万个。",
            [(date(2024, 3, 1), date(2024, 3, 31)), (None, date(2024, 9, 30))],
        ),
        (
            "改造机柜80架,预计2025年6月底前再改造90架。全年营收9亿元。",
            [(date(2024, 1, 1), date(2024, 9, 30)), (None, date(2025, 6, 30)), (date(2024, 1, 1), date(2024, 12, 31))],
        ),
    ],
)
def test_days(text: str, periods: list[tuple[date | None, date | None]]) -> None:
    assert [(o.period_start, o.period_end) for o in _read(text)] == periods
