"""Figures that go on with the series told before them: they have no name of their own, or only a way to measure."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.observe.heads import strip_lead
from tasks.observe.naming.case import Case, Name
from tasks.observe.naming.events import follows, opens_event
from tasks.observe.nouns import told_of
from tasks.observe.owners import dealt_with
from tasks.observe.words import EVENT, EVENTS, SERIES_END

_DEDUCTED = re.compile("(?:扣除|剔除)(?P<what>[^,;、后]+?)(?:因素|影响)?(?:后|影响)?(?:实际|同口径)?")
DEDUCTS = frozenset(("扣除", "剔除"))
NOMINAL = frozenset(("名义", "实际", "同口径", "可比价", "可比口径"))
_CHANGED = re.compile("[^,;:、。0-9()]{1,4}(?:至|到|为|成)(?:了|约|近|目前的?|现在的?)*")
CHANGED_ENDS = frozenset("至到为成了约近的")
_LED_BY = re.compile("[由从][^,;、。0-9由从]{0,8}[0-9][0-9.,]*[^,;、。0-9()]{0,5}\\Z")
_DONE_ONLY = re.compile(
    "(?:[0-9-]+月(?:份|底)?)?(?:已|累计|实际|共)+(?:登记|支付|到账|到位|拨付|支出|完成|实现|执行|入账|下达|发放|落实)"
)


def deducted(case: Case) -> Name | None:
    """The series without what is deducted; prices leave its name as it is."""
    found = _DEDUCTED.fullmatch(case.phrase)
    if found is None:
        return None
    return Name(case.series if "价" in found["what"] else f"扣除{found['what']}后{case.series}", None)


def led_on(case: Case) -> Name | None:
    """Only a verb of change stands between the figure that 由 or 从 led and this one: whatever verb it is."""
    whole = case.whole
    if not case.left.head or len(whole) > 9 or not _CHANGED.fullmatch(whole):
        return None
    at = case.number.start - len(whole)
    if _LED_BY.search(case.text, max(0, at - 24), at) is None:
        return None
    return Name(case.series, None, inherited=True)


def against_peer(case: Case) -> Name:
    """By how much it differs from others."""
    return Name(case.series or case.fallback, inherited=case.left.listed)


def nameless(case: Case) -> Name:
    """Nothing names it: it is of the series, or of what happened to the owner where an event follows."""
    follow = follows(case.text, case.number.end) if case.count else ""
    if case.series and follow and case.owner:
        return Name(case.owner + follow, None, inherited=True)
    told = told_of(case.text, case.number.end) if case.unsaid and not follow else ""
    if told and case.series and not _NOT_YET.match(told):
        thing = without_event(case.owner or dealt_with(case.series))
        return Name(thing + told, None, inherited=True, leaves=case.series)
    return Name(case.series or case.fallback, None, inherited=True)


def done_of_it(case: Case) -> Name | None:
    """How much of it has been done."""
    if _DONE_ONLY.fullmatch(case.whole) and not opens_event(case.head):
        return Name(case.series, None, inherited=True)
    return None


_WHEN = re.compile(
    r"\A(?:今年|20\d\d年)?(?:\d{1,2}(?:[-~—至]\d{1,2})?月(?:份|底)?|前三季度|[一二三四]季度|[上下]半年|全年|今年)?(?:以来)?(?=..)"
)
_NOT_YET = re.compile("计划|力争|拟|定于|限期|尚|待|按|列|低于|高于|超|推进\\Z|提供")
_EVENT_AT_END = re.compile(f"(?:全部|全面|已)?(?:{EVENTS})\\Z")


def without_event(series: str) -> str:
    """The things of a series without what happened to them: 中小学完工 → 中小学; nothing of an event alone."""
    return "" if EVENT.fullmatch(series) else _EVENT_AT_END.sub("", series)


@lru_cache(maxsize=1 << 14)
def subject(clause: str) -> str | None:
    """The series a clause without a figure speaks of: 固定资产投资创历史新高, 达到… → 固定资产投资."""
    if not SERIES_END.search(clause):
        return None
    text = strip_lead(_WHEN.sub("", clause))
    ends = [found.end() for found in SERIES_END.finditer(text, 0, 24)]
    return text[: ends[-1]] if ends and ends[-1] > 2 and "、" not in text[: ends[-1]] else None
