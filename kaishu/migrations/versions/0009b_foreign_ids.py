"""The id that a dataset had in the portal from which it was moved here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009b"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("catalogue_dataset", sa.Column("foreign_id", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_catalogue_dataset_foreign_id"), "catalogue_dataset", ["foreign_id"], unique=True)
