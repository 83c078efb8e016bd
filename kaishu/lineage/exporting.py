"""The run events of many tables, each act once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kaishu import catalogue
from kaishu.access import Call, Permission, require
from kaishu.catalogue.errors import NotOpen
from kaishu.catalogue.models import Dataset
from kaishu.lineage.openlineage import events_of
from kaishu.lineage.tracing import lineage_of


def events(call: Call, names: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """OpenLineage run events of every version that is shown or was published, of these datasets or of all
    that the caller may read.  Raises ``NoSuchDataset``, and ``NotOpen`` of a dataset that was named."""
    require(call, Permission.dataset_read)
    for name in names:
        yield from _events(call, catalogue.dataset_by_name(call, name))
    for dataset in () if names else _all(call):
        try:
            yield from _events(call, dataset)
        except NotOpen:
            continue  # whose rows may not be read: nothing of it has been told yet


def _events(call: Call, dataset: Dataset) -> Iterator[dict[str, Any]]:
    told: set[str] = set()
    for resource, number in _versions(call, dataset):
        for event in events_of(lineage_of(call, dataset.name, resource, number)):
            if event["run"]["runId"] not in told:
                told.add(event["run"]["runId"])
                yield event


def _all(call: Call) -> Iterator[Dataset]:
    following: str | None = None
    while True:
        page = catalogue.datasets(call, limit=200, cursor=following)
        yield from page.rows
        following = page.next
        if following is None:
            return


def _versions(call: Call, dataset: Dataset) -> Iterator[tuple[str, int]]:
    found = {
        (entry.id, entry.version): None
        for entry in catalogue.resources_of(dataset)
        if entry.table_id and entry.version is not None
    }
    for resource, versions in catalogue.published_versions(call.session, dataset).items():
        found |= {(resource, version.number): None for version in versions}
    yield from sorted((resource, number) for resource, number in found if number is not None)
