"""What the pages about the entry gates are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kaishu.catalogue import TableGates
from kaishu.catalogue.models import Dataset, GateStatement
from kaishu.web.quality_contexts import Levels

Sentence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate in the language being spoken; ``href`` is empty where this person cannot do it.

    ``columns`` are the first few that it is about, ``more`` how many others there are.
    """

    gate: str
    title: str
    passed: bool
    missing: Sequence[str]
    who: str
    href: str
    columns: Sequence[str] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class GateSteps:
    """The six gates of a table at the desk."""

    name: str
    staged: bool
    passed: int
    lines: Sequence[GateLine]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesPage:
    """The six gates of one table."""

    dataset: Dataset
    title: str
    table: TableGates
    tables: Sequence[tuple[str, str]]
    lines: Sequence[GateLine]
    mode: str
    fell_for: str
    plain: Sequence[str]
    statements: Sequence[tuple[GateStatement, str]]
    may_enter: bool
    may_declare: bool
    may_certify: bool
    may_confirm: bool
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class GatedTable:
    """A table in the overview."""

    dataset: str
    resource: str
    title: str
    office: str
    passed: int
    missing: str
    staged: bool
    entered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesOverview:
    """How many tables pass how many gates."""

    office: str
    mode: str
    tables: Sequence[GatedTable]
    entered: int
    ready: int
    passes: Levels | None
    gates: Levels | None
    more: int
