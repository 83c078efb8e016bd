"""``data.json`` of the United States' agencies and cities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import NotReadable
from kaishu.harvest.kinds.finding import Found, Place, parsed, refused, rest, whole


def find(place: Place) -> Iterator[Found]:
    """Every member of ``dataset``."""
    data, _ = whole(place, "application/json, */*")
    said = parsed(place, data, "data.json")
    datasets = said.get("dataset") if isinstance(said, dict) else said
    if not isinstance(datasets, list):
        raise NotReadable(
            name=place.shown,
            kind="data.json",
            reason="里面没有 dataset 列表",
            reason_en="it holds no list named dataset",
        )
    place.total = len(datasets)
    yield from rest(place, (_found(dataset, number) for number, dataset in enumerate(datasets, start=1)))


def _found(dataset: Any, number: int) -> Found:
    said = dataset if isinstance(dataset, dict) else {}
    identifier = said.get("identifier")
    remote_id = identifier if isinstance(identifier, str) and identifier.strip() else f"#{number}"
    title = said.get("title")

    def read() -> Any:
        from kaishu.crosswalk import datajson

        if not isinstance(dataset, dict):
            return refused(f"dataset[{number - 1}]", "应为一个对象。", "An object is needed.")
        return datajson.read_dataset(dataset)

    return Found(remote_id, digest_of(dataset), (title if isinstance(title, str) else remote_id)[:300], read)
