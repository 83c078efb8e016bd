"""What a check of a table gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.rules import LEVELS, Rule


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule.  ``level`` is the gravest level reached, None if none is.

    ``sample`` holds {row, key, value, reason} of the first failing rows; row is None where no single row is
    to blame.  ``measures`` are what a later check compares with.
    """

    rule: Rule
    checked: int
    failed: int
    level: str | None
    sample: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[Said] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Failed of checked, from 0 to 1; None if nothing was checked."""
        return self.failed / self.checked if self.checked else None


@dataclass(frozen=True, slots=True)
class TableResult:
    """All rules of a table; ``scores`` has ``total`` and each dimension that has rules, 0 to 100."""

    rows: int
    rules: Sequence[RuleResult]
    scores: Mapping[str, float | None]

    @property
    def level(self) -> str | None:
        """The gravest level that any rule reached."""
        reached = [LEVELS.index(each.level) for each in self.rules if each.level]
        return LEVELS[max(reached)] if reached else None

    def as_dict(self) -> dict[str, Any]:
        """The form for programs."""
        return {
            "rows": self.rows,
            "rules": [
                {
                    "id": each.rule.id,
                    "dimension": each.rule.dimension,
                    "level": each.level,
                    "checked": each.checked,
                    "failed": each.failed,
                    "sample": [{name: one[name] for name in ("row", "key", "value")} for one in each.sample],
                }
                for each in self.rules
            ],
            "scores": dict(self.scores),
        }
