"""A vehicle's plate, also of new energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate(Code):
    """A vehicle's plate, also of new energy."""

    kind: ClassVar[str] = "plate"
    zh: ClassVar[str] = "机动车号牌"
    en: ClassVar[str] = "is a number plate"
