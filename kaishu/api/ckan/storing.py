"""``datastore_create``, ``datastore_upsert`` and ``datastore_delete``: each makes a new version of a table.

Nothing is changed in place.  What is sent becomes a file among the originals, so that every version can be
followed to what was received; the change is a draft, published at once where that may be done.
"""

from __future__ import annotations

import io
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kaishu import catalogue, delivery, lake
from kaishu.access import Call, Permission, require
from kaishu.api import loading
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.asking import row_query
from kaishu.api.ckan.changing import take_out
from kaishu.api.ckan.datastore import TYPES
from kaishu.api.ckan.presenting import publish
from kaishu.api.ckan.records import MOST, Rows, changed, fields_of, guessed, key_of, records_of, too_many
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.resources import dataset_holding
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue import Link, ResourceEntry, State
from kaishu.catalogue.models import Dataset
from kaishu.lake.errors import VersionMoved
from kaishu.lake.models import Version

KEY = "primary_key"
TRIES = 10
#: Changes of one table wait for each other within a process; other processes are noticed when it is stored.
_changing = tuple(threading.Lock() for _ in range(64))


@dataclass(frozen=True, slots=True)
class Target:
    """A table that is to change: its dataset, its entry in the draft, its present version, and the number of
    the last version that there is (a later one may have been given up with its draft).
    """

    dataset: str
    entry: ResourceEntry
    version: Version
    last: int

    @property
    def fields(self) -> dict[str, str]:
        """Names to our types."""
        return {column["name"]: column["type"] for column in self.version.columns}

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key that was said when the table was made."""
        try:
            said = json.loads(self.entry.extras.get(KEY, "[]"))
        except ValueError:
            return ()
        names = said if isinstance(said, list) else [said]
        return tuple(name for name in names if name in self.fields)


@action("datastore_create", writes=True)
def datastore_create(asked: Asked) -> dict[str, Any]:
    """Make a table from ``records`` or ``fields`` or both: ``resource`` {package_id, name, description} for a
    new resource or ``resource_id`` for one whose table gets them added; ``fields`` [{id, type}],
    ``primary_key``.

    At most 200000 rows; more come as a file.  Without records it is an empty table.
    """
    fields, records = fields_of(asked.values.get("fields")), records_of(asked.values.get("records"))
    if not asked.values.get("resource"):
        return _changed(asked, asked.needed("resource_id"), lambda t: _extend(asked, t, fields, records))
    resource = _resource(asked)
    package = str(resource.get("package_id") or "")
    loading.may_load(asked.request, package)
    rows = _new(asked, fields, records)
    name = str(resource.get("name") or "") or "records"
    resource_id = _store(asked, package, rows, name, description=str(resource.get("description") or ""))
    return _made(asked, package, resource_id, rows, "insert", len(records))


@action("datastore_upsert", writes=True)
def datastore_upsert(asked: Asked) -> dict[str, Any]:
    """Put ``records`` into the table of ``resource_id``: ``method`` upsert (the usual), insert or update;
    by the primary key for all but insert.  ``dry_run`` only checks them.
    """
    records, method = records_of(asked.values.get("records")), asked.text("method", "upsert")
    dry = asked.flag("dry_run")

    def put(target: Target) -> dict[str, Any]:
        rows = changed(_rows(asked, target), records, method)
        if records and not dry:
            _store(asked, target.dataset, rows, target.entry.file_name, target=target)
        return _made(asked, target.dataset, target.entry.id, rows, method, len(records))

    return _changed(asked, asked.needed("resource_id"), put)


@action("datastore_delete", writes=True)
def datastore_delete(asked: Asked) -> dict[str, Any]:
    """Leave out the rows that ``filters`` find in the table of ``resource_id``, all of them for {}; without
    ``filters`` the table leaves its dataset.  Earlier versions keep the rows.
    """
    resource_id = asked.needed("resource_id", "id")
    if asked.values.get("filters") is not None:
        return _changed(asked, resource_id, lambda target: _without(asked, target))
    target = _target(asked, resource_id)
    take_out(asked, resource_id)
    nothing = Rows(target.fields, [], target.key)
    return {
        **_made(asked, target.dataset, resource_id, nothing, "delete", target.version.rows),
        "filters": {},
    }


@action("datastore_records_delete", writes=True)
def datastore_records_delete(asked: Asked) -> dict[str, Any]:
    """As datastore_delete, but ``filters`` must be given, and the table stays."""
    if asked.values.get("filters") in (None, ""):
        raise Invalid({"filters": [Said("缺少参数。", "Missing value")]})
    return _changed(asked, asked.needed("resource_id", "id"), lambda target: _without(asked, target))


def _changed(asked: Asked, resource_id: str, change: Callable[[Target], dict[str, Any]]) -> dict[str, Any]:
    """Make a change to a table; again, from what is there by then, if another process was faster."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
        with _changing[hash(resource_id) % len(_changing)]:
            try:
                return change(_target(asked, resource_id))
            except VersionMoved:
                continue
    said = Said("数据表正被别人不断修改，请稍后再试。", "Others keep changing the table; try again later.")
    raise Invalid({"resource_id": [said]})


def _without(asked: Asked, target: Target) -> dict[str, Any]:
    there = _rows(asked, target)
    gone = _found(asked, target)
    numbers = _numbers(asked, target, delivery.RowQuery(limit=MOST, count=False))
    left = [row for number, row in zip(numbers, there.rows, strict=True) if number not in gone]
    rows = Rows(there.fields, left, there.key)
    if gone:
        _store(asked, target.dataset, rows, target.entry.file_name, target=target)
    made = _made(asked, target.dataset, target.entry.id, rows, "delete", len(gone))
    return {**made, "filters": asked.values["filters"]}


def _extend(asked: Asked, target: Target, fields: dict[str, str], records: list[Any]) -> dict[str, Any]:
    there = _rows(asked, target)
    wider = {**(guessed(fields, records) if fields else {}), **there.fields}
    wider = {name: wider[name] for name in [*there.fields, *wider]}
    key = key_of(asked.values.get(KEY), wider) if asked.values.get(KEY) else there.key
    kept = changed(Rows(wider, [], key), there.rows, "insert").rows if key != there.key else there.rows
    rows = changed(Rows(wider, kept, key), records, "insert")
    _store(asked, target.dataset, rows, target.entry.file_name, target=target)
    return _made(asked, target.dataset, target.entry.id, rows, "insert", len(records))


def _new(asked: Asked, fields: dict[str, str], records: list[Any]) -> Rows:
    """A table from nothing.  Raises ``Invalid``."""
    whole = guessed(fields, records)
    if not whole:
        raise Invalid({"fields": [Said("缺少字段或记录。", "Fields or records are needed.")]})
    return changed(Rows(whole, [], key_of(asked.values.get(KEY), whole)), records, "insert")


def _resource(asked: Asked) -> Mapping[str, Any]:
    given = asked.values["resource"]
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = None
    if asked.values.get("resource_id") or not isinstance(given, Mapping) or not given.get("package_id"):
        said = Said(
            "应为 {package_id, name}，且不与 resource_id 并用。", "Give {package_id, name}, or resource_id."
        )
        raise Invalid({"resource": [said]})
    return given


def _target(asked: Asked, resource_id: str) -> Target:
    with asked.reading() as call:
        dataset = dataset_holding(call, resource_id)
        require(call, Permission.dataset_draft, office=dataset.office_id)
        require(call, Permission.lake_ingest, office=dataset.office_id)
        last, _ = lake.last_numbers(call.session, _entry(call, dataset, resource_id).table_id or "")
        call.session.expire_all()  # what is read next is not older than the number
        entry = _entry(call, dataset, resource_id)
        version = lake.version_by_id(call.session, entry.version_id or "")
        return Target(dataset.name, entry, version, last)


def _entry(call: Call, dataset: Dataset, resource_id: str) -> ResourceEntry:
    for entry in catalogue.draft_resources(call, dataset):
        if entry.id == resource_id and entry.version_id:
            return entry
    raise NotFound(kind="数据表 datastore resource", name=resource_id)


def _rows(asked: Asked, target: Target) -> Rows:
    """All rows as they are.  Raises ``Invalid`` if there are too many for this way."""
    if target.version.rows > MOST:
        raise too_many()
    names = tuple(target.fields)
    with asked.reading() as call:
        query = delivery.RowQuery(columns=names, limit=MOST, count=False)
        found = delivery.query_rows(call, target.version, query).rows
    return Rows(target.fields, [dict(zip(names, row, strict=True)) for row in found], target.key)


def _found(asked: Asked, target: Target) -> set[int]:
    """Numbers of the rows that the filters find."""
    query = row_query(target.version.columns, {"filters": asked.values["filters"]})
    return set(_numbers(asked, target, query))


def _numbers(asked: Asked, target: Target, query: delivery.RowQuery) -> list[int]:
    """``_id`` of the rows that a query finds, in order."""
    with asked.reading() as call:
        found = delivery.RowQuery(filters=query.filters, columns=("_id",), limit=MOST, count=False)
        return [row[0] for row in delivery.query_rows(call, target.version, found).rows]


def _store(
    asked: Asked, package: str, rows: Rows, name: str, *, target: Target | None = None, description: str = ""
) -> str:
    """The rows as a file that was received, and as the next version of the table.

    Raises ``VersionMoved`` if the table is no longer as ``target`` was.
    """
    kind, data = rows.document()
    stem = name.rpartition(".")[0] if name.lower().endswith((".csv", ".ndjson", ".json", ".xlsx")) else name
    sent = loading.take_in(asked.request, f"{stem or 'records'}.{kind}", io.BytesIO(data))
    options = lake.ReadOptions(format=kind, types=rows.fields, may_be_empty=not rows.rows)
    if kind == "csv":
        options = replace(options, encoding="utf-8", delimiter=",", header_row=1)
    made, _ = loading.load(
        asked.request,
        sent,
        loading.plan_of(sent, options),
        dataset=package,
        resource_id=target.entry.id if target else None,
        name="" if target else name,
        description=description,
        after=target.last if target else None,
        then=lambda call, resource_id: _settle(call, package, resource_id, rows),
    )
    return made


def _settle(call: Call, package: str, resource_id: str, rows: Rows) -> None:
    """Keep the primary key with the resource, and publish where it may be done."""
    dataset = catalogue.dataset_by_name(call, package)
    entry = next(each for each in catalogue.draft_resources(call, dataset) if each.id == resource_id)
    if entry.rows != len(rows.rows):  # what was read is not what was sent: nothing of it is taken
        lost = Said("有的记录无法保存为这些类型。", "Some records cannot be kept as these types.")
        raise Invalid({"records": [lost]})
    extras = {key: value for key, value in entry.extras.items() if key != KEY}
    if rows.key:
        extras[KEY] = json.dumps(list(rows.key), ensure_ascii=False)
    if extras != entry.extras:
        said = entry.model_dump(include=set(Link.model_fields)) | {"extras": extras}
        catalogue.revise_resource(call, dataset.name, resource_id, Link.model_validate(said))
    if dataset.state == State.published:
        publish(call, dataset)


def _made(
    asked: Asked, package: str, resource_id: str, rows: Rows, method: str, records: int
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resource_id": resource_id,
        "package_id": package,
        "method": method,
        "primary_key": list(rows.key),
        "fields": [{"id": name, "type": TYPES[kind]} for name, kind in rows.fields.items()],
        "records_changed": records,
        "total": len(rows.rows),
    }
    if asked.flag("include_records"):
        made["records"] = asked.values.get("records") or []
    return made
