"""A rule and a set of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaishu.quality.checks import Check
from kaishu.quality.expressions import Expression

LEVELS = ("warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Limits:
    """A level is reached when more rows fail than its limit: a number of rows, or a share of those checked.

    ``Limits({"error": 0})``: any failing row is an error.
    """

    of: Mapping[str, int | float] = field(default_factory=lambda: {"error": 0})

    def level(self, failed: int, checked: int) -> str | None:
        """The gravest level reached, None if none is."""
        for name in reversed(LEVELS):
            if name in self.of:
                limit = self.of[name]
                found = failed / checked if isinstance(limit, float) and checked else failed
                if found > limit:
                    return name
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.  ``lines`` tells where each of its keys stands, for messages."""

    id: str
    check: Check
    limits: Limits = Limits()
    dimension: str
    weight: float = 1.0
    when: Expression | None = None
    title: str = ""
    title_en: str = ""
    note: str = ""
    owner: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def titled(self, language: str) -> str:
        """Its title in a language, or in the other; what it checks, if it has none."""
        zh, en = self.title or self.title_en, self.title_en or self.title
        return (en or self.check.en) if language == "en" else (zh or self.check.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of one table.  ``key``: columns that name a row in reports; ``weights``: of dimensions."""

    rules: tuple[Rule, ...]
    key: tuple[str, ...] = ()
    table: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
