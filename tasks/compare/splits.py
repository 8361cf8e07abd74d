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

from tasks.compare.evidence import Matrix, Scale, curve, presence
from tasks.compare.profiles import Profile, together

MOST_PARTS = 6  # parts beyond this are not looked for
WIDTH = 5  # how many likely parts of one row are tried in every combination
CONCEPT_SHARE = 1.5  # what a shared concept counts, against a pair of characters
# Log-odds that a row is part of another, by the share of it found there, and by the share of the whole only it covers.
PART_SHARE = ((0.0, -5.0), (0.2, -2.5), (0.35, -0.5), (0.5, 0.8), (0.7, 2.0), (1.0, 3.0))
PART_OWN = ((0.0, -4.0), (0.05, -2.2), (0.12, -0.3), (0.25, 1.2), (0.4, 2.0))
FIGURE_SHARED, FIGURES_OTHER = 1.0, -0.8
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


def divisions(
    scale: Scale, wholes: Sequence[Profile], parts: Sequence[Profile], odds: Matrix, *, flipped: bool
) -> list[Division]:
    """Every division worth a thought, best first. `odds`: wholes × parts. `flipped`: the wholes are the new rows."""
    if not wholes or len(parts) < 2:
        return []
    shared, mass = _shared(scale, wholes, parts)
    alone = curve(shared / np.maximum(mass, 1e-9)[None, :], PART_SHARE)
    found: dict[tuple[int, tuple[int, ...]], Division] = {}
    for w, whole in enumerate(wholes):
        likely = sorted(int(p) for p in np.argsort(-alone[w], kind="stable")[:WIDTH] if alone[w, p] > -2.0)
        for pair in combinations(likely, 2):
            chosen, worth, adds_up = _grow(scale, whole, parts, pair, likely)
            if min(worth) < -0.5 or (w, chosen) in found:
                continue
            together_odds = _odds(scale, whole, together([parts[p] for p in chosen]), flipped=flipped)
            primary = int(np.argmax(odds[w, list(chosen)]))
            gain = max(together_odds + (SUM if adds_up else 0.0), float(odds[w, chosen[primary]]))
            gain += sum(value for at, value in enumerate(worth) if at != primary)
            if gain > 0:
                total = float(shared[w, list(chosen)].sum())
                shares = tuple(round(float(shared[w, p]) / total, 4) if total else 1 / len(chosen) for p in chosen)
                found[w, chosen] = Division(w, chosen, gain, shares)
    return sorted(found.values(), key=lambda d: (-d.gain, d.whole, d.parts))


def _odds(scale: Scale, whole: Profile, joined: Profile, *, flipped: bool) -> float:
    return float((scale.weigh([joined], [whole]) if flipped else scale.weigh([whole], [joined]))[0, 0])


def _grow(
    scale: Scale, whole: Profile, parts: Sequence[Profile], seed: tuple[int, ...], likely: Sequence[int]
) -> tuple[tuple[int, ...], list[float], bool]:
    """The seed with whatever further parts add evidence: (parts, log-odds of each, whether the figures add up)."""
    chosen = seed
    worth, adds_up = _part_evidence(scale, whole, [parts[p] for p in chosen])
    while len(chosen) < MOST_PARTS:
        better = None
        for p in likely:
            if p in chosen:
                continue
            trial = tuple(sorted((*chosen, p)))
            values, sums = _part_evidence(scale, whole, [parts[q] for q in trial])
            if min(values) > 0.5 and sum(values) > sum(better[1] if better else worth):
                better = trial, values, sums
        if better is None:
            break
        chosen, worth, adds_up = better
    return chosen, worth, adds_up


def _part_evidence(scale: Scale, whole: Profile, parts: Sequence[Profile]) -> tuple[list[float], bool]:
    """Log-odds, for each of the parts taken together, that it is a part of the whole and not a row of its own."""
    shared, mass = _shared(scale, [whole], parts)
    share = curve(shared[0] / np.maximum(mass, 1e-9), PART_SHARE)
    units = scale.unit_evidence([whole], parts)[0]
    status = scale.status_evidence([whole], parts)[0]
    adds_up = _adds_up(whole, parts)
    odds = []
    for at, part in enumerate(parts):
        others = together([other for q, other in enumerate(parts) if q != at])
        own = curve(np.array(_cover(scale, whole, part, others)), PART_OWN)
        figure = 0.0
        if part.figures and whole.figures and not adds_up:
            figure = FIGURE_SHARED if part.figures & whole.figures else FIGURES_OTHER
        beside = any(abs(p - q) == 1 for p in part.places for q in others.places)
        odds.append(
            float(share[at])
            + max(float(own), SUM if adds_up else -9.0)
            + figure
            + 0.5 * float(units[at])
            + 0.4 * float(status[at])
            + scale.anchors.order_kept * (NEXT_TO if beside else APART)
            + (0.4 if part.category and part.category == whole.category else 0.0)
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


def _shared(scale: Scale, wholes: Sequence[Profile], parts: Sequence[Profile]) -> tuple[Matrix, Matrix]:
    """Weight of each part's words and concepts found in each whole, and of each part itself."""
    words, _, mass = presence(scale.words, scale.words.word_weight, [p.words for p in wholes], [p.words for p in parts])
    ideas, _, ideas_mass = presence(
        scale.words, scale.words.weight, [p.concepts for p in wholes], [p.concepts for p in parts]
    )
    return words + CONCEPT_SHARE * ideas, mass + CONCEPT_SHARE * ideas_mass


def _cover(scale: Scale, whole: Profile, part: Profile, others: Profile) -> float:
    """The share of the whole's weight that this part covers and no other does."""
    weight, idea = scale.words.word_weight, scale.words.weight
    own = sum(map(weight, (whole.words & part.words) - others.words))
    own += CONCEPT_SHARE * sum(map(idea, (whole.concepts & part.concepts) - others.concepts))
    mass = sum(map(weight, whole.words)) + CONCEPT_SHARE * sum(map(idea, whole.concepts))
    return own / max(mass, 1e-9)
