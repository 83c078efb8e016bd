"""Making and changing records before they are submitted."""

from __future__ import annotations

import re

from sqlalchemy import func, or_, select

from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.errors import InReview, NameTaken
from kaishu.catalogue.models import Dataset, FormerName, Revision
from kaishu.catalogue.queries import dataset_by_name
from kaishu.catalogue.states import State

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,99}")


def add_dataset(
    call: Call, *, record: DatasetRecord, office: str, name: str = "", foreign_id: str | None = None
) -> Dataset:
    """A new dataset of an office (its name or id), in draft.

    Without ``name`` a readable one is made from the title.  ``foreign_id`` is a UUID that it had elsewhere.
    Raises ``NameTaken``, ``Invalid``.
    """
    owner = office_by_name(call.session, office)
    require(call, Permission.dataset_draft, office=owner.id)
    if name:
        _refuse_taken(call, name)
    else:
        name = _free_name(call, ids.slug(record.title_en or record.title))
    if foreign_id and _taken(call, foreign_id):
        raise NameTaken(name=foreign_id)
    serial = (call.session.scalar(select(func.max(Dataset.serial))) or 0) + 1
    dataset = Dataset(
        id=ids.new_id(),
        serial=serial,
        name=name,
        foreign_id=foreign_id,
        office_id=owner.id,
        office=owner,
        state=State.draft,
        draft_state=State.draft,
        title=record.title,
        title_en=record.title_en,
        open_class=record.open_class,
        record=record.model_dump(mode="json"),
        resources=[],
        created_at=call.now,
        updated_at=call.now,
    )
    call.session.add(dataset)
    call.session.flush()
    open_draft(call, dataset)
    brought = {"foreign_id": foreign_id} if foreign_id else {}
    note(call, "catalogue.add", ("dataset", dataset.id), name=name, title=record.title, **brought)
    return dataset


def revise(call: Call, name: str, record: DatasetRecord) -> Revision:
    """Put a changed record into the draft (a new draft if the last one was published)."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    revision = open_draft(call, dataset)
    revision.record = record.model_dump(mode="json")
    show(call, dataset, revision)
    note(call, "catalogue.revise", ("dataset", dataset.id), revision=revision.number)
    return revision


def rename(call: Call, name: str, new_name: str) -> Dataset:
    """Give a dataset another address part; the old one leads to it for ever."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    if new_name == dataset.name:
        return dataset
    _refuse_taken(call, new_name, but=dataset.id)
    own = call.session.get(FormerName, new_name)
    if own is not None:
        call.session.delete(own)
    old = dataset.name
    call.session.add(FormerName(name=old, dataset_id=dataset.id, created_at=call.now))
    dataset.name, dataset.updated_at = new_name, call.now
    call.session.flush()
    note(call, "catalogue.rename", ("dataset", dataset.id), old=old, new=new_name)
    return dataset


def open_draft(call: Call, dataset: Dataset) -> Revision:
    """The revision that may be written to; made from the shown record if there is none.

    Raises ``InReview``.
    """
    wait_for_others(call, dataset)
    if dataset.draft_revision_id:
        revision = call.session.get_one(Revision, dataset.draft_revision_id)
        if revision.state == State.in_review:
            raise InReview(name=dataset.name)
        return revision
    last = call.session.scalar(select(func.max(Revision.number)).where(Revision.dataset_id == dataset.id))
    revision = Revision(
        id=ids.new_id(),
        dataset_id=dataset.id,
        number=(last or 0) + 1,
        state=State.draft,
        record=dict(dataset.record),
        resources=list(dataset.resources),
        author=call.actor.name,
        created_at=call.now,
    )
    call.session.add(revision)
    dataset.draft_revision_id, dataset.draft_state = revision.id, State.draft
    call.session.flush()
    return revision


def wait_for_others(call: Call, dataset: Dataset) -> None:
    """Until this transaction ends nobody else writes to this dataset, and what others wrote is seen.

    SQLite has one writer anyway.
    """
    if call.session.get_bind().dialect.name == "sqlite":
        return
    call.session.refresh(dataset, with_for_update={"of": Dataset})
    if dataset.draft_revision_id:
        call.session.get(Revision, dataset.draft_revision_id, populate_existing=True)


def show(call: Call, dataset: Dataset, revision: Revision) -> None:
    """A changed draft is a draft again, and is what is shown while nothing has been published."""
    revision.state, revision.author = State.draft, call.actor.name
    dataset.draft_state = State.draft
    if dataset.published_revision_id is None:
        put(dataset, revision)
        dataset.state = State.draft
    dataset.updated_at = call.now
    call.session.flush()


def put(dataset: Dataset, revision: Revision) -> None:
    """Copy what lists and pages need from a revision to its dataset."""
    dataset.record, dataset.resources = dict(revision.record), list(revision.resources)
    dataset.title = revision.record["title"]
    dataset.title_en = revision.record.get("title_en", "")
    dataset.open_class = revision.record.get("open_class", "")


def _refuse_taken(call: Call, name: str, but: str = "") -> None:
    if not NAME.fullmatch(name):
        say = Said(
            "标识只能用小写字母、数字、连字符和下划线，2至100个字符。",
            "Use 2 to 100 lower-case letters, digits, hyphens and underscores.",
        )
        raise Invalid({"name": [say]})
    if _taken(call, name, but):
        raise NameTaken(name=name)


def _taken(call: Call, name: str, but: str = "") -> bool:
    either = or_(Dataset.name == name, Dataset.id == name, Dataset.foreign_id == name)
    used = call.session.scalar(select(Dataset.id).where(either))
    former = call.session.get(FormerName, name)
    return bool(used) or (former is not None and former.dataset_id != but)


def _free_name(call: Call, wanted: str) -> str:
    name, number = wanted, 2
    if len(name) < 2:
        name = wanted = f"dataset-{wanted}"
    while _taken(call, name):
        name, number = f"{wanted}-{number}", number + 1
    return name
