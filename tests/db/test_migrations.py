"""The migrations lead to exactly the tables that the models describe, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kaishu import migrations
from kaishu.db import engine, forget_engines
from tests.conftest import BOTH_DATABASES, fresh_database


@pytest.mark.parametrize("kind", BOTH_DATABASES)
def test_migrations_make_the_models_tables(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path))
    with fresh_database(kind) as url:
        monkeypatch.setenv("KAISHU_DATABASE", url or "")
        forget_engines()
        assert migrations.upgrade() is True
        assert migrations.upgrade() is False
        from kaishu.tables import METADATA

        with engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
        forget_engines()
