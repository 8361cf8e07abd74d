"""What the quantities of a commitment mean: the figure reported for a target, and series through the quarters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from tasks.load.answers import Figure, answers
from tasks.model import Observation, Period
from tasks.text import fold

# Words around a metric that do not tell two series of one commitment apart.
_AROUND = re.compile(
    "^(?:全区|全市|全县|全省|我区|我市|我县|区内|县域|辖区|全年|年度|本年|当年|累计|其中|力争|确保|预计)+"
)
_TAIL = re.compile("(?:目标|任务|指标|情况|总量|总额|增速|增幅|增长率|增长|同比|年均|左右)+$")
_ASIDE = frozenset({"peer", "other"})  # comparisons whose figures are no result of the promise


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


def attainments(observations: Sequence[Observation], period: Period, text: str = "") -> list[Attainment]:
    """Each target of a row's content beside the figure of its status, in the order of the text.

    `text` is the document's, for the clause around a figure. What may answer a target, `answers` decides;
    what stays ambiguous has no figure.
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
        hits = answers(targets, actuals, period, text) if actuals else {}
        for target in targets:
            item = target.item
            hit = hits.get(target.n)
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


def _figure(n: int, item: Observation) -> Figure:
    return Figure(n, item, metric_key(item.metric or ""), *figure(item))
