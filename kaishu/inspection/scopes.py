"""Which datasets are looked at: our own catalogue, each harvested one, all; read in pages, without RDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kaishu.access.models import Office
from kaishu.base.errors import NotFound
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Agent, Entry, stated
from kaishu.harvest.models import Harvested, Source

OWN = "own"
ALL = "all"
PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A set of datasets: ``own``, ``all``, or a harvested source by its name."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One published dataset under inspection; ``catalogue`` is own or the source's name.

    ``department`` is who answers for it: the publisher named in a harvested record, else the office.
    """

    id: str
    name: str
    office: str
    office_name: str
    department: str
    code: str
    catalogue: str
    mark: str
    published: datetime | None
    entry: Entry

    @property
    def record(self) -> Mapping[str, Any]:
        """The record."""
        return self.entry.record

    @property
    def links(self) -> Sequence[Mapping[str, Any]]:
        """The distributions."""
        return self.entry.resources


def catalogues(session: Session) -> list[Catalogue]:
    """Our own, all, and every harvested one that has datasets here."""
    found = [
        Catalogue(name=OWN, zh="本站数据目录", en="Our own catalogue"),
        Catalogue(name=ALL, zh="全部目录", en="All catalogues"),
    ]
    taken = (
        select(Source.name, Source.title, Source.title_en)
        .where(
            Source.id.in_(
                select(Harvested.source_id)
                .join(Dataset, Dataset.id == Harvested.dataset_id)
                .where(Dataset.state == State.published)
            )
        )
        .order_by(Source.name)
    )
    return [*found, *(Catalogue(name=n, zh=zh, en=en or zh) for n, zh, en in session.execute(taken))]


def catalogue(session: Session, name: str) -> Catalogue:
    """One of them.  Raises ``NotFound``."""
    for each in catalogues(session):
        if each.name == name:
            return each
    raise NotFound(kind="数据目录 catalogue", name=name)


def subjects(
    session: Session, scope: str = ALL, *, office: str = "", dataset: str = "", page: int = PAGE
) -> Iterator[list[Subject]]:
    """Published datasets in pages in the order of their ids; never more than a page in memory."""
    after = ""
    while True:
        wanted = _wanted(scope, office, dataset).where(Dataset.id > after)
        rows = session.execute(wanted.order_by(Dataset.id).limit(page)).all()
        if rows:
            yield [_subject(*row) for row in rows]
        if len(rows) < page:
            return
        after = rows[-1][0]


def count(session: Session, scope: str = ALL, office: str = "") -> int:
    """How many datasets that is."""
    inner = _wanted(scope, office, "").with_only_columns(Dataset.id).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def newest_change(session: Session) -> datetime | None:
    """When a published dataset last changed."""
    return session.scalar(select(func.max(Dataset.updated_at)).where(Dataset.state == State.published))


def catalogue_of(session: Session, dataset_id: str) -> str:
    """The catalogue a dataset belongs to."""
    found = session.scalar(
        select(Source.name)
        .join(Harvested, Harvested.source_id == Source.id)
        .where(Harvested.dataset_id == dataset_id)
    )
    return found or OWN


def _wanted(scope: str, office: str, dataset: str) -> Select[Any]:
    wanted = (
        select(
            Dataset.id,
            Dataset.name,
            Dataset.record,
            Dataset.resources,
            Dataset.created_at,
            Dataset.published_at,
            Dataset.published_revision_id,
            Office.id,
            Office.name,
            Office.title,
            Office.title_en,
            Office.code,
            Source.name,
        )
        .join(Office, Office.id == Dataset.office_id)
        .outerjoin(Harvested, Harvested.dataset_id == Dataset.id)
        .outerjoin(Source, Source.id == Harvested.source_id)
        .where(Dataset.state == State.published)
    )
    if office:
        wanted = wanted.where(Dataset.office_id == office)
    if dataset:
        wanted = wanted.where(Dataset.id == dataset)
    if scope == OWN:
        return wanted.where(Source.id.is_(None))
    return wanted if scope == ALL else wanted.where(Source.name == scope)


def _subject(  # noqa: PLR0913 - one for each column
    id: str,
    name: str,
    record: dict[str, Any],
    resources: list[dict[str, Any]],
    created: datetime,
    published: datetime | None,
    revision: str | None,
    office: str,
    office_name: str,
    title: str,
    title_en: str,
    code: str,
    source: str | None,
) -> Subject:
    publisher = Agent(title=title, title_en=title_en, name=office_name, code=code, identifier=office)
    said = record.get("publisher") or "" if source else ""
    return Subject(
        id=id,
        name=name,
        office=office,
        office_name=office_name,
        department=said or title,
        code=code,
        catalogue=source or OWN,
        mark=revision or "",
        published=published,
        entry=Entry(
            identifier=id,
            name=name,
            record=stated(record),
            resources=resources,
            publisher=publisher,
            created=created,
            modified=published,
        ),
    )
