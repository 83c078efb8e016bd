"""All rows of a query, for a file: streamed out of the serving copy with the types of the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kaishu.delivery.columns import Column
from kaishu.delivery.copies import Copy
from kaishu.delivery.query import RowQuery
from kaishu.delivery.statements import DUCKDB, SQLITE, keys, order, where

if TYPE_CHECKING:
    import polars as pl


def selected(copy: Copy, query: RowQuery, columns: Sequence[Column], size: int) -> Iterator[pl.DataFrame]:
    """Frames of the rows that match, in the query's order."""
    import polars as pl

    dialect = SQLITE if copy.small else DUCKDB
    searched, values = where(copy.columns, query, dialect)
    listed = ", ".join(column.key for column in columns)
    told = f"{searched}{order(keys(copy.columns, query))}"
    if copy.small:
        rows = copy.read(f"SELECT {listed} FROM data{told}", values)  # noqa: S608
        schema = {column.key: _KEPT.get(column.type, "String") for column in columns}
        types = {key: getattr(pl, name) for key, name in schema.items()}
        yield from _pieces(pl.DataFrame(rows, schema=types, orient="row"), columns)
        return
    for batch in copy.stream(f"SELECT {listed} FROM {{data}}{told}", values, size):  # noqa: S608
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield from _pieces(frame, columns)


_KEPT = {"integer": "Int64", "number": "Float64", "boolean": "Int8"}


def _pieces(frame: pl.DataFrame, columns: Sequence[Column]) -> Iterator[pl.DataFrame]:
    """The frame under the table's own names and types, unless it is empty."""
    if frame.height:
        yield frame.select(_typed(column) for column in columns)


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
