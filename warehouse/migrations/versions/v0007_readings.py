"""How the bytes of a load were read, and what was to be said of them: bytes that come again need no second reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns; null where a load was made before they were."""
    op.add_column("load_record", sa.Column("reading", sa.Text(), nullable=True))
    op.add_column("load_record", sa.Column("warnings", sa.Integer(), nullable=True))
