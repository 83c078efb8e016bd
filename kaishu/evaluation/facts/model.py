"""What a fact is, and what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from kaishu.base.errors import Said

How = Literal["sum", "mean", "median", "share", "distinct"]
#: Scopes: one unit for everything, or one for each of these.
SCOPES = ("platform", "catalogue", "office", "division")
SCOPE_WORDS = {
    "platform": ("全平台", "the whole platform"),
    "catalogue": ("数据目录", "catalogue"),
    "office": ("部门", "department"),
    "division": ("行政区划", "administrative division"),
}
_VALUE = {
    "sum": "SUM(each)",
    "mean": "AVG(each)",
    "median": "MEDIAN(each)",
    "share": "100.0 * AVG(each)",
    "distinct": "COUNT(DISTINCT each)",
}


_SOURCE = re.compile(rf"facts by ({'|'.join(SCOPES)}), (\S+)")


def source_of(by: str, at: datetime) -> str:
    """How a table of units names facts as where it comes from."""
    return f"facts by {by}, {at.isoformat(timespec='seconds')}"


def source_said(source: str) -> Said:
    """The same for people, wherever it stands among other sources."""

    def when(found: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(found[2]):%Y-%m-%d %H:%M} UTC"

    zh = _SOURCE.sub(lambda each: f"平台事实（按{SCOPE_WORDS[each[1]][0]}，{when(each)}统计）", source)
    en = _SOURCE.sub(lambda each: f"facts by {SCOPE_WORDS[each[1]][1]}, counted at {when(each)}", source)
    return Said(zh, en)


@dataclass(frozen=True, slots=True)
class Fact:
    """A named quantity: rows of one frame that fulfil ``where``, what each contributes, how they add up.

    ``each`` and ``where`` are SQL over the frame's columns; rows where ``each`` is NULL do not count.  A
    ``share`` is a mean of 0 and 1 in percent.  ``empty`` is the value of a unit without such rows: 0 for
    what is counted, None for what cannot be known.
    """

    name: str
    zh: str
    en: str
    unit: tuple[str, str]
    frame: str
    each: str
    how: How = "sum"
    where: str = ""
    empty: float | None = None
    about: tuple[str, str] = ("", "")

    def query(self, by: str) -> str:
        """The SQL that is run for all units of a scope at once; it can be read, and run again."""
        # Nothing of this comes from outside: ``by`` is one of SCOPES, the rest is in the registry.
        return (
            f"SELECT unit, {_VALUE[self.how]} AS value, COUNT(each) AS rows "  # noqa: S608
            f"FROM (SELECT {by} AS unit, {self.each} AS each FROM {self.frame}{self._where()}) AS counted "
            "WHERE each IS NOT NULL AND unit IS NOT NULL GROUP BY unit"
        )

    def listing(self, by: str) -> str:
        """The SQL of the rows behind every unit's value: ``unit``, ``id``, ``label``, ``value``."""
        return (
            f"SELECT unit, id, label, each AS value "  # noqa: S608
            f"FROM (SELECT {by} AS unit, id, label, {self.each} AS each FROM {self.frame}{self._where()}) "
            "AS counted WHERE each IS NOT NULL AND unit IS NOT NULL"
        )

    def said(self, language: str) -> str:
        """Its title."""
        return self.en if language == "en" else self.zh

    def _where(self) -> str:
        return f" WHERE {self.where}" if self.where else ""


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts about the same."""

    name: str
    zh: str
    en: str
    facts: tuple[Fact, ...]

    def said(self, language: str) -> str:
        """Its title."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class FactUnit:
    """A unit of a scope; ``id`` is ``all``, the name of a catalogue or an office, or a division's code."""

    id: str
    zh: str
    en: str

    def said(self, language: str) -> str:
        """Its title."""
        return (self.en or self.zh) if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row behind a value: a dataset (or order, review, application) and what it contributes."""

    id: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Measured:
    """One fact of one unit: its value (None if it cannot be known) and from how many rows it came."""

    fact: Fact
    value: float | None
    rows: int


@dataclass(frozen=True)
class FactSheet:
    """Facts of all units of a scope at one time; ``frames`` are what they were counted from."""

    by: str
    at: datetime
    facts: tuple[Fact, ...]
    units: tuple[FactUnit, ...]
    values: Mapping[tuple[str, str], Measured]
    left_out: int = 0
    frames: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def of(self, unit: str, fact: str) -> Measured:
        """One of them.  Raises ``KeyError``."""
        return self.values[unit, fact]

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """As JSON."""
        english = language == "en"
        return {
            "by": self.by,
            "at": self.at.isoformat(),
            "left_out": self.left_out,
            "facts": [
                {
                    "name": each.name,
                    "title": each.said(language),
                    "unit": each.unit[english],
                    "about": each.about[english],
                    "query": each.query(self.by),
                }
                for each in self.facts
            ],
            "units": [
                {
                    "id": unit.id,
                    "name": unit.said(language),
                    "facts": {
                        each.name: {
                            "value": self.of(unit.id, each.name).value,
                            "rows": self.of(unit.id, each.name).rows,
                        }
                        for each in self.facts
                    },
                }
                for unit in self.units
            ],
        }
