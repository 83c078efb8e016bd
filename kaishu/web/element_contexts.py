"""What the pages of data elements and code sets are given: one typed context a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kaishu.catalogue.models import Dataset
from kaishu.elements import Code, CodeSetText, Element, Known, KnownSet, SheetProblem, Suggestion
from kaishu.elements.models import Assignment, Entry, Version
from kaishu.web.code_trees import Tree

Sentence = tuple[str, str]
Problems = Mapping[str, Sequence[str]]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KnownLine:
    """An element in a list, in words."""

    known: Known
    letter: str
    owner: str
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage:
    """The library, or what a search leaves of it."""

    lines: Sequence[KnownLine]
    total: int
    all: int
    q: str
    letter: str
    origin: str
    letters: Options
    next: str
    before: str


@dataclass(frozen=True, slots=True)
class Use:
    """A column that holds an element."""

    dataset: Dataset
    title: str
    column: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementPage:
    """One element: what it says, who uses it, its versions."""

    known: Known
    element: Element
    owner: str
    letter: str
    words: str
    code_set: str
    range: str
    uses: Sequence[Use]
    unseen: int
    versions: Sequence[Version]
    checks: Sequence[str]
    may_change: bool
    problems: Problems = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetsPage:
    """Every code set."""

    sets: Sequence[KnownSet]
    owners: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPage:
    """One code set: its codes as a tree or by level, or those found with where they stand."""

    known: KnownSet
    text: CodeSetText
    about: str
    owner: str
    q: str
    under: str
    path: Sequence[Code]
    tree: Tree | None
    codes: Sequence[Code]
    places: Mapping[str, str]
    below: Mapping[str, int]
    total: int
    next: str
    dated: bool
    successors: bool
    elements: Sequence[Element]
    versions: Sequence[Version]
    may_change: bool
    problems: Problems = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list of the desk."""

    entry: Entry
    version: Version
    office: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class ElementsDesk:
    """What waits for my answer, what waits for review, what my office proposed."""

    asked: Sequence[VersionLine]
    review: Sequence[VersionLine]
    own: Sequence[VersionLine]
    may_propose: bool
    may_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePage:
    """The form of an element or of a code set."""

    values: Mapping[str, Any]
    changing: bool
    letters: Options
    code_sets: Options
    checks: Options
    offices: Options
    owners: Options
    asked: Sequence[str]
    problems: Problems = field(default_factory=dict)
    loose: Sequence[str] = ()
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSheetPage:
    """Many elements from one sheet."""

    owners: Options
    headings: Sequence[str]
    wrong: Sequence[SheetProblem] = ()
    good: int = 0
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """How an office stands."""

    office: str
    answer: str
    tone: str
    reason: str
    due: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One version under review."""

    entry: Entry
    version: Version
    office: str
    lines: Sequence[tuple[str, str, str]]
    first: bool
    codes: int
    flags: Sequence[tuple[str, str, str]]
    voices: Sequence[VoiceLine]
    steps: Sequence[tuple[str, str, datetime, str]]
    due: date | None
    may_review: bool
    may_take_back: bool
    answering: Sequence[tuple[str, str]]
    concerned: Sequence[str]
    others: Options
    settled: bool
    problems: Problems = field(default_factory=dict)
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column with its element or with what is proposed for it."""

    name: str
    title: str
    type: str
    sample: str
    held: Element | None
    decided: Assignment | None
    suggestions: Sequence[Suggestion]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    """The field dictionary of a table, column by column."""

    dataset: Dataset
    title: str
    resource: str
    tables: Options
    lines: Sequence[ColumnLine]
    held: int
    proposed: int
    library: Options
    yaml: str
    lacking: int | None
    trouble: Sentence | None = None
