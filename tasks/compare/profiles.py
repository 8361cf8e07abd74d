"""A row as the matcher sees it. What is made of a text is remembered for a while: promises are told again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tasks.compare.normalise import bare, contrasts, designations, measure, places, quantities, stems, unit_key
from tasks.model import Row
from tasks.text import fold

# 5亿元以上项目 is a class of things; its figure is none of the promise's own.
_CLASS = re.compile("[0-9.]+[万亿]?(?:美元|元)及?以上(?=[㐀-鿿])")


def promise_of(row: Row) -> str:
    """The text that says what is promised: the content; else the category; else the cells."""
    return row.content or row.category or "".join(row.cells.values())


@dataclass(frozen=True, slots=True)
class Told:
    """The comparison forms of the text of one promise."""

    text: str
    figures: frozenset[str]  # values, and values with their measure
    measured: frozenset[str]  # those with a measure
    sides: frozenset[str]  # of the compass
    stages: frozenset[str]
    stems: frozenset[str]  # what has stages
    codes: frozenset[str]  # designations
    amounts: dict[str, tuple[float, ...]]  # unit (its first character) → the values named in it


@lru_cache(maxsize=16_384)
def told(promise: str) -> Told:
    """The comparison forms of a promise as printed."""
    text = bare(promise)
    named = quantities(_CLASS.sub("", text) if "以上" in text else text)
    figures = frozenset([form for value, unit in named for form in (value, value + measure(unit))])
    amounts: dict[str, tuple[float, ...]] = {}
    for value, unit in sorted(set(named)):
        if unit and not unit.isdigit():
            amounts[unit] = (*amounts.get(unit, ()), float(value))
    measured = frozenset([figure for figure in figures if not figure[-1].isdigit()])
    return Told(text, figures, measured, *contrasts(text), stems(text), designations(text), amounts)


@lru_cache(maxsize=16_384)
def reported(status: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """A status folded, the figures it names, and the same with their measure."""
    text = fold(status)
    named = quantities(text)
    return text, frozenset([value for value, _ in named]), frozenset([value + measure(unit) for value, unit in named])


@lru_cache(maxsize=4096)
def label(text: str) -> str:
    """A category or a number, folded."""
    return fold(text)


@dataclass(frozen=True, slots=True)
class Profile:
    """The comparison forms of one row. `place` is its rank in the document."""

    place: int
    told: Told
    status: str
    status_figures: frozenset[str]
    status_amounts: frozenset[str]  # figures with their measure, in the form of `Told.figures`
    units: frozenset[str]
    category: str
    seq: str
    seats: frozenset[str]  # towns and sub-districts that are responsible

    def behind(self) -> bool:
        """Whether the status reports less of something than the promise names: 完成19个 of 28个."""
        for value, unit in quantities(self.status):
            if unit and any(float(value) < wanted for wanted in self.told.amounts.get(unit, ())):
                return True
        return False

    def places(self, known: frozenset[str]) -> frozenset[str]:
        """Those of the known places that the row names."""
        if not known:
            return self.seats
        text = self.told.text
        return self.seats | {name for name in known if name in text}


def profile(row: Row, place: int) -> Profile:
    """The profile of one row."""
    status, status_figures, status_amounts = reported(row.status or "")
    return Profile(
        place=place,
        told=told(promise_of(row)),
        status=status,
        status_figures=status_figures,
        status_amounts=status_amounts,
        units=frozenset(map(unit_key, row.units)),
        category=label(row.category or ""),
        seq="" if row.seq is None else label(str(row.seq)),
        seats=frozenset().union(*map(places, row.units)),
    )
