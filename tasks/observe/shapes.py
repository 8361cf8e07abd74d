"""Sentences that differ in their figures only: read once, then filled in.

Disclosures say the same sentence for every district and every quarter with other numbers in it. Which digits stand
between two such words changes nothing about how the sentence is read, so the reading is remembered under the sentence
with its plain numerals taken out, and only the values and the offsets are put in again. Whatever could depend on its
digits (dates, ranges, codes, what is named with a number, numbers that were dropped) stays in the key or is not
remembered at all. `test_shortcuts.py` holds this against the long way.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tasks.model import Observation
from tasks.observe.fold import Folded
from tasks.observe.made import observation
from tasks.observe.state import Dates

# A numeral whose digits decide nothing: no part of a date, a range, a code, an ordinal or a quoted name.
# The look at what stands before comes after the first digit, since the engine passes over other characters only then.
PLAIN_NUMERAL = re.compile(
    r"([0-9](?<![0-9A-Za-z.+#/~—–:×*第前“‘\"-].)(?<![0-9],.)(?<![0-9%‰][至到].)[0-9]{0,11}(?:\.[0-9]{1,9})?)"
    r"(?!个[、和与及])(?=[%‰万亿个家名人户场次套间座栋幢条张所处台辆亩公平立米吨元美千百余多项件宗倍分位起株根篇份批笔头对天小])"
)
_MOST = 1 << 14  # shapes kept; then it begins anew
LONGEST = 600  # characters of a sentence that is said again with other figures


Place = tuple[int, int, Decimal]  # where an observation stands in the folded text, and the scale of its unit


class Slot(NamedTuple):
    """One observation of a shape. `which`: its numeral, -1 where it holds none that was taken out. Its text begins
    `start` after the end of numeral `after_start` (of the sentence's start for -1) and ends so after `after_end`."""

    which: int
    negative: bool
    value: Decimal  # where no numeral was taken out
    high: Decimal | None
    scale: Decimal
    after_start: int
    start: int
    after_end: int
    end: int
    metric: str | None
    measure: str
    unit: str | None
    base_unit: str | None
    bound: str
    kind: str
    comparison: str | None
    first: date | None
    last: date | None
    field: str | None


class Shape(NamedTuple):
    """How a sentence is read, whatever its plain numerals; `year` is what it speaks of at its end, `opening` what then
    still holds of the phrase that its line opened with, `tasks` and `works` those counted last."""

    slots: tuple[Slot, ...]
    year: int | None
    opening: Dates | None
    tasks: str
    works: str


class Once(NamedTuple):
    """A sentence that was read once: most do not come again, so its shape is worked out when it does."""

    sentence: str
    start: int
    found: Sequence[Observation]
    places: Sequence[Place]
    year: int | None
    opening: Dates | None
    tasks: str
    works: str


class Form(NamedTuple):
    """What a sentence is remembered under: its words before the first plain numeral where no other has begun so;
    else all its words, and then `pieces` are what `split` makes of it."""

    words: str
    whole: bool
    pieces: Sequence[str] = ()


Around = tuple[object, ...]  # what the reading depends on besides the words
_Key = tuple[str, bool, Around]


@lru_cache(maxsize=1)
def known() -> dict[_Key, Shape | Once | None]:
    """The shapes read so far; None for a sentence whose reading may depend on its digits, and for an opening that
    more than one sentence has."""
    return {}


def remember(form: Form, around: Around, once: Once) -> None:
    """Keeps what was read, within bounds."""
    shapes = known()
    if len(shapes) >= _MOST:
        shapes.clear()
    shapes[form.words, form.whole, around] = once


def recall(text: str, start: int, end: int, around: Around) -> tuple[Shape | None, Form] | None:
    """The shape of the sentence `text[start:end]` if one like it was read before; without one, the form to remember it
    under; None where its reading may depend on its digits.

    A sentence that opens with words no other has opened with cannot have come before, and need not be split.
    """
    numeral = PLAIN_NUMERAL.search(text, start, end)
    if numeral is None:
        return None
    shapes = known()
    opening = text[start : numeral.start()], False, around
    try:
        alike = shapes[opening]
    except KeyError:
        return None, Form(opening[0], False)
    if isinstance(alike, Once):  # the second that opens so: from now on whole sentences are compared
        shapes[opening] = None
        shapes[split(alike.sentence)[1], True, around] = alike
    pieces, words = split(text[start:end])
    key = words, True, around
    try:
        kept = shapes[key]
    except KeyError:
        return None, Form(words, True, pieces)
    if isinstance(kept, Once):
        kept = shapes[key] = shape_of(kept)
    return None if kept is None else (kept, Form(words, True, pieces))


def split(sentence: str) -> tuple[list[str], str]:
    """The sentence's pieces, numerals at the odd places, and its form without them."""
    pieces = PLAIN_NUMERAL.split(sentence)
    marks = "".join(
        [
            "." if "." in numeral and after[0] not in "%‰万亿" and not after.startswith("个百分点") else "0"
            for numeral, after in zip(pieces[1::2], pieces[2::2], strict=True)
        ]
    )
    return pieces, "\x00".join([*pieces[::2], marks])


def shape_of(once: Once) -> Shape | None:
    """What was read of a sentence, without its digits; None where they may have mattered."""
    sentence, start, found, places, year, opening, tasks, works = once
    pieces, _ = split(sentence)
    ends, begins, at = [start], [start], start
    for place, piece in enumerate(pieces):
        if place % 2:
            begins.append(at)
            ends.append(at + len(piece))
        at += len(piece)
    numerals = pieces[1::2]
    told = set()
    slots = []
    for seen, (opens, closes, scale) in zip(found, places, strict=True):
        before = bisect_right(ends, opens) - 1
        until = bisect_left(begins, closes) - 1
        if until - before > 1 or ends[until] > closes:
            return None
        which = until - 1 if until > before else -1
        if which >= 0:
            # Of 下降0.0% the sign is not to be told.
            if seen.value_high is not None or not seen.value or abs(seen.value) != Decimal(numerals[which]):
                return None
            told.add(which)
        if seen.metric and any(numeral in seen.metric for numeral in numerals):
            return None
        slots.append(
            Slot(
                which,
                seen.value.is_signed(),
                seen.value,
                seen.value_high,
                scale,
                before,
                opens - ends[before],
                until,
                closes - ends[until],
                seen.metric,
                seen.measure,
                seen.unit,
                seen.base_unit,
                seen.bound,
                seen.kind,
                seen.comparison,
                seen.period_start,
                seen.period_end,
                seen.field,
            )
        )
    return Shape(tuple(slots), year, opening, tasks, works) if len(told) == len(numerals) else None


def fill(shape: Shape, pieces: Sequence[str], start: int, raw: str, folded: Folded) -> list[Observation]:
    """The observations of a sentence of a known shape that begins at `start` of the folded text."""
    ends, at = [start], start
    for place in range(1, len(pieces), 2):
        at += len(pieces[place - 1]) + len(pieces[place])
        ends.append(at)
    values = [Decimal(numeral) for numeral in pieces[1::2]]
    found = []
    for slot in shape.slots:
        (
            which,
            negative,
            value,
            high,
            scale,
            after_start,
            begin,
            after_end,
            end,
            metric,
            measure,
            unit,
            base_unit,
            bound,
            kind,
            comparison,
            first,
            last,
            field,
        ) = slot
        if which >= 0:
            value = -values[which] if negative else values[which]
        begin += ends[after_start]
        end += ends[after_end]
        if folded.starts:
            begin, end = folded.origin(begin), folded.origin(end - 1) + 1
        found.append(
            observation(
                raw[begin:end],
                begin,
                end,
                metric,
                measure,
                value,
                high,
                unit,
                value * scale,
                base_unit,
                bound,
                kind,
                comparison,
                first,
                last,
                None,
                field,
                (),
            )
        )
    return found
