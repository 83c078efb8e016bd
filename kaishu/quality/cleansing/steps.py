"""A step and a list of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaishu.quality.cleansing.treatments import Treatment
from kaishu.quality.expressions import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.  ``lines`` tells where each of its keys stands, for messages."""

    id: str
    treatment: Treatment
    strategy: str
    when: Expression | None = None
    title: str = ""
    note: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepList:
    """The steps of one table, in the order in which they run.  ``key``: columns that name a row."""

    steps: tuple[Step, ...]
    key: tuple[str, ...] = ()
    table: str = ""
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
