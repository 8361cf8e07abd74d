"""How likely two rows are one commitment: the evidence of each field, weighed and summed as log-odds.

Every kind of evidence is a matrix old × new. What a field is worth is measured in the pair of documents itself, on the
rows that agree exactly: where numbers stayed, an equal number counts; where rows were shuffled, their order does not.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from tasks.compare import weights as worth
from tasks.compare.normalise import tokens, unit_key
from tasks.compare.profiles import Counts, Lexicon, Profile, Side, phrase_weights, promise_of
from tasks.model import Row
from tasks.text import fold

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Anchors:
    """What the rows that agree exactly say about the two documents. Pairs are (old place, new place)."""

    pairs: tuple[tuple[int, int], ...]
    seq_kept: float  # share of anchors that kept their number, of those that have one; shrunk towards 0.5
    order_kept: float  # share of anchors whose predecessor among the anchors stayed their predecessor; shrunk
    categories: Counter[tuple[str, str]]


def anchors_of(pairs: Sequence[tuple[int, int]], old: Sequence[Row], new: Sequence[Row]) -> Anchors:
    """Measure seq, order and categories on the exactly equal rows, given by their places."""
    places = sorted(pairs)
    rank = {place: at for at, place in enumerate(sorted(j for _, j in places))}
    ranks = [rank[j] for _, j in places]
    kept = sum(second - first == 1 for first, second in pairwise(ranks))
    numbered = [(old[i].seq, new[j].seq) for i, j in places if old[i].seq is not None and new[j].seq is not None]
    same = sum(str(a) == str(b) for a, b in numbered)
    folded = {text: fold(text) for text in {row.category or "" for row in (*old, *new)}}
    return Anchors(
        pairs=tuple(places),
        seq_kept=(same + 1) / (len(numbered) + 2) if numbered else 0.0,
        order_kept=(kept + 0.5) / (len(ranks) + 1) if len(ranks) > 1 else 0.3,
        categories=Counter((folded[old[i].category or ""], folded[new[j].category or ""]) for i, j in places),
    )


def curve(values: Matrix, points: Sequence[tuple[float, float]]) -> Matrix:
    """Piecewise linear through (value, log-odds) points, flat beyond the ends."""
    xs = np.array([x for x, _ in points], dtype=np.float64)
    ys = np.array([y for _, y in points], dtype=np.float64)
    result: Matrix = np.interp(values, xs, ys)
    return result


def _dice(shared: Matrix, old: Matrix, new: Matrix) -> Matrix:
    sizes: Matrix = np.maximum(old[:, None] + new[None, :], 1e-9)
    return 2 * shared / sizes


def _spelling(old: Sequence[str], new: Sequence[str]) -> Matrix:
    """Share of characters in common and in order, 0..1."""
    ratio: Matrix = cdist(old, new, scorer=fuzz.ratio, dtype=np.float32).astype(np.float64)
    return ratio / 100


class Corpus:
    """The two documents as a whole: how often their words occur, and what their equal rows show."""

    def __init__(self, old: Sequence[Row], new: Sequence[Row], exact: Sequence[tuple[int, int]]) -> None:
        rows = [*old, *new]
        self.old, self.new = old, new
        self.promises = Counts(map(promise_of, rows), len(rows))
        self.statuses = Counts((row.status or "" for row in rows), len(rows))
        self.units = Counter(unit for row in rows for unit in set(map(unit_key, row.units)))
        self.anchors = anchors_of(exact, old, new)
        self.old_anchors = [place for place, _ in self.anchors.pairs]
        self.new_of = dict(self.anchors.pairs)
        self.new_anchors = sorted(self.new_of.values())
        self.category_old: Counter[str] = Counter()
        self.category_new: Counter[str] = Counter()
        for (before, after), count in self.anchors.categories.items():
            self.category_old[before] += count
            self.category_new[after] += count


class Scale:
    """The evidence between some rows of two documents: `left` and `right`, which exact agreement left over."""

    def __init__(self, corpus: Corpus, left: Sequence[Profile], right: Sequence[Profile]) -> None:
        self._corpus = corpus
        self.anchors = corpus.anchors
        self.lexicon = Lexicon.of([*left, *right], corpus.promises, corpus.statuses, corpus.units)
        self.left, self.right = Side.of(left, self.lexicon), Side.of(right, self.lexicon)
        self._usual_of: dict[tuple[bool, int], float] = {}

    def weigh(self, old: Side, new: Side) -> Matrix:
        """Log-odds that the two rows are one commitment, for every pair of `old` × `new`."""
        total: Matrix = np.sum(list(self.kinds(old, new).values()), axis=0)
        return total

    def kinds(self, old: Side, new: Side) -> dict[str, Matrix]:
        """The log-odds by kind of evidence; they are summed. Apart, for tuning and for explaining a link."""
        likeness = self.likeness(old, new)
        found = {
            "content": curve(likeness, worth.CONTENT),
            "figures": self._figures(old, new, likeness),
            "contrast": _contrast(old, new),
            "status": self.status(old, new),
            "units": self.units(old, new),
            "category": self._category(old, new),
            "order": self._order(old, new),
        }
        lone_status = np.where(likeness < worth.STATUS_ALONE[0], worth.STATUS_ALONE[1], np.inf)
        found["status"] = np.minimum(found["status"], lone_status)
        surroundings = found["units"] + found["category"] + found["order"]
        found["surroundings"] = -np.maximum(surroundings - worth.SURROUNDINGS, 0.0)
        so_far: Matrix = np.sum(list(found.values()), axis=0)
        found["template"] = self._template(old, new, likeness, so_far)
        return found

    def shared(self, kind: str, old: Side, new: Side) -> Matrix:
        """The weight of the words of one kind that each pair of rows shares."""
        result: Matrix = (old.has[kind] * self.lexicon.weights[kind]) @ new.has[kind].T
        return result

    def likeness(self, old: Side, new: Side) -> Matrix:
        """How much two promises share, 0..1: rare words, concepts, characters, spelling; the best witness counts."""
        words = self.shared("words", old, new)
        spoken = (
            words
            + worth.CONCEPT_SHARE * self.shared("concepts", old, new)
            + worth.CHAR_SHARE * self.shared("chars", old, new)
        )
        sizes = [
            side.mass["words"] + worth.CONCEPT_SHARE * side.mass["concepts"] + worth.CHAR_SHARE * side.mass["chars"]
            for side in (old, new)
        ]
        # Spelling sees order and single characters; below a half it is the genre speaking.
        spelling = 2 * _spelling(old.texts, new.texts) - 1.0
        dice = np.maximum(_dice(words, old.mass["words"], new.mass["words"]), _dice(spoken, *sizes))
        result: Matrix = np.maximum(dice, spelling)
        return result

    def _template(self, old: Side, new: Side, likeness: Matrix, so_far: Matrix) -> Matrix:
        """A likeness that rows with partners of their own show as well is that of a template, not of a commitment."""
        result = np.zeros_like(likeness)
        doubtful = (likeness > worth.TEMPLATE_FROM) & (so_far > -1.0)
        if not self.anchors.pairs or not doubtful.any():
            return result
        at_old, at_new = np.flatnonzero(doubtful.any(axis=1)), np.flatnonzero(doubtful.any(axis=0))
        usual_old, usual_new = np.zeros(len(old.rows)), np.zeros(len(new.rows))
        usual_old[at_old] = self._usual([old.rows[i] for i in at_old], of_old=True)
        usual_new[at_new] = self._usual([new.rows[j] for j in at_new], of_old=False)
        usual = np.maximum(usual_old[:, None], usual_new[None, :])
        span = worth.TEMPLATE_FULL - worth.TEMPLATE_FROM
        weight = np.clip((usual - worth.TEMPLATE_FROM) / span, 0.0, 1.0)
        found: Matrix = np.where(doubtful, weight * curve(likeness - usual, worth.TEMPLATE), 0.0)
        return found

    def _usual(self, rows: Sequence[tuple[Profile, ...]], *, of_old: bool) -> list[float]:
        """The likeness of each row to the row most like it among those with partners; of joined rows the greatest."""
        unknown = [p for row in rows for p in row if (of_old, p.place) not in self._usual_of]
        if unknown:
            anchored = [promise_of(self._corpus.old[i]) for i in self._corpus.old_anchors]
            near = _spelling([p.text for p in unknown], anchored)
            for p, nearest, ratio in zip(unknown, near.argmax(axis=1), near.max(axis=1), strict=True):
                usual = max(2 * float(ratio) - 1.0, self._words_in_common(p, anchored[int(nearest)]))
                self._usual_of[of_old, p.place] = usual
        return [max(self._usual_of[of_old, p.place] for p in row) for row in rows]

    def _words_in_common(self, row: Profile, text: str) -> float:
        """The likeness by rare words alone, with a row outside the lexicon."""
        other = tokens(fold(text))
        every = sorted(row.words | other)
        weight = dict(zip(every, phrase_weights(self._corpus.promises, every).tolist(), strict=True))
        total = math.fsum(weight[w] for w in row.words) + math.fsum(weight[w] for w in other)
        return 2 * math.fsum(weight[w] for w in row.words & other) / max(total, 1e-9)

    def _figures(self, old: Side, new: Side, likeness: Matrix) -> Matrix:
        """Shared figures speak for a pair; none shared speaks against it, unless nearly all else is the same."""
        shared = self.shared("figures", old, new)
        both = (old.mass["figures"] > 0)[:, None] & (new.mass["figures"] > 0)[None, :]
        against = curve(likeness, worth.FIGURES_OTHER)
        return np.where(both, np.where(shared > 0, worth.FIGURE_SHARED * np.minimum(shared, 2.5), against), 0.0)

    def status(self, old: Side, new: Side) -> Matrix:
        """What is reported goes on: names and figures of the one status stand in the other."""
        shared = self.shared("status_words", old, new) + self.shared("status_figures", old, new)
        mass_old, mass_new = old.mass["status_words"][:, None], new.mass["status_words"][None, :]
        # A status of three words proves nothing either way.
        trust = np.clip(np.minimum(mass_old, mass_new) / worth.STATUS_FULL, 0.0, 1.0)
        return trust * curve(shared / np.maximum(np.sqrt(mass_old * mass_new), 1e-9), worth.STATUS)

    def units(self, old: Side, new: Side) -> Matrix:
        """The bodies responsible: shared ones speak for a pair, the more the rarer they are."""
        shared = self.shared("units", old, new)
        mass_old, mass_new = old.mass["units"][:, None], new.mass["units"][None, :]
        share = shared / np.maximum(mass_old + mass_new - shared, 1e-9)
        rare = worth.UNITS_SHARED + worth.UNITS_RARE * np.clip(shared, 0.3, 1.2)
        known = (mass_old > 0) & (mass_new > 0)
        return np.where(known, np.where(share > 0, worth.UNITS_BASE + rare * share, worth.UNITS_NONE), 0.0)

    def _category(self, old: Side, new: Side) -> Matrix:
        """How often rows of the one category are found in the other, against chance; renamed ones are learnt so."""
        pairs = self.anchors.categories
        total = sum(pairs.values())
        of_old, of_new = self._corpus.category_old, self._corpus.category_new
        left, right = ([_category_of(row) for row in side.rows] for side in (old, new))
        known: dict[tuple[str, str], float] = {}
        for a in set(left):
            for b in set(right):
                met = (pairs[a, b] + (1.0 if a == b else 0.05)) * (total + 6.0)
                odds = worth.CATEGORY_FACTOR * float(np.log(met / ((of_old[a] + 1.2) * (of_new[b] + 1.2))))
                within = min(max(odds, worth.CATEGORY_LEAST), worth.CATEGORY_MOST)
                known[a, b] = within if a and b else 0.0
        return np.array([[known[a, b] for b in right] for a in left], dtype=np.float64).reshape(len(left), len(right))

    def _order(self, old: Side, new: Side) -> Matrix:
        """Number and place: worth what the anchors show they are worth, and together never more than a hint."""
        gaps_old = np.array([self._gap_of_old(row) for row in old.rows]).reshape(-1, 2)
        gaps_new = np.array([self._gap_of_new(row) for row in new.rows]).reshape(-1, 2)
        fits = (gaps_old[:, None, :] == gaps_new[None, :, :]).sum(axis=2)
        place = self.anchors.order_kept * np.array(worth.PLACE)[fits]
        left, right = (np.array([row[0].seq for row in side.rows]) for side in (old, new))
        known = (left != "")[:, None] & (right != "")[None, :]
        equal = left[:, None] == right[None, :]
        number = self.anchors.seq_kept * np.where(known, np.where(equal, worth.SEQ_EQUAL, worth.SEQ_OTHER), 0.0)
        hint: Matrix = np.where(np.abs(place) >= np.abs(number), place + 0.5 * number, number + 0.5 * place)
        return hint

    def _gap_of_old(self, row: tuple[Profile, ...]) -> tuple[int, int]:
        """The anchors around an old row, as places in the new document (-1 and the length at the ends)."""
        anchors, new_of = self._corpus.old_anchors, self._corpus.new_of
        at, until = bisect_left(anchors, row[0].place), bisect_left(anchors, row[-1].place)
        after = new_of[anchors[until]] if until < len(anchors) else len(self._corpus.new)
        return new_of[anchors[at - 1]] if at else -1, after

    def _gap_of_new(self, row: tuple[Profile, ...]) -> tuple[int, int]:
        """The anchors around a new row, as places in the new document."""
        anchors = self._corpus.new_anchors
        at, until = bisect_left(anchors, row[0].place), bisect_left(anchors, row[-1].place)
        after = anchors[until] if until < len(anchors) else len(self._corpus.new)
        return anchors[at - 1] if at else -1, after


def _category_of(row: tuple[Profile, ...]) -> str:
    """The category of a row; of joined rows the one they share."""
    found = {profile.category for profile in row}
    return found.pop() if len(found) == 1 else ""


def _contrast(old: Side, new: Side) -> Matrix:
    """城东 against 城西, 一期 against 二期: both rows name a side (or a stage), and not one of them is the same."""
    result = np.zeros((len(old.rows), len(new.rows)))
    left, right = ([_contrasts_of(row) for row in side.rows] for side in (old, new))
    for kind in (0, 1):
        named_old = [(i, marks[kind]) for i, marks in enumerate(left) if marks[kind]]
        named_new = [(j, marks[kind]) for j, marks in enumerate(right) if marks[kind]]
        for i, a in named_old:
            for j, b in named_new:
                if not a & b:
                    result[i, j] += worth.CONTRAST
    return result


def _contrasts_of(row: tuple[Profile, ...]) -> tuple[frozenset[str], frozenset[str]]:
    sides = frozenset[str]().union(*(profile.contrasts[0] for profile in row))
    return sides, frozenset[str]().union(*(profile.contrasts[1] for profile in row))
