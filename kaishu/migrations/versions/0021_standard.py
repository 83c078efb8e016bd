"""Standard entities, their mappings, runs, pairs and decisions; work orders that no check found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0021"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _entities()
    _runs()
    with op.batch_alter_table("quality_order", schema=None) as batch_op:
        batch_op.alter_column("run_id", existing_type=sa.String(length=26), nullable=True)
        batch_op.add_column(sa.Column("found_by", sa.String(length=26), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("last_found_by", sa.String(length=26), nullable=False, server_default="")
        )


def _entities() -> None:
    op.create_table(
        "standardisation_entity",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("in_force", sa.Integer(), nullable=True),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=100), nullable=False),
        sa.Column("resource_id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=True),
        sa.Column("renewing", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["access_office.id"],
            name=op.f("fk_standardisation_entity_office_id_access_office"),
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["lake_table.id"], name=op.f("fk_standardisation_entity_table_id_lake_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation_entity")),
        sa.UniqueConstraint("name", name=op.f("uq_standardisation_entity_name")),
    )
    op.create_index(op.f("ix_standardisation_entity_office_id"), "standardisation_entity", ["office_id"])
    op.create_table(
        "standardisation_mapping",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200_000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tables", JSON(), nullable=False),
        sa.Column("concerns", JSON(), nullable=False),
        sa.Column("carried", JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", UTCTime(), nullable=False),
        sa.Column("in_force_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_standardisation_mapping_case_id_casework_case")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["standardisation_entity.id"],
            name=op.f("fk_standardisation_mapping_entity_id_standardisation_entity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation_mapping")),
        sa.UniqueConstraint("entity_id", "number", name=op.f("uq_standardisation_mapping_entity_id_number")),
    )
    op.create_table(
        "standardisation_objection",
        sa.Column("mapping_id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"],
            ["standardisation_mapping.id"],
            name=op.f("fk_standardisation_objection_mapping_id_standardisation_mapping"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["access_office.id"],
            name=op.f("fk_standardisation_objection_office_id_access_office"),
        ),
        sa.PrimaryKeyConstraint(
            "mapping_id", "office_id", "field", name=op.f("pk_standardisation_objection")
        ),
    )


def _ends() -> list[sa.Column[str]]:
    """Two rows, each by its source and its handle."""
    return [
        sa.Column(f"{side}_{part}", sa.String(length=length), nullable=False)
        for side in ("left", "right")
        for part, length in (("source", 200), ("handle", 300))
    ]


def _runs() -> None:
    op.create_table(
        "standardisation_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("mapping_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("versions", JSON(), nullable=False),
        sa.Column("counts", JSON(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("entities", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("started_at", UTCTime(), nullable=False),
        sa.Column("ended_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["standardisation_entity.id"],
            name=op.f("fk_standardisation_run_entity_id_standardisation_entity"),
        ),
        sa.ForeignKeyConstraint(
            ["mapping_id"],
            ["standardisation_mapping.id"],
            name=op.f("fk_standardisation_run_mapping_id_standardisation_mapping"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lake_version.id"], name=op.f("fk_standardisation_run_version_id_lake_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation_run")),
    )
    op.create_index("ix_standardisation_run_entity", "standardisation_run", ["entity_id", "kind", "id"])
    op.create_table(
        "standardisation_pair",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        *_ends(),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("weights", JSON(), nullable=False),
        sa.Column("later_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["standardisation_entity.id"],
            name=op.f("fk_standardisation_pair_entity_id_standardisation_entity"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["standardisation_run.id"],
            name=op.f("fk_standardisation_pair_run_id_standardisation_run"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation_pair")),
    )
    op.create_index(
        "ix_standardisation_pair_entity", "standardisation_pair", ["entity_id", "later_at", "probability"]
    )
    op.create_table(
        "standardisation_decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        *_ends(),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UTCTime(), nullable=False),
        sa.Column("replaced_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["standardisation_entity.id"],
            name=op.f("fk_standardisation_decision_entity_id_standardisation_entity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation_decision")),
    )
    op.create_index(
        "ix_standardisation_decision_entity", "standardisation_decision", ["entity_id", "replaced_at"]
    )


def downgrade() -> None:
    """Back: orders that no check found go."""
    op.execute("DELETE FROM quality_order WHERE run_id IS NULL")
    with op.batch_alter_table("quality_order", schema=None) as batch_op:
        batch_op.drop_column("last_found_by")
        batch_op.drop_column("found_by")
        batch_op.alter_column("run_id", existing_type=sa.String(length=26), nullable=False)
    for name in ("decision", "pair", "run", "objection", "mapping", "entity"):
        op.drop_table(f"standardisation_{name}")
