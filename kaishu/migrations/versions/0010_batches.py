"""Batches that add to a table or merge into it, and rows that were dropped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0010"
down_revision = "0009b"
branch_labels = None
depends_on = None

_COUNTS = ("inserted", "updated", "deleted", "unchanged", "next_id", "freed_bytes")


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("lake_table", schema=None) as batch_op:
        batch_op.add_column(sa.Column("update", JSON(), nullable=True))
        batch_op.add_column(sa.Column("retention", JSON(), nullable=True))
    with op.batch_alter_table("lake_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", sa.String(length=20), nullable=False, server_default="replace"))
        for name in _COUNTS:
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("dropped_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("dropped_at", UTCTime(), nullable=True))
