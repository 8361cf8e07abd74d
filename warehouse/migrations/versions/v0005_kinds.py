"""A share of the year is a double on PostgreSQL too, and no detail is null: the views alone change, and every migration
makes them anew."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing in the tables changes."""
