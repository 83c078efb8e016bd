"""What the pages about retention are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kaishu.catalogue.models import Dataset
from kaishu.lake import Retention
from kaishu.lake.models import Disposal, Version
from kaishu.web.quality_contexts import Levels

Sentence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table in the overview; ``bytes`` on disk, ``proposed`` those that wait for a decision."""

    dataset: str
    resource: str
    title: str
    office: str
    rule: str
    versions: int
    dropped: int
    bytes: int
    proposed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionOverview:
    """Every table with its versions and their size."""

    office: str
    tables: Sequence[KeptTable]
    more: int
    bytes: int
    versions: int
    proposed: int
    waiting: int
    sizes: Levels | None


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version: ``why`` are the words of what keeps it, ``proposed`` whether it would be dropped."""

    version: Version
    why: Sequence[str]
    proposed: bool


@dataclass(frozen=True, slots=True)
class ProposedVersion:
    """A line of a proposal."""

    number: int
    at: datetime
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPage:
    """One table: its rule, the proposal that waits, its versions, what was decided."""

    dataset: Dataset
    title: str
    resource: str
    tables: Sequence[tuple[str, str]]
    rule: Retention
    said: str
    bytes: int
    kept: int
    count: int
    disposal: Disposal | None
    proposed: Sequence[ProposedVersion]
    spared: Sequence[tuple[int, str]]
    versions: Sequence[KeptVersion]
    older: str
    decided: Sequence[Disposal]
    may_decide: bool
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trouble: Sentence | None = None
