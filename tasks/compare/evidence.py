"""How likely two rows are one commitment: the evidence of each field, weighed and summed as log-odds.

Every kind of evidence is a matrix old × new. What a field is worth is measured in the pair of documents itself, on the
rows that agree exactly: where numbers stayed, an equal number counts; where rows were shuffled, their order does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from tasks.compare.profiles import Profile, Rarity, Weight

Matrix = NDArray[np.float64]

# Log-odds of the place among the anchors: no neighbour kept, one kept, both kept. Scaled by how well order is kept.
PLACE = (-0.7, 0.7, 1.8)
CONTENT = ((0.0, -5.0), (0.06, -3.8), (0.15, -2.0), (0.3, -0.6), (0.5, 2.8), (0.8, 6.0), (1.0, 8.0))  # by likeness
CONCEPT_SHARE, CHAR_SHARE = 2.0, 0.3  # what a shared concept or character counts, against a pair of characters
TEMPLATE = ((-0.2, -7.0), (0.0, -5.0), (0.15, 0.0))  # by likeness above that to rows with partners of their own
FIGURE_SHARED, FIGURES_OTHER = 2.2, -3.0
CONTRAST = -3.0
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
    kept = sum(second - first == 1 for first, second in pairwise(ranks))
    numbered = [(old.seq, new.seq) for old, new in pairs if old.seq and new.seq]
    same = sum(old == new for old, new in numbered)
    return Anchors(
        pairs=tuple(places),
        seq_kept=(same + 1) / (len(numbered) + 2) if numbered else 0.0,
        order_kept=(kept + 0.5) / (len(ranks) + 1) if len(ranks) > 1 else 0.3,
        categories=Counter((old.category, new.category) for old, new in pairs),
    )


def presence(
    rarity: Rarity, weight: Weight, old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]
) -> tuple[Matrix, Matrix, Matrix]:
    """(weight shared by each pair, weight of each old set, weight of each new set)."""
    both = frozenset[str]().union(*old) & frozenset[str]().union(*new)
    column = {word: at for at, word in enumerate(sorted(both))}
    left, right = (np.zeros((len(side), len(column))) for side in (old, new))
    for matrix, side in ((left, old), (right, new)):
        for at, one in enumerate(side):
            matrix[at, [column[word] for word in one & both]] = 1.0
    right *= np.array([weight(word) for word in column], dtype=np.float64)
    mass_old, mass_new = (np.array([rarity.mass(one, weight) for one in side], dtype=np.float64) for side in (old, new))
    return left @ right.T, mass_old, mass_new


def _dice(shared: Matrix, old: Matrix, new: Matrix) -> Matrix:
    sizes: Matrix = np.maximum(old[:, None] + new[None, :], 1e-9)
    return 2 * shared / sizes


def curve(values: Matrix, points: Sequence[tuple[float, float]]) -> Matrix:
    """Piecewise linear through (value, log-odds) points, flat beyond the ends."""
    xs = np.array([x for x, _ in points], dtype=np.float64)
    ys = np.array([y for _, y in points], dtype=np.float64)
    result: Matrix = np.interp(values, xs, ys)
    return result


def _contrast_evidence(old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
    """城东 against 城西, 一期 against 二期: both rows name a side (or a stage), and not one of them is the same."""
    result = np.zeros((len(old), len(new)))
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            for left, right in zip(a.contrasts, b.contrasts, strict=True):
                if left and right and not left & right:
                    result[i, j] += CONTRAST
    return result


class Scale:
    """The evidence of one pair of documents. Built once, asked for any rows of them, joined rows included."""

    def __init__(self, old: Sequence[Profile], new: Sequence[Profile], anchors: Anchors) -> None:
        everything = [*old, *new]
        self.words = Rarity(p.words | p.concepts | p.figures for p in everything)
        self._chars = Rarity(p.chars for p in everything)
        self._status = Rarity(p.status_words | p.status_figures for p in everything)
        self._units = Rarity(p.units for p in everything)
        self.anchors = anchors
        self._anchored = [old[i] for i, _ in anchors.pairs]
        self._old_anchors = [place for place, _ in anchors.pairs]
        self._new_of = dict(anchors.pairs)
        self._new_anchors = sorted(self._new_of.values())
        self._new_rows = len(new)
        self._usual_of: dict[tuple[bool, tuple[int, ...]], float] = {}

    def weigh(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        """Log-odds that the two rows are one commitment, for every pair of `old` × `new`."""
        total: Matrix = np.sum(list(self.kinds(old, new).values()), axis=0)
        return total

    def kinds(self, old: Sequence[Profile], new: Sequence[Profile]) -> dict[str, Matrix]:
        """The log-odds by kind of evidence; they are summed. Apart, for tuning and for explaining a link."""
        likeness = self.likeness(old, new)
        return {
            "template": self._template_evidence(old, new, likeness),
            "content": curve(likeness, CONTENT),
            "figures": self._figure_evidence(old, new, likeness),
            "contrast": _contrast_evidence(old, new),
            "status": self.status_evidence(old, new),
            "units": self.unit_evidence(old, new),
            "category": self._category_evidence(old, new),
            "order": self._order_evidence(old, new),
        }

    def likeness(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        """How much two promises share, 0..1: rare words, concepts, characters, spelling; the best witness counts."""
        rarity = self.words
        words = presence(rarity, rarity.word_weight, [p.words for p in old], [p.words for p in new])
        ideas = presence(rarity, rarity.weight, [p.concepts for p in old], [p.concepts for p in new])
        chars = presence(self._chars, self._chars.weight, [p.chars for p in old], [p.chars for p in new])
        spoken = [CHAR_SHARE * c + w + CONCEPT_SHARE * i for w, i, c in zip(words, ideas, chars, strict=True)]
        spelling = cdist([p.text for p in old], [p.text for p in new], scorer=fuzz.ratio, dtype=np.float32) / 100
        # Spelling sees order and single characters; below a half it is the genre speaking.
        return np.maximum.reduce([_dice(*words), _dice(*spoken), 2 * spelling - 1.0])

    def _template_evidence(self, old: Sequence[Profile], new: Sequence[Profile], likeness: Matrix) -> Matrix:
        """A likeness that rows with partners of their own show as well is that of a template, not of a commitment."""
        if not self._anchored:
            return np.zeros_like(likeness)
        usual = np.maximum(self._usual(old, old_side=True)[:, None], self._usual(new, old_side=False)[None, :])
        weight = np.clip((usual - 0.3) / 0.3, 0.0, 1.0)
        return weight * curve(likeness - usual, TEMPLATE)

    def _usual(self, rows: Sequence[Profile], *, old_side: bool) -> Matrix:
        """The greatest likeness of each row to a row of the other document that has its partner."""
        unknown = [row for row in rows if (old_side, row.places) not in self._usual_of]
        if unknown:
            found = self.likeness(unknown, self._anchored).max(axis=1)
            self._usual_of.update(((old_side, row.places), float(v)) for row, v in zip(unknown, found, strict=True))
        return np.array([self._usual_of[old_side, row.places] for row in rows], dtype=np.float64)

    def _figure_evidence(self, old: Sequence[Profile], new: Sequence[Profile], likeness: Matrix) -> Matrix:
        """Shared figures speak for a pair; none shared speaks against it, unless nearly all else is the same."""
        shared, mass_old, mass_new = presence(
            self.words, self.words.figure_weight, [p.figures for p in old], [p.figures for p in new]
        )
        both = (mass_old[:, None] > 0) & (mass_new[None, :] > 0)
        against = curve(likeness, ((0.5, FIGURES_OTHER), (0.8, -0.3)))
        return np.where(both, np.where(shared > 0, FIGURE_SHARED * np.minimum(shared, 2.5), against), 0.0)

    def status_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        rarity = self._status
        shared, mass_old, mass_new = presence(
            rarity, rarity.word_weight, [p.status_words for p in old], [p.status_words for p in new]
        )
        figures, _, _ = presence(
            rarity, rarity.figure_weight, [p.status_figures for p in old], [p.status_figures for p in new]
        )
        least = np.minimum(mass_old[:, None], mass_new[None, :])
        # A status of three words proves nothing either way.
        trust = np.clip(least / 5.0, 0.0, 1.0)
        likeness = (shared + figures) / np.maximum(np.sqrt(mass_old[:, None] * mass_new[None, :]), 1e-9)
        return trust * curve(likeness, ((0.0, -1.4), (0.08, -0.3), (0.2, 1.4), (0.4, 3.2), (0.8, 5.0)))

    def unit_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        shared, mass_old, mass_new = presence(
            self._units, self._units.body_weight, [p.units for p in old], [p.units for p in new]
        )
        union = np.maximum(mass_old[:, None] + mass_new[None, :] - shared, 1e-9)
        known = (mass_old[:, None] > 0) & (mass_new[None, :] > 0)
        rare = np.clip(shared, 0.3, 1.2)
        share = shared / union
        return np.where(known, np.where(share > 0, -0.8 + (1.2 + 2.0 * rare) * share, -2.0), 0.0)

    def _category_evidence(self, old: Sequence[Profile], new: Sequence[Profile]) -> Matrix:
        """How often rows of the one category are found in the other, against chance; renamed ones are learnt so."""
        pairs, total = self.anchors.categories, sum(self.anchors.categories.values())
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
        place = self.anchors.order_kept * np.array(PLACE)[fits]
        left, right = np.array([p.seq for p in old], dtype=object), np.array([p.seq for p in new], dtype=object)
        equal = left[:, None] == right[None, :]
        known = (left != "")[:, None] & (right != "")[None, :]
        number = self.anchors.seq_kept * np.where(known, np.where(equal, SEQ_EQUAL, SEQ_OTHER), 0.0)
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
