"""Several columns into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import text_only
from kaishu.quality.cleansing.treatments.treatment import (
    CellTreatment,
    Outcome,
    Types,
    View,
    is_blank,
    told,
    where,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(CellTreatment):
    """The values of the columns, one after another; those that are null or blank are left out.

    Where all are, the target stays as it is.
    """

    kind: ClassVar[str] = "join"
    zh: ClassVar[str] = "合并列"
    en: ClassVar[str] = "several columns into one"
    parameters: ClassVar = {
        "columns": ("几列，按次序", "the columns, in their order"),
        "into": ("合成的列，可以是新列", "the column they become; it may be new"),
        "separator": ("其间的文字，默认没有", "what stands between them; nothing if left out"),
    }
    columns: tuple[str, ...]
    into: str
    separator: str = ""

    @classmethod
    def read(cls, given: Given) -> Join:
        given.need("into")
        given.need("columns")
        told(given, "into")
        return cls(columns=given.columns(), into=given.text("into"), separator=given.text("separator"))

    def reads(self, types: Types) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.columns, *([self.into] if self.into in types else []))))

    def writes(self, types: Types) -> dict[str, str]:
        return {self.into: types.get(self.into, "text")}

    def unsuitable(self, types: Types) -> Iterator[Said]:
        if self.into in types:
            yield from text_only((self.into,), types)

    def apply(self, view: View) -> Mapping[str, Outcome]:
        import polars as pl

        texts = {f"c{place}": view.text(column) for place, column in enumerate(self.columns)}
        parts = pl.DataFrame({name: text.set(is_blank(text), None) for name, text in texts.items()})
        joined = parts.select(
            pl.concat_str(pl.all(), separator=self.separator, ignore_nulls=True)
        ).to_series()
        some = parts.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        there = self.into in view.frame.columns
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, view.length)
        return {self.into: Outcome(where(some, joined, view.frame[self.into] if there else nothing))}
