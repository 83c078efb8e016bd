"""Changing the drafts of many datasets in one act: a few statements however many they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from kaishu.access import Call, Permission, note_all, require
from kaishu.base import ids
from kaishu.catalogue.drafting import put
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.errors import InReview
from kaishu.catalogue.models import Dataset, Revision
from kaishu.catalogue.states import State

CHUNK = 400


def revise_all(call: Call, names: Sequence[str], records: Sequence[DatasetRecord]) -> list[Dataset]:
    """``revise`` for many: each record into the draft of the dataset of that name, all or none.

    Raises ``InReview`` as ``revise`` does.  One ledger row each.
    """
    wanted = dict(zip(names, records, strict=True))
    found: dict[str, Dataset] = {}
    for part in _chunks(list(wanted)):
        rows = call.session.scalars(select(Dataset).where(Dataset.name.in_(part)))
        found |= {row.name: row for row in rows}
    for office in {dataset.office_id for dataset in found.values()}:
        require(call, Permission.dataset_draft, office=office)
    drafts = _drafts(call, list(found.values()))
    last = last_numbers(call, [d.id for d in found.values() if d.id not in drafts])
    for name, dataset in found.items():
        revision = drafts.get(dataset.id)
        if revision is None:
            revision = _opened(call, dataset, last.get(dataset.id, 0) + 1)
            drafts[dataset.id] = revision
            call.session.add(revision)
        elif revision.state == State.in_review:
            raise InReview(name=name)
        revision.record = wanted[name].model_dump(mode="json")
        revision.state, revision.author = State.draft, call.actor.name
        dataset.draft_revision_id, dataset.draft_state = revision.id, State.draft
        dataset.updated_at = call.now
        if dataset.published_revision_id is None:
            put(dataset, revision)
            dataset.state = State.draft
    call.session.flush()
    facts = ((("dataset", d.id), {"revision": drafts[d.id].number}) for d in found.values())
    note_all(call, "catalogue.revise", facts)
    return list(found.values())


def _drafts(call: Call, datasets: list[Dataset]) -> dict[str, Revision]:
    """Dataset id to the revision under way."""
    found: dict[str, Revision] = {}
    for part in _chunks([str(d.draft_revision_id) for d in datasets if d.draft_revision_id]):
        for row in call.session.scalars(select(Revision).where(Revision.id.in_(part))):
            found[row.dataset_id] = row
    return found


def last_numbers(call: Call, dataset_ids: Sequence[str]) -> dict[str, int]:
    """The number of each dataset's newest revision; those without any are left out."""
    found: dict[str, int] = {}
    for part in _chunks(dataset_ids):
        wanted = select(Revision.dataset_id, func.max(Revision.number)).where(Revision.dataset_id.in_(part))
        for dataset_id, number in call.session.execute(wanted.group_by(Revision.dataset_id)):
            found[dataset_id] = number
    return found


def _opened(call: Call, dataset: Dataset, number: int) -> Revision:
    return Revision(
        id=ids.new_id(),
        dataset_id=dataset.id,
        number=number,
        state=State.draft,
        record={},
        resources=list(dataset.resources),
        author=call.actor.name,
        created_at=call.now,
    )


def _chunks(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[at : at + CHUNK] for at in range(0, len(values), CHUNK)]
