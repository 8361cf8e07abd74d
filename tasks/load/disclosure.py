"""One document on its way into the warehouse: what comes in, and the rows it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from json.encoder import encode_basestring as quoted  # JSON's own, without the walk around it
from math import isfinite
from operator import eq
from typing import Any, TypeVar

from tasks.check import CheckSettings, mean_progress
from tasks.load.contradictions import contradictions
from tasks.load.errors import PeriodUnknown
from tasks.load.follow import Attainment, attainments, series_keys
from tasks.load.sketches import sketch
from tasks.model import Capture, Check, FacetChange, Kind, Observation, Period, Report, Row, Warn
from tasks.text import fold
from warehouse import schema
from warehouse.keys import canonical, digest, key

# Counters of visits stand in the text of many pages and differ at every look: not a different content.
_COUNTER = re.compile("(?:点击|浏览|访问|阅读)(?:率|数|量|次数)?[:：]?[0-9]*次?")
T = TypeVar("T")
_OPENING, _CLOSING = "(（[【《<", ")）]】》>"

PROGRESS = tuple(column.name for column in schema.progress.columns)
OBSERVATION = tuple(column.name for column in schema.observation.columns)
ATTAINMENT = tuple(column.name for column in schema.attainment.columns)
BODY = tuple(column.name for column in schema.body.columns if column.name != "identity")


@dataclass(frozen=True)
class Disclosure:
    """A document as one capture shows it.

    `key`: the portal's own identity of the article. `captures`: the one that the rows were read from first, then those
    that led to it. `known_at`: when the bytes were seen (for an archive the capture's own time). `checks`: the
    document's own ones (`tasks.check.check`); those beside its neighbours are made by the loader with `settings`.
    """

    source_id: str
    url: str
    key: str
    report: Report
    observations: tuple[Observation, ...]
    captures: tuple[Capture, ...]
    known_at: datetime
    parser_version: str
    checks: tuple[Check, ...] = ()
    other_urls: tuple[str, ...] = ()
    settings: CheckSettings = field(default_factory=CheckSettings)


@dataclass(frozen=True)
class LoadResult:
    """What loading a disclosure came to.

    `state`: `loaded`, `held`, `rejected` or `withdrawn`. `relation` to what was believed: `new`, `unchanged`,
    `revision`, `correction` (another publication about the same period), `duplicate` (the same content under another
    address), `superseded` (older than what is believed), `held`. `changes`: against the quarter before and against
    the revision before, as far as they came of this load; for a held document, what accepting it would change.
    """

    state: str
    relation: str
    document_id: str
    edition_id: str
    revision: int
    source_id: str
    period: Period
    url: str
    changes: tuple[tuple[str, FacetChange], ...] = ()  # scope, change
    failed: str = ""
    load_id: str | None = None


@dataclass(frozen=True)
class Prepared:
    """A disclosure as rows: all that can be computed without looking at the warehouse."""

    disclosure: Disclosure
    period: Period
    kind: str
    progress: Sequence[tuple[Any, ...]]  # the columns of PROGRESS after body_id and commitment_id, spans included
    observations: Sequence[tuple[Any, ...]]  # the columns of OBSERVATION after body_id
    prose: Sequence[tuple[str, str]]
    attainments: Sequence[Attainment]  # targets beside the figures reported for them

    @cached_property
    def contradictions(self) -> Sequence[Warn]:
        """Where the rows contradict themselves."""
        return contradictions(self.disclosure.report.rows, self.attainments)

    @cached_property
    def told(self) -> bytes:
        """What the document says, without where in the text it stands: the bytes that `body_id` is the hash of."""
        rows = [row[:9] for row in self.progress]
        quantities = [o[:17] for o in self.observations]
        return canonical((self.disclosure.source_id, str(self.period), self.kind, rows, quantities, self.prose))

    @cached_property
    def body_id(self) -> str:
        """Hash of what the document says: rows, quantities and prose."""
        return digest(self.told)

    @cached_property
    def table_hash(self) -> str | None:
        """Hash of the table alone, whatever period it is said to be about; of the quantities where there is none."""
        if self.progress:
            told = sorted((row[3] or "", row[5] or "", row[7] or "") for row in self.progress)
        elif self.observations:
            told = sorted((o[4], o[5] or "", str(o[7])) for o in self.observations)
        else:
            return None
        return key(self.kind, told)

    @property
    def document_id(self) -> str:
        """The publication: its source and the portal's own key."""
        return key(self.disclosure.source_id, self.disclosure.key)

    @cached_property
    def edition_id(self) -> str:
        """This content of this publication."""
        meta = self.disclosure.report.meta
        published = meta.published_on.isoformat() if meta.published_on else None
        return key(self.document_id, self.body_id, storable(meta.title), published)

    @property
    def stream_id(self) -> str:
        """The source's documents of this kind about this year."""
        return stream_of(self.disclosure.source_id, self.kind, self.period)


def stream_of(source_id: str, kind: str, period: Period) -> str:
    """The key of a stream."""
    return key("stream", source_id, kind, period.year)


def prepare(disclosure: Disclosure) -> Prepared:
    """Rows and keys of a disclosure. Raises PeriodUnknown."""
    if disclosure.report.meta.period is None:
        raise PeriodUnknown(
            f"neither title nor text of {disclosure.report.meta.title!r} names a quarter",
            source=disclosure.source_id,
            where=disclosure.url,
        )
    try:
        prepared = _prepare(disclosure, disclosure.report.meta.period)
        odd = b"\\u0000" in prepared.told
    except UnicodeEncodeError:
        odd = True
    # Looking at every cell costs more than reading them; only a document that holds such a character pays for it.
    return _prepare(_storable(disclosure), disclosure.report.meta.period) if odd else prepared


def _prepare(disclosure: Disclosure, period: Period) -> Prepared:
    report = disclosure.report
    observations = sorted(disclosure.observations, key=lambda o: (o.start, o.end))
    attained = attainments(observations, period, report.text)
    return Prepared(
        disclosure,
        period,
        str(report.meta.kind or Kind.OTHER),
        [_progress_values(row) for row in sorted(report.rows, key=lambda row: row.index)],
        _observation_values(observations, series_keys(observations, period, attained)),
        () if report.rows else _prose(report),
        attained,
    )


def _storable(disclosure: Disclosure) -> Disclosure:
    """The disclosure with every text of its rows and quantities made storable."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, tuple):
            return tuple(clean(item) for item in value)
        if isinstance(value, Mapping):
            return {storable(name): clean(item) for name, item in value.items()}
        return value

    def cleaned(item: T) -> T:
        return replace(item, **{f.name: clean(getattr(item, f.name)) for f in fields(item)})  # type: ignore[type-var, arg-type]

    rows = tuple(cleaned(row) for row in disclosure.report.rows)
    report = replace(disclosure.report, rows=rows)
    return replace(disclosure, report=report, observations=tuple(cleaned(o) for o in disclosure.observations))


def storable(text: str | None) -> str | None:
    """Text as both databases can hold it: without NUL, half a surrogate pair replaced; everything else verbatim."""
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def number(value: Decimal | None) -> float | None:
    """A double, the same on both databases; null for what is not finite."""
    if value is None:
        return None
    try:
        found = float(value)
    except ValueError:  # a signalling NaN
        return None
    return found if isfinite(found) else None


def _progress_values(row: Row) -> tuple[Any, ...]:
    units = "、".join(row.units)
    cells = ",".join([f"{_quoted_heading(heading)}:{quoted(cell)}" for heading, cell in row.cells.items()])
    payload = f'{{"cells":{{{cells}}}}}'
    if split_units(units) != row.units:
        payload = f'{payload[:-1]},"units":{canonical(row.units).decode()}}}'
    if row.target_at is not None:
        payload = f'{payload[:-1]},"target_at":[{row.target_at[0]},{row.target_at[1]}]}}'
    return (
        row.index,
        None if row.seq is None else str(row.seq),
        row.category,
        row.content,
        units,
        row.status,
        number(row.progress),
        row.progress_text,
        payload,
        *(row.content_at or (None, None)),
        *(row.status_at or (None, None)),
        row.table,
    )


_quoted_heading = lru_cache(maxsize=1024)(quoted)


def _observation_values(observations: Sequence[Observation], series: Mapping[int, str]) -> list[tuple[Any, ...]]:
    dates = {day for item in observations for day in (item.period_start, item.period_end)}
    days = {day: day.isoformat() if day else None for day in dates}
    return [
        (
            n,
            o.row,
            " / ".join(o.section) if o.section else None,
            o.field,
            o.text,
            o.metric,
            o.measure,
            number(o.value),
            number(o.value_high),
            o.unit,
            number(o.base_value),
            o.base_unit,
            o.bound,
            o.kind,
            o.comparison,
            days[o.period_start],
            days[o.period_end],
            o.start,
            o.end,
            series.get(n),
        )
        for n, o in enumerate(observations)
    ]


def _prose(report: Report) -> list[tuple[str, str]]:
    """What a document without a table says, so that a silent edit of its words is seen."""
    if not report.sections:
        return [("", _words(report.text))]
    return [(storable(s.title) or "", _words(report.text[s.start : s.end])) for s in report.sections]


def _words(text: str) -> str:
    return _COUNTER.sub("", fold(storable(text) or ""))


def split_units(text: str) -> tuple[str, ...]:
    """The inverse of joining units with 、; a 、 inside brackets belongs to its unit."""
    if "、" not in text:
        return (text,) if text else ()
    units, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "、" and depth <= 0:
            units.append(text[start:at])
            start = at + 1
    return (*units, text[start:])


def body_values(prepared: Prepared, captured_at: str) -> tuple[Any, ...]:
    """The row of `body`."""
    report = prepared.disclosure.report
    captures = prepared.disclosure.captures
    return (
        prepared.body_id,
        prepared.disclosure.source_id,
        str(prepared.period),
        prepared.kind,
        prepared.table_hash,
        len(prepared.progress),
        len(prepared.observations),
        mean_progress(report.rows),
        *_headings(report.rows),
        captures[0].sha256 if captures else None,
        captured_at,
        sketch(words for _, words in prepared.prose),
    )


def _headings(rows: Sequence[Row]) -> list[str | None]:
    """The printed headings of content, status and progress: the columns whose cells are their texts most often.

    Column by column, since the rows of a table have the same headings; of equals the one that was met first.
    """
    tables: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        tables.setdefault(tuple(row.cells), []).append(row)
    found: list[str | None] = []
    columns = {
        headings: list(zip(*(row.cells.values() for row in own), strict=True)) for headings, own in tables.items()
    }
    for field_name in ("content", "status", "progress_text"):
        votes: dict[str, list[int]] = {}  # heading → how often, first row
        for headings, own in tables.items():
            told = [getattr(row, field_name) or None for row in own]
            for heading, cells in zip(headings, columns[headings], strict=True):
                if hits := sum(map(eq, cells, told)):
                    first = next(-row.index for row, cell, text in zip(own, cells, told, strict=True) if cell == text)
                    vote = votes.setdefault(heading, [0, first])
                    votes[heading] = [vote[0] + hits, max(vote[1], first)]
        found.append(storable(max(votes, key=votes.__getitem__)) if votes else None)
    return found


def attainment_values(prepared: Prepared) -> list[tuple[Any, ...]]:
    """The rows of `attainment`."""
    return [
        (
            prepared.body_id,
            n,
            a.row,
            a.metric,
            a.measure,
            a.unit,
            a.bound,
            number(a.target),
            number(a.actual),
            int(a.cumulative),
            a.target_n,
            a.actual_n,
        )
        for n, a in enumerate(prepared.attainments)
    ]
