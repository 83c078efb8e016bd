"""How often each element of a standard is filled in, for each catalogue: the method of S0's chapter 3.

The correspondences say which field of ours stands for an element; an element is used by a dataset if
that field, in the record or in one of its distributions or items, is not empty.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kaishu import crosswalk
from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.crosswalk import Row, Table
from kaishu.inspection import scopes
from kaishu.inspection.models import Run
from kaishu.inspection.scopes import ALL, Subject

Report = Callable[[int, int], None]
PRINTED = Path(__file__).parent / "data" / "standards_in_2021.csv"
#: Our name of a standard to the printed one.
IN_PRINT = {
    "guide-2017": "政务信息资源目录编制指南（试行）",
    "gbt-21063-3": "GB/T 21063.3-2007 政务信息资源目录体系 第3部分：核心元数据",
    "dublin-core": "都柏林核心元素集",
    "dcat": "DCAT-Version 2 溯源元数据",
}
#: Elements that carry what the standard has no place for.
OURS = ("kaishu:", "https://kaishu.dev/")
#: What a row may speak of; the rest is about the catalogue.
PARTS = ("record.", "link.", "item.", "publisher.", "entry.")
#: Values that a record has by default and that nobody wrote.
DEFAULTS: dict[str, Any] = {"record.languages": ["zh"], "record.kind": "dataset"}


@dataclass(frozen=True, slots=True)
class Usage:
    """One element: datasets that use it, by catalogue; ``printed`` is high or low as S0 says, or empty.

    ``placed`` tells whether we have a field for it at all.
    """

    element: str
    about: str
    obligation: str
    zh: str
    en: str
    placed: bool
    used: Mapping[str, int]
    printed: str


@dataclass
class Used:
    """Counts of a run, for every standard at once: catalogue to datasets, and to counts per field."""

    started: datetime
    datasets: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    together: list[tuple[str, frozenset[str]]] = field(default_factory=lambda: _together())

    def add(self, subject: Subject) -> None:
        """Count one dataset."""
        names = filled(subject)
        names.update([key for key, fields in self.together if not fields.isdisjoint(names)])
        for name in (subject.catalogue, ALL):
            self.datasets[name] += 1
            self.fields.setdefault(name, Counter()).update(names)


def count_elements(call: Call, report: Report = lambda done, total: None) -> Used:
    """Look at every published dataset once; the standards are read from the counts of our fields."""
    require(call, Permission.inspection_run)
    used = Used(call.now)
    whole = scopes.count(call.session)
    for page in scopes.subjects(call.session):
        for subject in page:
            used.add(subject)
        report(used.datasets[ALL], whole)
    return used


def keep_elements(call: Call, used: Used) -> Run:
    """Put the counts where the pages read them."""
    require(call, Permission.inspection_run)
    run = Run(
        id=ids.new_id(),
        kind="elements",
        scope=ALL,
        datasets=used.datasets[ALL],
        result={
            "datasets": dict(used.datasets),
            "fields": {name: dict(counts) for name, counts in used.fields.items()},
        },
        actor=call.actor.name,
        started_at=used.started,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    note(call, "inspection.elements", ("inspection", run.id), datasets=run.datasets)
    return run


def usage(standard: str, run: Run) -> list[Usage]:
    """The elements of a standard, in its order.  Raises ``KeyError`` for an unknown standard."""
    table = crosswalk.table(standard)
    counts: Mapping[str, Mapping[str, int]] = run.result["fields"]
    printed = _in_print(table)
    found = []
    for (element, about), rows in _elements(table).items():
        key = _key(rows)
        first = rows[0]
        used = {name: _count(key, of) for name, of in counts.items()}
        said = next((printed.pop(name) for name in _names(element, first.zh) if name in printed), "")
        found.append(Usage(element, about, first.obligation, first.zh, first.en, bool(key), used, said))
    return found


def _elements(table: Table) -> dict[tuple[str, str], list[Row]]:
    """Rows by element; rows about the catalogue itself and elements of our own namespace are left out."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        if not row.element.startswith(OURS) and (not row.field or row.field.startswith(PARTS)):
            found.setdefault((row.element, row.about), []).append(row)
    return found


def _key(rows: Iterable[Row]) -> str:
    return "|".join(sorted({row.field for row in rows if row.field}))


def _count(key: str, counts: Mapping[str, int]) -> int:
    """Datasets that use any of the fields; of a correspondence made after the run, the most used one."""
    if key in counts or not key:
        return counts.get(key, 0)
    return max(counts.get(field, 0) for field in key.split("|"))


def _together() -> list[tuple[str, frozenset[str]]]:
    """Fields that share an element in some standard: counted together, so that no dataset counts twice."""
    keys = {
        _key(rows) for name in crosswalk.standards() for rows in _elements(crosswalk.table(name)).values()
    }
    return [(key, frozenset(key.split("|"))) for key in sorted(keys) if "|" in key]


def elements_of(standard: str) -> list[tuple[str, frozenset[str]]]:
    """The elements of a standard that we have a place for, each with our fields that stand for it.

    Raises ``KeyError`` for an unknown standard.
    """
    found = []
    for (element, _), rows in _elements(crosswalk.table(standard)).items():
        fields = frozenset(row.field for row in rows if row.field)
        if fields:
            found.append((element, fields))
    return found


def filled(subject: Subject) -> set[str]:
    """Names of the fields of a dataset that say something, as the correspondences name them."""
    names = {f"record.{key}" for key, value in subject.record.items() if _says(f"record.{key}", value)}
    for prefix, parts in (("link", subject.links), ("item", subject.record.get("items") or ())):
        for part in parts:
            names.update(f"{prefix}.{key}" for key, value in part.items() if _says(f"{prefix}.{key}", value))
    agent = subject.entry.publisher
    for key in ("title", "name", "title_en", "code", "url", "email", "identifier"):
        if getattr(agent, key):
            names.add(f"publisher.{key}")
    names.update(f"entry.{key}" for key in ("identifier", "name") if getattr(subject.entry, key))
    names.update(f"entry.{key}" for key in ("created", "modified") if getattr(subject.entry, key))
    if subject.links:
        names.add("entry.resources")
    return names


def _says(name: str, value: Any) -> bool:
    if value in (None, "", [], {}, ()) or value is False:
        return False
    return bool(value != DEFAULTS.get(name))


def _in_print(table: Table) -> dict[str, str]:
    standard = IN_PRINT.get(table.name, "")
    return {_plain(name): use for said, name, use in _printed() if said == standard}


@cache
def _printed() -> tuple[tuple[str, str, str], ...]:
    with PRINTED.open(encoding="utf-8", newline="") as file:
        rows: Iterable[Mapping[str, str]] = csv.DictReader(file)
        return tuple((row["standard"], row["element"], row["usage"]) for row in rows)


def _names(element: str, zh: str) -> list[str]:
    """How an element may be called in print: itself, the last part of its path, the first, in Chinese."""
    parts = element.split(".")
    return [_plain(name) for name in (element, parts[-1], parts[0], zh)]


def _plain(name: str) -> str:
    return name.split(" ")[0].casefold()
