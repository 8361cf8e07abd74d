"""Numbers as a sheet shows them: 0.45 under `0%` is `45%`, 45594 under `yyyy"年"m"月"` is `2024年10月`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

# Formats that files name by number only. 14-22 and 27-58 are those of a Chinese system.
BUILTIN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "¥#,##0;¥-#,##0",
    6: "¥#,##0;¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00",
    8: "¥#,##0.00;¥-#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"',
    42: '¥#,##0;¥-#,##0;¥"-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '¥#,##0.00;¥-#,##0.00;¥"-"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<date>y+|e+|m+|d+|a{3,4}|h+|s+(?:\.0+)?)"
    r"|(?P<exponent>E[+-]0*)|(?P<number>[0#?.,]+)|(?P<percent>%)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_CURRENCY = re.compile(r"\$([^-\]]*)(?:-.*)?")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_MONTHS = tuple(calendar.month_name)[1:]
_DAYS = tuple(calendar.day_name)
_WEEK = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Shown:
    """`text` as displayed; `number` is the number in it (45 for 45%), None for dates, text and nothing."""

    text: str
    number: float | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    is_date: bool


def show(value: float, code: str, *, date1904: bool = False) -> Shown:
    """The cell's value under its number format. A format that cannot be understood shows the plain number."""
    sections = _sections(code)
    section, signed = _choose(sections, value)
    if section.is_date:
        text = _date(value, section, date1904)
        return Shown(text) if text is not None else Shown(general(value), value)
    if not section.tokens:
        return Shown("")
    if signed:
        return _number(value, section)
    shown = _number(abs(value), section)
    return Shown(shown.text, -shown.number if shown.number is not None and value < 0 else shown.number)


def general(value: float) -> str:
    """A number without a format: whole numbers in full, others with the ten digits a sheet shows."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what differs from itself
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    digits = f"{value:.10g}"
    if "e" in digits:
        mantissa, _, exponent = f"{value:.5e}".partition("e")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent[0]}{exponent[1:].zfill(2)}"
    return digits


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match[0]
        if kind == "other" and text == ";":
            parts.append([])
        elif kind in {"quoted", "escaped", "other"}:
            parts[-1].append(("literal", match[kind]))
        elif kind == "bracket":
            parts[-1].extend(_bracket(match["bracket"]))
        elif kind is not None:
            parts[-1].append((kind, text))
    return tuple(_section(part) for part in parts)


def _bracket(inside: str) -> list[tuple[str, str]]:
    condition = _CONDITION.fullmatch(inside)
    if condition:
        return [("condition", inside)]
    if _ELAPSED.fullmatch(inside):
        return [("elapsed", inside.lower())]
    currency = _CURRENCY.fullmatch(inside)
    return [("literal", currency[1])] if currency and currency[1] else []


def _section(tokens: list[tuple[str, str]]) -> _Section:
    condition = None
    for kind, text in tokens:
        found = _CONDITION.fullmatch(text) if kind == "condition" else None
        if found:
            condition = (found[1], float(found[2]))
    rest = tuple((kind, text) for kind, text in tokens if kind != "condition")
    kinds = {kind for kind, _ in rest}
    dated = bool(kinds & {"date", "elapsed", "ampm"}) and "general" not in kinds
    return _Section(rest, condition, dated)


def _choose(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """The section for the value, and whether the sign is still to be written."""
    for section in sections[:3]:
        if section.condition is not None:
            operator, bound = section.condition
            holds = {
                "<": value < bound,
                "<=": value <= bound,
                ">": value > bound,
                ">=": value >= bound,
                "=": value == bound,
                "<>": value != bound,
            }[operator]
            if holds:
                return section, True
    plain = [section for section in sections[:3] if section.condition is None]
    if len(plain) < len(sections[:3]):
        return (plain or list(sections))[-1], True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _number(value: float, section: _Section) -> Shown:
    kinds = [kind for kind, _ in section.tokens]
    if "general" in kinds or "text" in kinds or section.tokens == (("literal", "@"),):
        text = "".join(general(value) if kind == "general" or part == "@" else part for kind, part in section.tokens)
        return Shown(text, value)
    placeholders = [text for kind, text in section.tokens if kind == "number"]
    if not placeholders:
        return Shown("".join(text for _, text in section.tokens))
    if "exponent" in kinds or any(text == "/" for _, text in section.tokens):
        return Shown(general(value), value)
    percents = kinds.count("percent")
    joined = "".join(placeholders)
    whole, _, fraction = joined.partition(".")
    bare = whole.rstrip(",")
    thousands = len(fraction) - len(fraction.rstrip(",")) if fraction else len(whole) - len(bare)
    try:
        amount = Decimal(f"{value:.15g}") * (Decimal(100) ** percents) / (Decimal(1000) ** thousands)
        places = sum(c in "0#?" for c in fraction)
        amount = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return Shown(general(value), value)
    digits = _digits(abs(amount), bare, fraction, grouped="," in bare)
    sign = "-" if amount < 0 else ""
    return Shown(sign + _assembled(section, digits), float(amount))


def _digits(amount: Decimal, whole: str, fraction: str, *, grouped: bool) -> str:
    before, _, after = f"{amount:f}".partition(".")
    optional = sum(c in "#?" for c in fraction)
    required = sum(c == "0" for c in fraction)
    if optional:
        after = after[:required] + after[required:].rstrip("0")
    required_whole = len(whole.replace(",", "").lstrip("#?"))
    before = before.lstrip("0").rjust(required_whole, "0")
    if grouped:
        before = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", before)
    point = "." if after or "0" in fraction else ""
    return before + point + after if before + after else "0" if "0" in whole else ""


def _assembled(section: _Section, digits: str) -> str:
    """Literals and percent signs where the format has them; the digits at the first placeholder."""
    parts: list[str] = []
    placed = False
    for kind, text in section.tokens:
        if kind != "number":
            parts.append(text)
        elif not placed:
            parts.append(digits)
            placed = True
    return "".join(parts)


def _date(value: float, section: _Section, date1904: bool) -> str | None:
    try:
        moment = moment_of(value, date1904=date1904)
    except (OverflowError, ValueError):
        return None
    if value < 0:
        return None
    tokens = section.tokens
    halves = any(kind == "ampm" for kind, _ in tokens)
    parts: list[str] = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "date":
            parts.append(_date_part(text.lower(), moment, _is_minute(tokens, index), halves))
        elif kind == "elapsed":
            unit = {"h": 24, "m": 1440, "s": 86400}[text[0]]
            parts.append(str(int(value * unit + 1e-9)).zfill(len(text)))
        elif kind == "ampm":
            early, _, late = text.partition("/")
            parts.append(early if moment.hour < 12 else late)
        elif kind != "literal" or text != "@":
            parts.append(text)
    return "".join(parts)


def _is_minute(tokens: tuple[tuple[str, str], ...], index: int) -> bool:
    """Whether an `m` stands beside hours or seconds."""
    if tokens[index][1][0] not in "mM" or len(tokens[index][1]) > 2:
        return False
    before = [text[0].lower() for kind, text in tokens[:index] if kind in {"date", "elapsed"}]
    after = [text[0].lower() for kind, text in tokens[index + 1 :] if kind in {"date", "elapsed"}]
    return (bool(before) and before[-1] == "h") or (bool(after) and after[0] == "s")


def _date_part(text: str, moment: datetime, minute: bool, halves: bool) -> str:
    letter, width = text[0], len(text)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and width <= 2 else str(moment.year)
    if letter == "m":
        if minute:
            return str(moment.minute).zfill(width)
        if width >= 3:
            name = _MONTHS[moment.month - 1]
            return name if width == 4 else name[:3] if width == 3 else name[:1]
        return str(moment.month).zfill(width)
    if letter == "d":
        if width >= 3:
            return _DAYS[moment.weekday()] if width > 3 else _DAYS[moment.weekday()][:3]
        return str(moment.day).zfill(width)
    if letter == "a":
        return ("星期" if width == 4 else "") + _WEEK[moment.weekday()]
    if letter == "h":
        return str((moment.hour % 12 or 12) if halves else moment.hour).zfill(width)
    seconds, _, places = text.partition(".")
    shown = str(moment.second).zfill(len(seconds))
    return f"{shown}.{moment.microsecond / 1e6:.{len(places)}f}".replace(".0.", ".") if places else shown


def moment_of(serial: float, *, date1904: bool = False) -> datetime:
    """A sheet's day number as local time. Day 60 of the 1900 system never was; later days count it."""
    # Sheets know no time zone.
    base = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001
    return base + timedelta(seconds=round(serial * 86400, 3))
