"""Published datasets as rows for the index: only the columns it needs, JSON read by the fast reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from kaishu.access.models import Office
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.discovery.code_values import code_values
from kaishu.harvest.models import Harvested, Source
from kaishu.ledger.models import Entry

OPEN = "unconditional"

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
    Source.name,
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
    harvest: str | None = None
    values: tuple[str, ...] = ()


#: Made once: every search asks it.
LAST = select(func.max(Entry.number))


def last_number(session: Session) -> int:
    """Number of the ledger's last entry, 0 if there is none."""
    return int(session.connection().execute(LAST).scalar() or 0)


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
    between = _columns().where(Dataset.id > after, Dataset.id <= upto, state)
    return _rows(session, between.order_by(Dataset.id))


def published_among(session: Session, ids: Sequence[str]) -> list[Row]:
    """Those of some datasets that are published."""
    return _rows(session, _columns().where(Dataset.id.in_(ids), Dataset.state == State.published))


def published(session: Session) -> int:
    """How many datasets are published."""
    return int(session.scalar(select(func.count()).where(Dataset.state == State.published)) or 0)


def _columns() -> Select[Any]:
    wanted = select(*COLUMNS).join(Office, Office.id == Dataset.office_id)
    wanted = wanted.outerjoin(Harvested, Harvested.dataset_id == Dataset.id)
    return wanted.outerjoin(Source, Source.id == Harvested.source_id)


def _rows(session: Session, wanted: Select[Any]) -> list[Row]:
    found: list[Row] = []
    versions: dict[str, list[str]] = {}
    for row in session.execute(wanted):
        values: list[Any] = list(row)
        record, resources = values[5:7] = _read(values[5]), _read(values[6])
        found.append(Row(*values))
        if record.get("open_class") == OPEN:
            ids = [version for each in resources if (version := each.get("version_id"))]
            if ids:
                versions[values[0]] = ids
    if not versions:
        return found
    known = code_values(session, versions)
    return [replace(row, values=known[row.id]) if row.id in known else row for row in found]


def _read(value: Any) -> Any:
    """SQLite gives the text, PostgreSQL's driver has read it already."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def source_titles(session: Session) -> dict[str, tuple[str, str]]:
    """Names of harvest sources with their titles in Chinese and English."""
    rows = session.execute(select(Source.name, Source.title, Source.title_en))
    return {row.name: (row.title, row.title_en) for row in rows}
