"""Figures of a status that say too little alone, named by what the commitment beside it promised in the same unit.

Content 加梯60台以上, status 完工27台: the table has said what is counted, and the clerk does not say it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tasks.model import Observation
from tasks.observe.made import renamed
from tasks.observe.nouns import told_of
from tasks.observe.owners import as_owner, dealt_with
from tasks.observe.verbs import is_deed
from tasks.observe.words import EVENT, EVENTS

_EVENT_AFTER = re.compile(f"(?:已经?|全部|均已?|正在?)*(?P<event>{EVENTS})")
_NOTHING_AFTER = re.compile(r"[\s,，;；。、:：()（）]|已|均|全部|正|尚|\Z")
_EVENT_AT_END = re.compile(f"(?<=..)(?:全部|全面)?(?:{EVENTS})\\Z")
_DONE_RATE = re.compile(f"(?:完成|{EVENTS})率")
_LONGEST = 34  # characters of a name


def named_by(promise: Iterable[Observation], text: str, told: list[Observation]) -> list[Observation]:
    """`told`, a status' observations, with those names completed that the promise tells.

    `text` is what the offsets of `told` are of. Nothing but names changes, and only those that are missing or tell of
    an event alone (完工, 核销, 开工率). A unit in which two things were promised names none.
    """
    names: dict[str, str | None] = {}
    things: dict[str, str | None] = {}
    since = None
    for each in promise:
        if each.period_start and (since is None or each.period_start < since):
            since = each.period_start
        if each.metric and each.unit and each.measure == "level":
            thing = _thing(each.metric)
            same = things.setdefault(each.unit, thing) == thing
            names[each.unit] = each.metric if same and names.get(each.unit, each.metric) == each.metric else None
            things[each.unit] = thing if same else None
    if not things:
        return told
    known = set(things.values())
    only = known.pop() if len(known) == 1 else None
    named: list[Observation] = []
    counted = False  # whether the status has told how many of what was promised: a rate behind it is of that
    others: set[str] = set()  # units in which the status has told of another thing: what follows may be of that
    for seen in told:
        unit, head = seen.unit or "", seen.metric
        whole, promised = None, things.get(unit)
        if since and seen.period_end and seen.period_end < since:
            pass  # 去年结转的4500亩
        elif unit == "%":
            whole = only + head if only and counted and head and _DONE_RATE.fullmatch(head) else None
        elif promised and unit not in others:
            whole = _whole(seen, text, names.get(unit), promised)
            if whole or (head and _share(head, promised)):
                counted = True
            elif head:
                others.add(unit)
        named.append(renamed(seen, whole) if whole and len(whole) <= _LONGEST else seen)
    return named


def _share(one: str, other: str) -> bool:
    """Whether two names have two neighbouring characters in common."""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def _whole(seen: Observation, text: str, promised: str | None, thing: str) -> str | None:
    """The name of a figure that has none, or only an event, by the thing that was promised in its unit."""
    head = seen.metric
    if head is None:
        told = told_of(text, seen.end)
        if told and not text.startswith(told, seen.end):
            return thing + told  # 10条已开工, 3条正在办理前期手续; a noun alone is another thing
        event = _EVENT_AFTER.match(text, seen.end)
        if event:
            return thing + event["event"]
        return (promised or thing) if _NOTHING_AFTER.match(text, seen.end) else None
    if thing[-2:] not in head and told_of(text, seen.end) == head:
        return thing + head
    if not EVENT.fullmatch(head) and not is_deed(head):
        return None
    if promised and (promised.startswith(head) or promised.endswith(head)):
        return promised  # 出让经营性用地, 出让9宗
    return thing + head


@lru_cache(maxsize=8192)  # promises are told again in every quarter
def _thing(metric: str) -> str:
    """What was promised, without what is to be done to it: 新建站点 → 站点, 小区全面开工 → 小区."""
    thing = dealt_with(as_owner(metric) or metric).lstrip("、及和与")
    return _EVENT_AT_END.sub("", thing)
