"""What happens to the ranks, or the stages, when one element of the tree is taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaishu.evaluation.building.aggregating import aggregate
from kaishu.evaluation.building.deciding import ranks
from kaishu.evaluation.building.plan import compile_plan
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.robustness.running import CELLS, SEPARATE, Trials, stage_places
from kaishu.evaluation.robustness.uncertainty import Uncertainty


@dataclass(frozen=True, slots=True)
class Removal:
    """One node, its weight given to its siblings.

    ``of``: rank, or stage where units have stages.  ``mean_shift``: mean over units of |new rank - rank|;
    ``moved``: share of units whose rank changes; ``largest``: the largest shift, and ``unit`` whose it is
    (positive: it rises), None if nothing moves.
    """

    code: str
    title_zh: str
    title_en: str
    level: int
    leaf: bool
    mean_shift: float
    moved: float
    largest: int
    unit: str | None
    of: str = "rank"


def removals(result: Result) -> tuple[Removal, ...]:
    """Every node with scores, without which something is left, the one that moves most first.

    Conditions of stages on the score of the node itself stay as they are.
    """
    plan = compile_plan(result.passport, result.table)
    trials = Trials(plan, Uncertainty(leave_out=True), seed=0)
    own = dict.fromkeys(SEPARATE, 0)
    scored, weights = trials.scored(own), trials.weights_of(0)
    places = {
        code: place
        for code in result.codes[1:]
        if (place := trials.dropped(result.places[code])) is not None
        and not np.isnan(result.scores_of(code)).all()
    }
    codes = list(places)
    step = max(1, CELLS // max(1, plan.units * len(plan.codes)))
    found = []
    for start in range(0, len(codes), step):
        some = codes[start : start + step]
        keep = np.ones((len(some), sum(len(group.children) for group in plan.groups)))
        keep[np.arange(len(some)), [places[code] for code in some]] = 0.0
        built = aggregate(plan, scored, weights=trials.varied(plan, weights, keep))
        if result.stages:
            rises = trials.stages_of(built, len(some)) - stage_places(plan, result.stages)
        else:
            rises = result.rank - ranks(plan, built.scores[..., 0])
        for code, rise in zip(some, rises, strict=True):
            found.append(_removal(result, code, rise))
    return tuple(sorted(found, key=lambda each: -each.mean_shift))


def _removal(result: Result, code: str, rise: Array) -> Removal:
    node, level = result.nodes[code]
    known = np.nan_to_num(rise)
    counted = ~np.isnan(rise)
    most = int(np.argmax(np.abs(known))) if len(known) else 0
    moved = counted & (known != 0)
    return Removal(
        code=code,
        title_zh=node.title.said("zh") or code,
        title_en=node.title.said("en") or code,
        level=level,
        leaf=not node.children,
        mean_shift=float(np.abs(known).sum() / max(int(counted.sum()), 1)),
        moved=float(moved.sum() / max(int(counted.sum()), 1)),
        largest=int(np.ceil(np.abs(known[most]))) * (1 if known[most] > 0 else -1) if moved.any() else 0,
        unit=result.table.names[most] if moved.any() else None,
        of="stage" if result.stages else "rank",
    )
