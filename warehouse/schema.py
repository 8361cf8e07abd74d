"""The tables. Raw and core tables only grow; derived ones are recomputed from them, writing differences.

Keys are hashes of content (`warehouse.keys`), never sequences, so two warehouses built from the same evidence hold
the same rows. Instants and dates are ISO text (`warehouse.clock`); on PostgreSQL text is compared by code point
(`COLLATE "C"`), as SQLite does. Numbers of the views are double precision on both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

metadata = MetaData()
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def _text(name: str, *extra: Any, null: bool = False) -> Column[Any]:
    return Column(name, _TEXT, *extra, nullable=null)


def _int(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=null)


def _double(name: str) -> Column[Any]:
    return Column(name, Double, nullable=True)


def _table(name: str, *items: Any, key: tuple[str, ...], clustered: bool = False) -> Table:
    # A clustered table stores its rows in the order of the key (SQLite's WITHOUT ROWID): all rows of a body together.
    return Table(name, metadata, *items, PrimaryKeyConstraint(*key), sqlite_with_rowid=not clustered)


# --- how we came to know: runs, requests, warnings, leases -----------------------------------------------------------

run = _table(
    "run",
    _text("run_id"),
    _text("flow_run_id", null=True),
    _text("kind"),
    _text("period", null=True),
    _text("state"),
    _text("started_at"),
    _text("ended_at", null=True),
    _text("counts", null=True),
    key=("run_id",),
)

request = _table(
    "request",
    _text("request_id"),
    _text("source_id"),
    _text("url"),
    _text("outcome"),
    _int("http_status", null=True),
    _text("detail"),
    _text("sha256", null=True),
    _text("fetched_at"),
    _text("run_id"),
    Index("request_by_url", "url", "fetched_at"),
    key=("request_id",),
)

warning = _table(
    "warning",
    _text("warning_id"),
    _text("source_id"),
    _text("period", null=True),
    _text("document_url", null=True),
    _text("code"),
    _text("message"),
    _text("run_id"),
    _text("known_from"),
    _text("known_to", null=True),
    key=("warning_id",),
)

lease = _table(
    "lease",
    _text("source_id"),
    _text("period"),
    _text("holder"),
    _text("run_id", null=True),
    _text("acquired_at"),
    _text("expires_at"),
    key=("source_id", "period"),
)

# --- evidence: what portals showed -----------------------------------------------------------------------------------

capture = _table(
    "capture",
    _text("sha256"),
    _text("url"),
    _text("final_url"),
    _text("fetched_at"),
    _int("http_status", null=True),
    _int("size"),
    _text("via"),
    _text("title"),
    key=("sha256",),
)

document = _table(
    "document",
    _text("document_id"),
    _text("source_id"),
    _text("key"),
    _text("recorded_at"),
    Index("document_by_source", "source_id"),
    key=("document_id",),
)

document_url = _table(
    "document_url",
    _text("document_id", ForeignKey("document.document_id")),
    _text("url"),
    key=("document_id", "url"),
)

# What a document says, apart from where and when it said so. Two publications with the same rows share one body.
body = _table(
    "body",
    _text("body_id"),
    _text("source_id"),
    _text("period"),
    _text("kind"),
    _text("table_hash", null=True),
    _int("row_count"),
    _int("observation_count"),
    _double("mean_progress"),
    _text("content_heading", null=True),
    _text("status_heading", null=True),
    _text("progress_heading", null=True),
    _text("capture_sha256", null=True),
    _text("captured_at"),
    _text("identity", null=True),
    _text("sketch", null=True),
    Index("body_by_table", "source_id", "table_hash"),
    key=("body_id",),
)

progress = _table(
    "progress",
    _text("body_id"),
    _int("row_index"),
    _text("commitment_id", null=True),
    _text("seq", null=True),
    _text("category", null=True),
    _text("content", null=True),
    _text("units"),
    _text("status", null=True),
    _double("progress"),
    _text("progress_text", null=True),
    _text("cells"),
    _int("content_start", null=True),
    _int("content_end", null=True),
    _int("status_start", null=True),
    _int("status_end", null=True),
    _int("table_index", null=True),
    key=("body_id", "row_index"),
    clustered=True,
)

observation = _table(
    "observation",
    _text("body_id"),
    _int("n"),
    _int("row_index", null=True),
    _text("section", null=True),
    _text("field", null=True),
    _text("text"),
    _text("metric", null=True),
    _text("measure"),
    _double("value"),
    _double("value_high"),
    _text("unit", null=True),
    _double("base_value"),
    _text("base_unit", null=True),
    _text("bound"),
    _text("kind"),
    _text("comparison", null=True),
    _text("period_start", null=True),
    _text("period_end", null=True),
    _int("text_start"),
    _int("text_end"),
    _text("series_key", null=True),
    key=("body_id", "n"),
    clustered=True,
)

# A target of a commitment beside the figure that its status reports for it.
attainment = _table(
    "attainment",
    _text("body_id"),
    _int("n"),
    _int("row_index", null=True),
    _text("metric"),
    _text("measure"),
    _text("unit", null=True),
    _text("bound"),
    _double("target"),
    _double("actual"),
    _int("cumulative"),
    _int("target_n"),
    _int("actual_n", null=True),
    key=("body_id", "n"),
    clustered=True,
)

# Where a body contradicts itself. `run_id` is the run that first met it.
body_warning = _table(
    "body_warning",
    _text("body_id"),
    _int("n"),
    _text("code"),
    _text("message"),
    _text("run_id"),
    key=("body_id", "n"),
    clustered=True,
)

# The text of a work report, in which promises are looked for.
prose = _table(
    "prose",
    _text("body_id"),
    _text("text"),
    key=("body_id",),
)

edition = _table(
    "edition",
    _text("edition_id"),
    _text("document_id", ForeignKey("document.document_id")),
    _text("body_id", ForeignKey("body.body_id")),
    _text("stream_id"),
    _text("source_id"),
    _text("period"),
    _text("kind"),
    _text("title", null=True),
    _text("url", null=True),
    _text("published_on", null=True),
    _text("generated_on", null=True),
    _text("publisher", null=True),
    _text("index_number", null=True),
    _text("document_number", null=True),
    _text("checks"),
    _text("settings"),
    _text("printed_by", null=True),
    Index("edition_by_stream", "stream_id"),
    Index("edition_by_document", "document_id"),
    Index("edition_by_body", "body_id"),
    Index("edition_by_kind", "kind", "period"),
    key=("edition_id",),
)

# The load record: this content was shown at that time. Written in the transaction of the load, it makes it visible.
# `reading` names the way in which its bytes were last read into this content, `warnings` counts the reader's.
load_record = _table(
    "load_record",
    _text("load_id"),
    _text("document_id", ForeignKey("document.document_id")),
    _text("edition_id", ForeignKey("edition.edition_id")),
    _text("known_at"),
    _text("cause"),
    _text("capture_sha256", null=True),
    _text("parser_version"),
    _text("run_id"),
    _text("recorded_at"),
    _text("reading", null=True),
    _int("warnings", null=True),
    Index("load_record_by_document", "document_id", "known_at"),
    key=("load_id",),
)

decision = _table(
    "decision",
    _text("decision_id"),
    _text("document_id", ForeignKey("document.document_id")),
    _text("edition_id", null=True),
    _text("verdict"),
    _text("who"),
    _text("why"),
    _text("decided_at"),
    Index("decision_by_document", "document_id"),
    key=("decision_id",),
)

# Times at which a document that is still listed could not be had: evidence for a withdrawal, never proof by itself.
absence = _table(
    "absence",
    _text("absence_id"),
    _text("document_id", ForeignKey("document.document_id")),
    _text("outcome"),
    _text("detail"),
    _text("seen_at"),
    _text("run_id"),
    Index("absence_by_document", "document_id"),
    key=("absence_id",),
)

# --- derived: recomputed per stream (source, kind, year) in the transaction of the load ------------------------------

document_state = _table(
    "document_state",
    _text("document_id"),
    _int("revision"),
    _text("state"),
    _text("known_from"),
    _text("known_to", null=True),
    _text("edition_id"),
    _text("stream_id"),
    _text("capture_sha256", null=True),
    _text("reason", null=True),
    _text("held_by", null=True),
    Index("document_state_by_stream", "stream_id"),
    Index("document_state_by_state", "state", "known_to"),
    key=("document_id", "revision", "state", "known_from"),
)

belief = _table(
    "belief",
    _text("document_id"),
    _int("revision"),
    _text("known_from"),
    _text("known_to", null=True),
    _text("edition_id"),
    _text("body_id"),
    _text("stream_id"),
    _text("source_id"),
    _text("period"),
    _text("kind"),
    _int("year"),
    _int("month"),
    _text("document_url", null=True),
    _text("capture_sha256", null=True),
    _text("series", null=True),
    Index("belief_by_stream", "stream_id"),
    Index("belief_by_period", "source_id", "period"),
    Index("belief_by_body", "body_id"),
    key=("document_id", "revision", "known_from"),
)

# How two bodies compare: a fact about their content, computed once.
pairing = _table(
    "pairing",
    _text("pair_id"),
    _text("from_body"),
    _text("to_body"),
    _int("kept"),
    _int("dropped"),
    _int("added"),
    _int("unmoved"),
    key=("pair_id",),
)

pairing_warning = _table(
    "pairing_warning",
    _text("pair_id"),
    _int("n"),
    _text("code"),
    _text("message"),
    key=("pair_id", "n"),
    clustered=True,
)

change = _table(
    "change",
    _text("pair_id"),
    _int("n"),
    _int("old_index", null=True),
    _int("new_index", null=True),
    _text("relation"),
    _text("facet"),
    _text("old_value", null=True),
    _text("new_value", null=True),
    _double("delta"),
    key=("pair_id", "n"),
    clustered=True,
)

# The sentence of a work report that holds the promise of a row: a fact about two bodies, computed once.
origin = _table(
    "origin",
    _text("body_id"),
    _int("row_index"),
    _text("report_body"),
    _text("promise"),
    _int("text_start"),
    _int("text_end"),
    _double("confidence"),
    key=("body_id", "row_index", "report_body"),
    clustered=True,
)

# Which tables were held against which work reports, whether anything was found or not.
origin_search = _table(
    "origin_search",
    _text("report_body"),
    _text("body_id"),
    key=("report_body", "body_id"),
    clustered=True,
)

# Between which publications, and since when, a pairing counts. `preview` marks what a held document would change.
change_set = _table(
    "change_set",
    _text("set_id"),
    _text("pair_id"),
    _text("stream_id"),
    _text("source_id"),
    _text("scope"),
    _text("from_period"),
    _text("to_period"),
    _int("from_revision"),
    _int("to_revision"),
    _text("to_document"),
    _text("cause"),
    _int("preview"),
    _text("from_document"),
    _text("run_id"),
    _text("known_from"),
    _text("known_to", null=True),
    Index("change_set_by_stream", "stream_id"),
    key=("set_id",),
)

# Changes of a quarter that came of our own parser: those of the set that it brought.
change_ours = _table(
    "change_ours",
    _text("set_id"),
    _int("n"),
    key=("set_id", "n"),
    clustered=True,
)

Index("progress_by_commitment", progress.c.commitment_id)
