"""Foreign keys: fields whose values stand in a key of another table, with the rows that find none."""

# Names go into SQL through ``named`` only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.lake import named, spilling_views
from kaishu.quality.exploration.naming import likeness
from kaishu.quality.fields import blank, one

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from kaishu.lake import TableData

#: Tables and pairs of fields looked at; share of rows that must find their key; likeness of names.
TABLES, PAIRS, COVERED, LIKE = 12, 60, 0.8, 0.5
_KEY = 0.999


@dataclass(frozen=True, slots=True)
class Related:
    """Another table: what it is called, its rows, its profile."""

    name: str
    data: TableData
    profile: Mapping[str, Any]


def find_references(
    data: TableData, fields: Sequence[Mapping[str, Any]], others: Sequence[Related]
) -> dict[str, Any]:
    """``{found: [{field, table, to, rows, orphans, share, likeness, examples}], tried, complete}``."""
    found: list[dict[str, Any]] = []
    tried, complete = 0, len(others) <= TABLES
    for other in others[:TABLES]:
        pairs = _pairs(fields, other)
        if not pairs:
            continue
        with spilling_views({"data": data.layers, "other": other.data.layers}) as connection:
            for field, key, like in pairs:
                if tried >= PAIRS:
                    complete = False
                    break
                tried += 1
                found += _counted(connection, field, key, like, other.name)
    found.sort(key=lambda each: (-each["likeness"], -each["share"]))
    return {"found": found, "tried": tried, "complete": complete, "tables": len(others)}


def _pairs(
    fields: Sequence[Mapping[str, Any]], other: Related
) -> list[tuple[Mapping[str, Any], Mapping[str, Any], float]]:
    keys = [
        key
        for key in other.profile["fields"]
        if key["distinct"] > 1 and key["distinct"] >= _KEY * (key["records"] - key["missing"])
    ]
    pairs = []
    for field in fields:
        for key in keys:
            like = likeness(field["name"], key["name"])
            if _possible(field, key, like):
                pairs.append((field, key, like))
    pairs.sort(key=lambda pair: -pair[2])
    return pairs


def _possible(field: Mapping[str, Any], key: Mapping[str, Any], like: float) -> bool:
    """Same type, few more values than keys, ranges that meet; whole numbers need a like name."""
    if field["type"] != key["type"] or field["type"] not in ("text", "integer") or field["distinct"] < 2:
        return False
    if field["distinct"] > 1.3 * key["distinct"]:
        return False
    if field["type"] == "integer" and like < LIKE:
        return False
    return bool(field["minimum"] <= key["maximum"] and key["minimum"] <= field["maximum"])


def _counted(
    connection: DuckDBPyConnection, field: Mapping[str, Any], key: Mapping[str, Any], like: float, table: str
) -> list[dict[str, Any]]:
    a, b = named(field["name"]), named(key["name"])
    there = f"{a} IS NOT NULL" + (f" AND NOT {blank(a)}" if field["type"] == "text" else "")
    values = f"SELECT {a} AS v, count(*) AS c FROM data WHERE {there} GROUP BY v"
    lost = f"SELECT v, c FROM ({values}) AS f ANTI JOIN other ON f.v = other.{b}"
    rows, kinds = one(connection, f"SELECT coalesce(sum(c), 0)::BIGINT, count(*) FROM ({lost})")
    present = field["records"] - field["missing"]
    share = (present - rows) / present
    if share < COVERED or (like < LIKE and (field["distinct"] < 10 or kinds)):
        return []
    told = connection.execute(f"SELECT v FROM ({lost}) ORDER BY c DESC, v LIMIT 5").fetchall() if rows else []
    return [
        {
            "field": field["name"],
            "table": table,
            "to": key["name"],
            "rows": present,
            "orphans": rows,
            "share": share,
            "likeness": like,
            "examples": [str(value)[:60] for (value,) in told],
        }
    ]
