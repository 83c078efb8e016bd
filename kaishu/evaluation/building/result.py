"""What an evaluation found: matrices of units by nodes, and the same told unit by unit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.building.errors import NoUnit
from kaishu.evaluation.building.notes import Flags, Notice, note_of, number
from kaishu.evaluation.building.table import Array, Remark, UnitTable
from kaishu.evaluation.building.telling import as_csv, as_dict
from kaishu.evaluation.system.model import Node, Passport, column_of


@dataclass(frozen=True, slots=True)
class Used:
    """What the normalisation of a leaf took, for one population of units (group, period, or all).

    ``figures``: minimum, maximum, mean, sd and count of the values seen; ``used``: what the formula took.
    """

    population: str
    figures: Mapping[str, float | None]
    used: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One node of one unit.  ``weight`` is the effective one: the product of shares up to the index.

    ``text`` is the word that was in the data, for indicators that read words; ``raw`` is what it stands for.
    """

    code: str
    title: str
    level: int
    score: float | None
    share: float | None
    weight: float | None
    contribution: float | None
    raw: float | None
    note: Said
    used: Used | None = None
    grade: str | None = None
    remark: Remark | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit; ``nodes`` in the order of the tree, without the index itself.

    Where the outcome is a stage, nobody has a ``rank``.
    """

    id: str
    name: str
    class_: str | None
    group: str | None
    period: str | None
    score: float | None
    rank: float | None
    grade: str | None
    stage: str | None
    note: Said
    nodes: Mapping[str, NodeResult]


@dataclass(frozen=True)
class Result:
    """Matrices are (units, nodes), nodes as in ``codes``, of which the first is the index; NaN for missing.

    ``contributions`` of the leaves sum to the index, unless a method cannot be split (``UNDIVIDED``).
    ``population`` gives each unit's place in the ``ranges`` of every leaf.  ``rank`` is that of the index,
    also where the outcome is a stage: there it orders, and is told nobody.
    """

    passport: Passport
    table: UnitTable
    fingerprint: str
    data_digest: str
    codes: tuple[str, ...]
    scores: Array
    shares: Array
    weights: Array
    contributions: Array
    raw: Array
    flags: Flags
    rank: Array
    grades: tuple[tuple[str | None, ...], ...]
    stages: tuple[str | None, ...]
    ranges: Mapping[str, Sequence[Used]]
    population: NDArray[np.int64]
    notices: tuple[Notice, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def system(self) -> str:
        """Id of the system."""
        return self.passport.system

    @property
    def edition(self) -> str:
        """Its edition."""
        return self.passport.edition

    @property
    def index(self) -> Array:
        """Score of each unit, (units,)."""
        return np.asarray(self.scores[:, 0])

    @property
    def grade(self) -> tuple[str | None, ...]:
        """Grade of each unit's index."""
        return tuple(each[0] for each in self.grades) if self.grades else (None,) * len(self.table)

    @cached_property
    def places(self) -> dict[str, int]:
        """Column of each node in the matrices."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def nodes(self) -> dict[str, tuple[Node, int]]:
        """Each node and its level, 1 below the index."""
        found: dict[str, tuple[Node, int]] = {}

        def walk(nodes: Sequence[Node], level: int) -> None:
            for node in nodes:
                found[node.code] = (node, level)
                walk(node.children, level + 1)

        walk(self.passport.tree, 1)
        return found

    def scores_of(self, code: str) -> Array:
        """Scores of one node, (units,)."""
        return np.asarray(self.scores[:, self.places[code]])

    @property
    def units(self) -> Iterator[UnitResult]:
        """Every unit, in the order of the data."""
        return (self.unit_at(row) for row in range(len(self.table)))

    def row_of(self, unit: str, period: str | None = None) -> int:
        """Row of a unit by id or name; of several periods the last one, unless named.  Raises ``NoUnit``."""
        for known in (self.table.ids, self.table.names):
            rows = [
                row
                for row, name in enumerate(known)
                if name == unit and (period is None or self.table.periods[row] == period)
            ]
            if rows:
                return max(rows, key=lambda row: self.table.periods[row] or "")
        raise NoUnit(kind="评估对象 unit", name=unit)

    def unit(self, unit: str, period: str | None = None) -> UnitResult:
        """One unit by id or name.  Raises ``NoUnit``."""
        return self.unit_at(self.row_of(unit, period))

    def unit_at(self, row: int) -> UnitResult:
        """One unit by its row."""
        table = self.table
        nodes = {code: self._node(row, place) for place, code in enumerate(self.codes) if place}
        return UnitResult(
            id=table.ids[row],
            name=table.names[row],
            class_=table.classes[row],
            group=table.groups[row],
            period=table.periods[row],
            score=number(self.scores[row, 0]),
            rank=None if self.stages else number(self.rank[row]),
            grade=self.grade[row],
            stage=self.stages[row] if self.stages else None,
            note=note_of(int(self.flags[row, 0])),
            nodes=nodes,
        )

    def _node(self, row: int, place: int) -> NodeResult:
        code = self.codes[place]
        node, level = self.nodes[code]
        used = self.ranges.get(code)
        remark = text = None
        if not node.children:
            column = column_of(node)
            remark = self.table.remarks.get((self.table.ids[row], column), self.table.origins.get(column))
            text = self.table.texts[column_of(node)][row] if column_of(node) in self.table.texts else None
        return NodeResult(
            code=code,
            title=node.title.zh or node.title.en or code,
            level=level,
            score=number(self.scores[row, place]),
            share=number(self.shares[row, place]),
            weight=number(self.weights[row, place]),
            contribution=number(self.contributions[row, place]),
            raw=number(self.raw[row, place]),
            note=note_of(int(self.flags[row, place])),
            used=used[int(self.population[row])] if used else None,
            grade=self.grades[row][place] if self.grades else None,
            remark=remark,
            text=text,
        )

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """Everything, for JSON; ``building.storing.from_dict`` takes it back."""
        return as_dict(self, language)

    def as_json(self, language: str = "zh") -> str:
        """As one line of JSON; a missing number is null, never NaN."""
        return json.dumps(self.as_dict(language), ensure_ascii=False, allow_nan=False)

    def as_csv(self) -> str:
        """One row a unit: score, rank, grade, stage, then the score of every node."""
        return as_csv(self)
