"""Tools that list departments, themes and tags, and say what the catalogue holds."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from kaishu import catalogue, discovery
from kaishu.api.mcp import wanted
from kaishu.api.mcp.desk import Desk, Reply
from kaishu.catalogue import State

STATS = {
    "organizations": "office",
    "themes": "theme",
    "formats": "format",
    "licences": "licence",
    "open_classes": "open_class",
    "share_classes": "share_class",
    "update_frequencies": "update_frequency",
    "tags": "tag",
}
Query = Annotated[str, Field(max_length=200, description="标签中的文字 / text in the tag")]


def ckan_organization_list(
    desk: Desk, sort: wanted.Sort = "", limit: wanted.Limit = 100, offset: wanted.Start = 0
) -> Reply:
    """部门列表，含各自的数据集数量；sort 可为 title、name、package_count desc。

    Departments with the number of their datasets.
    """
    return _page(desk.ckan("organization_list", all_fields=True, sort=sort or None), limit, offset)


def ckan_organization_show(desk: Desk, id: wanted.OfficeId, include_datasets: wanted.Flag = False) -> Reply:
    """一个部门的信息；include_datasets 为 true 时列出它的数据集（至多 200 个）。

    One department; with include_datasets also its datasets, 200 at most.
    """
    shown = desk.ckan("organization_show", id=id)
    return _with_datasets(desk, shown, {"office": [shown["name"]]}, include_datasets)


def ckan_organization_search(desk: Desk, pattern: wanted.Pattern, limit: wanted.Limit = 50) -> Reply:
    """按名称中的文字找部门。

    Departments whose name or title contains a text.
    """
    return _page(_fitting(desk.ckan("organization_list", all_fields=True), pattern), limit, 0)


def ckan_group_list(
    desk: Desk, sort: wanted.Sort = "", limit: wanted.Limit = 100, offset: wanted.Start = 0
) -> Reply:
    """主题列表，含各自的数据集数量。

    Themes with the number of their datasets.
    """
    return _page(desk.ckan("group_list", all_fields=True, sort=sort or None), limit, offset)


def ckan_group_show(desk: Desk, id: wanted.GroupId, include_datasets: wanted.Flag = False) -> Reply:
    """一个主题的信息；include_datasets 为 true 时列出其中的数据集（至多 200 个）。

    One theme; with include_datasets also its datasets, 200 at most.
    """
    from kaishu.base.errors import NotFound

    themes = desk.ckan("group_list", all_fields=True)
    named = [each for each in themes if id in (each["name"], each["title"])]
    if not named:
        raise NotFound(kind="主题 theme", name=id)
    return _with_datasets(desk, named[0], {"theme": [named[0]["name"]]}, include_datasets)


def ckan_group_search(desk: Desk, pattern: wanted.Pattern, limit: wanted.Limit = 50) -> Reply:
    """按名称中的文字找主题。

    Themes whose name or title contains a text.
    """
    return _page(_fitting(desk.ckan("group_list", all_fields=True), pattern), limit, 0)


def ckan_tag_list(
    desk: Desk, query: Query = "", limit: wanted.Limit = 100, offset: wanted.Start = 0
) -> Reply:
    """正在使用的标签。

    Tags in use.
    """
    return _page(desk.ckan("tag_list", query=query or None), limit, offset)


def ckan_status_show(desk: Desk) -> Reply:
    """本站的名称、地址和接口版本。

    What this site is and which interface it speaks.
    """
    status = desk.ckan("status_show")
    return Reply(status, [f"{key}: {value}" for key, value in status.items() if value])


def ckan_catalog_stats(desk: Desk, facet_limit: wanted.FacetLimit = 20) -> Reply:
    """目录概况：数据集总数，按部门、主题、格式、许可、开放类型、更新周期的数量。

    The catalogue in figures: datasets by department, theme, format, licence, class and frequency.
    """
    query = discovery.Query(facets=list(STATS.values()), facet_limit=facet_limit, limit=0)
    found = discovery.search(desk.call, query)
    counted = {
        name: [{"value": value, "count": count} for value, count in found.facets[field]]
        for name, field in STATS.items()
    }
    lines = [f"datasets: {found.total}"]
    for name, values in counted.items():
        lines.append(f"{name}: " + ", ".join(f"{each['value']} {each['count']}" for each in values))
    return Reply({"datasets": found.total, **counted}, lines, total=found.total, empty=found.total == 0)


def _page(found: list[Any], limit: int, offset: int) -> Reply:
    page = found[offset : offset + limit]
    lines = [
        each if isinstance(each, str) else f"{each['title']} ({each['name']}) {each.get('package_count', '')}"
        for each in page
    ]
    following = offset + limit
    return Reply(
        page,
        lines,
        total=len(found),
        following=following if following < len(found) else None,
        empty=not page,
    )


def _fitting(found: list[dict[str, Any]], pattern: str) -> list[dict[str, Any]]:
    wanted_text = pattern.strip().strip("*").casefold()
    return [
        each
        for each in found
        if any(wanted_text in str(each.get(key, "")).casefold() for key in ("name", "title", "description"))
    ]


def _with_datasets(desk: Desk, shown: dict[str, Any], filters: dict[str, list[str]], include: bool) -> Reply:
    lines = [f"{shown['title']} ({shown['name']}) {shown.get('package_count', '')}", shown["description"]]
    if not include:
        return Reply(shown, lines, total=1)
    found = discovery.search(
        desk.call, discovery.Query(filters=filters, sort="updated", limit=wanted.MOST_ROWS)
    )
    rows = catalogue.datasets_by_ids(desk.call, [hit.dataset_id for hit in found.hits])
    rows = [row for row in rows if row.state == State.published]
    shown = {**shown, "packages": [{"id": r.id, "name": r.name, "title": r.title} for r in rows]}
    lines += [f"- {row.title} ({row.name})" for row in rows]
    return Reply(shown, lines, desk.papers(rows), total=found.total, empty=not rows)
