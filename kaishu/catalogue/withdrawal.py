"""What was withdrawn: what is said of it, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue.drafting import put
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.errors import NothingToPublish
from kaishu.catalogue.models import Dataset, FormerName, Revision
from kaishu.catalogue.policy import is_secret, lacks
from kaishu.catalogue.queries import dataset_by_name
from kaishu.catalogue.states import State
from kaishu.ledger import entries


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A dataset that the public once saw: title, office, when it was withdrawn, and why."""

    dataset_id: str
    name: str
    title: str
    title_en: str
    office: str
    office_en: str
    at: datetime
    reason: str
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


def withdrawal_of(call: Call, name: str) -> Withdrawal | None:
    """Whether a dataset of this name, former name or id was published and then withdrawn.

    Secret ones are as if they had never been.
    """
    require(call, Permission.dataset_read)
    session = call.session
    former = session.get(FormerName, name)
    wanted = or_(Dataset.name == name, Dataset.id == (former.dataset_id if former else name))
    found = session.scalars(select(Dataset).where(Dataset.state == State.withdrawn, wanted)).first()
    if found is None or not found.published_revision_id or is_secret(found.record.get("secrecy", "")):
        return None
    told = [e for e in entries(session, "dataset", found.id, 200) if e.action == "catalogue.withdraw"]
    return Withdrawal(
        found.id,
        found.name,
        found.title,
        found.title_en,
        found.office.title,
        found.office.title_en,
        told[0].at if told else found.updated_at,
        str(told[0].facts.get("reason", "")) if told else "",
        tuple(found.record.get("tags") or ()),
        tuple(found.record.get("themes") or ()),
    )


def restore(call: Call, name: str, reason: str) -> Dataset:
    """Put a withdrawn dataset back before the public, as it was last published; a reason is needed."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_review)
    if dataset.state != State.withdrawn or not dataset.published_revision_id:
        raise NothingToPublish(name=dataset.name, state=State.withdrawn.zh)
    if not reason.strip():
        raise ReasonNeeded()
    revision = call.session.get_one(Revision, dataset.published_revision_id)
    record = DatasetRecord.model_validate(revision.record)
    if is_secret(record.secrecy):
        raise Invalid({"secrecy": lacks(record, False)["secrecy"]})
    put(dataset, revision)
    dataset.state, dataset.updated_at = State.published, call.now
    call.session.flush()
    note(call, "catalogue.restore", ("dataset", dataset.id), reason=reason.strip())
    return dataset
