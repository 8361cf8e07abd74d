"""Parts of a whole that was counted before: 老年助餐点1436个,其中城市社区892个、农村544个.

What a part leaves unsaid stands in the whole: the verb before it (新登记经营主体3412户,其中企业786户), its last
characters (新增新能源装机,其中风电), or all of it. Which of these, labels teach (`learnt.py`); here is what there is to
choose from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from tasks.model import Observation
from tasks.observe.verbs import opening_verb
from tasks.observe.words import EVENT

PART = "<part>"  # a feature of all that are parts
NOUN_BEHIND = frozenset(
    ("e", "tail", "thing", "before", "like", "vt", "ve")
)  # the ways that put the whole's noun behind the part
_OPENS = re.compile("其中|分布[为在于]")
_ENDS = re.compile("[;；。\n]")
_BRACKETS = ("(", "（")
_LONGEST = 14  # characters of a part
_LONGEST_NAME = 34
_CLOSED = re.compile("[)）]")
_TAIL = re.compile(
    "(?<=..)(?:(?:播种|种植|采摘|养殖|建筑|绿化|供应|销售|出让|用地)?面积|总?产[量值]|增加值|存栏|出栏|总?投资|装机(?:容量)?|总?收入|"
    "总?支出|总?[额量值数]|里程|余额)\\Z"
)
_LEAST_PARTS = 2
_MARKS = ((",", "，"), ("、",))


class Figure(Protocol):
    """A figure as it was read and named."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def metric(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def measure(self) -> str: ...


def opened(text: str, before: int, told: Figure, seen: Figure, at: int) -> int:
    """Where the parts begin of which `seen`, the figure at index `at`, may be one, -1 for none; `before` is the answer
    for the figure before it, `told`."""
    gap = text[told.end : seen.start]
    if _OPENS.search(gap) or gap.startswith(_BRACKETS):
        return at
    return -1 if before < 0 or _ENDS.search(gap) or _CLOSED.search(gap) else before


def summed(text: str, found: Sequence[Observation], since: int, at: int) -> int:
    """The index of the figure that the parts from index `at` on add up to; -1 where they add up to none before them:
    充电桩386个,其中超充桩28个,分布为滨江区112个、老城区94个、…"""
    first = found[at]
    total, parts = first.value, 1
    for place in range(at + 1, len(found)):
        figure = found[place]
        if figure.unit != first.unit or _ENDS.search(text, found[place - 1].end, figure.start):
            break
        total, parts = total + figure.value, parts + 1
    if parts < _LEAST_PARTS:
        return -1
    later = first.start
    for place in range(at - 1, since - 1, -1):
        figure = found[place]
        if _ENDS.search(text, figure.end, later):
            return -1
        if figure.unit == first.unit and figure.value == total:
            return place
        later = figure.start
    return -1


def whole_of(text: str, found: Sequence[Figure], since: int, at: int, seen: Figure, adds_up_to: int = -1) -> str | None:
    """What `seen` is a part of: the figure before the parts, which begin at index `at`, that is counted in its unit, or
    the one at the index `adds_up_to`, where they add up to one."""
    head, unit = seen.metric or "", seen.unit
    if unit is None or not 0 < len(head) <= _LONGEST:
        return None
    at = adds_up_to + 1 if adds_up_to >= 0 and found[adds_up_to].unit == unit else at
    later = found[at].start
    for place in range(at - 1, since - 1, -1):
        figure = found[place]
        if _ENDS.search(text, figure.end, later):
            return None
        if figure.unit == unit and figure.measure == seen.measure:
            metric = figure.metric
            if not metric or len(metric) < 2 or metric[:2] == head[:2] or metric in head:
                return None
            return None if EVENT.fullmatch(metric) and EVENT.fullmatch(head) else metric
        later = figure.start
    return None


def mark(gap: str) -> str:
    """What parts two figures, of which the later is a part."""
    if _OPENS.search(gap):
        return "其中"
    if gap.startswith(_BRACKETS):
        return "("
    return next((marks[0] for marks in _MARKS if any(mark in gap for mark in marks)), "_")


def whole_names(whole: str, thing: str, head: str) -> list[tuple[str, str]]:
    """Names of a part, each with the kind of way it was made. `thing` is the whole without what was done to it."""
    found: list[tuple[str, str]] = []
    verb = verb_of(whole, thing)
    tail = _TAIL.search(thing)
    if verb:
        found += [("v", verb + head), ("vt", verb + head + thing)]
        if len(thing) > 3:
            found.append(("ve", verb + head + thing[-2:]))
    if len(thing) > 3:
        found.append(("e", head + thing[-2:]))
    if tail is not None:
        found += [("tail", head + tail[0]), ("cut", thing[: tail.start()] + head)]
        if head[-1] != tail[0][-1]:
            found.append(("like", thing[: tail.start()] + head + tail[0]))
    elif len(thing) > 3:
        found.append(("cut", thing[:-2] + head))
    found += [("thing", head + thing), ("of", thing + head)]
    if thing != whole:
        found += [("whole", whole + head), ("before", head + whole)]
    known: dict[str, str] = {}
    for kind, name in found:
        known.setdefault(name, kind)
    return [(kind, name) for name, kind in known.items() if len(name) <= _LONGEST_NAME]


def verb_of(whole: str, thing: str) -> str:
    """What was done to the things that the whole counts: 新登记 of 新登记经营主体; empty where it does not say."""
    verb = opening_verb(whole)
    if len(thing) < len(whole) and whole.endswith(thing) and len(thing) <= len(whole) - len(verb):
        return whole[: -len(thing)]
    return verb if len(whole) - len(verb) > 1 else ""


def features(metric: str, head: str, unit: str, between: str) -> list[str]:
    """What speaks for or against completing a part: its end, its length, how it is parted, what the whole is."""
    return [
        PART,
        f"<p{between}",
        f"<pl{min(len(head), 7)}",
        f"<pu{unit}",
        f"<p1{head[-1]}",
        f"<p2{head[-2:]}",
        f"<p0{head[0]}",
        f"<pv{metric[:2]}",
        f"<pe{metric[-2:]}",
        "<p=" if head[-1] == metric[-1] else "<p/",
        "<p==" if head[-2:] == metric[-2:] else "<p//",
    ]


def of_way(metric: str, head: str, kind: str) -> list[str]:
    """Features of one way to name a part."""
    same = "=" if head[-1] == metric[-1] else "/"
    return [
        f"<w{kind}",
        f"<w{kind}{same}",
        f"<w{kind}l{min(len(head), 7)}",
        f"<w{kind}v{metric[:2]}",
        f"<w{kind}e{metric[-2:]}",
        f"<w{kind}h{head[-1]}",
    ]
