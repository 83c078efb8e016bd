"""From draft to publication and, if it must be, back out."""

from __future__ import annotations

from kaishu.access import Call, Permission, allowed, note, require
from kaishu.base import clock
from kaishu.base.errors import Invalid
from kaishu.casework import case_by_id, open_case, take_step
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import codes, policy
from kaishu.catalogue.category_choice import category_problem
from kaishu.catalogue.drafting import put, wait_for_others
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.entering import settle
from kaishu.catalogue.errors import NothingToPublish
from kaishu.catalogue.models import Dataset, Revision
from kaishu.catalogue.queries import dataset_by_name
from kaishu.catalogue.states import State
from kaishu.queue import enqueue


def submit(call: Call, name: str) -> Revision:
    """Hand the draft to the reviewers.  Raises ``Invalid`` with all that the record still lacks."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_submit, office=dataset.office_id)
    revision = _draft(call, dataset, State.draft, State.returned)
    record = DatasetRecord.model_validate(revision.record)
    has_table = any(entry.get("version_id") for entry in revision.resources)
    missing = policy.lacks(record, has_table)
    missing |= _coded(dataset, record)
    if missing:
        raise Invalid(missing)
    revision.record = record.model_dump(mode="json")
    case = open_case(call, "publication", ("dataset", dataset.id), dataset.office_id)
    revision.case_id, revision.state, revision.submitted_at = case.id, State.in_review, call.now
    revision.reason = ""
    _mark(call, dataset, State.in_review)
    note(call, "catalogue.submit", ("dataset", dataset.id), revision=revision.number)
    return revision


def publish(call: Call, name: str, comment: str = "") -> Dataset:
    """Publish what is in review; a draft is submitted first if the actor may do both.

    Serving copies and profiles of its tables are made by the worker afterwards.  Raises ``Staged`` where
    entry gates are required and a table has not passed them.
    """
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_review)
    may_submit = allowed(call, Permission.dataset_submit, office=dataset.office_id)
    if dataset.draft_state in (State.draft, State.returned) and may_submit:
        submit(call, name)
    revision = _draft(call, dataset, State.in_review)
    settle(call, dataset)
    take_step(call, case_by_id(call.session, str(revision.case_id)), "publish", comment)
    revision.state, revision.reason = State.published, comment
    revision.decided_at = revision.published_at = call.now
    record = DatasetRecord.model_validate(revision.record)
    record.issued = record.issued or clock.day_of(call.now)
    revision.record = record.model_dump(mode="json")
    put(dataset, revision)
    dataset.published_revision_id, dataset.draft_revision_id = revision.id, None
    dataset.state, dataset.draft_state = State.published, None
    dataset.updated_at = dataset.published_at = call.now
    call.session.flush()
    versions = [entry["version_id"] for entry in revision.resources if entry.get("version_id")]
    note(call, "catalogue.publish", ("dataset", dataset.id), revision=revision.number, versions=versions)
    if versions:
        enqueue(call, "serve", {"versions": versions}, ("dataset", dataset.id))
    return dataset


def send_back(call: Call, name: str, reason: str) -> Revision:
    """Return what is in review, with a reason.  Raises ``ReasonNeeded``."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_review)
    revision = _draft(call, dataset, State.in_review)
    take_step(call, case_by_id(call.session, str(revision.case_id)), "send-back", reason)
    revision.state, revision.reason, revision.decided_at = State.returned, reason.strip(), call.now
    _mark(call, dataset, State.returned)
    note(call, "catalogue.send-back", ("dataset", dataset.id), revision=revision.number, reason=reason)
    return revision


def take_back(call: Call, name: str) -> Revision:
    """Take a submission back before it is decided."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_submit, office=dataset.office_id)
    revision = _draft(call, dataset, State.in_review)
    take_step(call, case_by_id(call.session, str(revision.case_id)), "take-back")
    revision.state = State.draft
    _mark(call, dataset, State.draft)
    note(call, "catalogue.take-back", ("dataset", dataset.id), revision=revision.number)
    return revision


def withdraw(call: Call, name: str, reason: str) -> Dataset:
    """Take a published dataset out of everybody's sight; the data and the history stay."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_withdraw, office=dataset.office_id)
    if dataset.state != State.published:
        raise NothingToPublish(name=dataset.name, state=State.published.zh)
    if not reason.strip():
        raise ReasonNeeded()
    dataset.state, dataset.updated_at = State.withdrawn, call.now
    call.session.flush()
    note(call, "catalogue.withdraw", ("dataset", dataset.id), reason=reason.strip())
    return dataset


def discard(call: Call, name: str, reason: str) -> Dataset:
    """Give up a draft: what is published stays, a dataset that never was is withdrawn.

    Raises ``NothingToPublish`` if there is no draft, ``ReasonNeeded``.
    """
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    revision = _draft(call, dataset, State.draft, State.returned)
    if not reason.strip():
        raise ReasonNeeded()
    revision.state, revision.reason, revision.decided_at = State.withdrawn, reason.strip(), call.now
    dataset.draft_revision_id, dataset.draft_state = None, None
    if dataset.published_revision_id is None:
        dataset.state = State.withdrawn
    dataset.updated_at = call.now
    call.session.flush()
    note(call, "catalogue.discard", ("dataset", dataset.id), revision=revision.number, reason=reason.strip())
    return dataset


def _coded(dataset: Dataset, record: DatasetRecord) -> dict[str, list[str]]:
    """Give the record its code and the category of it; what lacks for that, by field."""
    office = (dataset.office.code, dataset.office.name)
    if record.resource_code:
        said = codes.category_in(record.resource_code, office[0])
        if said and not category_problem(said, record.resource_class):
            record.resource_category = record.resource_category or said
        return {}
    if not record.resource_class:
        return {}
    data = record.model_dump()
    lacking = codes.lacks_category(data, office)
    if lacking:
        return {"resource_category": [lacking]}
    record.resource_category = codes.category_of(data, office)
    record.resource_code = codes.code_for(data, office, dataset.serial)
    return {}


def _draft(call: Call, dataset: Dataset, *states: State) -> Revision:
    wait_for_others(call, dataset)
    revision = call.session.get(Revision, dataset.draft_revision_id) if dataset.draft_revision_id else None
    if revision is None or revision.state not in states:
        raise NothingToPublish(name=dataset.name, state="、".join(state.zh for state in states))
    return revision


def _mark(call: Call, dataset: Dataset, state: State) -> None:
    dataset.draft_state, dataset.updated_at = state, call.now
    if dataset.published_revision_id is None:
        dataset.state = state
    call.session.flush()
