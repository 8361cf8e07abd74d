"""The words of two documents as numbers: which row has which, and how much each tells in this pair of documents.

Pairs of neighbouring Chinese characters stand for words; a pair is one integer, so that whole tables are cut into
words, counted and weighed by a few array operations.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tasks.compare.profiles import Profile
from tasks.compare.vocabulary import concept_openings, concepts_at, filler_pairs, latin_concepts
from tasks.compare.weights import CHAR_SHARE, CONCEPT_SHARE, FILLER_SHARE
from tasks.text import fold

Vector = NDArray[np.float64]
Codes = NDArray[np.uint64]

_NUMERAL = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_LATIN = re.compile(r"[a-z]+")
_SHIFT = np.uint64(21)


def code(pair: str) -> int:
    """The integer that stands for a word by its first two characters; 0 for a single one."""
    return (ord(pair[0]) << 21) | ord(pair[1]) if len(pair) > 1 else 0


def codes_of(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """(number of the text, character) for every character of every text."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    chars = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.repeat(np.arange(len(texts)), lengths), chars


def _han(chars: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return ((chars >= 0x3400) & (chars <= 0x9FFF)) | ((chars >= 0xF900) & (chars <= 0xFAFF))


class Counts:
    """How often words stand in the two documents: the rarer, the more a shared one tells.

    Counted over the raw text: pairs of Chinese characters are the same there as in folded text.
    """

    def __init__(self, texts: Iterable[str], rows: int, *, floor_rows: int = 60) -> None:
        self._text = "\n".join(texts)
        chars = np.frombuffer(self._text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        self._pairs = np.sort((chars[:-1] << _SHIFT) | chars[1:])
        self._chars = np.sort(chars)
        self._numerals: Counter[str] | None = None
        self._rows = max(rows, floor_rows)

    def pairs(self, wanted: Codes) -> Vector:
        """Occurrences of pairs of characters."""
        return _count(self._pairs, wanted)

    def chars(self, wanted: Codes) -> Vector:
        """Occurrences of single characters."""
        return _count(self._chars, wanted)

    def figures(self, figures: Sequence[str]) -> Vector:
        """Occurrences of numerals as they are printed; a numeral with its unit counts as the numeral."""
        if self._numerals is None:
            self._numerals = Counter(_NUMERAL.findall(self._text))
            for printed in [numeral for numeral in self._numerals if not numeral.isascii()]:
                self._numerals[fold(printed)] += self._numerals[printed]
        plain = (_NUMERAL.match(figure) for figure in figures)
        return np.array([self._numerals[found[0]] if found else 0 for found in plain], dtype=np.float64)

    def rarity(self, counts: Vector) -> Vector:
        """Counts → 0 (in every row) .. 1 (in one row of each document, where it is expected twice)."""
        share = np.log(self._rows / np.clip(counts, 2.0, self._rows)) / math.log(self._rows / 2)
        return np.asarray(share, dtype=np.float64)

    def phrases(self, pairs: Codes) -> Vector:
        """The rarity of pairs of characters, less for those that stand inside a filler of the genre."""
        filler = _count(_filler_codes(), pairs) > 0
        return self.rarity(self.pairs(pairs)) * np.where(filler, FILLER_SHARE, 1.0)


def _count(ordered: Codes, wanted: Codes) -> Vector:
    found = np.searchsorted(ordered, wanted, side="right") - np.searchsorted(ordered, wanted, side="left")
    return found.astype(np.float64)


@lru_cache(maxsize=1)
def _filler_codes() -> Codes:
    return np.array(sorted(map(code, filler_pairs())), dtype=np.uint64)


@lru_cache(maxsize=1)
def _opening_codes() -> tuple[Codes, tuple[str, ...]]:
    """The first two characters of the words of concepts, as sorted integers and as text."""
    openings = sorted(concept_openings(), key=code)
    return np.array([code(opening) for opening in openings], dtype=np.uint64), tuple(openings)


@lru_cache(maxsize=1024)
def _concept_codes(concept: int) -> tuple[int, ...]:
    return tuple(sorted({code(word) for word in concepts_at(concept)}))


@dataclass(frozen=True)
class Bag:
    """Rows × columns, 1 where the row has what the column stands for; and what each column weighs."""

    has: Vector
    weights: Vector

    def beside(self, other: Bag, share: float = 1.0) -> Bag:
        """The columns of both, those of the other at a share of their weight."""
        return Bag(np.hstack([self.has, other.has]), np.concatenate([self.weights, share * other.weights]))


def words(texts: Sequence[str], counts: Counts) -> tuple[Bag, NDArray[np.intp], NDArray[np.intp], Codes]:
    """Pairs of neighbouring Chinese characters, and Latin words, of folded texts.

    Also, for every pair that occurs: its row, its column, and the pair of each column (Latin words have none).
    """
    row, chars = codes_of(texts)
    han = _han(chars)
    joint = han[:-1] & han[1:] & (row[:-1] == row[1:]) if len(row) else han
    wide = chars.astype(np.uint64)
    pairs, column = np.unique(((wide[:-1] << _SHIFT) | wide[1:])[joint], return_inverse=True)
    at = row[:-1][joint]
    has = np.zeros((len(texts), len(pairs)))
    has[at, column] = 1.0
    weights = counts.phrases(pairs)
    latin: dict[str, list[int]] = {}
    if ((chars >= 97) & (chars <= 122)).any():
        for number, text in enumerate(texts):
            for word in set(_LATIN.findall(text)):
                latin.setdefault(word, []).append(number)
    if latin:
        more = np.zeros((len(texts), len(latin)))
        for to, numbers in enumerate(latin.values()):
            more[numbers, to] = 1.0
        found = counts.phrases(np.array([code(word) for word in latin], dtype=np.uint64))
        return Bag(has, weights).beside(Bag(more, found)), at, column, pairs
    return Bag(has, weights), at, column, pairs


def characters(texts: Sequence[str], counts: Counts) -> Bag:
    """The Chinese characters of folded texts."""
    row, chars = codes_of(texts)
    han = _han(chars)
    found, column = np.unique(chars[han].astype(np.uint64), return_inverse=True)
    has = np.zeros((len(texts), len(found)))
    has[row[han], column] = 1.0
    return Bag(has, counts.rarity(counts.chars(found)))


def concepts(
    texts: Sequence[str], counts: Counts, at: NDArray[np.intp], column: NDArray[np.intp], pairs: Codes
) -> Bag:
    """The concepts that folded texts speak of; `at`, `column`, `pairs` as `words` gives them."""
    openings, spelled = _opening_codes()
    place = np.minimum(np.searchsorted(openings, pairs), len(openings) - 1)
    opens = openings[place] == pairs
    hits = opens[column]
    spoken: dict[int, set[int]] = {}
    starts = concept_openings()
    for number, to in zip(at[hits].tolist(), place[column[hits]].tolist(), strict=True):
        for word, known in starts[spelled[to]]:
            if len(word) == 2 or word in texts[number]:
                for concept in known:
                    spoken.setdefault(concept, set()).add(number)
    for word, known in latin_concepts():
        for number, text in enumerate(texts):
            if word in text:
                for concept in known:
                    spoken.setdefault(concept, set()).add(number)
    listed = sorted(spoken)
    has = np.zeros((len(texts), len(listed)))
    for to, concept in enumerate(listed):
        has[list(spoken[concept]), to] = 1.0
    if not listed:
        return Bag(has, np.zeros(0))
    wanted = [_concept_codes(concept) for concept in listed]
    found = counts.pairs(np.array([one for some in wanted for one in some], dtype=np.uint64))
    first = np.cumsum([0, *map(len, wanted[:-1])])
    return Bag(has, counts.rarity(np.maximum.reduceat(found, first)))


def marks(sets: Sequence[frozenset[str]]) -> tuple[Vector, list[str]]:
    """Rows × what stands in any of the sets, and what each column stands for."""
    column: dict[str, int] = {one: at for at, one in enumerate(sorted(frozenset[str]().union(*sets)))}
    has = np.zeros((len(sets), len(column)))
    if column:
        rows = np.repeat(np.arange(len(sets)), [len(some) for some in sets])
        has[rows, [column[one] for some in sets for one in some]] = 1.0
    return has, list(column)


def figures(sets: Sequence[frozenset[str]], counts: Counts) -> Bag:
    """Figures, the rarer and the less round the heavier."""
    has, listed = marks(sets)
    if not listed:
        return Bag(has, np.zeros(0))
    telling = np.array([_telling(one) for one in listed], dtype=np.float64)
    return Bag(has, counts.rarity(counts.figures(listed)) * telling)


@lru_cache(maxsize=4096)
def _telling(figure: str) -> float:
    """Less for round and small figures, which coincide by chance."""
    digits = "".join(c for c in figure if c.isdigit())
    telling = len(digits.strip("0"))
    size = 0.45 if telling < 2 else 0.75 if telling == 2 else 1.0
    return max(size, 0.7 if len(digits) == 3 else 0.9 if len(digits) > 3 else 0.0)


def bodies(sets: Sequence[frozenset[str]], counts: Counts, rows_with: Mapping[str, int]) -> Bag:
    """Responsible units; even the most usual one says something."""
    has, listed = marks(sets)
    known = np.array([rows_with.get(one, 0) for one in listed], dtype=np.float64)
    return Bag(has, 0.15 + counts.rarity(known))


def bags_of(rows: Sequence[Profile], promises: Counts, statuses: Counts, units: Mapping[str, int]) -> dict[str, Bag]:
    """Everything in which rows can agree, kind by kind, weighed by the counts over both whole documents.

    `spoken` has the words, the concepts and the characters of the promise, in this order; `status` words and figures.
    """
    texts = [row.told.text for row in rows]
    said, at, column, pairs = words(texts, promises)
    meant = concepts(texts, promises, at, column, pairs)
    status_words = words([row.status for row in rows], statuses)[0]
    status_figures = figures([row.status_figures for row in rows], statuses)
    sides, stages = (marks([getattr(row.told, kind) for row in rows])[0] for kind in ("sides", "stages"))
    spoken = said.beside(meant, CONCEPT_SHARE).beside(characters(texts, promises), CHAR_SHARE)
    return {
        "words": Bag(spoken.has[:, : len(said.weights)], said.weights),
        "concepts": meant,
        "spoken": spoken,
        "figures": figures([row.told.figures for row in rows], promises),
        "status_words": status_words,
        "status": status_words.beside(status_figures),
        "units": bodies([row.units for row in rows], promises, units),
        "sides": Bag(sides, np.ones(sides.shape[1])),
        "stages": Bag(stages, np.ones(stages.shape[1])),
    }


@dataclass(frozen=True)
class Side:
    """Rows of one document ready to be weighed: each a profile, or several read together as one.

    `has[kind]` is rows × columns, 1 where the row has it; `mass[kind]` is the weight of all that each row has.
    """

    rows: tuple[tuple[Profile, ...], ...]
    has: dict[str, Vector]
    mass: dict[str, Vector]
    weights: dict[str, Vector]

    @classmethod
    def both(
        cls, old: Sequence[Profile], new: Sequence[Profile], promises: Counts, statuses: Counts, units: Mapping[str, int]
    ) -> tuple[Side, Side]:
        """The rows of two documents, in the same columns."""
        bags = bags_of([*old, *new], promises, statuses, units)
        weights = {kind: bag.weights for kind, bag in bags.items()}
        mass = {kind: bag.has @ bag.weights for kind, bag in bags.items()}
        cut = len(old)
        left, right = (
            cls(
                tuple((one,) for one in profiles),
                {kind: bag.has[part] for kind, bag in bags.items()},
                {kind: whole[part] for kind, whole in mass.items()},
                weights,
            )
            for profiles, part in ((old, slice(None, cut)), (new, slice(cut, None)))
        )
        return left, right

    def joined(self, groups: Sequence[Sequence[int]]) -> Side:
        """For each group of places the rows there, read together as one row. No group is empty."""
        flat = [place for group in groups for place in group]
        first = np.cumsum([0, *map(len, groups[:-1])])
        has = {kind: np.maximum.reduceat(matrix[flat], first, axis=0) for kind, matrix in self.has.items()}
        rows = tuple(tuple(one for place in sorted(group) for one in self.rows[place]) for group in groups)
        return Side(rows, has, {kind: matrix @ self.weights[kind] for kind, matrix in has.items()}, self.weights)

    def only(self, places: Sequence[int]) -> Side:
        """The rows at `places`, each for itself; a place may be asked for again."""
        chosen = list(places)
        return Side(
            tuple(self.rows[place] for place in chosen),
            {kind: matrix[chosen] for kind, matrix in self.has.items()},
            {kind: mass[chosen] for kind, mass in self.mass.items()},
            self.weights,
        )

    @property
    def texts(self) -> list[str]:
        """The promise of each row; of several, one after the other."""
        return [",".join(one.told.text for one in row) if len(row) > 1 else row[0].told.text for row in self.rows]
