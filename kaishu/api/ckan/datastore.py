"""Rows of a resource's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from kaishu import delivery
from kaishu.access import Call
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.asking import row_query
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.resources import find_resource
from kaishu.api.reading import Readable, readable
from kaishu.base.errors import Invalid, NotFound, Said

TYPES = {
    "text": "text",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}
KNOWN = frozenset(
    {
        "resource_id",
        "id",
        "filters",
        "q",
        "plain",
        "distinct",
        "language",
        "limit",
        "offset",
        "fields",
        "sort",
        "include_total",
        "records_format",
        "total_estimation_threshold",
        "full_text",
        "include_next_page",
        "force",
    }
)
#: Keys of a column's info, by the field of an item.
INFO = {"label": "title", "notes": "description", "unit": "unit", "label_en": "title_en"}
FORMATS = ("objects", "lists", "csv", "tsv")


@action("datastore_search")
def datastore_search(asked: Asked) -> dict[str, Any]:
    """Rows of a table: ``resource_id``, ``filters`` {column: value or list}, ``q`` (or ``full_text``; words
    for all columns or {column: words}), ``distinct``, ``limit`` (100, at most 32000), ``offset``, ``fields``,
    ``sort``, ``include_total``, ``records_format`` (objects, lists, csv, tsv), ``include_next_page``.

    ``plain`` and ``language`` change nothing: words are found as they stand.
    """
    unknown = sorted(set(asked.values) - KNOWN)
    if unknown:
        raise Invalid({name: [Said("没有这个参数。", "Unexpected argument")] for name in unknown})
    form = asked.text("records_format", "objects")
    if form not in FORMATS:
        raise Invalid({"records_format": [Said(f"应为：{FORMATS}", f"Must be one of: {', '.join(FORMATS)}")]})
    resource_id = asked.needed("resource_id", "id")
    with asked.reading() as call:
        found = table_of(asked, call, resource_id)
        arguments = {key: value for key, value in asked.values.items() if key not in ("resource_id", "id")}
        arguments["q"] = arguments.get("q") or asked.values.get("full_text")
        known = described(call, resource_id)
        query = row_query(found.columns, arguments)
        page = delivery.query_rows(call, found.version, query, subject=found.dataset_id)
    names = [column["name"] for column in page.columns]
    result: dict[str, Any] = {
        "include_total": query.count,
        "limit": query.limit,
        "offset": query.offset or 0,
        "records_format": form,
        "resource_id": resource_id,
        "total_estimation_threshold": None,
        "records": _records(names, page.rows, form),
        "fields": [field_of(column, known) for column in page.columns],
        "_links": _links(asked, query.limit, query.offset or 0),
    }
    for echoed in ("filters", "q", "distinct", "sort"):
        if asked.values.get(echoed):
            result[echoed] = asked.values[echoed]
    if query.count:
        result |= {"total": page.total, "total_was_estimated": False}
    if asked.flag("include_next_page"):
        offset = query.offset or 0
        full = len(page.rows) == query.limit > 0
        more = full and (page.total is None or offset + len(page.rows) < page.total)
        result["next_page"] = _next(asked, query.limit, offset) if more else None
    return result


@action("datastore_info")
def datastore_info(asked: Asked) -> dict[str, Any]:
    """What a table holds: ``id`` is the resource's."""
    resource_id = asked.needed("id", "resource_id")
    with asked.reading() as call:
        found = table_of(asked, call, resource_id)
        known = described(call, resource_id)
    version = found.version
    return {
        "meta": {
            "id": resource_id,
            "count": version.rows,
            "table_type": "BASE TABLE",
            "size": version.stored_bytes,
            "db_size": None,
            "idx_size": None,
            "aliases": [],
        },
        "fields": [
            {
                **field_of(column, known),
                "schema": {"native_type": TYPES[column["type"]], "is_index": False, "notnull": False},
            }
            for column in version.columns
        ],
    }


def described(call: Call, resource_id: str) -> dict[str, dict[str, str]]:
    """What the data dictionary says of each column: CKAN's label and notes, and our unit and English name."""
    dataset, entry, _ = find_resource(call, resource_id)
    names = {column["name"] for column in entry.columns or []}
    found = {}
    for item in dataset.record.get("items") or []:
        said = {key: str(item.get(field) or "") for key, field in INFO.items()}
        if said["label"] == item.get("name"):
            said["label"] = ""
        if item.get("name") in names and any(said.values()):
            found[str(item["name"])] = {key: value for key, value in said.items() if value}
    return found


def field_of(column: Mapping[str, Any], known: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """A column as CKAN says it; ``info`` where the dictionary knows it."""
    field: dict[str, Any] = {"id": column["name"], "type": TYPES[column["type"]]}
    return field | ({"info": known[column["name"]]} if column["name"] in known else {})


def table_of(asked: Asked, call: Call, resource_id: str) -> Readable:
    """The table of a resource.  Raises ``NotFound`` and its kin."""
    dataset, entry, _ = find_resource(call, resource_id)
    if not entry.table_id or not entry.version_id:
        raise NotFound(kind="数据表 datastore resource", name=resource_id)
    return readable(asked.request, call.actor, dataset.id, resource_id)


def _records(names: list[str], rows: list[tuple[Any, ...]], form: str) -> Any:
    if form == "lists":
        return [list(row) for row in rows]
    if form == "objects":
        return [dict(zip(names, row, strict=True)) for row in rows]
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    return value


def _links(asked: Asked, limit: int, offset: int) -> dict[str, str]:
    path = asked.request.url.path
    return {
        "start": f"{path}?{_address(asked.values, limit, None)}",
        "next": f"{path}?{_address(asked.values, limit, offset + limit)}",
    }


def _next(asked: Asked, limit: int, offset: int) -> str:
    return f"{asked.site}{asked.request.url.path}?{_address(asked.values, limit, offset + limit)}"


def _address(values: Mapping[str, Any], limit: int, offset: int | None) -> str:
    plain = {
        key: value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
        for key, value in values.items()
        if key not in ("limit", "offset") and value is not None
    }
    pairs = {**plain, "limit": str(limit)} | ({"offset": str(offset)} if offset is not None else {})
    return urlencode(pairs)
