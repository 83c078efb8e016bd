"""Published datasets as rows for the index: only the columns it needs, JSON read by the fast reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from kaishu.access.models import Office
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset

COLUMNS: tuple[Any, ...] = (
    Dataset.id,
    Dataset.name,
    Dataset.state,
    Dataset.title,
    Dataset.title_en,
    type_coerce(Dataset.record, Text()),
    type_coerce(Dataset.resources, Text()),
    Dataset.created_at,
    Dataset.published_at,
    Office.name,
    Office.title,
    Office.title_en,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What the index has to know of one dataset."""

    id: str
    name: str
    state: str
    title: str
    title_en: str
    record: dict[str, Any]
    resources: list[dict[str, Any]]
    created_at: datetime
    published_at: datetime | None
    office: str
    office_title: str
    office_title_en: str
    harvest: str = ""
    values: tuple[str, ...] = ()


def boundaries(session: Session, size: int) -> list[tuple[str, str]]:
    """Stretches of ids, each after one and up to another, that hold about so many published datasets."""
    ids = session.scalars(
        select(Dataset.id).where(Dataset.state == State.published).order_by(Dataset.id)
    ).yield_per(size)
    last = [chunk[-1] for chunk in ids.partitions(size)]
    return list(zip(["", *last], last, strict=False))


def published_between(session: Session, after: str, upto: str) -> list[Row]:
    """Published datasets in order of id, after one id and up to another."""
    # asked in this way the state does not tempt SQLite away from the primary key into sorting everything
    state = func.coalesce(Dataset.state, "") == State.published
    wanted = select(*COLUMNS).join(Office, Office.id == Dataset.office_id)
    between = wanted.where(Dataset.id > after, Dataset.id <= upto, state)
    return _rows(session, between.order_by(Dataset.id))


def published_among(session: Session, ids: Sequence[str]) -> list[Row]:
    """Those of some datasets that are published."""
    wanted = (
        select(*COLUMNS)
        .join(Office, Office.id == Dataset.office_id)
        .where(Dataset.id.in_(ids), Dataset.state == State.published)
    )
    return _rows(session, wanted)


def published(session: Session) -> int:
    """How many datasets are published."""
    return int(session.scalar(select(func.count()).where(Dataset.state == State.published)) or 0)


def _rows(session: Session, wanted: Select[Any]) -> list[Row]:
    found: list[Row] = []
    for row in session.execute(wanted):
        values: list[Any] = list(row)
        values[5:7] = _read(values[5]), _read(values[6])
        found.append(Row(*values))
    return found


def _read(value: Any) -> Any:
    """SQLite gives the text, PostgreSQL's driver has read it already."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value
