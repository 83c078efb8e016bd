"""The units to be evaluated and their values, in memory."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation.building.notes import Notice

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is known of one value: who judged it, what it rests on, where to look, the query it came from."""

    zh: str
    en: str = ""
    links: tuple[str, ...] = ()
    query: str = ""

    def said(self, language: str) -> str:
        """In one language."""
        return (self.en or self.zh) if language == "en" else self.zh


@dataclass(frozen=True)
class UnitTable:
    """Units and their columns: numbers (NaN for missing) and texts (None for missing), each one a unit.

    ``not_applicable`` marks cells that do not apply; ``remarks`` belong to (unit id, column).  Where units
    were joined from several sources, ``origins`` says where a column came from, and ``notices`` which
    units did not match.
    """

    ids: tuple[str, ...]
    numbers: Mapping[str, Array]
    names: tuple[str, ...] = ()
    classes: tuple[str | None, ...] = ()
    groups: tuple[str | None, ...] = ()
    periods: tuple[str | None, ...] = ()
    texts: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    not_applicable: Mapping[str, Mask] = field(default_factory=dict)
    remarks: Mapping[tuple[str, str], Remark] = field(default_factory=dict)
    source: str = ""
    origins: Mapping[str, Remark] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.ids)
        nothing: tuple[str | None, ...] = (None,) * count
        object.__setattr__(self, "names", self.names or self.ids)
        for name in ("classes", "groups", "periods"):
            object.__setattr__(self, name, getattr(self, name) or nothing)
        lengths = {name: len(column) for name, column in self.numbers.items()}
        lengths |= {name: len(column) for name, column in self.texts.items()}
        for name, length in lengths.items():
            assert length == count, f"column {name} has {length} values for {count} units"

    def __len__(self) -> int:
        return len(self.ids)

    def as_dict(self, *, numbers: bool = True) -> dict[str, Any]:
        """As JSON; ``from_dict`` takes it back to the last bit."""
        found: dict[str, Any] = {"ids": list(self.ids)}
        if self.names != self.ids:
            found["names"] = list(self.names)
        for name in ("classes", "groups", "periods"):
            values = getattr(self, name)
            if any(value is not None for value in values):
                found[name] = list(values)
        if numbers:
            found["numbers"] = {name: plain(column) for name, column in self.numbers.items()}
        if self.texts:
            found["texts"] = {name: list(column) for name, column in self.texts.items()}
        marked = {
            name: np.nonzero(mask)[0].tolist() for name, mask in self.not_applicable.items() if mask.any()
        }
        if marked:
            found["not-applicable"] = marked
        if self.remarks:
            found["remarks"] = [
                {"unit": unit, "column": column, **_written(each)}
                for (unit, column), each in self.remarks.items()
            ]
        if self.origins:
            found["origins"] = {column: _written(each) for column, each in self.origins.items()}
        if self.notices:
            found["notices"] = [each.as_dict() for each in self.notices]
        return {**found, "source": self.source}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> UnitTable:
        """The table of ``as_dict``."""
        count = len(data["ids"])
        marked = {}
        for name, places in data.get("not-applicable", {}).items():
            marked[name] = np.zeros(count, dtype=bool)
            marked[name][places] = True
        return UnitTable(
            ids=tuple(data["ids"]),
            names=tuple(data.get("names", ())),
            classes=tuple(data.get("classes", ())),
            groups=tuple(data.get("groups", ())),
            periods=tuple(data.get("periods", ())),
            numbers={name: floats(column) for name, column in data["numbers"].items()},
            texts={name: tuple(column) for name, column in data.get("texts", {}).items()},
            not_applicable=marked,
            remarks={(each["unit"], each["column"]): _remark(each) for each in data.get("remarks", ())},
            source=str(data.get("source", "")),
            origins={column: _remark(each) for column, each in data.get("origins", {}).items()},
            notices=tuple(Notice.from_dict(each) for each in data.get("notices", ())),
        )

    def digest(self) -> str:
        """SHA-256 over the units and values, as ``sha256:…``; where they came from and remarks left out."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        words = {key: value for key, value in self.as_dict(numbers=False).items() if key in _SAID}
        found = hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode())
        for name in sorted(self.numbers):
            column = self.numbers[name]
            # One way to write a missing value and a zero.
            written = np.where(np.isnan(column), np.nan, column + 0.0).astype("<f8")
            found.update(json.dumps(name).encode() + written.tobytes())
        return "sha256:" + found.hexdigest()


_SAID = ("ids", "names", "classes", "groups", "periods", "texts", "not-applicable")


def _written(remark: Remark) -> dict[str, Any]:
    found: dict[str, Any] = {"zh": remark.zh, "en": remark.en, "links": list(remark.links)}
    return {**found, "query": remark.query} if remark.query else found


def _remark(data: Mapping[str, Any]) -> Remark:
    return Remark(data["zh"], data.get("en", ""), tuple(data.get("links", ())), data.get("query", ""))


def plain(values: Array) -> list[float | None]:
    """Numbers for JSON; missing ones are None."""
    return [None if math.isnan(value) else value for value in values.tolist()]


def floats(values: Sequence[float | None]) -> Array:
    """The way back of ``plain``."""
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
