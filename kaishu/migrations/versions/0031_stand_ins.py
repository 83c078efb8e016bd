"""Who stands in for an assessor or reviewer of a unit's own office; English titles of rounds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import UTCTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "evaluation_stand_in",
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("unit_id", sa.String(length=200), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["evaluation_round.id"],
            name=op.f("fk_evaluation_stand_in_round_id_evaluation_round"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_evaluation_stand_in_person_id_access_person")
        ),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "seat", "number", name=op.f("pk_evaluation_stand_in")),
    )
    op.create_index(op.f("ix_evaluation_stand_in_person_id"), "evaluation_stand_in", ["person_id"])
    with op.batch_alter_table("evaluation_round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_en", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("evaluation_round", schema=None) as batch_op:
        batch_op.drop_column("title_en")
    op.drop_table("evaluation_stand_in")
