"""Where below its title a document prints its period: subtitles and captions, names of files, headings, lead lines.

Each rung gives claims of its own kind; `tasks/periods/finding.py` takes the highest that names a period and holds the
others against it. A day on which a form was filled in is no period: it gives the year at most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tasks.periods.claims import Claim, claims_of, windows_of
from tasks.periods.phrases import period_phrases, plain

_FILED = re.compile(
    r"(?:填报|填表|填制|报送|上报|制表|编制|发布|公布|公开|公示|更新|录入|打印|印发|签发|成文|生成)(?:日期|时间|日)?\s*[:：]?\s*"
    r"(?=(?:19|20)\d\d)"
)
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?[年./-]\s?(?P<month>1[0-2]|0?[1-9])\s?[月./-]\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?日?"
)
_AS_OF = re.compile(
    r"(?:数据|统计|报表|信息|资料)?(?:截[至止]|统计)(?:时间|日期|时点|时限|至)?\s*(?:[:：]|为|是)?\s*"
    r"(?=(?:19|20)\d\d\s?[年./-]\s?\d{1,2}\s?(?:[月./-]\s?\d{1,2}\s?日?|月(?:份|底|末)?)\s*(?:$|[)）。,，;；\u3000]))"
)
_MONTH_ALONE = re.compile(r"(?:(?:19|20)\d\d\s?年\s?)?\d{1,2}\s?月(?:份)?")
_INTRODUCES = re.compile(
    r"现将|(?:公布|公示|通报|报告|公开|情况)如下|见下表|^\s*注|数据(?:截|统计|为)|"
    r"统计\S{0,4}截[至止]|截[至止](?:时间|日期|时点)"
)
# A note on single figures of the table: 地区生产总值为季度指标，数据为前三季度数.
_ON_FIGURES = re.compile(r"季度(?:性)?(?:指标|数据|数值|核算)|按季|部分|个别|其中")
_SUBJECT = re.compile(
    r"^\s*注|[\d一二三四五六七八九十①-⑩]+[.、)]|本表|[上下]?表中|以上|上述|各项|所有|全部|有关|相关|数据|统计|指标|任务|项目|工作|"
    r"报送|填报|汇总|反映|进展|进度|完成|落实|情况|时间|时点|口径|日期|截[至止]|均|皆|为|是|系|至|到|的|[^\u4e00-\u9fff]"
)
_WHOLE_YEAR = ("Y", 1)
_OF_THE_WORK = re.compile(r"全年|年度$")
_SUM_OF_THE_YEAR = re.compile(r"(?:^|/)全年度?累计(?:完成|实际)?(?:情况|进展)?$")
_TO_COME = re.compile(r"预计|预期|预估|计划|目标|应|[底末终月]前")
_NAMED = {3: ("Q", 1), 6: ("H", 1), 9: ("Q", 3), 12: _WHOLE_YEAR}  # by the month in which a window from January ends


@dataclass(frozen=True, slots=True)
class Subtitles:
    """What the lines between title and table say: `claims`; `weak` claims, which count where nothing else does; and
    the day on which the form was filled in, which is to the table what publication is to the page."""

    claims: tuple[Claim, ...] = ()
    weak: Claim | None = None
    filed_on: date | None = None


def read_subtitles(lines: Iterable[str]) -> Subtitles:
    """Subtitles, captions and sheet names; plans of what is to come are left out.

    A month alone is as often the date of the paper as its period: one that ends a quarter is weak evidence.
    """
    claims: list[Claim] = []
    weak: Claim | None = None
    filed_on: date | None = None
    for line in lines:
        text = plain(line)
        filed = _FILED.search(text)
        printed = _DAY.match(text, filed.end()) if filed else None
        if filed is not None and printed is not None:
            on = _day(printed)
            filed_on = filed_on or on
            text = text[: filed.start()] + text[printed.end() :]
            if on is not None and (on + timedelta(days=1)).day == 1:
                weak = weak or _at_end_of(on.month, on.year, printed[0])
        text = _AS_OF.sub("截至", text, count=1)
        for claim in claims_of(text, "caption", plans=False):
            if _MONTH_ALONE.fullmatch(claim.text):
                weak = weak or _at_end_of(claim.end_month, claim.year, claim.text)
            else:
                claims.append(claim)
    return Subtitles(tuple(claims), weak, filed_on)


def _day(printed: re.Match[str]) -> date | None:
    try:
        return date(int(printed["year"]), int(printed["month"]), int(printed["day"]))
    except ValueError:
        return None


def _at_end_of(month: int, year: int | None, printed: str) -> Claim | None:
    if month % 3:
        return None
    kind, number = _NAMED[month]
    return Claim("caption", printed, year, kind, number)


def column_claims(headings: Iterable[str]) -> list[Claim]:
    """Claims of the headings above the results. 全年 there means the work (全年任务完成情况) as a rule; 年终 and 1-12月
    mean the time."""
    told = [
        (claim, heading)
        for heading in headings
        for claim in claims_of(heading, "column", plans=False)
        if claim.kind is not None
    ]
    claims = [
        claim
        for claim, heading in told
        if (claim.kind, claim.number) != _WHOLE_YEAR
        or _SUM_OF_THE_YEAR.search(heading)
        or (not _OF_THE_WORK.search(claim.text) and not _TO_COME.search(heading))
    ]
    # 四季度 beside 全年累计 is a part of what is told.
    whole = any((claim.kind, claim.number) == _WHOLE_YEAR for claim in claims)
    return [claim for claim in claims if not (whole and (claim.kind, claim.number) == ("Q", 4))]


def introduced(paragraphs: Iterable[str]) -> Claim | None:
    """What the sentence that introduces the table (现将…情况通报如下), or a note on its data, says it is about."""
    return lead_claim(
        [
            _AS_OF.sub("截至", sentence)
            for text in paragraphs
            for sentence in re.split(r"(?<=[。;；\n])", plain(text))
            if _INTRODUCES.search(sentence) and not _is_on_figures(sentence)
        ]
    )


def _is_on_figures(sentence: str) -> bool:
    """Whether a sentence dates single figures of a table (地区生产总值为前三季度数), not the table."""
    if re.search(r"现将|如下|见下表", sentence):
        return False
    if _ON_FIGURES.search(sentence):
        return True
    for phrase in period_phrases(sentence, None):
        clause = re.split(r"[,，]", sentence[: phrase.span[0]])[-1]
        if re.search(r"[为是系]\s*$", clause) and len(_SUBJECT.sub("", clause)) >= 3:
            return True
    return False


def lead_claim(paragraphs: Iterable[str]) -> Claim | None:
    """What the paragraphs before the table tell results of: the window that reaches furthest, plans left out."""
    found = [w for w in windows_of((t, period_phrases(t, None)) for t in map(plain, paragraphs)) if not w.day]
    ends = Counter((w.year, w.last) for w in found if w.first == 1 or w.last - w.first == 2)
    last = max((month for _, month in ends), default=0)
    years = {year for year, month in ends if month == last and year is not None}
    if not ends or len(years) > 1:
        return None
    shown = next(w for w in found if w.last == last)
    kind, number = ("Q", last // 3) if "季" in shown.text else _NAMED.get(last, ("M", last))
    return Claim("lead", shown.text, next(iter(years), None), kind, number)
