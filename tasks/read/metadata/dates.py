"""Dates as portals print them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from tasks.numerals import parse_numeral

_WHITE = re.compile(r"\s+")
_WRITTEN = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?=\D|$|\d\d:\d)"
)
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|\d{6}(?!\d)|$)")
_SPOKEN = re.compile(
    r"(二[〇○零Oo0][〇○零一二三四五六七八九Oo0]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)


def parse_date(text: str) -> date | None:
    """The first calendar date in `text`, or None.

    `2024-10-29 15:18:52`, `2025- 05- 20 15: 29`, `2024年10月29日`, `2024.10.29`, `20241029`, full-width digits,
    `二〇二四年十月二十九日`. A date that does not exist (2024-13-45, 2024-02-30) is None.
    """
    narrow = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-").replace("‐", "-")
    flat = _WHITE.sub("", narrow)
    found = _WRITTEN.search(narrow) or _PACKED.search(flat)
    numbers: list[int] | None = [int(part) for part in found.groups()] if found else None
    if numbers is None and (spoken := _SPOKEN.search(flat)) is not None:
        year = "".join(str("〇一二三四五六七八九".find(char)) if char not in "○零Oo0" else "0" for char in spoken[1])
        parts = [parse_numeral(spoken[2]), parse_numeral(spoken[3])]
        numbers = [int(year), *(int(part) for part in parts if part is not None)]
    if numbers is None or len(numbers) != 3:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None
