"""Cells without a value get one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.reference import Lookup, look_up
from kaishu.quality.cleansing.treatments.treatment import (
    CellTreatment,
    Outcome,
    Types,
    View,
    is_blank,
    restored,
    told,
    where,
)

if TYPE_CHECKING:
    import polars as pl

_PARTS = ("birth", "sex", "division")
_SOURCES = ("constant", "from", "reference", "citizen-id")
_NOTHING = Said("没有可填的值", "there is nothing to fill it with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(CellTreatment):
    """Null and blank cells get a constant, the value of another column, one that a reference file has for
    the row's key, or what the citizen id says; cells with a value stay.

    A cell for which there is nothing stays and is listed.  Of an id only what is right in form, date,
    division and check digit is believed; where a reference has two values for a key, neither is.
    """

    kind: ClassVar[str] = "fill"
    zh: ClassVar[str] = "补填"
    en: ClassVar[str] = "cells without a value get one"
    parameters: ClassVar = {
        "column": ("要补的列", "the column to fill"),
        "constant": ("固定的值", "one value for all"),
        "from": ("取自本表另一列", "another column of the table"),
        "reference": ("参照文件，路径从步骤文件算起", "a file; its path counts from the file of steps"),
        "key": ("本表里的键列", "the columns of the table that are the key"),
        "reference-key": ("参照文件里的键列，默认同名", "the key in the file; the same names if left out"),
        "value": ("参照文件里的值列，默认同名", "the column in the file; the same name if left out"),
        "citizen-id": ("公民身份号码列", "a column of citizen ids"),
        "part": ("birth、sex 或 division", "birth, sex or division"),
    }
    column: str
    constant: str = ""
    source: str = ""
    lookup: Lookup | None = None
    citizen_id: str = ""
    part: str = ""

    @classmethod
    def read(cls, given: Given) -> Fill:
        given.need(*_SOURCES)
        written = [name for name in _SOURCES if given.has(name)]
        if len(written) > 1:
            both = " 与 ".join(written)
            raise given.wrong(written[1], f"{both} 只能写一个", f"only one of {', '.join(written)}")
        told(given, *_SOURCES, "key", "reference-key", "value")
        column = given.column()
        lookup = None
        if given.has("reference"):
            given.need("key")
            key = given.texts("key")
            there = given.texts("reference-key") or key
            if len(there) != len(key):
                raise given.wrong("reference-key", "列数与 key 不同", "not as many as in key")
            lookup = Lookup(given.text("reference"), key, there, given.text("value", column))
        if given.has("citizen-id"):
            given.need("part")
        return cls(
            column=column,
            constant=given.text("constant"),
            source=given.text("from"),
            lookup=lookup,
            citizen_id=given.text("citizen-id"),
            part=given.choice("part", _PARTS),
        )

    def reads(self, types: Types) -> tuple[str, ...]:
        key = self.lookup.key if self.lookup else ()
        return tuple(each for each in (self.column, self.source, self.citizen_id, *key) if each)

    def writes(self, types: Types) -> dict[str, str]:
        return {self.column: types[self.column]}

    def unsuitable(self, types: Types) -> Iterator[Said]:
        import polars as pl

        type = types[self.column]
        if self.constant and restored(pl.Series([self.constant]), type)[0] is None:
            yield Said(
                f"“{self.constant}”不是 {type}，而“{self.column}”列是",
                f'"{self.constant}" is not of type {type} as the column "{self.column}" is',
            )

    def apply(self, view: View) -> Mapping[str, Outcome]:
        cells = view.frame[self.column]
        empty = is_blank(cells)
        if not empty.any():
            return {self.column: Outcome(cells)}
        texts = self._texts(view)
        texts = texts.set(is_blank(texts), None)
        new = restored(texts, view.types[self.column])
        found = empty & new.is_not_null()
        return {self.column: Outcome(where(found, new, cells), empty & ~found, _NOTHING)}

    def _texts(self, view: View) -> pl.Series:
        import polars as pl

        if self.constant:
            return pl.repeat(self.constant, view.length, dtype=pl.String, eager=True)
        if self.source:
            return view.text(self.source)
        if self.lookup:
            return look_up(self.lookup, view)
        return _of_id(view.text(self.citizen_id), self.part)


def _of_id(ids: pl.Series, part: str) -> pl.Series:
    import polars as pl

    from kaishu.quality.kernels import read_citizen_ids

    read = read_citizen_ids(ids.to_arrow())
    good = pl.Series(read.ok) & ids.is_not_null()
    if part == "birth":
        found = pl.Series(read.birth).set(~good, None).cast(pl.Date).dt.to_string("%Y-%m-%d")
    elif part == "sex":
        found = pl.Series(read.sex).cast(pl.String)
    else:
        found = ids.str.slice(0, 6)
    return found.set(~good, None)
