"""Candidate keys: fields, and small sets of fields, whose values are never missing and never repeat.

Exact.  A set that repeats within the first rows is no key of the whole table either, so most are refuted
cheaply; what is left is counted over all rows.
"""

# Names go into SQL through ``named`` only.
# ruff: noqa: S608

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kaishu.lake import named
from kaishu.quality.fields import one

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Largest set of fields, fields that sets are made of, sets looked at, sets counted over all rows.
SIZE, FIELDS, TRIED, COUNTED = 3, 16, 400, 24
#: Where the first rows of the table are kept meanwhile, and how many they are.
FIRST, FIRST_ROWS = "first_rows", 50_000
_NEARLY = 0.99


def find_keys(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """``{keys: [[name]], near: [{name, repeated, missing}], tried, counted, complete}``; keys are minimal.

    ``complete`` tells that every set of up to ``SIZE`` fields without missing values has been decided.
    """
    records = fields[0]["records"] if fields else 0
    if records < 2:
        return {"keys": [], "near": [], "tried": 0, "counted": 0, "complete": True}
    single = [[field["name"]] for field in fields if field["distinct"] == records]
    near = [
        {"name": field["name"], "repeated": field["duplicates"], "missing": field["missing"]}
        for field in fields
        if field["distinct"] != records and field["distinct"] >= _NEARLY * records
    ]
    parts = [field for field in fields if field["missing"] == 0 and 1 < field["distinct"] < records]
    parts.sort(key=lambda field: -field["distinct"])
    cut = len(parts) > FIELDS
    found, tried, counted, stopped = _sets(connection, source, parts[:FIELDS], records)
    return {
        "keys": [*single, *found],
        "near": near,
        "tried": tried,
        "counted": counted,
        "complete": not (cut or stopped),
    }


def _sets(
    connection: DuckDBPyConnection, source: str, parts: Sequence[Mapping[str, Any]], records: int
) -> tuple[list[list[str]], int, int, bool]:
    found: list[list[str]] = []
    tried = counted = 0
    for size in range(2, SIZE + 1):
        for group in combinations(parts, size):
            names = [field["name"] for field in group]
            if math.prod(field["distinct"] for field in group) < records:
                continue
            if any(set(key) <= set(names) for key in found):
                continue
            if tried >= TRIED or counted >= COUNTED:
                return found, tried, counted, True
            tried += 1
            if _repeats(connection, FIRST, names):
                continue
            counted += records > FIRST_ROWS
            if records <= FIRST_ROWS or not _repeats(connection, source, names):
                found.append(names)
    return found, tried, counted, False


def _repeats(connection: DuckDBPyConnection, source: str, names: Sequence[str]) -> bool:
    listed = ", ".join(map(named, names))
    grouped = f"SELECT 1 FROM {source} GROUP BY {listed} HAVING count(*) > 1 LIMIT 1"
    return bool(one(connection, f"SELECT count(*) FROM ({grouped})")[0])
