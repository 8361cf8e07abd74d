"""Phrases that name a stretch of time: 1-9月, 截至9月底, 上半年, 去年, 2020年至2023年.

Two passes: one pattern finds the cores (a window of months, a quarter, a year), then neighbours are joined (a year
and the core after it) and the words around them decide how the stretch is meant (截至 opens its start, 以来 its end).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tasks.model import Span

# One character for one, so that offsets hold: full-width digits and letters, and every dash that means "to".
_PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},
        **dict.fromkeys("—–－―‐‑−~～〜﹣", "-"),
        **dict.fromkeys("\u3000\u00a0\t", " "),
    }
)
_PLAIN_MET = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")
_CHINESE = {digit: i for i, digit in enumerate("〇一二三四五六七八九十")} | {
    **dict.fromkeys("零○Oo", 0),
    "元": 1,
    "两": 2,
    "十一": 11,
    "十二": 12,
}
_YEAR = r"(?:(?:19|20)\d\d|二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2})"
_MONTH = r"(?:(?<![\d.])(?:1[0-2]|0?[1-9])|(?<![一二三四五六七八九十百])(?:十[一二]?|[一二三四五六七八九]))"
_NAMED = r"(?:第?\s?[一二三四1-4]\s?季度|[上下]半年|半年度|前[二三23]个?季度|Q[1-4]|H[12]|全年)"
_TO = r"\s?(?:-{1,2}|至|到)\s?"
# The first line is for speed alone: most positions are refused by one look at their character.
_CORE = re.compile(
    rf"""
    (?=[0-9一二三四五六七八九十今本当去上下前明来第半全年截迄到目首元QH“"]) (?:
    (?P<years>(?<!\d)(?P<ys1>{_YEAR})\s?年?{_TO}(?P<ys2>{_YEAR})\s?年)
  | (?P<year>(?<![\d.])(?:(?P<y>{_YEAR})
        (?:\s?年(?:度(?!假))?|\.(?=\d{{1,2}}{_TO}\d{{1,2}}\s?月)|(?=\s?{_NAMED}))|(?P<yy>[12]\d)年度?(?=\s?{_NAMED})))
  | (?P<relative>今年|本年(?!级)度?|当年度?|去年|上年(?!纪)度?|前年|明年|来年)
  | (?P<window>(?P<w1>{_MONTH}|元)\s?(?:月份?)?{_TO}(?P<w2>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份)?)
  | (?P<torn>(?<![\d.])1(?P<t2>[3-9]|1[0-2])\s?月(?:份)?)
  | (?P<quarters>前(?P<q1>[二两三23])个?季度|(?:[一1]季度?|(?<!\d)[一1]){_TO}(?P<q2>[二三四2-4])季度)
  | (?P<quarter>第?\s?(?P<q>[一二三四]|(?<![\d.])[1-4])\s?季度|(?<![A-Za-z])Q(?P<qq>[1-4])(?!\d)
        |(?P<qf>首季)度?)
  | (?P<half>(?P<h>[上下])半年(?:度)?|半年度|(?:半年|年中)(?=工作|总结|重点|目标)
        |(?<![A-Za-z])H(?P<hh>[12])(?!\d))
  | (?P<front>前(?P<f>{_MONTH})个月)
  | (?P<date>(?P<dm>{_MONTH})\s?月\s?(?P<dd>3[01]|[12]\d|0?[1-9])\s?[日号])
  | (?P<month>(?P<m>{_MONTH})\s?月(?:份)?)
  | (?P<whole>全年度?)
  | (?P<yearend>年(?:底|末|终))
  | (?P<within>年内)
  | (?P<todate>截[至止]到?(?:目前|今|现在)|(?:到)?目前为止|迄今)
  | (?P<since>年初(?:以来|至今))
  | (?P<plan>[“"]?十(?P<p>[一二三四五])五[”"]?(?:规划)?(?:期间|时期|以来))
    )
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(r"(?:截[至止]到?|截到|(?<![达得直受遇提])到)\s?$")
_AFTER = re.compile(
    r"\s?(?P<since>以来|至今)|(?P<same>同期)|(?P<edge>[底末])?(?P<until>前(?![列茅沿景期往置后])|以前|之前)?"
)
_JOINT = re.compile(r"\s?(?:的|[,，、]\s?|第)?\s?")
_RELATIVE = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "明": 1, "来": 1}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its span in the text and the dates it means, both inclusive, None where that side is open.

    `kind`: window (1-9月), quarter, half, month, day, year, years, whole (全年), upto (截至9月底, 年底), deadline
    (9月底前, 年内), since (今年以来), todate (截至目前), same (去年同期: a basis of comparison). `year_given` where the
    year is printed as a number, `offset` where it is relative (去年: -1); `damaged` where a lost character was put
    back (19月 read as 1-9月). Without a year to count from, both dates are None and `months` still stands.
    """

    span: Span
    start: date | None
    end: date | None
    kind: str
    year_given: bool = False
    offset: int | None = None
    damaged: bool = False
    months: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Core:
    start: int
    end: int
    kind: str
    year: int | None = None
    offset: int | None = None
    last_year: int | None = None
    months: tuple[int, int] | None = None
    day: int | None = None
    damaged: bool = False


def plain(text: str) -> str:
    """Full-width letters, digits and dashes made narrow, one character for one: offsets stay true."""
    return text.translate(_PLAIN) if _PLAIN_MET.search(text) else text


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _CHINESE[text]


def _year(text: str) -> int:
    return int(text) if text.isdecimal() else int("".join(str(_CHINESE.get(char, char)) for char in text))


def _core(match: re.Match[str]) -> _Core | None:
    kind = match.lastgroup or ""  # the outermost: inner groups close before it
    at = match.start(), match.end()
    if kind == "years":
        first, last = _year(match["ys1"]), _year(match["ys2"])
        return _Core(*at, kind, year=first, last_year=last) if first <= last else None
    if kind == "year":
        return _Core(*at, kind, year=_year(match["y"]) if match["y"] else 2000 + int(match["yy"]))
    if kind == "relative":
        return _Core(*at, "year", offset=_RELATIVE[match[kind][0]])
    if kind == "window":
        months = _number(match["w1"]), _number(match["w2"])
        return _Core(*at, kind, months=months) if months[0] < months[1] else None
    if kind == "torn":
        return _Core(*at, "window", months=(1, int(match["t2"])), damaged=True)
    if kind == "quarters":
        return _Core(*at, "window", months=(1, 3 * _number(match["q1"] or match["q2"])))
    if kind == "quarter":
        quarter = _number(match["q"] or match["qq"] or "1")
        return _Core(*at, kind, months=(3 * quarter - 2, 3 * quarter))
    if kind == "half":
        second = match["h"] == "下" or match["hh"] == "2"
        return _Core(*at, kind, months=(7, 12) if second else (1, 6))
    if kind == "front":
        return _Core(*at, "window", months=(1, _number(match["f"])))
    if kind in {"date", "month"}:
        month = _number(match["dm"] or match["m"])
        day = int(match["dd"]) if match["dd"] else None
        return _Core(*at, "day" if day else "month", months=(month, month), day=day)
    if kind == "plan":
        first = 2001 + 5 * _CHINESE[match["p"]]  # 十一五 is 2006-2010
        return _Core(*at, "years", year=first, last_year=first + 4)
    whole = {"whole": "whole", "yearend": "upto", "within": "deadline", "since": "since", "todate": "todate"}
    return _Core(*at, whole[kind], months=(1, 12))


def _cores(text: str) -> Iterator[_Core]:
    """Cores, a year joined to the core it governs (2023年1-11月, 去年上半年) and two dated months to a window."""
    held: _Core | None = None
    for match in _CORE.finditer(text):
        core = _core(match)
        if core is None:
            continue
        if held is not None:
            between = text[held.end : core.start]
            governs = held.kind == "year" and core.kind not in {"year", "years", "todate"}
            if governs and _JOINT.fullmatch(between) and not ({*between} & set("、,，") and core.kind == "since"):
                held = replace(core, start=held.start, year=held.year, offset=held.offset)
                continue
            spans_years = held.kind in {"month", "day"} and held.year is not None and core.kind == "year"
            if spans_years and re.fullmatch(_TO, between):
                held = replace(held, end=core.end, last_year=core.year, kind="opening")
                continue
            if held.kind == "opening" and core.kind in {"month", "day"} and not between and held.months and core.months:
                held = replace(held, end=core.end, kind="window", months=(held.months[0], core.months[1]))
                continue
            yield held
        held = core
    if held is not None:
        yield held


def _last_day(year: int, month: int, day: int | None) -> date:
    top = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or top, top))


def period_phrases(text: str, base_year: int | None, as_of: date | None = None) -> list[Phrase]:
    """The period phrases of `text`, in order, not overlapping.

    `base_year` is the year that 今年, 1-9月 and 上半年 speak of; `as_of` the day that 以来 and 截至目前 reach to
    (left open if None). A quarter is the quarter alone (三季度: July to September); whoever reads cumulative
    reports widens it.
    """
    flat = plain(text)
    found = []
    for core in _cores(flat):
        before = _BEFORE.search(flat, max(0, core.start - 4), core.start)
        after = _AFTER.match(flat, core.end)
        start, end = core.start, core.end
        kind = core.kind if core.kind != "opening" else "month"
        edge = until = False
        if after is not None and kind not in {"todate", "since", "years"}:
            edge, until = bool(after["edge"]), bool(after["until"])
            if after["since"]:
                kind = "since"
            elif after["same"]:
                kind = "same"
            elif until:
                kind = "deadline"
            elif edge and kind in {"month", "quarter", "window", "half", "year"}:
                kind = "upto"
            if kind in {"since", "same", "deadline", "upto"}:
                end = max(end, after.end())
        if before is not None and kind in {"month", "day", "quarter", "window", "half", "year", "upto"}:
            kind, start = "upto", before.start()
        year = core.year if core.year is not None else (None if base_year is None else base_year + (core.offset or 0))
        months = core.months or (1, 12)
        first = last = None
        if year is not None and kind != "same":
            if kind not in {"upto", "todate", "deadline"} or core.kind == "deadline":
                first = date(year, months[0], core.day or 1 if kind in {"day", "since"} else 1)
            to_now = kind in {"since", "todate"}
            last = as_of if to_now else _last_day(core.last_year or year, months[1], core.day)
        if first is not None and last is not None and last < first:
            last = None
        found.append(
            Phrase((start, end), first, last, kind, core.year is not None, core.offset, core.damaged, core.months)
        )
    return found
