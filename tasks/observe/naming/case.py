"""What the rules of naming are given, and what they give back."""

from __future__ import annotations

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


class Case:
    """One quantity, the words around it and what its sentence told before. What was not told is empty."""

    def __init__(
        self,
        text: str,
        number: Number,
        sort: str,
        count: bool,
        left: Left,
        whole: str,
        phrase: str,
        head: str,
        series: str,
        owner: str,
        fallback: str | None,
        alike: str,
        last: str,
        noun: str,
        thing: str,
        unsaid: bool,
        reach: int,
        listed: bool,
        one_by_one: bool,
        around: str,
        tasks: str,
    ) -> None:
        self.text = text
        self.number = number
        self.sort = sort  # of the number's unit
        self.count = count  # whether the unit counts things
        self.left = left
        self.whole = whole  # the clause before the quantity
        self.phrase = phrase  # the naming part of it, without the total of a share
        self.head = head  # the same, empty where it names nothing
        self.series = series  # named last in the sentence
        self.owner = owner  # completes bare heads
        self.fallback = fallback  # what the text around tells: the content of the row, if any
        self.alike = alike  # told in the same unit
        self.last = last  # told right before
        self.noun = noun  # the noun that stands behind the unit
        self.thing = thing  # the noun that names the quantity, if one behind the unit does, or a figure further on
        self.unsaid = unsaid  # a count with no noun behind it
        self.reach = reach  # where `noun` ends
        self.listed = listed  # whether 、 stands before it
        self.one_by_one = one_by_one  # whether the things counted are named one by one before it
        self.tasks = tasks  # counted last, maybe a sentence before
        self.around = around  # before the bracket that its clause opens
