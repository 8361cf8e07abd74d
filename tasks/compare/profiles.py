"""A row as the matcher sees it, and how much each of its words tells in this pair of documents."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasks.compare.normalise import characters, contrasts, quantities, strip_ordinal, tokens, unit_key
from tasks.compare.vocabulary import concept_words, concepts, filler_pairs
from tasks.compare.weights import FILLER_SHARE
from tasks.model import Row
from tasks.text import fold

KINDS = ("words", "concepts", "chars", "figures", "status_words", "status_figures", "units")
Vector = NDArray[np.float64]

_NUMERAL = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")


def promise_of(row: Row) -> str:
    """The text that says what is promised: the content; else the category; else the cells."""
    return row.content or row.category or "".join(row.cells.values())


@dataclass(frozen=True, slots=True)
class Profile:
    """The comparison forms of one row. `place` is its rank in the document."""

    place: int
    text: str
    words: frozenset[str]
    concepts: frozenset[str]
    chars: frozenset[str]
    figures: frozenset[str]  # values, and values with the first character of their unit
    status_words: frozenset[str]
    status_figures: frozenset[str]
    units: frozenset[str]
    contrasts: tuple[frozenset[str], frozenset[str]]
    category: str
    seq: str


def profile(row: Row, place: int) -> Profile:
    """The profile of one row."""
    text = fold(strip_ordinal(promise_of(row)))
    status = fold(row.status or "")
    words = tokens(text)
    return Profile(
        place=place,
        text=text,
        words=words,
        concepts=concepts(text, words),
        chars=characters(text),
        figures=frozenset(form for value, unit in quantities(text) for form in (value, value + unit)),
        status_words=tokens(status),
        status_figures=frozenset(value for value, _ in quantities(status)),
        units=frozenset(map(unit_key, row.units)),
        contrasts=contrasts(text),
        category=fold(row.category or ""),
        seq="" if row.seq is None else fold(str(row.seq)),
    )


class Counts:
    """How often words stand in the two documents: the rarer, the more a shared one tells.

    Counted over the raw text: pairs of Chinese characters are the same there as in folded text.
    """

    def __init__(self, texts: Iterable[str], rows: int, *, floor_rows: int = 60) -> None:
        self._text = "\n".join(texts)
        codes = np.frombuffer(self._text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        self._pairs = np.sort((codes[:-1] << np.uint64(21)) | codes[1:])
        self._chars = np.sort(codes)
        self._numerals: Counter[str] | None = None
        self._rows = max(rows, floor_rows)

    def pairs(self, words: Sequence[str]) -> Vector:
        """Occurrences of words of two or more characters, by their first two; Latin words are taken for rare."""
        wanted = np.array([(ord(w[0]) << 21) | ord(w[1]) if len(w) > 1 else 0 for w in words], dtype=np.uint64)
        return _count(self._pairs, wanted)

    def chars(self, chars: Sequence[str]) -> Vector:
        """Occurrences of single characters."""
        return _count(self._chars, np.array([ord(c) for c in chars], dtype=np.uint64))

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


def phrase_weights(counts: Counts, words: Sequence[str]) -> Vector:
    """The rarity of words, less for those that stand inside a filler of the genre."""
    filler = filler_pairs()
    share = np.array([FILLER_SHARE if w in filler else 1.0 for w in words], dtype=np.float64)
    return counts.rarity(counts.pairs(words)) * share


def _count(ordered: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> Vector:
    found = np.searchsorted(ordered, wanted, side="right") - np.searchsorted(ordered, wanted, side="left")
    return found.astype(np.float64)


@dataclass(frozen=True)
class Lexicon:
    """The words of some rows, kind by kind, with their weights."""

    columns: dict[str, dict[str, int]]
    weights: dict[str, Vector]

    @classmethod
    def of(cls, rows: Sequence[Profile], promises: Counts, statuses: Counts, units: Mapping[str, int]) -> Lexicon:
        """Every word that occurs in `rows`, weighed by the counts over both whole documents."""
        columns = {
            kind: {w: at for at, w in enumerate(sorted(frozenset[str]().union(*(getattr(r, kind) for r in rows))))}
            for kind in KINDS
        }
        listed = {kind: list(column) for kind, column in columns.items()}

        def figure(counts: Counts, kind: str) -> Vector:
            tell = np.array([_telling(f) for f in listed[kind]], dtype=np.float64)
            return counts.rarity(counts.figures(listed[kind])) * tell

        spoken = [promises.pairs(concept_words(c)).max() for c in listed["concepts"]]
        bodies = np.array([units.get(unit, 0) for unit in listed["units"]], dtype=np.float64)
        weights = {
            "words": phrase_weights(promises, listed["words"]),
            "concepts": promises.rarity(np.array(spoken, dtype=np.float64)),
            "chars": promises.rarity(promises.chars(listed["chars"])),
            "figures": figure(promises, "figures"),
            "status_words": phrase_weights(statuses, listed["status_words"]),
            "status_figures": figure(statuses, "status_figures"),
            # Even the most usual responsible unit says something.
            "units": 0.15 + promises.rarity(bodies),
        }
        return cls(columns, weights)


def _telling(figure: str) -> float:
    """Less for round and small figures, which coincide by chance."""
    digits = "".join(c for c in figure if c.isdigit())
    telling = len(digits.strip("0"))
    size = 0.45 if telling < 2 else 0.75 if telling == 2 else 1.0
    return max(size, 0.7 if len(digits) == 3 else 0.9 if len(digits) > 3 else 0.0)


@dataclass(frozen=True)
class Side:
    """Rows of one document ready to be weighed: each a profile, or several read together as one.

    `has[kind]` is rows × words, 1 where the row has the word; `mass[kind]` is the weight of each row's words.
    """

    rows: tuple[tuple[Profile, ...], ...]
    has: dict[str, Vector]
    mass: dict[str, Vector] = field(repr=False)

    @classmethod
    def of(cls, profiles: Sequence[Profile], lexicon: Lexicon) -> Side:
        """One row for each profile."""
        has = {}
        for kind in KINDS:
            column = lexicon.columns[kind]
            sets = [getattr(p, kind) for p in profiles]
            matrix = np.zeros((len(sets), len(column)))
            rows = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
            matrix[rows, [column[w] for one in sets for w in one]] = 1.0
            has[kind] = matrix
        return cls(tuple((p,) for p in profiles), has, _masses(has, lexicon))

    def joined(self, places: Sequence[int], lexicon: Lexicon) -> Side:
        """The rows at `places` read together as one row."""
        has = {kind: matrix[list(places)].max(axis=0, keepdims=True) for kind, matrix in self.has.items()}
        rows = tuple(profile for place in sorted(places) for profile in self.rows[place])
        return Side((rows,), has, _masses(has, lexicon))

    def only(self, places: Sequence[int]) -> Side:
        """The rows at `places`, each for itself."""
        chosen = list(places)
        return Side(
            tuple(self.rows[place] for place in chosen),
            {kind: matrix[chosen] for kind, matrix in self.has.items()},
            {kind: mass[chosen] for kind, mass in self.mass.items()},
        )

    @property
    def texts(self) -> list[str]:
        """The promise of each row; of several, one after the other."""
        return [",".join(profile.text for profile in row) for row in self.rows]


def _masses(has: dict[str, Vector], lexicon: Lexicon) -> dict[str, Vector]:
    return {kind: matrix @ lexicon.weights[kind] for kind, matrix in has.items()}
