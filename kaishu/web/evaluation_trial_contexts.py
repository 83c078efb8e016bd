"""What the pages are given on which a result is tried: other weights, other ways, another result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaishu.evaluation import Difference
from kaishu.evaluation.models import Evaluation
from kaishu.web.evaluation_contexts import UnitLine


@dataclass(frozen=True, slots=True)
class WeightField:
    """A weight to try: percent of its group as asked for, and what it comes to."""

    code: str
    title: str
    value: str
    share: str
    before: str


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """The children of one node."""

    code: str
    title: str
    fields: Sequence[WeightField]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TryingPage:
    """Other weights tried."""

    run: Evaluation
    title: str
    groups: Sequence[WeightGroup]
    lines: Sequence[UnitLine]
    mark: str
    staged: bool
    grouped: bool
    finding: str
    link: str
    changed: bool
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class FirmLine:
    """A unit over many ways of building the index; ``start``, ``width`` and ``nominal`` from 0 to 100."""

    name: str
    href: str
    group: str
    rank: str
    mark: str
    low: str
    high: str
    start: float
    width: float
    nominal: float
    same: str
    keeps: str
    beats: str


@dataclass(frozen=True, slots=True)
class RemovalLine:
    """An element left out, and what it does to the ranks."""

    title: str
    code: str
    mean: str
    moved: str
    most: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPage:
    """How firm the ranks of a result are."""

    run: Evaluation
    title: str
    large: bool
    runs: int
    varied: str
    finding: str
    lines: Sequence[FirmLine]
    graded: bool
    staged: bool
    grouped: bool
    removals: Sequence[RemovalLine]
    still: int
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A unit in two results: ranks, or stages, before and after."""

    name: str
    href: str
    group: str
    before: str
    after: str
    moved: float
    score_before: str
    score_after: str
    change: str
    by_score: str
    by_weight: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """Two evaluations held against each other."""

    run: Evaluation
    title: str
    others: Sequence[tuple[str, str]]
    other: Evaluation | None
    staged: bool
    lines: Sequence[MovedLine]
    rests: bool
    finding: str
    gone: Sequence[str]
    new: Sequence[str]
    system: Sequence[Difference]
    same_data: bool
    trouble: tuple[str, str] | None
