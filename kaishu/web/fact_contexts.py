"""What the pages of facts are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kaishu.queue.models import Task
from kaishu.web.quality_contexts import Levels, Tab


@dataclass(frozen=True, slots=True)
class FactCell:
    """A value as it is shown; ``width`` of 100 where a bar says it faster."""

    text: str
    width: float | None = None


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of the whole platform."""

    name: str
    title: str
    unit: str
    about: str
    cell: FactCell
    rows: int
    internal: bool


@dataclass(frozen=True, slots=True)
class FactChoice:
    """A fact that can be chosen as a column."""

    name: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """The kinds that a fact counts, the most frequent first; the chart may show fewer than the table."""

    name: str
    title: str
    chart: Levels
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsPage:
    """Facts of one scope: all of the platform in groups, or chosen ones of every unit.

    By department, ``elsewhere`` providers of other portals are left out; ``turned`` leads to where they are
    listed, or are no more.
    """

    by: str
    tabs: Sequence[Tab]
    at: datetime | None
    actor: str
    left_out: int
    task: Task | None
    may_count: bool
    groups: Sequence[tuple[str, Sequence[FactLine]]] = ()
    shares: Sequence[Shares] = ()
    heads: Sequence[tuple[str, str, str]] = ()
    units: Sequence[tuple[str, str, Sequence[FactCell]]] = ()
    total: int = 0
    elsewhere: int = 0
    turned: str = ""
    choices: Sequence[tuple[str, Sequence[FactChoice]]] = ()
    charts: Sequence[tuple[str, Levels]] = ()
    previous: str = ""
    next: str = ""
    csv: str = ""


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A unit's value of one fact."""

    id: str
    title: str
    cell: FactCell
    rows: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row behind a value."""

    title: str
    href: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """One fact: what it is, every unit's value, the rows behind one; ``told`` is its value with the unit."""

    by: str
    name: str
    title: str
    unit: str
    about: str
    how: str
    query: str
    tabs: Sequence[Tab]
    internal: bool
    at: datetime | None = None
    chart: Levels | None = None
    values: Sequence[UnitValue] = ()
    total: int = 0
    elsewhere: int = 0
    turned: str = ""
    shares: Shares | None = None
    chosen: UnitValue | None = None
    told: str = ""
    rows: Sequence[RowLine] = ()
    found: int = 0
    trouble: tuple[str, str] | None = None
    csv: str = ""
    previous: str = ""
    next: str = ""
