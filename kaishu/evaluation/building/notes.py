"""What happened to a cell, as flags and in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said, in_language

Flags = NDArray[np.uint16]

#: What happened to a cell; several can be true at once.
MISSING, NOT_APPLICABLE, IMPUTED, ZEROED, CONSTANT, TREATED, LEFT_OUT, UNUSED, UNDIVIDED = (
    1 << place for place in range(9)
)

NOTES: Mapping[int, Said] = {
    MISSING: Said("缺失", "missing"),
    NOT_APPLICABLE: Said("不适用", "not applicable"),
    IMPUTED: Said("插补值", "imputed"),
    ZEROED: Said("缺失，按0分计", "missing, counted as the lowest score"),
    CONSTANT: Said("各单位数值全相同", "the value is the same for all units"),
    TREATED: Said("做过异常值处理", "drawn in or transformed as an outlier"),
    LEFT_OUT: Said("数值全相同，不计入", "left out, since all values are equal"),
    UNUSED: Said("有数值，但该指标不适用，未用", "a value is there, but does not apply and was not used"),
    UNDIVIDED: Said("这种合成方法不能分解出贡献", "this aggregation cannot be split into contributions"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of a result has to know; ``others`` are names of what was not evaluated,
    where they are too many for the sentence."""

    kind: str
    said: Said
    code: str = ""
    units: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """For JSON: the sentence in one language, and both."""
        return {
            "kind": self.kind,
            "message": in_language(self.said, language),
            "zh": str(self.said),
            "en": self.said.en,
            "code": self.code,
            "units": list(self.units),
            **({"others": list(self.others)} if self.others else {}),
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Notice:
        """The notice of ``as_dict``."""
        said, others = Said(data["zh"], data["en"]), tuple(data.get("others", ()))
        return Notice(data["kind"], said, data["code"], tuple(data["units"]), others)


def number(value: float) -> float | None:
    """A number for people and JSON: None for NaN."""
    value = float(value)
    return None if math.isnan(value) else value


def note_of(flags: int) -> Said:
    """The notes of a cell in one sentence."""
    if not flags:
        return Said("", "")
    if flags & ZEROED:  # which says already that it is missing
        flags &= ~MISSING
    told = [said for flag, said in NOTES.items() if flags & flag]
    return Said("；".join(map(str, told)), "; ".join(each.en for each in told))
