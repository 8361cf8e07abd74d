"""Bytes that were loaded before and are shown again: nothing of them has to be read to know what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.check import CheckSettings
from tasks.load.disclosure import LoadResult
from tasks.load.values import storable
from tasks.model import Capture, Period
from warehouse import Warehouse, clock
from warehouse.engine import Transaction
from warehouse.keys import key


@dataclass(frozen=True, slots=True)
class Sight:
    """A document of a source as a fetch shows it, not read. `reading`: the way in which it would be read."""

    source_id: str
    key: str
    urls: tuple[str, ...]
    capture: Capture
    reading: str
    settings: CheckSettings
    parser_version: str


@dataclass(frozen=True, slots=True)
class Known:
    """What bytes came to that were loaded: period, title as printed, how many warnings the reader had."""

    period: Period
    title: str | None
    warnings: int


def known_readings(warehouse: Warehouse, source_id: str) -> dict[tuple[str, str, str], Known]:
    """(document's key, sha256, reading) → what it came to, of all loads of a source that were told their reading."""
    with warehouse.read() as transaction:
        found = transaction.rows(
            "SELECT d.key, l.capture_sha256, l.reading, e.period, e.title, l.warnings FROM document d "
            "JOIN load_record l ON l.document_id = d.document_id JOIN edition e ON e.edition_id = l.edition_id "
            "WHERE d.source_id = ? AND l.reading IS NOT NULL",
            (source_id,),
        )
    return {
        (document, sha256, reading): Known(Period.parse(period), title, warnings or 0)
        for document, sha256, reading, period, title, warnings in found
    }


def see_again(warehouse: Warehouse, sight: Sight, *, run_id: str, now: datetime | None = None) -> LoadResult | None:
    """Record that loaded bytes were shown again, in one transaction; None where they have to be read and loaded.

    That is wherever loading could do anything but find them unchanged: other bytes or another way of reading since,
    other checks asked for, a document that is held, rejected, withdrawn or was missing, or that is not believed.
    """
    at = clock.stamp(now or clock.now())
    return warehouse.transact(
        lambda tx: _again(tx, sight, run_id, at),
        lock=sight.source_id,
        proof=lambda told: told.load_id if told else None,
    )


def _again(tx: Transaction, sight: Sight, run_id: str, at: str) -> LoadResult | None:
    document_id = key(sight.source_id, sight.key)
    known_at = clock.stamp(sight.capture.fetched_at)
    records = tx.rows(
        "SELECT edition_id, known_at, cause, warnings, capture_sha256, reading FROM load_record "
        "WHERE document_id = ? ORDER BY known_at, CASE cause WHEN 'source' THEN 0 ELSE 1 END, edition_id",
        (document_id,),
    )
    before = next((record for record in reversed(records) if record[1] <= known_at), None)
    if records and records[-1][2] == "parser" and records[-1][4] == sight.capture.sha256:
        before = records[-1]  # the bytes as a later parser reads them
    if before is None or before[4:] != (sight.capture.sha256, sight.reading):
        return None
    edition_id, last_at, _, warnings, *_ = before
    settings = sight.settings
    asked = json.dumps([settings.min_rows, settings.max_dropped_share, settings.max_identical_share])
    found = tx.one(
        """SELECT e.period, s.revision FROM edition e
           JOIN document_state s ON s.document_id = e.document_id AND s.edition_id = e.edition_id
           WHERE e.edition_id = ? AND e.settings = ? AND s.state = 'loaded' AND s.known_to IS NULL
             AND NOT EXISTS (SELECT 1 FROM absence a WHERE a.document_id = e.document_id)
             AND NOT EXISTS (SELECT 1 FROM document_state o
                             WHERE o.document_id = e.document_id AND o.known_to IS NULL AND o.state <> 'loaded')""",
        (edition_id, asked),
    )
    if found is None:
        return None
    load_id = None
    if known_at > last_at:
        load_id = key(document_id, edition_id, known_at, "source", sight.capture.sha256)
        columns = ("load_id", "document_id", "edition_id", "known_at", "cause", "capture_sha256", "parser_version")
        values = (load_id, document_id, edition_id, known_at, "source", sight.capture.sha256, sight.parser_version)
        tx.insert(
            "load_record",
            (*columns, "run_id", "recorded_at", "reading", "warnings"),
            [(*values, run_id, at, sight.reading, warnings)],
            ignore=True,
        )
    keep_urls(tx, document_id, sight.urls)
    return LoadResult(
        "loaded",
        "unchanged",
        document_id,
        edition_id,
        found[1],
        sight.source_id,
        Period.parse(found[0]),
        sight.urls[0],
        load_id=load_id,
    )


def keep_urls(tx: Transaction, document_id: str, urls: Sequence[str]) -> None:
    """Keep the addresses of a document that are not known yet."""
    known = {url for (url,) in tx.rows("SELECT url FROM document_url WHERE document_id = ?", (document_id,))}
    fresh = sorted({told for url in urls if (told := storable(url)) is not None} - known)
    tx.insert("document_url", ("document_id", "url"), [(document_id, url) for url in fresh], ignore=True)
