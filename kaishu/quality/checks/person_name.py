"""Characters and length of a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName(Code):
    """Characters and length of a name."""

    kind: ClassVar[str] = "person-name"
    zh: ClassVar[str] = "姓名"
    en: ClassVar[str] = "may be a person's name"
