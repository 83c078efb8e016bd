"""One row of each group with the same values stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.treatment import TableTreatment, Types, View, is_blank

if TYPE_CHECKING:
    import polars as pl

_RANK, ROW = "\x01rank", "row"
_KEEPS = ("first", "last", "newest", "most-complete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduplicate(TableTreatment):
    """Of rows with the same values in the columns one survives: the first, the last, the newest by a column,
    or the one with most values; of equals the first.

    Rows that have no value in one of the columns are no duplicates.  Text in ``by`` is compared as text: give
    its dates one form before.
    """

    kind: ClassVar[str] = "deduplicate"
    zh: ClassVar[str] = "去重"
    en: ClassVar[str] = "one row of each group of duplicates stays"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "columns": ("几列合起来", "columns taken together"),
        "keep": (
            f"{'、'.join(_KEEPS)}；默认 first",
            f"{', '.join(_KEEPS)}; first if left out",
        ),
        "by": ("newest 按哪一列", "the column for newest"),
    }
    columns: tuple[str, ...]
    keep: str = "first"
    by: str = ""

    @classmethod
    def read(cls, given: Given) -> Deduplicate:
        keep = given.choice("keep", _KEEPS, "first")
        if keep == "newest":
            given.need("by")
        elif given.has("by"):
            raise given.wrong("by", "只用于 keep: newest", "is for keep: newest only")
        return cls(columns=given.columns(), keep=keep, by=given.text("by"))

    def reads(self, types: Types) -> tuple[str, ...]:
        if self.keep == "most-complete":
            return tuple(types)
        return tuple(dict.fromkeys((*self.columns, self.by) if self.by else self.columns))

    def unsuitable(self, types: Types) -> Iterator[Said]:
        if self.by and types[self.by] == "boolean":
            yield Said("by 应为日期、时间、数或文字", "by should be a date, a time, a number or text")

    def hashes(self, view: View) -> pl.Series:
        import polars as pl

        keys = pl.DataFrame([view.frame[column] for column in self.columns])
        empty = pl.zeros(view.length, dtype=pl.Boolean, eager=True)
        for column in self.columns:
            empty = empty | is_blank(keys[column])
        return keys.hash_rows(seed=5).set(empty, None)

    def facts(self, view: View) -> pl.DataFrame:
        import polars as pl

        named = [view.frame[column].alias(f"k{place}") for place, column in enumerate(self.columns)]
        if self.keep == "newest":
            rank = view.frame[self.by]
            rank = rank.fill_nan(None) if rank.dtype == pl.Float64 else rank
        elif self.keep == "most-complete":
            rank = pl.zeros(view.length, dtype=pl.Int64, eager=True)
            for column in view.types:
                rank = rank + (~is_blank(view.frame[column])).cast(pl.Int64)
        else:
            rank = pl.zeros(view.length, dtype=pl.Int64, eager=True)
        return pl.DataFrame([*named, rank.alias(_RANK)])

    def losers(self, facts: pl.DataFrame) -> pl.Series:
        keys = [f"k{place}" for place in range(len(self.columns))]
        last = self.keep == "last"
        order = facts.sort([_RANK, ROW], descending=[True, last], nulls_last=True)
        stay = order.unique(keys, keep="first", maintain_order=True)[ROW]
        return facts[ROW].filter(~facts[ROW].is_in(stay.implode()))
