"""The harvest's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "harvest_source",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("delivery_id", sa.String(length=26), nullable=True),
        sa.Column("office_id", sa.String(length=26), nullable=True),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("changed_until", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCTime(), nullable=True),
        sa.Column("last_error", JSON(), nullable=True),
        sa.Column("last_run_id", sa.String(length=26), nullable=True),
        sa.Column("last_read_at", UTCTime(), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_harvest_source_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_source")),
        sa.UniqueConstraint("name", name=op.f("uq_harvest_source_name")),
    )
    op.create_table(
        "harvest_duplicate",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("one_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=False),
        sa.Column("reasons", JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kept_id", sa.String(length=26), nullable=True),
        sa.Column("found_at", UTCTime(), nullable=False),
        sa.Column("decided_at", UTCTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"], ["catalogue_dataset.id"], name=op.f("fk_harvest_duplicate_one_id_catalogue_dataset")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_harvest_duplicate_other_id_catalogue_dataset"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_duplicate")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_harvest_duplicate_one_id_other_id")),
    )
    with op.batch_alter_table("harvest_duplicate", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_duplicate_state", ["state", "id"], unique=False)

    op.create_table(
        "harvest_harvested",
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("remote_id", sa.String(length=500), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("remote_digest", sa.String(length=64), nullable=False),
        sa.Column("our_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("first_seen", UTCTime(), nullable=False),
        sa.Column("last_seen", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_harvest_harvested_dataset_id_catalogue_dataset"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvest_harvested_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "remote_id", name=op.f("pk_harvest_harvested")),
        sa.UniqueConstraint("dataset_id", name=op.f("uq_harvest_harvested_dataset_id")),
    )
    op.create_table(
        "harvest_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("counts", JSON(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("to_apply", sa.Integer(), nullable=False),
        sa.Column("changed_until", sa.String(length=40), nullable=False),
        sa.Column("error", JSON(), nullable=True),
        sa.Column("started_at", UTCTime(), nullable=False),
        sa.Column("planned_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvest_run_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_run")),
    )
    with op.batch_alter_table("harvest_run", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_run_source", ["source_id", "id"], unique=False)

    op.create_table(
        "harvest_plan_item",
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("remote_id", sa.String(length=500), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entry", JSON(), nullable=True),
        sa.Column("notes", JSON(), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=True),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("applied_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["harvest_run.id"], name=op.f("fk_harvest_plan_item_run_id_harvest_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_harvest_plan_item")),
    )
    with op.batch_alter_table("harvest_plan_item", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_plan_item_action", ["run_id", "action", "number"], unique=False)
