"""The tables as of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "attainment",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("row_index", sa.Integer(), nullable=True),
        sa.Column("metric", _TEXT, nullable=False),
        sa.Column("measure", _TEXT, nullable=False),
        sa.Column("unit", _TEXT, nullable=True),
        sa.Column("bound", _TEXT, nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("actual", sa.Double(), nullable=True),
        sa.Column("cumulative", sa.Integer(), nullable=False),
        sa.Column("target_n", sa.Integer(), nullable=False),
        sa.Column("actual_n", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("body_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "belief",
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("known_from", _TEXT, nullable=False),
        sa.Column("known_to", _TEXT, nullable=True),
        sa.Column("edition_id", _TEXT, nullable=False),
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("stream_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("document_url", _TEXT, nullable=True),
        sa.Column("capture_sha256", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("document_id", "revision", "known_from"),
        sqlite_with_rowid=True,
    )
    op.create_index("belief_by_body", "belief", ["body_id"], unique=False)
    op.create_index("belief_by_period", "belief", ["source_id", "period"], unique=False)
    op.create_index("belief_by_stream", "belief", ["stream_id"], unique=False)
    op.create_table(
        "body",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("table_hash", _TEXT, nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("observation_count", sa.Integer(), nullable=False),
        sa.Column("mean_progress", sa.Double(), nullable=True),
        sa.Column("content_heading", _TEXT, nullable=True),
        sa.Column("status_heading", _TEXT, nullable=True),
        sa.Column("progress_heading", _TEXT, nullable=True),
        sa.Column("capture_sha256", _TEXT, nullable=True),
        sa.Column("captured_at", _TEXT, nullable=False),
        sa.Column("identity", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("body_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("body_by_table", "body", ["source_id", "table_hash"], unique=False)
    op.create_table(
        "capture",
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("final_url", _TEXT, nullable=False),
        sa.Column("fetched_at", _TEXT, nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("via", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "change",
        sa.Column("pair_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("old_index", sa.Integer(), nullable=True),
        sa.Column("new_index", sa.Integer(), nullable=True),
        sa.Column("relation", _TEXT, nullable=False),
        sa.Column("facet", _TEXT, nullable=False),
        sa.Column("old_value", _TEXT, nullable=True),
        sa.Column("new_value", _TEXT, nullable=True),
        sa.Column("delta", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("pair_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_ours",
        sa.Column("set_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("set_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_set",
        sa.Column("set_id", _TEXT, nullable=False),
        sa.Column("pair_id", _TEXT, nullable=False),
        sa.Column("stream_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("scope", _TEXT, nullable=False),
        sa.Column("from_period", _TEXT, nullable=False),
        sa.Column("to_period", _TEXT, nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("to_revision", sa.Integer(), nullable=False),
        sa.Column("to_document", _TEXT, nullable=False),
        sa.Column("cause", _TEXT, nullable=False),
        sa.Column("preview", sa.Integer(), nullable=False),
        sa.Column("from_document", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("known_from", _TEXT, nullable=False),
        sa.Column("known_to", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("set_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("change_set_by_stream", "change_set", ["stream_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("recorded_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("document_by_source", "document", ["source_id"], unique=False)
    op.create_table(
        "document_state",
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("known_from", _TEXT, nullable=False),
        sa.Column("known_to", _TEXT, nullable=True),
        sa.Column("edition_id", _TEXT, nullable=False),
        sa.Column("stream_id", _TEXT, nullable=False),
        sa.Column("capture_sha256", _TEXT, nullable=True),
        sa.Column("reason", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("document_id", "revision", "state", "known_from"),
        sqlite_with_rowid=True,
    )
    op.create_index("document_state_by_state", "document_state", ["state", "known_to"], unique=False)
    op.create_index("document_state_by_stream", "document_state", ["stream_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("holder", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=True),
        sa.Column("acquired_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "period"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "observation",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("row_index", sa.Integer(), nullable=True),
        sa.Column("section", _TEXT, nullable=True),
        sa.Column("field", _TEXT, nullable=True),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("metric", _TEXT, nullable=True),
        sa.Column("measure", _TEXT, nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("value_high", sa.Double(), nullable=True),
        sa.Column("unit", _TEXT, nullable=True),
        sa.Column("base_value", sa.Double(), nullable=True),
        sa.Column("base_unit", _TEXT, nullable=True),
        sa.Column("bound", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("comparison", _TEXT, nullable=True),
        sa.Column("period_start", _TEXT, nullable=True),
        sa.Column("period_end", _TEXT, nullable=True),
        sa.Column("text_start", sa.Integer(), nullable=False),
        sa.Column("text_end", sa.Integer(), nullable=False),
        sa.Column("series_key", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("body_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pairing",
        sa.Column("pair_id", _TEXT, nullable=False),
        sa.Column("from_body", _TEXT, nullable=False),
        sa.Column("to_body", _TEXT, nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("unmoved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pair_id"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "pairing_warning",
        sa.Column("pair_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("message", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("pair_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "progress",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("row_index", sa.Integer(), nullable=False),
        sa.Column("commitment_id", _TEXT, nullable=True),
        sa.Column("seq", _TEXT, nullable=True),
        sa.Column("category", _TEXT, nullable=True),
        sa.Column("content", _TEXT, nullable=True),
        sa.Column("units", _TEXT, nullable=False),
        sa.Column("status", _TEXT, nullable=True),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.Column("progress_text", _TEXT, nullable=True),
        sa.Column("cells", _TEXT, nullable=False),
        sa.Column("content_start", sa.Integer(), nullable=True),
        sa.Column("content_end", sa.Integer(), nullable=True),
        sa.Column("status_start", sa.Integer(), nullable=True),
        sa.Column("status_end", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("body_id", "row_index"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request",
        sa.Column("request_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("detail", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=True),
        sa.Column("fetched_at", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "run",
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("flow_run_id", _TEXT, nullable=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("started_at", _TEXT, nullable=False),
        sa.Column("ended_at", _TEXT, nullable=True),
        sa.Column("counts", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("run_id"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "warning",
        sa.Column("warning_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=True),
        sa.Column("document_url", _TEXT, nullable=True),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("message", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("known_from", _TEXT, nullable=False),
        sa.Column("known_to", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("warning_id"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "absence",
        sa.Column("absence_id", _TEXT, nullable=False),
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("detail", _TEXT, nullable=False),
        sa.Column("seen_at", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.document_id"],
        ),
        sa.PrimaryKeyConstraint("absence_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("absence_by_document", "absence", ["document_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("decision_id", _TEXT, nullable=False),
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("edition_id", _TEXT, nullable=True),
        sa.Column("verdict", _TEXT, nullable=False),
        sa.Column("who", _TEXT, nullable=False),
        sa.Column("why", _TEXT, nullable=False),
        sa.Column("decided_at", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.document_id"],
        ),
        sa.PrimaryKeyConstraint("decision_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("decision_by_document", "decision", ["document_id"], unique=False)
    op.create_table(
        "document_url",
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.document_id"],
        ),
        sa.PrimaryKeyConstraint("document_id", "url"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "edition",
        sa.Column("edition_id", _TEXT, nullable=False),
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("stream_id", _TEXT, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=True),
        sa.Column("url", _TEXT, nullable=True),
        sa.Column("published_on", _TEXT, nullable=True),
        sa.Column("generated_on", _TEXT, nullable=True),
        sa.Column("publisher", _TEXT, nullable=True),
        sa.Column("index_number", _TEXT, nullable=True),
        sa.Column("document_number", _TEXT, nullable=True),
        sa.Column("checks", _TEXT, nullable=False),
        sa.Column("settings", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"],
            ["body.body_id"],
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.document_id"],
        ),
        sa.PrimaryKeyConstraint("edition_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("edition_by_body", "edition", ["body_id"], unique=False)
    op.create_index("edition_by_document", "edition", ["document_id"], unique=False)
    op.create_index("edition_by_stream", "edition", ["stream_id"], unique=False)
    op.create_table(
        "load_record",
        sa.Column("load_id", _TEXT, nullable=False),
        sa.Column("document_id", _TEXT, nullable=False),
        sa.Column("edition_id", _TEXT, nullable=False),
        sa.Column("known_at", _TEXT, nullable=False),
        sa.Column("cause", _TEXT, nullable=False),
        sa.Column("capture_sha256", _TEXT, nullable=True),
        sa.Column("parser_version", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("recorded_at", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.document_id"],
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.edition_id"],
        ),
        sa.PrimaryKeyConstraint("load_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("load_record_by_document", "load_record", ["document_id", "known_at"], unique=False)
