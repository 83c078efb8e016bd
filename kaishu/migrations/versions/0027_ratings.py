"""Ratings of datasets by people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import UTCTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "engagement_rating",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("usable", "timely", "accurate", "satisfied")
        ),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("changed_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_engagement_rating_dataset_id_catalogue_dataset"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_engagement_rating_person_id_access_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "dataset_id", name=op.f("pk_engagement_rating")),
    )
    op.create_index(op.f("ix_engagement_rating_dataset_id"), "engagement_rating", ["dataset_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("engagement_rating")
