"""Which reported figure answers which promise of the same row. Decision 077."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tasks.model import Observation, Period

_SHORT = 3  # letters below which one name standing inside another says nothing
_ALONE = 2  # the same, where no other quantity of the row could be meant
# What is made or had, however it is said: 新建充电桩 and 建成充电桩 are one series.
_MADE = re.compile(
    "新改建|新建|建成|建设|新增|建造|打造|完成|实现|培育|认定|引进|引育|开展|举办|实施|落实|推进|累计|交付|投用|启用|达到?|成功|[“”\"‘’']"
)
# A beginning is not what was promised: 开工改造小区12个 is no result of 改造小区20个.
_BEGUN = re.compile(
    "开工|动工|开建|启动|签约|储备|谋划|立项|入库|招标|在建|申报|摸排|报会|洽谈|筹集|筹建|计划|尚未|未完成"
)
# Works and deals of other kinds are other series, however alike the thing is: 新建公园, 改造公园.
_DEED = re.compile(
    "改造|整治|维修|修缮|加固|拆除|拆迁|征收|腾空|腾退|出让|收储|盘活|走访|排查|检查|巡查|受理|退出|关停"
)


class Figure(NamedTuple):
    """A quantity with its place, the comparison form of its name, value and unit in base units, and what the clause
    goes on to say after it."""

    n: int
    item: Observation
    name: str
    value: Decimal
    unit: str | None
    rest: str


def answers(promised: Sequence[Figure], reported: Sequence[Figure], period: Period) -> dict[int, Figure]:
    """Place of a target → the figure that answers it, for one row.

    Measure and unit have to agree. The same name decides; then one name inside the other; then the same letters, where
    the two names are each other's nearest. Deeds of another kind and mere beginnings never answer. Among figures of
    one name the one of the document's own period counts.
    """
    found: dict[int, Figure] = {}
    for target in promised:
        alike = [f for f in reported if f.unit == target.unit and f.item.measure == target.item.measure]
        if not alike:
            continue
        hit = _by_name(target, promised, alike, period)
        if hit:
            found[target.n] = hit
    return found


def _by_name(target: Figure, promised: Sequence[Figure], alike: Sequence[Figure], period: Period) -> Figure | None:
    wanted = target.name
    exact = [f for f in alike if f.name == wanted and not _begun_after(f, wanted)]
    if not exact:
        # Another target of the row may have the better claim to a figure whose name merely holds this one.
        rivals = [
            f.name
            for f in promised
            if f.name != wanted and f.unit == target.unit and f.item.measure == target.item.measure
        ]
        free = [f for f in alike if f.name not in rivals and _same_deed(f, wanted)]
        exact = [f for f in free if _holds(f.name, wanted)]
        if len({f.name for f in exact}) != 1:
            exact = _nearest(wanted, rivals, exact or free)
        if not exact and not rivals and len(alike) == 1:
            # Nothing else can be meant: 征收600户 for 房屋征收3000户, 空气优良率 for 空气质量优良率.
            exact = [f for f in free if _abridges(f.name, wanted)]
        if len({f.name for f in exact}) > 1:
            return None
    return _of_period(exact, period)


def _of_period(exact: Sequence[Figure], period: Period) -> Figure | None:
    if len(exact) < 2:
        return exact[0] if exact else None
    own = [f for f in exact if f.item.period_end == period.end] or exact
    whole = [f for f in own if f.item.period_start == period.start] or own
    if len({f.value for f in whole}) > 1:
        latest = max((f.item.period_end or date.min) for f in whole)
        whole = [f for f in whole if (f.item.period_end or date.min) == latest]
        if len({f.value for f in whole}) > 1:
            return None
    return whole[0]


def _same_deed(told: Figure, wanted: str) -> bool:
    """Whether a figure tells of nothing that the promise does not: no other deed, and not of its beginning."""
    deeds = set(_DEED.findall(told.name))
    return (not deeds or deeds <= set(_DEED.findall(wanted))) and not (
        {*_BEGUN.findall(told.name), *_BEGUN.findall(told.rest)} - set(_BEGUN.findall(wanted))
    )


def _begun_after(told: Figure, wanted: str) -> bool:
    return bool(told.rest and set(_BEGUN.findall(told.rest)) - set(_BEGUN.findall(wanted)))


def _nearest(wanted: str, rivals: Sequence[str], free: Sequence[Figure]) -> list[Figure]:
    """The figures of the one name nearest to the promise, if no other promise is as near to it and no name as near."""
    scores = {f.name: _nearness(wanted, f.name) for f in free}
    best = max(scores.values(), default=0.0)
    names = [name for name, score in scores.items() if score == best]
    if not best or len(names) != 1 or any(_nearness(rival, names[0]) >= best for rival in rivals):
        return []
    return [f for f in free if f.name == names[0]]


@lru_cache(maxsize=8192)
def _nearness(one: str, other: str) -> float:
    """0..1: share of letters in common, where all letters of the shorter core stand in the longer; else 0."""
    short, long = sorted((_core(one), _core(other)), key=len)
    common = (Counter(short) & Counter(long)).total()
    if len(short) < _SHORT or common < len(short):
        return 0.0
    return 2 * common / (len(short) + len(long))


@lru_cache(maxsize=8192)
def _core(name: str) -> str:
    return _MADE.sub("", name) or name


def _holds(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORT and short in long


def _abridges(one: str, other: str) -> bool:
    """Whether the letters of the shorter name stand in the longer one in their order."""
    short, long = sorted((one, other), key=len)
    if len(short) < _ALONE or not set(short) <= set(long):
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
