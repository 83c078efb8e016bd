"""Numbers in one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.figures import NumberForms, read_number
from kaishu.quality.cleansing.treatments.texts import COLUMNS, TextTreatment
from kaishu.quality.cleansing.treatments.treatment import Outcome, by_value, where

if TYPE_CHECKING:
    import polars as pl

_USUAL = NumberForms()
_PLAIN = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(TextTreatment):
    """1,234.50, 1.5万, 3亿2000万, 12%, ￥30, 一百二十三, 壹仟 become digits with a point, exactly.

    What can be read in two ways (1,23; 2万5; 一百五) is refused.  A number in plain digits stays as it is.
    """

    kind: ClassVar[str] = "numbers"
    zh: ClassVar[str] = "统一数的写法"
    en: ClassVar[str] = "numbers in one form"
    parameters: ClassVar = {
        **COLUMNS,
        "percent": (
            "share（默认，12% 为 0.12）、number（12）或 refuse",
            "share (default, 12% is 0.12), number (12) or refuse",
        ),
        "units": ("可以去掉的单位，如 元、人", "units at the end that go, such as 元"),
    }
    forms: NumberForms = _USUAL

    @classmethod
    def read(cls, given: Given) -> Numbers:
        percent = given.choice("percent", ("share", "number", "refuse"), "share")
        units = tuple(sorted((unit for unit in given.texts("units") if unit), key=len, reverse=True))
        return cls(columns=given.columns(), forms=NumberForms(percent, units))

    def treat(self, texts: pl.Series) -> Outcome:
        usual = texts.str.contains(_PLAIN).fill_null(False)
        if (usual | texts.is_null()).all():
            return Outcome(texts)
        slow = by_value(texts.set(usual, None), self._convert)
        return Outcome(where(usual, texts, slow.cells), slow.refused, slow.why)

    def _convert(self, text: str) -> str | Said:
        return read_number(text, self.forms)
