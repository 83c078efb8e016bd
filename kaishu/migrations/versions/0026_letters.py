"""Letters to offices and what is enclosed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "engagement_letter",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("body", sa.String(length=8000), nullable=False),
        sa.Column("about_kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sender_id", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("read_at", UTCTime(), nullable=True),
        sa.Column("read_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_engagement_letter_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_letter")),
    )
    op.create_index(op.f("ix_engagement_letter_office_id"), "engagement_letter", ["office_id"], unique=False)
    op.create_table(
        "engagement_letter_enclosure",
        sa.Column("letter_id", sa.String(length=26), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("body", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["engagement_letter.id"],
            name=op.f("fk_engagement_letter_enclosure_letter_id_engagement_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_engagement_letter_enclosure")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("engagement_letter_enclosure")
    op.drop_table("engagement_letter")
