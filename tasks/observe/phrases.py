"""Period phrases: `1-9月`, `前三季度`, `截至9月底`, `2023年1-11月` → first and last day.

The pattern finds them; `resolve` dates them against the year the document speaks of.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_YEAR = r"(?:20[0-9]{2}|二[〇零]二[〇零一二三四五六七八九])年度?|今年|本年度?|当年|去年|上年|明年|次年"
_BODY = (
    r"[0-9]{1,2}月?份?[-~—–至到][0-9]{1,2}月份?|[0-9]{1,2}(?:、[0-9]{1,2}){1,11}月份?|"
    r"[0-9]{1,2}月(?:[0-9]{1,2}[日号]|份|底|末|初|上旬|中旬|下旬|当月)?|"
    r"一至[二三四]季度|[1-4][-~—–至到][1-4]季度|[一二三四](?:、[一二三四])+季度|前[一二两三123]个?季度|"
    r"第?[一二三四]季度|[1-4]季度|首季度?|上半年|下半年|全年|前[0-9一二三四五六七八九十]{1,2}个?月|"
    r"年底前?|年末|年内|年初|年中"
)
DAYS = r"[0-9]{1,2}月[0-9]{1,2}日[-~—–至到](?:[0-9]{1,2}月)?[0-9]{1,2}日"
PERIOD = (
    rf"(?:截至|截止到?|至|到|预计到)?(?:(?:20[0-9]{{2}})[-~—–至到](?:20[0-9]{{2}})年|(?:{_YEAR})至(?:{_YEAR})|"
    rf"(?:{_YEAR})(?:{_BODY})?|(?:{_BODY}))(?:以来|末|底前?|(?<=[月日底])前)?|"
    r"[“]?十[一二三四五]五[”]?(?:期间|以来|时期)|目前|至今|截至目前|截止目前|近年来|本月(?=[^底末初])|[上本]周(?![边期转年末])"
)

_PARTS = re.compile(
    r"(?P<open>截至|截止到?|至(?!今)|到|预计到)?"
    rf"(?:(?P<y1>(?:20[0-9]{{2}}|{_YEAR}))[-~—–至到](?P<y2>20[0-9]{{2}}年|{_YEAR})$|"
    rf"(?P<year>{_YEAR})?(?P<body>{_BODY})?)(?P<tail>以来|末|底前?|(?<=[月日底])前)?"
)
_LISTED = re.compile("(?P<each>[0-9]{1,2}(?:、[0-9]{1,2})+|[一二三四](?:、[一二三四])+)(?P<of>月|季度)份?")
_DAYS = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日[-~—–至到](?:([0-9]{1,2})月)?([0-9]{1,2})日")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_DIGITS |= {"〇": 0, "零": 0}
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0)}  # of a month; 0: its last day
_RELATIVE = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "明": 1, "次": 1}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A period phrase before it is dated: an absolute or relative year, months, and whether its start is open.

    `year` is None where the phrase names none; `shift` moves the document's year. `default` marks 目前, 今年以来:
    the document's own period. `bare` marks a year alone, which as often modifies a noun as it dates the sentence.
    """

    year: int | None
    shift: int
    first: int
    last: int
    day: int | None = None
    open: bool = False
    default: bool = False
    bare: bool = False
    last_year: int | None = None
    first_day: int = 1
    since: bool = False  # up to the end of the document's own period
    now: bool = False  # 截至目前: what there is at the end of it


@lru_cache(maxsize=4096)
def understand(text: str) -> Phrase | None:
    """The phrase in the matched `text`; None for dates of events and what cannot be told."""
    if text.endswith(("目前", "至今", "近年来")):
        return Phrase(None, 0, 1, 12, default=True, now=not text.endswith(("至今", "近年来")))
    if text in ("本月", "上周", "本周"):
        return Phrase(None, 0, 1, 12, default=True)
    days = _DAYS.fullmatch(text)
    if days:
        month, opens, until, end = (int(days[n]) if days[n] else 0 for n in range(1, 5))
        until = until or month
        told = 1 <= month <= until <= 12 and opens
        return Phrase(None, 0, month, until, day=end, first_day=opens) if told else None
    if "五" in text and "十" in text:
        number = _DIGITS["".join(c for c in text if c in _DIGITS)[1]] + 10
        first_year = 2001 + (number - 10) * 5
        return Phrase(first_year, 0, 1, 12, last_year=first_year + 4, since=text.endswith("以来"))
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    if found["y1"]:
        one, _ = _year_of(found["y1"])
        two, _ = _year_of(found["y2"])
        return Phrase(one, 0, 1, 12, last_year=two) if one and two else None
    year, shift = _year_of(found["year"] or "")
    body, tail, start_open = found["body"] or "", found["tail"] or "", found["open"] is not None
    if tail == "以来":
        if shift == 0 and year is None and body in ("", "年初"):
            return Phrase(None, 0, 1, 12, default=True)
        begun = _months(body) if body else (1, 12, None, False)
        return Phrase(year, shift, begun[0], 12, since=True) if begun and not begun[2] else None
    if tail == "前":
        start_open = True
    if not body:
        if tail in ("末", "底", "底前"):
            return Phrase(year, shift, 1, 12, open=True)
        return Phrase(year, shift, 1, 12, open=start_open, bare=True)
    months = _months(body)
    if months is None:
        return None
    first, last, day, closing = months
    third = _THIRDS.get(body[-2:])
    if third is not None:
        return Phrase(year, shift, first, last, day=third[1], open=start_open, first_day=third[0])
    return Phrase(year, shift, first, last, day=day, open=start_open or closing or tail in ("末", "底"))


def _year_of(text: str) -> tuple[int | None, int]:
    if not text:
        return None, 0
    if text[0] in _RELATIVE:
        return None, _RELATIVE[text[0]]
    digits = "".join(str(_DIGITS[c]) if c in _DIGITS else c for c in text if c in _DIGITS or c.isdigit())
    return (int(digits), 0) if len(digits) == 4 else (None, 0)


def _months(body: str) -> tuple[int, int, int | None, bool] | None:
    """First month, last month, last day, and whether the phrase names an end only."""
    if body in ("上半年",):
        return 1, 6, None, False
    if body == "下半年":
        return 7, 12, None, False
    if body in ("全年", "年内"):
        return 1, 12, None, False
    if body in ("年底", "年末", "年底前"):
        return 1, 12, None, True
    if body in ("年初", "年中"):
        return None
    numbers = [int(n) for n in re.findall(r"[0-9]+", body)] or [_DIGITS[c] for c in body if c in _DIGITS]
    if body.startswith("首季"):
        numbers = [1]
    if not numbers:
        return None
    if "季度" in body or body == "首季":
        if body.startswith("前") or "至" in body or "-" in body:
            return 1 if body.startswith("前") else numbers[0] * 3 - 2, min(numbers[-1], 4) * 3, None, False
        return numbers[0] * 3 - 2, min(numbers[-1], 4) * 3, None, False
    if body.startswith("前"):
        last = sum(numbers) if len(numbers) > 1 else numbers[0]
        return (1, last, None, False) if 1 <= last <= 12 else None
    if any(mark in body for mark in "-~—–至到、") and len(numbers) >= 2:
        first, last = numbers[0], numbers[-1]
        return (first, last, None, False) if 1 <= first <= last <= 12 else None
    month = numbers[0]
    if not 1 <= month <= 12:
        return None
    if len(numbers) == 2:
        return month, month, numbers[1] or 1, False
    if body.endswith(("底", "末")):
        return month, month, None, True
    if body.endswith("旬"):
        return month, month, None, False
    return (month, month, None, False) if body.endswith(("月", "份")) else None


@lru_cache(maxsize=1 << 10)
def members(text: str) -> tuple[str, ...]:
    """The phrases that a listing one stands for: 4、5、6月 → 4月, 5月, 6月; empty where it lists none."""
    listed = _LISTED.fullmatch(text)
    return tuple(each + listed["of"] for each in listed["each"].split("、")) if listed else ()


@lru_cache(maxsize=1 << 12)
def resolve(phrase: Phrase, year: int | None) -> tuple[date | None, date | None] | None:
    """First and last day of the phrase in a document about `year`; None where the phrase is an event's date, and where
    neither names a year."""
    named = phrase.year
    if named is None:
        if year is None:
            return None
        named = year + phrase.shift
    last_year = phrase.last_year or named
    end_of_month = calendar.monthrange(last_year, phrase.last)[1]
    if phrase.day is not None:
        if phrase.day > end_of_month:
            return None
        until = date(last_year, phrase.last, phrase.day or end_of_month)
        if phrase.open:
            return None, until
        if phrase.first_day > calendar.monthrange(named, phrase.first)[1]:
            return None
        begun = date(named, phrase.first, phrase.first_day)
        return (begun, until) if begun < until else None
    end = date(last_year, phrase.last, end_of_month)
    return (None if phrase.open else date(named, phrase.first, 1)), end
