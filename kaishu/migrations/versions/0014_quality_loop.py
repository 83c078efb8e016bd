"""Rules of tables in versions, checks, findings, work orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _rules()
    _results()
    _orders()


def _rules() -> None:
    op.create_table(
        "quality_rulebook",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200_000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("importance", sa.Float(), nullable=False),
        sa.Column("order_from", sa.String(length=10), nullable=False),
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
        _key("quality_rulebook", "table_id", "lake_table"),
        _key("quality_rulebook", "case_id", "casework_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_rulebook")),
        sa.UniqueConstraint("table_id", "number", name=op.f("uq_quality_rulebook_table_id_number")),
    )
    op.create_index("ix_quality_rulebook_state", "quality_rulebook", ["state", "table_id"], unique=False)


def _results() -> None:
    op.create_table(
        "quality_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("rulebook_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("scores", JSON(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("failing", sa.Integer(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=True),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("trouble", JSON(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("started_at", UTCTime(), nullable=False),
        sa.Column("ended_at", UTCTime(), nullable=False),
        _key("quality_run", "table_id", "lake_table"),
        _key("quality_run", "version_id", "lake_version"),
        _key("quality_run", "rulebook_id", "quality_rulebook"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_run")),
    )
    op.create_index("ix_quality_run_table", "quality_run", ["table_id", "kind", "id"], unique=False)
    op.create_index("ix_quality_run_version", "quality_run", ["version_id", "rulebook_id"], unique=False)
    op.create_table(
        "quality_finding",
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("check", sa.String(length=40), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("sample", JSON(), nullable=False),
        sa.Column("notes", JSON(), nullable=False),
        sa.Column("measures", JSON(), nullable=False),
        sa.Column("hints", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["quality_run.id"],
            name=op.f("fk_quality_finding_run_id_quality_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_quality_finding")),
    )


def _orders() -> None:
    op.create_table(
        "quality_order",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("rule_id", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("last_run_id", sa.String(length=26), nullable=True),
        sa.Column("last_failed", sa.BigInteger(), nullable=True),
        sa.Column("last_checked", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.String(length=2000), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("reminded_at", UTCTime(), nullable=True),
        sa.Column("escalated_at", UTCTime(), nullable=True),
        sa.Column("exempt_until", sa.Date(), nullable=True),
        sa.Column("open_key", sa.String(length=130), nullable=True),
        _key("quality_order", "case_id", "casework_case"),
        _key("quality_order", "table_id", "lake_table"),
        _key("quality_order", "office_id", "access_office"),
        _key("quality_order", "run_id", "quality_run"),
        _key("quality_order", "last_run_id", "quality_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_order")),
        sa.UniqueConstraint("case_id", name=op.f("uq_quality_order_case_id")),
        sa.UniqueConstraint("open_key", name=op.f("uq_quality_order_open_key")),
    )
    op.create_index(op.f("ix_quality_order_office_id"), "quality_order", ["office_id"], unique=False)
    op.create_index("ix_quality_order_rule", "quality_order", ["table_id", "rule_id"], unique=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
