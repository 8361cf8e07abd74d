"""Which row of the one document is which row of the other.

Exact agreement first, then the evidence of everything that is left, solved as one problem: the set of pairs, splits
and merges with the most evidence in all. A row whose best evidence speaks against every partner stays alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.compare.evidence import Matrix, Scale, anchors_of
from tasks.compare.normalise import content_key
from tasks.compare.profiles import Profile, profile, promise_of
from tasks.compare.splits import Division, divisions
from tasks.model import Link, Relation, Row, Warn

UNSURE = 1.0  # log-odds between the best and the second best below which a link is named in a warning
NEAR_MISS = -1.2  # a pair left alone with more evidence than this is named in a warning


@dataclass(frozen=True)
class Matching:
    """Every row of both sides in at least one link; links in the order of the new rows, dropped ones last."""

    links: tuple[Link, ...]
    warnings: tuple[Warn, ...] = ()


def match(old: Sequence[Row], new: Sequence[Row]) -> Matching:
    """Match two quarters (or two revisions). The order in which the rows are given does not matter: `index` does."""
    before = sorted(old, key=lambda row: row.index)
    after = sorted(new, key=lambda row: row.index)
    exact = _exact(before, after)
    links = [Link(before[i].index, after[j].index, Relation.SAME) for i, j in exact]
    warnings: list[Warn] = []
    taken_old, taken_new = {i for i, _ in exact}, {j for _, j in exact}
    if len(taken_old) < len(before) and len(taken_new) < len(after):
        rows_old, rows_new = _profiles(before, after, exact)
        left = [p for p in rows_old if p.places[0] not in taken_old]
        right = [p for p in rows_new if p.places[0] not in taken_new]
        anchors = anchors_of([(rows_old[i], rows_new[j]) for i, j in exact])
        found = resolve(Scale(rows_old, rows_new, anchors), left, right)
        for pair in found.pairs:
            i, j = left[pair.old].places[0], right[pair.new].places[0]
            links.append(Link(before[i].index, after[j].index, pair.relation, pair.confidence, pair.share))
            taken_old.add(i)
            taken_new.add(j)
        for code, a, b, odds in found.doubts:
            i, j = before[left[a].places[0]].index, after[right[b].places[0]].index
            warnings.append(Warn(code, f"old row {i} and new row {j}: evidence {odds:+.1f}"))
    links += [Link(row.index, None, Relation.DROPPED) for i, row in enumerate(before) if i not in taken_old]
    links += [Link(None, row.index, Relation.ADDED) for j, row in enumerate(after) if j not in taken_new]
    return Matching(tuple(sorted(links, key=_document_order)), tuple(warnings))


def _document_order(link: Link) -> tuple[bool, int, int]:
    old = -1 if link.old is None else link.old
    return (link.new is None, old if link.new is None else link.new, old)


def _profiles(
    old: Sequence[Row], new: Sequence[Row], exact: Sequence[tuple[int, int]]
) -> tuple[list[Profile], list[Profile]]:
    """Profiles of all rows; the exactly equal ones are read once."""
    partner = {j: i for i, j in exact}
    before = [profile(row, at) for at, row in enumerate(old)]
    after = [profile(row, at, like=before[partner[at]] if at in partner else None) for at, row in enumerate(new)]
    return before, after


def _exact(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[int, int]]:
    """Pairs of places whose promises are the same words: the same text first, then the same but for typography.

    Rows that repeat one promise are told apart by their other fields.
    """
    pairs: list[tuple[int, int]] = []
    rest_old, rest_new = list(range(len(old))), list(range(len(new)))
    forms: tuple[Callable[[str], str], ...] = (str, content_key)
    for form in forms:
        groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for at in rest_old:
            groups[form(promise_of(old[at]))][0].append(at)
        for at in rest_new:
            groups[form(promise_of(new[at]))][1].append(at)
        groups.pop("", None)
        for left, right in groups.values():
            if len(left) == len(right) == 1:
                pairs.append((left[0], right[0]))
            elif left and right:
                agree = np.array([[_agreement(old[i], new[j]) for j in right] for i in left])
                pairs += [(left[i], right[j]) for i, j in assign(agree)]
        taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
        rest_old = [at for at in range(len(old)) if at not in taken_old]
        rest_new = [at for at in range(len(new)) if at not in taken_new]
    return sorted(pairs)


def _agreement(a: Row, b: Row) -> float:
    """How far two rows with the same promise agree in everything else; always positive."""
    fields = (set(a.units) == set(b.units), a.category == b.category, a.status == b.status, a.seq == b.seq)
    return 1.0 + sum(share * equal for share, equal in zip((4.0, 3.0, 2.0, 1.0), fields, strict=True))


def assign(odds: Matrix) -> list[tuple[int, int]]:
    """The one-to-one pairs with the greatest sum of positive odds; among equals the ones that keep the order."""
    from scipy.optimize import linear_sum_assignment  # a quarter of a second to import; only where rows are left over

    rows, columns = odds.shape
    place_old = np.arange(rows)[:, None] / max(rows, 1)
    place_new = np.arange(columns)[None, :] / max(columns, 1)
    value = np.maximum(odds, 0.0) - 1e-7 * (odds > 0) * (place_old - place_new) ** 2
    chosen = linear_sum_assignment(value, maximize=True)
    return [(int(i), int(j)) for i, j in zip(*chosen, strict=True) if odds[i, j] > 0]


@dataclass(frozen=True)
class _Pair:
    old: int
    new: int
    relation: Relation
    confidence: float
    share: float = 1.0


@dataclass(frozen=True)
class Resolution:
    pairs: tuple[_Pair, ...]
    doubts: tuple[tuple[str, int, int, float], ...]


def resolve(scale: Scale, left: Sequence[Profile], right: Sequence[Profile]) -> Resolution:
    """The best set of pairs, splits and merges of what exact agreement left over. Positions are those of the lists."""
    odds = scale.weigh(left, right)
    splits = [(d, False) for d in divisions(scale, left, right, odds, flipped=False)]
    merges = [(d, True) for d in divisions(scale, right, left, odds.T, flipped=True)]
    held: list[tuple[Division, bool]] = []
    free_old, free_new = set(range(len(left))), set(range(len(right)))
    best = _value(odds, free_old, free_new)
    for division, flipped in sorted(splits + merges, key=lambda d: (-d[0].gain, d[1], d[0].whole, d[0].parts)):
        wholes, parts = (free_new, free_old) if flipped else (free_old, free_new)
        if division.whole not in wholes or not parts.issuperset(division.parts):
            continue
        rest_old = free_old - (set(division.parts) if flipped else {division.whole})
        rest_new = free_new - ({division.whole} if flipped else set(division.parts))
        value = _value(odds, rest_old, rest_new) + division.gain
        if value > best + 1e-6:
            # The division's own gain leaves the account with its rows.
            best = value - division.gain
            free_old, free_new = rest_old, rest_new
            held.append((division, flipped))
    pairs = []
    for division, flipped in held:
        sure = _probability(division.gain)
        for part, share in zip(division.parts, division.shares, strict=True):
            i, j = (part, division.whole) if flipped else (division.whole, part)
            pairs.append(_Pair(i, j, Relation.MERGED if flipped else Relation.SPLIT, sure, share))
    rows, columns = sorted(free_old), sorted(free_new)
    doubts: list[tuple[str, int, int, float]] = []
    if rows and columns:
        rest = odds[np.ix_(rows, columns)]
        chosen = assign(rest)
        for i, j in chosen:
            margin = rest[i, j] - max(0.0, *np.delete(rest[i], j), *np.delete(rest[:, j], i))
            pairs.append(_Pair(rows[i], columns[j], Relation.REWORDED, _probability(min(rest[i, j], margin))))
            if margin < UNSURE:
                doubts.append(("ambiguous_match", rows[i], columns[j], float(margin)))
        alone_old = set(range(len(rows))) - {i for i, _ in chosen}
        alone_new = set(range(len(columns))) - {j for _, j in chosen}
        doubts += [
            ("possible_match", rows[i], columns[j], float(rest[i, j]))
            for i in sorted(alone_old)
            for j in sorted(alone_new)
            if rest[i, j] > NEAR_MISS
        ]
    return Resolution(tuple(pairs), tuple(doubts))


def _value(odds: Matrix, rows: set[int], columns: set[int]) -> float:
    """The evidence of the best assignment within these rows and columns."""
    if not rows or not columns:
        return 0.0
    part = odds[np.ix_(sorted(rows), sorted(columns))]
    return float(sum(part[i, j] for i, j in assign(part)))


def _probability(odds: float) -> float:
    return round(1.0 / (1.0 + math.exp(-max(min(odds, 30.0), -30.0))), 4)
