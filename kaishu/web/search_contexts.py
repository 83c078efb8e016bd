"""What the pages of searching and of synonyms are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaishu.discovery import Group
from kaishu.web.charts import Chart
from kaishu.web.contexts import Entry


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, with the address that chooses it or lets it go."""

    title: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of the search page; those after the first few values are folded away."""

    title: str
    choices: Sequence[Choice]
    more: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address that takes it away."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class ResultChart:
    """How the results are spread over one facet: drawing, table, and where its CSV is."""

    title: str
    drawing: Chart
    head: str
    rows: Sequence[tuple[str, int, str]]
    csv: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why nothing was found, and what is near; ``wordless`` if nothing that was typed is a word."""

    wordless: bool = False
    missing: Sequence[str] = ()
    known: Sequence[tuple[str, int]] = ()
    without: Sequence[tuple[str, int, str]] = ()
    unfiltered: int = 0
    near: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What stands in the form of space and time, with what is wrong about it."""

    bbox: str = ""
    division: str = ""
    start: str = ""
    end: str = ""
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def used(self) -> bool:
        """Is anything of it filled in?"""
        return bool(self.bbox or self.start or self.end or self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search page."""

    q: str
    sort: str
    sorts: Sequence[tuple[str, str]]
    total: int
    number: int
    pages: int
    entries: Sequence[Entry]
    facets: Sequence[Facet]
    chips: Sequence[Chip]
    kept: Sequence[tuple[str, str]]
    kept_for_sort: Sequence[tuple[str, str]]
    kept_for_limits: Sequence[tuple[str, str]]
    limits: Limits
    charts: Sequence[ResultChart]
    previous: str
    next: str
    api: str
    meant: str = ""
    meant_total: int = 0
    meant_href: str = ""
    nothing: Nothing | None = None


@dataclass(frozen=True, slots=True)
class SynonymsAdmin:
    """The page of synonyms."""

    groups: Sequence[Group]
    total: int
    found: int
    q: str
    origin: str
    before: str
    next: str
    origins: Mapping[str, str]
    terms: str
    changing: str
    problems: Mapping[str, Sequence[str]]
    trouble: tuple[str, str] | None
