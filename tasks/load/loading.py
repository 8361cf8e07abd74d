"""Loading a disclosure: its evidence and everything that follows from it, in one transaction."""
# ruff: noqa: S608  (names come from the schema, values are always bound)

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.check import RELATIONAL
from tasks.load.again import keep_urls
from tasks.load.disclosure import (
    ATTAINMENT,
    BODY,
    OBSERVATION,
    Disclosure,
    LoadResult,
    Prepared,
    body_values,
    prepare,
)
from tasks.load.evidence import Appearance
from tasks.load.origins import Origins, forget
from tasks.load.stored import Fresh, write_rows
from tasks.load.stream import Stream
from tasks.load.timeline import Timeline
from tasks.load.values import storable
from tasks.model import Capture, Check, FacetChange, Kind
from warehouse import Warehouse, WarningFact, clock
from warehouse.engine import Transaction
from warehouse.keys import key
from warehouse.memo import Memo
from warehouse.store import keep_warnings


def load(
    warehouse: Warehouse, disclosure: Disclosure, *, run_id: str, cause: str = "source", now: datetime | None = None
) -> LoadResult:
    """Take one disclosure into the warehouse, with all that follows from it, in one transaction.

    The same content again changes nothing. Loading the same disclosures in any order, any number of times, ends in
    the same views. `cause`: `parser` for a reparse of kept bytes; bytes that were loaded before and now read
    otherwise are recognised as such anyway. Raises PeriodUnknown, or an error of `warehouse.errors`; nothing is
    loaded then.
    """
    prepared = prepare(disclosure)
    at = now or clock.now()
    return warehouse.transact(
        lambda tx: _Loading(tx, warehouse.memo, prepared, run_id, cause, at).run(),
        lock=disclosure.source_id,
        proof=lambda result: result.load_id,
    )


@dataclass(frozen=True)
class _Record:
    """A load record of the document that is being loaded."""

    load_id: str
    edition_id: str
    known_at: str
    cause: str
    capture: str | None
    reading: str | None


class _Loading:
    """One load: the evidence is written, then the streams that it touches are derived anew."""

    def __init__(
        self, transaction: Transaction, memo: Memo, prepared: Prepared, run_id: str, cause: str, now: datetime
    ) -> None:
        self.tx = transaction
        self.memo = memo
        self.prepared = prepared
        self.disclosure = prepared.disclosure
        self.run_id = run_id
        self.cause = cause
        self.recorded = clock.stamp(now)
        self.known_at = clock.stamp(prepared.disclosure.known_at)
        self.capture = self.disclosure.captures[0].sha256 if self.disclosure.captures else None
        self.records = self._records()
        self.fresh: dict[str, Fresh] = {}
        self.streams: dict[str, Stream] = {}

    def run(self) -> LoadResult:
        edition_id = self.prepared.edition_id
        if not self._place():
            return self._nothing_new("superseded", None)
        before = next((r for r in reversed(self.records) if r.known_at <= self.known_at), None)
        load_id = key(self.prepared.document_id, edition_id, self.known_at, self.cause, self.capture)
        known = next((record for record in self.records if record.load_id == load_id), None)
        if known is not None:
            load_id = ""
            self._confirm(known)
        elif before is None:
            self._write_document()
        fresh = self._write_edition()
        if load_id:
            self._write_record(load_id)
        keep_urls(self.tx, self.prepared.document_id, (self.disclosure.url, *self.disclosure.other_urls))
        if before is not None and before.edition_id == edition_id and not fresh and not self._was_missing():
            return self._nothing_new("unchanged", load_id or None)
        self._write_warnings()
        timeline = None
        # Its own stream gives the rows of a new body their ids; what compares with them comes after.
        for stream_id in self._touched():
            derived = self._stream(stream_id).refresh()
            if stream_id == self.prepared.stream_id:
                timeline = derived
        assert timeline is not None
        for body_id in list(self.fresh):
            write_rows(self.tx, self.memo, self.fresh, body_id, {})
        Origins(self.tx, self.memo).bring_to(self.prepared.kind, self.prepared.period.year, self.prepared.edition_id)
        return self._result(timeline, load_id or None)

    # --- where it belongs in time ----------------------------------------------------------------------------------

    def _records(self) -> list[_Record]:
        found = self.tx.rows(
            "SELECT load_id, edition_id, known_at, cause, capture_sha256, reading FROM load_record "
            "WHERE document_id = ? ORDER BY known_at, CASE cause WHEN 'source' THEN 0 ELSE 1 END, edition_id",
            (self.prepared.document_id,),
        )
        return [_Record(*row) for row in found]

    def _place(self) -> bool:
        """Settle cause and time. False: an old capture read anew, about which newer bytes have the say."""
        before = next((r for r in reversed(self.records) if r.known_at <= self.known_at), None)
        same_bytes = before is not None and self.capture is not None and before.capture == self.capture
        if same_bytes and before is not None and before.edition_id != self.prepared.edition_id:
            known = any(r.edition_id == self.prepared.edition_id and r.known_at == self.known_at for r in self.records)
            if not known:
                self.cause = "parser"
        if self.cause != "parser" or not self.records:
            return True
        newest = next((r for r in reversed(self.records) if r.cause == "source"), self.records[-1])
        if newest.capture != self.capture:
            return False
        last = self.records[-1]
        if last.edition_id == self.prepared.edition_id:
            # Already believed to say this; the same reparse again.
            self.cause, self.known_at = last.cause, last.known_at
        elif self.known_at <= last.known_at:
            after = clock.stamp(clock.moment(last.known_at) + timedelta(microseconds=1))
            self.known_at = max(self.recorded, after)
        return True

    # --- evidence --------------------------------------------------------------------------------------------------

    def _write_document(self) -> None:
        self.tx.insert(
            "document",
            ("document_id", "source_id", "key", "recorded_at"),
            [(self.prepared.document_id, self.disclosure.source_id, storable(self.disclosure.key), self.recorded)],
            ignore=True,
        )

    def _write_edition(self) -> bool:
        """Keep the content if it is new; whether anything about it was."""
        prepared = self.prepared
        checks = json.dumps([[c.name, str(c.verdict), c.evidence] for c in self._own_checks()], ensure_ascii=False)
        settings = self.disclosure.settings
        asked = json.dumps([settings.min_rows, settings.max_dropped_share, settings.max_identical_share])
        known = self.tx.one("SELECT checks, settings FROM edition WHERE edition_id = ?", (prepared.edition_id,))
        if known is not None:
            if known != (checks, asked):
                self.tx.run(
                    "UPDATE edition SET checks = ?, settings = ? WHERE edition_id = ?",
                    (checks, asked, prepared.edition_id),
                )
            return self._write_body(self.disclosure.captures) or known != (checks, asked)
        self._write_captures(self.disclosure.captures)
        self._write_body()
        meta = self.disclosure.report.meta
        values = {
            "edition_id": prepared.edition_id,
            "document_id": prepared.document_id,
            "body_id": prepared.body_id,
            "stream_id": prepared.stream_id,
            "source_id": self.disclosure.source_id,
            "period": str(prepared.period),
            "kind": prepared.kind,
            "title": storable(meta.title),
            "url": storable(self.disclosure.url),
            "published_on": meta.published_on.isoformat() if meta.published_on else None,
            "generated_on": meta.generated_on.isoformat() if meta.generated_on else None,
            "publisher": storable(meta.publisher),
            "index_number": storable(meta.index_number),
            "document_number": storable(meta.document_number),
            "checks": checks,
            "settings": asked,
            "printed_by": self._printed_publisher(),
        }
        self.tx.insert("edition", list(values), [tuple(values.values())])
        return True

    def _printed_publisher(self) -> str | None:
        """The publisher if the document itself names it, not the one that the source's configuration lends it."""
        report = self.disclosure.report
        lent = any(warning.code == "publisher_missing" for warning in report.warnings)
        return None if lent else storable(report.meta.publisher)

    def _own_checks(self) -> list[Check]:
        return [check for check in self.disclosure.checks if check.name not in RELATIONAL]

    def _write_captures(self, captures: Sequence[Capture]) -> None:
        columns = ("sha256", "url", "final_url", "fetched_at", "http_status", "size", "via", "title")
        rows = [
            (c.sha256, c.url, c.final_url, clock.stamp(c.fetched_at), c.status, c.size, c.via, storable(c.title))
            for c in captures
        ]
        self.tx.insert("capture", columns, rows, ignore=True)
        # The first response that brought these bytes is their proof, whichever was loaded first.
        self.tx.update(
            "UPDATE capture SET url = ?, final_url = ?, fetched_at = ?, http_status = ?, via = ? "
            "WHERE sha256 = ? AND fetched_at > ?",
            [(row[1], row[2], row[3], row[4], row[6], row[0], row[3]) for row in rows],
        )

    def _write_body(self, captures: Sequence[Capture] = ()) -> bool:
        """Keep what the document says, with the bytes seen first as its proof; whether anything was written."""
        prepared, body = self.prepared, self.prepared.body
        body_id = prepared.body_id
        captured_at = self.known_at
        known = self.tx.one("SELECT captured_at, COALESCE(capture_sha256, '') FROM body WHERE body_id = ?", (body_id,))
        if known is not None and known <= (captured_at, self.capture or ""):
            return False
        self._write_captures(captures)
        if known is not None:
            # The same content in bytes seen earlier: they are the proof, and places in the text are theirs.
            for table in ("progress", "observation", "attainment", "body_warning"):
                self.tx.run(f"DELETE FROM {table} WHERE body_id = ?", (body_id,))
            self.tx.run(
                "UPDATE body SET capture_sha256 = ?, captured_at = ?, identity = NULL WHERE body_id = ?",
                (self.capture, captured_at, body_id),
            )
            forget(self.tx, body_id)
        else:
            self.tx.insert("body", BODY, [body_values(prepared, captured_at)])
        if prepared.kind == Kind.WORK_REPORT:
            self.tx.insert("prose", ("body_id", "text"), [(body_id, storable(self.disclosure.report.text))])
        self.tx.insert("observation", OBSERVATION, [(body_id, *row) for row in body.observations])
        self.tx.insert("attainment", ATTAINMENT, [(body_id, *row) for row in body.attainments])
        self.tx.insert(
            "body_warning",
            ("body_id", "n", "code", "message", "run_id"),
            [(body_id, n, code, message, self.run_id) for n, (code, message) in enumerate(body.contradictions)],
        )
        # The rows follow with their commitment ids, once these are known.
        self.fresh[body_id] = Fresh(body.rows, body.progress)
        return True

    def _confirm(self, record: _Record) -> None:
        """The same bytes came to the same content again, read in another way than before."""
        if self.disclosure.reading and record.reading != self.disclosure.reading:
            self.tx.run(
                "UPDATE load_record SET reading = ?, warnings = ? WHERE load_id = ?",
                (self.disclosure.reading, len(self.disclosure.report.warnings), record.load_id),
            )

    def _write_record(self, load_id: str) -> None:
        prepared = self.prepared
        self.tx.insert(
            "load_record",
            (
                "load_id",
                "document_id",
                "edition_id",
                "known_at",
                "cause",
                "capture_sha256",
                "parser_version",
                "run_id",
                "recorded_at",
                "reading",
                "warnings",
            ),
            [
                (
                    load_id,
                    prepared.document_id,
                    prepared.edition_id,
                    self.known_at,
                    self.cause,
                    self.capture,
                    self.disclosure.parser_version,
                    self.run_id,
                    self.recorded,
                    self.disclosure.reading or None,
                    len(self.disclosure.report.warnings),
                )
            ],
        )

    def _write_warnings(self) -> None:
        facts = [
            WarningFact(
                self.disclosure.source_id,
                warning.code,
                storable(warning.message) or "",
                str(self.prepared.period),
                storable(self.disclosure.url),
            )
            for warning in self.disclosure.report.warnings
        ]
        keep_warnings(self.tx, self.run_id, facts, self.recorded)

    # --- what follows ----------------------------------------------------------------------------------------------

    def _was_missing(self) -> bool:
        found = self.tx.one("SELECT 1 FROM absence WHERE document_id = ?", (self.prepared.document_id,))
        return found is not None

    def _touched(self) -> list[str]:
        """The streams to derive anew: the document's own, and those in which the same table stands."""
        found = self.tx.rows(
            "SELECT DISTINCT stream_id FROM edition WHERE document_id = ? UNION "
            "SELECT DISTINCT e.stream_id FROM body b JOIN edition e ON e.body_id = b.body_id "
            "WHERE b.source_id = ? AND b.table_hash = ?",
            (self.prepared.document_id, self.disclosure.source_id, self.prepared.table_hash),
        )
        return sorted({stream_id for (stream_id,) in found} | {self.prepared.stream_id})

    def _stream(self, stream_id: str) -> Stream:
        if stream_id not in self.streams:
            source_id = self.disclosure.source_id
            self.streams[stream_id] = Stream(self.tx, self.memo, stream_id, source_id, self.run_id, self.fresh)
        return self.streams[stream_id]

    def _nothing_new(self, relation: str, load_id: str | None) -> LoadResult:
        found = self.tx.one(
            "SELECT state, revision, reason FROM document_state WHERE document_id = ? "
            "ORDER BY CASE WHEN edition_id = ? THEN 0 ELSE 1 END, CASE WHEN known_to IS NULL THEN 0 ELSE 1 END, "
            "known_from DESC, revision DESC",
            (self.prepared.document_id, self.prepared.edition_id),
        )
        state, revision, reason = found or ("loaded", 1, None)
        return self._told(Standing(state, revision, reason or "", True), relation, (), load_id)

    def _result(self, timeline: Timeline, load_id: str | None) -> LoadResult:
        told = standing(timeline, self.prepared.document_id, self.prepared.edition_id)
        relation = self._relation(timeline, told)
        quiet = relation in ("unchanged", "duplicate", "superseded")
        stream = self._stream(self.prepared.stream_id)
        changes = () if quiet else changes_to(stream, timeline, self.prepared.edition_id)
        return self._told(told, relation, changes, load_id)

    def _told(
        self, told: Standing, relation: str, changes: tuple[tuple[str, FacetChange], ...], load_id: str | None
    ) -> LoadResult:
        return LoadResult(
            state=told.state,
            relation=relation,
            document_id=self.prepared.document_id,
            edition_id=self.prepared.edition_id,
            revision=told.revision,
            source_id=self.disclosure.source_id,
            period=self.prepared.period,
            url=self.disclosure.url,
            changes=changes,
            failed=told.reason,
            load_id=load_id,
        )

    def _relation(self, timeline: Timeline, told: Standing) -> str:
        document_id = self.prepared.document_id
        if document_id in timeline.aliases:
            return "duplicate"
        if told.state == "held":
            return "held"
        if not told.current:
            return "superseded"
        if self.records:
            return "unchanged" if self.records[-1].edition_id == self.prepared.edition_id else "revision"
        others = any(
            b.appearance.edition.period == str(self.prepared.period)
            and b.appearance.edition.document_id != document_id
            and timeline.series[b.appearance.edition.document_id] == timeline.series[document_id]
            for b in timeline.beliefs
        )
        return "correction" if others else "new"


@dataclass(frozen=True)
class Standing:
    """How one content of a document stands: state, revision, why it is held, whether it is believed now."""

    state: str
    revision: int
    reason: str
    current: bool


def standing(timeline: Timeline, document_id: str, edition_id: str) -> Standing:
    """The latest state of a content; of the document that it is a second copy of, where it is one."""
    document_id = timeline.aliases.get(document_id, document_id)
    rows = [row for row in timeline.states if row.appearance.edition.document_id == document_id]
    own = [row for row in rows if row.appearance.edition.edition_id == edition_id] or rows
    if not own:
        return Standing("loaded", 1, "", False)
    last = max(own, key=lambda row: (row.end is None, row.start, row.appearance.revision))
    appearance: Appearance = last.appearance
    return Standing(last.state, appearance.revision, appearance.reason, last.end is None)


def changes_to(stream: Stream, timeline: Timeline, edition_id: str) -> tuple[tuple[str, FacetChange], ...]:
    """Scope and change, for all that a content changes against the quarter and the revision before it."""
    found: list[tuple[str, FacetChange]] = []
    for item in timeline.sets:
        if item.new.edition.edition_id == edition_id and item.end is None:
            if item.old.edition.body_id == item.new.edition.body_id and item.scope == "revision":
                continue
            pair_id = key("pair", item.old.edition.body_id, item.new.edition.body_id)
            found += [(item.scope, change) for _, change in stream.changes(pair_id)]
    return tuple(found)
