"""Versions with any rows, without a file that would have to be read first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kaishu import lake
from kaishu.base import clock, ids
from kaishu.delivery import building, paths
from kaishu.lake.models import Version

TYPES = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
}
Make = Callable[..., Version]


@pytest.fixture
def make_version(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """``make(types, rows)``: types is {name: type}, rows are tuples; Parquet as the lake writes it."""
    opened: dict[str, lake.VersionData] = {}
    monkeypatch.setattr("kaishu.lake.open_version", lambda version: opened[version.id])

    def make(types: Mapping[str, str], rows: Sequence[Sequence[Any]], group: int = 1000) -> Version:
        columns = [
            {"name": name, "type": kind, "source_name": name, "position": n}
            for n, (name, kind) in enumerate(types.items())
        ]
        frame = pl.DataFrame(
            rows, schema={name: TYPES[kind] for name, kind in types.items()}, orient="row"
        ).with_row_index("_id", 1)
        path = tmp_path / f"{ids.new_id()}.parquet"
        frame.with_columns(pl.col("_id").cast(pl.Int64)).write_parquet(path, row_group_size=group)
        version = _record(columns, len(rows))
        data = lake.VersionData(
            table_id="t", version_id=version.id, delta_version=1, columns=columns, rows=len(rows)
        )
        data.__dict__["layers"] = (lake.Layer(path),)
        opened[version.id] = data
        return version

    return make


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table counts as large, and an index is used for up to eight rows only."""
    monkeypatch.setattr(building, "SMALL_ROWS", -1)
    monkeypatch.setattr(paths, "FEW", 8)


def _record(columns: list[dict[str, Any]], rows: int) -> Version:
    return Version(
        id=ids.new_id(),
        table_id="t",
        number=1,
        delta_version=1,
        delivery_id="d",
        file_name="测试 表.csv",
        sha256="0" * 64,
        rows=rows,
        set_aside=0,
        encoding="utf-8",
        columns=columns,
        notes=[],
        plan={},
        received_bytes=0,
        stored_bytes=0,
        created_at=clock.now(),
        created_by="",
    )
