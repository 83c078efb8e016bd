"""Business time against update time: how often rows come, when, and how late; and where values lack."""

# Names go into SQL through ``named`` only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kaishu.lake import named
from kaishu.quality.exploration.naming import says
from kaishu.quality.fields import blank, one, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BLOCKS = 40
_UPDATED = """
    更新 入库 同步 修改 采集 变更时间
    录入 上传 推送 update updated modified etl load sync insert gxsj rksj
    """.split()  # noqa: SIM905 - a list of words is easier to read
#: Longest usual gap in days between days on which something came.
PERIODS = (
    ("daily", 1.5, "每天", "daily"),
    ("weekly", 9, "每周", "weekly"),
    ("monthly", 45, "每月", "monthly"),
    ("quarterly", 135, "每季", "quarterly"),
    ("yearly", 550, "每年", "yearly"),
    ("rare", float("inf"), "一年以上", "less than yearly"),
)


def find_arrival(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """``{times: [{name, role, first, last, days, period, usual_gap, longest_gap, rows_a_day}], lags: […]}``.

    Gaps and lags in days; ``lags`` has the median, the 95th of a hundred, and rows updated too early.
    """
    times = [field for field in fields if field["type"] in ("date", "datetime") and field["distinct"] > 1][
        :12
    ]
    told = [_time(connection, source, field) for field in times]
    business = [each["name"] for each in told if each["role"] == "business"]
    updated = [each["name"] for each in told if each["role"] == "update"]
    lags = [_lag(connection, source, one_, other) for one_ in business for other in updated]
    return {"times": told, "lags": lags}


def _time(connection: DuckDBPyConnection, source: str, field: Mapping[str, Any]) -> dict[str, Any]:
    column = named(field["name"])
    by_day = f"SELECT {column}::DATE AS d, count(*) AS c FROM {source} WHERE {column} IS NOT NULL GROUP BY d"
    gaps = f"SELECT d, c, d - lag(d) OVER (ORDER BY d) AS gap FROM ({by_day})"
    first, last, days, usual, longest, middle, most = one(
        connection,
        f"SELECT min(d), max(d), count(*), median(gap), max(gap), median(c), max(c) FROM ({gaps})",
    )
    period = None if usual is None else next(code for code, most_, *_ in PERIODS if usual <= most_)
    return {
        "name": field["name"],
        "role": "update" if says(field["name"], _UPDATED) else "business",
        "first": plain(first),
        "last": plain(last),
        "days": days,
        "period": period,
        "usual_gap": usual,
        "longest_gap": longest,
        "rows_a_day": middle,
        "most_a_day": most,
    }


def _lag(connection: DuckDBPyConnection, source: str, business: str, updated: str) -> dict[str, Any]:
    days = f"date_diff('day', {named(business)}::DATE, {named(updated)}::DATE)"
    rows, early, middle, late, same = one(
        connection,
        f"SELECT count(d), count(*) FILTER (WHERE d < 0), quantile_disc(d, 0.5), quantile_disc(d, 0.95), "
        f"count(*) FILTER (WHERE d = 0) FROM (SELECT {days} AS d FROM {source})",
    )
    return {
        "business": business,
        "update": updated,
        "rows": rows,
        "early": early,
        "median": middle,
        "p95": late,
        "same_day": same,
    }


def missing_map(
    connection: DuckDBPyConnection, source: str, fields: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Where in the table values are missing: ``{blocks, rows: [rows], fields: {name: [missing]}}``.

    The rows in their order are cut into at most ``BLOCKS`` blocks; only fields with holes are told.
    """
    records = fields[0]["records"] if fields else 0
    holed = [field for field in fields if field["missing"]]
    if not records or not holed:
        return {"blocks": 0, "rows": [], "fields": {}}
    blocks = min(BLOCKS, records)
    holes = ", ".join(f"({_missing(field)}) AS h{place}" for place, field in enumerate(holed))
    listed = ", ".join(f"count(*) FILTER (WHERE h{place})" for place in range(len(holed)))
    block = f"(row_number() OVER () - 1) * {blocks} // {records}"
    counts = connection.execute(
        f"SELECT block, count(*), {listed} FROM (SELECT {block} AS block, {holes} FROM {source}) "
        f"GROUP BY block ORDER BY block"
    ).fetchall()
    return {
        "blocks": blocks,
        "rows": [row[1] for row in counts],
        "fields": {field["name"]: [row[place + 2] for row in counts] for place, field in enumerate(holed)},
    }


def _missing(field: Mapping[str, Any]) -> str:
    name = named(field["name"])
    if field["type"] == "text":
        return f"{name} IS NULL OR {blank(name)}"
    return f"{name} IS NULL" + (f" OR isnan({name})" if field["type"] == "number" else "")
