"""Splits and merges: one promise told as several, several told as one.

Looked for as splits only; a merge is the split seen from the other side. A row is a part where most of it stands in
the whole, and where it accounts for something of the whole that no other part does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np

from tasks.compare.evidence import Matrix, Meeting, Scale, curve
from tasks.compare.lexicon import Side
from tasks.compare.profiles import Profile, Told
from tasks.compare.weights import ANNOUNCED

MOST_PARTS = 6  # parts beyond this are not looked for
WIDTH = 5  # how many likely parts of one row are tried in every combination
# Log-odds that a row is part of another, by the share of it found there, and by the share of the whole only it covers.
PART_SHARE = ((0.0, -5.0), (0.2, -2.5), (0.35, -0.5), (0.5, 0.8), (0.7, 2.0), (1.0, 3.0))
PART_OWN = ((0.0, -4.0), (0.05, -2.2), (0.12, -0.3), (0.25, 1.2), (0.4, 2.0))
FIGURE_SHARED, FIGURES_OTHER = 1.0, -0.8
RETOLD_ALIKE = -3.0  # another figure of the same unit where other parts tell all figures of the whole
LIKELY = -2.0  # log-odds from the share alone below which a row is not tried as a part
ELSE = 1.0  # what units, status and category may add to the words of a part: neighbours share all of them
HEARD = 0.5  # of what it is worth to a pair that a status tells of the other's promise
LEAST = 0.5  # log-odds that each part of a division has at the least
NEXT_TO, APART = 1.0, -0.3  # the parts of one promise stand together; scaled by how well order is kept
BATCH = 256  # candidates weighed at a time: bounds the memory
OWN_FIGURE = 1.2  # a figure of the whole that only one part names: 分别增长5.5%、7% in 增长5.5% and 增长7%
SUM = 3.0  # the parts' figures add up to the whole's: 42公里 in 30公里 and 12公里


@dataclass(frozen=True)
class Division:
    """One whole and its parts, by position in the lists that were given. `gain` in log-odds, as of the whole set."""

    whole: int
    parts: tuple[int, ...]
    gain: float
    shares: tuple[float, ...]  # how much of the whole each part carries, summing to 1


def divisions(scale: Scale, both: Sequence[Pieces], odds: Matrix) -> list[tuple[Division, bool]]:
    """Every split and merge worth a thought. True: a merge, the whole is a new row. `odds`: old × new."""
    found: list[_Candidate] = []
    meeting = both[0].meeting
    for flipped, pieces in zip((False, True), both, strict=True):
        if len(pieces.parts.rows) < 2:
            continue
        seen: set[tuple[int, tuple[int, ...]]] = set()
        # A whole needs two parts; in most tables no row has them.
        for w in np.flatnonzero((pieces.alone > LIKELY).sum(axis=1) >= 2).tolist():
            best = np.argsort(-pieces.alone[w], kind="stable")[:WIDTH].tolist()
            likely = sorted(p for p in best if pieces.alone[w, p] > LIKELY)
            whole = _Whole(pieces, w, likely)
            for pair in combinations(likely, 2):
                chosen, worth, adds_up = whole.grow(pair)
                if min(worth) >= LEAST and (w, chosen) not in seen:
                    seen.add((w, chosen))
                    found.append(_Candidate(pieces, flipped, w, chosen, worth, adds_up))
    divided = []
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        together = Meeting(
            meeting.old.joined([c.parts if c.flipped else (c.whole,) for c in some]),
            meeting.new.joined([(c.whole,) if c.flipped else c.parts for c in some]),
            aligned=True,
        )
        for candidate, as_one in zip(some, scale.weigh(together).tolist(), strict=True):
            division = candidate.weighed(odds.T if candidate.flipped else odds, as_one)
            if division.gain > 0:
                divided.append((division, candidate.flipped))
    return divided


@dataclass(frozen=True)
class Pieces:
    """What splits look at, wholes × parts, computed once."""

    wholes: Side
    parts: Side
    order_kept: float
    shared: Matrix  # weight of each part's words and concepts that stands in the whole
    alone: Matrix  # log-odds from that share only
    meeting: Meeting
    flipped: bool

    @classmethod
    def of(cls, scale: Scale, meeting: Meeting, *, flipped: bool) -> Pieces:
        wholes, parts = (meeting.new, meeting.old) if flipped else (meeting.old, meeting.new)
        shared = meeting.shared("parts")
        mass = meeting.masses("parts")[0 if flipped else 1]
        alone = curve(shared / np.maximum(mass, 1e-9), PART_SHARE)
        # What names other towns than the whole does is none of its parts.
        towns, others = meeting.masses("places")
        alone = np.where((towns > 0) & (others > 0) & (meeting.shared("places") == 0), PART_SHARE[0][1], alone)
        if flipped:
            shared, alone = shared.T, alone.T
        return cls(wholes, parts, scale.anchors.order_kept, shared, alone, meeting, flipped)

    @cached_property
    def steady(self) -> Matrix:
        """Log-odds from units, status and category."""
        left, right = (np.array([row[0].category for row in side.rows]) for side in (self.wholes, self.parts))
        same = (left[:, None] == right[None, :]) & (left != "")[:, None]
        known = 0.5 * self.meeting.units + 0.4 * self.meeting.status
        steady: Matrix = (known.T if self.flipped else known) + 0.4 * same
        return steady

    @cached_property
    def heard(self) -> Matrix:
        """Log-odds from a status that tells of what only the other row promises."""
        told = HEARD * curve(self.meeting.announced, ANNOUNCED)
        return told.T if self.flipped else told

    def shares(self, whole: int, parts: Sequence[int]) -> tuple[float, ...]:
        """How much of the whole each part carries, made to sum to 1."""
        total = float(self.shared[whole, list(parts)].sum())
        return tuple(round(float(self.shared[whole, p]) / total, 4) if total else 1 / len(parts) for p in parts)


@dataclass(frozen=True)
class _Candidate:
    """Parts that may be a whole. `worth`: the log-odds of each part that it is one."""

    pieces: Pieces
    flipped: bool
    whole: int
    parts: tuple[int, ...]
    worth: list[float]
    adds_up: bool

    def weighed(self, odds: Matrix, as_one: float) -> Division:
        """The division. `odds`: wholes × parts; `as_one`: the evidence that the parts, read together, are the whole."""
        primary = int(np.argmax(odds[self.whole, list(self.parts)]))
        gain = max(as_one + (SUM if self.adds_up else 0.0), float(odds[self.whole, self.parts[primary]]))
        gain += sum(value for at, value in enumerate(self.worth) if at != primary)
        return Division(self.whole, self.parts, gain, self.pieces.shares(self.whole, self.parts))


class _Whole:
    """One row that may be divided, and the rows that are likely parts of it."""

    def __init__(self, pieces: Pieces, whole: int, likely: Sequence[int]) -> None:
        self._pieces = pieces
        self._likely = likely
        self._told = pieces.wholes.rows[whole][0].told
        self._alone = {p: float(pieces.alone[whole, p]) for p in likely}
        self._steady = {p: float(pieces.steady[whole, p]) for p in likely}
        self._heard = {p: float(pieces.heard[whole, p]) for p in likely}
        # Only what the whole itself has can be covered.
        lexicon = pieces.wholes.lexicon
        here = np.flatnonzero(pieces.wholes.has[whole, lexicon.columns["parts"]])
        self._weights = lexicon.weights["parts"][here]
        self._total = max(float(self._weights.sum()), 1e-9)
        covers = pieces.parts.has[np.asarray(likely)[:, None], here]
        self._covers = dict(zip(likely, covers, strict=True))
        both = ((covers * self._weights) @ covers.T).tolist()
        # The weight that only the first of two parts covers.
        self._first = {(p, q): both[i][i] - both[i][j] for i, p in enumerate(likely) for j, q in enumerate(likely)}
        self._known: dict[tuple[int, ...], tuple[list[float], bool]] = {}

    def grow(self, seed: tuple[int, ...]) -> tuple[tuple[int, ...], list[float], bool]:
        """The seed with whatever further parts add evidence: (parts, log-odds of each, whether the figures add up)."""
        chosen = seed
        worth, adds_up = self.evidence(chosen)
        while min(worth) >= LEAST and len(chosen) < MOST_PARTS:
            better = None
            for p in self._likely:
                if p in chosen:
                    continue
                trial = tuple(sorted((*chosen, p)))
                values, sums = self.evidence(trial)
                if min(values) > 0.5 and sum(values) > sum(better[1] if better else worth):
                    better = trial, values, sums
            if better is None:
                break
            chosen, worth, adds_up = better
        return chosen, worth, adds_up

    def evidence(self, chosen: tuple[int, ...]) -> tuple[list[float], bool]:
        """Log-odds, for each of the parts taken together, that it is a part of the whole and not a row of its own."""
        if chosen not in self._known:
            self._known[chosen] = self._evidence(chosen)
        return self._known[chosen]

    def _named_by(self, part: Profile, parts: Sequence[Profile]) -> bool:
        """Whether a part has a figure, with its measure, that stands in the whole and in no other part."""
        figures = part.told.measured & self._told.measured
        return bool(figures.difference(*(p.told.measured for p in parts if p is not part)))

    def _evidence(self, chosen: tuple[int, ...]) -> tuple[list[float], bool]:
        parts = [self._pieces.parts.rows[p][0] for p in chosen]
        adds_up = _adds_up(self._told, [part.told for part in parts])
        places = {part.place for part in parts}
        if len(chosen) == 2:
            alone = [self._first[chosen], self._first[chosen[::-1]]]
        else:
            covers = np.array([self._covers[p] for p in chosen])
            alone = ((covers * (covers.sum(axis=0) == 1.0)) @ self._weights).tolist()
        odds = []
        for p, part, covered in zip(chosen, parts, alone, strict=True):
            own = point(covered / self._total, PART_OWN)
            if self._named_by(part, parts):
                own = max(own, OWN_FIGURE)
            figure = 0.0
            if part.told.figures and self._told.figures and not adds_up:
                others = [other.told for other in parts if other is not part]
                against = RETOLD_ALIKE if retold(self._told, others, part.told)[1] else FIGURES_OTHER
                figure = FIGURE_SHARED if part.told.figures & self._told.figures else against
            beside = part.place - 1 in places or part.place + 1 in places
            own = max(own, SUM) if adds_up else own
            near = self._pieces.order_kept * (NEXT_TO if beside else APART)
            beyond = min(self._steady[p], ELSE) + self._heard[p]
            odds.append(self._alone[p] + beyond + own + figure + near)
        return odds, adds_up


def point(at: float, curve: Sequence[tuple[float, float]]) -> float:
    """A piecewise linear curve at one point; flat beyond its ends."""
    after = bisect_right(curve, (at, np.inf))
    if after == 0 or after == len(curve):
        return curve[min(after, len(curve) - 1)][1]
    (x, low), (until, high) = curve[after - 1], curve[after]
    return low + (high - low) * (at - x) / (until - x)


def _adds_up(whole: Told, parts: Sequence[Told]) -> bool:
    """Whether a figure of the whole, absent from the parts, is the sum of one figure of each, in the same unit."""
    for unit, values in whole.amounts.items():
        choices = [part.amounts.get(unit, ()) for part in parts]
        if not all(choices):
            continue
        wanted = {round(value, 6) for value in values} - {round(v, 6) for choice in choices for v in choice}
        if wanted and any(round(sum(combo), 6) in wanted for combo in product(*choices)):
            return True
    return False


def retold(whole: Told, others: Sequence[Told], part: Told) -> tuple[bool, bool]:
    """Whether a part has figures of its own where other parts tell all figures of the whole: one more such thing; and
    whether it counts the same as the whole does: 学位4600个, and 学位270个."""
    wanted, figures = whole.measured, part.measured
    if not wanted or not figures or figures & wanted:
        return False, False
    if not wanted <= frozenset[str]().union(*(other.measured for other in others)):
        return False, False
    return True, bool((whole.amounts.keys() & part.amounts.keys()) - {"%"})
