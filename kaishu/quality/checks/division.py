"""GB/T 2260: a code of a division, in any edition that is shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Division(Code):
    """GB/T 2260: a code of a division, in any edition that is shipped."""

    kind: ClassVar[str] = "division"
    zh: ClassVar[str] = "行政区划代码"
    en: ClassVar[str] = "is a division code"
