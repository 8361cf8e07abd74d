"""Text of markup as a browser shows it."""

from __future__ import annotations

import re

from tasks.text import clean

# A noncharacter: stands for a line end inside a cell until its text is cleaned.
BREAK = "\ufdd0"
_CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
_SOFT_WRAP = re.compile(rf"(?<=[{_CJK}])[ \t\r\f]*\n\s*(?=[{_CJK}])")


def clean_run(raw: str) -> str:
    """Text of markup as a browser shows it: white space collapsed, soft-wrapped Han joined, line ends where marked."""
    if BREAK in raw:
        return "\n".join(line for part in raw.split(BREAK) if (line := clean_run(part)))
    raw = raw.strip()
    if raw.isprintable() and "  " not in raw:
        return raw
    if "\n" in raw:
        raw = _SOFT_WRAP.sub("", raw)
    if not raw.isprintable():
        raw = clean(raw)
    return " ".join(raw.split())
