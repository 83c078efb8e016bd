"""What a draft would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaishu.access import Call, Permission, require
from kaishu.catalogue.models import Revision
from kaishu.catalogue.queries import dataset_by_name


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the record, or one fact of a table, before and after; ``kind`` is record or table."""

    kind: str
    field: str
    before: Any
    after: Any


def compare(call: Call, name: str) -> list[Difference]:
    """The draft against what is published (against nothing for a first publication)."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_read_draft, office=dataset.office_id)
    draft = call.session.get(Revision, dataset.draft_revision_id) if dataset.draft_revision_id else None
    if draft is None:
        return []
    published = (
        call.session.get(Revision, dataset.published_revision_id) if dataset.published_revision_id else None
    )
    before: dict[str, Any] = dict(published.record) if published else {}
    found = [
        Difference("record", field, before.get(field), value)
        for field, value in draft.record.items()
        if field != "items" and (before.get(field) or None) != (value or None)
    ]
    found += _items(before.get("items") or [], draft.record.get("items") or [])
    return found + _tables(list(published.resources) if published else [], list(draft.resources))


def _items(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Difference]:
    old, new = ({item["name"]: item for item in items} for items in (before, after))
    return [
        Difference("item", name, old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def _tables(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Difference]:
    old, new = ({entry["id"]: entry for entry in entries} for entries in (before, after))
    found = []
    for key in {**old, **new}:
        left, right = old.get(key), new.get(key)
        label = (right or left or {}).get("name", key)
        if left is None or right is None:
            found.append(Difference("table", label, left and _facts(left), right and _facts(right)))
        elif _facts(left) != _facts(right):
            found.append(Difference("table", label, _facts(left), _facts(right)))
    return found


def _facts(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {key: entry.get(key) for key in ("name", "format", "url", "version", "rows", "sha256")}
    return {
        **kept,
        "columns": [f"{column['name']} {column['type']}" for column in entry.get("columns") or []],
    }
