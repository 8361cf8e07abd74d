"""What the rules of naming are given, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tasks.observe.figures import Number
from tasks.observe.left import Left


class Name(NamedTuple):
    """`owner` is set where the metric is a noun that later bare heads belong to."""

    metric: str | None
    owner: str | None = None
    reach: int = 0  # where the noun after the unit ends, if that is the metric
    inherited: bool = False
    leaves: str | None = None  # the series that figures after it go on with, if not the metric


@dataclass(slots=True)  # not frozen, since it is filled for every quantity; no rule changes it
class Case:
    """One quantity, the words around it and what its sentence told before. What was not told is empty."""

    text: str
    number: Number
    sort: str  # of the number's unit
    count: bool  # whether the unit counts things
    left: Left
    whole: str  # the clause before the quantity
    phrase: str  # the naming part of it, without the total of a share
    head: str  # the same, empty where it names nothing
    series: str  # named last in the sentence
    owner: str  # completes bare heads
    fallback: str | None  # what the text around tells: the content of the row, if any
    alike: str  # told in the same unit
    last: str  # told right before
    noun: str  # the noun that stands behind the unit
    thing: str  # the noun that names the quantity, if one behind the unit does: it can stand a figure further on
    unsaid: bool  # a count with no noun behind it
    reach: int  # where `noun` ends
    listed: bool  # whether 、 stands before it
    one_by_one: bool  # whether the things counted are named one by one before it
    around: str  # before the bracket that its clause opens
