"""What the pages about harvested catalogues are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kaishu.catalogue.models import Dataset
from kaishu.harvest.models import Duplicate, PlanItem, Run, Source
from kaishu.web.desk_contexts import Change, Problems, Sentence


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the list."""

    source: Source
    title: str
    kind: str
    datasets: int
    state: str
    tone: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """All sources, and the form for one more."""

    sources: Sequence[SourceLine]
    conflicts: int
    duplicates: int
    kinds: Sequence[tuple[str, str]]
    offices: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    problems: Problems
    trouble: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """One source: what is under way, the newest plan, its items."""

    source: Source
    title: str
    kind: str
    office: str
    datasets: int
    run: Run | None
    runs: Sequence[Run]
    running: bool
    stage: str
    done: int
    total: int
    percent: str
    trouble: Sentence | None
    next_try: datetime | None
    many_gone: bool
    action: str
    choices: Sequence[tuple[str, str, int]]
    items: Sequence[PlanItem]
    following: int
    words: Mapping[str, str]
    kept: int


@dataclass(frozen=True, slots=True)
class Sides:
    """One field of a conflict in words; ``reason`` says why it need not be decided, ``side`` what holds."""

    field: str
    title: str
    ours: str
    theirs: str
    side: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesPage:
    """The rules of a source for themes, and how many datasets have one: word, number, share."""

    source: Source
    title: str
    written: str
    rules: int
    shares: Sequence[tuple[str, int, str]]
    codes: Sequence[tuple[str, str]]
    problems: Problems
    trouble: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One item of a plan: what would change, field by field."""

    source: Source
    title: str
    item: PlanItem
    word: str
    dataset: Dataset | None
    changes: Sequence[Change]
    may_settle: bool
    sides: Sequence[Sides]


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One conflict in the list."""

    item: PlanItem
    source: Source
    source_title: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two datasets that may be one."""

    duplicate: Duplicate
    one: Dataset
    other: Dataset
    reasons: Sequence[str]
    origins: Sequence[str]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list of conflicts or of pairs, page by page where it has ``total``."""

    entries: Sequence[Any] = field(default_factory=list)
    q: str = ""
    total: int = 0
    before: str = ""
    next: str = ""
