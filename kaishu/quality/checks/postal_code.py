"""Six digits, not all of them zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalCode(Code):
    """Six digits, not all of them zero."""

    kind: ClassVar[str] = "postal-code"
    zh: ClassVar[str] = "邮政编码"
    en: ClassVar[str] = "is a postal code"
