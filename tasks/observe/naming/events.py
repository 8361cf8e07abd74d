"""Events and deeds (开工, 核销): whose they are, and what they leave as a name."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.observe.naming.case import Case, Name
from tasks.observe.owners import as_owner, complete, dealt_with, is_agency, is_works, without_intake
from tasks.observe.verbs import is_deed
from tasks.observe.words import ALREADY, AMOUNT_NOUN, BARE_HEAD, EVENT, EVENT_OPENS, EVENT_TAILS, EVENTS, SPENT

_FOLLOWS = re.compile(rf"已?({EVENTS})")
_OF_RATE = re.compile("[^,;:、。0-9]{4,}率")
FAILED_OPENS = frozenset("不未")
_TRADE = re.compile(
    "第[一二三]产业|[^,;:、()0-9]{1,8}业|(?:规|限)[上下](?:企业|工业)|(?:文|旅|商|工|农)[^,;:、()0-9]{0,4}产业"
)
_PLANNED = re.compile("(?:年度|当年|全年|本年)?计划")
_WORK = frozenset(("总工程量", "工程量", "总进度", "总量"))
_BRIEF = frozenset("建拆改修购招撤")
_BY_NOW = re.compile("(?<=..)已经?(?=[^,;、已]{2,4}\\Z)")


def opens_event(head: str) -> re.Match[str] | None:
    """The event that `head` begins with: [新开工]面积."""
    return EVENT.match(head) if head[:2] in EVENT_OPENS or head[:1] in EVENT_OPENS else None


def is_event(head: str) -> bool:
    """Whether `head` names an event and nothing else."""
    found = opens_event(head)
    return found is not None and EVENT.fullmatch(head) is not None


def follows(text: str, at: int) -> str:
    """The event that stands at `at`, behind a count: 12条已[开工]."""
    found = _FOLLOWS.match(text, at)
    return found[1] if found else ""


def tells_of_whole(head: str) -> bool:
    """Whether a head after the parts of a series (其中…) goes on with the series: an event, or the rate of one."""
    return bool(head) and (
        is_event(head) or is_deed(head) or (head[-1] == "率" and BARE_HEAD.fullmatch(head) is not None)
    )


def failed(case: Case) -> Name | None:
    """What was not done, or did not do, of the things counted before."""
    head = case.head
    if len(head) in (3, 4) and (head[0] == "不" or is_deed(head[1:])):
        return Name(head + dealt_with(case.alike), None)
    return None


def spent(case: Case) -> Name | None:
    """What works have cost so far is their investment."""
    found = SPENT.fullmatch(case.head)
    if found and _PLANNED.fullmatch(found["who"]):
        return Name(complete(f"{found['who']}投资", case.owner or case.fallback), None)
    return Name(found["who"] + "投资", as_owner(found["who"])) if found else None


def of_works(case: Case) -> Name | None:
    """What was done of works, which stand before a light verb."""
    before, head = case.left.before, case.head
    if is_works(before) and not opens_event(head):
        return Name(before + head, before)
    if head in _WORK and before and not is_agency(before):
        return Name(before + head, None)  # 泳池改造完成总工程量的70%
    if _TRADE.fullmatch(before) and AMOUNT_NOUN.fullmatch(head):
        return Name(before + head, None)  # 第一产业完成增加值21.6亿元
    return None


def event(case: Case) -> Name | None:
    """An event alone is of what it happened to: what stands before it, or was told before."""
    head, number, before = case.head, case.number, case.left.before
    if not is_event(head):
        return None
    counted = case.count
    if not counted and not (case.sort == "amount" and case.owner and number.unit and "元" not in number.unit):
        return None
    if before and counted and not is_agency(before):
        return Name(before + head.lstrip("已"), before)
    base = case.owner or case.fallback or (case.series[:-3] if _OF_RATE.fullmatch(case.series) else None)
    if not base:
        return Name(head, None)
    base = "" if EVENT.fullmatch(base) else dealt_with(base)
    taker = without_intake(base)
    if taker is not base:
        return Name(taker + head.lstrip("已"), None)  # 热线受理1.46万件,办结1.43万件
    if base[-2:] in EVENT_TAILS and len(base) >= 4:
        base = base[:-2]  # 标准厂房开工46万平方米、竣工21万平方米
    return Name(head.lstrip("已") + base, None)


def deed_of_rate(case: Case) -> Name | None:
    """A deed behind the rate of it is of what the rate is of."""
    if _OF_RATE.fullmatch(case.series) and is_deed(case.head):
        return Name(case.series[:-3] + case.head, None)
    return None


def deed(case: Case) -> Name | None:
    """A deed alone was done to the things counted before."""
    if is_deed(case.head) or case.head in _BRIEF:
        done_to = dealt_with(case.alike)
        return Name(case.head if is_deed(done_to) else case.head + done_to, None)  # 更换176个,维修94个
    return None


def happened_to(case: Case) -> Name | None:
    """A head that ends with its event: what it happened to owns what follows."""
    head = without_already(case.head)
    return Name(head, head[:-2].removesuffix("新")) if len(head) >= 4 else None


def plain(case: Case) -> Name:
    """The head as it stands. What follows its event owns what comes after."""
    return _plain(case.head)


@lru_cache(maxsize=1 << 14)
def _plain(head: str) -> Name:
    if "已" in head:
        head = without_already(head)
    found = opens_event(head)
    noun = head[found.end() :] if found and len(head) - found.end() > 2 else head
    if noun is not head and len(noun) > 4:
        noun = noun.removeprefix("建设")
    return Name(head, None if is_deed(head) else as_owner(noun))


def without_already(head: str) -> str:
    """已开工 → 开工, 绿道已贯通 → 绿道贯通."""
    return _BY_NOW.sub("", ALREADY.sub("", head))
