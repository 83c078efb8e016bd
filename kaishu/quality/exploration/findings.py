"""What one field's values break: rules for names, days, numbers and texts; fences for extreme values."""

# Names never come in here; values go through parameters.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kaishu.quality.exploration.codes import code_tables
from kaishu.quality.exploration.contents import Contents, read_contents
from kaishu.quality.exploration.kinds import kind_of, real_type, representation
from kaishu.quality.exploration.signs import AGREED_DATES, AGREED_NUMBERS, CHARACTERS
from kaishu.quality.fields import BINS, Field, make_tally, one, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What is counted for each class of field: code to (zh, en).  A count above 0 is to be looked at.
RULES = {
    "digits-in-name": ("名称里只有数字", "names of digits only"),
    "padded": ("前后有空格", "spaces around"),
    "future": ("晚于探查当日", "later than the day of exploration"),
    "ancient": ("早于1900年", "before 1900"),
    "off-calendar": ("日历上没有的日期", "days that are on no calendar"),
    "negative": ("负数", "negative numbers"),
    "extreme": ("超出上下限（四分位距3倍以外）", "beyond the fences (3 interquartile ranges)"),
    "infinite": ("无穷大", "infinite numbers"),
    "break": ("含换行或制表符", "line breaks or tabs"),
    "long": ("超过1000个字符", "over 1,000 characters"),
}
_FENCE = 3


def explore_field(
    connection: DuckDBPyConnection, source: str, profiled: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """One field, safe for JSON; ``profiled`` is its profile.  Leaves the table ``tally`` behind."""
    field = Field(profiled["name"], profiled["type"], source, profiled["records"])
    _, length = make_tally(connection, field)
    contents = read_contents(connection, dict(profiled))
    kind = kind_of(profiled, contents)
    enumerated = kind in ("nominal", "ordinal", "binary", "constant") or profiled["distinct"] <= 300
    return {
        "name": profiled["name"],
        "type": profiled["type"],
        "variable": kind,
        "real_type": real_type(profiled, contents),
        "representation": representation(profiled, contents),
        "shortest": profiled["shortest"],
        "longest": profiled["longest"],
        "missing": profiled["missing"],
        "lengths": _lengths(connection, profiled),
        "agreed": _agreed(connection, profiled, contents),
        "characters": [
            {"kind": code, "count": count, "examples": contents.examples.get(code, [])}
            for code in CHARACTERS
            if (count := contents.characters[code])
        ],
        "codes": _codes(contents),
        "code_tables": code_tables(contents.values, profiled["name"]) if enumerated else [],
        "fences": fences(profiled),
        "rules": _rules(connection, profiled, contents, kind, today),
        "cut": length == "n",
    }


def _lengths(connection: DuckDBPyConnection, profiled: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows by length of the text, at most twenty bars of equal width: ``[{low, high, count}]``."""
    if profiled["type"] != "text" or profiled["longest"] is None:
        return []
    shortest = profiled["shortest"]
    width = -(-(profiled["longest"] - shortest + 1) // BINS)
    counted = connection.execute(
        "SELECT (length(v) - $low) // $width AS bin, sum(c)::BIGINT FROM tally GROUP BY bin ORDER BY bin",
        {"low": shortest, "width": width},
    ).fetchall()
    return [
        {"low": shortest + bin * width, "high": shortest + (bin + 1) * width - 1, "count": count}
        for bin, count in counted
    ]


def _codes(contents: Contents) -> list[dict[str, Any]]:
    found = [told for one_ in contents.codes if (told := one_.told()) is not None]
    return sorted(found, key=lambda told: -told["share"])[:2]


def fences(profiled: Mapping[str, Any]) -> dict[str, float] | None:
    """Below ``low`` and above ``high`` a number is extreme: Tukey's outer fences."""
    if profiled["type"] not in ("integer", "number") or profiled["q1"] is None:
        return None
    width = profiled["q3"] - profiled["q1"]
    if not width:
        return None
    return {"low": profiled["q1"] - _FENCE * width, "high": profiled["q3"] + _FENCE * width}


def _agreed(
    connection: DuckDBPyConnection, profiled: Mapping[str, Any], contents: Contents
) -> list[dict[str, Any]]:
    """Values of the agreed list that occur, the most frequent first; at most ten."""
    type = profiled["type"]
    if type == "text":
        found: list[tuple[Any, int]] = list(contents.agreed.most_common(10))
    else:
        listed = {
            "integer": ", ".join(map(str, AGREED_NUMBERS)),
            "number": ", ".join(map(str, AGREED_NUMBERS)),
            "date": ", ".join(f"DATE '{day}'" for day in AGREED_DATES),
            "datetime": ", ".join(f"TIMESTAMP '{day} 00:00:00'" for day in AGREED_DATES),
        }.get(type)
        if listed is None:
            return []
        query = f"SELECT v, c FROM tally WHERE v IN ({listed}) ORDER BY c DESC, v LIMIT 10"
        found = connection.execute(query).fetchall()
    return [{"value": plain(value), "count": count} for value, count in found]


def _rules(
    connection: DuckDBPyConnection, profiled: Mapping[str, Any], contents: Contents, kind: str, today: date
) -> list[dict[str, Any]]:
    counted: dict[str, int] = {}
    if profiled["type"] in ("integer", "number"):
        counted = _numbers(connection, profiled, kind)
    elif profiled["type"] in ("date", "datetime"):
        counted = _days(connection, today)
    elif profiled["type"] == "text":
        counted = {"padded": contents.characters["padded"], "break": contents.characters["break"]}
        if kind == "name":
            counted["digits-in-name"] = contents.forms["digits"]
        if kind == "date":
            counted["off-calendar"] = contents.forms["off-calendar"]
        if (profiled["longest"] or 0) > 1000:
            counted["long"] = int(
                one(connection, "SELECT coalesce(sum(c), 0) FROM tally WHERE length(v) > 1000")[0]
            )
    return [{"rule": rule, "count": int(count)} for rule, count in counted.items()]


def _numbers(connection: DuckDBPyConnection, profiled: Mapping[str, Any], kind: str) -> dict[str, int]:
    fence = fences(profiled)
    low, high = (fence["low"], fence["high"]) if fence and kind != "identifier" else (None, None)
    finite = "isfinite(v)" if profiled["type"] == "number" else "true"
    negative, extreme, infinite = one(
        connection,
        f"SELECT coalesce(sum(c) FILTER (WHERE v < 0), 0), "
        f"coalesce(sum(c) FILTER (WHERE {finite} AND (v < $low::DOUBLE OR v > $high::DOUBLE)), 0), "
        f"coalesce(sum(c) FILTER (WHERE NOT {finite}), 0) FROM tally",
        {"low": low, "high": high},
    )
    return {"negative": negative, "extreme": extreme, "infinite": infinite}


def _days(connection: DuckDBPyConnection, today: date) -> dict[str, int]:
    future, ancient = one(
        connection,
        "SELECT coalesce(sum(c) FILTER (WHERE v::DATE > $today::DATE), 0), "
        "coalesce(sum(c) FILTER (WHERE v::DATE < DATE '1900-01-01'), 0) FROM tally",
        {"today": today},
    )
    return {"future": future, "ancient": ancient}
