"""Whole columns of texts as integers, one for each character: folded, hashed and cut by array operations.

The forms are those of `tasks.text.fold` and `normalise.content_key`, and a property test holds them together. Most
characters fold by themselves; a text with one that does not (㎡ becomes two, e and an accent become one) is folded the
slow way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.compare.normalise import MARKS, strip_ordinal
from tasks.text import fold

CHUNK = 4_000  # texts at a time: what is made of them stays near the processor
_TOP = 0xFFFF
_DROPPED, _NOT_ALONE = 0, 0xFFFFFFFF
# Where a character folds by itself: Latin, marks and symbols, all of the East. Others may grow together.
_ALONE = ((0x01, 0x2FF), (0x2010, 0x2BFF), (0x2E80, 0x33FF), (0xF900, 0xFAFF), (0xFE10, 0xFE6F), (0xFF00, 0xFFEF))
_HAN = slice(0x3400, 0xA000)  # these are folded already
_DIGIT, _LATIN, _MARK, _SIGN, _ODD, _CLAUSE = (1 << bit for bit in range(6))
_BASE = 0x9E3779B97F4A7C15
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_BLANK = np.uint32(ord(" "))
_CLOSING = np.array([ord(mark) for mark in ".;,!"], dtype=np.uint32)  # folded

Codes = NDArray[np.uint32]
Keys = NDArray[np.uint64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Letters:
    """Texts, folded but for what closes them, one after the other. `lengths`: characters of each."""

    codes: Codes
    lengths: NDArray[np.int64]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each text begins in `codes`."""
        starts: NDArray[np.int64] = np.cumsum(self.lengths) - self.lengths
        return starts

    def only(self, kept: Mask) -> Letters:
        """The texts of which `kept` is true."""
        return Letters(self.codes[np.repeat(kept, self.lengths)], self.lengths[kept])

    def chunks(self) -> Iterator[Letters]:
        """The same texts, some at a time."""
        bounds = np.concatenate([[0], np.cumsum(self.lengths)])
        for at in range(0, len(self.lengths), CHUNK):
            some = self.lengths[at : at + CHUNK]
            yield Letters(self.codes[bounds[at] : bounds[at + len(some)]], some)


def both(old: pl.Series, new: pl.Series, *, promise: bool = True) -> tuple[Letters, Letters]:
    """`letters` of two columns, each on a core of its own."""
    with ThreadPoolExecutor(2) as pool:
        left = pool.submit(letters, old, promise=promise)
        right = letters(new, promise=promise)
        return left.result(), right


def letters(texts: pl.Series, *, promise: bool) -> Letters:
    """The texts as integers; null is an empty text. `promise`: an opening ordinal is left out."""
    parts = [
        _letters(texts.slice(at, CHUNK).fill_null(""), promise=promise) for at in range(0, max(len(texts), 1), CHUNK)
    ]
    return Letters(np.concatenate([part.codes for part in parts]), np.concatenate([part.lengths for part in parts]))


def _letters(texts: pl.Series, *, promise: bool) -> Letters:
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    raw = np.frombuffer("".join(texts.str.join("").to_list()).encode("utf-32-le"), dtype=np.uint32)
    table, opening = _folded(), _openings()
    codes = table.take(raw, mode="clip")
    starts = np.cumsum(lengths) - lengths
    filled = np.flatnonzero(lengths)
    slow = _met(codes == _NOT_ALONE, lengths) > 0
    if promise:
        opened = filled[opening.take(raw[starts[filled]], mode="clip")]
        for start, text in zip(starts[opened].tolist(), texts.gather(opened).to_list(), strict=True):
            codes[start : start + len(text) - len(strip_ordinal(text))] = _DROPPED
    if slow.any():
        return _spliced(texts, codes, lengths, slow, promise=promise)
    dropped = codes == _DROPPED
    return Letters(codes[~dropped], lengths - _met(dropped, lengths))


def _spliced(texts: pl.Series, codes: Codes, lengths: NDArray[np.int64], slow: Mask, *, promise: bool) -> Letters:
    """As they were folded character by character, and the slow ones as a whole."""
    starts = np.cumsum(lengths) - lengths
    pieces, found = [], lengths - _met(codes == _DROPPED, lengths)
    done = 0
    for at in np.flatnonzero(slow).tolist():
        text = fold(strip_ordinal(texts[at]) if promise else texts[at])
        pieces += [codes[done : starts[at]], np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)]
        done, found[at] = starts[at] + lengths[at], len(text)
    spliced = np.concatenate([*pieces, codes[done:]])
    return Letters(spliced[spliced != _DROPPED], found)


def _met(values: Mask, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many are true within each text; fast where few are."""
    at = np.flatnonzero(values)
    if not len(at):
        return np.zeros(len(lengths), dtype=np.int64)
    return np.bincount(np.cumsum(lengths).searchsorted(at, side="right"), minlength=len(lengths))


@lru_cache(maxsize=1)
def _folded() -> Codes:
    """For each character of the basic plane what it folds to; 0 for what is dropped."""
    table = np.full(_TOP + 1, _NOT_ALONE, dtype=np.uint32)
    table[_HAN] = np.arange(_HAN.start, _HAN.stop, dtype=np.uint32)
    for code in (code for first, last in _ALONE for code in range(first, last + 1)):
        # A letter after it keeps `fold` from taking it for a closing mark.
        one = fold(chr(code) + "x")[:-1]
        if len(one) <= 1 and not any(map(unicodedata.combining, one + chr(code))):
            table[code] = ord(one) if one else _DROPPED
    return table


@lru_cache(maxsize=1)
def _openings() -> Mask:
    """Characters of the basic plane that may open an ordinal."""
    table = np.zeros(_TOP + 1, dtype=bool)
    # White space stands before an ordinal as well.
    for code in range(_TOP + 1):
        text = chr(code)
        table[code] = text.isspace() or text in "(（一二三四五六七八九十" or unicodedata.category(text) in ("Nd", "No")
    return table


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """What a folded character of the basic plane is, as bits."""
    table = np.zeros(_TOP + 1, dtype=np.uint8)
    plane = "".join(map(chr, range(_TOP)))  # all that lies beyond counts as letters
    for bit, pattern in (
        *((_DIGIT, "[0-9]"), (_LATIN, "[a-z]"), (_MARK, MARKS), (_SIGN, "[-_]"), (_ODD, r"[^\w%‰+&-]")),
        (_CLAUSE, """[,;:!?.()<>"']"""),
    ):
        table[[found.start() for found in re.finditer(pattern, plane)]] |= bit
    return table


def content_keys(texts: Letters) -> tuple[Keys, Mask]:
    """A hash of the `content_key` of each text, and whether there is anything in it."""
    return _keys(texts, _idle)


def fold_keys(texts: Letters) -> tuple[Keys, Mask]:
    """A hash of the `fold` of each text, and whether there is anything in it."""
    return _keys(texts, _closing)


def _idle(texts: Letters) -> Mask:
    """The characters that `content_key` leaves out: a mark counts only where it carries meaning."""
    classes = _classes().take(texts.codes, mode="clip")
    at = np.flatnonzero(classes & (_MARK | _ODD))
    padded = np.zeros(len(classes) + 2, dtype=np.uint8)
    padded[1:-1] = classes
    before, this, after = padded[at], classes[at], padded[at + 2]
    if len(at):
        starts = texts.starts[texts.lengths > 0]
        opens = np.zeros(len(classes) + 1, dtype=bool)
        opens[starts] = True
        before[opens[at]], after[opens[at + 1]] = 0, 0
    mark, digit = (this & _MARK) != 0, (after & _DIGIT) != 0
    joined = (before & (_DIGIT | _LATIN)) != 0
    idle = np.where(joined, (after & (_DIGIT | _LATIN)) == 0, ~digit | ((this & _SIGN) == 0))
    # Of several marks in a row only the last may belong to what follows.
    idle = mark & (idle | ((after & _MARK) != 0))
    found = np.zeros(len(classes), dtype=bool)
    found[at[idle | (~mark & ~joined & digit)]] = True
    return found


def _closing(texts: Letters) -> Mask:
    """The characters that `fold` leaves out: the marks that close a text."""
    found = np.zeros(len(texts.codes), dtype=bool)
    at, first = np.cumsum(texts.lengths) - 1, texts.starts
    open_ = np.flatnonzero(texts.lengths)
    while len(open_):
        open_ = open_[np.isin(texts.codes[at[open_]], _CLOSING)]
        found[at[open_]] = True
        at[open_] -= 1
        open_ = open_[at[open_] >= first[open_]]
    return found


def _keys(texts: Letters, form: Callable[[Letters], Mask]) -> tuple[Keys, Mask]:
    keys, filled = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=bool)]
    for some in texts.chunks():
        idle = form(some)
        lengths = some.lengths - _met(idle, some.lengths)
        codes = some.codes[~idle].astype(np.uint64)
        starts = np.cumsum(lengths) - lengths
        codes *= _FACTOR
        codes ^= codes >> np.uint64(32)
        # A polynomial in an odd number: divided by the power at which a text begins, it is that of the text alone.
        powers, inverse = _powers(1 << max(len(codes) - 1, 1).bit_length())
        codes *= powers[: len(codes)]
        found = np.zeros(len(lengths), dtype=np.uint64)
        told = lengths > 0
        if len(codes):
            found[told] = np.add.reduceat(codes, starts[told]) * inverse[starts[told]]
        keys.append(found)
        filled.append(told)
    return np.concatenate(keys), np.concatenate(filled)


@lru_cache(maxsize=2)
def _powers(count: int) -> tuple[Keys, Keys]:
    """The powers of a number modulo 2^64, from 0 on, and those of its inverse."""
    powers, inverse = (np.full(count, base, dtype=np.uint64) for base in (_BASE, pow(_BASE, -1, 1 << 64)))
    powers[:1] = inverse[:1] = 1
    return np.multiply.accumulate(powers), np.multiply.accumulate(inverse)


def clauses(texts: Letters) -> tuple[list[str], Keys]:
    """Each text with one blank for the marks between its clauses; and which characters it has, as two words of bits."""
    found: list[str] = []
    bits = [np.zeros((0, 2), dtype=np.uint64)]
    for some in texts.chunks():
        marks = (_classes().take(some.codes, mode="clip") & _CLAUSE) != 0
        again = np.zeros(len(marks), dtype=bool)
        again[1:] = marks[1:] & marks[:-1]
        starts = some.starts[some.lengths > 0]
        again[starts] = marks[starts]  # a blank that opens a text
        lengths = some.lengths - _met(again, some.lengths)
        codes = np.where(marks, _BLANK, some.codes)[~again]
        text = codes.tobytes().decode("utf-32-le")
        found += [text[start:end].rstrip() for start, end in pairwise([0, *np.cumsum(lengths).tolist()])]
        bits.append(_signatures(codes, lengths))
    return found, np.concatenate(bits)


def _signatures(codes: Codes, lengths: NDArray[np.int64]) -> Keys:
    """For each text two words of bits, one bit for each character (hashed): which characters it is made of."""
    found = np.zeros((len(lengths), 2), dtype=np.uint64)
    filled = lengths > 0
    if filled.any():
        starts = (np.cumsum(lengths) - lengths)[filled]
        for half, bits in enumerate(_bits()):
            found[filled, half] = np.bitwise_or.reduceat(bits.take(codes, mode="clip"), starts)
    return found


@lru_cache(maxsize=1)
def _bits() -> tuple[Keys, Keys]:
    """The bit of each character of the basic plane in the two words; a blank has none."""
    # Multiplying by a large odd number spreads neighbouring characters over the bits.
    hashed = (np.arange(_TOP + 1, dtype=np.uint32) * np.uint32(2654435761)) >> np.uint32(25)
    flags = np.left_shift(np.uint64(1), (hashed & np.uint32(63)).astype(np.uint64))
    flags[ord(" ")] = 0
    first = hashed < np.uint32(64)
    return np.where(first, flags, np.uint64(0)), np.where(first, np.uint64(0), flags)
