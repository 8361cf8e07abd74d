"""Heads that name nothing alone (总投资, 完成率, 床位): the owner they are completed with."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.observe.naming.case import Case, Name
from tasks.observe.nouns import right_noun
from tasks.observe.owners import as_owner, complete, goes_on, is_agency
from tasks.observe.verbs import is_deed
from tasks.observe.words import BARE_HEAD, EVENT, EVENT_TAILS, PART

_STOCKS = frozenset(("count", "amount"))
_LONGEST_PROPERTY = 6  # characters
_STANDING = frozenset(("失业率", "增长率", "债务率"))
MADE_ENDS = frozenset("量用置")  # of 综合利用量, 综合利用, 无害化处置
_INTENDED = re.compile("\\A计划|(?:[总概估预]算?|计划)投资\\Z")  # 总投资11亿元,完成投资3亿元
_TRADED = frozenset(("进口", "出口", "进口额", "出口额"))


def in_brackets(case: Case) -> Name | None:
    """A property of what stands before the bracket, or how much of it there is: 岑口至宁渚高速(86公里)."""
    head, around = case.head, case.around
    if case.left.direction or case.thing or case.sort not in _STOCKS:
        return None
    if not head:
        return Name(around, around) if not case.left.whole else None
    if len(head) > _LONGEST_PROPERTY or head != case.left.head or EVENT.match(head) or is_deed(head):
        return None
    if head[-2:] in around or around[-2:] in EVENT_TAILS:
        return None  # 已完工(面积3.2万平方米)
    return Name(complete(head, around), None)


def rate_of_deed(case: Case) -> Name | None:
    """The rate of what was told to be done: 筛查率 beside 筛查."""
    head = case.head
    if len(head) > 5 or head in _STANDING or case.left.before:
        return None
    stem = head[:2]
    for base in (case.series, case.owner):
        if not base or base[-1] == "率":
            continue
        at = base.find(stem)
        if (at > 0 and base[at - 1] not in "不未") or (at == 0 and EVENT.match(base)):
            named = complete(head, base)
            return Name(named.removeprefix("的"), None)  # 已开复工的项目26项,开复工率72.2%
    return None


@lru_cache(maxsize=1 << 14)
def _is_bare(head: str) -> bool:
    """Whether a head is one of the bare ones; remembered, since the alternation is the longest of all."""
    return BARE_HEAD.fullmatch(head) is not None


def bare_head(case: Case) -> Name | None:
    """A head that needs an owner: who stands before it in its clause, behind it, or owned before."""
    head, left, text = case.head, case.left, case.text
    if not _is_bare(head):
        return None
    series, owner = case.series, case.owner
    base = owner or case.fallback
    if base and head[-1] == "率":
        base = base.partition(f"不{head[:-1]}")[0]  # 不合格92批次,合格率98.1%
        base = base.removeprefix(f"未{head[:-1]}").removeprefix("的")  # 未开工项目17个,开工率66%
    goes_by = series and series != head and series.endswith(head) and not _INTENDED.search(series)
    if goes_by and not (owner or left.before):
        return Name(series, None)
    if left.before and not is_agency(left.before):
        return Name(complete(head, left.before), as_owner(left.before))
    end = case.number.end
    if text[end : end + 1] == "的" and not case.listed:
        base = right_noun(text, end) or base
    if head in _TRADED and "进出口" in series:
        return Name(head, None)  # 外贸进出口87亿元,其中出口69亿元
    return Name(complete(head, base), None)


def inventory(case: Case) -> Name | None:
    """What an establishment has of beds, seats, staff."""
    head, left = case.head, case.left
    if head == left.head and not left.word and PART.fullmatch(head):
        return Name(complete(head, case.owner), None)
    return None


def made_of_it(case: Case) -> Name | None:
    """What became of a stuff, behind how much there was of it."""
    return Name(complete(case.head, case.series), case.series) if goes_on(case.head, case.series) else None
