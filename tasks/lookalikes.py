"""Characters that only look like those that they stand for, and these.

A font draws a radical (⽉ U+2F49) and the word of the same form (月 U+6708) with one glyph. Who turns glyphs back into
characters (a browser that prints a PDF, a viewer that copies from one) often takes the radical, and so it comes into
PDFs, and by pasting into Word files and pages: nobody sees a difference, and no rule finds 9⽉. As printed, the two are
the same; one form is kept, character for character, so that places in the text stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tasks.model import Warn

# U+2E80-2EFF radicals of the supplement, U+2F00-2FDF those of Kangxi, U+F900-FAFF forms kept for older encodings; and
# the signs below.
_MET = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\u2012\u2215\u2329\u232a\u301c]")
_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9a-fA-F]{4})|(?P<number>\d{4,5}));")
# Of the supplement Unicode tells no equivalents: those that are words by themselves. ⼾ is 户 on the mainland.
_RADICALS = "⼾⺒⺓⺟⺠⻁⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻳"
_WORDS = "户巳幺母民虎见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龜龟"
# Signs that fonts draw with one glyph, too: the lesser used of each two comes out.
_SIGNS_MET = "\u2012\u2215\u2329\u232a\u301c"
_SIGNS = "\u2013\uff0f\u3008\u3009\uff5e"


def has_lookalikes(text: str) -> bool:
    """Whether any character of these blocks is in a text; some of them (components such as ⺮) stand for no word."""
    return not text.isascii() and _MET.search(text) is not None


def as_ideographs(text: str) -> tuple[str, int]:
    """A text of the same length with the ideographs in their stead, and how many were replaced."""
    if not has_lookalikes(text):
        return text, 0
    unified = text.translate(_ideographs())
    return unified, sum(one != other for one, other in zip(text, unified, strict=True))


def without_references(markup: str) -> str:
    """Markup in which these characters stand themselves where it refers to them (&#12105;): what an editor writes into
    a page whose encoding lacks them."""

    def shown(found: re.Match[str]) -> str:
        code = int(found["hex"], 16) if found["hex"] else int(found["number"])
        return chr(code) if code in _ideographs() else found[0]

    return _REFERENCE.sub(shown, markup)


def warned(replaced: int) -> tuple[Warn, ...]:
    """What a document says of characters that were replaced in it."""
    if not replaced:
        return ()
    return (Warn("lookalikes_replaced", f"{replaced} characters that only look like ideographs read as these"),)


@lru_cache(maxsize=1)
def _ideographs() -> dict[int, str]:
    found = {
        code: form
        for code in (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00))
        if len(form := unicodedata.normalize("NFKC", chr(code))) == 1 and form != chr(code)
    }
    pairs = zip(_RADICALS + _SIGNS_MET, _WORDS + _SIGNS, strict=True)
    return found | {ord(one): other for one, other in pairs}
