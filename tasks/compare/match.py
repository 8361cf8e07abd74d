"""Which row of the one document is which row of the other.

Exact agreement first, then the evidence of everything that is left, solved as one problem: the set of pairs, splits
and merges with the most evidence in all. A row whose best evidence speaks against every partner stays alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from tasks.compare import weights as worth
from tasks.compare.assignment import solve
from tasks.compare.blocks import blocks_of
from tasks.compare.evidence import Corpus, Matrix, Meeting, Scale, curve
from tasks.compare.normalise import content_key
from tasks.compare.profiles import profile, promise_of
from tasks.compare.remains import Found, Remains
from tasks.compare.splits import Division, Pieces, divisions
from tasks.model import Link, Relation, Row, Warn

UNSURE = 1.0  # log-odds between the best and the second best below which a link is named in a warning
WHOLE = 160_000  # pairs of left-over rows up to which every row is weighed against every other
BLOCK = 10_000  # the same within a block, where there are more
# Evidence of what the rows say themselves, which neighbours in a table do not share.
OWN = ("content", "figures", "contrast", "renamed", "template", "status", "reopened", "announced", "fulfilled")
AGAINST = ("contrast", "renamed", "reopened")  # evidence that two rows are two of a kind
NEAR_MISS = -1.2  # a pair left alone with more evidence than this is named in a warning


@dataclass(frozen=True)
class Matching:
    """Every row of both sides in at least one link; links in the order of the new rows, dropped ones last."""

    links: tuple[Link, ...]
    warnings: tuple[Warn, ...] = ()


def match(old: Sequence[Row], new: Sequence[Row]) -> Matching:
    """Match two quarters (or two revisions). The order in which the rows are given does not matter: `index` does."""
    before = sorted(old, key=attrgetter("index"))
    after = sorted(new, key=attrgetter("index"))
    exact = _exact(before, after)
    links = [Link(before[i].index, after[j].index, Relation.SAME) for i, j in exact]
    warnings: list[Warn] = []
    taken_old, taken_new = {i for i, _ in exact}, {j for _, j in exact}
    if len(taken_old) < len(before) and len(taken_new) < len(after):
        corpus = Corpus(before, after, exact)
        left = [profile(row, at) for at, row in enumerate(before) if at not in taken_old]
        right = [profile(row, at) for at, row in enumerate(after) if at not in taken_new]
        blocks = [(left, right)] if len(left) * len(right) <= WHOLE else blocks_of(left, right, BLOCK)
        found = [resolve(Scale(corpus, some_old, some_new)) for some_old, some_new in blocks]
        for pair in (pair for part in found for pair in part.pairs):
            links.append(
                Link(before[pair.old].index, after[pair.new].index, pair.relation, pair.confidence, pair.share)
            )
            taken_old.add(pair.old)
            taken_new.add(pair.new)
        warnings += [
            Warn(code, f"old row {before[i].index} and new row {after[j].index}: evidence {odds:+.1f}")
            for part in found
            for code, i, j, odds in part.doubts
        ]
    links += [Link(row.index, None, Relation.DROPPED) for i, row in enumerate(before) if i not in taken_old]
    links += [Link(None, row.index, Relation.ADDED) for j, row in enumerate(after) if j not in taken_new]
    return Matching(tuple(sorted(links, key=_document_order)), tuple(warnings))


def _document_order(link: Link) -> tuple[bool, int, int]:
    old = -1 if link.old is None else link.old
    return (link.new is None, old if link.new is None else link.new, old)


def _exact(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[int, int]]:
    """Pairs of places whose promises are the same words: the same text first, then the same but for typography.

    Rows that repeat one promise are told apart by their other fields.
    """
    pairs: list[tuple[int, int]] = []
    rest_old, rest_new = list(range(len(old))), list(range(len(new)))
    for form in (_as_printed, _but_for_typography):
        keys_old, keys_new = [form(old[at]) for at in rest_old], [form(new[at]) for at in rest_new]
        only_old, only_new = dict(zip(keys_old, rest_old, strict=True)), dict(zip(keys_new, rest_new, strict=True))
        if len(only_old) == len(keys_old) and len(only_new) == len(keys_new):
            found = [(at, only_new[key]) for key, at in only_old.items() if key and key in only_new]
        else:
            found = _repeated(old, new, _grouped(keys_old, rest_old), _grouped(keys_new, rest_new))
        pairs += found
        taken_old, taken_new = {i for i, _ in found}, {j for _, j in found}
        rest_old = [at for at in rest_old if at not in taken_old]
        rest_new = [at for at in rest_new if at not in taken_new]
    return sorted(pairs)


def _repeated(
    old: Sequence[Row], new: Sequence[Row], by_old: dict[str, list[int]], by_new: dict[str, list[int]]
) -> list[tuple[int, int]]:
    """Pairs of places within each form, where some stand in several rows."""
    pairs: list[tuple[int, int]] = []
    for key, left in by_old.items():
        right = by_new.get(key, [])
        if len(left) == len(right) == 1:
            pairs.append((left[0], right[0]))
        elif left and right:
            agree = np.array([[_agreement(old[i], new[j]) for j in right] for i in left])
            pairs += [(left[i], right[j]) for i, j in assign(agree)]
    return pairs


def _grouped(keys: Sequence[str], places: Sequence[int]) -> dict[str, list[int]]:
    """Form → the places that have it; rows without any are left out."""
    groups: dict[str, list[int]] = {}
    for key, at in zip(keys, places, strict=True):
        groups.setdefault(key, []).append(at)
    groups.pop("", None)
    return groups


def _but_for_typography(row: Row) -> str:
    return content_key(promise_of(row))


def _as_printed(row: Row) -> str:
    """The promise as it stands; of a row that promises nothing, all the rest of it."""
    return row.content or promise_of(row) or repr((row.seq, row.units, row.status, row.progress, row.progress_text))


def _agreement(a: Row, b: Row) -> float:
    """How far two rows with the same promise agree in everything else; always positive."""
    fields = (set(a.units) == set(b.units), a.category == b.category, a.status == b.status, a.seq == b.seq)
    return 1.0 + sum(share * equal for share, equal in zip((4.0, 3.0, 2.0, 1.0), fields, strict=True))


def assign(odds: Matrix) -> list[tuple[int, int]]:
    """The one-to-one pairs with the greatest sum of positive odds; among equals the ones that keep the order."""
    rows, columns = odds.shape
    if not rows or not columns:
        return []
    far = (np.arange(rows) / rows)[:, None] - np.arange(columns) / columns
    value = np.where(odds > 0, odds - 1e-7 * far * far, 0.0)
    best = value.argmax(axis=1)
    wanted = np.flatnonzero(value[np.arange(rows), best] > 0)
    if len(set(best[wanted].tolist())) == len(wanted):  # nobody wants what another wants: each has its best
        return [(i, int(best[i])) for i in wanted.tolist()]
    return solve(value)


def uncontested(odds: Matrix, fit: NDArray[np.bool_]) -> Matrix:
    """The same, and some evidence more for a pair that nearly has enough where no other row comes near either of them.

    Of few rows that says nothing: any two of them may be all that is left.
    """
    if min(odds.shape) < worth.LONE_ROWS:
        return odds
    rows, columns = np.arange(odds.shape[0]), np.arange(odds.shape[1])
    best_row, best_column = odds.argmax(axis=1), odds.argmax(axis=0)
    others = odds.copy()
    others[rows, best_row] = -np.inf
    next_row = others.max(axis=1)
    others = odds.copy()
    others[best_column, columns] = -np.inf
    next_column = others.max(axis=0)
    found = odds.copy()
    for i in rows[best_column[best_row] == rows].tolist():
        j = int(best_row[i])
        margin = float(odds[i, j] - max(next_row[i], next_column[j]))
        if odds[i, j] <= 0 and fit[i, j]:
            found[i, j] += float(curve(np.array(margin), worth.LONE))
    return found


@dataclass(frozen=True)
class _Pair:
    """Places of an old and a new row that belong together."""

    old: int
    new: int
    relation: Relation
    confidence: float
    share: float = 1.0


@dataclass(frozen=True)
class Resolution:
    """What became of the rows that exact agreement left over. Doubts are (code, old place, new place, log-odds)."""

    pairs: tuple[_Pair, ...]
    doubts: tuple[tuple[str, int, int, float], ...]


def resolve(scale: Scale) -> Resolution:
    """The best set of pairs, splits and merges of what exact agreement left over."""
    meeting = Meeting(scale.left, scale.right)
    kinds = scale.kinds(meeting)
    own = sum((kinds[kind] for kind in OWN), start=np.zeros(()))
    odds = uncontested(sum(kinds.values(), start=np.zeros(())), own > worth.LONE_OWN)
    both = [Pieces.of(scale, meeting, flipped=flipped) for flipped in (False, True)]
    free_old, free_new, held = _divide(divisions(scale, both, odds), odds)
    sure = {Found(one.whole, one.parts, flipped): one.gain for one, flipped in held}
    rows, columns = sorted(free_old), sorted(free_new)
    rest = odds[np.ix_(rows, columns)]
    margins = {(rows[i], columns[j]): (float(rest[i, j]), _margin(rest, i, j)) for i, j in assign(rest)}
    alone = free_old - {i for i, _ in margins}, free_new - {j for _, j in margins}
    doubts: list[tuple[str, int, int, float]] = []
    old_place = [row[0].place for row in scale.left.rows]
    new_place = [row[0].place for row in scale.right.rows]
    for found, part, gain in _joined(Remains(both, odds, kinds), sure, margins, alone):
        if gain < UNSURE:
            i, j = (part, found.whole) if found.flipped else (found.whole, part)
            doubts.append(("ambiguous_match", old_place[i], new_place[j], gain))
    for i, j in _last(scale, odds, kinds, alone):
        margins[i, j] = float(odds[i, j]), float(odds[i, j])
        alone[0].discard(i)
        alone[1].discard(j)
    pairs = []
    for found, gain in sure.items():
        relation = Relation.MERGED if found.flipped else Relation.SPLIT
        for part, share in zip(found.parts, both[found.flipped].shares(found.whole, found.parts), strict=True):
            i, j = (part, found.whole) if found.flipped else (found.whole, part)
            pairs.append(_Pair(old_place[i], new_place[j], relation, _probability(gain), share))
    for (i, j), (gain, margin) in margins.items():
        pairs.append(_Pair(old_place[i], new_place[j], Relation.REWORDED, _probability(min(gain, margin))))
        if margin < UNSURE:
            doubts.append(("ambiguous_match", old_place[i], new_place[j], margin))
    doubts += [
        ("possible_match", old_place[i], new_place[j], float(odds[i, j]))
        for i in sorted(alone[0])
        for j in sorted(alone[1])
        if odds[i, j] > NEAR_MISS
    ]
    return Resolution(tuple(pairs), tuple(doubts))


def _last(
    scale: Scale, odds: Matrix, kinds: Mapping[str, Matrix], alone: tuple[set[int], set[int]]
) -> list[tuple[int, int]]:
    """Of the few rows that nothing was found for, those that nearly fit one another and fit nothing else that is left.

    What comes is seldom put into the place of what goes, by the same body, in words that come near. Where it is, it
    keeps the build of the sentence, or has figures of its own: who words a promise anew does neither.
    """
    some, others = sorted(alone[0]), sorted(alone[1])
    if min(len(some), len(others)) < worth.LONE_ROWS or max(len(some), len(others)) > worth.LAST_SHARE * scale.rows:
        return []
    at = np.ix_(some, others)
    left = odds[at]
    against = sum((kinds[kind][at] < 0 for kind in AGAINST), start=np.zeros(left.shape))
    against += (kinds["content"][at] < worth.LAST_CONTENT) & (kinds["figures"][at] <= 0)
    against += (kinds["figures"][at] < 0) & (kinds["announced"][at] + kinds["fulfilled"][at] <= 0)
    pairs = []
    for i, j in enumerate(left.argmax(axis=1).tolist()):
        rivals = max(np.delete(left[i], j).max(), np.delete(left[:, j], i).max())
        old, new = scale.left.rows[some[i]][0].told.text, scale.right.rows[others[j]][0].told.text
        if not against[i, j] and old[:2] != new[:2] and left[i, j] > max(worth.LAST, rivals + worth.LAST_MARGIN):
            pairs.append((some[i], others[j]))
    return pairs


def _joined(
    remains: Remains,
    sure: dict[Found, float],
    margins: dict[tuple[int, int], tuple[float, float]],
    alone: tuple[set[int], set[int]],
) -> Iterator[tuple[Found, int, float]]:
    """Rows left alone that are further parts of what was found: (what that was, the row, log-odds).

    All three are kept up to date: what is found in several rows, what in one, and what is left.
    """
    while alone[0] or alone[1]:
        whole = (Found(i, (j,), False) for i, j in margins), (Found(j, (i,), True) for i, j in margins)
        best = remains.best(chain(sure, *whole), alone)
        if best is None:
            return
        found, part = best.found, best.part
        if len(found.parts) > 1:
            gain = sure.pop(found)
        else:
            pair = (found.parts[0], found.whole) if found.flipped else (found.whole, found.parts[0])
            gain = min(margins.pop(pair))
        more = Found(found.whole, tuple(sorted((*found.parts, part))), found.flipped)
        sure[more] = min(gain, best.odds)
        alone[0 if found.flipped else 1].discard(part)
        yield found, part, best.odds


def _margin(odds: Matrix, i: int, j: int) -> float:
    """Log-odds between a pair and the best alternative of either row; being alone (0) is one."""
    row, column = odds[i].copy(), odds[:, j].copy()
    row[j] = column[i] = 0.0
    return float(odds[i, j] - max(0.0, row.max(), column.max()))


def _divide(
    candidates: Sequence[tuple[Division, bool]], odds: Matrix
) -> tuple[set[int], set[int], list[tuple[Division, bool]]]:
    """(old rows, new rows) that no division takes, and the divisions that leave more evidence in all than without."""
    free_old, free_new = set(range(odds.shape[0])), set(range(odds.shape[1]))
    held: list[tuple[Division, bool]] = []
    if not candidates:
        return free_old, free_new, held
    evidence = _Worth(odds)
    for division, flipped in sorted(candidates, key=lambda d: (-d[0].gain, d[1], d[0].whole, d[0].parts)):
        wholes, parts = (free_new, free_old) if flipped else (free_old, free_new)
        if division.whole not in wholes or not parts.issuperset(division.parts):
            continue
        whole, some = {division.whole}, set(division.parts)
        taken_old, taken_new = (some, whole) if flipped else (whole, some)
        if division.gain > evidence.lost(taken_old, taken_new, free_old, free_new) + 1e-6:
            free_old, free_new = free_old - taken_old, free_new - taken_new
            held.append((division, flipped))
    return free_old, free_new, held


class _Worth:
    """The evidence of the best assignment, by groups of rows that have evidence for one another: few rows at a time."""

    def __init__(self, odds: Matrix) -> None:
        self._odds = odds
        count = len(odds)
        self._of = list(range(sum(odds.shape)))  # the group of each old row and, after these, of each new row
        members = {at: {at} for at in self._of}
        for i, j in np.argwhere(odds > 0).tolist():
            one, other = self._of[i], self._of[count + j]
            if one != other:
                for at in members[other]:
                    self._of[at] = one
                members[one] |= members.pop(other)
        self._groups = {
            group: ({at for at in some if at < count}, {at - count for at in some if at >= count})
            for group, some in members.items()
        }
        self._known: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}

    def lost(self, old: set[int], new: set[int], free_old: set[int], free_new: set[int]) -> float:
        """How much less the free rows are worth without some of them."""
        count = len(self._odds)
        found = 0.0
        for group in {self._of[i] for i in old} | {self._of[count + j] for j in new}:
            rows, columns = self._groups[group]
            rows, columns = rows & free_old, columns & free_new
            found += self._value(rows, columns) - self._value(rows - old, columns - new)
        return found

    def _value(self, rows: set[int], columns: set[int]) -> float:
        if not rows or not columns:
            return 0.0
        key = tuple(sorted(rows)), tuple(sorted(columns))
        if key not in self._known:
            if len(rows) == 1 or len(columns) == 1:
                self._known[key] = max(0.0, *(float(self._odds[i, j]) for i in key[0] for j in key[1]))
            else:
                part = self._odds[np.ix_(*key)]
                self._known[key] = float(sum(part[i, j] for i, j in assign(part)))
        return self._known[key]


def _probability(odds: float) -> float:
    return round(1.0 / (1.0 + math.exp(-max(min(odds, 30.0), -30.0))), 4)
