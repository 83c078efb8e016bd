"""Indicator systems in editions, evaluations, and their results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0025"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "evaluation_edition",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("text", sa.String(length=400_000), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("based_on", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("changed_at", UTCTime(), nullable=False),
        sa.Column("published_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_edition")),
        sa.UniqueConstraint("system", "number", name=op.f("uq_evaluation_edition_system_number")),
    )
    _runs()
    op.create_table(
        "evaluation_kept",
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("body", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["evaluation_run.id"],
            name=op.f("fk_evaluation_kept_run_id_evaluation_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_evaluation_kept")),
    )


def _runs() -> None:
    op.create_table(
        "evaluation_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=200), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("data_digest", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=True),
        sa.Column("asked", JSON(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("indicators", sa.Integer(), nullable=False),
        sa.Column("summary", JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("published_at", UTCTime(), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["evaluation_edition.id"],
            name=op.f("fk_evaluation_run_edition_id_evaluation_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lake_version.id"], name=op.f("fk_evaluation_run_version_id_lake_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_run")),
    )
    op.create_index("ix_evaluation_run_system", "evaluation_run", ["system", "state"], unique=False)
    op.create_index(op.f("ix_evaluation_run_state"), "evaluation_run", ["state"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("evaluation_kept")
    op.drop_table("evaluation_run")
    op.drop_table("evaluation_edition")
