"""What a quantity is a quantity of: the noun before it, the noun after it, or the series that its sentence is about."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.observe.figures import Number
from tasks.observe.heads import clean, clean_list, strip_lead
from tasks.observe.left import Left
from tasks.observe.owners import as_owner, at_level, complete, is_agency, is_level, is_works, trade
from tasks.observe.units import unit_at
from tasks.observe.words import (
    ALREADY,
    AMOUNT_NOUN,
    ATTRIBUTED,
    ATTRIBUTED_OPENS,
    BARE_ENDS,
    BARE_HEAD,
    BESIDE,
    CLOSES,
    DEED,
    DONE_NOUN,
    DONE_OPENS,
    EMPTY,
    EVENT,
    EVENT_OPENS,
    EVENT_TAILS,
    EVENTS,
    FIELD,
    FIELD_ENDS,
    GOAL_CUE,
    NOT_RIGHT,
    NOT_RIGHT_OPENS,
    OBJECT,
    OF_GOAL,
    OWNING,
    OWNING_ENDS,
    PART,
    RANK_VERB,
    RANKED,
    REACHED,
    RIGHT_END,
    SERIES_END,
    SHARE_OF,
    SPENT,
    TRIM_ENDS,
    TRIM_RIGHT,
    VERB_NOUN,
)


class Name(NamedTuple):
    """`owner` is set where the metric is a noun that later bare heads belong to."""

    metric: str | None
    owner: str | None = None
    reach: int = 0  # where the noun after the unit ends, if that is the metric
    inherited: bool = False


_QUALIFIER = re.compile(
    r"(?:城镇|农村|城市|乡村|工业|农业|服务业|制造业|建筑业|房地产|民间|国有|外资|内资|民营|本级|[省市区县]本?级|"
    r"限上|限下|规上|规下|线上|线下|网上|商品|餐饮|居民|企业|住户|单位|男性|女性)(?:类|部分|方面)?"
)
_FIXED = re.compile("(?:固定资产|有效|项目|全部|全社会|社会)*投资")


def _part_of(part: str, series: str) -> str:
    """The part of a series that a qualifier alone names: 工业 of 固定资产投资 → 工业投资."""
    if _FIXED.fullmatch(series):
        return part + "投资"
    place = series.find("居民")
    return part + (series[place:] if part in ("城镇", "农村") and place >= 0 else series)


_MEASURED = re.compile(r"(?:批次|人次|件次|起数|人数|户数|件数|金额|面积|数量|笔数|营收|利润|税收|产值|产量|销量)\Z")
_SCOPE = re.compile("[限规]上|[限规]下|规模以上|限额以上")
# A goal without a name of its own is of the series it stands beside.
_GOAL_ONLY = re.compile(
    r"(?:总|年度|全年|本年|当年|市定|省定|区定|下达|应完成|应)*(?:目标|任务|计划)(?:任务)?(?:总?数|总?量|值)?"
)
_GOAL_ENDS = frozenset("标务划数量值")
_SHARES = frozenset(("占比", "比重", "占比重"))
_ALONE = frozenset(("失业率", "增长率", "债务率", "负债率"))
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


def right_noun(text: str, at: int) -> str:
    """The noun phrase that starts at `at`, right after a unit: 3家[国家级小巨人企业]; empty where none does."""
    if text[at : at + 1] == "的":
        at += 1
    done = DONE_NOUN.match(text, at) if text[at : at + 1] in DONE_OPENS else None
    if done:
        at = done.end()
    opens = text[at : at + 1]
    if not opens or opens in CLOSES or (opens in NOT_RIGHT_OPENS and NOT_RIGHT.match(text, at)):
        return ""
    stop = min(len(text), at + 40)
    begin = end = at
    while True:
        found = RIGHT_END.search(text, begin, stop)
        end = found.start() if found else stop
        opened = text.rfind("“", at, end)
        if opened >= 0 and text.find("”", opened, end) < 0:
            closing = text.find("”", opened)
            if 0 <= closing < stop:
                begin = closing + 1
                continue
        break
    if text[end : end + 1] == "(" and end > at:
        closing = text.find(")", end, end + 8)
        if closing > 0 and not re.search(r"[0-9]", text[end:closing]):
            end = closing + 1
    noun = text[at:end]
    if noun[-1:] in TRIM_ENDS:
        noun = TRIM_RIGHT.sub("", noun)
    if noun.find("的") >= 1:
        noun = noun[: noun.find("的")]
    return noun if len(noun) >= 2 and noun[0] not in "的了" else ""


def name(text: str, number: Number, left: Left, series: str | None, owner: str | None, fallback: str | None) -> Name:
    """The metric of one quantity. `series` was named last in the sentence; `owner` completes bare heads."""
    head = left.name
    if number.sort == "share" and "占" in head:
        share_of = SHARE_OF.search(head)
        head = head[: share_of.start()] if share_of else head
    elif number.sort == "share" and left.whole.endswith("的"):
        reached = REACHED.match(left.head)
        if reached:
            head = clean(reached["what"])  # 响应能力达到最高负荷的6.2%
    if head.endswith("后") and head.startswith(("扣除", "剔除")):
        head = ""
    if head in EMPTY or (number.sort == "share" and head[:1] == "占" and head[1:2] not in ("比", "用", "地")):
        head = ""
    if number.sort == "rank":
        head = _rank_head(left.head)
        if not head and not series:
            head = left.head.rstrip("由从至到为:")
        if head in ("综合", "总体", "总"):
            head += "排名"
        if BARE_HEAD.fullmatch(head):
            head = complete(head, owner)
        return Name(head, None) if head else Name(series or fallback)
    goal = None
    if series and number.sort == "share" and not left.direction and GOAL_CUE.search(left.whole):
        goal = OF_GOAL.search(left.whole)
    if goal and series and (not goal[0].startswith(goal["goal"]) or not strip_lead(left.whole[: goal.start()])):
        return Name(series + goal["goal"], None, inherited=True)
    if left.comparison == "peer" and not head:
        return Name(series or fallback)
    counted = number.sort == "count"
    after = right_noun(text, number.end) if (counted or not head) and not left.direction else ""
    reach = number.end + len(after)
    if number.sort == "share" and after and text[number.end : number.end + 1] != "的":
        done = VERB_NOUN.match(text, number.end)
        after = done["noun"] if done and not left.whole else ""
    if counted and not after and text[number.end : number.end + 1].isdigit():
        beside = BESIDE.match(text, number.end)
        unit = unit_at(text, beside.end()) if beside else None
        if beside and unit:
            after = right_noun(text, beside.end() + len(unit))
    if counted and not after:
        attributed = (
            ATTRIBUTED.match(text, number.end) if text[number.end : number.end + 1] in ATTRIBUTED_OPENS else None
        )
        if attributed:
            return Name(attributed["noun"], attributed["noun"])
    if counted and not after and series and is_level(head):
        return Name(at_level(head, series), None)
    if after and head and number.unit is not None and number.unit.endswith("次") and not _event(head):
        after = ""  # 组织党员干部1200余人次下沉一线
    if after and (counted or number.sort in ("amount", "share")):
        event = _event(head) if head else None
        if head[-1:] in OWNING_ENDS and "、" not in head and OWNING.search(head):
            return Name(head + after, head + after, reach)  # 项目一期3幢厂房
        if event and len(after) <= 6 and not left.head.endswith("等") and "、" not in left.head:
            return Name(head.lstrip("已新") + after, after, reach)
        deed = DEED.match(text, reach) if counted and len(after) <= 6 else None
        if deed:
            return Name(after + deed["deed"], after + deed["deed"], deed.end())
        return Name(after, after[:-2] if after.endswith("项目建设") else after, reach)
    if not head:
        follow = _follow_event(text, number.end) if counted else ""
        if series and follow and owner:
            return Name(owner + follow, None, inherited=True)
        return Name(series or fallback, None, inherited=True)
    if series and not counted and "其中" in left.whole and _QUALIFIER.fullmatch(head):
        return Name(_part_of(head, series), None)  # 居民人均可支配收入…,其中城镇69874元
    if series and head[-1] in _GOAL_ENDS and number.sort != "share" and _GOAL_ONLY.fullmatch(head):
        return Name(series, None, inherited=True)  # 签约413户(总任务450户)
    if series and head in _SHARES and not left.before:
        return Name(complete(head, series), None)
    half = _parallel(head, series) if series and len(head) <= 6 and not _PAIRED.isdisjoint(head) else ""
    if half:
        return Name(half, None)
    if head[-1] == "率" and len(head) <= 5 and head not in _ALONE and not left.before:
        stem = head[:2]
        for base in (series, owner):
            if base and (base.find(stem) > 0 or (base.startswith(stem) and EVENT.match(base))) and base[-1] != "率":
                return Name(complete(head, base), None)  # 筛查3.4万人,筛查率81%
    if head[-1] in BARE_ENDS and BARE_HEAD.fullmatch(head):
        base = owner or fallback
        if left.before and not is_agency(left.before):
            base = left.before
            return Name(complete(head, base), as_owner(base))
        if (
            text[number.end : number.end + 1] == "的"
            and text[number.start - len(left.whole) - 1 : number.start - len(left.whole)] != "、"
        ):
            base = right_noun(text, number.end) or base
        return Name(trade(head, series) or complete(head, base), None)
    in_list = text[number.start - len(left.whole) - 1 : number.start - len(left.whole)] == "、"
    if counted and owner and not in_list and head == left.whole and PART.fullmatch(head):
        return Name(complete(head, owner), None)  # 民宿214家,床位5300张
    spent = SPENT.fullmatch(head) if "完成投资" in head else None
    if spent:
        return Name(spent["who"] + "投资", as_owner(spent["who"]))
    if not counted and left.before and is_works(left.before) and not _opens_event(head):
        return Name(left.before + head, left.before)  # 场道工程完成土石方1460万方
    event = _event(head)
    if event and (counted or (number.sort == "amount" and owner and number.unit and "元" not in number.unit)):
        base = owner or fallback
        if base:
            base = "" if EVENT.fullmatch(base) else OBJECT.sub("", base)
            return Name(head.lstrip("已") + base, None)
        return Name(head, None)
    if "已" in head:
        head = ALREADY.sub("", head)
    if counted and len(head) >= 4 and head[-2:] in EVENT_TAILS:
        return Name(head, head[:-2].removesuffix("新"))
    if left.direction and head in ("户均", "人均", "亩均"):
        return Name(head + left.word, None)
    found = _opens_event(head)
    noun = head[found.end() :] if found and len(head) - found.end() >= 2 else head
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
    cut = RANK_VERB.search(head) or RANKED.search(head)
    rest = head[: cut.start()] if cut else head
    return clean(rest)


def ranks_among(left: Left) -> bool:
    """Whether what is counted is only the field of a ranking: 居全省90个县第18位."""
    head = left.head
    return head[-1:] in FIELD_ENDS and FIELD.search(head) is not None


def of_series(listed: list[str], series: str | None) -> list[str]:
    """Qualifiers that are parts of the series told before them: 其中城镇、农村分别为… of 居民收入."""
    if series and all(_QUALIFIER.fullmatch(each) for each in listed):
        return [_part_of(each, series) for each in listed]
    return listed


def parts(text: str) -> list[str]:
    """The members of a list: A、B和C → [A, B, C]."""
    return [part for part in re.split(r"、|以及|和(?!谐|睦)|与|及(?!其|时)", text) if part]


def members(left: Left, metric: str, count: int) -> list[str]:
    """The listed series of 均 and 分别: A、B和C → [A, B, C], a head shared by all put behind each."""
    text = clean_list(left.head) or metric
    parts = text.split("、")
    parts[-1:] = re.split(r"以及|和(?!谐|睦)|与|及(?!其|时)", parts[-1])
    parts = [part for part in parts if part]
    if count > 1 and len(parts) != count:
        parts = [p for p in re.split(r"、|以及|和(?!谐|睦)|与|及(?!其|时)", text) if p]
    if len(parts) < 2:
        return [metric]
    if count > 1 and len(parts) != count:
        return [metric]
    last = parts[-1]
    shared = AMOUNT_NOUN.search(last)
    named = []
    scope = _SCOPE.match(parts[0])
    for said in map(strip_lead, parts):
        spread = scope and not _SCOPE.match(said) and not AMOUNT_NOUN.search(said)
        first = _MEASURED.search(parts[0])
        if first and first.start() and first[0] != said and _MEASURED.fullmatch(said):
            named.append(parts[0][: first.start()] + said)  # 越级访批次、人次
            continue
        part = scope[0] + said if scope and spread else said  # 限上批发、零售、住宿业营业额
        if (
            shared
            and not AMOUNT_NOUN.search(part)
            and not re.search(r"(?:率|量|额|值|资|入|数|口|出|费|GDP|款|项目|企业|比|度|电|税)\Z", part)
        ):
            named.append(part + shared[0])
        else:
            named.append(part)
    return named
