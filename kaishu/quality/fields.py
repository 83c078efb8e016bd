"""The profile of one field, from its different values and how often each occurs.

One pass over the column makes a small table of (value, count); every statistic but the quartiles of
numbers comes from that, so a column of few different values costs next to nothing.
"""

# Names go into SQL through ``named`` only, values through parameters or ``quoted``.
# ruff: noqa: S608

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kaishu.lake import named, out_of_memory, quoted
from kaishu.quality.shapes import LENGTH, kinds_of, shape_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 10
BINS = 20
CUT = 200
_CHUNK = 100_000
#: Quartiles of more numbers than this are found by sorting instead of in memory.
_HELD_AT_ONCE = 10_000_000
#: Every space that Unicode knows, with the zero-width ones.
_SPACES = "".join(
    chr(point)
    for first, last in (
        (0x09, 0x0D),
        (0x1C, 0x20),
        (0x85, 0x85),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200B),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    )
    for point in range(first, last + 1)
)
NUMBERS = ("integer", "number")
TIMES = ("date", "datetime")


@dataclass(frozen=True, slots=True)
class Field:
    """A column to be profiled; ``source`` the view or table it is in, of ``records`` rows."""

    name: str
    type: str
    source: str
    records: int


def profile_field(connection: DuckDBPyConnection, field: Field) -> dict[str, Any]:
    """Every statistic of one field, safe for JSON.

    Missing is null, blank text and NaN.  ``distinct`` counts different values that are not missing, so that
    distinct + duplicates + missing = records.  Lengths are characters of the value as text.
    ``deviation`` is that of a sample; quartiles are interpolated (numbers) or actual values (times).
    Infinite numbers count as values but stay out of minimum, maximum, mean, deviation and quartiles.
    """
    present, length = make_tally(connection, field)
    missing = field.records - present
    distinct, longest, shortest, letters = one(
        connection,
        f"SELECT count(*), max(n), min(n), sum(n * c) FROM (SELECT {length} AS n, c FROM tally)",
    )
    duplicates = present - distinct
    found: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "records": field.records,
        "distinct": distinct,
        "distinct_rate": rate(distinct, field.records),
        "duplicates": duplicates,
        "duplicate_rate": rate(duplicates, field.records),
        "missing": missing,
        "missing_rate": rate(missing, field.records),
        "zeros": None,
        "zero_rate": None,
        "longest": longest,
        "shortest": shortest,
        "mean_length": letters / present if present else None,
        "minimum": None,
        "maximum": None,
        "mean": None,
        "deviation": None,
        "q1": None,
        "median": None,
        "q3": None,
        "top": _top(connection),
        "shapes": _shapes(connection, field.type),
        "histogram": [],
    }
    if field.type in NUMBERS:
        found |= _numbers(connection, field)
    elif field.type in TIMES:
        found |= _times(connection, field)
    elif present:
        low, high = one(connection, "SELECT min(v), max(v) FROM tally")
        found |= {"minimum": plain(low), "maximum": plain(high)}
    return found


def one(connection: DuckDBPyConnection, query: str, given: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """The only row of an aggregate."""
    row = connection.execute(query, given or {}).fetchone()
    if row is None:
        raise AssertionError("an aggregate always has a row")
    return row


def rate(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def plain(value: Any) -> Any:
    """A value as JSON can hold it; long text is cut."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, str) and len(value) > CUT:
        return value[:CUT] + "…"
    return value


def make_tally(connection: DuckDBPyConnection, field: Field) -> tuple[int, str]:
    """Make the table ``tally`` (v, c) of values that are not missing.

    Returns how many rows they are, and the SQL for the length of a value.
    """
    column, length = named(field.name), f"length({text_of(field.type)})"
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE tally AS "
            f"SELECT {column} AS v, count(*) AS c FROM {field.source} WHERE {column} IS NOT NULL GROUP BY 1"
        )
    except out_of_memory():
        # Millions of long texts: their beginning and a digest of 128 bits stand for them.
        length = "n"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE tally AS SELECT CASE WHEN length({column}) > {CUT} "
            f"THEN left({column}, {CUT}) || '…' || md5({column}) ELSE {column} END AS v, count(*) AS c, "
            f"any_value(length({column})) AS n FROM {field.source} WHERE {column} IS NOT NULL GROUP BY 1"
        )
    if field.type == "text":
        connection.execute(f"DELETE FROM tally WHERE {blank('v')}")
    elif field.type == "number":
        connection.execute("DELETE FROM tally WHERE isnan(v)")
    return int(one(connection, "SELECT coalesce(sum(c), 0) FROM tally")[0]), length


def blank(name: str) -> str:
    """Nothing but spaces of any kind.  Comparing first bytes is cheap and spares nearly every trim."""
    starts = " OR ".join(
        f"({name} >= {quoted(low)} AND {name} < {quoted(high)})"
        for low, high in (
            ("\u0085", "\u0086"),
            ("\u00a0", "\u00a1"),
            ("\u1680", "\u1681"),
            ("\u2000", "\u2060"),
            ("\u3000", "\u3001"),
            ("\ufeff", "\uff00"),
        )
    )
    return f"(({name} < '!' OR {starts}) AND trim({name}, {quoted(_SPACES)}) = '')"


def text_of(type: str) -> str:
    """A value as people write it: 12.0 is 12."""
    if type == "number":
        return "CASE WHEN v::VARCHAR LIKE '%.0' THEN left(v::VARCHAR, -2) ELSE v::VARCHAR END"
    return "v" if type == "text" else "v::VARCHAR"


def _top(connection: DuckDBPyConnection) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT v, c FROM tally ORDER BY c DESC, v LIMIT {MOST}").fetchall()
    return [{"value": plain(value), "count": count} for value, count in found]


def _shapes(connection: DuckDBPyConnection, type: str) -> list[dict[str, Any]]:
    """The most frequent shapes; of equally frequent ones the first by its letters."""
    import polars as pl

    text = text_of(type)
    query = f"SELECT left({text}, {LENGTH + 1}) AS shape, c::BIGINT AS count FROM tally"
    if type not in ("text", "number"):
        # Values of these types that are equally long look alike, so one of each length will do.
        query = (
            f"SELECT any_value({text}) AS shape, sum(c)::BIGINT AS count FROM tally "
            f"GROUP BY length({text}), left({text}, 1) IN ('-', 't')"
        )
    counted: pl.DataFrame | None = None
    for batch in connection.execute(query).to_arrow_reader(_CHUNK):
        frame = pl.DataFrame(pl.from_arrow(batch))
        frame = frame.with_columns(kinds_of(frame["shape"]))
        pieces = frame if counted is None else pl.concat([counted, frame])
        counted = pieces.group_by("shape").agg(pl.col("count").sum())
    if counted is None:
        return []
    best = counted.sort(["count", "shape"], descending=[True, False]).head(MOST)
    return [{"shape": shape_of(kinds), "count": count} for kinds, count in best.iter_rows()]


def _numbers(connection: DuckDBPyConnection, field: Field) -> dict[str, Any]:
    finite = "isfinite(v)" if field.type == "number" else "true"
    zeros, count, low, high = one(
        connection,
        f"SELECT coalesce(sum(c) FILTER (WHERE v = 0), 0), coalesce(sum(c) FILTER (WHERE {finite}), 0), "
        f"min(v) FILTER (WHERE {finite}), max(v) FILTER (WHERE {finite}) FROM tally",
    )
    found = {"zeros": zeros, "zero_rate": rate(zeros, field.records)}
    if not count:
        return found
    mean, deviation = _moments(connection, field.type, int(count), max(abs(low), abs(high)))
    quartiles = _quartiles(connection, field, finite, int(count))
    return found | {
        "minimum": low,
        "maximum": high,
        "mean": mean,
        "deviation": deviation,
        "q1": quartiles[0],
        "median": quartiles[1],
        "q3": quartiles[2],
        "histogram": _histogram(connection, float(low), float(high), "v", finite),
    }


def _quartiles(
    connection: DuckDBPyConnection, field: Field, finite: str, count: int
) -> Sequence[float | None]:
    """Interpolated between the two nearest values, as most statistics programs do."""
    if count <= _HELD_AT_ONCE:
        column = named(field.name)
        only = f"isfinite({column})" if field.type == "number" else "true"
        query = f"SELECT quantile_cont({column}, [0.25, 0.5, 0.75]) FROM {field.source} WHERE {only}"
        return [plain(value) for value in one(connection, query)[0]]
    places = [(count - 1) * quarter / 4 for quarter in (1, 2, 3)]
    ranks = sorted({edge for place in places for edge in (math.floor(place), math.ceil(place))})
    found = _ranked(connection, finite, ranks)
    return [
        found[math.floor(place)]
        + (found[math.ceil(place)] - found[math.floor(place)]) * (place - math.floor(place))
        for place in places
    ]


def _ranked(connection: DuckDBPyConnection, finite: str, ranks: Sequence[int]) -> dict[int, Any]:
    """The values at these places (from 0) of the sorted column, sorted on the disk where memory ends."""
    import polars as pl

    found: dict[int, Any] = {}
    passed = 0
    reader = connection.execute(f"SELECT v, c::BIGINT AS c FROM tally WHERE {finite} ORDER BY v")
    for batch in reader.to_arrow_reader(_CHUNK):
        frame = pl.DataFrame(pl.from_arrow(batch)).with_columns(pl.col("c").cum_sum() + passed)
        for rank in ranks:
            if rank not in found and frame.height and frame["c"][-1] > rank:
                found[rank] = frame["v"][int(frame["c"].search_sorted(rank, side="right"))]
        if frame.height:
            passed = int(frame["c"][-1])
    return found


def _moments(
    connection: DuckDBPyConnection, type: str, count: int, largest: float
) -> tuple[float, float | None]:
    """Mean and deviation in two passes over the different values; scaled where squares would overflow."""
    scale = 1.0 if largest < 1e100 else float(largest)
    if type == "integer":
        mean = one(connection, "SELECT sum(v::HUGEINT * c) FROM tally")[0] / count
    else:
        given = {"scale": scale}
        mean = one(connection, "SELECT fsum(v / $scale * c) FROM tally WHERE isfinite(v)", given)[0] / count
    finite = "true" if type == "integer" else "isfinite(v)"
    squares = one(
        connection,
        f"SELECT fsum(c * (v / $scale - $mean) * (v / $scale - $mean)) FROM tally WHERE {finite}",
        {"scale": scale, "mean": mean},
    )[0]
    deviation = math.sqrt(squares / (count - 1)) * scale if count > 1 else math.nan
    return mean * scale, deviation if math.isfinite(deviation) else None


def _times(connection: DuckDBPyConnection, field: Field) -> dict[str, Any]:
    low, high, count = one(connection, "SELECT min(v), max(v), coalesce(sum(c), 0) FROM tally")
    if low is None:
        return {}
    ranks = [math.ceil(count * quarter / 4) - 1 for quarter in (1, 2, 3)]
    found = _ranked(connection, "true", ranks)
    quartiles = [found[rank] for rank in ranks]
    # Days or seconds since 1970, and back again for the edges of the bars.
    number = "epoch(v)" if field.type == "datetime" else "epoch(v) / 86400"
    first, last = one(connection, f"SELECT min({number}), max({number}) FROM tally")
    bars = _histogram(connection, first, last, number, "true")
    for bar in bars:
        for edge in ("low", "high"):
            bar[edge] = _moment(connection, bar[edge], field.type)
    return {
        "minimum": plain(low),
        "maximum": plain(high),
        "q1": plain(quartiles[0]),
        "median": plain(quartiles[1]),
        "q3": plain(quartiles[2]),
        "histogram": bars,
    }


def _moment(connection: DuckDBPyConnection, number: float, type: str) -> str:
    seconds = math.floor(number) * (1 if type == "datetime" else 86_400)
    value = one(connection, "SELECT make_timestamp($us)", {"us": seconds * 1_000_000})[0]
    return str(plain(value if type == "datetime" else value.date()))


def _histogram(
    connection: DuckDBPyConnection, low: float, high: float, number: str, where: str
) -> list[dict[str, Any]]:
    """Bars of equal width from the smallest to the largest value; the last one holds its upper edge."""
    width = (high - low) / BINS
    if not width or not math.isfinite(width):
        count = one(connection, f"SELECT sum(c) FROM tally WHERE {where}")[0]
        return [{"low": low, "high": high, "count": count}]
    counts = dict(
        connection.execute(
            f"SELECT least(floor(({number} - $low) / $width), {BINS - 1})::INTEGER AS bin, sum(c) "
            f"FROM tally WHERE {where} GROUP BY bin",
            {"low": low, "width": width},
        ).fetchall()
    )
    edges = [low + width * number for number in range(BINS)] + [high]
    return [{"low": edges[bin], "high": edges[bin + 1], "count": counts.get(bin, 0)} for bin in range(BINS)]
