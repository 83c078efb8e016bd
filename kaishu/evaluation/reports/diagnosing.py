"""Every unit against its peers, indicator by indicator: strengths, weaknesses, points to be gained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation.building.aggregating import aggregate
from kaishu.evaluation.building.normalising import normalise
from kaishu.evaluation.building.plan import compile_plan
from kaishu.evaluation.building.preparing import prepare
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.reports.showing import Showing
from kaishu.evaluation.system.model import Node

Target = Literal["best", "top-quarter", "mean"]
#: So far from the peers' mean, in their standard deviations, counts as a strength or a weakness.
LIMIT = 0.5
MOST_NAMED = 3
#: In these a unit's score depends on the others' scores, so one unit cannot be raised alone in one sweep.
_RELATIVE = ("copeland", "topsis", "mazziotta-pareto")
_SMALL = 1e-9
_CELLS = 4_000_000


@dataclass(frozen=True)
class Diagnosis:
    """Matrices are (units of the result, leaves); NaN where a unit has no score, or no peer has one.

    ``peer_mean`` leaves the unit itself out, ``peer_best`` does not; ``z`` is the distance to that mean in
    the other peers' standard deviations.
    """

    shown: Showing
    scores: Array
    peer_mean: Array
    peer_best: Array
    z: Array

    def strengths(self, row: int) -> list[str]:
        """Codes of up to three nodes in which the unit is furthest above its peers."""
        return self._named(row, 1.0)

    def weaknesses(self, row: int) -> list[str]:
        """Codes of up to three nodes in which it is furthest below."""
        return self._named(row, -1.0)

    def missing(self, row: int) -> list[str]:
        """Codes of the leaves that apply and have no value of their own."""
        from kaishu.evaluation.building.notes import IMPUTED, MISSING, NOT_APPLICABLE, ZEROED

        flags = self.shown.result.flags[row, self.places]
        lost = (flags & (MISSING | IMPUTED | ZEROED) != 0) & (flags & NOT_APPLICABLE == 0)
        return [leaf.code for leaf, is_lost in zip(self.shown.leaves, lost, strict=True) if is_lost]

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Columns of the leaves in the matrices of the result."""
        return _places(self.shown)

    def _named(self, row: int, sign: float) -> list[str]:
        """Members of a node that all stand out by the same distance are named together, as the node."""
        found = {
            leaf.code: float(sign * self.z[row, place])
            for place, leaf in enumerate(self.shown.leaves)
            if sign * self.z[row, place] >= LIMIT
        }
        for node in reversed(list(self.shown.result.passport.nodes())):
            held = [found.get(child.code) for child in node.children]
            known = [each for each in held if each is not None]
            if len(held) > 1 and len(known) == len(held) and max(known) - min(known) < _SMALL:
                for child in node.children:
                    found.pop(child.code)
                found[node.code] = known[0]
        return sorted(found, key=lambda code: -found[code])[:MOST_NAMED]


@dataclass(frozen=True)
class Gains:
    """What each unit's index would gain if one leaf reached its target; (units, leaves).

    ``exact``: the index was computed again with that score; otherwise weight x gap.
    """

    target: Array
    gap: Array
    gain: Array
    exact: bool


def diagnose(shown: Showing) -> Diagnosis:
    """All units of the period that the report is about; other rows stay NaN."""
    result, places = shown.result, _places(shown)
    x = result.scores[:, places]
    mean, best, z = (np.full(x.shape, np.nan) for _ in range(3))
    for rows in _peer_groups(shown):
        held = x[rows]
        there = ~np.isnan(held)
        count, filled = there.sum(axis=0), np.where(there, held, 0.0)
        # Leave each unit out of its own yardstick: sums less its own part.
        others = count - there
        with np.errstate(invalid="ignore", divide="ignore"):
            average = (filled.sum(axis=0) - filled) / np.where(others > 0, others, np.nan)
            centre = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), 0.0)
            off = np.where(there, held - centre, 0.0)
            total = (off**2).sum(axis=0) - off**2
            drift = (off.sum(axis=0) - off) ** 2 / np.where(others > 0, others, np.nan)
            variance = np.maximum(total - drift, 0.0) / np.where(others > 1, others - 1, np.nan)
            spread = np.sqrt(variance)
            distance = (held - average) / np.where(spread > _SMALL, spread, np.nan)
        mean[rows], z[rows] = average, distance
        best[rows] = np.where(count > 0, np.max(np.where(there, held, -np.inf), axis=0), np.nan)
    return Diagnosis(shown, x, mean, best, z)


def gains(diagnosis: Diagnosis, target: Target = "best") -> Gains:
    """Points of the index to be won, one leaf at a time; never below 0, NaN without a score."""
    shown, x = diagnosis.shown, diagnosis.scores
    result = shown.result
    goal = np.full(x.shape, np.nan)
    for rows in _peer_groups(shown):
        goal[rows] = _targets(x[rows], target)
    gap = np.maximum(goal - x, 0.0)
    plan = compile_plan(result.passport, result.table)
    if any(group.method in _RELATIVE for group in plan.groups):
        return Gains(goal, gap, gap * result.weights[:, diagnosis.places], False)
    scored = normalise(plan, prepare(plan), explain=False)
    weights = aggregate(plan, scored).weights
    raised = np.full(x.shape, np.nan)
    step = max(1, _CELLS // max(1, x.size))
    for first in range(0, x.shape[1], step):
        leaves = range(first, min(first + step, x.shape[1]))
        runs = np.repeat(x[None], len(leaves), axis=0)
        for run, leaf in enumerate(leaves):
            runs[run, :, leaf] = np.where(gap[:, leaf] > 0, goal[:, leaf], x[:, leaf])
        raised[:, leaves] = aggregate(plan, scored, weights=weights, scores=runs).scores[..., 0].T
    gain = np.where(np.isnan(gap), np.nan, raised - result.index[:, None])
    gain[np.abs(gain) < _SMALL] = 0.0
    return Gains(goal, gap, np.maximum(gain, 0.0), True)


def _targets(held: Array, target: Target) -> Array:
    known = [column[~np.isnan(column)] for column in held.T]

    def goal(column: Array) -> float:
        if target == "mean":
            return float(column.mean())
        return float(np.quantile(column, 0.75 if target == "top-quarter" else 1.0))

    return np.array([goal(column) if len(column) else np.nan for column in known])


def _places(shown: Showing) -> NDArray[np.int64]:
    return np.array([shown.result.places[leaf.code] for leaf in shown.leaves])


def _peer_groups(shown: Showing) -> list[list[int]]:
    """Each unit of the report is in one of them, with its peers."""
    if not shown.has_peer_groups:
        return [shown.rows]
    groups = shown.result.table.groups
    return [[row for row in shown.rows if groups[row] == name] for name in shown.groups]


def parent_of(shown: Showing, leaf: Node) -> str:
    """Title of the first-level node above a leaf; empty if the leaf stands there itself."""
    for top in shown.result.passport.tree:
        if leaf.code != top.code and any(each.code == leaf.code for each in top.walk()):
            return shown.title(top)
    return ""


def by_gain(codes: Sequence[str], values: Array) -> list[tuple[str, float]]:
    """Codes with what they bring, the most first; those that bring nothing left out."""
    pairs = [(code, float(value)) for code, value in zip(codes, values, strict=True) if value > 0]
    return sorted(pairs, key=lambda each: -each[1])
