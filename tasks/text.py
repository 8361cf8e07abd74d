"""The one rule for cleaning text, and the one rule for comparing it.

Cleaning keeps every visible character as the portal wrote it. Folding is for comparison only and is never stored.
"""

from __future__ import annotations

import re
import unicodedata

# Removed: C0 and C1 controls other than tab and line feed (PostgreSQL refuses NUL), zero-width characters, bidi
# controls, soft hyphen, BOM. Private-use characters stay: they are visible damage, and dropping them would hide it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LINE_ENDS = re.compile("\r\n|\r|\u0085|\u2028|\u2029")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANKS = re.compile("[ \t]+")
_CLOSING = "。.;；,，、!！ "
_PUNCTUATION = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "—": "-",
        "–": "-",
        "‑": "-",
        "−": "-",
        "~": "-",
        "～": "-",
        "〜": "-",
        "。": ".",
        "、": ",",
        "﹒": "·",
        "•": "·",
        "・": "·",
        "《": "<",
        "》": ">",
    }
)
_PUNCTUATION_MET = re.compile("[" + "".join(map(chr, _PUNCTUATION)) + "]")


def clean(text: str) -> str:
    """Invisible characters removed, line ends and exotic spaces unified; everything visible kept verbatim."""
    if text.isprintable():  # then it holds none of what follows
        return text
    return _SPACES.sub(" ", _LINE_ENDS.sub("\n", _INVISIBLE.sub("", text)))


def clean_cell(text: str) -> str:
    """`clean`, with runs of blanks folded to one space and the ends stripped; line feeds inside are kept."""
    if text.isprintable():
        return (_BLANKS.sub(" ", text) if "  " in text else text).strip()
    return "\n".join(line for line in (_BLANKS.sub(" ", part).strip() for part in clean(text).split("\n")) if line)


def fold(text: str) -> str:
    """The comparison form: NFKC, no white space, punctuation of one width, closing punctuation off, lower case.

    Two texts with the same fold differ only in white space, letter width or closing punctuation.
    """
    folded = unicodedata.normalize("NFKC", clean(text))
    if _PUNCTUATION_MET.search(folded):
        folded = folded.translate(_PUNCTUATION)
    return "".join(folded.split()).rstrip(_CLOSING).lower()
