"""Rows of the database as lines of JSON that mean the same on every database."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Date, DateTime, TypeDecorator

from kaishu.db import Stamp

_BATCH = 1000


def write_rows(session: Session, table: Table, path: Path) -> int:
    """All rows in the order of the primary key, one JSON object a line, gzipped; returns their number."""
    count = 0
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        for row in session.execute(ordered).mappings():
            line = json.dumps(dict(row), ensure_ascii=False, default=_written, separators=(",", ":"))
            packed.write(line.encode() + b"\n")
            count += 1
    return count


def read_rows(session: Session, table: Table, path: Path) -> int:
    """Insert the rows of such a file; returns their number."""
    moments = {column.name for column in table.columns if _is_moment(column.type)}
    count = 0
    for batch in _batches(path, moments):
        session.execute(insert(table), batch)
        count += len(batch)
    return count


def _batches(path: Path, moments: set[str]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with gzip.open(path, "rb") as stream:
        for line in stream:
            row = json.loads(line)
            for name in moments & row.keys():
                if row[name] is not None:
                    row[name] = _read(row[name])
            batch.append(row)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _is_moment(kind: Any) -> bool:
    inner = kind.impl if isinstance(kind, TypeDecorator) else kind
    return isinstance(kind, Stamp) or isinstance(inner, DateTime | Date)


def _written(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"{type(value).__name__} in a database row")


def _read(value: dict[str, str]) -> datetime | date:
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    return date.fromisoformat(value["date"])
