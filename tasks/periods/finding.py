"""What period a document is about: from its title and content, never from the upload date alone.

Every place that names a period makes a claim; the strongest place decides (title, subtitle or caption, names of files,
headings of the results, lead lines, headings and opening of prose, the windows of the text), and the others may only
agree or contradict. A contradiction is a warning with both sides,
so that a gate can hold the document; nothing is decided by majority.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasks.model import Kind, Period, Warn
from tasks.periods.claims import (
    Claim,
    Window,
    claims_of,
    claims_of_prose,
    promised_year,
    results_of_the_year,
    windows_of,
    year_seen_out,
)
from tasks.periods.phrases import Phrase, period_phrases, plain
from tasks.periods.rungs import column_claims, introduced, lead_claim, read_subtitles

_PROMISE = re.compile(r"政府工作报告(?!.*(?:执行|完成|落实|进展|任务|分解|督查|情况|目标|进度|清单|责任|解读))")
_CORRECTION = re.compile(r"更正|修订|补充|勘误|调整|更新|重新|第[二三四五六七]部分|[（(][一二三四五六七八九十][)）]")
_COUNTED = re.compile(r"[-至到]|前|半年|季度")
_SINGLE = re.compile(r"[单当]季|季度当期")
_SLACK = {"Y": 75, "H": 20, "Q": 20, "M": 12}  # days before the period's end at which a report may already stand
_STALE = timedelta(days=330)
_BELOW_TITLE = frozenset({"caption", "attachment", "column", "lead", "text"})
# Titles of documents that are about a year as such, so that a bare year is their period.
_YEARLY_KIND = re.compile(
    r"(?:总结|思路|要点|计划|打算|公报|年报|工作安排|年度报告|工作报告$)(?!.{0,4}(?:完成|执行|进展|落实|推进|任务))|国民经济和社会发展"
)
# How far a plan of five years is, told year by year: “十四五”规划…2023年度…进展.
_OF_A_LONG_PLAN = re.compile(r"(?:“?十[一二三四五六]五”?|五年|中长期)[^。；;]{0,12}规划[^。；;]*20\d\d\s?年度")


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


def find_period(
    *,
    title: str | None,
    texts: Sequence[str] = (),
    headings: Sequence[str] = (),
    attachments: Sequence[str] = (),
    captions: Sequence[str] = (),
    columns: Sequence[str] = (),
    leads: Sequence[str] = (),
    published_on: date | None = None,
    generated_on: date | None = None,
    signed_on: date | None = None,
    kind: Kind | None = None,
    neighbours: Sequence[Neighbour] = (),
) -> PeriodReading:
    """The period of a document.

    `texts`: the body, or its statuses (results) where a table was read; `headings`: the outline's titles;
    `attachments`: names of the files that hold the table, the title under which it was listed; `captions`: short
    lines between title and table, full-width rows above its headings, names of its sheets; `columns`: the headings of
    the columns that tell results; `leads`: the paragraphs before the table and the notes below it; `neighbours`: the
    source's other documents; `generated_on`: the index stamp, which may tell the year where nothing else does;
    `signed_on`: the day below the text, which stands for that of publication where none is told.
    Never raises; `period` is None with `period_unknown` where the quarter cannot be told.
    """
    if published_on is not None and not 1950 <= published_on.year <= 2198:
        published_on = None  # a portal's slip of the pen is no evidence
    if (kind is Kind.WORK_REPORT or kind is None) and title and _PROMISE.search(title):
        year, printed = promised_year(title, texts, headings)
        if year is not None:
            return _reading(Period(year), False, (f"title: {printed}",), ())
    # Windows of months are all that counts here; most cells name none.
    parsed = [
        (flat, period_phrases(flat, None))
        for flat in [plain(text) for text in (*leads, *texts) if "月" in text or "季" in text or "半年" in text]
    ]
    windows = list(windows_of(parsed))
    claims = claims_of(title, "title") if title else []
    titled = len(claims)
    subtitles = read_subtitles(captions)
    claims += subtitles.claims
    for name in attachments:
        claims += claims_of(name, "attachment")
    claims += column_claims(columns)
    claims += filter(None, [introduced(leads)])
    prose = kind in {Kind.SUMMARY, Kind.BULLETIN, Kind.OTHER, None}
    soft = claims_of_prose(headings, texts if prose else ()) if prose or headings else []
    yearly = title is not None and _YEARLY_KIND.search(title) is not None
    warnings = list(_damage([(title or "", period_phrases(title or "", None)), *parsed]))
    bare = next((claim.year for claim in claims if claim.kind is None), None)
    late = results_of_the_year(texts, windows) or year_seen_out(
        columns if kind is Kind.INDICATORS else (), windows, bare
    )
    weak = (lead_claim(leads), subtitles.weak or late)
    dated_on = published_on or subtitles.filed_on or signed_on
    decided, year, notes = _decide(
        claims,
        soft,
        windows,
        dated_on,
        weak,
        summary=(prose and bool(texts)) or yearly,
        yearly=yearly,
        planned=title is not None and _OF_A_LONG_PLAN.search(title) is not None,
        stamped_on=generated_on,
    )
    warnings += notes
    if decided is None or year is None:
        seen = ", ".join(str(claim) for claim in claims + soft) or "no period named in title, headings or text"
        warnings.append(Warn("period_unknown", f"the period cannot be told ({seen})"))
        return PeriodReading(None, None, None, evidence=tuple(map(str, claims)), warnings=tuple(warnings))
    period = decided.period(year)
    results = [claim for claim in claims if claim.where == "column"]
    single = decided.single or _alone(" ".join([title or "", *captions]), decided, results, windows)
    agreeing = [decided, *(c for c in claims + soft if c is not decided and c.year in {None, year})]
    titles = {claim.year for claim in claims[:titled] if claim.year is not None}
    if decided.where in _BELOW_TITLE and titles and year not in titles:
        shown = ", ".join(map(str, sorted(titles)))
        warnings.append(
            Warn("period_contradiction", f"read as {period} from the {decided}, but the title says {shown}")
        )
    warnings += _contradictions(
        period,
        claims=claims,
        windows=windows,
        published_on=dated_on,
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


def _alone(title: str, claim: Claim, results: Sequence[Claim], windows: Sequence[Window]) -> bool:
    """Whether a quarter is told alone: the title or the heading of the results says so, or the text counts 7-9月 and
    never from January."""
    if claim.kind != "Q" or claim.number == 1:
        return False
    if _SINGLE.search(title) or (results and all(c.single and c.end_month == claim.end_month for c in results)):
        return True
    # 三季度 alone may be said of sums from January, too; 7-9月 may not.
    ends = [w for w in windows if w.last == claim.end_month and not w.day and "季" not in w.text]
    return any(w.first == w.last - 2 for w in ends) and all(w.first == w.last - 2 for w in ends)


def _decide(
    claims: Sequence[Claim],
    soft: Sequence[Claim],
    windows: Sequence[Window],
    published_on: date | None,
    weak: tuple[Claim | None, Claim | None],
    *,
    summary: bool,
    yearly: bool = False,
    planned: bool = False,
    stamped_on: date | None = None,
) -> tuple[Claim | None, int | None, list[Warn]]:
    """The claim that decides, its year, and notes on how. `planned`: the title tells of a year of a longer plan."""
    named = next((claim for claim in claims if claim.kind is not None), None)
    bare = next((claim for claim in claims if claim.kind is None), None)
    notes: list[Warn] = []
    lead, dated = weak
    told = None if named else lead or _from_windows(windows, bare.year if bare else None, published_on) or dated
    prose = next((c for c in soft if c.kind is not None), next((c for c in (bare, *soft) if c and c.year), None))
    if named is not None:
        chosen = named
        if named.where in {"column", "lead"}:
            notes.append(Warn("period_from_text", f"the title names no period; read from the {named}"))
    elif bare is not None and _is_over(bare, told, published_on):
        chosen = replace(bare, kind="Y")
    elif summary and prose is not None and (yearly or prose is not bare or told is None):
        chosen = replace(prose, kind=prose.kind or "Y")
        if claims and chosen.kind != "Y":
            notes.append(Warn("period_from_text", f"the title names no quarter; read from the text: {chosen}"))
    elif told is not None:
        chosen = told
        notes.append(Warn("period_from_text", f"the title names no quarter; read from the {told}"))
    elif planned and bare is not None:
        chosen = replace(bare, kind="Y")
    else:
        return None, None, notes
    year = chosen.year or next((c.year for c in (*claims, *soft) if c.year is not None), None)
    if year is None:
        years = Counter(w.year for w in windows if w.year is not None and w.last == chosen.end_month)
        if years:
            year = years.most_common(1)[0][0]
        elif (known := published_on or stamped_on) is not None:
            over = known + timedelta(days=_SLACK[chosen.kind or "Y"])
            year = known.year if chosen.period(known.year).end <= over else known.year - 1
            notes.append(Warn("period_year_from_date", f"{chosen.text} names no year; {year} follows from {known}"))
    return chosen, year, notes


def _is_over(bare: Claim, told: Claim | None, published_on: date | None) -> bool:
    """Whether a title that names only the year means all of it: it came out when the year was ending or over, and
    the text does not speak of a quarter that had just ended then."""
    if published_on is None or bare.year is None or published_on < date(bare.year, 12, 1):
        return False
    if told is None or told.end_month == 12:
        return True
    return published_on - told.period(bare.year).end > timedelta(days=75)


def _from_windows(windows: Sequence[Window], year: int | None, published_on: date | None) -> Claim | None:
    """The latest cumulative window that the text repeats; None where the text is not of one mind or silent."""
    counts: Counter[int] = Counter()
    for window in windows:
        if not window.day and window.first == 1 and (window.year is None or year is None or window.year == year):
            counts[window.last] += 1
    # 12月底 alone may be the day by which something is to be ready; 截至12月底 is not.
    plain_ends = Counter(w.last for w in windows if w.text.startswith("截") or _COUNTED.search(w.text))
    ends = [month for month in counts if plain_ends[month]] or list(counts)
    month = max(ends, default=0)
    if counts[month] < 2:
        return None  # told once: the newest figure, or a slip
    dated = Counter(w.year for w in windows if w.year is not None and w.last == month)
    year = year or (dated.most_common(1)[0][0] if dated else None)
    if published_on is not None and year is not None and Period(year, "M", month).end > published_on:
        return None
    kind, number = {3: ("Q", 1), 6: ("H", 1), 9: ("Q", 3), 12: ("Y", 1)}.get(month, ("M", month))
    shown = next(w.text for w in windows if w.last == month and w.first == 1 and not w.day)
    return Claim("text", f"{shown} ({counts[month]} times)", year, kind, number)


def _contradictions(
    period: Period,
    *,
    claims: Sequence[Claim],
    windows: Sequence[Window],
    published_on: date | None,
    neighbours: Sequence[Neighbour],
    title: str,
) -> Iterator[Warn]:
    """What speaks against `period`; each with both sides."""
    for claim in claims:
        other_year = claim.year is not None and claim.year != period.year and claim.kind is not None
        other_end = claim.kind is not None and claim.kind != "Y" and claim.end_month != period.last_month
        if claim.where == "column" and not other_year and claim.end_month == period.last_month - 1:
            continue  # results of 1-8月 in a report on 1-9月 are late, not of another report
        if other_year or other_end:
            yield Warn("period_contradiction", f"read as {period}, but {claim}")
    # What comes after the end: a sum counted from January or up to a day speaks of another period. Bare later
    # quarters are as a rule plans, and a report written weeks later may tell of days in between.
    late = [w for w in windows if (w.year or period.year, w.last) > (period.year, period.last_month)]
    whole = [w for w in late if not w.day and w.first == 1]
    days = [w for w in late if w.day and w.last > period.last_month + 1 and w.year in {None, period.year}]
    within = [w for w in windows if not w.day and w not in late]
    shown = ", ".join(dict.fromkeys(w.text for w in (*whole, *days)[:5]))
    # A report on 1-9月 that came out in November may carry a figure of October; it will not carry many.
    far = [w for w in whole if (w.year or period.year) > period.year or w.last > period.last_month + 1]
    many = len(whole) >= 2 and 3 * len(whole) >= len(within)
    if len(far) >= 2 or many or (whole and not within) or len(days) >= 4:
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
