"""What the places of a document say of its period: title, attachment, headings, opening, the windows of the text.

Each gives claims; deciding between them is for tasks/periods/finding.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.model import Period
from tasks.periods.phrases import Phrase, period_phrases, plain

PLANNING = re.compile(
    r"思路|打算|谋划|展望|工作要点|下一?步|下阶段|下一阶段|下一年度?|明年|来年|今后|努力方向|"
    r"(?:计划|安排|部署)(?!(?:的)?(?:执行|完成|落实|实施|进展|推进))"
)
_RETROSPECT = re.compile(r"总结|回顾|情况|成效|完成|进展|执行|落实|推进|做法|亮点|自评")
_NOT_YET = re.compile(
    r"(?:计划|预计|力争|争取|确保|拟|(?<!现)将|目标|预期|到|至|于|预估|安排|规划|下达)[^,，。;；]{0,6}$|(?:时限|期限|节点)(?:为|是|[:：])?\s?$|(?:剩余|其余|余下)[^,，。;；]{0,8}$"
)
_ORDINAL_HEADING = re.compile(r"(?:^|(?<=[\s。]))[一二三四五六七八九十]{1,3}、[^\n。;；:：]{2,30}", re.MULTILINE)
# Above what a year came to: 2024年完成情况, 2024年实绩.
_RESULT_OF_YEAR = re.compile(
    r"(?P<year>20\d\d)\s?年度?(?:实际|累计)?(?:完成|实绩|实际|达到|实现)(?:情况|值|数|量|额|率|结果)?(?:[(（][^()（）]{1,8}[)）])?"
)
_DECEMBER, _SEVERAL = 12, 2
_BEFORE_OPENING, _OPENING = 6, 160  # paragraphs, and characters of each
_YEARLY = re.compile(r"年度?(?:全年)?(?:工作|个人|述职)*总结(?!.*季度)")
# Results of a year (年度完成情况), and in brackets behind them which: （2024年）.
_STAMPED_YEAR = re.compile(
    r"(?<!\d年)(?<!\d)年度[^\d。；;]{0,6}(?:完成|执行|落实|进展|推进|办理|实施|监测|考核)[^\d。；;]{0,8}[(（]20\d\d\s?年度?[)）]\s*$"
)
# A clause that opens with 全年 and tells a figure, up to the stop; and what makes a plan of it.
_OF_THE_YEAR = re.compile(r"(?:^|(?<=[。;；，,：:\s]))全年度?[^。;；\n\d]*(?P<figure>\d)?[^。;；\n]*")
_NOT_OF_A_YEAR = re.compile(
    r"^全年度?(?:任务|目标|计划|预计|预期|有望|力争|安排|指标|工作|拟|将|可|应|需|要|确保)|预计|力争|有望|争取|确保|预期|计划于"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One place's say: a label without its year (`kind`, `number`), the year where it is printed, and the place."""

    where: str
    text: str
    year: int | None
    kind: str | None  # Q H M Y; None where only the year is named
    number: int = 1
    single: bool = False

    @property
    def end_month(self) -> int:
        return {"Q": 3, "H": 6, "M": 1}.get(self.kind or "Y", 12) * self.number

    def period(self, year: int) -> Period:
        return Period(year, self.kind or "Y", self.number)

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def _label(phrase: Phrase) -> tuple[str, int, bool] | None:
    """Kind, number and single of the period a phrase names; None where it names none (a day, a span of years)."""
    if phrase.kind in {"day", "years", "since", "todate", "same", "deadline"}:
        return None
    if phrase.kind in {"whole", "year"} or phrase.months is None:
        return "Y", 1, False
    first, last = phrase.months
    if phrase.kind == "quarter":
        return "Q", last // 3, False
    if phrase.kind == "half":
        return "H", last // 6, first > 1
    if phrase.kind in {"window", "upto"}:
        single = first > 1 and phrase.kind == "window"
        if last - first in {2, 11, 5, 8} or first == 1 or phrase.kind == "upto":
            named = {3: ("Q", 1), 6: ("Q", 2) if single else ("H", 1), 9: ("Q", 3), 12: ("Y", 1)}
            kind, number = named.get(last, ("M", last))
            if single and last == 12:
                kind, number = ("H", 2) if first == 7 else ("Q", 4)
            return kind, number, single
        return "M", last, single
    return "M", last, False


def _relevant(text: str, *, plans: bool) -> list[Phrase]:
    """The phrases of a title or heading; those of a plan only where it names nothing else (总结和…思路), if `plans`."""
    phrases = period_phrases(text, None)
    flat = plain(text)
    bounds = [phrase.span[0] for phrase in phrases[1:]] + [len(flat)]
    told = []
    for phrase, bound in zip(phrases, bounds, strict=False):
        tail = re.split(r"[及和与、]|暨", flat[phrase.span[1] : bound], maxsplit=1)[0]
        if not (PLANNING.search(tail) and not _RETROSPECT.search(tail)):
            told.append(phrase)
    return told or (phrases if plans else [])


def claims_of(text: str, where: str, *, plans: bool = True) -> list[Claim]:
    """What a title, an attachment's name or a heading claims, the most specific first.

    `plans`: whether what is planned counts where nothing else is named.
    """
    phrases = _relevant(text, plans=plans)
    years = [p.start.year for p in period_phrases(text, None) if p.year_given and p.start and p.kind != "years"]
    years += [p.end.year for p in phrases if p.year_given and p.end and p.kind in {"upto", "deadline"}]
    fallback = years[0] if len(set(years)) == 1 else None
    claims = []
    for phrase in phrases:
        label = _label(phrase)
        own = next((d.year for d in (phrase.start, phrase.end) if d is not None), None) if phrase.year_given else None
        printed = text[phrase.span[0] : phrase.span[1]]
        if label is None or (phrase.offset is not None and phrase.offset != 0):
            if own is not None and phrase.kind in {"day", "since", "deadline"}:
                claims.append(Claim(where, printed, own, None))
            continue
        kind, number, single = label
        bare = phrase.kind == "year" and not _YEARLY.search(text) and not _STAMPED_YEAR.search(text)
        if bare and own is None:
            continue
        claims.append(Claim(where, printed, own or fallback, None if bare else kind, number, single))
    if not claims and fallback is not None and (plans or phrases):
        claims.append(Claim(where, str(fallback), fallback, None))
    return sorted(claims, key=lambda c: (c.kind is None, c.kind == "Y", c.kind == "M" and c.where == "title"))


# What is behind a phrase that tells of the time to come: 四季度计划, 四季度重点工作安排.
_TO_COME = re.compile(
    r"[^,，。]{0,3}(?:前|预计|力争|拟|计划|将)|(?:的)?(?:主要|重点)?工作(?:安排|打算|思路|谋划)(?!(?:的)?(?:完成|执行|落实|进展))"
)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of months that the text tells results of."""

    text: str
    year: int | None
    first: int
    last: int
    day: bool


def windows_of(parsed: Iterable[tuple[str, list[Phrase]]]) -> Iterator[Window]:
    """The windows of results: no deadlines, no plans, no other years' (去年…)."""
    for flat, phrases in parsed:
        for phrase in phrases:
            if phrase.kind not in {"window", "upto", "half", "day", "quarter"} or phrase.months is None:
                continue
            if phrase.offset not in {None, 0}:
                continue
            clause = flat[max(0, phrase.span[0] - 10) : phrase.span[0]]
            after = flat[phrase.span[1] : phrase.span[1] + 12]
            if _NOT_YET.search(clause) or _TO_COME.match(after):
                continue
            dated = phrase.end or phrase.start
            printed = flat[phrase.span[0] : phrase.span[1]]
            year = dated.year if dated else None
            first, last = phrase.months
            yield Window(printed, year, 1 if phrase.kind == "upto" else first, last, phrase.kind == "day")


def results_of_the_year(texts: Iterable[str], windows: Sequence[Window]) -> Claim | None:
    """The year, where several results are told of all of it (全年…增长8.8%), none of a part of it counted from January.

    None where what is told of 全年 is a plan, or what was promised.
    """
    if any(not w.day and w.last < 12 and (w.first == 1 or "季" in w.text) for w in windows):
        return None
    told = 0
    for text in texts:
        if "全年" not in text:
            continue
        told += any(
            found["figure"] is not None and _NOT_OF_A_YEAR.search(found[0]) is None
            for found in _OF_THE_YEAR.finditer(plain(text))
        )
    return Claim("text", f"全年 ({told} times)", None, "Y") if told >= 2 else None


def year_seen_out(columns: Iterable[str], windows: Sequence[Window], year: int | None) -> Claim | None:
    """The year of a title that names no more: what indicators came to is headed by it (`columns`: 2024年完成情况), or
    several results are told of days in its December."""
    for heading in columns:
        for level in heading.split("/"):
            found = _RESULT_OF_YEAR.fullmatch(plain(level).strip())
            if found is not None and int(found["year"]) == year:
                return Claim("column", level.strip(), year, "Y")
    days = {w.text for w in windows if w.day and w.last == _DECEMBER and w.year in {None, year}}
    if year is None or len(days) < _SEVERAL or any(w.year is not None and w.year > year for w in windows):
        return None
    return Claim("text", "、".join(sorted(days)[:3]), year, "Y")


def claims_of_prose(headings: Sequence[str], texts: Sequence[str]) -> list[Claim]:
    """Claims of a prose's headings and opening: the retrospect's own year, else the year before the plan's."""
    found = list(headings) or [m[0] for text in texts[:1] for m in _ORDINAL_HEADING.finditer(text)]
    claims: list[Claim] = []
    plans: list[Claim] = []
    for heading in found:
        for claim in claims_of(heading, "heading"):
            intends = PLANNING.search(heading) is not None and not _RETROSPECT.search(heading)
            (plans if intends else claims).append(replace(claim, text=heading.strip()))
    # Who is addressed and who wrote it stand before what it opens with.
    first = next((at for at, text in enumerate(texts[:_BEFORE_OPENING]) if "。" in text), 0)
    opening = "\n".join(text[:_OPENING] for text in texts[: first + 1]).split("\n一、")[0]
    told = [p for p in period_phrases(opening, None) if p.offset in {None, 0} and p.kind not in {"years", "same"}]
    for phrase in told[:2]:
        dated = phrase.start or phrase.end
        printed = opening[phrase.span[0] : phrase.span[1]]
        label = _label(phrase)
        if phrase.year_given and dated and phrase.kind in {"year", "since"}:
            claims.append(Claim("opening", printed, dated.year, None))
        elif label and phrase.kind in {"half", "window", "upto", "quarter"}:
            claims.append(Claim("opening", printed, dated.year if dated else None, *label))
    for claim in plans:
        if claim.year is not None and claim.kind in {None, "Y"}:
            claims.append(Claim("plan", claim.text, claim.year - 1, "Y"))
        elif claim.kind == "H" and claim.number == 2:
            claims.append(Claim("plan", claim.text, claim.year, "H", 1))
        elif claim.kind == "Q" and claim.number > 1:
            claims.append(Claim("plan", claim.text, claim.year, "Q", claim.number - 1))
    return claims


def promised_year(title: str, texts: Sequence[str], headings: Sequence[str]) -> tuple[int | None, str]:
    """The year a work report promises: of its title, with a report read in November or later speaking of the next."""
    days = [p for p in period_phrases(title, None) if p.year_given and p.start and p.kind in {"day", "month"}]
    years = [p for p in period_phrases(title, None) if p.year_given and p.start and p.kind == "year"]
    if years and years[0].start:
        return years[0].start.year, title[years[0].span[0] : years[0].span[1]]
    if days and days[0].start:
        read = days[0].start
        return read.year + (read.month >= 11), title[days[0].span[0] : days[0].span[1]]
    for heading in list(headings) or [m[0] for text in texts[:1] for m in _ORDINAL_HEADING.finditer(text)]:
        for claim in claims_of(heading, "heading"):
            if claim.year and re.search(r"目标|任务|安排|部署|工作(?!回顾|总结|情况)", heading):
                return claim.year, heading
    return None, ""
