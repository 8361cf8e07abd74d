"""What moved between two quarters (or revisions), facet by facet; and the way back: old rows + difference = new rows.

A change is reported where the meaning differs (`tasks.text.fold`); a patch keeps what differs at all, so that a
difference can be applied without loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from operator import attrgetter
from typing import Any

from tasks.compare.match import Matching, match
from tasks.compare.normalise import content_key, numbers
from tasks.compare.profiles import promise_of
from tasks.model import FacetChange, Link, Relation, Row, Warn
from tasks.text import fold

_PLAIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_STEP = 12  # characters looked at together
_NAMES = tuple(one.name for one in fields(Row) if one.name != "index")
_values = attrgetter(*_NAMES)
_place = attrgetter("index")
FACETS = ("row", "progress", "status", "content", "units", "category", "seq")


class Severity(IntEnum):
    """Where a reviewer may stop reading: everything above a tier is worth more attention than the tier."""

    FORM = 0  # number or category moved; the promise and what was done stand as they were
    NEWS = 1  # what a new quarter is expected to bring: status, progress forward
    SUBSTANCE = 2  # the wording or the responsible units changed, a promise was split, merged or added
    ALARM = 3  # a promise went missing, its figures changed, or its progress went back


@dataclass(frozen=True)
class Patch:
    """How one new row comes of one old row (of nothing where `old` is None): the fields that differ, as they are."""

    old: int | None
    new: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """Links, typed changes and warnings. `pairs`: each new row, in order of index, with the old row it comes of."""

    links: tuple[Link, ...]
    changes: tuple[FacetChange, ...] = ()
    warnings: tuple[Warn, ...] = ()
    pairs: tuple[tuple[Row | None, Row], ...] = field(default=(), repr=False)

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """One for each new row; made when first asked for, since most readers only want the changes."""
        return tuple(_patch(old, new) for old, new in self.pairs)


def status_changed(old: str | None, new: str | None) -> bool:
    """Whether two status texts differ in more than white space, letter width or closing punctuation."""
    return not same_text(old, new)


def same_text(old: str | None, new: str | None) -> bool:
    """Equal but for typography (`tasks.text.fold`); a missing text equals an empty one."""
    if old == new:
        return True
    before, after = old or "", new or ""
    # Folding leaves plain characters alone, so where both texts first differ in one, the comparison is decided.
    at = 0
    while at < min(len(before), len(after)) and before[at : at + _STEP] == after[at : at + _STEP]:
        at += _STEP
    for a, b in zip(before[at : at + _STEP], after[at : at + _STEP], strict=False):
        if a != b:
            if (a in _PLAIN or "㐀" <= a <= "鿿") and (b in _PLAIN or "㐀" <= b <= "鿿"):
                return False
            break
    return fold(before) == fold(after)


def diff(old: Sequence[Row], new: Sequence[Row], *, matching: Matching | None = None) -> Difference:
    """The typed changes that lead from `old` to `new`. `matching`: links that are already known."""
    found = matching or match(old, new)
    before = {row.index: row for row in old}
    after = {row.index: row for row in new}
    changes: list[FacetChange] = []
    base: dict[int, int] = {}
    for link in found.links:
        a = before[link.old] if link.old is not None else None
        b = after[link.new] if link.new is not None else None
        changes += compare_rows(a, b, link.relation)
        if a is not None and b is not None:
            base.setdefault(b.index, a.index)
    pairs = tuple((before.get(base.get(row.index, -1)), row) for row in sorted(new, key=_place))
    return Difference(found.links, tuple(changes), found.warnings, pairs)


def apply(old: Sequence[Row], difference: Difference) -> tuple[Row, ...]:
    """The new rows, in order of index: `apply(a, diff(a, b)) == b`. Raises KeyError where `old` is not the old side."""
    before = {row.index: row for row in old}
    return tuple(
        Row(index=patch.new, **patch.values)
        if patch.old is None
        else replace(before[patch.old], index=patch.new, **patch.values)
        for patch in difference.patches
    )


def compare_rows(old: Row | None, new: Row | None, relation: Relation) -> tuple[FacetChange, ...]:
    """The facets that differ between two linked rows; one `row` change where a side is missing."""
    if old is None or new is None:
        text_old, text_new = (promise_of(row) if row else None for row in (old, new))
        at_old, at_new = (row.index if row else None for row in (old, new))
        return (FacetChange(at_old, at_new, relation, "row", text_old, text_new),)
    changes: list[FacetChange] = []

    def moved(facet: str, before: str | None, after: str | None, delta: Decimal | None = None) -> None:
        changes.append(FacetChange(old.index, new.index, relation, facet, before, after, delta))

    if relation in (Relation.SPLIT, Relation.MERGED):
        moved("row", old.content, new.content)
    if old.progress != new.progress or (old.progress is None and not same_text(old.progress_text, new.progress_text)):
        delta = None if old.progress is None or new.progress is None else new.progress - old.progress
        moved("progress", _progress(old), _progress(new), delta)
    if old.status != new.status and not same_text(old.status, new.status):
        moved("status", old.status, new.status)
    if old.content != new.content and content_key(old.content or "") != content_key(new.content or ""):
        moved("content", old.content, new.content)
    if old.units != new.units and set(map(fold, old.units)) != set(map(fold, new.units)):
        moved("units", "、".join(old.units) or None, "、".join(new.units) or None)
    if old.category != new.category and not same_text(old.category, new.category):
        moved("category", old.category, new.category)
    numbers_both = isinstance(old.seq, int) and isinstance(new.seq, int)
    if old.seq != new.seq and (numbers_both or not same_text(_text(old.seq), _text(new.seq))):
        moved("seq", _text(old.seq), _text(new.seq))
    return tuple(changes)


def severity(change: FacetChange) -> Severity:
    """The tier of a change. Figures of a promise that moved, and progress that fell, are alarms."""
    if change.facet in ("seq", "category"):
        return Severity.FORM
    if change.facet == "status":
        return Severity.ALARM if change.old_value and not change.new_value else Severity.NEWS
    if change.facet == "progress":
        back = change.delta is not None and change.delta < 0
        return Severity.ALARM if back or change.new_value is None else Severity.NEWS
    if change.facet == "row" and change.relation is Relation.DROPPED:
        return Severity.ALARM
    if change.facet == "content" and change.relation is Relation.REWORDED:
        same = numbers(fold(change.old_value or "")) == numbers(fold(change.new_value or ""))
        return Severity.SUBSTANCE if same else Severity.ALARM
    return Severity.SUBSTANCE


def _patch(old: Row | None, new: Row) -> Patch:
    values = zip(_NAMES, _values(new), strict=True)
    if old is None:
        return Patch(None, new.index, dict(values))
    before = _values(old)
    return Patch(
        old.index,
        new.index,
        {name: b for a, (name, b) in zip(before, values, strict=True) if a is not b and _differs(a, b)},
    )


def _differs(old: object, new: object) -> bool:
    """Unequal, or equal in value only: 75 and 75.0."""
    return old != new or (isinstance(old, Decimal | int | float) and (type(old), str(old)) != (type(new), str(new)))


def _progress(row: Row) -> str | None:
    return row.progress_text or (None if row.progress is None else str(row.progress))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
