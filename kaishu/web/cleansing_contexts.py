"""What the pages about cleansing are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kaishu.quality.models import CleansingRun
from kaishu.queue.models import Task
from kaishu.web.loop_contexts import TableOf, Written


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the plan as it is written; ``of`` are its columns, ``told`` its other parameters."""

    id: str
    title: str
    kind: str
    strategy: str
    of: Sequence[str]
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A rule that failed, and what would be drafted for it; ``written``: the plan has these steps already."""

    rule: str
    title: str
    severity: str
    importance: str
    strategy: str
    steps: Sequence[str]
    said: str
    written: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Strategies of one importance; each cell (strategy, how many failed rules fall there)."""

    importance: str
    cells: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class CountLine:
    """What one step did, or would do; samples are masked where they have to be."""

    id: str
    title: str
    strategy: str
    changed: int
    added: int
    removed: int
    refused: int
    tolerated: int
    sample: Sequence[Mapping[str, Any]] = ()
    refusals: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PreviewBlock:
    """What a plan would do to a version; ``stale``: plan or table have changed since."""

    version: int
    rows: int
    left: int
    steps: Sequence[CountLine]
    added: Sequence[str]
    at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list: the versions before and after it."""

    run: CleansingRun
    before: int
    after: int
    plan: int
    changed: int
    removed: int
    href: str
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CleansingPage:
    """A table's cleansing: the plan, where its steps come from, what it would do, what it did."""

    table: TableOf
    written: Written
    steps: Sequence[StepLine]
    matrix: Sequence[MatrixRow]
    drafts: Sequence[DraftLine]
    importance: Sequence[tuple[str, str]]
    checked: bool
    running: Task | None
    failed: tuple[str, str] | None
    nothing: bool
    preview: PreviewBlock | None
    runs: Sequence[RunLine]
    may_run: bool
    may_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CleansingRunPage:
    """What one run did, cell by cell."""

    table: TableOf
    run: CleansingRun
    before: int
    after: int
    plan: int
    undone_by: CleansingRun | None
    steps: Sequence[CountLine]
    rows: Sequence[Mapping[str, Any]]
    filters: Mapping[str, str]
    kinds: Sequence[tuple[str, str]]
    step_names: Sequence[tuple[str, str]]
    columns: Sequence[str]
    next: str
    query: str
    may_undo: bool
    may_read: bool
    trouble: tuple[str, str] | None
