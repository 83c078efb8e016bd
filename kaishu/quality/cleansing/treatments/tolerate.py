"""Rows are left as they are, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.cleansing.treatments.choosing import Choosing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerate(Choosing):
    """Rows that can neither be mended nor set apart stay as they are; they are counted and listed with the
    changes, so that whoever uses the table knows."""

    kind: ClassVar[str] = "tolerate"
    strategy: ClassVar[str] = "tolerate"
    removes: ClassVar[bool] = False
    zh: ClassVar[str] = "容错"
    en: ClassVar[str] = "rows are left and listed"
