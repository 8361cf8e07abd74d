"""What period a document is about: from its title and content, never from the upload date alone.

Every place that names a period makes a claim; the strongest place decides (title, attachment name, heading, opening,
the windows of the text), and the others may only agree or contradict. A contradiction is a warning with both sides,
so that a gate can hold the document; nothing is decided by majority.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasks.model import Kind, Period, Warn
from tasks.periods.phrases import Phrase, period_phrases, plain

PLANNING = re.compile(
    r"思路|打算|谋划|展望|工作要点|下一?步|下阶段|下一阶段|下一年度?|明年|来年|今后|努力方向|"
    r"(?:计划|安排|部署)(?!(?:的)?(?:执行|完成|落实|实施|进展|推进))"
)
_RETROSPECT = re.compile(r"总结|回顾|情况|成效|完成|进展|执行|落实|推进|做法|亮点|自评")
_PROMISE = re.compile(r"政府工作报告(?!.*(?:执行|完成|落实|进展|任务|分解|督查|情况|目标|进度|清单|责任|解读))")
_NOT_YET = re.compile(r"(?:计划|预计|力争|争取|确保|拟|将|目标|预期|到|至|于|预估|安排|规划|下达)[^,，。;；]{0,6}$")
_ORDINAL_HEADING = re.compile(r"(?:^|(?<=[\s。]))[一二三四五六七八九十]{1,3}、[^\n。;；:：]{2,30}", re.MULTILINE)
_CORRECTION = re.compile(r"更正|修订|补充|勘误|调整|更新|重新|第[二三四五六七]部分|[（(][一二三四五六七八九十][)）]")
_YEARLY = re.compile(r"年度?(?:全年)?(?:工作|个人|述职)*总结(?!.*季度)")
_SINGLE = re.compile(r"[单当]季|季度当期")
_SLACK = {"Y": 75, "H": 20, "Q": 20, "M": 12}  # days before the period's end at which a report may already stand
_STALE = timedelta(days=330)


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """The period with the dates it covers, what it rests on, and what speaks against it.

    `single` is True where the document tells of the quarter alone, not cumulatively; `start` is then the quarter's
    first day. `evidence`: what the period was read from, strongest first (`title: 2024年三季度`).
    Warnings: `period_unknown`, `period_contradiction`, `period_from_text`, `period_year_from_date`,
    `period_damaged_text`, `period_published_late`, `period_window_beyond`.
    """

    period: Period | None
    start: date | None
    end: date | None
    single: bool = False
    evidence: tuple[str, ...] = ()
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another document of the same source: the period it is kept under and when it was published."""

    period: Period
    published_on: date | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
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
            named = {3: ("Q", 1), 6: ("H", 1) if first == 1 else ("Q", 2), 9: ("Q", 3), 12: ("Y", 1)}
            kind, number = named.get(last, ("M", last))
            if single and last == 12:
                kind, number = ("H", 2) if first == 7 else ("Q", 4)
            return kind, number, single
        return "M", last, single
    return "M", last, False


def _relevant(text: str) -> list[Phrase]:
    """The phrases of a title or heading; those of a plan only where it names nothing else (总结和…思路)."""
    phrases = period_phrases(text, None)
    flat = plain(text)
    bounds = [phrase.span[0] for phrase in phrases[1:]] + [len(flat)]
    told = []
    for phrase, bound in zip(phrases, bounds, strict=False):
        tail = re.split(r"[及和与、]|暨", flat[phrase.span[1] : bound], maxsplit=1)[0]
        if not (PLANNING.search(tail) and not _RETROSPECT.search(tail)):
            told.append(phrase)
    return told or phrases


def _claims(text: str, where: str) -> list[_Claim]:
    """What a title, an attachment's name or a heading claims, the most specific first."""
    phrases = _relevant(text)
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
                claims.append(_Claim(where, printed, own, None))
            continue
        kind, number, single = label
        bare = phrase.kind == "year" and not _YEARLY.search(text)
        if bare and own is None:
            continue
        claims.append(_Claim(where, printed, own or fallback, None if bare else kind, number, single))
    if not claims and fallback is not None:
        claims.append(_Claim(where, str(fallback), fallback, None))
    return sorted(claims, key=lambda c: (c.kind is None, c.kind == "Y", c.kind == "M" and c.where == "title"))


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of months that the text tells results of."""

    text: str
    year: int | None
    first: int
    last: int
    day: bool


def _windows(parsed: Iterable[tuple[str, list[Phrase]]]) -> Iterator[_Window]:
    """The windows of results: no deadlines, no plans, no other years' (去年…)."""
    for flat, phrases in parsed:
        for phrase in phrases:
            if phrase.kind not in {"window", "upto", "half", "day", "quarter"} or phrase.months is None:
                continue
            if phrase.offset not in {None, 0}:
                continue
            clause = flat[max(0, phrase.span[0] - 10) : phrase.span[0]]
            after = flat[phrase.span[1] : phrase.span[1] + 6]
            if _NOT_YET.search(clause) or re.match(r"[^,，。]{0,3}(?:前|预计|力争|拟|计划|将)", after):
                continue
            dated = phrase.end or phrase.start
            printed = flat[phrase.span[0] : phrase.span[1]]
            year = dated.year if dated else None
            first, last = phrase.months
            yield _Window(printed, year, 1 if phrase.kind == "upto" else first, last, phrase.kind == "day")


def _from_headings(headings: Sequence[str], texts: Sequence[str]) -> list[_Claim]:
    """Claims of a prose's headings and opening: the retrospect's own year, else the year before the plan's."""
    found = list(headings) or [m[0] for text in texts[:1] for m in _ORDINAL_HEADING.finditer(text)]
    claims: list[_Claim] = []
    plans: list[_Claim] = []
    for heading in found:
        for claim in _claims(heading, "heading"):
            intends = PLANNING.search(heading) is not None and not _RETROSPECT.search(heading)
            (plans if intends else claims).append(replace(claim, text=heading.strip()))
    opening = (texts[0][:160] if texts else "").split("\n一、")[0]
    told = [p for p in period_phrases(opening, None) if p.offset in {None, 0} and p.kind not in {"years", "same"}]
    for phrase in told[:2]:
        dated = phrase.start or phrase.end
        printed = opening[phrase.span[0] : phrase.span[1]]
        label = _label(phrase)
        if phrase.year_given and dated and phrase.kind in {"year", "since"}:
            claims.append(_Claim("opening", printed, dated.year, None))
        elif label and phrase.kind in {"half", "window", "upto", "quarter"}:
            claims.append(_Claim("opening", printed, dated.year if dated else None, *label))
    for claim in plans:
        if claim.year is not None and claim.kind in {None, "Y"}:
            claims.append(_Claim("plan", claim.text, claim.year - 1, "Y"))
        elif claim.kind == "H" and claim.number == 2:
            claims.append(_Claim("plan", claim.text, claim.year, "H", 1))
        elif claim.kind == "Q" and claim.number > 1:
            claims.append(_Claim("plan", claim.text, claim.year, "Q", claim.number - 1))
    return claims


def _promised_year(title: str, texts: Sequence[str], headings: Sequence[str]) -> tuple[int | None, str]:
    """The year a work report promises: of its title, with a report read in November or later speaking of the next."""
    days = [p for p in period_phrases(title, None) if p.year_given and p.start and p.kind in {"day", "month"}]
    years = [p for p in period_phrases(title, None) if p.year_given and p.start and p.kind == "year"]
    if years and years[0].start:
        return years[0].start.year, title[years[0].span[0] : years[0].span[1]]
    if days and days[0].start:
        read = days[0].start
        return read.year + (read.month >= 11), title[days[0].span[0] : days[0].span[1]]
    for heading in list(headings) or [m[0] for text in texts[:1] for m in _ORDINAL_HEADING.finditer(text)]:
        for claim in _claims(heading, "heading"):
            if claim.year and re.search(r"目标|任务|安排|部署|工作(?!回顾|总结|情况)", heading):
                return claim.year, heading
    return None, ""


def find_period(
    *,
    title: str | None,
    texts: Sequence[str] = (),
    headings: Sequence[str] = (),
    attachments: Sequence[str] = (),
    published_on: date | None = None,
    kind: Kind | None = None,
    neighbours: Sequence[Neighbour] = (),
) -> PeriodReading:
    """The period of a document.

    `texts`: the body, or its statuses (results) where a table was read; `headings`: the outline's titles;
    `attachments`: names of the files that hold the table; `neighbours`: the source's other documents.
    Never raises; `period` is None with `period_unknown` where the quarter cannot be told.
    """
    if published_on is not None and not 1950 <= published_on.year <= 2198:
        published_on = None  # a portal's slip of the pen is no evidence
    if (kind is Kind.WORK_REPORT or kind is None) and title and _PROMISE.search(title):
        year, printed = _promised_year(title, texts, headings)
        if year is not None:
            return _reading(Period(year), False, (f"title: {printed}",), ())
    parsed = [(flat, period_phrases(flat, None)) for flat in map(plain, texts)]
    windows = list(_windows(parsed))
    claims = _claims(title, "title") if title else []
    for name in attachments:
        claims += _claims(name, "attachment")
    prose = kind in {Kind.SUMMARY, Kind.BULLETIN, Kind.OTHER, None}
    soft = _from_headings(headings, texts if prose else ()) if prose or headings else []
    warnings = list(_damage([(title or "", period_phrases(title or "", None)), *parsed]))
    decided, year, notes = _decide(claims, soft, windows, published_on, prose=prose)
    warnings += notes
    if decided is None or year is None:
        seen = ", ".join(str(claim) for claim in claims + soft) or "no period named in title, headings or text"
        warnings.append(Warn("period_unknown", f"the period cannot be told ({seen})"))
        return PeriodReading(None, None, None, evidence=tuple(map(str, claims)), warnings=tuple(warnings))
    period = decided.period(year)
    single = decided.single or _alone(title or "", decided, windows)
    agreeing = [decided, *(c for c in claims + soft if c is not decided and c.year in {None, year})]
    warnings += _contradictions(
        period,
        claims=claims,
        windows=windows,
        published_on=published_on,
        neighbours=neighbours,
        title=title or "",
    )
    return _reading(period, single, tuple(dict.fromkeys(map(str, agreeing))), tuple(warnings))


def _reading(period: Period, single: bool, evidence: tuple[str, ...], warnings: tuple[Warn, ...]) -> PeriodReading:
    months = {"Q": 3, "H": 6, "M": 1}.get(period.kind, 12)
    start = date(period.year, period.last_month - months + 1, 1) if single else period.start
    return PeriodReading(period, start, period.end, single, evidence, warnings)


def _damage(parsed: Iterable[tuple[str, list[Phrase]]]) -> Iterator[Warn]:
    torn = Counter(text[p.span[0] : p.span[1]] for text, phrases in parsed for p in phrases if p.damaged)
    if torn:
        shown = ", ".join(f"{text} ({count})" for text, count in torn.most_common(5))
        yield Warn("period_damaged_text", f"months that cannot be, read as windows that lost their dash: {shown}")


def _alone(title: str, claim: _Claim, windows: Sequence[_Window]) -> bool:
    """Whether a quarter is told alone: the title says so, or the text counts 7-9月 and never from January."""
    if claim.kind != "Q" or claim.number == 1:
        return False
    if _SINGLE.search(title):
        return True
    ends = [w for w in windows if w.last == claim.end_month and not w.day]
    return any(w.first == w.last - 2 for w in ends) and all(w.first == w.last - 2 for w in ends)


def _decide(
    claims: Sequence[_Claim],
    soft: Sequence[_Claim],
    windows: Sequence[_Window],
    published_on: date | None,
    *,
    prose: bool,
) -> tuple[_Claim | None, int | None, list[Warn]]:
    """The claim that decides, its year, and notes on how."""
    named = [claim for claim in claims if claim.kind is not None]
    bare = [claim for claim in claims if claim.kind is None]
    notes: list[Warn] = []
    if named:
        chosen = named[0]
    else:
        told = _from_windows(windows, bare[0].year if bare else None, published_on)
        chosen_soft = next((claim for claim in soft if claim.kind is not None), None)
        year_only = next((claim for claim in (*bare, *soft) if claim.year is not None), None)
        if (
            bare
            and (published_on is None or published_on >= date(bare[0].year or 1, 12, 1))
            and not (told and published_on is None)
        ):
            chosen = replace(bare[0], kind="Y")
        elif prose and (chosen_soft or year_only):
            picked = chosen_soft or year_only
            assert picked is not None  # one of the two is set
            chosen = replace(picked, kind=picked.kind or "Y")
            if claims and chosen.kind != "Y":
                notes.append(Warn("period_from_text", f"the title names no quarter; read from the text: {chosen}"))
        elif told is not None:
            chosen = told
            notes.append(Warn("period_from_text", f"the title names no quarter; read from the text: {told.text}"))
        else:
            return None, None, notes
    year = chosen.year or next((c.year for c in (*claims, *soft) if c.year is not None), None)
    if year is None:
        dated = Counter(w.year for w in windows if w.year is not None and w.last == chosen.end_month)
        if dated:
            year = dated.most_common(1)[0][0]
        elif published_on is not None:
            over = published_on + timedelta(days=_SLACK[chosen.kind or "Y"])
            year = published_on.year if chosen.period(published_on.year).end <= over else published_on.year - 1
            notes.append(
                Warn("period_year_from_date", f"{chosen.text} names no year; {year} follows from {published_on}")
            )
    return chosen, year, notes


def _from_windows(windows: Sequence[_Window], year: int | None, published_on: date | None) -> _Claim | None:
    """The latest cumulative window that the text repeats; None where the text is not of one mind or silent."""
    counts: Counter[int] = Counter()
    for window in windows:
        if not window.day and window.first == 1 and (window.year is None or year is None or window.year == year):
            counts[window.last] += 1
    repeated = [month for month, count in counts.items() if count >= 2]
    if not repeated:
        return None
    month = max(repeated)
    dated = Counter(w.year for w in windows if w.year is not None and w.last == month)
    year = year or (dated.most_common(1)[0][0] if dated else None)
    if published_on is not None and year is not None and Period(year, "M", month).end > published_on:
        return None
    kind, number = {3: ("Q", 1), 6: ("H", 1), 9: ("Q", 3), 12: ("Y", 1)}.get(month, ("M", month))
    shown = next(w.text for w in windows if w.last == month and w.first == 1 and not w.day)
    return _Claim("text", f"{shown} ({counts[month]} times)", year, kind, number)


def _contradictions(
    period: Period,
    *,
    claims: Sequence[_Claim],
    windows: Sequence[_Window],
    published_on: date | None,
    neighbours: Sequence[Neighbour],
    title: str,
) -> Iterator[Warn]:
    """What speaks against `period`; each with both sides."""
    for claim in claims:
        other_year = claim.year is not None and claim.year != period.year and claim.kind is not None
        other_end = claim.kind is not None and claim.kind != "Y" and claim.end_month != period.last_month
        if other_year or other_end:
            yield Warn("period_contradiction", f"read as {period}, but {claim}")
    # What comes after the end: a sum counted from January or up to a day speaks of another period. Bare later
    # quarters are as a rule plans, and a report written weeks later may tell of days in between.
    late = [w for w in windows if (w.year or period.year, w.last) > (period.year, period.last_month)]
    whole = [w for w in late if not w.day and w.first == 1]
    days = [w for w in late if w.day and w.last > period.last_month + 1 and w.year in {None, period.year}]
    within = [w for w in windows if not w.day and w not in late]
    shown = ", ".join(dict.fromkeys(w.text for w in (*whole, *days)[:5]))
    if len(whole) >= 2 or (whole and not within) or len(days) >= 4:
        yield Warn("period_contradiction", f"read as {period}, but the text tells of {shown}")
    elif whole or days:
        yield Warn("period_window_beyond", f"read as {period}, and the text once tells of {shown}")
    earlier = Counter(w.year for w in windows if w.year is not None and w.first == 1 and not w.day)
    if earlier and period.year not in earlier and sum(earlier.values()) >= 2 and max(earlier) < period.year:
        yield Warn("period_contradiction", f"read as {period}, but all dated windows are of {max(earlier)}")
    if published_on is not None:
        if published_on + timedelta(days=_SLACK[period.kind]) < period.end:
            yield Warn("period_contradiction", f"read as {period}, but published on {published_on}, before its end")
        elif published_on - period.end > _STALE:
            yield Warn("period_published_late", f"{period} was published on {published_on}, years or nearly one later")
    for neighbour in neighbours:
        if not neighbour.period.covers_same(period) or _CORRECTION.search(title):
            continue
        if published_on and neighbour.published_on and abs(published_on - neighbour.published_on) > timedelta(days=45):
            yield Warn(
                "period_contradiction",
                f"read as {period} and published on {published_on}, but {neighbour.title or 'another document'} of "
                f"{neighbour.published_on} is kept as {neighbour.period}",
            )
