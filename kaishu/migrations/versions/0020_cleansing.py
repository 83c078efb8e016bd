"""Cleansing plans of tables in versions, and their runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "quality_cleansing_plan",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200_000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("importance", JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("business_id", sa.String(length=40), nullable=False),
        sa.Column("business", sa.String(length=200), nullable=False),
        sa.Column("technical", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("changed_at", UTCTime(), nullable=False),
        sa.Column("in_force_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        _key("quality_cleansing_plan", "table_id", "lake_table"),
        _key("quality_cleansing_plan", "case_id", "casework_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_cleansing_plan")),
        sa.UniqueConstraint("table_id", "number", name=op.f("uq_quality_cleansing_plan_table_id_number")),
    )
    op.create_index(
        "ix_quality_cleansing_plan_state", "quality_cleansing_plan", ["state", "table_id"], unique=False
    )
    _runs()


def _runs() -> None:
    op.create_table(
        "quality_cleansing_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("base_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("undoes_id", sa.String(length=26), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("rows_left", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("steps", JSON(), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("started_at", UTCTime(), nullable=False),
        sa.Column("ended_at", UTCTime(), nullable=False),
        _key("quality_cleansing_run", "table_id", "lake_table"),
        _key("quality_cleansing_run", "plan_id", "quality_cleansing_plan"),
        _key("quality_cleansing_run", "base_id", "lake_version"),
        _key("quality_cleansing_run", "version_id", "lake_version"),
        _key("quality_cleansing_run", "undoes_id", "quality_cleansing_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_cleansing_run")),
        sa.UniqueConstraint("version_id", name=op.f("uq_quality_cleansing_run_version_id")),
    )
    op.create_index(
        op.f("ix_quality_cleansing_run_table_id"), "quality_cleansing_run", ["table_id"], unique=False
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    """Back."""
    op.drop_table("quality_cleansing_run")
    op.drop_table("quality_cleansing_plan")
