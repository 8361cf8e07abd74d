"""Numbers as Chinese disclosures write them, in either script and either letter width.

`parse_numeral` reads one whole numeral; finding numerals in running text is the lexer's job (`tasks.observe`).
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    **{char: index for index, char in enumerate("零一二三四五六七八九")},
    **{char: index for index, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "○": 0,
    "两": 2,
    "俩": 2,
    "幺": 1,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WIDTH = str.maketrans(
    "０１２３４５６７８９．，％＋－−–—",
    "0123456789.,%+----",
)
_FRACTION = re.compile(r"(?:百分之|千分之|万分之)")
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_PLAIN = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)")
_BLANK = re.compile(r"\s+")


def parse_numeral(text: str) -> Decimal | None:
    """The value of a numeral that is the whole of `text`; None where it is not one, never a guess.

    `1,234.5` `１２３` `二○二四` `三百五十` `两千零五` `一万三` `百万` `三点五亿` `1.2亿` `1亿2000万` `负三` `-18.33`.
    Multipliers are applied: `1,234.5万` → 12345000. A percentage is its number: `80%` and `百分之八十` → 80 (as is
    `千分之三` → 3; the caller keeps the unit). Vague numerals (`十余`, `数百`, `3千多`) give None.
    """
    if text in _DIGITS:
        return Decimal(_DIGITS[text])
    folded = _BLANK.sub("", text.translate(_WIDTH))
    if _PLAIN.fullmatch(folded):
        return Decimal(folded.replace(",", ""))
    found = _FRACTION.match(folded)
    if found:
        folded = folded[found.end() :]
    elif folded.endswith(("%", "‰")):
        folded = folded[:-1]
    sign = 1
    if folded[:1] in ("-", "负", "+"):
        sign = -1 if folded[0] != "+" else 1
        folded = folded[1:]
    value = _evaluate(folded)
    return None if value is None else sign * value


def _evaluate(text: str) -> Decimal | None:
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    if "点" in text:
        return _pointed(text)
    total = section = Decimal(0)
    number: Decimal | None = None
    last_unit = 0  # the unit before `number`, 0 after 零: 一万三 is 13000, 一万零三 is 10003
    at = 0
    while at < len(text):
        char = text[at]
        arabic = _ARABIC.match(text, at)
        if arabic:
            if number is not None:
                return None
            number, at = Decimal(arabic[0].replace(",", "")), arabic.end()
            last_unit = 0
            continue
        at += 1
        if char in _DIGITS:
            if number is not None and number != 0:
                return None
            number = Decimal(_DIGITS[char])
            if number == 0:
                last_unit = 0
        elif char in _SMALL:
            unit = _SMALL[char]
            if number is None and section and unit != 10:
                return None
            section += (number if number else Decimal(1)) * unit
            number, last_unit = None, unit
        elif char in _LARGE:
            unit = _LARGE[char]
            section += number or 0
            if not section and not total and number is None:
                section = Decimal(1)
            if unit == 100_000_000:
                total, section = (total + section) * unit, Decimal(0)
            else:
                total, section = total + section * unit, Decimal(0)
            number, last_unit = None, unit
        else:
            return None
    if number is not None:
        section += number * (last_unit // 10 if last_unit >= 100 and number < 10 else 1)
    return total + section


def _pointed(text: str) -> Decimal | None:
    """三点五, 十二点三五亿: an integer, 点, digits, perhaps a multiplier."""
    whole, _, rest = text.partition("点")
    tail = rest.lstrip("".join(_DIGITS))
    digits = rest[: len(rest) - len(tail)]
    head = _evaluate(whole)
    scale = Decimal(1) if not tail else _evaluate(tail)
    if head is None or not digits or scale is None or any(char not in _LARGE for char in tail):
        return None
    return Decimal(f"{head}.{''.join(str(_DIGITS[char]) for char in digits)}") * scale
