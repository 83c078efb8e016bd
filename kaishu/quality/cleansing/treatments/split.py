"""One column into several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import text_only
from kaishu.quality.cleansing.treatments.treatment import CellTreatment, Outcome, Types, View, told, where

if TYPE_CHECKING:
    import polars as pl

_PARTS = Said("分不出应有的份数", "it does not fall into as many parts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(CellTreatment):
    """A text falls into as many parts as ``into`` has columns, at a separator or by the groups of a pattern.

    The column itself stays; a text with another number of parts is listed, and its parts stay as they are.
    """

    kind: ClassVar[str] = "split"
    zh: ClassVar[str] = "拆分"
    en: ClassVar[str] = "one column into several"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "into": ("拆成的列，可以是新列", "the columns it becomes; they may be new"),
        "separator": ("分隔的文字", "what stands between the parts"),
        "pattern": ("RE2 语法的模式，每组一列", "a pattern in RE2's syntax, a group for each column"),
    }
    column: str
    into: tuple[str, ...]
    separator: str = ""
    pattern: str = ""

    @classmethod
    def read(cls, given: Given) -> Split:
        import re

        given.need("into")
        given.need("separator", "pattern")
        told(given, "separator", "pattern", "into")
        into, pattern = given.texts("into"), given.pattern("pattern")
        if given.has("separator") == given.has("pattern"):
            raise given.wrong("pattern", "separator 与 pattern 只写一个", "either separator or pattern")
        if len(set(into)) != len(into):
            raise given.wrong("into", "列有重复", "a column is repeated")
        if pattern and re.compile(pattern).groups != len(into):
            raise given.wrong(
                "pattern", "组数应与 into 的列数相同", "should have a group for each column of into"
            )
        return cls(column=given.column(), into=into, separator=given.text("separator"), pattern=pattern)

    def reads(self, types: Types) -> tuple[str, ...]:
        return (self.column, *(each for each in self.into if each in types and each != self.column))

    def writes(self, types: Types) -> dict[str, str]:
        return {each: types.get(each, "text") for each in self.into}

    def unsuitable(self, types: Types) -> Iterator[Said]:
        yield from text_only(self.reads(types), types)

    def apply(self, view: View) -> Mapping[str, Outcome]:
        import polars as pl

        texts = view.frame[self.column]
        parts, fits = self._parts(texts)
        found = {}
        for name, part in zip(self.into, parts, strict=True):
            there = name in view.frame.columns
            old = (
                view.frame[name]
                if there
                else pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
            )
            found[name] = Outcome(where(fits & part.is_not_null(), part, old))
        refused = texts.is_not_null() & ~fits
        first = self.into[0]
        found[first] = Outcome(found[first].cells, refused, _PARTS, self.column)
        return found

    def _parts(self, texts: pl.Series) -> tuple[list[pl.Series], pl.Series]:
        import polars as pl

        number = len(self.into)
        if self.separator:
            lists = texts.str.split(self.separator)
            fits = (lists.list.len() == number).fill_null(False)
            return [lists.list.get(place, null_on_oob=True) for place in range(number)], fits
        groups = texts.str.extract_groups(f"^(?:{self.pattern})$").struct.unnest()
        parts = groups.get_columns()
        there = pl.DataFrame([part.is_not_null().alias(str(place)) for place, part in enumerate(parts)])
        return parts, there.select(pl.any_horizontal(pl.all())).to_series()
