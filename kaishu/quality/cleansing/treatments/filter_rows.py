"""Rows are set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.cleansing.treatments.choosing import Choosing


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRows(Choosing):
    """Rows for which the condition is true, or that fail the check, are taken out and kept whole with the
    changes.  A row for which it is unknown stays."""

    kind: ClassVar[str] = "filter"
    zh: ClassVar[str] = "过滤行"
    en: ClassVar[str] = "rows are set apart"
