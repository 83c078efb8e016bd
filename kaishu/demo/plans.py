"""What the city consists of, read from ``city.yaml`` and ``datasets/*.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = HERE / "files"


@dataclass(frozen=True, kw_only=True)
class OfficePlan:
    """A made-up office."""

    name: str
    title: str
    title_en: str
    code: str
    contact: str
    description: str
    description_en: str


@dataclass(frozen=True, kw_only=True)
class DatasetPlan:
    """One dataset; ``state`` is where it ends, ``fields`` maps a column to (zh, en[, unit])."""

    name: str
    office: str
    versions: Sequence[str]
    table: str
    record: Mapping[str, Any]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    state: str = "published"
    reason: str = ""

    @property
    def paths(self) -> list[Path]:
        """The shipped files, oldest version first."""
        return [FILES / version for version in self.versions]


@cache
def city() -> dict[str, Any]:
    """``city.yaml`` as it is."""
    return _read(HERE / "city.yaml")  # type: ignore[no-any-return]


def office_plans() -> list[OfficePlan]:
    """The offices, in the order of the file."""
    return [OfficePlan(**each) for each in city()["offices"]]


def dataset_plans() -> list[DatasetPlan]:
    """Every dataset, those with the fewest bytes first, so that a first visitor soon sees something."""
    plans = [
        _plan(office, entry)
        for office in office_plans()
        for entry in _read(HERE / "datasets" / f"{office.name}.yaml")
    ]
    return sorted(plans, key=lambda plan: sum(path.stat().st_size for path in plan.paths))


def _plan(office: OfficePlan, entry: Mapping[str, Any]) -> DatasetPlan:
    given = dict(entry)
    versions = given.pop("versions", None) or [given.pop("file")]
    contact = {
        "contact_name": f"{office.title}{office.contact}",
        "contact_email": f"{office.name}@kaishu.example",
    }
    record = {**city()["record"], **contact, **given.pop("record")}
    return DatasetPlan(office=office.name, versions=versions, record=record, **given)


def _read(path: Path) -> Any:
    import yaml

    return yaml.safe_load(path.read_text(encoding="utf-8"))
