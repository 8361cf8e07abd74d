"""A row as the matcher sees it, and how much each of its words tells in this pair of documents."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from tasks.compare.normalise import (
    characters,
    content_key,
    contrasts,
    numbers,
    quantities,
    strip_ordinal,
    tokens,
    unit_key,
)
from tasks.compare.vocabulary import concepts, filler_pairs
from tasks.model import Row
from tasks.text import fold

Weight = Callable[[str], float]

FILLER_SHARE = 0.25  # what a pair of characters inside a filler word weighs of its rarity


def promise_of(row: Row) -> str:
    """The text that says what is promised: the content; else the category; else the cells."""
    return row.content or row.category or "".join(row.cells.values())


@dataclass(frozen=True, slots=True)
class Profile:
    """The comparison forms of one row, or of several taken together (`places` then has several)."""

    places: tuple[int, ...]
    key: str
    text: str
    words: frozenset[str]
    chars: frozenset[str]
    concepts: frozenset[str]
    figures: frozenset[str]  # values, and values with the character of their unit
    contrasts: tuple[frozenset[str], frozenset[str]]
    status: str
    status_words: frozenset[str]
    status_figures: frozenset[str]
    units: frozenset[str]
    category: str
    seq: str


def profile(row: Row, place: int, *, like: Profile | None = None) -> Profile:
    """Profile of one row; `place` is its rank in the document. `like`: a row known to promise the same words."""
    promise = promise_of(row)
    text = like.text if like else fold(strip_ordinal(promise))
    status = fold(row.status or "")
    return Profile(
        places=(place,),
        key=like.key if like else content_key(promise),
        text=text,
        words=like.words if like else tokens(text),
        chars=like.chars if like else characters(text),
        concepts=like.concepts if like else concepts(text),
        figures=like.figures
        if like
        else frozenset(form for value, unit in quantities(text) for form in (value, value + unit)),
        contrasts=like.contrasts if like else contrasts(text),
        status=status,
        status_words=tokens(status),
        status_figures=numbers(status),
        units=frozenset(map(unit_key, row.units)),
        category=fold(row.category or ""),
        seq="" if row.seq is None else fold(str(row.seq)),
    )


def together(parts: Sequence[Profile]) -> Profile:
    """Several rows read as one: what a split promise came from, or a merged one holds."""

    def union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
        return reduce(frozenset.union, sets, frozenset())

    ordered = sorted(parts, key=lambda part: part.places)
    categories = {part.category for part in ordered}
    return Profile(
        places=tuple(place for part in ordered for place in part.places),
        key="".join(part.key for part in ordered),
        text=",".join(part.text for part in ordered),
        words=union(part.words for part in ordered),
        chars=union(part.chars for part in ordered),
        concepts=union(part.concepts for part in ordered),
        figures=union(part.figures for part in ordered),
        contrasts=(union(part.contrasts[0] for part in ordered), union(part.contrasts[1] for part in ordered)),
        status=",".join(part.status for part in ordered),
        status_words=union(part.status_words for part in ordered),
        status_figures=union(part.status_figures for part in ordered),
        units=union(part.units for part in ordered),
        category=ordered[0].category if len(categories) == 1 else "",
        seq=ordered[0].seq,
    )


class Rarity:
    """Weights of words by how few rows of the two documents have them (the rarer, the more a shared one tells)."""

    def __init__(self, sets: Iterable[frozenset[str]], *, floor_rows: int = 60) -> None:
        counts: Counter[str] = Counter()
        rows = 0
        for one in sets:
            counts.update(one)
            rows += 1
        # Both quarters hold a row each: a word of one commitment is expected twice.
        rows = max(rows, floor_rows)
        self._counts = counts
        self._by_count = [1.0] * 3 + [math.log(rows / n) / math.log(rows / 2) for n in range(3, rows + 1)]
        self._filler = filler_pairs()

        self._masses: dict[tuple[str, frozenset[str]], float] = {}

    def mass(self, words: frozenset[str], kind: Weight) -> float:
        """The sum of the weights of a set; remembered, since every row is weighed against many."""
        known = self._masses.get((kind.__name__, words))
        if known is None:
            known = self._masses[kind.__name__, words] = math.fsum(map(kind, words))
        return known

    def weight(self, word: str) -> float:
        """0 (in every row) .. 1 (in one row of each document)."""
        return self._by_count[self._counts[word]]

    def word_weight(self, word: str) -> float:
        """`weight`, less for the phrases of the genre."""
        return self.weight(word) * (FILLER_SHARE if word in self._filler else 1.0)

    def body_weight(self, unit: str) -> float:
        """`weight` of a responsible unit: even the most usual one says something."""
        return 0.15 + self.weight(unit)

    def figure_weight(self, figure: str) -> float:
        """`weight`, less for round and small figures, which coincide by chance."""
        digits = "".join(c for c in figure if c.isdigit())
        telling = len(digits.strip("0"))
        size = 0.45 if telling < 2 else 0.75 if telling == 2 else 1.0
        return self.weight(figure) * max(size, 0.7 if len(digits) == 3 else 0.9 if len(digits) > 3 else 0.0)
