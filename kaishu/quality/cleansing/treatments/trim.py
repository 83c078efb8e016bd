"""Blanks at both ends go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import TextTreatment, columns_of
from kaishu.quality.cleansing.treatments.treatment import Outcome

if TYPE_CHECKING:
    import polars as pl

#: What is taken for a blank: also the ideographic space, and marks that are not seen at all.
BLANKS = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim(TextTreatment):
    """Blanks of every kind at both ends go, also full-width ones and those of no width."""

    kind: ClassVar[str] = "trim"
    zh: ClassVar[str] = "去首尾空白"
    en: ClassVar[str] = "blanks at both ends go"

    @classmethod
    def read(cls, given: Given) -> Trim:
        return cls(columns=columns_of(given))

    def treat(self, texts: pl.Series) -> Outcome:
        return Outcome(texts.str.strip_chars(BLANKS))
