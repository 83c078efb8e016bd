"""Reading a few bytes as a table, the way an ingest does: starting again where a type was too narrow."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kaishu.lake.errors import TypeTooNarrow
from kaishu.lake.reading import Plan, Reading, ReadOptions, make_plan


@dataclass
class Table:
    """What came out of a file."""

    plan: Plan
    reading: Reading
    rows: list[dict[str, Any]]
    aside: list[dict[str, Any]]
    restarts: int

    @property
    def types(self) -> dict[str, str]:
        return {column.name: column.type for column in self.plan.columns}

    @property
    def reasons(self) -> dict[str, str]:
        return {column.name: column.reason for column in self.plan.columns}

    @property
    def codes(self) -> list[str]:
        return [note.code for note in self.reading.notes]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def note(self, code: str) -> dict[str, Any]:
        return next(note for note in self.reading.notes if note.code == code).facts


def read_path(path: Path, name: str | None = None, **options: Any) -> Table:
    """Plan and read a file to its end."""
    name = path.name if name is None else name
    plan = make_plan(path, name, ReadOptions.from_dict(options))
    plan = Plan.from_dict(json.loads(json.dumps(plan.to_dict())))  # as the records keep it
    restarts = 0
    while True:
        out = io.BytesIO()
        reading = Reading(path, name, plan, out)
        try:
            rows = [row for batch in reading.batches() for row in batch.to_pylist()]
        except TypeTooNarrow as error:
            plan, restarts = plan.widened(error), restarts + 1
            assert restarts < 50
            continue
        aside = [json.loads(line) for line in out.getvalue().splitlines()]
        assert reading.rows == len(rows)
        assert reading.set_aside_rows == len(aside)
        assert reading.bytes_read == reading.bytes_total == path.stat().st_size
        return Table(plan, reading, rows, aside, restarts)


Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(content, name, **options)``: bytes or text as a file of that name, read to its end."""

    def reader(content: bytes | str, name: str = "table.csv", **options: Any) -> Table:
        path = tmp_path / "received"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_path(path, name, **options)

    return reader
