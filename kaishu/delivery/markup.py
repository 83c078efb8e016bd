"""Columns of a frame as markup, made by whole columns at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.delivery.frames import MOMENT

if TYPE_CHECKING:
    import polars as pl

SPECIAL = "[&<>]"
#: Characters that XML 1.0 has no way to write, and the carriage return, which a reader would turn into \n.
FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"


def escaped(text: pl.Series) -> pl.Series:
    """``&``, ``<`` and ``>`` as entities; columns without them are left alone."""
    if not text.str.contains(SPECIAL).any():
        return text
    return text.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def plain_text(series: pl.Series, kind: str) -> pl.Series:
    """Values of a column as ISO text, true/false and shortest numbers."""
    import polars as pl

    if kind == "date":
        return series.dt.to_string("iso")
    if kind == "datetime":
        return series.dt.to_string(MOMENT)
    return series if series.dtype == pl.String else series.cast(pl.String)


def joined(parts: list[Any]) -> pl.Expr:
    """The parts of a row one behind the other."""
    import polars as pl

    return pl.concat_str(parts)


def raw(text: pl.Series) -> memoryview:
    """All texts of a column without a gap, as UTF-8, not copied."""
    import pyarrow as pa

    array = text.rechunk().to_arrow()
    if array.type != pa.large_string():
        array = array.cast(pa.large_string())
    offsets = array.buffers()[1]
    bounds = memoryview(offsets).cast("q")
    first, last = bounds[array.offset], bounds[array.offset + len(array)]
    return memoryview(array.buffers()[2])[first:last]
