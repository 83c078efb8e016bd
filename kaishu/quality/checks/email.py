"""The form of an address; nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Email(Code):
    """The form of an address; nobody is asked."""

    kind: ClassVar[str] = "email"
    zh: ClassVar[str] = "电子邮箱"
    en: ClassVar[str] = "is an e-mail address"
