"""A page that prints its table twice (desktop and mobile): counted once, and flagged where the copies disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tasks.model import Warn
from tasks.read.tables.cells import unwrap
from tasks.read.tables.drafted import Draft, Left, Reading
from tasks.text import fold

# Below this share of common contents two tables are parts of one report, not copies of each other.
_COMMON = 0.6


def drop_copies(readings: Sequence[Reading]) -> tuple[list[Reading], list[Left], list[Warn]]:
    """Keep the first of tables that say the same; parts of a report and tables about other things all stay."""
    kept: list[Reading] = []
    left: list[Left] = []
    warnings: list[Warn] = []
    groups = _with_continuations(readings)
    firsts: list[list[Reading]] = []
    for group in groups:
        drafts = [draft for reading in group for draft in reading.drafts]
        original = next((first for first in firsts if _is_copy(_drafts(first), drafts, first[0], group[0])), None)
        if original is None:
            firsts.append(group)
            kept.extend(group)
            continue
        for reading in group:
            left.append(Left(reading.table.span, "copy"))
        difference = _difference(_drafts(original), drafts, original[0], group[0])
        if difference:
            warnings.append(
                Warn("copies_differ", f"the page prints its table twice and the copies disagree: {difference}")
            )
    return kept, left, warnings


def _with_continuations(readings: Sequence[Reading]) -> list[list[Reading]]:
    groups: list[list[Reading]] = []
    for reading in readings:
        if reading.headed or not groups:
            groups.append([reading])
        else:
            groups[-1].append(reading)
    return groups


def _drafts(group: Sequence[Reading]) -> list[Draft]:
    return [draft for reading in group for draft in reading.drafts]


def _content(draft: Draft, reading: Reading) -> str:
    return fold(draft.texts[reading.columns.content])


def _facts(draft: Draft, reading: Reading) -> tuple[str, ...]:
    columns = reading.columns
    places = [columns.seq, columns.units, columns.progress, *columns.statuses]
    return tuple(fold(draft.texts[i]) if i is not None else "" for i in places)


def _is_copy(one: Sequence[Draft], two: Sequence[Draft], first: Reading, second: Reading) -> bool:
    if not one or not two:
        return False
    mine = Counter(_content(draft, first) for draft in one)
    theirs = Counter(_content(draft, second) for draft in two)
    common = sum((mine & theirs).values())
    if common < _COMMON * min(len(one), len(two)) or common < _COMMON / 2 * max(len(one), len(two)):
        return False
    # The same tasks reported by another town are another table: a copy agrees in most of its facts.
    told = {_content(draft, first): _facts(draft, first) for draft in one}
    pairs = [(told[key], _facts(draft, second)) for draft in two if (key := _content(draft, second)) in told]
    if len(first.columns.headings) != len(second.columns.headings):
        return True
    agreeing = sum(sum(a == b for a, b in zip(x, y, strict=False)) * 2 >= len(x) for x, y in pairs)
    return agreeing * 2 >= len(pairs)


def _difference(one: Sequence[Draft], two: Sequence[Draft], first: Reading, second: Reading) -> str | None:
    """The first disagreement of two copies, in words; None where they agree in every row."""
    if len(one) != len(two):
        return f"{len(one)} rows in the first, {len(two)} in the second"
    for number, (a, b) in enumerate(zip(one, two, strict=True), 1):
        ours, theirs = [fold(t) for t in a.texts], [fold(t) for t in b.texts]
        if first.columns.headings == second.columns.headings:
            for heading, x, y, mine, other in zip(first.columns.headings, ours, theirs, a.texts, b.texts, strict=True):
                if x != y:
                    return f"row {number}, {heading}: {unwrap(mine)[:40]!r} against {unwrap(other)[:40]!r}"
        elif not {t for t in theirs if t} <= {t for t in ours if t}:
            return f"row {number}: {unwrap(a.texts[first.columns.content])[:40]!r} is told differently"
    return None
