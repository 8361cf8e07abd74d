"""Shares: what they are shares of, and whose."""

from __future__ import annotations

import re

from tasks.observe.heads import clean
from tasks.observe.left import Left
from tasks.observe.naming.case import Case, Name
from tasks.observe.owners import complete
from tasks.observe.words import REACHED, SHARE_OF

_WITHIN = re.compile("占[^,;、]{2,}(?:比重|比例|份额|的比)")
_TAKES_SHARE = re.compile("占(?![比用地])")
TOTAL_OPENS = frozenset("占提")
BARE = frozenset(("占比", "比重", "占比重"))
_OF_TOTAL = re.compile("占(?P<of>(?![比用地])[^,;:、占比例份()]{2,16}?)的?(?:不足|约|近|超过?|逾|不到|高达|达到?)*\\Z")
_OF_TOTAL_TOLD = re.compile(
    "占(?P<of>(?![比用地])[^,;:、占比例份()0-9]{2,16}?)[0-9][0-9.]*[^,;:、占()0-9]{1,5}的[^,;:、0-9]{0,3}\\Z"
)
_WHOSE = re.compile("(?P<whose>.{2,}?)占(?![比用地])[^占]{2,16}")


def without_total(left: Left) -> str:
    """The naming part of what stands before a share with 占 or 的, without what it is a share of."""
    if "占" in left.name:
        share_of = SHARE_OF.search(left.name)
        return left.name[: share_of.start()] if share_of else left.name
    reached = REACHED.match(left.head)
    return clean(reached["what"]) if reached else left.name  # 响应能力达到最高负荷的6.2%


def only_of_total(phrase: str) -> bool:
    """Whether a phrase before a share tells only that it is one, or of what: 提前, 占总量."""
    return phrase == "提前" or _TAKES_SHARE.match(phrase) is not None


def within_total(case: Case) -> Name | None:
    """Of the series told before, where only the total is named."""
    return Name(case.series + case.phrase, None) if _WITHIN.fullmatch(case.phrase) else None


def bare_share(case: Case) -> Name | None:
    """占比 alone is of the series."""
    return None if case.left.before else Name(complete(case.head, case.series), None)


def with_total(case: Case, named: Name) -> Name:
    """The name of a share says what it is a share of: 工业投资占固定资产投资."""
    if not named.metric or "占" in named.metric:
        return named
    if "占" in case.whole:
        of = _OF_TOTAL.search(case.whole)
    elif case.whole[:1] == "的":
        of = _OF_TOTAL_TOLD.search(case.text, max(0, case.number.start - 40), case.number.start)
    else:
        return named
    if of is None or named.metric.endswith(of["of"]):
        return named
    return Name(f"{named.metric}占{of['of']}", named.owner, named.reach, named.inherited)


def whose_share(series: str) -> str:
    """工业投资 of 工业投资占固定资产投资; `series` where it names no share of another."""
    found = _WHOSE.fullmatch(series)
    return found["whose"] if found else series
