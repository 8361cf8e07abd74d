"""The order in which the rules of naming are asked: the first that answers names the quantity.

The order is part of what the rules mean: each may take for granted that those before it did not answer. What stands
before a rule is when it is asked, cheap looks first; behind it stands a figure that it names.
"""

from __future__ import annotations

from tasks.observe.figures import Number
from tasks.observe.left import Left
from tasks.observe.naming import bare, counted, events, goals, going_on, listing, parts, ranks, shares, standing
from tasks.observe.naming.case import Case, Name
from tasks.observe.naming.preparing import prepared
from tasks.observe.owners import is_level
from tasks.observe.standing import UNITS
from tasks.observe.words import ATTRIBUTED_OPENS, BARE_ENDS, EVENT_OPENS, EVENT_TAILS


def name(
    text: str,
    number: Number,
    left: Left,
    series: str | None,
    owner: str | None,
    fallback: str | None,
    alike: str | None = None,
    last: str | None = None,
    around: str = "",
    tasks: str = "",
) -> Name:
    """The metric of one quantity. A share says what it is a share of.

    `series` was named last in the sentence; `owner` completes bare heads; `alike` was told in the same unit, `last`
    right before; `around` stands before the bracket that the clause opens.
    """
    case = prepared(text, number, left, series, owner, fallback, alike, last, around, tasks)
    named = (
        # 青云路停车库(泊位216个)
        (around and bare.in_brackets(case))
        # 达到序时进度39项
        or (left.standing and standing.told_before(case))
        # 22个事项已提前完成全年任务
        or (number.unit in UNITS and standing.told_behind(case))
        or _of_told(case)
        or (case.unsaid and _of_those_counted(case))
        or (case.thing and _of_thing(case))
        or _measuring(case)
        or _of_head(case)
    )
    return shares.with_total(case, named) if case.sort == "share" and not left.direction else named


def _of_told(case: Case) -> Name | None:
    """What is of the series told before, whatever stands behind its unit; and every rank."""
    series, head, whole = case.series, case.head, case.whole
    share, follows = case.sort == "share", case.text[case.number.end : case.number.end + 1]
    return (
        # 扣除价格因素实际增长4.1%
        (series and case.phrase[:2] in going_on.DEDUCTS and going_on.deducted(case))
        # 占规上工业总产值比重达36.5%
        or (series and share and case.phrase[:1] == "占" and shares.within_total(case))
        # 空气质量居全省第2
        or (case.sort == "rank" and ranks.ranked(case))
        # 路面由4.5米拓宽至7米
        or (series and whole[-1:] in going_on.CHANGED_ENDS and going_on.led_on(case))
        # 完成年初确定的50万平方米目标
        or (series and (head[:1] in goals.WITHIN_OPENS or follows in goals.AFTER_OPENS) and goals.of_goal(case))
        # 占年度任务4.5万亩的84.4%: the 4.5万亩
        or (series and follows == "的" and whole[:1] in goals.FIGURE_OPENS and goals.figure_of_goal(case))
        # 完成年度任务的84.4%
        or (series and share and not case.left.direction and goals.share_of_goal(case))
        # 高于全省1.2个百分点
        or (not head and case.left.comparison == "peer" and going_on.against_peer(case))
        # 提前达到90%的目标
        or (series and not head and case.noun in goals.NOUNS and goals.goal_told(case))
        or None
    )


def _of_those_counted(case: Case) -> Name | None:
    """A count that no noun follows: some of the things counted before."""
    series, head, end = case.series, case.head, case.number.end
    return (
        # 量化指标63项,滞后的12项
        (case.alike and "的" in case.whole[-4:] and parts.that_are(case))
        # 9所学校中,文澜中学等2所已竣工
        or (case.one_by_one and parts.told_one_by_one(case))
        # 12个总投资86亿元的产业项目
        or (case.text[end : end + 1] in ATTRIBUTED_OPENS and counted.attributed(case))
        # 亿元以上项目18个,其中10亿元以上4个
        or (series and head[-2:] in parts.LIMITS and parts.within_limits(case))
        # 市级以上研发中心18家,其中省级6家
        or (series and is_level(head) and parts.of_level(case))
        or None
    )


def _of_thing(case: Case) -> Name:
    """The noun behind the unit."""
    count, head = case.count, case.head
    return (
        # 云岫镇2个卫生室
        (head and count and parts.things_at_place(case))
        # 项目一期3幢厂房
        or (head and counted.of_works(case))
        # 开工12个项目
        or (head and counted.of_event(case))
        # 2个项目列入省重点
        or (count and counted.becoming(case))
        # 1家企业在北交所上市
        or (count and counted.going_public(case))
        # 竣工甲、乙等3个项目
        or (count and counted.of_event_listed(case))
        # 选派4名干部
        or (count and counted.of_verb(case))
        # 排查发现的4项问题
        or (count and counted.of_relative(case))
        # 推进76个项目
        or (count and not head and counted.of_heavy_verb(case))
        # 专项行动共2815项任务
        or (count and head and counted.of_drive(case))
        # 5200户居民完成管道改造
        or (count and counted.with_deed(case))
        # 64个小区选聘物业服务人员
        or (count and not head and counted.with_rest(case))
        # 3家小巨人企业
        or counted.noun_alone(case)
    )


def _measuring(case: Case) -> Name | None:
    """Measures of what was told before; and whatever nothing names."""
    return (
        # 基站4860个,每万人拥有28.3个
        (case.count and case.alike and "每" in case.whole and parts.for_each(case))
        # 发放贷款86亿元,户均593万元
        or (case.series and case.whole[-1:] in parts.MEAN_ENDS and parts.mean_or_most(case))
        # 固定资产投资621亿元,增长2.9%
        or (not case.head and going_on.nameless(case))
        or None
    )


def _of_head(case: Case) -> Name:
    """The head before the quantity: first what it is of what was told before, last the head as it stands."""
    head, series, alike, before = case.head, case.series, case.alike, case.left.before
    count, share, listed = case.count, case.sort == "share", case.listed
    still, last = not case.left.direction, head[-1]
    return (
        # Parts, halves and goals of the series.
        # 农林牧渔业总产值…,其中牧业21亿元
        (series and head in parts.BRANCHES and parts.branch(case))
        # 居民人均可支配收入…,其中城镇69874元
        or (series and not count and len(head) <= 6 and parts.qualified(case))
        # 签约413户(总任务450户)
        or (series and not share and last in goals.ENDS and goals.goal_alone(case))
        # 制造业增加值增长5.3%,采矿业增长2.1%
        or (series and case.left.direction and not case.left.before and parts.in_its_place(case))
        # 城镇居民58904元
        or (series and not count and last == "民" and parts.residents(case))
        # 成交额突破60亿元,已登记47.3亿元
        or (series and case.sort == "amount" and len(head) == 2 and going_on.done_of_it(case))
        # 境内上市公司7家,其中科创板1家
        or (series and (count or share) and last in parts.KIND_ENDS and parts.of_kind(case))
        # 新增首店12家,其中锦湖商场引进5家
        or (series and count and case.whole[-2:] in parts.TAKEN_IN and parts.taken_in(case))
        # 高新技术产业增加值86亿元,占比52%
        or (series and head in shares.BARE and shares.bare_share(case))
        # 本外币存款余额860亿元,贷款余额720亿元
        or (series and len(head) <= 6 and not parts.PAIRED.isdisjoint(head) and parts.other_half(case))
        # Heads that need an owner.
        # 妇女两癌筛查3.4万人,筛查率81%
        or (last == "率" and bare.rate_of_deed(case))
        # 省重点建设项目12个,总投资96亿元
        or (last in BARE_ENDS and bare.bare_head(case))
        # 涉及企业3816家、职工5.2万人
        or (listed and count and series and listing.involved(case))
        # 民宿214家,床位5300张
        or (count and case.owner and not listed and bare.inventory(case))
        # 工业固废产生量48万吨,综合利用量45万吨
        or (last in bare.MADE_ENDS and bare.made_of_it(case))
        # 抽检4860批次,不合格92批次
        or (count and alike and head[0] in events.FAILED_OPENS and events.failed(case))
        # 农村公路新改建86公里、大中修132公里
        or (listed and not before and listing.differing(case))
        # 新建口袋公园8个、绿道12公里
        or (listed and series and still and not before and listing.governed_by_verb(case))
        # 农村公路完成投资5.8亿元
        or ("完成投资" in head and events.spent(case))
        # 场道工程完成土石方1460万方
        or (before and not count and events.of_works(case))
        # 助餐点16个,其中青墩镇4个
        or (series and count and alike and still and parts.may_end_place(head) and parts.at_place(case))
        # Events and deeds.
        # 口袋公园完成改造6个
        or ((head[:1] in EVENT_OPENS or head[:2] in EVENT_OPENS) and events.event(case))
        # 隐患整改率98%(应改1830处)
        or (series and count and not alike and events.deed_of_rate(case))
        # 排查隐患点613处,核销47处
        or (count and alike and events.deed(case))
        # 标准厂房竣工12幢
        or (count and head[-2:] in EVENT_TAILS and events.happened_to(case))
        # 户均增收1200元: the verb is part of the name
        or (head in parts.MEANS and case.left.direction and parts.mean_change(case))
        # 固定资产投资621亿元
        or events.plain(case)
    )
