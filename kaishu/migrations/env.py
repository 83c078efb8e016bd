"""Alembic's entry: the connection is the platform's own."""

from __future__ import annotations

from alembic import context

from kaishu.db import engine
from kaishu.tables import METADATA

with engine().connect() as connection:
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
