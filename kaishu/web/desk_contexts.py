"""What pages behind the sign-in are given: one typed context a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kaishu.access.models import Office, Person, Token
from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.source.models import Delivery
from kaishu.web.contexts import Grid
from kaishu.web.gate_contexts import GateSteps

if TYPE_CHECKING:
    from kaishu.lake import Plan

Problems = Mapping[str, Sequence[str]]
Sentence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city."""

    account: str
    password: str
    title: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in page."""

    next: str
    account: str
    accounts: Sequence[DemoAccount]
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One's own page."""

    account: str
    role: str
    office: str
    tokens: Sequence[Token]
    secret: str
    secret_for: str
    application: str
    problems: Problems
    trouble: Sentence | None


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A dataset at the steward's desk."""

    name: str
    title: str
    office: str
    rows: int | None
    updated: datetime
    step: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A piece of work in a list."""

    id: str
    title: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """My datasets by state."""

    groups: Sequence[tuple[str, Sequence[DeskEntry]]]
    tasks: Sequence[TaskEntry]
    next: str = ""
    asked: int = 0
    mappings: int = 0
    harvested: int = 0
    of_sources: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class NewFile:
    """The upload page."""

    heading: str
    limit: int
    dataset: Dataset | None = None
    resource: str = ""
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """How a file was read, to be corrected."""

    delivery: Delivery
    dataset: Dataset | None
    resource: str
    plan: Plan | None
    known: str
    chosen: Mapping[str, str]
    found: Sequence[str]
    was: Sequence[str]
    formats: Sequence[tuple[str, str]]
    encodings: Sequence[tuple[str, str]]
    delimiters: Sequence[tuple[str, str]]
    types: Sequence[str]
    reasons: Mapping[str, str]
    title: str
    office: str
    offices: Sequence[tuple[str, str]]
    trouble: Sentence | None = None
    problems: Problems = field(default_factory=dict)
    wrong: Problems = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """How far a task is."""

    title: str
    task: Any
    running: bool
    failed: bool
    stage: str = ""
    done: int = 0
    total: int = 0
    percent: str = ""
    left: str = ""
    sentence: str = ""
    advice: str = ""
    back: str = "/desk"
    onward: str = "/desk"
    rows: int = 0
    version: int = 0
    set_aside: int = 0
    set_aside_href: str = ""
    notes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage:
    """One dataset at the steward's desk."""

    dataset: Dataset
    title: str
    tables: Sequence[ResourceEntry]
    tasks: Sequence[TaskEntry]
    editable: bool
    uploadable: bool
    submittable: bool
    returned: str
    gates: Sequence[GateSteps] = ()
    missing: Sequence[tuple[str, Sequence[str]]] = ()
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """The catalogue record as a form."""

    dataset: Dataset
    title: str
    values: Mapping[str, Any]
    codes: Mapping[str, Sequence[tuple[str, str]]]
    flaws: str = ""
    problems: Problems = field(default_factory=dict)
    loose: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A dataset that waits for a reviewer."""

    name: str
    title: str
    office: str
    author: str
    cause: str
    waited: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """What waits; ``withdrawn`` are names, titles and offices of what could be put back."""

    entries: Sequence[WaitingEntry]
    withdrawn: Sequence[tuple[str, str, str]] = ()
    more: bool = False
    trouble: Sentence | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One item before and after, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """One table of the revision, against what is published."""

    name: str
    rows: int | None
    rows_before: int | None
    columns: int
    columns_before: int | None
    version: int | None
    set_aside: int
    added: Sequence[str]
    removed: Sequence[str]
    notes: Sequence[Mapping[str, Any]]
    hints: Sequence[str]
    preview: Grid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A revision to decide on."""

    name: str
    title: str
    office: str
    author: str
    submitted: datetime | None
    waited: str
    due: date | None
    first_time: bool
    changes: int
    record: Sequence[Change]
    items: Sequence[Change]
    tables: Sequence[TableChange]
    gates: Sequence[GateSteps] = ()
    reason: str = ""
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a list that is searched and turned page by page stands."""

    q: str
    total: int
    before: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesAdmin:
    """Departments, for an administrator: our own, or those that came with harvested data."""

    offices: Sequence[Office]
    counts: tuple[int, int]
    elsewhere: bool
    found: Found
    values: Mapping[str, str]
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleAdmin:
    """People, for an administrator."""

    found: Found
    people: Sequence[Person]
    roles: Mapping[str, str]
    role_options: Sequence[tuple[str, str]]
    office_options: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeEdit:
    """One department, for an administrator."""

    office: Office
    values: Mapping[str, str]
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEdit:
    """One person, for an administrator."""

    person: Person
    values: Mapping[str, str]
    role_options: Sequence[tuple[str, str]]
    office_options: Sequence[tuple[str, str]]
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None
