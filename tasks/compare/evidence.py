"""How likely two rows are one commitment: the evidence of each field, weighed and summed as log-odds.

Every kind of evidence is a matrix old × new. What a field is worth is measured in the pair of documents itself, on the
rows that agree exactly: where numbers stayed, an equal number counts; where rows were shuffled, their order does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from tasks.compare.profiles import Profile, Rarity, together

Matrix = NDArray[np.float64]

# Log-odds of the place among the anchors: no neighbour kept, one kept, both kept. Scaled by how well order is kept.
PLACE = (-0.8, 0.9, 2.2)
# Log-odds that a row is part of another, by the share of it found there, and by the share of the whole only it covers.
PART_SHARE = ((0.0, -5.0), (0.2, -2.5), (0.35, -0.5), (0.5, 0.8), (0.7, 2.0), (1.0, 3.0))
PART_OWN = ((0.0, -4.0), (0.05, -2.2), (0.12, -0.3), (0.25, 1.2), (0.4, 2.0))
SEQ_EQUAL, SEQ_OTHER = 1.4, -1.0  # scaled by how well numbers are kept


@dataclass(frozen=True)
class Anchors:
    """What the rows that agree exactly say about the two documents. Pairs are (old place, new place)."""

    pairs: tuple[tuple[int, int], ...]
    seq_kept: float  # share of anchors that kept their number, of those that have one; shrunk towards 0.5
    order_kept: float  # share of anchors whose predecessor among the anchors stayed their predecessor; shrunk
    categories: Counter[tuple[str, str]]


def anchors_of(pairs: Sequence[tuple[Profile, Profile]]) -> Anchors:
    """Measure seq, order and categories on the exactly equal rows."""
    places = sorted((old.places[0], new.places[0]) for old, new in pairs)
    rank = {new: at for at, new in enumerate(sorted(new for _, new in places))}
    ranks = [rank[new] for _, new in places]
    kept = sum(second - first == 1 for first, second in zip(ranks, ranks[1:], strict=False))
    numbered = [(old.seq, new.seq) for old, new in pairs if old.seq and new.seq]
    same = sum(old == new for old, new in numbered)
    return Anchors(
        pairs=tuple(places),
        seq_kept=(same + 1) / (len(numbered) + 2) if numbered else 0.0,
        order_kept=(kept + 0.5) / (len(ranks) + 1) if len(ranks) > 1 else 0.3,
        categories=Counter((old.category, new.category) for old, new in pairs),
    )


def _presence(
    old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], weight: Callable[[str], float]
) -> tuple[Matrix, Matrix, Matrix]:
    """(weight shared by each pair, weight of each old set, weight of each new set)."""
    vocabulary: dict[str, int] = {}
    for one in (*old, *new):
        for word in one:
            vocabulary.setdefault(word, len(vocabulary))
    weights = np.fromiter(map(weight, vocabulary), float, len(vocabulary))
    left, right = (np.zeros((len(side), len(vocabulary))) for side in (old, new))
    for matrix, side in ((left, old), (right, new)):
        for at, one in enumerate(side):
            matrix[at, [vocabulary[word] for word in one]] = 1.0
    weighted = right * weights
    return left @ weighted.T, left @ weights, weighted.sum(axis=1)


def _dice(shared: Matrix, old: Matrix, new: Matrix) -> Matrix:
    return np.asarray(2 * shared / np.maximum(old[:, None] + new[None, :], 1e-9), dtype=float)


def _curve(values: Matrix, points: Sequence[tuple[float, float]]) -> Matrix:
    """Piecewise linear: (likeness, log-odds) points."""
    xs, ys = zip(*points, strict=True)
    return np.interp(values, xs, ys)


@dataclass(frozen=True)
class Weighed:
    """Log-odds of each pair, with the parts that other decisions look at."""

    total: Matrix
    content: Matrix  # likeness of the contents, 0..1
    status: Matrix  # log-odds of the statuses
    covered_old: Matrix  # share of the old content's weight found in the new one
    covered_new: Matrix  # share of the new content's weight found in the old one


@dataclass(frozen=True)
class Pieces:
    """Wholes × parts: the share of each part that stands in the whole, and the log-odds of that share alone."""

    alone: Matrix
    share: Matrix


class Scale:
    """The evidence of one pair of documents. Built once, asked for any rows of them, joined rows included."""

    def __init__(self, old: Sequence[Profile], new: Sequence[Profile], anchors: Anchors) -> None:
        everything = [*old, *new]
        self._content = Rarity([p.words | p.concepts | {"=" + f for f in p.figures} for p in everything])
        self._status = Rarity([p.status_words | {"=" + f for f in p.status_figures} for p in everything])
        self._units = Rarity([p.units for p in everything])
        self._anchors = anchors
        self._old_rows, self._new_rows = len(old), len(new)
        self._old_anchors = [place for place, _ in anchors.pairs]
        self._new_of = dict(anchors.pairs)
        self._old_of = {new_place: old_place for old_place, new_place in anchors.pairs}
        self._new_anchors = sorted(self._old_of)

    def weigh(self, old: Sequence[Profile], new: Sequence[Profile]) -> Weighed:
        """Evidence for every pair of `old` × `new`."""
        content, covered_old, covered_new = self._content_evidence(old, new)
        status = self._status_evidence(old, new)
        total = (
            _curve(content, ((0.0, -5.0), (0.06, -3.8), (0.15, -1.8), (0.3, 0.8), (0.5, 3.5), (0.8, 6.5), (1.0, 8.0)))
            + self._figure_evidence(old, new)
            + status
            + self._unit_evidence(old, new)
            + self._category_evidence(old, new)
            + self._order_evidence(old, new)
        )
        return Weighed(total, content, status, covered_old, covered_new)

    def pieces(self, wholes: Sequence[Profile], parts: Sequence[Profile]) -> Pieces:
        """How much of each part stands in each whole (symmetric in the quarters: only content is looked at)."""
        shared, mass = self._shared(wholes, parts)
        share = shared / np.maximum(mass, 1e-9)[None, :]
        return Pieces(alone=_curve(share, PART_SHARE), share=share)

    def part_evidence(self, whole: Profile, parts: Sequence[Profile]) -> list[float]:
        """Log-odds, for each of the parts taken together, that it is a part of the whole and not a row of its own."""
        shared, mass = self._shared([whole], parts)
        share = shared[0] / np.maximum(mass, 1e-9)
        units = self._unit_evidence([whole], parts)[0]
        status = self._status_evidence([whole], parts)[0]
        odds = []
        for at, part in enumerate(parts):
            others = together([other for q, other in enumerate(parts) if q != at])
            alone = self._cover(whole, part, others)
            figures = part.figures & whole.figures
            figure = 1.0 if figures else -0.8 if part.figures and whole.figures else 0.0
            near = 1.0 if any(abs(p - q) == 1 for p in part.places for q in others.places) else -0.3
            category = 0.4 if part.category and part.category == whole.category else 0.0
            odds.append(
                float(np.interp(share[at], *zip(*PART_SHARE, strict=True)))
                + float(np.interp(alone, *zip(*PART_OWN, strict=True)))
                + figure
                + 0.5 * float(units[at])
                + 0.4 * float(status[at])
                + self._anchors.order_kept * near
                + category
            )
        return odds

    def shares(self, whole: Profile, parts: Sequence[Profile]) -> tuple[float, ...]:
        """How much of the whole's weight each part carries, made to sum to 1."""
        shared, _ = self._shared([whole], parts)
        total = float(shared.sum())
        return tuple(round(float(s) / total, 4) if total else 1 / len(parts) for s in shared[0])

    def _shared(self, wholes: Sequence[Profile], parts: Sequence[Profile]) -> tuple[Matrix, Matrix]:
        """Weight of each part's words and concepts found in each whole, and of each part itself."""
        rarity = self._content
        words, _, mass = _presence([p.words for p in wholes], [p.words for p in parts], rarity.word_weight)
        ideas, _, ideas_mass = _presence([p.concepts for p in wholes], [p.concepts for p in parts], rarity.weight)
        return words + 1.5 * ideas, mass + 1.5 * ideas_mass

    def _cover(self, whole: Profile, part: Profile, others: Profile) -> float:
        """The share of the whole's weight that this part covers and no other does."""
        rarity = self._content
        own = sum(rarity.word_weight(w) for w in (whole.words & part.words) - others.words)
        own += 1.5 * sum(rarity.weight(c) for c in (whole.concepts & part.concepts) - others.concepts)
        mass = sum(map(rarity.word_weight, whole.words)) + 1.5 * sum(map(rarity.weight, whole.concepts))
        return own / max(mass, 1e-9)

    def _content_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> tuple[Matrix, Matrix, Matrix]:
        rarity = self._content
        shared, mass_old, mass_new = _presence([p.words for p in old], [p.words for p in new], rarity.word_weight)
        ideas, ideas_old, ideas_new = _presence([p.concepts for p in old], [p.concepts for p in new], rarity.weight)
        words = _dice(shared, mass_old, mass_new)
        both = _dice(shared + 2 * ideas, mass_old + 2 * ideas_old, mass_new + 2 * ideas_new)
        spelling = cdist([p.text for p in old], [p.text for p in new], scorer=fuzz.ratio, dtype=np.float64) / 100
        # Spelling sees order and single characters; below a half it is the genre speaking.
        likeness = np.maximum.reduce([words, both, 2 * spelling - 1.0])
        weight_old = np.maximum(mass_old, 1e-9)[:, None]
        weight_new = np.maximum(mass_new, 1e-9)[None, :]
        return likeness, shared / weight_old, shared / weight_new

    def _figure_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        shared, mass_old, mass_new = _presence(
            [p.figures for p in old], [p.figures for p in new], self._content.figure_weight
        )
        both = (mass_old[:, None] > 0) & (mass_new[None, :] > 0)
        return np.where(both, np.where(shared > 0, 1.6 * np.minimum(shared, 2.0), -0.5), 0.0)

    def _status_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        rarity = self._status
        shared, mass_old, mass_new = _presence(
            [p.status_words for p in old], [p.status_words for p in new], rarity.word_weight
        )
        figures, _, _ = _presence(
            [p.status_figures for p in old], [p.status_figures for p in new], rarity.figure_weight
        )
        least = np.minimum(mass_old[:, None], mass_new[None, :])
        # A status of three words proves nothing either way.
        trust = np.clip(least / 5.0, 0.0, 1.0)
        likeness = (shared + figures) / np.maximum(np.sqrt(mass_old[:, None] * mass_new[None, :]), 1e-9)
        return trust * _curve(likeness, ((0.0, -1.2), (0.08, -0.3), (0.2, 1.2), (0.4, 2.8), (0.8, 4.5)))

    def _unit_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        shared, mass_old, mass_new = _presence(
            [p.units for p in old], [p.units for p in new], lambda unit: 0.15 + self._units.weight(unit)
        )
        union = np.maximum(mass_old[:, None] + mass_new[None, :] - shared, 1e-9)
        known = (mass_old[:, None] > 0) & (mass_new[None, :] > 0)
        rare = np.clip(shared, 0.3, 1.2)
        share = shared / union
        return np.where(known, np.where(share > 0, -0.6 + (0.9 + 1.6 * rare) * share, -1.5), 0.0)

    def _category_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        """How often rows of the one category are found in the other, against chance; renamed ones are learnt so."""
        pairs, total = self._anchors.categories, sum(self._anchors.categories.values())
        of_old: Counter[str] = Counter()
        of_new: Counter[str] = Counter()
        for (before, after), count in pairs.items():
            of_old[before] += count
            of_new[after] += count
        result = np.zeros((len(old), len(new)))
        known: dict[tuple[str, str], float] = {}
        for i, a in enumerate(old):
            for j, b in enumerate(new):
                if not (a.category and b.category):
                    continue
                pair = (a.category, b.category)
                if pair not in known:
                    together = (pairs[pair] + (1.0 if a.category == b.category else 0.05)) * (total + 6.0)
                    chance = (of_old[a.category] + 1.2) * (of_new[b.category] + 1.2)
                    known[pair] = float(np.clip(0.7 * np.log(together / chance), -0.8, 1.3))
                result[i, j] = known[pair]
        return result

    def _order_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        """Number and place: worth what the anchors show they are worth, and together never more than a hint."""
        gaps_old = np.array([self._gap_of_old(p) for p in old]).reshape(-1, 2)
        gaps_new = np.array([self._gap_of_new(p) for p in new]).reshape(-1, 2)
        fits = (gaps_old[:, None, :] == gaps_new[None, :, :]).sum(axis=2)
        place = self._anchors.order_kept * np.array(PLACE)[fits]
        left, right = np.array([p.seq for p in old], dtype=object), np.array([p.seq for p in new], dtype=object)
        equal = left[:, None] == right[None, :]
        known = (left != "")[:, None] & (right != "")[None, :]
        number = self._anchors.seq_kept * np.where(known, np.where(equal, SEQ_EQUAL, SEQ_OTHER), 0.0)
        return np.where(abs(place) >= abs(number), place + 0.5 * number, number + 0.5 * place)

    def _gap_of_old(self, row: Profile) -> tuple[int, int]:
        """The anchors around an old row, as places in the new document (-1 and the length at the ends)."""
        at = bisect_left(self._old_anchors, row.places[0])
        until = bisect_left(self._old_anchors, row.places[-1])
        before = self._new_of[self._old_anchors[at - 1]] if at else -1
        after = self._new_of[self._old_anchors[until]] if until < len(self._old_anchors) else self._new_rows
        return before, after

    def _gap_of_new(self, row: Profile) -> tuple[int, int]:
        """The anchors around a new row, as places in the new document."""
        at = bisect_left(self._new_anchors, row.places[0])
        until = bisect_left(self._new_anchors, row.places[-1])
        before = self._new_anchors[at - 1] if at else -1
        after = self._new_anchors[until] if until < len(self._new_anchors) else self._new_rows
        return before, after
