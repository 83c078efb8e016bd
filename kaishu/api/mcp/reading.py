"""Tools that read tables: rows, what their columns mean, and which versions there are."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, delivery
from kaishu.api.mcp import wanted
from kaishu.api.mcp.desk import Desk, Reply
from kaishu.base import clock
from kaishu.catalogue import resources_of
from kaishu.catalogue.models import Dataset
from kaishu.lake.models import Version

SAID = ("title", "title_en", "unit", "description", "description_en", "code_list")
CELL = 200  # characters of a cell in the text form


def ckan_datastore_search(
    desk: Desk,
    resource_id: wanted.ResourceId,
    q: wanted.Words = "",
    filters: wanted.Filters = {},  # noqa: B006 - never changed
    fields: wanted.Columns = [],  # noqa: B006 - never changed
    sort: wanted.Sort = "",
    limit: wanted.Limit = 100,
    offset: wanted.Start = 0,
    version: wanted.Version = None,
) -> Reply:
    """查询一张表的行：按列过滤、全文检索、选列、排序、翻页（每次至多 200 行）；version 可查旧版本。

    Rows of a table: filtered, searched, sorted, paged, 200 at most a call; ``version`` reads an old edition.
    """
    dataset, table = _table(desk, resource_id, version)
    arguments: dict[str, Any] = {"limit": limit, "offset": offset, "include_total": True}
    for name, value in (("q", q), ("filters", dict(filters)), ("fields", list(fields)), ("sort", sort)):
        if value:
            arguments[name] = value
    query = delivery.RowQuery.from_ckan(delivery.Columns.of(table.columns), arguments)
    page = delivery.query_rows(desk.call, table, query, subject=dataset.id)
    names = [column["name"] for column in page.columns]
    total, following = page.total or 0, offset + len(page.rows)
    return Reply(
        {
            "resource_id": resource_id,
            "version": table.number,
            "sha256": table.sha256,
            "fields": page.columns,
            "records": [dict(zip(names, row, strict=False)) for row in page.rows],
            "total": total,
            "limit": limit,
            "offset": offset,
        },
        table_lines(names, page.rows),
        desk.papers([dataset]),
        total=total,
        following=following if page.rows and following < total else None,
        empty=not page.rows,
    )


def kaishu_fields(desk: Desk, resource_id: wanted.ResourceId) -> Reply:
    """一张表的数据字典：列名、类型、中文名、单位、说明。

    The dictionary of a table: columns with type, title, unit and meaning.
    """
    dataset, table = _table(desk, resource_id, None)
    known = {item.get("name"): item for item in dataset.record.get("items", ())}
    fields = []
    for column in table.columns:
        item = known.get(column["name"], {})
        said = {
            key: item[key]
            for key in ("title", "title_en", "unit", "description", "code_list")
            if item.get(key)
        }
        fields.append({"name": column["name"], "type": column["type"], **said})
    lines = [
        f"{each['name']} ({each['type']}) {each.get('unit', '')} {each.get('description', '')}".rstrip()
        for each in fields
    ]
    result = {"resource_id": resource_id, "version": table.number, "rows": table.rows, "fields": fields}
    return Reply(result, lines, desk.papers([dataset]), total=len(fields))


def kaishu_versions(desk: Desk, id: wanted.Id) -> Reply:
    """一个数据集发布过哪些版本：记录的修订和各表的数据版本。

    The published editions of a dataset: revisions of its record and versions of its tables.
    """
    dataset = catalogue.dataset_by_name(desk.call, id)
    revisions = catalogue.published_revisions(desk.call.session, dataset)[:100]
    tables = catalogue.published_versions(desk.call.session, dataset)
    result: dict[str, Any] = {
        "id": dataset.id,
        "name": dataset.name,
        "revisions": [
            {"number": each.number, "published": each.published_at, "title": each.record.get("title", "")}
            for each in revisions
        ],
        "tables": [
            {
                "resource_id": entry.id,
                "name": entry.name,
                "versions": [
                    {"number": v.number, "rows": v.rows, "sha256": v.sha256, "created": v.created_at}
                    for v in tables.get(entry.id, [])[:100]
                ],
            }
            for entry in resources_of(dataset)
            if entry.version_id
        ],
    }
    lines = [
        f"v{each.number} {clock.day_of(each.published_at)} {each.record.get('title', '')}"
        for each in revisions
        if each.published_at
    ]
    for table in result["tables"]:
        numbers = ", ".join(f"v{each['number']} ({each['rows']})" for each in table["versions"])
        lines.append(f"{table['name']} {table['resource_id']}: {numbers}")
    return Reply(result, lines, desk.papers([dataset]), total=len(revisions), empty=not revisions)


def table_lines(names: list[str], rows: list[tuple[Any, ...]]) -> list[str]:
    """Rows as text with bars between the cells."""
    return [" | ".join(names), *(" | ".join(_cell(value) for value in row) for row in rows)] if rows else []


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("\n", " ")[:CELL]


def _table(desk: Desk, resource_id: str, number: int | None) -> tuple[Dataset, Version]:
    """The table to read, by the rights of whoever asks.  Raises ``NoSuchDataset``, ``NotOpen`` and kin."""
    dataset = catalogue.dataset_of_resource(desk.call, resource_id)
    found, _, version = catalogue.readable_version(desk.call, dataset.name, resource_id, number)
    return found, version
