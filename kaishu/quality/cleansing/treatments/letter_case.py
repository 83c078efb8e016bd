"""Letters in one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import COLUMNS, TextTreatment, columns_of
from kaishu.quality.cleansing.treatments.treatment import Outcome

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCase(TextTreatment):
    """Letters become capitals, such as the x at the end of a citizen id, or small."""

    kind: ClassVar[str] = "case"
    zh: ClassVar[str] = "统一大小写"
    en: ClassVar[str] = "letters in one case"
    parameters: ClassVar = {**COLUMNS, "to": ("upper 或 lower", "upper or lower")}
    to: str

    @classmethod
    def read(cls, given: Given) -> LetterCase:
        given.need("to")
        return cls(columns=columns_of(given), to=given.choice("to", ("upper", "lower")))

    def treat(self, texts: pl.Series) -> Outcome:
        return Outcome(texts.str.to_uppercase() if self.to == "upper" else texts.str.to_lowercase())
