"""What the quantities of a commitment mean: the figure reported for a target, and series through the quarters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from tasks.model import Observation, Period
from tasks.text import fold

# Words around a metric that do not tell two series of one commitment apart.
_AROUND = re.compile(
    "^(?:全区|全市|全县|全省|我区|我市|我县|区内|县域|辖区|全年|年度|本年|当年|累计|其中|力争|确保|预计)+"
)
_TAIL = re.compile("(?:目标|任务|指标|情况|总量|总额|增速|增幅|增长率|增长|同比|年均|左右)+$")
_ASIDE = frozenset({"peer", "other", "prior_period"})  # comparisons whose figures are no result of the promise
_SHORT = 3  # letters below which one metric standing inside another says nothing
_ALONE = 2  # the same, where no other quantity of the row could be meant
# A beginning is not what was promised: 开工改造小区12个 is no result of 改造小区20个.
_BEGUN = re.compile("开工|动工|开建|启动|签约|储备|谋划|立项|入库|招标|在建|申报|摸排")


class Attainment(NamedTuple):
    """A target and what the status reports for it, both in the base unit. `cumulative`: it grows through the year.

    `target_n`, `actual_n` are places in the document's observations in the order of the text. A tuple, because a
    document has a hundred of them and a frozen dataclass takes four times as long to make.
    """

    row: int | None
    metric: str
    measure: str
    unit: str | None
    bound: str
    target: Decimal
    actual: Decimal | None
    cumulative: bool
    target_n: int
    actual_n: int | None


@lru_cache(maxsize=8192)
def metric_key(metric: str) -> str:
    """The comparison form of a metric's name: 全区固定资产投资 and 固定资产投资总额 are one."""
    folded = fold(metric).replace("的", "")
    short = _TAIL.sub("", _AROUND.sub("", folded))
    return short or folded


def figure(item: Observation) -> tuple[Decimal, str | None]:
    """Value and unit in base units where they are known, else as printed."""
    if item.base_value is not None:
        return item.base_value, item.base_unit
    return item.value, item.unit


def series_keys(
    observations: Sequence[Observation], period: Period, attained: Sequence[Attainment] = ()
) -> dict[int, str]:
    """Place → the series that a quantity continues, for cumulative levels of the document's own period.

    A figure that answers a target goes on under the target's name, which is the same in every quarter; others under
    their own. A metric that a row reports twice with different figures starts no series: which goes on is not told.
    """
    answers: dict[int, set[str]] = defaultdict(set)
    for item in attained:
        if item.actual_n is not None:
            answers[item.actual_n].add(metric_key(item.metric))
    found: dict[tuple[int | None, str], dict[int, Decimal]] = defaultdict(dict)
    start, end = period.start, period.end
    for n, told in enumerate(observations):
        if told.metric and told.kind == "actual" and told.measure == "level" and told.comparison is None:
            if told.period_start != start or told.period_end != end or told.value_high is not None:
                continue
            value, unit = figure(told)
            names = answers.get(n, ())
            name = next(iter(names)) if len(names) == 1 else metric_key(told.metric)
            found[told.row, f"{name}|{unit or ''}"][n] = value
    return {
        min(places): key for (_, key), places in found.items() if len(places) == 1 or len(set(places.values())) == 1
    }


def attainments(observations: Sequence[Observation], period: Period) -> list[Attainment]:
    """Each target of a row's content beside the figure of its status, in the order of the text.

    A figure belongs to a target if measure and unit are the same and the metrics are, or one name holds the other; or
    abridges it, where both are the only ones of their unit in the row. Among several the one of the document's own
    period counts. What stays ambiguous has no figure.
    """
    promised: dict[int, list[tuple[int, Observation]]] = {}
    reported: dict[int, list[tuple[int, Observation]]] = {}
    for n, item in enumerate(observations):
        if item.kind == "target":
            if item.field != "content":
                continue
            rows = promised
        elif item.kind == "actual" and item.field == "status":
            rows = reported
        else:
            continue
        if item.row is None or not item.metric or item.measure == "rank" or item.comparison in _ASIDE:
            continue
        if item.row in rows:
            rows[item.row].append((n, item))
        else:
            rows[item.row] = [(n, item)]
    found = []
    for row, told in promised.items():
        targets = [_figure(n, item) for n, item in told]
        actuals = [_figure(n, item) for n, item in reported.get(row, ())]
        for target in targets:
            item = target.item
            hit = _figure_for(target, targets, actuals, period) if actuals else None
            found.append(
                Attainment(
                    row,
                    item.metric or "",
                    item.measure,
                    target.unit,
                    item.bound,
                    target.value,
                    hit.value if hit else None,
                    item.measure == "level" or (item.measure == "change" and target.unit != "个百分点"),
                    target.n,
                    hit.n if hit else None,
                )
            )
    return sorted(found, key=attrgetter("target_n"))


def _figure(n: int, item: Observation) -> _Figure:
    return _Figure(n, item, metric_key(item.metric or ""), *figure(item))


class _Figure(NamedTuple):
    """A quantity with its place, the comparison form of its name, and value and unit in base units."""

    n: int
    item: Observation
    name: str
    value: Decimal
    unit: str | None


def _figure_for(
    target: _Figure, promised: Sequence[_Figure], reported: Sequence[_Figure], period: Period
) -> _Figure | None:
    measure, unit, wanted = target.item.measure, target.unit, target.name
    alike = [f for f in reported if f.unit == unit and f.item.measure == measure]
    exact = [f for f in alike if f.name == wanted]
    if not exact:
        # Another target of the row may have the better claim to a figure whose name merely holds this one.
        taken = {f.name for f in promised if f.name != wanted}
        free = [f for f in alike if f.name not in taken and set(_BEGUN.findall(f.name)) <= set(_BEGUN.findall(wanted))]
        exact = [f for f in free if _holds(f.name, wanted)]
        if not exact and sum(f.unit == unit and f.item.measure == measure for f in promised) == 1 == len(alike):
            # Nothing else can be meant: 征收600户 for 房屋征收3000户, 空气优良率 for 空气质量优良率.
            exact = [f for f in free if _abridges(f.name, wanted)]
        if len({f.name for f in exact}) > 1:
            return None
    if not exact:
        return None
    if len(exact) == 1:
        return exact[0]
    own = [f for f in exact if f.item.period_end == period.end] or exact
    whole = [f for f in own if f.item.period_start == period.start] or own
    if len({f.value for f in whole}) > 1:
        latest = max((f.item.period_end or date.min) for f in whole)
        whole = [f for f in whole if (f.item.period_end or date.min) == latest]
        if len({f.value for f in whole}) > 1:
            return None
    return whole[0]


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
