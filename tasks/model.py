"""The values that travel between steps. Frozen; no step changes what it was given.

Words are those of the contract. Dates are `datetime.date`; instants are timezone-aware UTC `datetime`s.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import total_ordering

from tasks.errors import UsageError

_PERIOD = re.compile(r"(?P<year>\d{4})(?:(?P<kind>[QHM])(?P<number>\d{1,2}))?")
_MONTHS_OF = {"Q": 3, "H": 6, "M": 1}


class PeriodError(UsageError):
    """A period that is not one of 2024Q1..Q4, 2024H1, 2024H2, 2024M01..M12, 2024."""

    remedy = "Write a quarter as 2024Q3, a half-year as 2024H1, months from January as 2024M11, a year as 2024."


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about: `2024Q3`, `2024H1`, `2024`; `2024M11` for a report on 1-11月.

    Cumulative from 1 January, as Chinese reports are: 2024Q3 covers 1-9月. Ordered by the end, then the width of
    the label (2024Q2 < 2024H1 < 2024Q3; 2024Q4 < 2024).
    """

    year: int
    kind: str = "Y"
    number: int = 1

    def __post_init__(self) -> None:
        top = {"Q": 4, "H": 2, "M": 12, "Y": 1}.get(self.kind, 0)
        if not (1 <= self.number <= top and 1949 <= self.year <= 2199):
            raise PeriodError(f"{self.year}{self.kind}{self.number} is not a period")

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2024Q3` | `2024H1` | `2024M11` | `2024` → Period. Raises PeriodError naming the text."""
        found = _PERIOD.fullmatch(text.strip().upper())
        if found is None:
            raise PeriodError(f"{text!r} is not a period")
        return cls(int(found["year"]), found["kind"] or "Y", int(found["number"] or 1))

    @property
    def last_month(self) -> int:
        """The month (1..12) in which the period ends."""
        return 12 if self.kind == "Y" else self.number * _MONTHS_OF[self.kind]

    @property
    def start(self) -> date:
        """1 January: periods are cumulative."""
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return date(self.year, self.last_month, calendar.monthrange(self.year, self.last_month)[1])

    @property
    def share_of_year(self) -> float:
        """The share of the year that has passed at the end: 0.75 for 2024Q3."""
        return self.last_month / 12

    def covers_same(self, other: Period) -> bool:
        """Whether both mean the same months: 2024Q2 and 2024H1, 2024Q4 and 2024."""
        return self.end == other.end

    def __str__(self) -> str:
        if self.kind == "Y":
            return str(self.year)
        return (
            f"{self.year}{self.kind}{self.number:02d}" if self.kind == "M" else f"{self.year}{self.kind}{self.number}"
        )

    def __lt__(self, other: Period) -> bool:
        return self._key < other._key

    @property
    def _key(self) -> tuple[date, int]:
        return self.end, "QHMY".index(self.kind)


class Kind(StrEnum):
    """What sort of disclosure a document is."""

    EXECUTION = "execution"  # a table of tasks and how far they are
    INDICATORS = "indicators"  # a table of indicators, target against result
    LIVELIHOOD = "livelihood"  # 民生实事 projects
    SUMMARY = "summary"  # a department's prose on what it did and what it plans
    WORK_REPORT = "work_report"  # the January promise itself
    BULLETIN = "bulletin"  # progress told in paragraphs
    OTHER = "other"


class Outcome(StrEnum):
    """What a fetch came to. None is ever taken for another."""

    NEW = "new"
    UNCHANGED = "unchanged"
    NOT_PUBLISHED = "not_published"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Warn:
    """Something that was not understood or looks wrong; noise instead of silence. `code`: a stable snake_case word."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """One entry of a portal's listing. `key` is the portal's own identity of the article (canonical URL or id)."""

    source_id: str
    url: str
    title: str
    key: str
    listed_on: date | None = None
    other_urls: tuple[str, ...] = ()
    locator: str = ""  # where the bytes lie when the URL alone does not say: a WARC's offset, an archive's timestamp


@dataclass(frozen=True, slots=True)
class Capture:
    """One response, kept for ever. `sha256` is of the body as decoded from transfer and content encodings."""

    sha256: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    size: int
    via: str = "live"  # live | wayback | common-crawl | warc | files
    title: str = ""  # link text or file name under which an attachment was found
    source_id: str = ""  # whose request it answered
    purpose: str = ""  # document | listing | attachment | robots: what it was asked for
    method: str = "GET"
    request_body: str = ""  # the form sent with a POST, so that a listing can be replayed without a network


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The outcome of one request. `capture` is set whenever bytes arrived whole, evidence of a block included."""

    url: str
    outcome: Outcome
    fetched_at: datetime
    http_status: int | None = None
    detail: str = ""
    capture: Capture | None = None
    body: bytes | None = None  # None where outcome is UNCHANGED by a 304 and nobody asked for the kept bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A link from a page to a file that may hold the table."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The document's metadata; null where the page does not say."""

    title: str | None = None
    publisher: str | None = None
    index_number: str | None = None
    document_number: str | None = None
    generated_on: date | None = None
    published_on: date | None = None
    url: str | None = None
    kind: Kind | None = None
    period: Period | None = None
    period_start: date | None = None
    period_end: date | None = None


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: one commitment as this document tells it.

    `cells` maps each printed heading to the cell's text, nothing left out. `content_at` and `status_at` are spans of
    `Report.text`. `seq` is the printed number (int where it is one). `progress` is percent as a number. `table` counts
    the document's tables from 0.
    """

    index: int
    seq: int | str | None = None
    category: str | None = None
    content: str | None = None
    units: tuple[str, ...] = ()
    status: str | None = None
    progress: Decimal | None = None
    progress_text: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    content_at: Span | None = None
    status_at: Span | None = None
    table: int | None = None
    target_at: Span | None = None  # the printed target, where a column of its own beside the content holds it


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: `start`..`end` in `Report.text`, up to the next of its level."""

    title: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one document says. Complete, or an error was raised instead.

    `text` is the decoded file itself for text input, else the text of the body (tables cell by cell).
    `remainder` are spans of `text` that ended in no row, section or metadata. `told` are paragraphs of the body that no
    section holds alone: before the first one, in a text without any, beside a table in a text of sections.
    """

    meta: Meta
    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    text: str = ""
    warnings: tuple[Warn, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    remainder: tuple[Span, ...] = ()
    encoding: str | None = None
    told: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A quantity that the text reports: the fields of `observations.md`. `text == Report.text[start:end]`."""

    text: str
    start: int
    end: int
    metric: str | None
    measure: str  # level | growth | change | ratio | rank
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    base_value: Decimal | None
    base_unit: str | None
    bound: str  # exact | approx | at_least | at_most
    kind: str  # actual | target | forecast
    comparison: str | None  # yoy | prior_period | peer | other
    period_start: date | None
    period_end: date | None
    row: int | None = None
    field: str | None = None  # content | status
    section: tuple[str, ...] = ()


class Relation(StrEnum):
    """How a row of one document stands to a row of another."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Link:
    """One pair of rows, by their `index`; a side is None for dropped and added. `confidence` is 0..1.

    `share` is the part of the divided promise that stands in this pair (split, merged), 0..1; else 1.
    """

    old: int | None
    new: int | None
    relation: Relation
    confidence: float = 1.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class FacetChange:
    """One facet that moved on one link. Values are text as printed; `delta` is numeric where both sides are."""

    old: int | None
    new: int | None
    relation: Relation
    facet: str  # row | progress | status | content | units | category | seq
    old_value: str | None
    new_value: str | None
    delta: Decimal | None = None


class Verdict(StrEnum):
    """What a check says of a document. HOLD keeps it out of current belief until a person decides."""

    PASS = "pass"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its verdict and the figures it rests on."""

    name: str
    verdict: Verdict
    evidence: str
