"""What the pages about quality are given, and the geometry of their charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kaishu.access.models import Office
from kaishu.catalogue.models import Dataset
from kaishu.inspection import Document, Low, Sums, Verdict, mqa
from kaishu.queue.models import Task
from kaishu.reporting import halves
from kaishu.web.charts import fit

WIDTH, LABEL, LINE, PLOT = 320, 88, 26, 84
LEAST_LABEL, MOST_LABEL = 64, 160


@dataclass(frozen=True, slots=True)
class Level:
    """One horizontal bar: ``width`` of ``whole``; ``value`` is what it says."""

    label: str
    value: str
    y: int
    width: float
    whole: float
    short: str


@dataclass(frozen=True, slots=True)
class Levels:
    """A chart of horizontal bars; the finding is its title."""

    finding: str
    levels: Sequence[Level]
    label: int = LABEL

    @property
    def height(self) -> int:
        """Of the drawing."""
        return len(self.levels) * LINE + 2


@dataclass(frozen=True, slots=True)
class Course:
    """A line over days with its points."""

    finding: str
    line: str
    dots: Sequence[tuple[float, float, str, str]]
    first: str
    last: str
    low: str
    high: str


def levels(finding: str, rows: Sequence[tuple[str, float, float, str]], label: int = 0) -> Levels:
    """Bars for (label, value, of, text); without ``label`` the labels get the room they need."""
    label = label or label_room([row[0] for row in rows])
    room = WIDTH - label - 62
    made = [
        Level(
            name,
            text,
            index * LINE + 4,
            round(room * min(1.0, value / of), 2) if of else 0.0,
            room,
            fit(name, int((label - 8) / 6.7)),  # letters of 12 px are up to 6.7 wide
        )
        for index, (name, value, of, text) in enumerate(rows)
    ]
    return Levels(finding, made, label)


def label_room(names: Iterable[str], most: int = MOST_LABEL) -> int:
    """What the longest label of a chart takes, in letters of up to 6.7, but not most of the chart."""
    return min(most, max(LEAST_LABEL, 10 + round(6.7 * max(map(halves, names), default=0))))


def course(finding: str, points: Sequence[tuple[str, float]], most: float) -> Course:
    """A line through points in the order of days; the axis runs from 0 to ``most``."""
    step = (WIDTH - 12) / max(1, len(points) - 1)
    dots = [
        (
            round(6 + index * step if len(points) > 1 else WIDTH / 2, 2),
            round(14 + PLOT - PLOT * value / most, 2),
            day,
            f"{value:.1f}",
        )
        for index, (day, value) in enumerate(points)
    ]
    line = " ".join(f"{x},{y}" for x, y, _day, _value in dots)
    first, last = (points[0][0], points[-1][0]) if points else ("", "")
    return Course(finding, line, dots, first, last, "0", f"{most:.0f}")


@dataclass(frozen=True, slots=True)
class Tab:
    """A catalogue to choose."""

    name: str
    title: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """An office with its points; equal points have an equal rank."""

    rank: int
    name: str
    title: str
    datasets: int
    score: float
    rating: str
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPage:
    """Scores of a catalogue or an office."""

    title: str
    tabs: Sequence[Tab]
    scope: str
    sums: Sums | None
    rating: str
    most: int
    dimensions: Levels | None = None
    ratings: Levels | None = None
    course: Course | None = None
    indicators: Sequence[tuple[str, str, str, int, int, int]] = ()
    mendings: Sequence[mqa.Mending] = ()
    offices: Sequence[Ranked] = ()
    lowest: Sequence[Low] = ()
    office: Office | None = None
    unchecked: int = 0
    running: Task | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of a dataset: ``answer`` True, False or None for not looked at yet."""

    title: str
    property: str
    points: int
    answer: bool | None
    mend: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetQualityPage:
    """The 23 indicators of a dataset and its DCAT-AP check.

    ``unknown`` of them were not looked at; ``inferred``: there are themes that the source did not state.
    """

    dataset: Dataset
    title: str
    score: int
    most: int
    rating: str
    at: datetime | None
    dimensions: Sequence[tuple[str, int, int, Sequence[IndicatorLine]]]
    chart: Levels
    lacking: Sequence[IndicatorLine]
    unknown: int
    inferred: bool
    verdict: Verdict | None
    current: bool
    links: Sequence[tuple[str, str, str, datetime | None]]
    may_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementsPage:
    """Usage of every element of a standard."""

    title: str
    standards: Sequence[Tab]
    source: str
    edition: str
    columns: Sequence[tuple[str, str, int]]
    rows: Sequence[tuple[str, str, str, Sequence[float], str, bool]]
    charts: Sequence[Levels]
    printed: bool
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """Check a document."""

    text: str
    syntax: str
    syntaxes: Sequence[tuple[str, str]]
    most: int
    found: Document | None = None
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CheckCount:
    """A check with the number of its findings; ``unasked`` if there are addresses that nobody asked yet."""

    name: str
    title: str
    why: str
    severity: str
    count: int
    href: str
    unasked: int = 0

    @property
    def clean(self) -> bool:
        """Looked at all, found nothing?"""
        return not self.count and not self.unasked


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in words."""

    check: str
    severity: str
    dataset: str
    title: str
    office: str
    sentence: str
    advice: str
    href: str
    evidence: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    """Findings of a catalogue, or of the steward's office."""

    title: str
    base: str
    tabs: Sequence[Tab]
    scope: str
    at: datetime | None
    datasets: int
    checks: Sequence[CheckCount]
    chosen: CheckCount | None
    total: int
    findings: Sequence[FindingLine]
    next: str
    running: Task | None
    chart: Levels | None
    own: bool
    pairs: Mapping[str, str] = field(default_factory=dict)
