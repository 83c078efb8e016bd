"""Eleven digits in a segment that is given out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Mobile(Code):
    """Eleven digits in a segment that is given out."""

    kind: ClassVar[str] = "mobile"
    zh: ClassVar[str] = "手机号"
    en: ClassVar[str] = "is a mobile number"
