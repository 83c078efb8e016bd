"""Runs of blanks become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.texts import COLUMNS, TextTreatment, columns_of
from kaishu.quality.cleansing.treatments.treatment import Outcome
from kaishu.quality.cleansing.treatments.trim import BLANKS

if TYPE_CHECKING:
    import polars as pl

_CLASS = "[" + "".join(f"\\x{{{ord(blank):x}}}" for blank in BLANKS) + "]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spaces(TextTreatment):
    """Runs of blanks inside a text become one space, or none.

    ``to: chinese``: none between two Chinese characters, one elsewhere.
    """

    kind: ClassVar[str] = "spaces"
    zh: ClassVar[str] = "合并空白"
    en: ClassVar[str] = "runs of blanks become one"
    parameters: ClassVar = {
        **COLUMNS,
        "to": (
            "one（默认）、none，或 chinese：汉字之间不留，其余留一个",
            "one (default), none, or chinese: none between Chinese characters, one elsewhere",
        ),
    }
    to: str = "one"

    @classmethod
    def read(cls, given: Given) -> Spaces:
        return cls(columns=columns_of(given), to=given.choice("to", ("one", "none", "chinese"), "one"))

    def treat(self, texts: pl.Series) -> Outcome:
        if self.to == "none":
            return Outcome(texts.str.replace_all(f"{_CLASS}+", ""))
        if self.to == "chinese":
            # Twice: the second character of one match may be the first of the next.
            for _ in range(2):
                texts = texts.str.replace_all(rf"(\p{{Han}}){_CLASS}+(\p{{Han}})", "${1}${2}")
        odd = _CLASS.replace("\\x{20}", "")
        if not texts.str.contains(f"{odd}|{_CLASS}{{2}}").any():
            return Outcome(texts)
        return Outcome(texts.str.replace_all(f"{_CLASS}+", " "))
