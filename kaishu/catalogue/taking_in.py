"""Datasets of other catalogues become ours, or change, in one act: made, published and entered at once.

Written for thousands: a constant number of statements for each batch, whatever its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from kaishu.access import Call, Permission, note_all, require
from kaishu.base import ids
from kaishu.catalogue.drafting import NAME, put
from kaishu.catalogue.drafts import DatasetRecord, Link
from kaishu.catalogue.errors import InReview
from kaishu.catalogue.models import Dataset, FormerName, Resource, Revision
from kaishu.catalogue.resources import ResourceEntry
from kaishu.catalogue.revising import last_numbers
from kaishu.catalogue.states import State

#: What every entry of a resource says, also when it is empty.
ALWAYS = ("name", "description", "format", "url", "table_id", "version_id", "version", "rows")
OWN = frozenset(ResourceEntry.model_fields) - frozenset(Link.model_fields)
_WORDS = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One dataset on its way in; a new one without ``dataset_id``, and ``name`` what it would be called."""

    record: DatasetRecord
    links: Sequence[Link]
    office_id: str
    name: str = ""
    dataset_id: str | None = None


def take_in(call: Call, arrivals: Sequence[Arrival], origin: str) -> list[Dataset]:
    """Make or change these datasets and publish them; ``origin`` is the source that the ledger names.

    What is foreign need not have the 13 core items; a draft under way is given up for what arrives.
    Raises ``InReview`` if one of them is before a reviewer.
    """
    require(call, Permission.harvest_apply)
    known = _known(call, [each.dataset_id for each in arrivals if each.dataset_id])
    numbers = last_numbers(call, list(known))
    names = _free_names(call, [each for each in arrivals if each.dataset_id not in known])
    serial = call.session.scalar(select(func.max(Dataset.serial))) or 0
    made: list[Dataset] = []
    revisions: list[Revision] = []
    resources: list[dict[str, Any]] = []
    for each in arrivals:
        dataset = known.get(each.dataset_id or "")
        if dataset is None:
            serial += 1
            dataset = _new(call, each, next(names), serial)
        entries = _entries(call, each.links, dataset.resources or [])
        there = {entry["id"] for entry in dataset.resources or []}
        resources += [
            {"id": entry["id"], "dataset_id": dataset.id, "table_id": None, "created_at": call.now}
            for entry in entries
            if entry["id"] not in there
        ]
        revision = _revision(call, dataset, each, entries, numbers.get(dataset.id, 0) + 1)
        _give_up_draft(call, dataset)
        put(dataset, revision)
        dataset.office_id, dataset.published_revision_id = each.office_id, revision.id
        dataset.state, dataset.updated_at, dataset.published_at = State.published, call.now, call.now
        made.append(dataset)
        revisions.append(revision)
    call.session.add_all(made)
    call.session.flush()
    call.session.add_all(revisions)
    call.session.flush()
    if resources:
        call.session.execute(insert(Resource), resources)
    note_all(
        call,
        "catalogue.publish",
        [
            (("dataset", dataset.id), {"revision": revision.number, "versions": [], "harvested": origin})
            for dataset, revision in zip(made, revisions, strict=True)
        ],
    )
    return made


def withdraw_gone(call: Call, dataset_ids: Sequence[str], reason: str) -> int:
    """Withdraw what its source no longer has; returns how many were published until now."""
    require(call, Permission.harvest_apply)
    gone = [each for each in _known(call, dataset_ids).values() if each.state == State.published]
    for dataset in gone:
        dataset.state, dataset.updated_at = State.withdrawn, call.now
    call.session.flush()
    note_all(call, "catalogue.withdraw", [(("dataset", each.id), {"reason": reason}) for each in gone])
    return len(gone)


def _known(call: Call, dataset_ids: Sequence[str]) -> dict[str, Dataset]:
    found: dict[str, Dataset] = {}
    for start in range(0, len(dataset_ids), 500):
        chunk = dataset_ids[start : start + 500]
        found |= {row.id: row for row in call.session.scalars(select(Dataset).where(Dataset.id.in_(chunk)))}
    return found


def _new(call: Call, arrival: Arrival, name: str, serial: int) -> Dataset:
    return Dataset(
        id=ids.new_id(),
        serial=serial,
        name=name,
        office_id=arrival.office_id,
        record={},
        resources=[],
        created_at=call.now,
        updated_at=call.now,
    )


def _revision(
    call: Call, dataset: Dataset, arrival: Arrival, entries: list[dict[str, Any]], number: int
) -> Revision:
    return Revision(
        id=ids.new_id(),
        dataset_id=dataset.id,
        number=number,
        state=State.published,
        record=arrival.record.model_dump(mode="json"),
        resources=entries,
        author=call.actor.name,
        reason="",
        created_at=call.now,
        decided_at=call.now,
        published_at=call.now,
    )


def _give_up_draft(call: Call, dataset: Dataset) -> None:
    if not dataset.draft_revision_id:
        return
    draft = call.session.get_one(Revision, dataset.draft_revision_id)
    if draft.state == State.in_review:
        raise InReview(name=dataset.name)
    draft.state, draft.decided_at = State.returned, call.now
    dataset.draft_revision_id = dataset.draft_state = None


def _entries(call: Call, links: Iterable[Link], present: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The links as entries: one that was there before keeps its id; tables of our own stay at the end."""
    left = {str(entry["id"]): entry for entry in present if not entry.get("table_id")}
    stamp = call.now.isoformat()
    entries = []
    for link in links:
        said = link.model_dump(mode="json", exclude_defaults=True)
        before = _before(left, said)
        kept = {key: value for key, value in (before or {}).items() if value and key not in OWN}
        own = {
            "id": before["id"] if before else ids.new_id(),
            "created_at": (before or {}).get("created_at") or stamp,
            "modified_at": stamp if kept != said else (before or {}).get("modified_at") or stamp,
        }
        entries.append({**dict.fromkeys(ALWAYS[:4], ""), **dict.fromkeys(ALWAYS[4:]), **said, **own})
    return entries + [dict(entry) for entry in present if entry.get("table_id")]


def _before(left: dict[str, Mapping[str, Any]], said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The entry that this link was: by the source's own identifier, else by address, else by name."""
    for key in ("original_id", "url", "access_url", "name"):
        if said.get(key):
            for entry in left.values():
                if entry.get(key) == said[key]:
                    return left.pop(str(entry["id"]))
            if key == "original_id" and any(entry.get(key) for entry in left.values()):
                return None
    return None


def _free_names(call: Call, arrivals: Sequence[Arrival]) -> Iterator[str]:
    """A free name for each, in order; the wish itself where nobody has it."""
    wishes = [_wish(each) for each in arrivals]
    taken = _taken(call, wishes)
    names = []
    for wish in wishes:
        name, number = wish, 2
        if wish in taken:
            taken |= _beginning(call, wish)
        while name in taken:
            name, number = f"{wish[:94]}-{number}", number + 1
        taken.add(name)
        names.append(name)
    return iter(names)


def _wish(arrival: Arrival) -> str:
    for said in (arrival.name, arrival.name.lower()):
        if NAME.fullmatch(said):
            return said
    name = _WORDS.sub("-", arrival.name.lower()).strip("-_")[:90] if arrival.name.isascii() else ""
    if not NAME.fullmatch(name):
        name = ids.slug(arrival.record.title_en or arrival.record.title)
    return name if NAME.fullmatch(name) else f"dataset-{name}"


def _taken(call: Call, wishes: Sequence[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(wishes), 400):
        chunk = list(dict.fromkeys(wishes[start : start + 400]))
        taken |= set(call.session.scalars(select(Dataset.name).where(Dataset.name.in_(chunk))))
        taken |= set(call.session.scalars(select(Dataset.id).where(Dataset.id.in_(chunk))))
        brought = select(Dataset.foreign_id).where(Dataset.foreign_id.in_(chunk))
        taken |= {each for each in call.session.scalars(brought) if each}
        taken |= set(call.session.scalars(select(FormerName.name).where(FormerName.name.in_(chunk))))
    return taken


def _beginning(call: Call, wish: str) -> set[str]:
    start = wish[:94] + "-"
    within = (Dataset.name >= start, Dataset.name < start[:-1] + ".")
    former = (FormerName.name >= start, FormerName.name < start[:-1] + ".")
    return set(call.session.scalars(select(Dataset.name).where(*within))) | set(
        call.session.scalars(select(FormerName.name).where(*former))
    )
