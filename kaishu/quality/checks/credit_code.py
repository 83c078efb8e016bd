"""GB 32100: 18 characters and their check character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCode(Code):
    """GB 32100: 18 characters and their check character."""

    kind: ClassVar[str] = "credit-code"
    zh: ClassVar[str] = "统一社会信用代码"
    en: ClassVar[str] = "is a unified social credit code"
