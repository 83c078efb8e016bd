"""Rows of a version as a table to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kaishu import delivery, lake
from kaishu.access import Call
from kaishu.lake.models import Version
from kaishu.web.contexts import Grid, GridColumn
from kaishu.web.words import _

NUMERIC = frozenset({"integer", "number"})
FIRST = 10
ID = "_id"


def type_name(code: str) -> str:
    """The word for a column type."""
    return {
        "text": _("文本"),
        "integer": _("整数"),
        "number": _("小数"),
        "boolean": _("是否"),
        "date": _("日期"),
        "datetime": _("时间"),
    }.get(code, code)


def grid_of(
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[Any]],
    head: Callable[[str], tuple[str, str]] = lambda name: ("", ""),
) -> Grid:
    """Columns and rows for the template; ``head`` gives link and direction of a column's head."""
    shown = [
        GridColumn(
            column["name"],
            type_name(column["type"]),
            column["type"] in NUMERIC,
            *head(column["name"]),
        )
        for column in columns
    ]
    return Grid(shown, rows)


def first_rows(call: Call, version: Version, count: int = FIRST) -> Grid:
    """The first rows as they stand in the file; never waits for a serving copy to be made."""
    names = tuple(column["name"] for column in version.columns)
    query = delivery.RowQuery(columns=names, limit=count, count=False)
    if delivery.fast_plan(version, query):
        found = delivery.query_rows(call, version, query)
        return grid_of(found.columns, found.rows)
    data, rows = lake.open_version(version), []
    if data.plain:
        rows = data.lazy().select(names).head(count).collect().rows()
    else:
        for batch in data.batches(names, size=count):
            rows += zip(*(column.to_pylist() for column in batch.columns), strict=True)
            if len(rows) >= count:
                break
    return grid_of(version.columns, rows[:count])
