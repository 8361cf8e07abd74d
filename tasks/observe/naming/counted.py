"""The noun behind the unit: 3家[小巨人企业]. Whether it is what is measured, and what joins it to a name."""

from __future__ import annotations

import re

from tasks.observe.figures import Number
from tasks.observe.heads import strip_lead
from tasks.observe.left import Left
from tasks.observe.naming.case import Case, Name
from tasks.observe.naming.events import is_event, opens_event
from tasks.observe.nouns import became, right_noun, told_of
from tasks.observe.units import unit_at
from tasks.observe.words import ATTRIBUTED, BESIDE, DEED, OWNING, OWNING_ENDS, VERB_NOUN

_KINDS = frozenset(("企业", "项目", "问题", "事项", "案件", "单位", "人员"))
_RATE_NEXT = re.compile("[^,;、。:0-9]{2,4}率")
_LISTED_AT = re.compile(r"(?:在|于)?[^,;。、:()0-9在于]{0,6}(?:上市|挂牌|报会|过会)(?=[,;。、待在]|\Z)")
_HEAVY = frozenset(("推进", "推动", "支持", "帮助"))
_WHOSE = re.compile("(?:行动|工程|计划|体系|项目|段|平台|机制|活动|专项|试点|生活|集群|领域)\\Z")


def done_to(text: str, end: int, left: Left) -> str:
    """What a share that ends at `end`, with nothing before it, was done of: 100%完成[年检]."""
    done = VERB_NOUN.match(text, end)
    return done["noun"] if done and not left.whole else ""


def further_on(text: str, end: int) -> str:
    """The noun behind a count that ends at `end` and a figure right behind it: 7宗342亩[工业用地]."""
    beside = BESIDE.match(text, end)
    unit = unit_at(text, beside.end()) if beside else None
    return right_noun(text, beside.end() + len(unit)) if beside and unit else ""


def is_object(text: str, number: Number, left: Left, head: str, reach: int) -> bool:
    """Whether the noun behind a unit, which ends at `reach`, only goes on with what `head` has named."""
    if number.unit is not None and number.unit.endswith("次") and not is_event(head):
        return True  # 组织党员干部1200余人次下沉一线
    listed = number.sort == "count" and text[reach : reach + 1] == "、"
    return listed and len(head) >= 5 and head[-2:] in _KINDS and not left.bare  # 完成拟强制注销企业3044户税务、人社协查


def attributed(case: Case) -> Name | None:
    """A sum of the things stands between their number and their noun."""
    found = ATTRIBUTED.match(case.text, case.number.end)
    return Name(found["noun"], found["noun"]) if found else None


def of_works(case: Case) -> Name | None:
    """Behind a part of works that owns it."""
    head, thing = case.head, case.thing
    if head[-1:] in OWNING_ENDS and "、" not in head and not case.left.head.endswith("等") and OWNING.search(head):
        return Name(head + thing, head + thing, case.reach)
    return None


def of_event(case: Case) -> Name | None:
    """Behind an event."""
    head, thing, said = case.head, case.thing, case.left.head
    if head and len(thing) <= 6 and not said.endswith("等") and "、" not in said and is_event(head):
        return Name(head.lstrip("已新") + thing, thing, case.reach)
    return None


def becoming(case: Case) -> Name | None:
    """Told to have become something."""
    if len(case.thing) > 8:
        return None
    told = became(case.text, case.reach, case.thing)
    return Name(told, case.thing) if told else None


def going_public(case: Case) -> Name | None:
    """Told to be listed at an exchange."""
    found = _LISTED_AT.match(case.text, case.reach) if len(case.thing) <= 8 else None
    return Name(strip_lead(found[0]) + case.thing, case.thing) if found else None


def of_event_listed(case: Case) -> Name | None:
    """Behind an event and some of the things by name."""
    if len(case.thing) <= 4 and case.left.head.endswith("等"):
        begun = opens_event(strip_lead(case.whole))
        if begun:
            return Name(begun[0].lstrip("已新") + case.thing, case.thing, case.reach)
    return None


def of_verb(case: Case) -> Name | None:
    """Two characters say too little without the two of their verb."""
    head, thing = case.head, case.thing
    if len(thing) == 2 and len(head) == 2 and case.left.head.endswith(head) and not is_event(head):
        return Name(head + thing, thing, case.reach)
    return None


def of_relative(case: Case) -> Name | None:
    """Behind a clause that ends with 的."""
    said, thing = case.left.head, case.thing
    if case.whole.endswith("的") and 3 < len(said) <= 20 and len(thing) <= 4 and "、" not in said:
        return Name(said.removesuffix("的") + "的" + thing, thing, case.reach)
    return None


def of_heavy_verb(case: Case) -> Name | None:
    """Behind a verb that is told of no series else."""
    verb, reach = case.whole[-2:], case.reach
    if len(case.thing) == 2 and verb in _HEAVY and not case.text[reach : reach + 1].isdigit():
        return Name(verb + case.thing, case.thing, reach)
    return None


def of_drive(case: Case) -> Name | None:
    """Behind a drive, a programme or a system whose things they are."""
    thing = case.thing
    whose = case.head.removesuffix("涉及").removesuffix("折合")
    if whose and len(thing) <= 4 and _WHOSE.search(whose) and "、" not in case.head and case.whole[-1] not in "由与对":
        return Name(whose + thing, whose + thing, case.reach)
    return None


def with_deed(case: Case) -> Name | None:
    """Before what was done to them."""
    thing = case.thing
    found = DEED.match(case.text, case.reach) if len(thing) <= 6 else None
    return Name(thing + found["deed"], thing + found["deed"], found.end()) if found else None


def with_rest(case: Case) -> Name | None:
    """Before what the clause goes on to tell of them."""
    thing = case.thing
    told = told_of(case.text, case.text.find(thing, case.number.end) + len(thing))
    return Name(thing + told, thing, case.reach) if told else None


def noun_alone(case: Case) -> Name:
    """The noun behind the unit as it stands."""
    thing = case.thing
    # 13个国省考断面水质达标率100%: the rate's name begins with them.
    reach = 0 if _RATE_NEXT.match(case.text, case.reach) else case.reach
    return Name(thing, thing[:-2] if thing.endswith("项目建设") else thing, reach)
