"""A person decides about a conflict, as a whole or field by field; what was decided is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kaishu.access import SYSTEM, Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import (
    Arrival,
    DatasetRecord,
    Link,
    State,
    dataset_by_id,
    draft_resources,
    replace_resources,
    revise,
    take_in,
)
from kaishu.catalogue.models import Dataset
from kaishu.harvest.applying import carry_out
from kaishu.harvest.digests import LINK, our_digest
from kaishu.harvest.errors import NothingPlanned
from kaishu.harvest.models import Harvested, PlanItem, Run, Source
from kaishu.harvest.weighing import base_of, differing, merged, ours_of, pair, theirs_of, weighed

OURS, THEIRS, MERGE = "ours", "theirs", "merge"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which both sides differ.

    ``decided`` if nobody need be asked, since only one side changed, or ours was kept ``before`` and theirs
    is as it was; ``side`` is then the one that holds, and ours until somebody decides.  With a draft under
    way what only the source changed is asked about too.
    """

    field: str
    ours: Any
    theirs: Any
    decided: bool
    side: str
    before: bool


def differences(call: Call, item: PlanItem) -> list[Difference]:
    """What a person may decide field by field; nothing where only the whole can be decided."""
    require(call, Permission.harvest_read)
    if item.action != "conflict" or item.applied_at is not None or not item.entry or not item.dataset_id:
        return []
    dataset = call.session.get_one(Dataset, item.dataset_id)
    if dataset.state != State.published:
        return []
    ours, theirs = ours_of(call.session, dataset), theirs_of(item.entry)
    run = call.session.get_one(Run, item.run_id)
    row = call.session.get_one(Harvested, (run.source_id, item.remote_id))
    settled, draft = row.settled or {}, bool(dataset.draft_revision_id)
    found = weighed(ours, theirs, base_of(call.session, dataset, row.our_digest), settled)
    return [
        Difference(
            field,
            ours.get(field),
            theirs.get(field),
            field not in found.asked and not (draft and field in found.taken),
            THEIRS if field in found.taken else OURS,
            field in settled,
        )
        for field in differing(ours, theirs)
    ]


def settle(
    call: Call, run_id: str, number: int, choice: str = OURS, fields: Mapping[str, str] | None = None
) -> PlanItem:
    """Keep what is here (``ours``), take the source's (``theirs``) or of each field the side that alone
    changed (``merge``, ours where both did); ``fields`` says it otherwise for some.

    Fields that stay ours are not asked about again until one of the two sides changes.  Where a draft is
    under way, the fields taken go into it and its review publishes them, unless all is theirs.  Raises
    ``Invalid`` for a field that does not differ, ``InReview`` if a reviewer has it at the moment.
    """
    require(call, Permission.harvest_apply)
    item = call.session.get(PlanItem, (run_id, number))
    if item is None or item.action != "conflict" or item.applied_at is not None or not item.dataset_id:
        raise NothingPlanned(name=run_id, reason="")
    source = call.session.get_one(Source, call.session.get_one(Run, run_id).source_id)
    row = call.session.get_one(Harvested, (source.id, item.remote_id))
    found = {each.field: each.side for each in differences(call, item)}
    may_differ = list(found)
    if choice == MERGE:
        choice, fields = OURS, {**found, **(fields or {})}
    taken = _taken(may_differ, choice, fields or {})
    if choice == THEIRS and len(taken) == len(may_differ):
        carry_out(call, source, [item])
        row.settled, item.choice = None, THEIRS
    elif may_differ:
        _merge(call, source, item, row, taken)
        item.choice = "fields" if taken else OURS
    else:
        _keep(item, row)
    item.applied_at, item.entry = call.now, None
    call.session.flush()
    subject = ("dataset", item.dataset_id)
    note(call, "harvest.settle", subject, source=source.name, choice=item.choice, taken=taken)
    return item


def _taken(may_differ: Sequence[str], choice: str, fields: Mapping[str, str]) -> list[str]:
    """The fields in which theirs is taken, in order."""
    problems: dict[str, list[str]] = {}
    for field, side in fields.items():
        if field not in may_differ:
            can = "、".join(may_differ)
            problems[field] = [
                Said(f"这一项没有不同。可以选：{can}", f"Does not differ. These do: {', '.join(may_differ)}")
            ]
        elif side not in (OURS, THEIRS):
            problems[field] = [Said("应为 ours 或 theirs。", "Either ours or theirs.")]
    if choice not in (OURS, THEIRS):
        problems["choice"] = [Said("应为 ours、theirs 或 merge。", "One of ours, theirs, merge.")]
    if problems:
        raise Invalid(problems)
    return [field for field in may_differ if fields.get(field, choice) == THEIRS]


def _keep(item: PlanItem, row: Harvested) -> None:
    """Withdrawn here, or gone there: all stays as it is here."""
    item.choice = OURS
    if item.digest:
        row.remote_digest = item.digest
    else:
        row.state = "kept"


def _merge(call: Call, source: Source, item: PlanItem, row: Harvested, taken: list[str]) -> None:
    """Ours with the fields taken; the rest is remembered as decided."""
    dataset = dataset_by_id(call, str(item.dataset_id))
    entry: Mapping[str, Any] = item.entry or {}
    ours, theirs = ours_of(call.session, dataset), theirs_of(entry)
    kept = [field for field in differing(ours, theirs) if field not in taken]
    row.settled = {field: pair(field, ours, theirs) for field in kept} or None
    row.remote_digest = item.digest
    if taken:
        made = merged(entry, ours, kept)
        record = DatasetRecord.model_validate(made["record"])
        links = [Link.model_validate(each) for each in made["resources"]]
        if dataset.draft_revision_id:
            _into_draft(call, dataset, record, links if "resources" in taken else None)
        else:
            arrival = Arrival(record=record, links=links, office_id=dataset.office_id, dataset_id=dataset.id)
            take_in(call, [arrival], source.name)
    if not dataset.draft_revision_id:
        row.our_digest, row.last_seen = our_digest(dataset.record, dataset.resources), call.now


def _into_draft(call: Call, dataset: Dataset, record: DatasetRecord, links: Sequence[Link] | None) -> None:
    """By the system itself: whoever may settle could also take all of theirs, which gives the draft up."""
    system = replace(call, actor=SYSTEM)
    revise(system, dataset.name, record)
    if links is None:
        return
    there = draft_resources(system, dataset)
    known = {each.original_id or each.url: each.id for each in there if not each.table_id}
    tables = [
        (each.id, Link.model_validate({key: getattr(each, key) for key in LINK}))
        for each in there
        if each.table_id
    ]
    coming = [(known.pop(link.original_id or link.url, ""), link) for link in links]
    replace_resources(system, dataset.name, [*coming, *tables])
