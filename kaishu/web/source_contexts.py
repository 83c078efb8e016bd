"""What the pages about sources are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaishu.source import Kept, Kind, VirtualRows
from kaishu.source.models import Arrival, Contract, DriftFinding, Source
from kaishu.web.dataset_choices import Fillable
from kaishu.web.desk_contexts import Problems, Sentence


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract with how its periods went."""

    contract: Contract
    office: str
    latest: str
    tone: str
    counts: Mapping[str, int]
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """All sources and contracts, and the forms for one more of each; ``pushing`` if a form about a push
    was sent, which ``problems`` and ``trouble`` are then about."""

    sources: Sequence[tuple[Source, str, str]]
    contracts: Sequence[ContractLine]
    kinds: Mapping[str, Kind]
    kind: Kind
    offices: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    problems: Problems
    trouble: Sentence | None
    finding: str
    pushing: bool
    datasets: Fillable


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """One source: what it has, its contracts, what changed."""

    source: Source
    kind: Kind
    office: str
    contracts: Sequence[Contract]
    drift: Sequence[DriftFinding]
    datasets: Fillable
    values: Mapping[str, str]
    problems: Problems
    trouble: Sentence | None
    may_manage: bool
    may_certify: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Periods of one month; the numbers are places in a drawing 100 wide."""

    name: str
    counts: Mapping[str, int]
    pieces: Sequence[tuple[str, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPage:
    """One contract: terms, periods, deliveries; ``title`` is the dataset's.

    ``waiting``: a pull was left and is not done.
    """

    contract: Contract
    source: Source | None
    office: str
    periods: Sequence[Kept]
    months: Sequence[Month]
    arrivals: Sequence[Arrival]
    finding: str
    trouble: Sentence | None
    may_manage: bool
    waiting: bool
    title: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPage:
    """One virtual entry with its limits; ``found`` once the source was asked."""

    contract: Contract
    source: Source
    office: str
    found: VirtualRows | None
    trouble: Sentence | None
    may_manage: bool
    most_rows: int
    seconds: int
