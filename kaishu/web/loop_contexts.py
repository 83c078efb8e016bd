"""What the pages about rules, results and work orders are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.elements import Element
from kaishu.quality import Correction
from kaishu.quality.models import Edition, Run
from kaishu.queue.models import Task
from kaishu.web.quality_contexts import Course, Levels


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table of a dataset as its pages name it."""

    dataset: Dataset
    title: str
    entry: ResourceEntry
    tables: Sequence[ResourceEntry]

    @property
    def id(self) -> str:
        """Of the table in the lake."""
        return str(self.entry.table_id)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Shares over versions as a small line; ``said`` tells it in words."""

    points: str
    said: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a result."""

    id: str
    title: str
    dimension: str
    level: str
    checked: int
    failed: int
    share: float | None
    notes: Sequence[str]
    hints: Sequence[str]
    sample: Sequence[Mapping[str, Any]]
    spark: Sparkline | None
    href: str
    ordered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """The newest check of a table; ``refusal`` says why its rows are not shown."""

    table: TableOf
    run: Run | None
    version: int
    trouble: tuple[str, str] | None
    score: str
    scores: Levels | None
    course: Course | None
    rules: Sequence[RuleLine]
    running: Task | None
    may_check: bool
    may_order: bool
    may_read: bool
    refusal: tuple[str, str] | None
    has_rules: bool
    error: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingPage:
    """Failing rows of one rule, masked unless the actor may read the table."""

    table: TableOf
    rule: RuleLine
    run: Run
    rows: Sequence[Mapping[str, Any]]
    next: str
    may_read: bool
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtLine:
    """A check that a column's accepted element brings; ``unfit`` says why it cannot be added."""

    key: str
    column: str
    element: Element
    number: int
    check: str
    limits: str
    unfit: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Rules or steps as two owners review them: in force, being written, and the form for one more entry."""

    in_force: Edition | None
    open: Edition | None
    all: Sequence[Edition]
    text: str
    problems: Sequence[str]
    trouble: tuple[str, str] | None
    kinds: Sequence[tuple[str, str]]
    kind: str
    fields: Sequence[tuple[str, str, str]]
    given: Mapping[str, str]
    columns: Sequence[str]
    may_draft: bool
    may_approve: bool


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules of a table, with what only rules have."""

    table: TableOf
    written: Written
    lines: Sequence[tuple[str, str, str, str]]
    importance: str
    order_from: str
    brought: Sequence[BroughtLine]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A work order in a list."""

    id: str
    rule: str
    title: str
    dataset: str
    dataset_title: str
    office: str
    level: str
    state: str
    due: date | None
    late: bool
    reminded: bool
    escalated: bool
    failed: int
    now: int | None
    checked: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage:
    """Work orders of an office, or all for the bureau."""

    orders: Sequence[OrderLine]
    closed: Sequence[OrderLine]
    bureau: bool
    rules: Sequence[tuple[str, str, str, datetime]]
    plans: Sequence[tuple[str, str, str, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """One work order with its steps and what the actor may do."""

    order: OrderLine
    remark: str
    opened_by: str
    opened_at: datetime
    exempt_until: date | None
    href: str
    steps: Sequence[tuple[datetime, str, str, str]]
    acts: Sequence[tuple[str, str, str]]
    running: Task | None
    trouble: tuple[str, str] | None = None
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class TableScore:
    """A checked table among others."""

    dataset: str
    title: str
    office: str
    office_title: str
    score: float | None
    scores: Mapping[str, float | None]
    level: str
    failing: int
    orders: int
    importance: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQualityPage:
    """Scores of all checked tables, or of an office's."""

    title: str
    office: str
    score: str
    tables: Sequence[TableScore]
    offices: Sequence[tuple[str, str, str, int, int]]
    chart: Levels | None
    dimensions: Levels | None
    orders: int
