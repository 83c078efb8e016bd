"""All rows of a query, for a file: streamed out of the serving copy with the types of the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kaishu.delivery.columns import Column
from kaishu.delivery.copies import Copy
from kaishu.delivery.query import RowQuery
from kaishu.delivery.statements import DUCKDB, SQLITE, keys, order, where

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


def selected(copy: Copy, query: RowQuery, columns: Sequence[Column], size: int) -> Iterator[pa.RecordBatch]:
    """Record batches of the rows that match, in the query's order."""
    import polars as pl

    dialect = SQLITE if copy.small else DUCKDB
    searched, values = where(copy.columns, query, dialect)
    listed = ", ".join(column.key for column in columns)
    told = f"{searched}{order(keys(copy.columns, query))}"
    if copy.small:
        rows = copy.read(f"SELECT {listed} FROM data{told}", values)  # noqa: S608
        schema = {column.key: _KEPT.get(column.type, "String") for column in columns}
        types = {key: getattr(pl, name) for key, name in schema.items()}
        yield from _batches(pl.DataFrame(rows, schema=types, orient="row"), columns)
        return
    for batch in copy.stream(f"SELECT {listed} FROM {{data}}{told}", values, size):  # noqa: S608
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield from _batches(frame, columns)


_KEPT = {"integer": "Int64", "number": "Float64", "boolean": "Int8"}


def _batches(frame: pl.DataFrame, columns: Sequence[Column]) -> Any:
    """The frame as Arrow, under the table's own names."""
    import polars as pl

    made = frame.select(_typed(column) for column in columns)
    return made.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()


def _typed(column: Column) -> pl.Expr:
    import polars as pl

    kept = pl.col(column.key)
    if column.type == "date":
        kept = kept.str.to_date("%Y-%m-%d")
    elif column.type == "datetime":
        kept = kept.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us")
    elif column.type == "boolean":
        kept = kept.cast(pl.Boolean)
    return kept.alias(column.name)
