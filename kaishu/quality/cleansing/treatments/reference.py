"""Values of a reference file by key, held in memory while the rows pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.quality.cleansing.treatments.treatment import View, written
from kaishu.quality.references import reference_batches

if TYPE_CHECKING:
    import polars as pl

    from kaishu.quality.checks import Memory

_VALUE, _COUNT = "\x01value", "\x01count"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A file, the key in the table and in the file, and the column that holds the values."""

    reference: str
    key: tuple[str, ...]
    reference_key: tuple[str, ...]
    value: str


def look_up(lookup: Lookup, view: View) -> pl.Series:
    """The value for each row's key as text; null where there is none, or more than one."""
    import polars as pl

    table = view.once(("reference", lookup), lambda: _table(lookup, view.memory))
    names = [f"k{place}" for place in range(len(lookup.key))]
    keys = pl.DataFrame(
        [view.text(column).alias(name) for column, name in zip(lookup.key, names, strict=True)]
    )
    return keys.join(table, on=names, how="left", maintain_order="left")[_VALUE]


def _table(lookup: Lookup, memory: Memory) -> pl.DataFrame:
    import polars as pl

    names = [f"k{place}" for place in range(len(lookup.key))]
    parts = []
    with reference_batches(
        memory.setting.folder, lookup.reference, [*lookup.reference_key, lookup.value]
    ) as batches:
        for batch in batches:
            frame = pl.DataFrame(pl.from_arrow(batch))
            columns = [written(frame[c]).alias(n) for c, n in zip(lookup.reference_key, names, strict=True)]
            parts.append(pl.DataFrame([*columns, written(frame[lookup.value]).alias(_VALUE)]))
    empty = pl.DataFrame(schema=dict.fromkeys([*names, _VALUE], pl.String))
    together = pl.concat([empty, *parts]).drop_nulls().unique()
    return together.with_columns(pl.len().over(names).alias(_COUNT)).filter(pl.col(_COUNT) == 1).drop(_COUNT)
