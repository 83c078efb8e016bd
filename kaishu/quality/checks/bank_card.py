"""Length and check digit of a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCard(Code):
    """Length and check digit of a card."""

    kind: ClassVar[str] = "bank-card"
    zh: ClassVar[str] = "银行卡号"
    en: ClassVar[str] = "is a bank card number"
