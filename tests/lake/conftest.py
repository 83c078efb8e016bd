"""A table of an office, and files to put into it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from kaishu.access import Call, add_office
from kaishu.lake import add_table, ingest
from kaishu.lake.models import Table, Version
from kaishu.source import receive

Take = Callable[..., Version]


@pytest.fixture
def table(call: Call) -> Table:
    """An empty table."""
    return add_table(call, add_office(call, title="统计局").id)


@pytest.fixture
def take(call: Call, table: Table) -> Take:
    """Ingest text or bytes as the table's next version."""

    def act(content: str | bytes, name: str = "a.csv", into: Table | None = None, **given) -> Version:
        encoded = content.encode() if isinstance(content, str) else content
        return ingest(call, receive(call, name, io.BytesIO(encoded)), table=into or table, **given)

    return act
