"""How much a text reads like Chinese: the judge between encodings that all accept the same bytes."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice

_SAMPLE = 1_500  # characters beyond ASCII: enough to tell, and a page costs no more than a small one
_GLANCE = 4_000  # characters looked at for them first
_WINDOW = 80_000
# Pages have 0.96 and more of everyday Chinese, decoded twice 0.25 at most: with a third of it so, at most 0.76.
_PLAINLY = 0.9
_MARKS = "　、。〈〉《》「」『』【】〔〕·—‘’“”…～①②③④⑤⑥⑦⑧⑨⑩×℃㎡°±％"
# Letters and signs that the bytes 80-FF become in the Western single-byte encodings.
_WESTERN = "\u00a0-\u024f\u2013-\u203a\u20ac\u2122\u02c6\u02dc"
# First bytes in GB 2312 of all but signs, full-width forms and the 3,755 characters of the first level.
_RARE_LEADS = bytes({*range(0xA1, 0xFF)} - {0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8)})
_MARKS_BEYOND = "·—㎡"  # of the usual signs those that Python's GB 2312 lacks
_WESTERN_RUN = re.compile(f"[{_WESTERN}\u0080-\u009f]{{3,}}")
# All bytes but those that UTF-8 begins such a character with.
_NOT_LEADING_WESTERN = bytes(sorted({*range(256)} - {chr(c).encode()[0] for c in range(0x80, 0x2123)}))
_TWO_BYTE_LETTERS = re.compile("[\u0080-\u07ff]")
_USUAL_LETTERS = re.compile("[\u00a0-\u017f\u0391-\u03c9\u0401\u0410-\u044f\u0451]")
_HAN_RUN = re.compile("[\u4e00-\u9fff\ue000-\uf8ff]{5,}")
_ASCII = bytes(range(0x80))
_ASCII_TO_BLANK = bytes([0x20]) * 0x80 + bytes(range(0x80, 0x100))


@lru_cache(maxsize=1)
def _common_traditional() -> frozenset[str]:
    """The first level of Big5 (5,401 characters), and full-width signs."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    han = {bytes([lead, trail]).decode("big5", "ignore") for lead in range(0xA4, 0xC7) for trail in trails}
    return frozenset((han | set(_MARKS) | {chr(c) for c in range(0xFF01, 0xFF5F)}) - {""})


def runs_beyond_ascii(encoded: bytes) -> list[bytes]:
    """The runs of bytes beyond ASCII, in order; of UTF-8, the runs of characters. Without a pattern: at C's speed."""
    return encoded.translate(_ASCII_TO_BLANK).split()


def _beyond_ascii(text: str) -> str:
    """The characters beyond ASCII."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def chinese_share(text: str, *, traditional: bool = False) -> float:
    """0..1: of the characters beyond ASCII, how many are everyday Chinese. 1 where there are none."""
    window, told, foreign = _GLANCE, 0, 0
    share = _everyday_traditional if traditional else _everyday
    while foreign < _SAMPLE:
        told, foreign = share(text[:window])
        if window >= len(text):
            break
        window *= 4
    return told / foreign if foreign else 1.0


def _everyday(text: str) -> tuple[int, int]:
    """How many characters are signs, full-width forms or of the first level of GB 2312; how many are beyond ASCII.

    Told by the first of the two bytes that each has in GB 2312; what is not in it at all is left out.
    """
    encoded = text.encode("gb2312", "ignore")
    pairs = encoded.translate(None, _ASCII)
    foreign = len(text) - (len(encoded) - len(pairs))
    return len(pairs[::2].translate(None, _RARE_LEADS)) + sum(map(text.count, _MARKS_BEYOND)), foreign


def _everyday_traditional(text: str) -> tuple[int, int]:
    """The same with the first level of Big5."""
    foreign, common = _beyond_ascii(text), _common_traditional()
    return sum([times for character, times in Counter(foreign).items() if character in common]), len(foreign)


def accidental_utf8(text: str, other: str) -> bool:
    """Whether bytes that are valid as UTF-8 (`text`) are GBK (`other`) by intent: 一一 in GBK is һһ in UTF-8.

    Only where nothing but two-byte letters came out, some of an alphabet that no such page uses.
    """
    letters = _TWO_BYTE_LETTERS.findall(text)
    if not letters or any(c > "\u07ff" for c in text) or chinese_share(other) < 0.9:
        return False
    return any(not _USUAL_LETTERS.match(letter) for letter in letters)


def _sample(text: str) -> str:
    """The text, or its runs beyond ASCII parted by blanks where most of it is ASCII: they are what is looked at."""
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) > 2 * len(text):
        return text
    return b" ".join(runs_beyond_ascii(encoded)).decode("utf-8", "surrogatepass")


def looks_garbled(text: str) -> bool:
    """Whether the text is UTF-8 or GBK that somebody decoded wrongly: `æ‹±å¢…`, `鎷卞`, `锟斤拷`."""
    # A single character is found at several times the speed of three.
    if "锟" in text and "锟斤拷" in text:
        return True
    if chinese_share(text[:_WINDOW]) > _PLAINLY:
        return False
    sample = _sample(text[:_WINDOW])
    runs = [found[0] for found in islice(_HAN_RUN.finditer(sample), 200)]
    # Letters are looked for only where there are enough of the bytes that lead them to outweigh the ideographs seen.
    if len(sample.encode("utf-8", "surrogatepass").translate(None, _NOT_LEADING_WESTERN)) * 2 > sum(map(len, runs)):
        western = sum(map(len, _WESTERN_RUN.findall(sample)))
        beyond = len(_beyond_ascii(sample)) if western else 0
        if beyond >= 6 and western > beyond / 2:
            return True
    # One run a line: all of them are encoded and decoded at once, and a line end keeps them apart.
    raws = "\n".join(runs).encode("gb18030", "ignore")
    again = raws.decode("utf-8", "ignore")
    kept = map(len, again.encode().split(b"\n"))
    # Bytes were lost on the way there, so not all of it comes back.
    back = [
        i for i, (part, whole) in enumerate(zip(kept, map(len, raws.split(b"\n")), strict=True)) if part > whole * 0.7
    ]
    if len(back) < 2 or len(back) <= len(runs) / 3:
        return False
    texts = again.split("\n")
    twice = sum(len(texts[i]) >= 2 and chinese_share(texts[i]) > 0.6 for i in back)
    return twice >= 2 and twice > len(runs) / 3
