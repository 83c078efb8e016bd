"""What each public page is given: one typed context a page, named as its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from kaishu.access.models import Office
from kaishu.catalogue import DatasetRecord, Item, ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Carried, Table
from kaishu.elements import Element
from kaishu.lake.models import Version
from kaishu.standards import Term
from kaishu.web.charts import Chart, Trend
from kaishu.web.documents import Family
from kaishu.web.ratings import RatingBlock

Piece = tuple[str, bool]  # a stretch of text, and whether a word of the search stands there


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in a list."""

    name: str
    title: str
    abstract: str
    office: str
    open_class: str
    updated: datetime | date
    rows: int | None = None
    formats: Sequence[str] = ()
    uses: int | None = None
    title_pieces: Sequence[Piece] = ()
    abstract_pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """The first page."""

    hint: str
    datasets: int
    harvested: int
    offices: int
    rows: int
    uses: int
    newest: Sequence[Entry]
    used: Sequence[Entry]
    themes: Sequence[tuple[str, int]]
    tags: Sequence[tuple[str, int]]
    providers: Sequence[tuple[Office, int]]
    linked: Markup | None = None


@dataclass(frozen=True, slots=True)
class GridColumn:
    """Head of one column of a table of rows."""

    title: str
    type: str
    numeric: bool
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows to look at."""

    columns: Sequence[GridColumn]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class FieldChart:
    """One field's statistics: its drawing, and every number behind it."""

    field: Mapping[str, Any]
    drawing: Chart
    facts: Sequence[tuple[str, str]]
    top: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away; ``size`` in bytes where it is known or can be guessed."""

    code: str
    title: str
    href: str
    size: int | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version in the list, with what changed since the one before."""

    version: Version
    changes: Sequence[str]
    downloads: Sequence[Download]
    rows_href: str
    set_aside_href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record."""

    title: str
    value: str
    href: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Uses:
    """How much a dataset is used."""

    total: int
    lines: Sequence[tuple[str, int]]
    trend: Trend


@dataclass(frozen=True, slots=True)
class Calls:
    """How a program gets what the page shows."""

    rows: str
    curl: str
    python: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The catalogue that a dataset was harvested from; ``seen`` is when it was last there."""

    title: str
    url: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPage:
    """The page of one dataset."""

    dataset: Dataset
    record: DatasetRecord
    title: str
    abstract: str
    office: Office
    office_title: str
    tags: Sequence[tuple[str, str]]
    licence: Term | None
    updated: datetime | date
    lines: Sequence[Line]
    uses: Uses
    citation: str
    insider: bool
    may_draft: bool
    may_review: bool
    refusal: tuple[str, str] | None = None
    tables: Sequence[ResourceEntry] = ()
    links: Sequence[tuple[ResourceEntry, str]] = ()
    resource: ResourceEntry | None = None
    version: Version | None = None
    preview: Grid | None = None
    rows_href: str = ""
    fields: Sequence[Item] = ()
    elements: Mapping[str, Element] = field(default_factory=dict)
    charts: Sequence[FieldChart] = ()
    downloads: Sequence[Download] = ()
    versions: Sequence[VersionEntry] = ()
    api: Calls | None = None
    families: Sequence[Family] = ()
    linked: Markup | None = None
    origin: Origin | None = None
    ratings: RatingBlock | None = None


@dataclass(frozen=True, slots=True)
class FilterLine:
    """One condition on a column, as the form shows it."""

    column: str
    op: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPage:
    """Browsing the rows of a version."""

    dataset: Dataset
    title: str
    version: Version
    columns: Sequence[Mapping[str, Any]]
    action: str
    kept: Sequence[tuple[str, str]]
    q: str
    filters: Sequence[FilterLine]
    filter_lines: Sequence[FilterLine]
    operators: Sequence[tuple[str, str]]
    sort: str
    reset: str
    curl: str
    downloads: Sequence[Download]
    view: Grid | None = None
    total: int | None = None
    first: int = 0
    last: int = 0
    start: str = ""
    next: str = ""
    trouble: tuple[str, str] | None = None
    wrong: str = ""  # the column whose condition is the trouble


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of the ledger in words."""

    number: int
    title: str
    at: datetime
    actor: str
    reason: str
    facts: Sequence[tuple[str, str]]
    hash: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """What happened to a dataset."""

    name: str
    title: str
    entries: Sequence[HistoryEntry]


@dataclass(frozen=True, slots=True)
class OfficesPage:
    """Our own departments, and those of other portals by source, with the number of their datasets."""

    offices: Sequence[tuple[Office, int]]
    elsewhere: Sequence[tuple[str, int, Sequence[tuple[Office, int]]]] = ()


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One department."""

    office: Office
    title: str
    total: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class AboutPage:
    """About this site."""

    contact: str
    version: str


@dataclass(frozen=True, slots=True)
class DevelopersPage:
    """How programs use this site."""

    site: str
    name: str
    resource: str
    examples: Mapping[str, str]
    ckan: Sequence[tuple[str, str]]
    formats: Sequence[tuple[str, str]]
    limits: Mapping[str, str] = field(default_factory=dict)
    documents: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class StandardsPage:
    """The crosswalk: standards, our fields in groups, short names and counts by standard."""

    tables: Sequence[Table]
    groups: Sequence[tuple[str, Sequence[Carried]]]
    short: Mapping[str, str]
    counts: Mapping[str, int]
