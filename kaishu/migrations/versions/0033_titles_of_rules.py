"""English titles of what a rule found and of the work orders about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = ("quality_finding", "quality_order")


def upgrade() -> None:
    """Forward."""
    for table in TABLES:
        op.add_column(table, sa.Column("title_en", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    """Back."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("title_en")
