"""Reads of the catalogue; each shows an actor only what they may see."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, allowed, require
from kaishu.access.models import Office
from kaishu.access.permissions import Role
from kaishu.base.page import Page, decode_cursor, encode_cursor
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.catalogue.models import Dataset, FormerName, Resource, Revision
from kaishu.catalogue.states import State
from kaishu.lake.models import Version
from kaishu.ledger import entries
from kaishu.ledger.models import Entry

Sight = Literal["published", "own", "all"]


def visible(call: Call) -> Select[Dataset]:
    """Datasets this actor may see: published ones; stewards their office's; reviewers all."""
    seen = _seen(_sight(call), call.actor.office)
    return select(Dataset) if seen is None else select(Dataset).where(seen)


def _sight(call: Call) -> Sight:
    """How much this actor sees.  Raises as ``require`` does."""
    require(call, Permission.dataset_read)
    if not allowed(call, Permission.dataset_read_draft):
        return "published"
    return "own" if call.actor.role is Role.steward else "all"


def _seen(sight: Sight, office: Any) -> ColumnElement[bool] | None:
    if sight == "all":
        return None
    published = Dataset.state == State.published
    return published if sight == "published" else or_(published, Dataset.office_id == office)


def dataset_by_name(call: Call, name: str) -> Dataset:
    """A dataset by name, former name, id or the id that it brought along.

    Raises ``NoSuchDataset`` also for what may not be seen.
    """
    # a third alternative here would make SQLite read all published datasets instead of three indexes
    found = call.session.scalars(visible(call).where(or_(Dataset.name == name, Dataset.id == name))).first()
    if found is None:
        former = call.session.get(FormerName, name)
        known = former.dataset_id if former is not None else own_id(call.session, name)
        if known is not None:
            found = call.session.scalars(visible(call).where(Dataset.id == known)).first()
    if found is None:
        raise NoSuchDataset(kind="数据集 dataset", name=name)
    return found


def dataset_by_id(call: Call, dataset_id: str) -> Dataset:
    """A dataset by id.  Raises ``NoSuchDataset``."""
    return dataset_by_name(call, dataset_id)


def datasets_by_ids(call: Call, dataset_ids: Iterable[str]) -> list[Dataset]:
    """The datasets of these ids that this actor may see, in the order given, in one statement."""
    wanted = list(dataset_ids)
    found = {row.id: row for row in call.session.scalars(visible(call).where(Dataset.id.in_(wanted)))}
    return [found[dataset_id] for dataset_id in wanted if dataset_id in found]


def names_by_ids(call: Call, dataset_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and English title of those of these ids that this actor may see, without their records."""
    wanted = visible(call).with_only_columns(Dataset.id, Dataset.name, Dataset.title_en)
    rows = call.session.execute(wanted.where(Dataset.id.in_(list(dataset_ids))))
    return {id: (name, title_en) for id, name, title_en in rows}


def own_id(session: Session, foreign_id: str) -> str | None:
    """Our id of the dataset that brought this one along, or None."""
    return session.scalar(select(Dataset.id).where(Dataset.foreign_id == foreign_id))


def own_ids(session: Session, foreign_ids: Collection[str]) -> dict[str, str]:
    """The same for many, at one reading; those that nothing brought along are left out."""
    rows = session.execute(select(Dataset.foreign_id, Dataset.id).where(Dataset.foreign_id.in_(foreign_ids)))
    return {str(foreign): own for foreign, own in rows}


def was_renamed(session: Session, name: str) -> str | None:
    """The present name of the dataset that once had this one, or None."""
    return session.scalar(
        select(Dataset.name)
        .join(FormerName, FormerName.dataset_id == Dataset.id)
        .where(FormerName.name == name)
    )


def dataset_of_resource(call: Call, resource_id: str) -> Dataset:
    """The dataset that a resource belongs to.  Raises ``NoSuchDataset``."""
    resource = call.session.get(Resource, resource_id)
    if resource is None:
        raise NoSuchDataset(kind="资源 resource", name=resource_id)
    return dataset_by_name(call, resource.dataset_id)


def datasets(
    call: Call,
    *,
    office: str | None = None,
    state: str | None = None,
    among: ColumnElement[bool] | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Dataset]:
    """Datasets by name, keyset-paged; ``office`` is an office id, ``state`` a ``State``.

    ``among`` is another condition on their columns.
    """
    wanted = visible(call) if among is None else visible(call).where(among)
    if office:
        wanted = wanted.where(Dataset.office_id == office)
    if state:
        wanted = wanted.where(or_(Dataset.state == state, Dataset.draft_state == state))
    if cursor:
        wanted = wanted.where(Dataset.name > str(decode_cursor(cursor, 1)[0]))
    rows = call.session.scalars(wanted.order_by(Dataset.name).limit(limit + 1)).all()
    following = encode_cursor([rows[limit - 1].name]) if len(rows) > limit else None
    return Page(rows[:limit], None, following)


def waiting(call: Call) -> Sequence[Dataset]:
    """What waits for a reviewer, the oldest first."""
    require(call, Permission.dataset_review)
    return call.session.scalars(
        select(Dataset)
        .join(Revision, Revision.id == Dataset.draft_revision_id)
        .where(Dataset.draft_state == State.in_review)
        .order_by(Revision.submitted_at)
    ).all()


def draft_of(call: Call, dataset: Dataset) -> Revision | None:
    """The revision under way, if there is one and this actor may see it."""
    if dataset.draft_revision_id is None:
        return None
    require(call, Permission.dataset_read_draft, office=dataset.office_id)
    return call.session.get(Revision, dataset.draft_revision_id)


def revisions(call: Call, dataset: Dataset) -> Sequence[Revision]:
    """All revisions, newest first, for those who may see drafts."""
    require(call, Permission.dataset_read_draft, office=dataset.office_id)
    return call.session.scalars(
        select(Revision).where(Revision.dataset_id == dataset.id).order_by(Revision.number.desc())
    ).all()


def published_revisions(session: Session, dataset: Dataset) -> Sequence[Revision]:
    """Revisions that have been published, newest first."""
    return session.scalars(
        select(Revision)
        .where(Revision.dataset_id == dataset.id, Revision.published_at.is_not(None))
        .order_by(Revision.number.desc())
    ).all()


def published_versions(session: Session, dataset: Dataset) -> dict[str, list[Version]]:
    """Resource id to the table versions that were ever published with it, newest first."""
    found: dict[str, dict[str, None]] = {}
    for revision in published_revisions(session, dataset):
        for entry in revision.resources:
            if entry.get("version_id"):
                found.setdefault(entry["id"], {})[entry["version_id"]] = None
    wanted = [version for versions in found.values() for version in versions]
    rows = {row.id: row for row in session.scalars(select(Version).where(Version.id.in_(wanted)))}
    return {
        resource: sorted((rows[v] for v in versions if v in rows), key=lambda row: -row.number)
        for resource, versions in found.items()
    }


def shown_versions(session: Session, dataset: Dataset) -> set[str]:
    """Ids of table versions that the dataset or its draft shows, or that were ever published with it."""
    draft = session.get(Revision, dataset.draft_revision_id) if dataset.draft_revision_id else None
    entries = [*dataset.resources, *(draft.resources if draft else [])]
    found = {entry["version_id"] for entry in entries if entry.get("version_id")}
    for versions in published_versions(session, dataset).values():
        found |= {version.id for version in versions}
    return found


def unpublished(call: Call, states: Collection[str], limit: int) -> Iterator[Row[Any]]:
    """Datasets in these states, none of them published, that this actor may see; read as they are asked for.

    A visitor sees none.  Rows have id, name, state, title, title_en, open_class, record, resources,
    created_at, updated_at, office, office_title.
    """
    wanted = visible(call).where(Dataset.state.in_(states), Dataset.state != State.published)
    columns = (
        Dataset.id,
        Dataset.name,
        Dataset.state,
        Dataset.title,
        Dataset.title_en,
        Dataset.open_class,
        Dataset.record,
        Dataset.resources,
        Dataset.created_at,
        Dataset.updated_at,
        Office.name.label("office"),
        Office.title.label("office_title"),
    )
    wanted = wanted.with_only_columns(*columns).join(Office, Office.id == Dataset.office_id)
    yield from call.session.execute(wanted.limit(limit), execution_options={"yield_per": 500})


def published_after(session: Session, dataset_id: str = "", limit: int = 1000) -> Sequence[Dataset]:
    """Published datasets in order of id, after ``dataset_id``: how an index reads all of them."""
    return session.scalars(
        select(Dataset)
        .where(and_(Dataset.state == State.published, Dataset.id > dataset_id))
        .order_by(Dataset.id)
        .limit(limit)
    ).all()


def history(call: Call, name: str, limit: int = 200) -> Sequence[Entry]:
    """What the ledger says of a dataset, newest first, without the counts of reads."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_read_draft, office=dataset.office_id)
    found: Sequence[Any] = entries(call.session, "dataset", dataset.id, limit * 5)
    return [entry for entry in found if "count" not in entry.facts][:limit]


def resources_saying(call: Call, text: str, limit: int = 1000) -> Sequence[Dataset]:
    """Published datasets of which some resource has this text anywhere, by name."""
    require(call, Permission.dataset_read)
    written = func.lower(cast(Dataset.resources, Text()))
    said = json.dumps(text.lower(), ensure_ascii=False)[1:-1]
    wanted = select(Dataset).where(Dataset.state == State.published, written.contains(said, autoescape=True))
    return call.session.scalars(wanted.order_by(Dataset.name).limit(limit)).all()


def published_ids(session: Session, after: str = "", limit: int = 1000) -> Sequence[str]:
    """Ids of published datasets in their order, after one."""
    wanted = select(Dataset.id).where(Dataset.state == State.published, Dataset.id > after)
    return session.scalars(wanted.order_by(Dataset.id).limit(limit)).all()


def published_count(session: Session) -> int:
    """How many datasets are published."""
    return int(session.scalar(select(func.count()).where(Dataset.state == State.published)) or 0)


def stamps_of(call: Call, dataset_ids: Iterable[str]) -> dict[str, bytes]:
    """Those of these datasets that this actor may see, each with a mark that is another one as soon as
    what is shown of the dataset, or of its office, is another.
    """
    wanted = {"ids": list(dataset_ids), "office": call.actor.office}
    rows = call.session.connection().execute(_stamps(_sight(call)), wanted).all()
    return {row[0]: blake2b(repr(tuple(row)).encode(), digest_size=16).digest() for row in rows}


@cache
def _stamps(sight: Sight) -> Select[Any]:
    """Made once: putting the statement together takes longer than the database takes for it."""
    columns: tuple[Any, ...] = (
        Dataset.id,
        Dataset.name,
        Dataset.state,
        type_coerce(Dataset.updated_at, Text()),
        type_coerce(Dataset.published_at, Text()),
        Dataset.published_revision_id,
        Office.name,
        Office.title,
        Office.title_en,
        Office.description,
        Office.code,
    )
    wanted = select(*columns).join(Office, Office.id == Dataset.office_id)
    seen = _seen(sight, bindparam("office"))
    wanted = wanted if seen is None else wanted.where(seen)
    return wanted.where(Dataset.id.in_(bindparam("ids", expanding=True)))
