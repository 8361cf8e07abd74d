"""One sentence about two things: 新建石浦小学 and 新建长汀医院 are no rewording of each other.

Who words a promise anew changes its build and keeps its names; a newcomer of the same kind keeps the build and has
names of its own.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from tasks.compare import weights as worth
from tasks.compare.lexicon import Counts
from tasks.compare.normalise import tokens
from tasks.compare.vocabulary import concepts

_HAN = re.compile("[㐀-鿿]")
_NAME = re.compile("[㐀-鿿]{2,7}")
_LONGER = 3  # characters that one of two names may have more than the other


def substituted(one: str, other: str, counts: Counts) -> float:
    """Log-odds from names that stand for one another in what is the same sentence otherwise; 0 where it is not.

    Folded texts; a name is a few Chinese characters that are rare in the two documents. Another figure, or one word of
    the genre for another, leaves the sentence the same.
    """
    one, other = sorted((one, other))  # which of several alignments is found must not hang on the direction
    same, differing = _aligned(one, other)
    names = 0
    for a, b in differing:
        if not (_HAN.search(a) or _HAN.search(b)):
            continue
        if not (_NAME.fullmatch(a) and _NAME.fullmatch(b)) or abs(len(a) - len(b)) > _LONGER or set(a) & set(b):
            return 0.0
        rare = [counts.rarest(text) >= worth.RENAMED_RARE for text in (a, b)]
        if all(rare) and not concepts(a, tokens(a)) & concepts(b, tokens(b)):
            names += 1
        elif any(rare):
            return 0.0
    if not names:
        return 0.0
    low, high = worth.RENAMED_FRAME
    frame = same / max(len(one), len(other))
    return max(names * worth.RENAMED, worth.RENAMED_MOST) * min(max((frame - low) / (high - low), 0.0), 1.0)


def _aligned(one: str, other: str) -> tuple[int, list[tuple[str, str]]]:
    """How many characters two texts have in common and in place, and what stands between these in the one and other."""
    same, differing = 0, []
    i = j = 0  # where what differs begins
    for block in Levenshtein.opcodes(one, other):
        if block.tag != "equal":
            continue
        if block.src_start > i or block.dest_start > j:
            differing.append((one[i : block.src_start], other[j : block.dest_start]))
        same += block.src_end - block.src_start
        i, j = block.src_end, block.dest_end
    if one[i:] or other[j:]:
        differing.append((one[i:], other[j:]))
    return same, differing
