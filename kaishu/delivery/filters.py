"""Conditions on rows, and the comparisons there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OPS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "startswith", "isnull", "notnull")
TEXT_OPS = frozenset({"contains", "startswith"})
TEXT_TYPES = frozenset({"text", "date", "datetime"})


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; ``value`` is a typed value, a tuple of them for ``in``, None for the null tests.

    ``ne`` holds for rows without a value too; ``contains`` and ``startswith`` heed the case.
    """

    column: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions: all must hold (``and``) or one (``or``)."""

    op: str
    parts: tuple[Filter | Group, ...]
