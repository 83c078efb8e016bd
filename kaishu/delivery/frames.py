"""Batches of a version as Polars frames, in the forms that copies and files keep values in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kaishu.delivery.columns import ID, Column

if TYPE_CHECKING:
    import polars as pl

    from kaishu.lake import VersionData

PAGED = 16_384
GROUP = 131_072
MOMENT = "%Y-%m-%dT%H:%M:%S%.f"


def frames(batches: Iterable[Any]) -> Iterator[pl.DataFrame]:
    """Each record batch as a frame; empty ones are left out."""
    import polars as pl

    for batch in batches:
        if batch.num_rows:
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield frame


def whole(data: VersionData, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
    """All rows, ``rows`` at a time.

    Large pieces are read by Polars, a row group at once, which takes half the time; small ones by Arrow,
    page by page, which takes less memory.
    """
    if rows < PAGED or not data.plain:
        yield from frames(data.batches(columns, size=rows))
        return
    table = data.lazy().select(columns)
    for start in range(0, data.rows, GROUP):
        yield from table.slice(start, GROUP).collect().iter_slices(rows)


def cut(parts: Iterable[pl.DataFrame], skip: int, most: int | None) -> Iterator[pl.DataFrame]:
    """The rows after the first ``skip``, at most ``most`` of them; nothing is read beyond."""
    for part in parts:
        if most is not None and most <= 0:
            return
        piece = part.slice(skip, most)
        skip = max(0, skip - part.height)
        if piece.height:
            most = None if most is None else most - piece.height
            yield piece


def as_kept(column: Column) -> pl.Expr:
    """A column as the serving copy keeps it: dates and moments as ISO text, booleans as 1 and 0."""
    import polars as pl

    expression = pl.col(column.name)
    if column.type == "date":
        expression = expression.dt.to_string("iso")
    elif column.type == "datetime":
        expression = expression.dt.to_string(MOMENT)
    elif column.type == "boolean":
        expression = expression.cast(pl.Int8)
    elif column.type == "number":
        expression = expression.fill_nan(None)
    return expression.alias(column.key)


def as_words(columns: Sequence[Column]) -> pl.Expr:
    """All values of a row, lower case, a line each: what a search looks through."""
    import polars as pl

    parts = [pl.col(column.key).cast(pl.String) for column in columns if column.type != "boolean"]
    if not parts:
        return pl.lit("").alias("words")
    return pl.concat_str(parts, separator="\n", ignore_nulls=True).str.to_lowercase().alias("words")


def kept(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The frame under the copy's names with the column ``words`` at the end."""
    own = [column for column in columns if column.name != ID]
    return frame.select(ID, *map(as_kept, own)).with_columns(as_words(own))
