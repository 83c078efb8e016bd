"""Ours against theirs, field by field: what was edited here, what was decided, what is still to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset, Revision
from kaishu.crosswalk import INFERRED
from kaishu.harvest.digests import our_digest, sides, value_digest

#: A field to the digests of ours and theirs when a person kept ours.
Settled = Mapping[str, list[str]]
Sides = Mapping[str, Any]
#: In a staged entry: the fields that stay ours, and the digest of what they were weighed against.
KEPT, OVER = "kept", "over"
#: How far back the revision that was last taken over is looked for.
MOST_REVISIONS = 50


def edited(dataset: Dataset, digest: str, gone: bool = False) -> bool:
    """Was this dataset changed, withdrawn or begun to be changed here since we wrote it?"""
    if dataset.draft_revision_id or (dataset.state != State.published and not gone):
        return True
    return our_digest(dataset.record, dataset.resources) != digest


def ours_of(session: Session, dataset: Dataset) -> dict[str, Any]:
    """What we say of a dataset: its draft, if one is under way."""
    shown: Dataset | Revision = dataset
    if dataset.draft_revision_id:
        shown = session.get_one(Revision, dataset.draft_revision_id)
    return sides(shown.record, shown.resources)


def theirs_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the source says, as it was staged."""
    return sides(entry["record"], entry["resources"])


def differing(ours: Sides, theirs: Sides) -> list[str]:
    """The fields in which the two differ, in the order of the record."""
    order = [*sides({"title": "-"}, []), *ours, *theirs]
    fields = dict.fromkeys(field for field in order if field != INFERRED)
    return [field for field in fields if ours.get(field) != theirs.get(field)]


def pair(field: str, ours: Sides, theirs: Sides) -> list[str]:
    """How a decision about a field remembers both sides."""
    return [value_digest(ours.get(field)), value_digest(theirs.get(field))]


def base_of(session: Session, dataset: Dataset, digest: str) -> dict[str, Any] | None:
    """What we last took over from the source; None if that revision is not among the last ones."""
    rows = session.execute(
        select(Revision.record, Revision.resources)
        .where(Revision.dataset_id == dataset.id)
        .order_by(Revision.number.desc())
        .limit(MOST_REVISIONS)
    )
    for record, resources in rows:
        if our_digest(record, resources) == digest:
            return sides(record, resources)
    return None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Fields that differ: those that changed on both sides, and those that changed there only.

    What changed here only is in neither; it stays ours.
    """

    asked: tuple[str, ...]
    taken: tuple[str, ...]


def weighed(ours: Sides, theirs: Sides, base: Sides | None, settled: Settled) -> Weighed:
    """Merge three ways, field by field.  Without a base every difference is one of both sides.

    A field in which ours was kept before is asked about again when theirs changes.
    """
    open_fields: list[str] = []
    taken: list[str] = []
    for field in differing(ours, theirs):
        if field in settled:
            if settled[field][1] != value_digest(theirs.get(field)):
                open_fields.append(field)
        elif base is None:
            open_fields.append(field)
        elif theirs.get(field) != base.get(field):
            (taken if ours.get(field) == base.get(field) else open_fields).append(field)
    return Weighed(tuple(open_fields), tuple(taken))


def weigh(
    session: Session,
    dataset: Dataset,
    item: dict[str, Any],
    digest: str,
    settled: Settled,
    only_rules: bool,
) -> str:
    """What is to be done about a dataset that we have: the item's own action, conflict or same.

    ``only_rules``: the source says what it said; only our rules for themes changed.  Where fields stay
    ours, the item's entry says which (``kept``, with the digests of both sides) and over what it may be
    written (``over``).
    """
    action, entry = str(item["action"]), item["entry"]
    changed_here = edited(dataset, digest, gone=action == "back")
    if entry is None or dataset.state != State.published:
        return "conflict" if changed_here else action
    if changed_here and only_rules:
        return "same"
    if not changed_here and not settled:
        return action
    ours, theirs = ours_of(session, dataset), theirs_of(entry)
    found = weighed(ours, theirs, base_of(session, dataset, digest), settled)
    if found.asked or (found.taken and dataset.draft_revision_id):
        return "conflict"
    if not found.taken:
        return "same"
    kept = [field for field in differing(ours, theirs) if field not in found.taken]
    if kept:
        over = our_digest(dataset.record, dataset.resources)
        item["entry"] = {**entry, KEPT: {field: pair(field, ours, theirs) for field in kept}, OVER: over}
    return action


def merged(entry: Mapping[str, Any], ours: Sides, kept: list[str]) -> dict[str, Any]:
    """The source's entry with these fields as we have them."""
    record = {key: value for key, value in entry["record"].items() if key not in kept}
    record |= {field: ours[field] for field in kept if field in ours and field != "resources"}
    theirs = entry["record"].get("extras") or {}
    mark = ours.get(INFERRED) if "themes" in kept else theirs.get(INFERRED)
    extras = {key: value for key, value in (record.get("extras") or {}).items() if key != INFERRED}
    record["extras"] = {**extras, INFERRED: mark} if mark else extras
    if "languages" in kept and "languages" not in ours:
        record["languages"] = []
    resources = ours.get("resources", []) if "resources" in kept else entry["resources"]
    return {**entry, "record": record, "resources": resources}
