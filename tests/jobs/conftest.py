"""These tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.conftest import BOTH_DATABASES


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)
