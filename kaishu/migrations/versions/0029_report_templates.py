"""Templates of evaluation reports, kept by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import UTCTime

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "evaluation_template",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=100_002), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("changed_at", UTCTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_template")),
        sa.UniqueConstraint("name", name=op.f("uq_evaluation_template_name")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("evaluation_template")
