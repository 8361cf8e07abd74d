"""Single quarters and attainments without the noise of doubles: the views alone change, and every migration makes them
anew."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing in the tables changes."""
