"""What the page of lineage shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaishu.lineage import Act, Impact, Lineage
from kaishu.web.lineage_drawing import Drawing


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the version: where its values come from, and what it is called in the record."""

    name: str
    type: str
    origins: Sequence[tuple[str, str]]
    item: str
    published: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a column; ``start`` and ``end`` are kind, place and column."""

    start: tuple[str, str, str]
    how: str
    end: tuple[str, str, str]
    act: Act | None
    steps: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineagePage:
    """A version's lineage, or that of one column with what its going would break."""

    found: Lineage
    title: str
    column: str
    drawing: Drawing | None
    columns: Sequence[ColumnLine] = ()
    steps: Sequence[StepLine] = ()
    impact: Impact | None = None
    interfaces: Sequence[str] = ()
