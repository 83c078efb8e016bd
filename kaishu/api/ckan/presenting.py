"""What became of a dataset that was written, as CKAN's clients are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaishu import catalogue
from kaishu.access import Call, Permission, allowed
from kaishu.api.ckan import shapes
from kaishu.base.errors import Invalid
from kaishu.catalogue import State, resources_of
from kaishu.catalogue.models import Dataset


def publish(call: Call, dataset: Dataset) -> dict[str, list[str]]:
    """Publish if the actor may; what the record still lacks for it otherwise."""
    may = allowed(call, Permission.dataset_review) and allowed(
        call, Permission.dataset_submit, office=dataset.office_id
    )
    if not may or dataset.draft_state is None:
        return {}
    try:
        catalogue.publish(call, dataset.name)
    except Invalid as incomplete:
        return incomplete.problems_in("en")
    return {}


def present(
    call: Call, dataset: Dataset, lacks: dict[str, list[str]], site: str, notes: Sequence[str] = ()
) -> dict[str, Any]:
    """The dataset as the actor left it: the draft while there is one.  ``review`` says where it stands."""
    draft = catalogue.draft_of(call, dataset)
    review = {"state": dataset.draft_state or dataset.state, "lacks": lacks}
    shown = shapes.package(
        dataset,
        draft.resources if draft else resources_of(dataset),
        site,
        record=draft.record if draft else None,
    )
    return {**shown, "review": {**review, "notes": list(notes)} if notes else review}


def one_resource(call: Call, package: str, resource_id: str, site: str) -> dict[str, Any]:
    """One resource after a change; published at once where its dataset is and the actor may."""
    dataset = catalogue.dataset_by_name(call, package)
    lacks = publish(call, dataset) if dataset.state == State.published else {}
    shown = present(call, dataset, lacks, site)
    found = next(each for each in shown["resources"] if each["id"] == resource_id)
    return {**found, "review": shown["review"]}
