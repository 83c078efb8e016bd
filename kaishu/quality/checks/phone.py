"""A fixed line or a service number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Code):
    """A fixed line or a service number."""

    kind: ClassVar[str] = "phone"
    zh: ClassVar[str] = "固定电话"
    en: ClassVar[str] = "is a telephone number"
