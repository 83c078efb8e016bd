"""The inspection's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "inspection_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
        sa.Column("datasets", sa.Integer(), nullable=False),
        sa.Column("result", JSON(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("started_at", UTCTime(), nullable=False),
        sa.Column("ended_at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_run")),
    )
    op.create_index("ix_inspection_run_kind", "inspection_run", ["kind", "scope", "id"], unique=False)
    op.create_table(
        "inspection_link",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("checked_at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inspection_link")),
    )
    op.create_index(op.f("ix_inspection_link_host"), "inspection_link", ["host"], unique=False)
    op.create_index(op.f("ix_inspection_link_checked_at"), "inspection_link", ["checked_at"], unique=False)
    _results()
    _findings()


def _results() -> None:
    op.create_table(
        "inspection_score",
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("catalogue", sa.String(length=100), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        _dataset("inspection_score"),
        _run("inspection_score"),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_inspection_score")),
    )
    op.create_index(op.f("ix_inspection_score_run_id"), "inspection_score", ["run_id"], unique=False)
    op.create_index("ix_inspection_score_office", "inspection_score", ["office_id", "score"], unique=False)
    op.create_index("ix_inspection_score_catalogue", "inspection_score", ["catalogue", "score"], unique=False)
    op.create_table(
        "inspection_aggregate",
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("datasets", sa.Integer(), nullable=False),
        sa.Column("met", JSON(), nullable=False),
        sa.Column("unknown", JSON(), nullable=False),
        sa.Column("ratings", JSON(), nullable=False),
        _run("inspection_aggregate"),
        sa.PrimaryKeyConstraint("run_id", "kind", "name", name=op.f("pk_inspection_aggregate")),
    )
    op.create_index(
        "ix_inspection_aggregate_name", "inspection_aggregate", ["kind", "name", "run_id"], unique=False
    )
    op.create_table(
        "inspection_conformance",
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("conforms", sa.Boolean(), nullable=False),
        sa.Column("results", JSON(), nullable=False),
        sa.Column("checked_at", UTCTime(), nullable=False),
        _dataset("inspection_conformance"),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_inspection_conformance")),
    )
    op.create_index(
        op.f("ix_inspection_conformance_conforms"), "inspection_conformance", ["conforms"], unique=False
    )


def _findings() -> None:
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("check", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=True),
        sa.Column("office_id", sa.String(length=26), nullable=True),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("facts", JSON(), nullable=False),
        _dataset("inspection_finding"),
        _run("inspection_finding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
    )
    for name, columns in (
        ("check", ["run_id", "check", "id"]),
        ("office", ["run_id", "office_id", "id"]),
        ("dataset", ["dataset_id"]),
    ):
        op.create_index(f"ix_inspection_finding_{name}", "inspection_finding", columns, unique=False)


def _dataset(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["dataset_id"],
        ["catalogue_dataset.id"],
        name=op.f(f"fk_{table}_dataset_id_catalogue_dataset"),
        ondelete="CASCADE",
    )


def _run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["run_id"], ["inspection_run.id"], name=op.f(f"fk_{table}_run_id_inspection_run"), ondelete="CASCADE"
    )
