"""GB 11714: nine characters and their check character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.code import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCode(Code):
    """GB 11714: nine characters and their check character."""

    kind: ClassVar[str] = "organisation-code"
    zh: ClassVar[str] = "组织机构代码"
    en: ClassVar[str] = "is an organisation code"
