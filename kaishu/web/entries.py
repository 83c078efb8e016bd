"""Datasets as entries of a list."""

from __future__ import annotations

from collections.abc import Iterable

from kaishu import catalogue
from kaishu.access import Call
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.catalogue.models import Dataset
from kaishu.web.contexts import Entry
from kaishu.web.words import pick


def entry_of(dataset: Dataset, uses: int | None = None) -> Entry:
    """What a list says of a dataset."""
    record = dataset.record
    counted = [entry["rows"] for entry in dataset.resources if entry.get("rows") is not None]
    formats = dict.fromkeys(entry.get("format", "") for entry in dataset.resources)
    return Entry(
        name=dataset.name,
        title=pick(dataset.title, dataset.title_en),
        abstract=pick(record.get("description"), record.get("description_en")),
        office=pick(dataset.office.title, dataset.office.title_en),
        open_class=dataset.open_class,
        updated=dataset.published_at or dataset.updated_at,
        rows=sum(counted) if counted else None,
        formats=[name for name in formats if name],
        uses=uses,
    )


def datasets_of(call: Call, ids: Iterable[str]) -> list[Dataset]:
    """The datasets of these ids that may be seen; the index can be a moment behind."""
    rows = []
    for dataset_id in ids:
        try:
            rows.append(catalogue.dataset_by_id(call, dataset_id))
        except NoSuchDataset:
            continue
    return rows
