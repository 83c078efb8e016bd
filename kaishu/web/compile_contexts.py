"""What the pages of compilation are given: one typed context a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaishu.access.models import Office
from kaishu.catalogue.models import Dataset
from kaishu.compilation import DutyFile, Gap, RowPlan, SheetPlan
from kaishu.compilation.models import Duty, DutyList, Proposal

Sentence = tuple[str, str]
Problems = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A duty list with what became of its proposals."""

    list: DutyList
    office: str
    open: int
    accepted: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesPage:
    """All lists, and taking one in."""

    lists: Sequence[ListEntry]
    offices: Sequence[tuple[str, str]]
    office: str = ""
    read: DutyFile | None = None
    trouble: Sentence | None = None
    problems: Problems = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Branch:
    """A duty (L1) with its proposals (L2), and those that stand with another duty."""

    duty: Duty
    proposals: Sequence[Proposal]
    shared: Sequence[tuple[Proposal, Duty]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyListPage:
    """One list as a tree from L1 to L4."""

    list: DutyList
    office: str
    branches: Sequence[Branch]
    counts: Mapping[str, int]
    state: str
    names: Mapping[str, str]
    next: str
    origins: Mapping[str, str]
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """One proposed entry with its evidence, to decide on."""

    proposal: Proposal
    duty: Duty
    also: Sequence[Duty]
    list: DutyList
    origin: str
    dataset: Dataset | None
    values: Mapping[str, str]
    codes: Mapping[str, Sequence[tuple[str, str]]]
    code: str
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class GapLine:
    """One office in the chart of gaps; widths of its bars from 0 to 100."""

    gap: Gap
    title: str
    covered: float
    known: float


@dataclass(frozen=True, slots=True)
class GapsPage:
    """Gaps of the offices that one may see, and in full of the one chosen."""

    lines: Sequence[GapLine]
    chosen: Gap | None
    finding: str
    before: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """Taking the sheet out and putting it back."""

    offices: Sequence[tuple[str, str]]
    office: str
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlanPage:
    """What a sheet that came back would do."""

    delivery: str
    file: str
    plan: SheetPlan
    shown: Sequence[RowPlan]
    kinds: Mapping[str, str]
    office: str
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A draft that could not be submitted: which field, and what it lacks."""

    name: str
    title: str
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDone:
    """How far a sheet is, and what was done."""

    file: str
    state: str
    done: int = 0
    total: int = 0
    made: Sequence[str] = ()
    changed: Sequence[str] = ()
    submitted: Sequence[str] = ()
    not_submitted: Sequence[Lacking] = ()
    left_out: int = 0
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class TreeOffice:
    """An office in the tree, with its entries when it is opened."""

    office: Office
    title: str
    count: int
    href: str
    entries: Sequence[tuple[Dataset, str]] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class TreeClass:
    """A class in the tree."""

    code: str
    title: str
    count: int
    width: float
    href: str
    offices: Sequence[TreeOffice] = ()


@dataclass(frozen=True, slots=True)
class TreePage:
    """The catalogue by one classification."""

    by: str
    tabs: Sequence[tuple[str, str, bool]]
    total: int
    classes: Sequence[TreeClass]
    csv: str
    insider: bool
    finding: str
    elsewhere: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class GonePage:
    """A dataset that was withdrawn."""

    title: str
    office: str
    when: str
    reason: str
    near: Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """A resource code taken apart and checked, and the categories: code, name, which records get it.

    ``regional`` if they are a region's own.
    """

    code: str
    office: str
    offices: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, str, str, str]]
    flaws: Sequence[str]
    advice: Sequence[str]
    checked: bool
    categories: Sequence[tuple[str, str, str]]
    regional: bool
    notes: Sequence[str]
