"""Data elements and code sets with their versions, offices asked in a case, elements of columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "casework_voice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("asked_at", UTCTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_casework_voice_case_id_casework_case")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_casework_voice_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casework_voice")),
        sa.UniqueConstraint("case_id", "office_id", name=op.f("uq_casework_voice_case_id_office_id")),
    )
    op.create_index(op.f("ix_casework_voice_office_id"), "casework_voice", ["office_id"])
    _entries()
    _assignments()


def _entries() -> None:
    op.create_table(
        "elements_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("released", sa.Integer(), nullable=True),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_elements_entry_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elements_entry")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_elements_entry_kind_code")),
    )
    op.create_index(op.f("ix_elements_entry_office_id"), "elements_entry", ["office_id"])
    op.create_table(
        "elements_version",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entry_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("definition", JSON(), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("flags", JSON(), nullable=False),
        sa.Column("asked", JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", UTCTime(), nullable=False),
        sa.Column("released_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_elements_version_case_id_casework_case")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["elements_entry.id"], name=op.f("fk_elements_version_entry_id_elements_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elements_version")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_elements_version_entry_id_number")),
    )
    op.create_index(op.f("ix_elements_version_case_id"), "elements_version", ["case_id"])
    op.create_index("ix_elements_version_state", "elements_version", ["state"])


def _assignments() -> None:
    op.create_table(
        "elements_assignment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("column", sa.String(length=300), nullable=False),
        sa.Column("element", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_elements_assignment_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elements_assignment")),
        sa.UniqueConstraint("table_id", "column", name=op.f("uq_elements_assignment_table_id_column")),
    )
    for name in ("dataset_id", "office_id", "element"):
        op.create_index(op.f(f"ix_elements_assignment_{name}"), "elements_assignment", [name])
