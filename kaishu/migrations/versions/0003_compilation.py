"""The compilation's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "compilation_duty_list",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("columns", JSON(), nullable=False),
        sa.Column("duties", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_compilation_duty_list_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilation_duty_list")),
    )
    op.create_index(op.f("ix_compilation_duty_list_office_id"), "compilation_duty_list", ["office_id"])
    op.create_table(
        "compilation_duty",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("list_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("said", JSON(), nullable=False),
        sa.Column("needs", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["compilation_duty_list.id"],
            name=op.f("fk_compilation_duty_list_id_compilation_duty_list"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_compilation_duty_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilation_duty")),
    )
    op.create_index("ix_compilation_duty_list", "compilation_duty", ["list_id", "row"])
    op.create_index(op.f("ix_compilation_duty_office_id"), "compilation_duty", ["office_id"])
    _proposals()


def _proposals() -> None:
    op.create_table(
        "compilation_proposal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("list_id", sa.String(length=26), nullable=False),
        sa.Column("duty_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("information", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("also", JSON(), nullable=False),
        sa.Column("elements", JSON(), nullable=False),
        sa.Column("sources", JSON(), nullable=False),
        sa.Column("record", JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UTCTime(), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_compilation_proposal_dataset_id_catalogue_dataset"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"],
            ["compilation_duty.id"],
            name=op.f("fk_compilation_proposal_duty_id_compilation_duty"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["compilation_duty_list.id"],
            name=op.f("fk_compilation_proposal_list_id_compilation_duty_list"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_compilation_proposal_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilation_proposal")),
    )
    op.create_index("ix_compilation_proposal_list", "compilation_proposal", ["list_id", "state"])
    op.create_index("ix_compilation_proposal_office", "compilation_proposal", ["office_id", "state"])
    op.create_index(op.f("ix_compilation_proposal_duty_id"), "compilation_proposal", ["duty_id"])
    op.create_index(op.f("ix_compilation_proposal_dataset_id"), "compilation_proposal", ["dataset_id"])
