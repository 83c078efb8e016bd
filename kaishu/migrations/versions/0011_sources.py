"""Sources outside, what they were found to have, contracts and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "source_source",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("options", JSON(), nullable=False),
        sa.Column("secret", sa.String(length=20000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found", JSON(), nullable=True),
        sa.Column("probed_at", UTCTime(), nullable=True),
        sa.Column("trouble", JSON(), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("certified_at", UTCTime(), nullable=True),
        sa.Column("certified_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_source_source_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_source_name")),
    )
    with op.batch_alter_table("source_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_source_office_id"), ["office_id"], unique=False)
    op.create_table(
        "source_drift",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("table_name", sa.String(length=300), nullable=False),
        sa.Column("column_name", sa.String(length=300), nullable=False),
        sa.Column("was", sa.String(length=300), nullable=False),
        sa.Column("now", sa.String(length=300), nullable=False),
        sa.Column("found_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source_source.id"], name=op.f("fk_source_drift_source_id_source_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_drift")),
    )
    with op.batch_alter_table("source_drift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_drift_source"), ["source_id", "id"], unique=False)
    op.create_table(
        "source_contract",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=True),
        sa.Column("remote_table", sa.String(length=300), nullable=False),
        sa.Column("query", sa.String(length=10000), nullable=False),
        sa.Column("dataset", sa.String(length=200), nullable=False),
        sa.Column("resource_id", sa.String(length=26), nullable=True),
        sa.Column("table_id", sa.String(length=26), nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("grace", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("marker", sa.String(length=300), nullable=False),
        sa.Column("marker_value", sa.String(length=2000), nullable=False),
        sa.Column("redelivery", sa.String(length=10), nullable=False),
        sa.Column("update", JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCTime(), nullable=True),
        sa.Column("trouble", JSON(), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_source_contract_office_id_access_office")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source_source.id"], name=op.f("fk_source_contract_source_id_source_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_contract")),
        sa.UniqueConstraint("name", name=op.f("uq_source_contract_name")),
    )
    with op.batch_alter_table("source_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_contract_table_id"), ["table_id"], unique=False)
    with op.batch_alter_table("source_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_contract_source_id"), ["source_id"], unique=False)
    with op.batch_alter_table("source_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_contract_office_id"), ["office_id"], unique=False)
    op.create_table(
        "source_arrival",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contract_id", sa.String(length=26), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("delivery_id", sa.String(length=26), nullable=True),
        sa.Column("version_id", sa.String(length=26), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("trouble", JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["source_delivery.id"],
            name=op.f("fk_source_arrival_delivery_id_source_delivery"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["source_contract.id"],
            name=op.f("fk_source_arrival_contract_id_source_contract"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_arrival")),
        sa.UniqueConstraint(
            "contract_id", "idempotency_key", name=op.f("uq_source_arrival_contract_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("source_arrival", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_arrival_period"), ["contract_id", "period_start"], unique=False
        )
