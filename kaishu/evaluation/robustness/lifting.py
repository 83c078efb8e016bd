"""What lifts a unit most: each indicator brought to a better score by itself, and the index built again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kaishu.evaluation.building.aggregating import aggregate
from kaishu.evaluation.building.deciding import ranks
from kaishu.evaluation.building.normalising import Scored, normalise
from kaishu.evaluation.building.plan import Leaf, Plan, compile_plan
from kaishu.evaluation.building.preparing import prepare
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.robustness.errors import BadNumber, NoSuchNode
from kaishu.evaluation.robustness.running import CELLS
from kaishu.evaluation.system import choices

Towards = Literal["best", "full"]


@dataclass(frozen=True, slots=True)
class Lift:
    """One indicator of a unit.  ``score`` is None where it is missing, and so is then ``gap``.

    ``gain`` is what the index wins when the score becomes ``target``: weight x gap for arithmetic means, and
    built again for all others.  ``effort`` is the stated cost of a point, ``cost`` that of the gap,
    ``worth`` the gain for one unit of cost.
    """

    code: str
    title_zh: str
    title_en: str
    score: float | None
    target: float
    gap: float | None
    weight: float | None
    gain: float
    rank: float | None
    rank_after: float | None
    effort: float | None
    cost: float | None
    worth: float | None


def lifts(
    result: Result,
    unit: str,
    *,
    effort: Mapping[str, float] | None = None,
    towards: Towards = "best",
    period: str | None = None,
) -> tuple[Lift, ...]:
    """Indicators of a unit (id or name) by what they would add to its index, the most first.

    ``towards`` ``best``: the best score that a unit of the same population has; ``full``: full marks, where
    the indicator has such.  ``effort`` is the cost of one point by code: with it the order is gain by cost,
    and indicators without a stated cost come last.  Raises ``NoUnit``, ``NoSuchNode``, ``BadNumber``.
    """
    row = result.row_of(unit, period)
    plan = compile_plan(result.passport, result.table)
    scored = normalise(plan, prepare(plan), explain=False)
    costs = _costs(plan, effort or {})
    targets = _targets(plan, scored, row, towards)
    own = scored.scores[row]
    places = [
        leaf.place
        for leaf in plan.leaves
        if scored.applicable[row, leaf.place] and not targets[leaf.place] <= own[leaf.place]
    ]
    places = [place for place in places if not np.isnan(targets[place])]
    index, rank = _built(plan, scored, row, places, targets)
    found = [
        _lift(result, row, plan.leaves[place], targets[place], own[place], costs, (after, new_rank))
        for place, after, new_rank in zip(places, index, rank, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: _order(each, bool(costs))))


def _order(lift: Lift, by_worth: bool) -> tuple[bool, float]:
    if not by_worth:
        return False, -lift.gain
    return lift.worth is None, -(lift.gain if lift.worth is None else lift.worth)


def _costs(plan: Plan, effort: Mapping[str, float]) -> dict[str, float]:
    known = {leaf.code for leaf in plan.leaves}
    for code, cost in effort.items():
        if code not in known:
            raise NoSuchNode(name=code, known=sorted(known)[:60])
        if not 0 < cost < 1e12:
            raise BadNumber(name=code, low="> 0", high="1e12", given=cost)
    return dict(effort)


def _targets(plan: Plan, scored: Scored, row: int, towards: Towards) -> Array:
    """(leaves,): the best score of the unit's population, or full marks; NaN where nobody has a score."""
    fellows = scored.scores[plan.population == plan.population[row]]
    best = np.where(np.isnan(fellows).all(axis=0), np.nan, np.fmax.reduce(fellows, axis=0))
    if towards == "best":
        return best
    full = [_full(leaf, plan.passport.scale[1]) for leaf in plan.leaves]
    return np.array(
        [end if most is None else np.fmax(most, end) for most, end in zip(full, best, strict=True)]
    )


def _full(leaf: Leaf, high: float) -> float | None:
    """Full marks of an indicator; None where there is no end."""
    how = leaf.normalise
    if isinstance(how, choices.Steps):
        return max(score for _, score in how.steps)
    if isinstance(how, choices.Levels):
        return max(how.levels.values())
    if isinstance(how, choices.Efficacy):
        return 100.0
    if isinstance(how, choices.MinMax):
        return max(how.min_max)
    if isinstance(how, choices.ZScore) or how in ("z-score", "rank", "borda"):
        return None
    return high


def _built(
    plan: Plan, scored: Scored, row: int, places: list[int], targets: Array
) -> tuple[list[float], list[float]]:
    """Index and rank of the unit with each score by itself at its target."""
    index: list[float] = []
    rank: list[float] = []
    step = max(1, CELLS // max(1, plan.units * len(plan.codes)))
    weights = aggregate(plan, scored).weights
    for start in range(0, len(places), step):
        some = places[start : start + step]
        scores = np.repeat(scored.scores[None], len(some), axis=0)
        scores[np.arange(len(some)), row, some] = targets[some]
        after = aggregate(plan, scored, weights=weights, scores=scores).scores[..., 0]
        index += after[:, row].tolist()
        rank += ranks(plan, after)[:, row].tolist()
    return index, rank


def _lift(
    result: Result,
    row: int,
    leaf: Leaf,
    target: float,
    own: float,
    costs: Mapping[str, float],
    after: tuple[float, float],
) -> Lift:
    place = result.places[leaf.code]
    title = result.nodes[leaf.code][0].title
    gap = None if np.isnan(own) else float(target - own)
    before = result.index[row]
    gain = float(after[0] - (0.0 if np.isnan(before) else before))
    effort = costs.get(leaf.code)
    cost = None if effort is None or gap is None else effort * gap
    return Lift(
        code=leaf.code,
        title_zh=title.said("zh") or leaf.code,
        title_en=title.said("en") or leaf.code,
        score=None if np.isnan(own) else float(own),
        target=float(target),
        gap=gap,
        weight=_known(result.weights[row, place]),
        gain=gain,
        rank=_known(result.rank[row]),
        rank_after=_known(after[1]),
        effort=effort,
        cost=cost,
        worth=None if not cost else gain / cost,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
