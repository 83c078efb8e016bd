"""What the pages about evaluation are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kaishu.evaluation import Difference, FormField
from kaishu.evaluation.models import Evaluation, SystemEdition
from kaishu.queue.models import Task
from kaishu.web.quality_contexts import Levels


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """An evaluation in a list."""

    id: str
    title: str
    edition: str
    source: str
    units: int
    state: str
    at: datetime
    first: Sequence[tuple[str, str]]
    actor: str
    task: Task | None = None
    failed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A system in a list; ``state`` is built-in or that of the edition."""

    id: str
    name: str
    title: str
    edition: str
    state: str
    indicators: int
    source: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationHome:
    """Published results and systems; for those who may, what they made."""

    published: Sequence[EvaluationLine]
    systems: Sequence[SystemLine]
    charts: Sequence[Levels]
    may_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationDesk:
    """One's own evaluations and the drafts of systems."""

    runs: Sequence[EvaluationLine]
    drafts: Sequence[SystemLine]
    next: str
    may_draft: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a result; ``width`` of its bar from 0 to 100; ``moved`` counts ranks or stages won or lost.

    ``climb`` says how much of the next stage's criteria is met.
    """

    rank: str
    name: str
    id: str
    href: str
    score: str
    width: float
    mark: str
    group: str
    cells: Sequence[tuple[str, str]]
    climb: str = ""
    before: str = ""
    moved: float = 0.0
    change: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an histogram, 320 wide and 84 high."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores are spread."""

    finding: str
    columns: Sequence[Column]
    low: str
    high: str
    peak: str


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A node of a system; ``fact`` is the address of the fact that it reads."""

    code: str
    title: str
    level: int
    weight: str
    origin: str
    direction: str
    normalise: str
    note: str
    ours: str
    fact: str


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A printed figure beside ours."""

    what: str
    unit: str
    printed: str
    ours: str
    agrees: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed of a built-in system beside what comes out."""

    about: str
    finding: str
    lines: Sequence[PrintedLine]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice, with the units it is about, and names of others that are shown where one asks for them."""

    said: str
    units: str
    others: str = ""


@dataclass(frozen=True, slots=True)
class StageBlock:
    """The units in a stage that stand on this page, and how many it holds in all."""

    title: str
    count: int
    lines: Sequence[UnitLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """A result: who stands where, how it is spread, by which method, what to do with it.

    Where the outcome is a stage, ``lines`` stand in ``stages``, from the highest on, and have no rank.
    """

    run: Evaluation
    title: str
    edition: str
    source: str
    finding: str
    numbers: Sequence[tuple[str, str]]
    lines: Sequence[UnitLine]
    stages: Sequence[StageBlock]
    ranked: bool
    total: int
    heads: Sequence[tuple[str, str]]
    mark: str
    groups: Sequence[str]
    group: str
    asked: str
    next: str
    previous: str
    spread: Spread | None
    charts: Sequence[Levels]
    notices: Sequence[NoticeLine]
    tree: Sequence[TreeLine]
    facts: Sequence[tuple[str, str]]
    others: Sequence[EvaluationLine]
    printed: Printed | None
    reports: Sequence[tuple[str, str]]
    may_publish: bool
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """An evaluation that is not made yet; ``problems`` are the places of what made it fail."""

    run: Evaluation
    title: str
    source: str
    failed: bool
    done: int
    total: int
    message: str
    problems: Sequence[str]
    advice: str
    systems: Sequence[tuple[str, str]]
    system: str
    draft: str
    dataset: str
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class NodeBlock:
    """One node of a unit, with what is below it."""

    code: str
    title: str
    score: str
    width: float
    share: str
    weight: str
    contribution: str
    raw: str
    unit: str
    grade: str
    note: str
    facts: Sequence[tuple[str, str]]
    fact: str
    remark: str
    query: str
    links: Sequence[str]
    level: int
    children: Sequence[NodeBlock]


@dataclass(frozen=True, slots=True)
class StandLine:
    """An indicator in which a unit stands out, or by which it could gain."""

    title: str
    score: str
    mean: str
    rank: str
    gap: str
    gain: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A criterion unmet: what is there, what is wanted, how far off."""

    what: str
    held: str
    wanted: str
    gap: str


@dataclass(frozen=True, slots=True)
class ClimbBlock:
    """What lacks for the next stage, and the vetoes that hold, each with what would lift it."""

    finding: str
    needs: Sequence[NeedLine]
    vetoes: Sequence[tuple[str, Sequence[NeedLine]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """One unit: every score opens down to the raw value."""

    run: Evaluation
    title: str
    name: str
    numbers: Sequence[tuple[str, str]]
    note: str
    nodes: Sequence[NodeBlock]
    total: str
    sum: str
    finding: str
    strengths: Sequence[StandLine]
    weaknesses: Sequence[StandLine]
    lifts: Sequence[StandLine]
    climb: ClimbBlock | None
    periods: Sequence[tuple[str, str, bool]]
    reports: Sequence[tuple[str, str]]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPage:
    """An indicator system: what it measures and how, its editions, its evaluations."""

    line: SystemLine
    row: SystemEdition | None
    place: str
    note: str
    facts: Sequence[tuple[str, str]]
    tree: Sequence[TreeLine]
    text: str
    fingerprint: str
    editions: Sequence[SystemLine]
    other: str
    differences: Sequence[Difference] | None
    runs: Sequence[EvaluationLine]
    may_draft: bool
    may_run: bool
    may_publish: bool
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class NodeForm:
    """Title and weight of one node in the form."""

    code: str
    level: int
    titles: Sequence[FormField]
    weight: FormField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """A draft of a system being written, in a form and as text."""

    row: SystemEdition
    line: SystemLine
    may_publish: bool
    whole: Sequence[tuple[str, FormField, Sequence[tuple[str, str]]]]
    nodes: Sequence[NodeForm]
    text: str
    problems: Sequence[str]
    trouble: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Choosing system and data: ``base`` and ``scope`` are those proposed; ``about`` leads to the system."""

    systems: Sequence[tuple[str, str]]
    system: str
    about: str
    columns: Sequence[str]
    facts: Sequence[str]
    judged: Sequence[str]
    has_data: bool
    base: str
    datasets: Sequence[tuple[str, str]]
    scopes: Sequence[tuple[str, str]]
    scope: str
    rounds: Sequence[tuple[str, str]]
    given: Mapping[str, str]
    problems: Sequence[str]
    trouble: tuple[str, str] | None
