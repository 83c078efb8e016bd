"""A catalogue with good and bad datasets, published, and one taken from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kaishu import access, catalogue
from kaishu.access import Call
from kaishu.base import ids
from kaishu.catalogue import Link
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Agent, Entry
from kaishu.harvest.models import Harvested, Source

#: A record that lacks nothing.
GOOD: dict[str, Any] = {
    "title": "公交线路与站点",
    "description": "全市公交线路及其站点，来自交通运输局的运营系统，每月更新一次。",
    "resource_class": "department",
    "format_category": "self-described",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "never",
    "issued": "2026-01-05",
    "modified": "2026-11-01",
    "themes": ["transport"],
    "tags": ["公交"],
    "spatial": "开数市",
    "temporal_start": "2026-01-01",
    "licence": "cc-by-4.0",
    "rights": "可以自由使用，须注明来源。",
    "contact_name": "开数市交通运输局",
    "contact_email": "jiaotong@kaishu.example",
    "items": [{"name": "xianlu", "title": "线路名称", "type": "text"}],
}
LINK = {
    "name": "线路",
    "url": "https://data.example.org/bus.csv",
    "format": "CSV",
    "media_type": "text/csv",
    "bytes": 1200,
}


def entry(record: dict[str, Any] | None = None, *links: dict[str, Any]) -> Entry:
    """An entry outside of any database."""
    return Entry(
        identifier="01",
        name="bus",
        record=GOOD if record is None else record,
        resources=links or (LINK,),
        publisher=Agent(title="开数市交通运输局", name="traffic", code="11000001"),
    )


@pytest.fixture
def offices(call: Call) -> tuple[str, str]:
    """Two departments; their ids."""
    one = access.add_office(call, title="交通运输局", name="traffic", code="11000001")
    other = access.add_office(call, title="教育局", name="school", code="11000002")
    return one.id, other.id


Publish = Callable[..., Dataset]


@pytest.fixture
def publish(call: Call, offices: tuple[str, str]) -> Publish:
    """``publish("name", title=…, office="school", links=[…])`` puts a dataset into the catalogue as it is.

    Past the checks of the desk, as imports and older records came.
    """

    def make(
        name: str, office: str = "traffic", links: list[dict[str, Any]] | None = None, **changes: Any
    ) -> Dataset:
        dataset = catalogue.add_dataset(call, record=catalogue.record_from(GOOD), office=office, name=name)
        for link in [LINK] if links is None else links:
            catalogue.add_resource(call, name, name=link["name"], link=Link(**link))
        catalogue.publish(call, name)
        if changes:
            dataset.record = {**dataset.record, **changes}
            dataset.title = dataset.record["title"]
        call.session.flush()
        return dataset

    return make


@pytest.fixture
def harvested(call: Call) -> Callable[[Dataset], None]:
    """Say that a dataset came from the source ``tokyo``."""

    def mark(dataset: Dataset) -> None:
        source = call.session.query(Source).filter_by(name="tokyo").first()
        if source is None:
            source = Source(
                id=ids.new_id(), name="tokyo", title="东京", kind="ckan", state="active", created_at=call.now
            )
            call.session.add(source)
            call.session.flush()
        call.session.add(
            Harvested(
                source_id=source.id,
                remote_id=dataset.id,
                dataset_id=dataset.id,
                remote_digest="",
                our_digest="",
                first_seen=call.now,
                last_seen=call.now,
            )
        )
        call.session.flush()

    return mark
