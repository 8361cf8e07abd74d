"""How likely two rows are one commitment: the evidence of each field, weighed and summed as log-odds.

Every kind of evidence is a matrix old × new. What a field is worth is measured in the pair of documents itself, on the
rows that agree exactly: where numbers stayed, an equal number counts; where rows were shuffled, their order does not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist, cpdist

from tasks.compare import weights as worth
from tasks.compare.lexicon import GROUPS, Counts, Side, common_words
from tasks.compare.normalise import bare, finished, places, underway, unit_key
from tasks.compare.profiles import Profile, label, promise_of
from tasks.compare.substitution import substituted
from tasks.model import Row

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]


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
    next_of = dict(pairwise(sorted(j for _, j in places)))
    kept = sum(next_of.get(j) == then for (_, j), (_, then) in pairwise(places))
    numbers = [(old[i].seq, new[j].seq) for i, j in places]
    numbered = [(a, b) for a, b in numbers if a is not None and b is not None]
    same = sum(a == b or str(a) == str(b) for a, b in numbered)
    categories: Counter[tuple[str, str]] = Counter()
    for (before, after), count in Counter([(old[i].category, new[j].category) for i, j in places]).items():
        categories[label(before or ""), label(after or "")] += count
    return Anchors(
        pairs=tuple(places),
        seq_kept=(same + 1) / (len(numbered) + 2) if numbered else 0.0,
        order_kept=(kept + 0.5) / (len(places) + 1) if len(places) > 1 else 0.3,
        categories=categories,
    )


def curve(values: Matrix, points: Sequence[tuple[float, float]]) -> Matrix:
    """Piecewise linear through (value, log-odds) points, flat beyond the ends."""
    xs, ys = _points(tuple(points))
    result: Matrix = np.interp(values, xs, ys)
    return result


@lru_cache(maxsize=64)
def _points(points: tuple[tuple[float, float], ...]) -> tuple[Matrix, Matrix]:
    xs, ys = zip(*points, strict=True)
    return np.array(xs, dtype=np.float64), np.array(ys, dtype=np.float64)


_AT = {group: at for at, group in enumerate(GROUPS)}


class Corpus:
    """The two documents as a whole: how often their words occur, and what their equal rows show."""

    def __init__(self, old: Sequence[Row], new: Sequence[Row], exact: Sequence[tuple[int, int]]) -> None:
        rows = [*old, *new]
        self.old, self.new = old, new
        promises = [row.content or promise_of(row) for row in rows]
        self.counts = Counts(promises, [row.status or "" for row in rows], len(rows))
        self.units: Counter[str] = Counter()
        for units, count in Counter([row.units for row in rows]).items():
            for unit in set(map(unit_key, units)):
                self.units[unit] += count
        named = [*promises, *{unit for units in {row.units for row in rows} for unit in units}]
        self.places: frozenset[str] = frozenset().union(*map(places, named))
        self.anchors = anchors_of(exact, old, new)
        self.old_anchors = np.array([i for i, _ in self.anchors.pairs], dtype=np.intp)
        self.new_of = np.array([-1, *(j for _, j in self.anchors.pairs), len(new)], dtype=np.intp)
        self.new_anchors = np.sort(self.new_of[1:-1])
        self.category_old: Counter[str] = Counter()
        self.category_new: Counter[str] = Counter()
        for (before, after), count in self.anchors.categories.items():
            self.category_old[before] += count
            self.category_new[after] += count

    def gap_of_old(self, first: Places, last: Places) -> tuple[Places, Places]:
        """The anchors around old rows, as places in the new document (-1 and the length at the ends)."""
        at, until = np.searchsorted(self.old_anchors, first), np.searchsorted(self.old_anchors, last)
        return self.new_of[at], self.new_of[until + 1]

    def gap_of_new(self, first: Places, last: Places) -> tuple[Places, Places]:
        """The anchors around new rows, as places in the new document."""
        padded = np.concatenate([[-1], self.new_anchors, [len(self.new)]])
        at, until = np.searchsorted(self.new_anchors, first), np.searchsorted(self.new_anchors, last)
        return padded[at], padded[until + 1]


@dataclass(frozen=True)
class Meeting:
    """Rows of two documents that are weighed: every one against every one, or (`aligned`) the first with the first.

    What it computes is old × new, or has one value for each aligned pair.
    """

    old: Side
    new: Side
    aligned: bool = False

    def left(self, values: NDArray[Any]) -> NDArray[Any]:
        """A value for each old row, in the shape of the meeting."""
        return values if self.aligned else values[:, None]

    def right(self, values: NDArray[Any]) -> NDArray[Any]:
        """A value for each new row, in the shape of the meeting."""
        return values if self.aligned else values[None, :]

    def masses(self, kind: str) -> tuple[Matrix, Matrix]:
        """The weight of all that each row has of one kind."""
        at = _AT[kind]
        return self.left(self.old.mass[:, at]), self.right(self.new.mass[:, at])

    def shared(self, kind: str) -> Matrix:
        """The weight of what two rows share of one kind."""
        columns = self.old.lexicon.columns[kind]
        weighed = self.old.has[:, columns] * self.old.lexicon.weights[kind]
        other = self.new.has[:, columns]
        result: Matrix = np.einsum("ij,ij->i", weighed, other) if self.aligned else weighed @ other.T
        return result

    @cached_property
    def spelling(self) -> Matrix:
        """Share of characters in common and in order, 0..1."""
        compare = cpdist if self.aligned else cdist
        ratio = compare(self.old.texts, self.new.texts, scorer=fuzz.ratio, dtype=np.float32)
        return np.asarray(ratio, dtype=np.float64) / 100

    @cached_property
    def likeness(self) -> Matrix:
        """How much two promises share, 0..1: rare words, concepts, characters, spelling; the best witness counts."""
        dice = (2 * self.shared(kind) / np.maximum(sum(self.masses(kind)), 1e-9) for kind in ("words", "spoken"))
        # Spelling sees order and single characters; below a half it is the genre speaking.
        result: Matrix = np.maximum(np.maximum(*dice), 2 * self.spelling - 1.0)
        return result

    def figures(self) -> Matrix:
        """Shared figures speak for a pair; none shared speaks against it, unless nearly all else is the same."""
        shared = self.shared("figures")
        old, new = self.masses("figures")
        against = curve(self.likeness, worth.FIGURES_OTHER)
        speaks = np.where(shared > 0, worth.FIGURE_SHARED * np.minimum(shared, 2.5), against)
        return np.where((old > 0) & (new > 0), speaks, 0.0)

    def contrast(self) -> Matrix:
        """城东 against 城西, 一期 against 二期: both rows name a side (or a stage), and not one of them is the same."""
        result = np.zeros(self.likeness.shape)
        for kind, against in worth.CONTRAST_OF.items():
            old, new = self.masses(kind)
            if old.any() and new.any():
                apart = (old > 0) & (new > 0) & (self.shared(kind) == 0)
                result += np.where(apart, against, 0.0)
                if kind == "stages":
                    result += np.where(apart & (self.shared("stems") > 0), worth.CONTRAST_OF_ONE, 0.0)
        return result

    @cached_property
    def announced(self) -> Matrix:
        """The weight of what the one promise has, the other lacks, and the other's status tells: 青石谷完成规划 goes on
        as 青石谷创建4A景区."""
        # In a long status anything is found.
        mass = [side.mass[:, [_AT["status_words"]]] for side in (self.old, self.new)]
        trust = [worth.ANNOUNCED_LONG / np.maximum(some, worth.ANNOUNCED_LONG) for some in mass]
        return self._reappearing("pairs", self.old.told * trust[0], self.new.told * trust[1])

    def fulfilled(self) -> Matrix:
        """The weight of the figures, with their measure, that the one promise has, the other lacks, and the other's
        status tells: 搬迁避让117户 goes on as 群众迁往安全地带, with 117户入住新居."""
        return self._reappearing("figures", self.old.reached, self.new.reached)

    def reopened(self) -> Matrix:
        """What was finished is not begun anew: a row that is on its way is a newcomer of the same kind."""
        old = np.array([all(finished(one.status) for one in row) for row in self.old.rows])
        if not old.any():
            return np.zeros(self.likeness.shape)
        new = np.array([min(map(_unfinished, row)) for row in self.new.rows])
        return np.where(self.left(old), self.right(new), 0.0)

    def _reappearing(self, kind: str, told_old: Matrix, told_new: Matrix) -> Matrix:
        """The weight of what stands in the promise of one row, and of the other in the status only."""
        columns, weights = self.old.lexicon.columns[kind], self.old.lexicon.weights[kind]
        old, new = self.old.has[:, columns], self.new.has[:, columns]
        ahead, back = told_old * (1 - old) * weights, told_new * (1 - new) * weights
        if self.aligned:
            found: Matrix = np.einsum("ij,ij->i", ahead, new) + np.einsum("ij,ij->i", back, old)
        else:
            found = ahead @ new.T + (back @ old.T).T
        return found

    def renamed(self, doubtful: NDArray[np.bool_], counts: Counts) -> Matrix:
        """One sentence about two things, of the doubtful pairs (`substitution`). Joined rows are no one sentence."""
        found = np.zeros(doubtful.shape)
        if not self.aligned:
            for i, j in np.argwhere(doubtful & (self.spelling >= worth.RENAMED_SPELLING)).tolist():
                found[i, j] = substituted(self.old.rows[i][0].told.text, self.new.rows[j][0].told.text, counts)
        return found

    @cached_property
    def status(self) -> Matrix:
        """What is reported goes on: names and figures of the one status stand in the other."""
        old, new = self.masses("status_words")
        # A status of three words proves nothing either way.
        trust = np.clip(np.minimum(old, new) / worth.STATUS_FULL, 0.0, 1.0)
        result: Matrix = trust * curve(self.shared("status") / np.maximum(np.sqrt(old * new), 1e-9), worth.STATUS)
        return result

    @cached_property
    def units(self) -> Matrix:
        """The bodies responsible: shared ones speak for a pair, the more the rarer they are."""
        shared = self.shared("units")
        old, new = self.masses("units")
        share = shared / np.maximum(old + new - shared, 1e-9)
        rare = worth.UNITS_SHARED + worth.UNITS_RARE * np.clip(shared, 0.3, 1.2)
        known = (old > 0) & (new > 0)
        return np.where(known, np.where(share > 0, worth.UNITS_BASE + rare * share, worth.UNITS_NONE), 0.0)


class Scale:
    """The evidence between some rows of two documents: `left` and `right`, which exact agreement left over."""

    def __init__(self, corpus: Corpus, left: Sequence[Profile], right: Sequence[Profile]) -> None:
        self._corpus = corpus
        self.anchors = corpus.anchors
        self.rows = min(len(corpus.old), len(corpus.new))  # of the smaller document
        self.left, self.right = Side.both(left, right, corpus.counts, corpus.units, corpus.places)
        self._usual: dict[tuple[bool, int], float] = {}
        self._renamings: dict[tuple[str, str], float] = {}
        self._unheard = self._missing()

    def _missing(self) -> float:
        """What is made up for where neither document says who is responsible, what was done, or under which heading.

        The curves expect of a pair that these speak for it; where nobody speaks, silence is no evidence.
        """
        known = {
            kind: all(bool(side.mass[:, _AT[kind]].any()) for side in (self.left, self.right))
            for kind in ("units", "status_words")
        }
        known["category"] = any(a and b for a, b in self.anchors.categories)
        return sum(share for kind, share in worth.MISSING.items() if not known[kind])

    def weigh(self, meeting: Meeting) -> Matrix:
        """Log-odds that the two rows are one commitment, in the shape of the meeting."""
        total: Matrix = sum(self.kinds(meeting).values(), start=np.zeros(()))
        return total

    def kinds(self, meeting: Meeting) -> dict[str, Matrix]:
        """The log-odds by kind of evidence; they are summed. Apart, for tuning and for explaining a link."""
        likeness = meeting.likeness
        lone_status = np.where(likeness < worth.STATUS_ALONE[0], worth.STATUS_ALONE[1], np.inf)
        found = {
            "content": curve(likeness, worth.CONTENT),
            "figures": meeting.figures(),
            "contrast": meeting.contrast(),
            "status": np.minimum(meeting.status, lone_status),
            "units": meeting.units,
            "category": self._category(meeting),
            "order": self._order(meeting),
        }
        found["reopened"] = meeting.reopened()
        found["announced"] = curve(meeting.announced, worth.ANNOUNCED)
        found["status"] = np.maximum(found["status"], curve(meeting.announced, worth.STATUS_SILENT))
        found["fulfilled"] = worth.FULFILLED * np.minimum(meeting.fulfilled(), worth.FULFILLED_MOST)
        found["missing"] = np.full(likeness.shape, self._unheard)
        surroundings = found["units"] + found["category"] + found["order"]
        most = worth.SURROUNDINGS + worth.SURROUNDINGS_HEARD * (found["announced"] + found["fulfilled"])
        least = worth.SURROUNDINGS_LEAST + curve(meeting.shared("pairs"), worth.SURROUNDINGS_WORDS)
        found["surroundings"] = np.clip(surroundings, least, most) - surroundings
        so_far: Matrix = sum(found.values(), start=np.zeros(()))
        found["renamed"] = meeting.renamed((likeness > worth.RENAMED_FROM) & (so_far > -1.0), self._corpus.counts)
        so_far = so_far + found["renamed"]
        found["template"] = self._template(meeting, so_far)
        return found

    def _template(self, meeting: Meeting, so_far: Matrix) -> Matrix:
        """A likeness that rows with partners of their own show as well is that of a template, not of a commitment."""
        likeness = meeting.likeness
        doubtful = (likeness > worth.TEMPLATE_FROM) & (so_far > -1.0)
        if not self.anchors.pairs or not doubtful.any():
            return np.zeros_like(likeness)
        at_old = np.flatnonzero(doubtful if meeting.aligned else doubtful.any(axis=1))
        at_new = np.flatnonzero(doubtful if meeting.aligned else doubtful.any(axis=0))
        old, new = [meeting.old.rows[i] for i in at_old], [meeting.new.rows[j] for j in at_new]
        self._find_usual(old, new)
        usual_old, usual_new = np.zeros(len(meeting.old.rows)), np.zeros(len(meeting.new.rows))
        usual_old[at_old] = [max(self._usual[True, p.place] for p in row) for row in old]
        usual_new[at_new] = [max(self._usual[False, p.place] for p in row) for row in new]
        usual: Matrix = np.maximum(meeting.left(usual_old), meeting.right(usual_new))
        span = worth.TEMPLATE_FULL - worth.TEMPLATE_FROM
        weight = np.clip((usual - worth.TEMPLATE_FROM) / span, 0.0, 1.0)
        found: Matrix = np.where(doubtful, weight * curve(likeness - usual, worth.TEMPLATE), 0.0)
        return found

    def _find_usual(self, old: Sequence[tuple[Profile, ...]], new: Sequence[tuple[Profile, ...]]) -> None:
        """The likeness of each row to the row most like it among those with partners."""
        asked = {(of_old, p.place): p for of_old, rows in ((True, old), (False, new)) for row in rows for p in row}
        unknown = {key: p.told.text for key, p in asked.items() if key not in self._usual}
        if not unknown:
            return
        texts = list(unknown.values())
        anchored = [promise_of(self._corpus.old[i]) for i in self._corpus.old_anchors]
        # Rows that no other comes near in spelling share no template either.
        least = 100 * worth.TEMPLATE_NEAR
        near = cdist(texts, anchored, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)
        usual = 2 * (near.max(axis=1).astype(np.float64) / 100) - 1.0
        some = np.flatnonzero(usual > 2 * worth.TEMPLATE_NEAR - 1.0)
        if len(some):
            nearest = [bare(anchored[at]) for at in near[some].argmax(axis=1).tolist()]
            shared = common_words([texts[at] for at in some.tolist()], nearest, self._corpus.counts)
            usual[some] = np.maximum(usual[some], shared)
        self._usual.update(zip(unknown, usual.tolist(), strict=True))

    def _category(self, meeting: Meeting) -> Matrix:
        """How often rows of the one category are found in the other, against chance; renamed ones are learnt so."""
        left, right = ([_category_of(row) for row in side.rows] for side in (meeting.old, meeting.new))
        at_old, at_new = ({name: at for at, name in enumerate(dict.fromkeys(names))} for names in (left, right))
        known = self._renamings
        known |= {pair: self._renamed(*pair) for pair in product(at_old, at_new) if pair not in known}
        table = np.array([[known[a, b] for b in at_new] for a in at_old])
        i, j = (np.array([at[name] for name in names]) for at, names in ((at_old, left), (at_new, right)))
        result: Matrix = table[meeting.left(i), meeting.right(j)]
        return result

    def _renamed(self, before: str, after: str) -> float:
        if not before or not after:
            return 0.0
        pairs = self.anchors.categories
        met = (pairs[before, after] + (1.0 if before == after else 0.05)) * (pairs.total() + 6.0)
        chance = (self._corpus.category_old[before] + 1.2) * (self._corpus.category_new[after] + 1.2)
        odds = worth.CATEGORY_FACTOR * math.log(met / chance)
        return min(max(odds, worth.CATEGORY_LEAST), worth.CATEGORY_MOST)

    def _order(self, meeting: Meeting) -> Matrix:
        """Number and place: worth what the anchors show they are worth, and together never more than a hint."""
        gaps = []
        for side, gap in ((meeting.old, self._corpus.gap_of_old), (meeting.new, self._corpus.gap_of_new)):
            first, last = (np.array([row[at].place for row in side.rows], dtype=np.intp) for at in (0, -1))
            gaps.append(gap(first, last))
        fits = sum((meeting.left(a) == meeting.right(b)).astype(np.intp) for a, b in zip(*gaps, strict=True))
        place = self.anchors.order_kept * np.array(worth.PLACE)[fits]
        left, right = (np.array([row[0].seq for row in side.rows]) for side in (meeting.old, meeting.new))
        before, after = meeting.left(left), meeting.right(right)
        known = (before != "") & (after != "")
        number = self.anchors.seq_kept * np.where(
            known, np.where(before == after, worth.SEQ_EQUAL, worth.SEQ_OTHER), 0.0
        )
        hint: Matrix = np.where(np.abs(place) >= np.abs(number), place + 0.5 * number, number + 0.5 * place)
        return hint


def _category_of(row: tuple[Profile, ...]) -> str:
    """The category of a row; of joined rows the one they share."""
    if len(row) == 1:
        return row[0].category
    found = {profile.category for profile in row}
    return found.pop() if len(found) == 1 else ""


def _unfinished(row: Profile) -> float:
    """What the status of a new row says against one that was finished."""
    if not row.status or finished(row.status):
        return 0.0
    return worth.BEGUN if underway(row.status) or row.behind() else worth.REOPENED
