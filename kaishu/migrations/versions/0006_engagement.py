"""The engagement's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import UTCTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "engagement_follow",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_engagement_follow_dataset_id_catalogue_dataset"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_engagement_follow_person_id_access_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "dataset_id", name=op.f("pk_engagement_follow")),
    )
    with op.batch_alter_table("engagement_follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_follow_dataset_id"), ["dataset_id"], unique=False)
