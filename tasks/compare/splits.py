"""Splits and merges: one promise told as several, several told as one.

Looked for as splits only; a merge is the split seen from the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tasks.compare.evidence import Matrix, Scale
from tasks.compare.profiles import Profile, together

MOST_PARTS = 6  # parts beyond this are not looked for
WIDTH = 5  # how many likely parts of one row are tried in every combination


@dataclass(frozen=True)
class Division:
    """One whole and its parts, by position in the lists that were given. `gain` in log-odds, as of the whole set."""

    whole: int
    parts: tuple[int, ...]
    gain: float
    shares: tuple[float, ...]  # how much of the whole each part carries, summing to 1


def divisions(scale: Scale, wholes: Sequence[Profile], parts: Sequence[Profile], *, flipped: bool) -> list[Division]:
    """Every division worth a thought, best first. `flipped`: the wholes are the new rows (merges)."""
    if not wholes or len(parts) < 2:
        return []
    single = _weigh(scale, wholes, parts, flipped=flipped)
    pieces = scale.pieces(wholes, parts)
    found = []
    for w, whole in enumerate(wholes):
        likely = [int(p) for p in np.argsort(-pieces.alone[w], kind="stable")[:WIDTH] if pieces.alone[w, p] > -2.0]
        if len(likely) < 2:
            continue
        for pair in combinations(sorted(likely), 2):
            best = _grow(scale, whole, wholes, parts, w, pair, likely, single, flipped=flipped)
            if best is not None:
                found.append(best)
    unique = {(d.whole, d.parts): d for d in found}
    return sorted(unique.values(), key=lambda d: (-d.gain, d.whole, d.parts))


def _weigh(scale: Scale, wholes: Sequence[Profile], parts: Sequence[Profile], *, flipped: bool) -> Matrix:
    return scale.weigh(parts, wholes).total.T if flipped else scale.weigh(wholes, parts).total


def _grow(
    scale: Scale,
    whole: Profile,
    wholes: Sequence[Profile],
    parts: Sequence[Profile],
    w: int,
    seed: tuple[int, ...],
    likely: Sequence[int],
    single: Matrix,
    *,
    flipped: bool,
) -> Division | None:
    """The seed with whatever further parts add evidence; None where the seed itself does not hold."""
    chosen = seed
    worth = scale.part_evidence(whole, [parts[p] for p in chosen])
    if min(worth) < -0.5:
        return None
    while len(chosen) < MOST_PARTS:
        better = None
        for p in likely:
            if p in chosen:
                continue
            trial = tuple(sorted((*chosen, p)))
            value = scale.part_evidence(whole, [parts[q] for q in trial])
            if min(value) > 0.5 and (better is None or sum(value) > sum(better[1])):
                better = trial, value
        if better is None:
            break
        chosen, worth = better
    joined = together([parts[p] for p in chosen])
    whole_odds = float(_weigh(scale, [whole], [joined], flipped=flipped)[0, 0])
    primary = max(range(len(chosen)), key=lambda at: (single[w, chosen[at]], -at))
    gain = max(whole_odds, float(single[w, chosen[primary]])) + sum(
        value for at, value in enumerate(worth) if at != primary
    )
    if gain <= 0:
        return None
    return Division(w, chosen, gain, scale.shares(whole, [parts[p] for p in chosen]))
