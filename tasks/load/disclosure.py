"""One document on its way into the warehouse: what comes in, under which keys it is kept, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tasks.check import CheckSettings, mean_progress
from tasks.load.body import Body, body_of
from tasks.load.errors import PeriodUnknown
from tasks.load.values import storable
from tasks.model import Capture, Check, FacetChange, Observation, Period, Report
from warehouse import schema
from warehouse.keys import canonical, digest, key

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
    `body`: what report and observations come to, where that was made already; observations are not looked at then.
    `reading`: a name for the way in which the first capture was read; "" where such bytes are to be read every time.
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
    body: Body | None = None
    reading: str = ""


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
    """A disclosure with its body and the keys of both: all that can be computed without looking at the warehouse."""

    disclosure: Disclosure
    body: Body

    @property
    def period(self) -> Period:
        """What it is about."""
        return self.body.period

    @property
    def kind(self) -> str:
        """What sort of disclosure it is."""
        return self.body.kind

    @cached_property
    def told(self) -> bytes:
        """What the document says, without where in the text it stands: the bytes that `body_id` is the hash of."""
        body = self.body
        rows = [row[:9] for row in body.progress]
        quantities = [o[:17] for o in body.observations]
        return canonical((self.disclosure.source_id, str(self.period), self.kind, rows, quantities, body.prose))

    @cached_property
    def body_id(self) -> str:
        """Hash of what the document says: rows, quantities and prose."""
        return digest(self.told)

    @cached_property
    def table_hash(self) -> str | None:
        """Hash of the table alone, whatever period it is said to be about; of the quantities where there is none."""
        if self.body.progress:
            told = sorted((row[3] or "", row[5] or "", row[7] or "") for row in self.body.progress)
        elif self.body.observations:
            told = sorted((o[4], o[5] or "", str(o[7])) for o in self.body.observations)
        else:
            return None
        return key(self.kind, told)

    @cached_property
    def document_id(self) -> str:
        """The publication: its source and the portal's own key."""
        return key(self.disclosure.source_id, self.disclosure.key)

    @cached_property
    def edition_id(self) -> str:
        """This content of this publication."""
        meta = self.disclosure.report.meta
        published = meta.published_on.isoformat() if meta.published_on else None
        return key(self.document_id, self.body_id, storable(meta.title), published)

    @cached_property
    def stream_id(self) -> str:
        """The source's documents of this kind about this year."""
        return stream_of(self.disclosure.source_id, self.kind, self.period)


def stream_of(source_id: str, kind: str, period: Period) -> str:
    """The key of a stream."""
    return key("stream", source_id, kind, period.year)


def prepare(disclosure: Disclosure) -> Prepared:
    """The body and keys of a disclosure. Raises PeriodUnknown."""
    report = disclosure.report
    if report.meta.period is None:
        raise PeriodUnknown(
            f"neither title nor text of {report.meta.title!r} names a quarter",
            source=disclosure.source_id,
            where=disclosure.url,
        )
    return Prepared(disclosure, disclosure.body or body_of(report, disclosure.observations, report.meta.period))


def body_values(prepared: Prepared, captured_at: str) -> tuple[Any, ...]:
    """The row of `body`."""
    body, captures = prepared.body, prepared.disclosure.captures
    return (
        prepared.body_id,
        prepared.disclosure.source_id,
        str(prepared.period),
        prepared.kind,
        prepared.table_hash,
        len(body.progress),
        len(body.observations),
        mean_progress(body.rows),
        *body.headings,
        captures[0].sha256 if captures else None,
        captured_at,
        body.sketch,
    )
