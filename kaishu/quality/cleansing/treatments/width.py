"""Full-width letters to half-width ones and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import COLUMNS, TextTreatment, columns_of
from kaishu.quality.cleansing.treatments.treatment import Outcome

if TYPE_CHECKING:
    import polars as pl

_DIGITS = "0123456789"
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SETS = {
    "digits": _DIGITS,
    "latin": _LATIN,
    "space": " ",
    "marks": "".join(chr(each) for each in range(0x21, 0x7F) if chr(each) not in _DIGITS + _LATIN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Width(TextTreatment):
    """Full-width characters become half-width ones, or the other way round.

    Punctuation only where ``of`` says ``marks``: in Chinese sentences it is full-width by right.
    """

    kind: ClassVar[str] = "width"
    zh: ClassVar[str] = "全角半角"
    en: ClassVar[str] = "full-width to half-width or back"
    parameters: ClassVar = {
        **COLUMNS,
        "to": ("half（默认）或 full", "half (default) or full"),
        "of": (
            "digits、latin、space、marks（标点）；默认前三种",
            "digits, latin, space, marks (punctuation); the first three if left out",
        ),
    }
    to: str = "half"
    of: tuple[str, ...] = ("digits", "latin", "space")

    @classmethod
    def read(cls, given: Given) -> Width:
        of = given.texts("of") or cls.of_default()
        for each in of:
            if each not in _SETS:
                known = ", ".join(_SETS)
                raise given.wrong("of", f"没有“{each}”；有：{known}", f'no "{each}"; there are {known}')
        return cls(columns=columns_of(given), to=given.choice("to", ("half", "full"), "half"), of=of)

    @staticmethod
    def of_default() -> tuple[str, ...]:
        """Digits, letters and the space."""
        return ("digits", "latin", "space")

    def treat(self, texts: pl.Series) -> Outcome:
        half = "".join(_SETS[each] for each in self.of)
        full = "".join("\u3000" if each == " " else chr(ord(each) + 0xFEE0) for each in half)
        old, new = (full, half) if self.to == "half" else (half, full)
        if self.to == "half" and not texts.str.contains("[\uff01-\uff5e\u3000]").any():
            return Outcome(texts)
        return Outcome(texts.str.replace_many(list(old), list(new)))
