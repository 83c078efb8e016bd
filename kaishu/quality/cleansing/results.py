"""What cleansing a table gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.quality.cleansing.steps import Step


@dataclass(slots=True)
class StepResult:
    """Counts of one step: cells changed, cells of new columns, rows removed, cells that could not be treated,
    rows left and listed.  ``changes`` and ``refusals`` are the first of each: {row, key, column, old, new,
    reason}; of a row that was removed ``old`` is the whole row."""

    step: Step
    changed: int = 0
    added: int = 0
    removed: int = 0
    refused: int = 0
    tolerated: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The form for programs."""
        return {
            "id": self.step.id,
            "step": self.step.treatment.kind,
            "strategy": self.step.strategy,
            **{name: getattr(self, name) for name in COUNTS},
            "sample": [_plain(each) for each in self.changes],
            "refusals": [_plain(each) | {"reason": each["reason_en"]} for each in self.refusals],
        }


COUNTS = ("changed", "added", "removed", "refused", "tolerated")


@dataclass(slots=True)
class Cleansed:
    """A whole run: rows read and rows left, every step in its order, the columns after the last."""

    rows: int
    left: int
    steps: Sequence[StepResult]
    columns: Sequence[Mapping[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """The form for programs."""
        return {
            "rows": self.rows,
            "left": self.left,
            "steps": [each.as_dict() for each in self.steps],
            "columns": [dict(each) for each in self.columns],
        }


def _plain(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: change[name] for name in ("row", "key", "column", "old", "new")}
