"""What people say of tables for the entry gates, and which tables entered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "catalogue_gate_statement",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_gate_statement")),
        sa.UniqueConstraint(
            "table_id", "kind", "subject", name=op.f("uq_catalogue_gate_statement_table_id_kind_subject")
        ),
    )
    op.create_table(
        "catalogue_table_entry",
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("entered_at", UTCTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("fell_at", UTCTime(), nullable=True),
        sa.Column("fell_for", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_catalogue_table_entry_dataset_id_catalogue_dataset"),
        ),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_catalogue_table_entry")),
    )
    op.create_index(
        op.f("ix_catalogue_table_entry_dataset_id"), "catalogue_table_entry", ["dataset_id"], unique=False
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("catalogue_table_entry")
    op.drop_table("catalogue_gate_statement")
