"""What rules of retention would drop, and what people decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "lake_disposal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("rule", JSON(), nullable=False),
        sa.Column("versions", JSON(), nullable=False),
        sa.Column("held", JSON(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("dropped", JSON(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("proposed_at", UTCTime(), nullable=False),
        sa.Column("decided_at", UTCTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["lake_table.id"], name=op.f("fk_lake_disposal_table_id_lake_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lake_disposal")),
    )
    op.create_index("ix_lake_disposal_table", "lake_disposal", ["table_id", "state"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("lake_disposal")
