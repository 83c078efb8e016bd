"""What treatments of text share: their columns, and whether those are text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.treatment import CellTreatment, Outcome, Types, View

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "column": ("一列", "a column"),
    "columns": ("几列；两者都不写为所有文字列", "columns; every column of text if neither is written"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTreatment(CellTreatment):
    """Gives new text for the text of each of its columns."""

    parameters: ClassVar[Mapping[str, tuple[str, str]]] = COLUMNS
    columns: tuple[str, ...] = ()

    def reads(self, types: Types) -> tuple[str, ...]:
        return self.columns or tuple(name for name, type in types.items() if type == "text")

    def writes(self, types: Types) -> dict[str, str]:
        return {name: types[name] for name in self.reads(types)}

    def unsuitable(self, types: Types) -> Iterator[Said]:
        yield from text_only(self.columns, types)

    def apply(self, view: View) -> Mapping[str, Outcome]:
        return {column: self.treat(view.frame[column]) for column in self.reads(view.types)}

    @abstractmethod
    def treat(self, texts: pl.Series) -> Outcome:
        """New text for each text."""


def text_only(columns: tuple[str, ...], types: Types) -> Iterator[Said]:
    """A problem for each column that is not text."""
    for column in columns:
        if types[column] != "text":
            yield Said(
                f"“{column}”列的类型是 {types[column]}，这一步只处理文字列；可在读取时指定为 text",
                f'the column "{column}" is of type {types[column]}, and this step treats text; '
                "the file can be read with it as text",
            )


def columns_of(given: Given) -> tuple[str, ...]:
    """The columns; none if every column of text is meant."""
    return given.columns(optional=True)
