"""The words of two documents as numbers: which row has which, and how much each tells in this pair of documents.

Pairs of neighbouring Chinese characters stand for words; a pair is one integer, so that whole tables are cut into
words, counted and weighed by a few array operations.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tasks.compare.profiles import Profile
from tasks.compare.vocabulary import concept_openings, concepts_at, filler_pairs, latin_concepts
from tasks.compare.weights import CHAR_SHARE, CONCEPT_SHARE, FILLER_SHARE, PART_CONCEPT_SHARE

Vector = NDArray[np.float64]
Codes = NDArray[np.uint64]
Places = NDArray[np.intp]

# What rows can have in common, in the order of the columns.
KINDS = (
    *("words", "latin", "concepts", "chars", "figures", "status_words", "status_latin"),
    *("status_figures", "units", "sides", "stages", "stems", "codes", "places"),
)
# Kinds that are weighed together: first, last, and the share at which some of them count.
GROUPS: dict[str, tuple[str, str, dict[str, float]]] = {
    "pairs": ("words", "words", {}),
    "words": ("words", "latin", {}),
    "parts": ("words", "concepts", {"concepts": PART_CONCEPT_SHARE}),
    "spoken": ("words", "chars", {"concepts": CONCEPT_SHARE, "chars": CHAR_SHARE}),
    "figures": ("figures", "figures", {}),
    "status_words": ("status_words", "status_latin", {}),
    "status": ("status_words", "status_figures", {}),
    "units": ("units", "units", {}),
    "sides": ("sides", "sides", {}),
    "stages": ("stages", "stages", {}),
    "stems": ("stems", "stems", {}),
    "codes": ("codes", "codes", {}),
    "places": ("places", "places", {}),
}
_NUMERAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LATIN = re.compile(r"[a-z]+")
_SHIFT = np.uint64(21)
# A code says where it was counted: a pair of a promise, a character of a promise, a pair of a status.
_CHAR, _STATUS = np.uint64(1 << 60), np.uint64(2 << 60)


def code(word: str) -> int:
    """The integer that stands for a word by its first two characters; 0 for a single one."""
    return (ord(word[0]) << 21) | ord(word[1]) if len(word) > 1 else 0


def _characters(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)


def _pairs(chars: Codes) -> Codes:
    pairs: Codes = (chars[:-1] << _SHIFT) | chars[1:]
    return pairs


@lru_cache(maxsize=64)
def _rarity(rows: int) -> Vector:
    """Count → 0 (in every row) .. 1 (in one row of each document, where it is expected twice)."""
    counts = np.arange(2.0, rows + 1)
    return np.concatenate([[1.0, 1.0], np.log(rows / counts) / math.log(rows / 2)])


class Counts:
    """How often words stand in the two documents: the rarer, the more a shared one tells.

    Counted over the raw text: pairs of Chinese characters are the same there as in folded text.
    """

    def __init__(self, promises: Sequence[str], statuses: Sequence[str], rows: int, *, floor_rows: int = 60) -> None:
        self._promises, self._statuses = "\n".join(promises), "\n".join(statuses)
        chars = _characters(self._promises)
        status_pairs = _pairs(_characters(self._statuses)) | _STATUS
        self._ordered = np.sort(np.concatenate([_pairs(chars), chars | _CHAR, status_pairs]))
        self._rows = max(rows, floor_rows)
        self._rarest: dict[str, float] = {}

    def rarity(self, counts: Places) -> Vector:
        """How rare what stands so often in the two documents is: 0..1."""
        rare: Vector = _rarity(self._rows)[np.minimum(counts, self._rows)]
        return rare

    def found(self, codes: Codes) -> Places:
        """Occurrences of pairs and characters."""
        bounds = self._ordered.searchsorted(np.concatenate([codes, codes + np.uint64(1)]))
        count: Places = bounds[len(codes) :] - bounds[: len(codes)]
        return count

    def words(self, codes: Codes) -> Vector:
        """The rarity of pairs and characters, less for pairs that stand inside a filler of the genre."""
        filler = _filler_codes()
        plain = codes & ~_STATUS
        at = np.minimum(filler.searchsorted(plain), len(filler) - 1)
        weights: Vector = self.rarity(self.found(codes)) * np.where(filler[at] == plain, FILLER_SHARE, 1.0)
        return weights

    def rarest(self, name: str) -> float:
        """The rarity of the rarest pair of characters in a name of two or more."""
        if name not in self._rarest:
            codes = np.array([code(name[at : at + 2]) for at in range(len(name) - 1)], dtype=np.uint64)
            self._rarest[name] = float(self.words(codes).max())
        return self._rarest[name]

    def figures(self, figures: Sequence[str], *, status: bool) -> Vector:
        """The rarity of figures, by the numerals that are printed, less for round and small ones."""
        plain = [found[0] if (found := _NUMERAL.match(figure)) else "" for figure in figures]
        printed = _numerals(self._statuses if status else self._promises)
        counts = np.array([printed[numeral.encode()] for numeral in plain], dtype=np.intp)
        weights: Vector = self.rarity(counts) * np.array([_telling(figure) for figure in figures])
        return weights


def _numerals(text: str) -> Counter[bytes]:
    """How often each numeral stands in a text."""
    codes = np.frombuffer(f"\n{text}\n".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    wide = codes - np.uint32(ord("．")) <= ord("９") - ord("．")
    if wide.any():
        codes = np.where(wide, codes - np.uint32(0xFEE0), codes)
    numeral = codes - np.uint32(ord("0")) <= 9
    numeral[1:-1] |= (codes[1:-1] == ord(".")) & numeral[:-2] & numeral[2:]
    return Counter(np.where(numeral, codes, ord(" ")).astype(np.uint8).tobytes().split())


@lru_cache(maxsize=4096)
def _telling(figure: str) -> float:
    """Less for round and small figures, which coincide by chance."""
    digits = "".join(c for c in figure if c.isdigit())
    telling = len(digits.strip("0"))
    size = 0.45 if telling < 2 else 0.75 if telling == 2 else 1.0
    return max(size, 0.7 if len(digits) == 3 else 0.9 if len(digits) > 3 else 0.0)


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
class _Cut:
    """Texts cut into words: a row and a code for every pair of neighbouring Chinese characters, and every character."""

    pair_rows: Places
    pairs: Codes
    char_rows: Places
    chars: Codes

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Cut:
        row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        chars = _characters("".join(texts))
        han = (chars - np.uint64(0x3400) <= 0x9FFF - 0x3400) | (chars - np.uint64(0xF900) <= 0xFAFF - 0xF900)
        pairs = _pairs(chars)
        codes = _filler_codes()
        filler = codes[np.minimum(codes.searchsorted(pairs), len(codes) - 1)] == pairs
        # Where a word of the genre meets another word, the two characters are no word: 施区 in 实施区.
        meets = np.zeros(len(pairs), dtype=bool)
        meets[1:] |= filler[:-1]
        meets[:-1] |= filler[1:]
        joint = han[:-1] & han[1:] & (row[:-1] == row[1:]) & (filler | ~meets)
        return cls(row[:-1][joint], pairs[joint], row[han], chars[han])


@dataclass(frozen=True)
class Lexicon:
    """Which columns stand for what, and what each weighs."""

    columns: dict[str, slice]
    weights: dict[str, Vector]  # of the columns of each group
    masses: Vector  # columns × groups
    pairs: Codes  # of the columns of `words`, in order
    latin: dict[str, int]  # word → its place among the columns of `parts`
    concepts: dict[int, int]  # concept → its place there

    @classmethod
    def of(cls, weights: Mapping[str, Vector], pairs: Codes, latin: Sequence[str], concepts: Sequence[str]) -> Lexicon:
        """From the weights of each kind, and what stands in the columns of words, Latin words and concepts."""
        ends = np.cumsum([0, *(len(weights[kind]) for kind in KINDS)]).tolist()
        columns, grouped = {}, {}
        masses = np.zeros((ends[-1], len(GROUPS)))
        for at, (group, (first, last, shares)) in enumerate(GROUPS.items()):
            kinds = KINDS[KINDS.index(first) : KINDS.index(last) + 1]
            columns[group] = slice(ends[KINDS.index(first)], ends[KINDS.index(last) + 1])
            grouped[group] = np.concatenate([shares.get(kind, 1.0) * weights[kind] for kind in kinds])
            masses[columns[group], at] = grouped[group]
        at_latin = {word: len(pairs) + at for at, word in enumerate(latin)}
        at_concepts = {int(one): len(pairs) + len(latin) + at for at, one in enumerate(concepts)}
        return cls(columns, grouped, masses, pairs, at_latin, at_concepts)

    def parts(self, texts: Sequence[str]) -> Vector:
        """Folded texts × the columns of `parts`, 1 where the text has it; what no row has is left out."""
        cut = _Cut.of(texts)
        has = np.zeros((len(texts), len(self.weights["parts"])))
        if len(self.pairs):
            at = np.minimum(self.pairs.searchsorted(cut.pairs), len(self.pairs) - 1)
            known = self.pairs[at] == cut.pairs
            has[cut.pair_rows[known], at[known]] = 1.0
        for row, (latin, spoken) in enumerate(zip(_latin(texts), _spoken(texts, cut), strict=True)):
            has[row, [self.latin[word] for word in latin if word in self.latin]] = 1.0
            has[row, [self.concepts[one] for one in spoken if one in self.concepts]] = 1.0
        return has


def _marks(sets: Sequence[frozenset[str]]) -> tuple[list[str], list[int], list[int]]:
    """What stands in any of the sets; and for all that stands in one, the set and its place in that list."""
    column = {one: at for at, one in enumerate(sorted(frozenset[str]().union(*sets)))}
    rows = [row for row, some in enumerate(sets) for _ in some]
    return list(column), rows, [column[one] for some in sets for one in some]


def _latin(texts: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(_LATIN.findall(text)) for text in texts]


def _spoken(texts: Sequence[str], cut: _Cut) -> list[frozenset[int]]:
    """The concepts that folded texts speak of."""
    codes, spelled = _opening_codes()
    place = np.minimum(codes.searchsorted(cut.pairs), len(codes) - 1)
    hits = codes[place] == cut.pairs
    starts = concept_openings()
    found: list[set[int]] = [set() for _ in texts]
    for row, to in zip(cut.pair_rows[hits].tolist(), place[hits].tolist(), strict=True):
        for word, known in starts[spelled[to]]:
            if len(word) == 2 or word in texts[row]:
                found[row].update(known)
    latin = [row for row, text in enumerate(texts) if _LATIN.search(text)]
    for word, known in latin_concepts() if latin else ():
        for row in latin:
            if word in texts[row]:
                found[row].update(known)
    return [frozenset(some) for some in found]


def cut_up(
    rows: Sequence[Profile], counts: Counts, units: Mapping[str, int], places: frozenset[str]
) -> tuple[Lexicon, Vector, Vector, Vector]:
    """Everything in which rows can agree: the columns; rows × columns, 1 where the row has it; rows × pairs of the
    promises, and rows × figures of the promises, 1 where the row's status has it.

    `units`: in how many rows of the two documents a body stands. `places`: names of places in them.
    """
    texts = [row.told.text for row in rows]
    promise, status = _Cut.of(texts), _Cut.of([row.status for row in rows])
    codes, column = np.unique(
        np.concatenate([promise.pairs, promise.chars | _CHAR, status.pairs | _STATUS]), return_inverse=True
    )
    rare = counts.words(codes)
    chars, statuses = codes.searchsorted([_CHAR, _STATUS]).tolist()
    weights = {"words": rare[:chars], "chars": rare[chars:statuses], "status_words": rare[statuses:]}
    concepts = _spoken(texts, promise)
    sets: dict[str, list[frozenset[str]]] = {
        "latin": _latin(texts),
        "concepts": [frozenset(map(str, some)) for some in concepts],
        "figures": [row.told.figures for row in rows],
        "status_latin": _latin([row.status for row in rows]),
        "status_figures": [row.status_figures for row in rows],
        "units": [row.units for row in rows],
        "sides": [row.told.sides for row in rows],
        "stages": [row.told.stages for row in rows],
        "stems": [row.told.stems for row in rows],
        "codes": [row.told.codes for row in rows],
        "places": [row.places(places) for row in rows],
    }
    marks = {kind: _marks(some) for kind, some in sets.items()}
    shared = {
        "figures": _repeated([row.told.figures | row.status_amounts for row in rows]),
        "status_figures": _repeated(sets["status_figures"]),
    }
    for kind, (listed, _, _) in marks.items():
        weights[kind] = _weights(kind, listed, counts, units, shared)
    lexicon = Lexicon.of(weights, codes[:chars], marks["latin"][0], marks["concepts"][0])
    starts = dict(zip(KINDS, np.cumsum([0, *(len(weights[kind]) for kind in KINDS)]).tolist(), strict=False))
    has = np.zeros((len(rows), len(lexicon.masses)))
    shift = np.repeat(
        [0, starts["chars"] - chars, starts["status_words"] - statuses],
        [len(promise.pairs), len(promise.chars), len(status.pairs)],
    )
    has[np.concatenate([promise.pair_rows, promise.char_rows, status.pair_rows]), column + shift] = 1.0
    some_rows = [row for _, found, _ in marks.values() for row in found]
    has[some_rows, [starts[kind] + at for kind, (_, _, found) in marks.items() for at in found]] = 1.0
    at = np.minimum(codes[statuses:].searchsorted(codes[:chars] | _STATUS), len(codes) - statuses - 1)
    told = np.zeros((len(rows), chars))
    if statuses < len(codes):
        known = codes[statuses:][at] == codes[:chars] | _STATUS
        told[:, known] = has[:, starts["status_words"] + at[known]]
    return lexicon, has, told, _reached(marks["figures"][0], rows)


def _reached(figures: Sequence[str], rows: Sequence[Profile]) -> Vector:
    """Rows × figures of the promises, 1 where the row's status names the figure with its measure."""
    column = {figure: at for at, figure in enumerate(figures) if not figure[-1].isdigit()}
    found = np.zeros((len(rows), len(figures)))
    for at, row in enumerate(rows):
        found[at, [column[figure] for figure in row.status_amounts if figure in column]] = 1.0
    return found


def _repeated(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """What stands in more than one of the sets."""
    return frozenset([one for one, count in Counter([one for some in sets for one in some]).items() if count > 1])


def _weights(
    kind: str, listed: Sequence[str], counts: Counts, units: Mapping[str, int], shared: Mapping[str, frozenset[str]]
) -> Vector:
    """What each of these weighs. `shared`: the figures that more than one row names; the others meet nothing."""
    if not listed:
        return np.zeros(0)
    if kind in ("latin", "status_latin"):
        mark = 0 if kind == "latin" else int(_STATUS)
        return counts.words(np.array([code(word) | mark for word in listed], dtype=np.uint64))
    if kind == "concepts":
        wanted = [_concept_codes(int(concept)) for concept in listed]
        found = counts.found(np.array([one for some in wanted for one in some], dtype=np.uint64))
        return counts.rarity(np.maximum.reduceat(found, np.cumsum([0, *map(len, wanted[:-1])])))
    if kind in ("figures", "status_figures"):
        met = [at for at, figure in enumerate(listed) if figure in shared[kind]]
        weights = np.ones(len(listed))
        if met:
            weights[met] = counts.figures([listed[at] for at in met], status=kind == "status_figures")
        return weights
    if kind == "units":
        # Even the most usual responsible unit says something.
        return 0.15 + counts.rarity(np.array([units.get(unit, 0) for unit in listed], dtype=np.intp))
    return np.ones(len(listed))


@dataclass(frozen=True)
class Side:
    """Rows of one document ready to be weighed: each a profile, or several read together as one.

    `has` is rows × columns, 1 where the row has it; `told` and `reached` are rows × pairs and rows × figures of the
    promises, 1 where the row's status has it; `mass` is rows × groups, the weight of all that each row has.
    """

    rows: tuple[tuple[Profile, ...], ...]
    lexicon: Lexicon
    has: Vector
    told: Vector
    reached: Vector
    mass: Vector

    @classmethod
    def both(
        cls,
        old: Sequence[Profile],
        new: Sequence[Profile],
        counts: Counts,
        units: Mapping[str, int],
        places: frozenset[str],
    ) -> tuple[Side, Side]:
        """The rows of two documents, in the same columns."""
        lexicon, has, told, reached = cut_up([*old, *new], counts, units, places)
        mass, cut = has @ lexicon.masses, len(old)
        left = cls(tuple((one,) for one in old), lexicon, has[:cut], told[:cut], reached[:cut], mass[:cut])
        rest = has[cut:], told[cut:], reached[cut:], mass[cut:]
        return left, cls(tuple((one,) for one in new), lexicon, *rest)

    def joined(self, groups: Sequence[Sequence[int]]) -> Side:
        """For each group of places the rows there, read together as one row. No group is empty."""
        flat = [place for group in groups for place in group]
        first = np.cumsum([0, *map(len, groups[:-1])])
        known = (self.has, self.told, self.reached)
        has, told, reached = (np.maximum.reduceat(values[flat], first, axis=0) for values in known)
        rows = tuple(tuple(one for place in sorted(group) for one in self.rows[place]) for group in groups)
        return Side(rows, self.lexicon, has, told, reached, has @ self.lexicon.masses)

    @property
    def texts(self) -> list[str]:
        """The promise of each row; of several, one after the other."""
        return [",".join(one.told.text for one in row) if len(row) > 1 else row[0].told.text for row in self.rows]


def common_words(one: Sequence[str], other: Sequence[str], counts: Counts) -> Vector:
    """How much each folded text has in common with the other of the same place, by rare words alone: 0..1."""
    texts = [*one, *other]
    cut = _Cut.of(texts)
    codes, column = np.unique(cut.pairs, return_inverse=True)
    latin, rows, columns = _marks(_latin(texts))
    has = np.zeros((len(texts), len(codes) + len(latin)))
    has[cut.pair_rows, column] = 1.0
    has[rows, [len(codes) + at for at in columns]] = 1.0
    weights = counts.words(np.concatenate([codes, np.array([code(word) for word in latin], dtype=np.uint64)]))
    mass = has @ weights
    shared: Vector = (has[: len(one)] * has[len(one) :]) @ weights
    return 2 * shared / np.maximum(mass[: len(one)] + mass[len(one) :], 1e-9)
