"""Indexes for following one commitment through its quarters and for the requests of one address."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both."""
    op.create_index("progress_by_commitment", "progress", ["commitment_id"])
    op.create_index("request_by_url", "request", ["url", "fetched_at"])
