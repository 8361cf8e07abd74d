"""Splits and merges: one promise told as several, several told as one.

Looked for as splits only; a merge is the split seen from the other side. A row is a part where most of it stands in
the whole, and where it accounts for something of the whole that no other part does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from tasks.compare.evidence import Matrix, Scale, curve
from tasks.compare.profiles import Profile, Side

MOST_PARTS = 6  # parts beyond this are not looked for
WIDTH = 5  # how many likely parts of one row are tried in every combination
CONCEPT_SHARE = 1.5  # what a shared concept counts, against a pair of characters
# Log-odds that a row is part of another, by the share of it found there, and by the share of the whole only it covers.
PART_SHARE = ((0.0, -5.0), (0.2, -2.5), (0.35, -0.5), (0.5, 0.8), (0.7, 2.0), (1.0, 3.0))
PART_OWN = ((0.0, -4.0), (0.05, -2.2), (0.12, -0.3), (0.25, 1.2), (0.4, 2.0))
FIGURE_SHARED, FIGURES_OTHER = 1.0, -0.8
LIKELY = -2.0  # log-odds from the share alone below which a row is not tried as a part
NEXT_TO, APART = 1.0, -0.3  # the parts of one promise stand together; scaled by how well order is kept
SUM = 3.0  # the parts' figures add up to the whole's: 42公里 in 30公里 and 12公里

_FIGURE = re.compile(r"([0-9.]+)(\D)")


@dataclass(frozen=True)
class Division:
    """One whole and its parts, by position in the lists that were given. `gain` in log-odds, as of the whole set."""

    whole: int
    parts: tuple[int, ...]
    gain: float
    shares: tuple[float, ...]  # how much of the whole each part carries, summing to 1


def divisions(scale: Scale, odds: Matrix, *, flipped: bool) -> list[Division]:
    """Every division worth a thought, best first. `odds`: wholes × parts. `flipped`: the wholes are the new rows."""
    wholes, parts = (scale.right, scale.left) if flipped else (scale.left, scale.right)
    if not wholes.rows or len(parts.rows) < 2:
        return []
    pieces = _Pieces.of(scale, wholes, parts)
    found: dict[tuple[int, tuple[int, ...]], Division] = {}
    for w in np.flatnonzero((pieces.alone > LIKELY).sum(axis=1) >= 2):
        best = np.argsort(-pieces.alone[w], kind="stable")[:WIDTH]
        likely = sorted(int(p) for p in best if pieces.alone[w, p] > LIKELY)
        for pair in combinations(likely, 2):
            chosen, worth, adds_up = _grow(scale, pieces, int(w), pair, likely)
            if min(worth) < -0.5 or (int(w), chosen) in found:
                continue
            joined, whole = parts.joined(chosen, scale.lexicon), wholes.only([int(w)])
            as_one = float((scale.weigh(joined, whole) if flipped else scale.weigh(whole, joined))[0, 0])
            primary = int(np.argmax(odds[w, list(chosen)]))
            gain = max(as_one + (SUM if adds_up else 0.0), float(odds[w, chosen[primary]]))
            gain += sum(value for at, value in enumerate(worth) if at != primary)
            if gain > 0:
                found[int(w), chosen] = Division(int(w), chosen, gain, pieces.shares(int(w), chosen))
    return sorted(found.values(), key=lambda d: (-d.gain, d.whole, d.parts))


@dataclass(frozen=True)
class _Pieces:
    """What splits look at, wholes × parts, computed once."""

    wholes: Side
    parts: Side
    shared: Matrix  # weight of each part's words and concepts that stands in the whole
    alone: Matrix  # log-odds from that share only
    steady: Matrix  # log-odds from units, status and category
    weights: Matrix  # of words, then concepts
    has_whole: Matrix
    has_part: Matrix

    @classmethod
    def of(cls, scale: Scale, wholes: Side, parts: Side) -> _Pieces:
        weights = np.concatenate([scale.lexicon.weights["words"], CONCEPT_SHARE * scale.lexicon.weights["concepts"]])
        has_whole, has_part = (np.hstack([side.has["words"], side.has["concepts"]]) for side in (wholes, parts))
        shared: Matrix = (has_whole * weights) @ has_part.T
        mass = np.maximum(has_part @ weights, 1e-9)
        left, right = (np.array([row[0].category for row in side.rows]) for side in (wholes, parts))
        same = (left[:, None] == right[None, :]) & (left != "")[:, None]
        steady = 0.5 * scale.units(wholes, parts) + 0.4 * scale.status(wholes, parts) + 0.4 * same
        return cls(wholes, parts, shared, curve(shared / mass, PART_SHARE), steady, weights, has_whole, has_part)

    def own(self, whole: int, part: int, others: Sequence[int]) -> float:
        """The share of the whole's weight that this part covers and none of the others does."""
        elsewhere = self.has_part[list(others)].max(axis=0)
        mine = self.has_whole[whole] * self.has_part[part] * (1.0 - elsewhere)
        return float(mine @ self.weights) / max(float(self.has_whole[whole] @ self.weights), 1e-9)

    def shares(self, whole: int, parts: Sequence[int]) -> tuple[float, ...]:
        """How much of the whole each part carries, made to sum to 1."""
        total = float(self.shared[whole, list(parts)].sum())
        return tuple(round(float(self.shared[whole, p]) / total, 4) if total else 1 / len(parts) for p in parts)


def _grow(
    scale: Scale, pieces: _Pieces, whole: int, seed: tuple[int, ...], likely: Sequence[int]
) -> tuple[tuple[int, ...], list[float], bool]:
    """The seed with whatever further parts add evidence: (parts, log-odds of each, whether the figures add up)."""
    chosen = seed
    worth, adds_up = _part_evidence(scale, pieces, whole, chosen)
    while min(worth) >= -0.5 and len(chosen) < MOST_PARTS:
        better = None
        for p in likely:
            if p in chosen:
                continue
            trial = tuple(sorted((*chosen, p)))
            values, sums = _part_evidence(scale, pieces, whole, trial)
            if min(values) > 0.5 and sum(values) > sum(better[1] if better else worth):
                better = trial, values, sums
        if better is None:
            break
        chosen, worth, adds_up = better
    return chosen, worth, adds_up


def _part_evidence(scale: Scale, pieces: _Pieces, w: int, chosen: Sequence[int]) -> tuple[list[float], bool]:
    """Log-odds, for each of the parts taken together, that it is a part of the whole and not a row of its own."""
    whole, parts = pieces.wholes.rows[w][0], [pieces.parts.rows[p][0] for p in chosen]
    adds_up = _adds_up(whole, parts)
    places = {part.place for part in parts}
    odds = []
    for p, part in zip(chosen, parts, strict=True):
        own = float(curve(np.array(pieces.own(w, p, [q for q in chosen if q != p])), PART_OWN))
        figure = 0.0
        if part.figures and whole.figures and not adds_up:
            figure = FIGURE_SHARED if part.figures & whole.figures else FIGURES_OTHER
        beside = not places.isdisjoint((part.place - 1, part.place + 1))
        odds.append(
            float(pieces.alone[w, p] + pieces.steady[w, p])
            + (max(own, SUM) if adds_up else own)
            + figure
            + scale.anchors.order_kept * (NEXT_TO if beside else APART)
        )
    return odds, adds_up


def _adds_up(whole: Profile, parts: Sequence[Profile]) -> bool:
    """Whether a figure of the whole, absent from the parts, is the sum of one figure of each, in the same unit."""
    amounts = [_amounts(part) for part in parts]
    for unit, values in _amounts(whole).items():
        choices = [found.get(unit, ()) for found in amounts]
        wanted = {round(value, 6) for value in values} - {round(v, 6) for choice in choices for v in choice}
        if wanted and all(choices) and any(round(sum(combo), 6) in wanted for combo in product(*choices)):
            return True
    return False


def _amounts(row: Profile) -> dict[str, list[float]]:
    """Unit (its first character) → the values the promise names in it."""
    found: dict[str, list[float]] = {}
    for figure in sorted(row.figures):
        split = _FIGURE.fullmatch(figure)
        if split:
            found.setdefault(split[2], []).append(float(split[1]))
    return found
