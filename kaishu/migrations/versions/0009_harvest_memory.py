"""What a harvest remembers: where reading stopped, what was decided field by field, and rules for themes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("harvest_source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("themes", sa.String(length=60000), nullable=True))
    with op.batch_alter_table("harvest_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mark", JSON(), nullable=True))
        batch_op.add_column(sa.Column("reader", sa.String(length=26), nullable=True))
    with op.batch_alter_table("harvest_harvested", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled", JSON(), nullable=True))
    op.create_table(
        "harvest_seen",
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("remote_id", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["harvest_run.id"], name=op.f("fk_harvest_seen_run_id_harvest_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "remote_id", name=op.f("pk_harvest_seen")),
    )
