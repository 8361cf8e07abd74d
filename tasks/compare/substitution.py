"""One sentence about two things: 新建石浦小学 and 新建长汀医院 are no rewording of each other.

Who words a promise anew changes its build and keeps its names; a newcomer of the same kind keeps the build and has
names of its own.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from tasks.compare import weights as worth
from tasks.compare.lexicon import Counts
from tasks.compare.normalise import designations, tokens
from tasks.compare.vocabulary import concepts

_HAN = re.compile("[㐀-鿿]")
_NAME = re.compile("[㐀-鿿]{2,7}")
_NUMERALS = frozenset("一二三四五六七八九十")
_STAGED = frozenset("期级号标批轮")
_LONGER = 3  # characters that one of two names may have more than the other


def substituted(one: str, other: str, counts: Counts) -> float:
    """Log-odds from names that stand for one another in what is the same sentence otherwise; 0 where it is not.

    Folded texts; a name is a few Chinese characters that are rare in the two documents. Another figure, or one word of
    the genre for another, leaves the sentence the same.
    """
    one, other = sorted((one, other))  # which of several alignments is found must not hang on the direction
    same, differing = _aligned(one, other)
    names = letters = stages = 0
    for at, to in differing:
        a, b = one[at], other[to]
        if not (_HAN.search(a) or _HAN.search(b)):
            continue
        if a in _NUMERALS and b in _NUMERALS:
            stages += one[at.stop : at.stop + 1] in _STAGED
            continue
        if len(a) == len(b) == 1:
            rarity = (_single(one, at.start, counts), _single(other, to.start, counts))
            rare = [value >= worth.RENAMED_RARE for value in rarity]
            if all(rare):
                letters += 1
            elif any(rare):
                return 0.0
            continue
        if not (_NAME.fullmatch(a) and _NAME.fullmatch(b)) or abs(len(a) - len(b)) > _LONGER or set(a) & set(b):
            return 0.0
        rare = [counts.rarest(text) >= worth.RENAMED_RARE for text in (a, b)]
        if all(rare) and not _meanings(one, at) & _meanings(other, to):
            names += 1
        elif any(rare):
            return 0.0
    codes = [designations(text) for text in (one, other)]
    names += bool(codes[0] and codes[1] and not codes[0] & codes[1])
    # One changed character may be a slip; where the name or the stage beside it changed as well, it is another name.
    names += letters if names or stages else 0
    if not names:
        return 0.0
    low, high = worth.RENAMED_FRAME
    frame = same / max(len(one), len(other))
    return max(names * worth.RENAMED, worth.RENAMED_MOST) * min(max((frame - low) / (high - low), 0.0), 1.0)


def _meanings(text: str, at: slice) -> frozenset[int]:
    """The concepts of a name, alone or with the word after it: 流动医疗 in 流动医疗车. That word has none of them."""
    name, after = text[at], text[at.stop : at.stop + 2]
    return concepts(name + after, tokens(name + after)) - concepts(after, tokens(after))


def _single(text: str, at: int, counts: Counts) -> float:
    """How rare a character is with the one before it, or where that is none of a word, with the one after it."""
    before = _HAN.match(text, at - 1) if at else None
    word = text[at - 1 : at + 1] if before else text[at : at + 2]
    return counts.rarest(word) if len(word) > 1 else 0.0


def _aligned(one: str, other: str) -> tuple[int, list[tuple[slice, slice]]]:
    """How many characters two texts have in common and in place, and where in the one and other stands the rest."""
    same, differing = 0, []
    i = j = 0  # where what differs begins
    for block in Levenshtein.opcodes(one, other):
        if block.tag != "equal":
            continue
        if block.src_start > i or block.dest_start > j:
            differing.append((slice(i, block.src_start), slice(j, block.dest_start)))
        same += block.src_end - block.src_start
        i, j = block.src_end, block.dest_end
    if one[i:] or other[j:]:
        differing.append((slice(i, len(one)), slice(j, len(other))))
    return same, differing
