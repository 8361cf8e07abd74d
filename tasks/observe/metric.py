"""What a quantity is a quantity of: the noun before it, the noun after it, or the series that its sentence is about."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.observe.figures import Number
from tasks.observe.heads import clean, strip_lead
from tasks.observe.left import Left
from tasks.observe.lists import QUALIFIER, part_of
from tasks.observe.nouns import became, right_noun, told_of
from tasks.observe.owners import as_owner, at_level, complete, dealt_with, goes_on, is_agency, is_level, is_works
from tasks.observe.units import unit_at
from tasks.observe.verbs import governed, is_deed, parallel
from tasks.observe.words import (
    ALREADY,
    ATTRIBUTED,
    ATTRIBUTED_OPENS,
    BARE_ENDS,
    BARE_HEAD,
    BESIDE,
    DEED,
    EMPTY,
    EVENT,
    EVENT_OPENS,
    EVENT_TAILS,
    EVENTS,
    FIELD,
    FIELD_ENDS,
    GOAL_CUE,
    OBJECT,
    OF_GOAL,
    OWNING,
    OWNING_ENDS,
    PART,
    RANK_OF,
    RANK_VERB,
    RANKED,
    REACHED,
    SERIES_END,
    SHARE_OF,
    SPENT,
    VERB_NOUN,
)


class Name(NamedTuple):
    """`owner` is set where the metric is a noun that later bare heads belong to."""

    metric: str | None
    owner: str | None = None
    reach: int = 0  # where the noun after the unit ends, if that is the metric
    inherited: bool = False


# A goal without a name of its own is of the series it stands beside.
_GOAL_ONLY = re.compile(
    r"(?:总|年度|全年|本年|当年|市定|省定|区定|下达|应完成|应)*(?:目标|任务|计划)(?:任务)?(?:总?数|总?量|值)?"
)
# 未完成年初确定的50万平方米目标, 完成全年450个任务的84.4%: of the series that it is the goal of.
_TASK_AFTER = re.compile("(?:的?目标|的?任务|的控制线)(?!数|清单)")
_SET_GOAL = re.compile(
    "(?:完成|达到|实现|超过|突破|超出)[^,;、]*(?:全年|年度|年初|下达|确定|既定|[市省区县]定)|(?:超出|突破|低于)[^,;]*(?:预算|限额)"
)
_TASK_OPENS = frozenset("的目任")
_WITHIN_OPENS = frozenset("未没不超突低高")
_WITHIN = re.compile("(?:未|没有|不)?(?:超出|超过|突破|低于|高于)(?:年度|全年|省核定|核定)*(?:预算|限额|控制)")
_SHARE_WITHIN = re.compile("占[^,;、]{2,}(?:比重|比例|份额|的比)")
_DEDUCTED = re.compile("(?:扣除|剔除)(?P<what>[^,;、后]+?)(?:因素|影响)?(?:后|影响)?(?:实际|同口径)?")
_GOAL_OPENS = frozenset("占为完达相")
_GOAL_FIGURE = re.compile(
    "(?:占|为|完成|达到?|相当于)[^,;、()0-9]{0,14}(?:目标|任务|计划|预算|指标)(?:任务|目标)?[数值额量]?"
)
_FARMING = frozenset("农林牧渔")
_OF_FARMING = re.compile("(?:农林牧渔|[农林牧渔])业(?:农林牧渔业)?(?P<what>总?产值|增加值)\\Z")
_COUNTS = frozenset(("amount", "count"))
_TRADED = frozenset(("进口", "出口", "进口额", "出口额"))
_DONE_ONLY = re.compile(
    "(?:[0-9-]+月(?:份|底)?)?(?:已|累计|实际|共)+(?:登记|支付|到账|到位|拨付|支出|完成|实现|执行|入账|下达|发放|落实)"
)
_INVOLVED = re.compile("涉及|惠及|带动|服务|除险加固")
_KINDS = frozenset(("企业", "项目", "问题", "事项", "案件", "单位", "人员"))
_COUNTING = frozenset("0123456789百千万亿")
_LIMITS = frozenset(("以上", "以下"))
_LIMITED = re.compile("(?:以上|以下)的?(?P<what>.{2,})")
_LISTED_AT = re.compile(r"(?:在|于)?[^,;。、:()0-9在于]{0,6}(?:上市|挂牌|报会|过会)(?=[,;。、待在]|\Z)")
_BRACKET = re.compile(r"\([^()]*\)")
_HEAVY = frozenset(("推进", "推动", "支持", "帮助"))
_EACH_WHOLE = re.compile(
    "(?:\\A|[,;、])(?P<per>[年月日户人亩]均|(?:单[日月次笔])?最[长短高低大小快慢多少])(?:为|达到?|约|仅|不?超过?|不[少低高]于|在)*\\Z"
)
_OF_RATE = re.compile("[^,;:、。0-9]{4,}率")  # 卫生厕所普及率93.7%,当年改造6120户
_CHANGED = re.compile("[^,;:、。0-9()]{1,4}(?:至|到|为|成)(?:了|约|近|目前的?|现在的?)*")
_LED_BY = re.compile("[由从][^,;、。0-9由从]{0,8}[0-9][0-9.,]*[^,;、。0-9()]{0,5}\\Z")
_SHARED = re.compile("占(?P<of>(?![比用地])[^,;:、占比例份()]{2,16}?)的?(?:不足|约|近|超过?|逾|不到|高达|达到?)*\\Z")
_SHARED_BASE = re.compile(
    "占(?P<of>(?![比用地])[^,;:、占比例份()0-9]{2,16}?)[0-9][0-9.]*[^,;:、占()0-9]{1,5}的[^,;:、0-9]{0,3}\\Z"
)
_PART_THAT = re.compile(
    "(?:其中|另有|还有|目前|剩余|主要)*(?P<part>(?![^的]*(?:年|同期|由|较|比|原来))[^,;:、()0-9]{2,14}?)的(?:还有|仅有|已有|共有|有|共|约|为|是|仅|分别)*\\Z"
)
_PLACE_ENDS = frozenset("镇乡道区县市州旗")
_PLACE_ALONE = re.compile("(?!其)[^,;、小社园景片]{1,4}(?:镇|(?<!下)乡|街道|区|县|市|州|旗)")
_PLACE_FRONT = re.compile("\\A[^,;、小社园景片]{1,3}(?:镇|乡|街道|区|县|市|州|旗)(?=..)")
_AMONG = re.compile("在(?![^,;]*[评考测赛])[^,;、在]{1,12}\\Z")
_BRIEF = frozenset("建拆改修购招撤")
_SHARE_NAME = re.compile("(?P<whose>.{2,}?)占(?![比用地])[^占]{2,16}")
_PARTED = re.compile("(?:按[^,;。]{2,8}分|分[^,;。]{2,6}看),[^;。]*\\Z")
_TO_ENDS = frozenset("至到为成了约近的")
_PER_THING = re.compile(
    "(?:\\A|[,;、])(?P<per>(?:平均)?每[百千万]?(?:人口?|户|亩|平方公里|公里)(?:拥有|享有|配备|配有|占有)?)(?:为|达到?|约|有)*\\Z"
)
_GOALS = frozenset(("目标", "目标值", "目标任务", "任务目标"))
_TAKES_SHARE = re.compile("占(?![比用地])")
_OF_KIND = frozenset("板类型")
_OF_TOTAL = re.compile("\\A(?:总|[年月日户人亩]均|(?:单[日月次笔])?最[长短高低大小快慢多少])(?=..)")
_TAKEN_IN = frozenset(("引进", "招引", "新增", "引育"))
_NOMINAL = frozenset(("名义", "实际", "同口径", "可比价", "可比口径"))
_WHOSE = re.compile("(?:行动|工程|计划|体系|项目|段|平台|机制|活动|专项|试点|生活|集群|领域)\\Z")
_GOAL_ENDS = frozenset("标务划数量值")
_SHARES = frozenset(("占比", "比重", "占比重"))
_ALONE = frozenset(("失业率", "增长率", "债务率"))
_PAIRS = (("存款", "贷款"), ("进口", "出口"), ("存栏", "出栏"), ("收入", "支出"), ("城镇", "农村"), ("城市", "农村"))

_PAIRED = frozenset("存贷进出收支城农")


def _parallel(head: str, series: str) -> str:
    """The series with its other half: 贷款余额 beside 本外币存款余额 → 本外币贷款余额; empty where it has none."""
    if len(series) <= len(head):
        return ""
    for one, other in _PAIRS:
        for said, beside in ((one, other), (other, one)):
            if said in head and beside in series:
                whole = series.replace(beside, said)
                if whole.endswith(head) and not whole.endswith(("进" + head, "出" + head)):
                    return whole
    return ""


def _opens_event(head: str) -> re.Match[str] | None:
    """The event that `head` begins with: [新开工]面积."""
    return EVENT.match(head) if head[:2] in EVENT_OPENS or head[:1] in EVENT_OPENS else None


def _event(head: str) -> bool:
    """Whether `head` names an event and nothing else."""
    found = _opens_event(head)
    return found is not None and EVENT.fullmatch(head) is not None


def _led_on(text: str, number: Number, left: Left) -> bool:
    """Whether only a verb of change stands between the figure that 由 or 从 led and this one: whatever verb it is."""
    whole = left.whole
    if not left.head or len(whole) > 9 or whole[-1:] not in _TO_ENDS or not _CHANGED.fullmatch(whole):
        return False
    return _LED_BY.search(text, max(0, number.start - len(left.whole) - 24), number.start - len(left.whole)) is not None


def whose_share(series: str) -> str:
    """工业投资 of 工业投资占固定资产投资; `series` where it names no share of another."""
    found = _SHARE_NAME.fullmatch(series)
    return found["whose"] if found else series


def tells_of_whole(head: str) -> bool:
    """Whether a head after the parts of a series (其中…) goes on with the series: an event, or the rate of one."""
    return bool(head) and (
        _event(head) or is_deed(head) or (head[-1] == "率" and BARE_HEAD.fullmatch(head) is not None)
    )


def _of_goal(text: str, number: Number, left: Left) -> bool:
    """Whether the figure is a goal of the series: 未完成年初确定的50万平方米目标, 未超出年度预算65%."""
    if _WITHIN.match(left.name):
        return True
    return _TASK_AFTER.match(text, number.end) is not None and _SET_GOAL.search(left.whole) is not None


def name(
    text: str,
    number: Number,
    left: Left,
    series: str | None,
    owner: str | None,
    fallback: str | None,
    alike: str | None = None,
    last: str | None = None,
) -> Name:
    """The metric of one quantity. `series` was named last in the sentence; `owner` completes bare heads; `alike` was
    told in the same unit, `last` right before. A share says what it is a share of: 工业投资占固定资产投资."""
    named = _named(text, number, left, series, owner, fallback, alike, last)
    if number.sort != "share" or left.direction or not named.metric or "占" in named.metric:
        return named
    if "占" in left.whole:
        of = _SHARED.search(left.whole)
    elif left.whole[:1] == "的":
        of = _SHARED_BASE.search(text, max(0, number.start - 40), number.start)
    else:
        return named
    if of is None or named.metric.endswith(of["of"]):
        return named
    return Name(f"{named.metric}占{of['of']}", named.owner, named.reach, named.inherited)


def _named(
    text: str,
    number: Number,
    left: Left,
    series: str | None,
    owner: str | None,
    fallback: str | None,
    alike: str | None,
    last: str | None,
) -> Name:
    """`name`, without what a share is a share of."""
    head = left.name
    if number.sort == "share" and "占" in head:
        share_of = SHARE_OF.search(head)
        head = head[: share_of.start()] if share_of else head
    elif number.sort == "share" and left.whole.endswith("的"):
        reached = REACHED.match(left.head)
        if reached:
            head = clean(reached["what"])  # 响应能力达到最高负荷的6.2%
    if head.startswith(("扣除", "剔除")):
        deducted = _DEDUCTED.fullmatch(head)
        if deducted and series:
            return Name(series if "价" in deducted["what"] else f"扣除{deducted['what']}后{series}", None)
        head = ""
    elif head in _NOMINAL:
        head = ""
    if series and number.sort == "share" and head[:1] == "占" and _SHARE_WITHIN.fullmatch(head):
        return Name(series + head, None)  # 占规上工业总产值比重达36.5%
    if head in EMPTY or (number.sort == "share" and (head == "提前" or _TAKES_SHARE.match(head))):
        head = ""
    if series and number.sort != "rank" and _led_on(text, number, left):
        return Name(series, None, inherited=True)  # 由312项扩展到480项
    if number.sort == "rank":
        head = _rank_head(left.head)
        if not head and not series:
            head = left.head.rstrip("由从至到为:")
        if head in ("综合", "总体", "总"):
            head += "排名"
        if BARE_HEAD.fullmatch(head):
            head = complete(head, owner)
        return Name(head, None) if head else Name(series or fallback)
    if (
        series
        and (head[:1] in _WITHIN_OPENS or text[number.end : number.end + 1] in _TASK_OPENS)
        and _of_goal(text, number, left)
    ):
        return Name(series, None, inherited=True)
    if (
        series
        and number.sort != "rank"
        and text[number.end : number.end + 1] == "的"
        and text[number.end + 1 : number.end + 2].isdigit()
        and left.whole[:1] in _GOAL_OPENS
        and _GOAL_FIGURE.fullmatch(left.whole)
    ):
        return Name(series, None, inherited=True)  # 占年度任务4.5万亩的84.4%
    goal, said = None, left.whole
    if series and number.sort == "share" and not left.direction and GOAL_CUE.search(left.whole):
        said = _BRACKET.sub("", left.whole) if left.whole.find(")") > 0 else left.whole
        goal = OF_GOAL.search(said)
    if goal and series and (not goal[0].startswith(goal["goal"]) or not strip_lead(said[: goal.start()])):
        return Name(series, None, inherited=True)
    if left.comparison == "peer" and not head:
        return Name(series or fallback, inherited=left.listed)
    counted = number.sort == "count"
    after = right_noun(text, number.end) if (counted or not head) and not left.direction else ""
    if series and after in _GOALS and not head:
        return Name(series, None, inherited=True)  # 提前达到90%的目标
    reach = number.end + len(after)
    if number.sort == "share" and after and text[number.end : number.end + 1] != "的":
        done = VERB_NOUN.match(text, number.end)
        after = done["noun"] if done and not left.whole else ""
    if counted and not after and text[number.end : number.end + 1].isdigit():
        beside = BESIDE.match(text, number.end)
        unit = unit_at(text, beside.end()) if beside else None
        if beside and unit:
            after = right_noun(text, beside.end() + len(unit))
    if counted and not after and alike and "的" in left.whole[-4:]:
        part = _PART_THAT.match(left.whole)
        if part:
            of = dealt_with(alike[alike.rfind("的") + 1 :])
            if not part["part"].endswith(of):
                return Name(f"{part['part']}的{of}", None)  # 量化指标63项,滞后的12项
    if counted and not after:
        attributed = (
            ATTRIBUTED.match(text, number.end) if text[number.end : number.end + 1] in ATTRIBUTED_OPENS else None
        )
        if attributed:
            return Name(attributed["noun"], attributed["noun"])
    if counted and not after and series and head[-2:] in _LIMITS and head[:1] in _COUNTING:
        limited = _LIMITED.search(series)
        return Name(head + (limited["what"] if limited else OBJECT.sub("", series)), None)  # 其中10亿元以上4个
    if counted and not after and series and is_level(head):
        return Name(at_level(head, series), None)
    if after and head and number.unit is not None and number.unit.endswith("次") and not _event(head):
        after = ""  # 组织党员干部1200余人次下沉一线
    if (
        after
        and counted
        and text[reach : reach + 1] == "、"
        and len(head) >= 5
        and head[-2:] in _KINDS
        and not left.bare
    ):
        after = ""  # 完成拟强制注销企业3044户税务、人社协查
    if after and (counted or number.sort in ("amount", "share")):
        event = _event(head) if head else None
        if not left.head.endswith("等") and head[-1:] in OWNING_ENDS and "、" not in head and OWNING.search(head):
            return Name(head + after, head + after, reach)  # 项目一期3幢厂房
        if event and len(after) <= 6 and not left.head.endswith("等") and "、" not in left.head:
            return Name(head.lstrip("已新") + after, after, reach)
        if counted and len(after) <= 8:
            told = became(text, reach, after)
            if told:
                return Name(told, after)
            listed_at = _LISTED_AT.match(text, reach)
            if listed_at:
                return Name(strip_lead(listed_at[0]) + after, after)  # 1家企业在北交所上市
            if left.head.endswith("等") and len(after) <= 4:
                begun = _opens_event(strip_lead(left.whole))
                if begun:
                    return Name(begun[0].lstrip("已新") + after, after, reach)  # 竣工甲、乙等3个项目
            if len(after) == 2 and len(head) == 2 and left.head.endswith(head) and not event:
                return Name(head + after, after, reach)  # 选派4名干部
            if left.whole.endswith("的") and 3 < len(left.head) <= 20 and len(after) <= 4 and "、" not in left.head:
                return Name(left.head.removesuffix("的") + "的" + after, after, reach)  # 排查发现的4项问题
            if not head and len(after) == 2 and left.whole[-2:] in _HEAVY and not text[reach : reach + 1].isdigit():
                return Name(left.whole[-2:] + after, after, reach)  # 推进76个项目
            whose = head.removesuffix("涉及").removesuffix("折合")
            if (
                whose
                and _WHOSE.search(whose)
                and "、" not in head
                and len(after) <= 4
                and left.whole[-1] not in "由与对"
            ):
                return Name(whose + after, whose + after, reach)  # 专项行动共2815项任务
        deed = DEED.match(text, reach) if counted and len(after) <= 6 else None
        if deed:
            return Name(after + deed["deed"], after + deed["deed"], deed.end())
        told = told_of(text, text.find(after, number.end) + len(after)) if counted and not head else ""
        if told:
            return Name(after + told, after, reach)  # 64个小区选聘物业服务人员
        return Name(after, after[:-2] if after.endswith("项目建设") else after, reach)
    per = _PER_THING.search(left.whole) if counted and alike and not after and "每" in left.whole else None
    if alike and per:
        return Name(per["per"] + dealt_with(alike), None)  # 基站4860个,每万人拥有28.3个
    each = _EACH_WHOLE.search(left.whole) if series else None
    if series and each:
        return Name(each["per"] + _OF_TOTAL.sub("", series).replace("平均", "", 1), None)  # 户均593万元, 最长12小时
    if not head:
        follow = _follow_event(text, number.end) if counted else ""
        if series and follow and owner:
            return Name(owner + follow, None, inherited=True)
        return Name(series or fallback, None, inherited=True)
    if series and len(head) == 2 and head[1] == "业" and head[0] in _FARMING:
        branch = _OF_FARMING.search(series)
        if branch:
            return Name(head + branch["what"], None)  # 农林牧渔业总产值…,其中农业…,牧业…
    if (
        series
        and not counted
        and len(head) <= 6
        and QUALIFIER.fullmatch(head)
        and ("其中" in left.whole or _PARTED.search(text, max(0, number.start - 60), number.start))
    ):
        return Name(part_of(head, series), None)  # 居民人均可支配收入…,其中城镇69874元
    if series and head[-1] in _GOAL_ENDS and number.sort != "share" and _GOAL_ONLY.fullmatch(head):
        return Name(series, None, inherited=True)  # 签约413户(总任务450户)
    if series and head.endswith("居民") and not counted and "居民" in series[:-2]:
        return Name(head + series[series.find("居民") + 2 :], None)  # 城镇居民58904元
    if (
        series
        and number.sort == "amount"
        and len(head) == 2
        and _DONE_ONLY.fullmatch(left.whole)
        and not _opens_event(head)
    ):
        return Name(series, None, inherited=True)  # 成交额突破60亿元,已登记47.3亿元
    if (
        series
        and "其中" in left.whole
        and head[-1] in _OF_KIND
        and len(head) <= 5
        and number.sort in ("count", "share")
    ):
        return Name(head + OBJECT.sub("", series), None)  # 境内上市公司7家,其中科创板1家
    if series and counted and "其中" in left.whole and left.whole[-2:] in _TAKEN_IN and not _opens_event(head):
        return Name(head + OBJECT.sub("", series), None)  # 其中甲商场引进5个
    if series and head in _SHARES and not left.before:
        return Name(complete(head, series), None)
    half = _parallel(head, series) if series and len(head) <= 6 and not _PAIRED.isdisjoint(head) else ""
    if half:
        return Name(half, None)
    if head[-1] == "率" and len(head) <= 5 and head not in _ALONE and not left.before:
        stem = head[:2]
        for base in (series, owner):
            if (
                base
                and (
                    (base.find(stem) > 0 and base[base.find(stem) - 1] not in "不未")
                    or (base.startswith(stem) and EVENT.match(base))
                )
                and base[-1] != "率"
            ):
                return Name(complete(head, base), None)  # 筛查3.4万人,筛查率81%
    if head[-1] in BARE_ENDS and BARE_HEAD.fullmatch(head):
        base = owner or fallback
        if base and head[-1] == "率":
            base = base.partition(f"不{head[:-1]}")[0]  # 不合格92批次,合格率98.1%
        if (
            series
            and not (owner or left.before or series.startswith("计划"))
            and series != head
            and series.endswith(head)
        ):
            return Name(series, None)
        if left.before and not is_agency(left.before):
            base = left.before
            return Name(complete(head, base), as_owner(base))
        if (
            text[number.end : number.end + 1] == "的"
            and text[number.start - len(left.whole) - 1 : number.start - len(left.whole)] != "、"
        ):
            base = right_noun(text, number.end) or base
        if head in _TRADED and series and "进出口" in series:
            return Name(head, None)  # 外贸进出口87亿元,其中出口69亿元
        return Name(complete(head, base), None)
    in_list = text[number.start - len(left.whole) - 1 : number.start - len(left.whole)] == "、"
    beside = _INVOLVED.match(series) if in_list and counted and series else None
    if beside:
        return Name(beside[0] + head, None)  # 涉及企业3816家、职工5.2万人
    if counted and owner and not in_list and head == left.head and not left.word and PART.fullmatch(head):
        return Name(complete(head, owner), None)  # 民宿214家,床位5300张
    if head[-1] == "量" and goes_on(head, series):
        return Name(complete(head, series), series)
    if counted and alike and 3 <= len(head) <= 4 and (head[0] == "不" or (head[0] == "未" and is_deed(head[1:]))):
        return Name(head + dealt_with(alike), None)  # 抽检4860批次,不合格92批次
    first = series if number.sort == "share" else alike
    twin = parallel(head, first) if in_list and first and not left.before else ""
    if twin:
        return Name(twin, None)  # 农村公路新改建86公里、大中修132公里
    if in_list and series and number.sort in _COUNTS and not (left.direction or left.before or left.listed):
        of_verb = governed(head, last or series) if not _event(head) else ""
        if of_verb:
            return Name(of_verb, as_owner(head))  # 新建口袋公园8个、绿道12公里
    spent = SPENT.fullmatch(head) if "完成投资" in head else None
    if spent:
        return Name(spent["who"] + "投资", as_owner(spent["who"]))
    if not counted and left.before and is_works(left.before) and not _opens_event(head):
        return Name(left.before + head, left.before)  # 场道工程完成土石方1460万方
    if (
        series
        and counted
        and alike
        and head[-1] in _PLACE_ENDS
        and not left.direction
        and left.whole.endswith(head)
        and _PLACE_ALONE.fullmatch(head)
    ):
        return Name(head + _PLACE_FRONT.sub("", dealt_with(alike)), None)  # 助餐点16个,其中青墩镇4个、白马乡2个
    event = _event(head)
    if event and (counted or (number.sort == "amount" and owner and number.unit and "元" not in number.unit)):
        if left.before and counted and not is_agency(left.before):
            return Name(left.before + head.lstrip("已"), left.before)  # 口袋公园完成改造6个
        base = owner or fallback or (series[:-3] if series and _OF_RATE.fullmatch(series) else None)
        if base:
            base = "" if EVENT.fullmatch(base) else dealt_with(base)
            if base[-2:] in EVENT_TAILS and len(base) >= 4:
                base = base[:-2]  # 标准厂房开工46万平方米、竣工21万平方米
            return Name(head.lstrip("已") + base, None)
        return Name(head, None)
    if counted and series and _OF_RATE.fullmatch(series) and is_deed(head) and not alike:
        return Name(series[:-3] + head, None)  # 隐患整改率98%(应改1830处)
    if counted and alike and (is_deed(head) or head in _BRIEF):
        return Name(head + dealt_with(alike), None)  # 排查隐患点613处,核销47处
    if "已" in head:
        head = ALREADY.sub("", head)
    if counted and len(head) >= 4 and head[-2:] in EVENT_TAILS:
        return Name(head, head[:-2].removesuffix("新"))
    if left.direction and head in ("户均", "人均", "亩均"):
        return Name(head + left.word, None)
    found = _opens_event(head)
    noun = head[found.end() :] if found and len(head) - found.end() > 2 else head
    if noun is not head and len(noun) > 4:
        noun = noun.removeprefix("建设")
    return Name(head, as_owner(noun))


@lru_cache(maxsize=1 << 14)
def subject(clause: str) -> str | None:
    """The series a clause without a figure speaks of: 固定资产投资创历史新高, 达到… → 固定资产投资."""
    if not SERIES_END.search(clause):
        return None
    text = strip_lead(clause)
    ends = [found.end() for found in SERIES_END.finditer(text, 0, 24)]
    return text[: ends[-1]] if ends and ends[-1] > 2 and "、" not in text[: ends[-1]] else None


def _follow_event(text: str, at: int) -> str:
    found = re.compile(rf"已?({EVENTS})").match(text, at)
    return found[1] if found else ""


@lru_cache(maxsize=1 << 13)
def _rank_head(head: str) -> str:
    cut = RANK_VERB.search(head) or RANKED.search(head) or RANK_OF.search(head)
    rest = head[: cut.start()] if cut else head
    if "在" in rest:
        rest = _AMONG.sub("", rest)  # 空气质量在全市重点控制区域[排名]第2
    return clean(rest)


def ranks_among(left: Left) -> bool:
    """Whether what is counted is only the field of a ranking: 居全省90个县第18位."""
    head = left.head
    return head[-1:] in FIELD_ENDS and FIELD.search(head) is not None
