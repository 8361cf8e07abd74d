"""Several reports in one source, promises of work reports, contradictions, and tables in the lineage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns and tables; what is derived fills them at the next load of its stream."""
    op.add_column("body", sa.Column("sketch", _TEXT, nullable=True))
    op.add_column("progress", sa.Column("table_index", sa.Integer(), nullable=True))
    op.add_column("edition", sa.Column("printed_by", _TEXT, nullable=True))
    op.add_column("document_state", sa.Column("held_by", _TEXT, nullable=True))
    op.add_column("belief", sa.Column("series", _TEXT, nullable=True))
    op.create_table(
        "body_warning",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("message", _TEXT, nullable=False),
        sa.Column("run_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("body_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prose",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("body_id"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "origin",
        sa.Column("body_id", _TEXT, nullable=False),
        sa.Column("row_index", sa.Integer(), nullable=False),
        sa.Column("report_body", _TEXT, nullable=False),
        sa.Column("promise", _TEXT, nullable=False),
        sa.Column("text_start", sa.Integer(), nullable=False),
        sa.Column("text_end", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("body_id", "row_index", "report_body"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "origin_search",
        sa.Column("report_body", _TEXT, nullable=False),
        sa.Column("body_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("report_body", "body_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("edition_by_kind", "edition", ["kind", "period"])
