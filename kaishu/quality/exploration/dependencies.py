"""Dependencies between fields of a table: A decides B, A says the same as B, A is never after B.

The exceptions of A → B are the rows that would have to go for it to hold (the measure g3 of Kivinen and
Mannila, 1995).  They can only grow with the table, so a pair with too many in the first rows is refuted for
all of it; the others are counted over all rows.
"""

# Names go into SQL through ``named`` only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from kaishu.lake import named
from kaishu.quality.exploration.keys import FIRST, FIRST_ROWS
from kaishu.quality.fields import blank, one

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Fields looked at, pairs counted over all rows.
FIELDS, COUNTED = 24, 60
#: A dependency has at most this share of exceptions, and at most this part of those of a blind guess.
MOST, OF_GUESS = 0.05, 0.2
#: Values of the deciding field occur this many times on average, or there is nothing to be learnt.
_GROUP = 2
_ALIKE = 0.95


def find_dependencies(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """``{found: [{from, to, rows, exceptions, share}], tried, counted, passed_over, complete}``.

    ``passed_over`` are pairs that broke the rule in over a fifth of the first rows: exactly refuted only
    where the first rows are a large part of the table, so it is told.
    """
    records = fields[0]["records"] if fields else 0
    able = [field for field in fields if field["distinct"] > 1]
    able.sort(key=lambda field: field["distinct"])
    found: list[dict[str, Any]] = []
    tried = counted = passed = 0
    for left, right in _pairs(able[:FIELDS], records):
        if counted >= COUNTED:
            return _told(found, tried, counted, passed, complete=False)
        tried += 1
        rows, wrong = _exceptions(connection, FIRST, left, right)
        if records > FIRST_ROWS:
            if wrong > MOST * records or wrong > 0.2 * rows:
                passed += wrong <= MOST * records
                continue
            counted += 1
            rows, wrong = _exceptions(connection, source, left, right)
        if rows and _means_something(right, rows, wrong):
            found.append(
                {
                    "from": left["name"],
                    "to": right["name"],
                    "rows": rows,
                    "exceptions": wrong,
                    "share": wrong / rows,
                }
            )
    found.sort(key=lambda each: each["share"])
    return _told(found, tried, counted, passed, complete=len(able) <= FIELDS)


def _told(found: list[Any], tried: int, counted: int, passed: int, *, complete: bool) -> dict[str, Any]:
    return {"found": found, "tried": tried, "counted": counted, "passed_over": passed, "complete": complete}


def _pairs(
    fields: Sequence[Mapping[str, Any]], records: int
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs in which the left could decide the right: not fewer values, and each several times."""
    for left, right in permutations(fields, 2):
        present = records - left["missing"]
        if right["distinct"] <= 1.05 * left["distinct"] + 10 and _GROUP * left["distinct"] <= present:
            yield left, right


def _means_something(right: Mapping[str, Any], rows: int, wrong: int) -> bool:
    """Few exceptions, and far fewer than guessing the most frequent value of B would make."""
    guess = max(0, rows - right["top"][0]["count"]) if right["top"] else 0
    return wrong <= MOST * rows and wrong <= OF_GUESS * guess


def _exceptions(
    connection: DuckDBPyConnection, source: str, left: Mapping[str, Any], right: Mapping[str, Any]
) -> tuple[int, int]:
    """Rows in which both are there, and how many of them must go."""
    a, b = named(left["name"]), named(right["name"])
    there = f"{_there(left)} AND {_there(right)}"
    rows, kept = one(
        connection,
        f"SELECT coalesce(sum(n), 0)::BIGINT, coalesce(sum(m), 0)::BIGINT "
        f"FROM (SELECT sum(c) AS n, max(c) AS m "
        f"FROM (SELECT {a} AS a, count(*) AS c FROM {source} WHERE {there} GROUP BY {a}, {b}) GROUP BY a)",
    )
    return int(rows), int(rows) - int(kept)


def _there(field: Mapping[str, Any]) -> str:
    name = named(field["name"])
    if not field["missing"]:
        return "true"
    if field["type"] == "text":
        return f"{name} IS NOT NULL AND NOT {blank(name)}"
    return f"{name} IS NOT NULL" + (f" AND NOT isnan({name})" if field["type"] == "number" else "")


def find_twins(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Fields that say the same in at least 95 % of the rows: ``[{one, other, same, share}]``."""
    records = fields[0]["records"] if fields else 0
    pairs = [
        (one_, other)
        for one_, other in combinations(fields, 2)
        if one_["type"] == other["type"]
        and min(one_["distinct"], other["distinct"]) >= 0.8 * max(one_["distinct"], other["distinct"], 1)
        and abs(one_["missing"] - other["missing"]) <= (1 - _ALIKE) * records
        and one_["distinct"] > 1
    ][:200]
    if not pairs:
        return []
    listed = ", ".join(
        f"count(*) FILTER (WHERE {named(a['name'])} IS NOT DISTINCT FROM {named(b['name'])})"
        for a, b in pairs
    )
    counts = one(connection, f"SELECT {listed} FROM {source}")
    return [
        {"one": a["name"], "other": b["name"], "same": same, "share": same / records}
        for (a, b), same in zip(pairs, counts, strict=True)
        if same >= _ALIKE * records
    ]


def find_orders(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Days that are almost never after others: ``[{before, after, rows, exceptions, share}]``."""
    times = [field for field in fields if field["type"] in ("date", "datetime") and field["distinct"] > 1][
        :12
    ]
    pairs = list(permutations(times, 2))
    if not pairs:
        return []
    listed = []
    for a, b in pairs:
        x, y = named(a["name"]), named(b["name"])
        listed += [f"count(*) FILTER (WHERE {x} IS NOT NULL AND {y} IS NOT NULL)"]
        listed += [f"count(*) FILTER (WHERE {x} > {y})", f"count(*) FILTER (WHERE {x} < {y})"]
    counts = one(connection, f"SELECT {', '.join(listed)} FROM {source}")
    found = []
    for place, (a, b) in enumerate(pairs):
        rows, after, before = counts[3 * place : 3 * place + 3]
        if before and after <= MOST * rows:
            found.append(
                {
                    "before": a["name"],
                    "after": b["name"],
                    "rows": rows,
                    "exceptions": after,
                    "share": after / rows,
                }
            )
    return found
