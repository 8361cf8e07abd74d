"""What kind of figure a quantity is: its measure with the sign, its comparison, its bound, or a class limit."""

from __future__ import annotations

import re
from decimal import Decimal

from tasks.observe.directions import GROWTH_NOUN
from tasks.observe.figures import Number
from tasks.observe.left import Left
from tasks.observe.naming.case import Name
from tasks.observe.words import AMOUNT_NOUN

_INDEX_HEAD = re.compile(
    r"(?:(?<![A-Za-z])[A-Z][A-Za-z]{1,5}(?=为|达|约|降|升)|指数|收入比|倍差|得分|评分|系数|密度|强度|浓度|总分|均分|分值|增长率|增速|增幅|下降率|降低率|容积率|吞吐量|(?<=[亡失生患伤])率|[增长降低]|(?<![同环占相对])比|比值|满意度|数|(?:同期|同比|上[年月期]|去年|年初)(?:缩小|扩大|提高|提升|上升|下降|回落|减少|增加))(?:为|达到?|约|是|-|:|(?:控制|保持|稳定|维持)在|"
    r"缩小[至到]|扩大[至到]|提升至|升至|由|从|至|上升到|[0-9.、和]+){0,3}\Z"
)
TIMED = re.compile(
    r"(?:缩短|压缩|缩减|压减|压降|精简|减少|降至|降到|[压减]到|[压减]至|调整[至到为]|提速|平均|用时|耗时|历时|时限|时间|时长|周期|期限|不超过|控制在|提前|开放|仅需|只需|不到|天数|日数|水质|由|从|节省|至|优良|达标|工期|累计|"
    r"运行|利用小时|延长|等待|停留|间隔|住院|周转天数|(?:同期|上年|去年|上月|年初)(?:还|要)?[多少快慢])(?:[^,;]{0,6})\Z"
)
_REACH = re.compile("(?:范围|半径)?内?(?:覆盖率|服务半径|生活圈|服务圈|交通圈|出行圈|养老圈|健身圈|医疗圈|文化圈|可达)")
_CLASS_AFTER = re.compile(
    r"(?:\(含\))?的?[^,;。:、()0-9]{0,14}?(?:企业|项目|单位|用户|机构|公司|工程|地块|主体|大户|产业|制造业|设备|建筑|客商|商户|平台|锅炉|贷款|房屋|人员|"
    r"人群|事件|婴幼儿|老人|老年人|儿童|妇女|小区|楼宇|农户|村|家庭|集群|园区|户|会议|合同|采购|基金|房源|民宿)"
)
_LEADS_ON = re.compile(
    "(?:提高|提升|上升|增加|增长|扩大|升|增|涨|下降|降低|减少|缩小|压缩|降|减|调整|变)[至到为](?:了)?[0-9.]+(?![0-9.年月日号])"
)
_COUNT_AFTER = re.compile("的?[0-9]+[个家户项名人宗件座]")
_CLASS_BEFORE = re.compile(
    r"(?:产值|营收|营业收入|主营业务收入|销售额?|销售收入|注册资本|投资额?|税收|研发投入|研发费用|规模|面积|纳税|收入|年龄|金额|装机|库容|资产|能耗|用能|用电|票房|贷款|单体|"
    r"单笔|净值|工期|年限|总投资)(?:额|总额)?(?:在|达|为|超过?|不低于|满|[-])*\Z"
)


def rate_of(owner: str | None) -> tuple[str | None, str]:
    """A row's name without the growth noun at its end, and that noun: 规上工业增加值增速, whose status is 6%."""
    found = _ENDS_RATE.search(owner) if owner else None
    return (owner[: found.start()], found["noun"]) if owner and found else (owner, "")


def stands_alone(text: str, begin: int, number: Number, last: Number | None) -> bool:
    """Whether a number without a unit counts: an index or score is its head, or a direction word leads to it. Its
    clause begins at `begin`; `last` is the figure before it."""
    after = text[number.end : number.end + 1]
    if after and after not in ",。;、)!?\n和与至" and text[number.start - 1 : number.start] not in ("由", "从"):
        return False
    left = text[max(begin, number.start - 12) : number.start]
    if last is not None and last.sort == "none" and last.end == begin and left.endswith(("至", "到")):
        return True
    return bool(_INDEX_HEAD.search(left)) or (
        text[number.start - 1 : number.start] in ("由", "从") and _LEADS_ON.match(text, number.end) is not None
    )


_ENDS_RATE = re.compile(rf"(?<=..)(?P<noun>{GROWTH_NOUN.pattern})(?:[(（][%％][)）])?\Z")
_BETTER_LESS = re.compile("浓度|能耗|排放|时[间长]|漏损")
Reading = tuple[str, Decimal, Decimal | None, str]  # measure, value, high, the growth noun it leaves


def measure(number: Number, left: Left, named: Name, growth: str) -> Reading:
    """What kind of figure it is, with its sign and the growth noun it leaves to what hangs on it."""
    value, high = number.value, number.high
    negative = number.negative or (left.negative and number.chain <= 1)
    sign = -1 if negative else 1
    noun = left.growth
    if number.sort == "rank":
        return "rank", value, high, ""
    down = left.direction == "down"
    if left.word == "改善" and named.metric and _BETTER_LESS.search(named.metric):
        down = True  # PM2.5浓度改善5.4%
    if number.sort == "share" or (number.sort == "none" and (noun or left.direction)):
        if noun and not (left.direction and not left.to and left.adjacent and number.sort != "share"):
            falls = noun[0] in "降跌减下" or "下降" in noun or "降低" in noun
            sign = -sign if falls else sign
            return _signed("growth", value, high, sign, noun)
        if number.sort == "none" and not noun and left.to:
            return _signed("level", value, high, sign)
        if number.sort == "none" and not noun and left.direction:
            return _signed("change", value, high, -sign if down else sign)
        priced = left.comparison == "peer" and named.metric and _PRICED.search(named.metric)
        if left.direction and not left.to and (left.comparison != "peer" or priced):
            return _signed("growth", value, high, -sign if down else sign)
        if left.direction and left.comparison == "peer" and not left.to:
            return _signed("change", value, high, -sign if down else sign)
        if growth and named.inherited and (left.to or not left.direction) and number.unit == "%":
            falls = growth[0] in "降跌减下"
            return _signed("growth", value, high, -sign if falls else sign, growth)
        if negative:
            return _signed("growth", value, high, sign)
        if (
            named.metric
            and not left.to_completion
            and not _OF_IT.search(left.whole)
            and number.unit == "%"
            and AMOUNT_NOUN.search(named.metric)
            and not named.inherited
        ):
            return _signed("growth", value, high, sign)
        return "ratio", value, high, ""
    if number.sort == "points":
        if noun and noun[0] in "降跌减":
            down = not down  # 降幅收窄1.3个百分点: what falls, falls less; the series has risen against before
        return _signed("change", value, high, -sign if down else sign)
    if left.direction and not left.to:
        return _signed("change", value, high, -sign if down else sign)
    return _signed("level", value, high, sign)


def _signed(kind: str, value: Decimal, high: Decimal | None, sign: int, growth: str = "") -> Reading:
    if sign < 0:
        value = -value
        if high is not None:
            value, high = -high, value
    return kind, value, high, growth


# A share of what stands before 的: 完成年度总投资的81.4%.
_OF_IT = re.compile("的(?:约|近|不?足|超过?)?\\Z")
# A price lies below another by a share of it: 租金低于市场价28%.
_PRICED = re.compile("(?:价|价格|租金|成本|费用|单价)\\Z")
_BARE_GROWTH = frozenset(("增长", "下降", "增", "降", "", "正增长", "负增长", "下滑", "回落", "上升", "上涨", "下跌"))
# Of a sum or a price these say no more than 增长 and 下降 do.
_BARE_RISE = frozenset(("提高", "提升"))
_SUMS = re.compile(r"(?:价格|指数|均价)\Z")


def comparison(measured: str, left: Left, before: str | None, metric: str | None) -> str | None:
    """yoy | prior_period | peer | other for growth and change; None for the rest and where no base is told."""
    if measured not in ("growth", "change"):
        return None
    if left.comparison:
        return left.comparison
    if measured == "growth":
        if (
            left.growth
            or left.to
            or left.word in _BARE_GROWTH
            or (left.word in _BARE_RISE and metric and (AMOUNT_NOUN.search(metric) or _SUMS.search(metric)))
        ):
            return "yoy"
        return None
    return before


def bound(number: Number, left: Left) -> str:
    """exact | approx | at_least | at_most: the word before the number, else the one after it."""
    after = number.after
    if after in ("以上", "及以上", "之上"):
        return "at_least"
    if after in ("以下", "及以下", "以内", "之内", "之下"):
        return "at_most"
    if after in ("左右", "上下"):
        return "approx"
    if left.bound != "exact":
        if left.direction and left.word in ("高于", "低于", "超过"):
            return "exact"
        return left.bound
    if after or number.approx:
        return "approx"
    return "exact"


def is_threshold(text: str, number: Number, left: Left) -> bool:
    """Whether the number only defines a class: the 10亿元 of 年产值10亿元以上企业, the 千万 of 税收超千万企业."""
    if number.sort in ("rank", "points"):
        return False
    if number.sort in ("amount", "time") and _REACH.match(text, number.end):
        return True
    limit = number.after in ("以上", "及以上", "以下", "及以下", "以内") or left.bound in ("at_least", "at_most")
    if not limit:
        return False
    if (
        number.sort == "count"
        and not _CLASS_BEFORE.search(left.whole)
        and number.unit not in ("人", "张", "床", "层", "个工位")
    ):
        return False
    if number.sort == "amount" and _COUNT_AFTER.match(text, number.end):
        return True  # 其中10亿元以上4个
    follows = _CLASS_AFTER.match(text, number.end)
    if not follows:
        return False
    if number.sort == "share" and not follows[0].startswith("的"):
        return False
    if number.after == "" and left.bound == "at_least" and number.sort != "amount":
        return False
    if re.search(r"总投资(?:额)?(?:超过?|约|达)?\Z", left.whole) and follows[0].startswith("的"):
        return bool(
            re.match(r"的(?:重大|重点|产业|制造业|工业)*(?:项目|企业)[0-9]", text[number.end : number.end + 16])
        )
    return True
