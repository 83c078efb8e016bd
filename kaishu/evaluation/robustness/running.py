"""Many runs of one system: each point of a sequence is one way of building the index.

Runs that share their separate choices are built together, on values prepared and normalised once for all of
them; only weights differ inside such a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation.building.aggregating import Aggregated, aggregate
from kaishu.evaluation.building.deciding import ranks, stages
from kaishu.evaluation.building.normalising import Scored, normalise
from kaishu.evaluation.building.notes import CONSTANT
from kaishu.evaluation.building.plan import Plan, compile_plan
from kaishu.evaluation.building.preparing import Prepared, prepare
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.robustness.errors import TooManyRuns
from kaishu.evaluation.robustness.sequence import uniform
from kaishu.evaluation.robustness.uncertainty import Uncertainty, has_fixed_scores, impute_choice
from kaishu.evaluation.system.choices import MinMax, Power, ZScore
from kaishu.evaluation.system.fingerprint import canonical
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.reading import from_mapping

Choices = NDArray[np.int64]

#: Factors that choose among a few ways, in the order in which they act.
SEPARATE = ("treat", "impute", "normalise", "aggregate", "weights")
#: Outcomes (runs x units) that are held at once.
MOST = 30_000_000
#: Cells (runs x units x nodes) of one batch, which stay in the processor's cache.
CELLS = 400_000
#: Where scores have to be above 0, they are stretched to this range for the runs that need it.
POSITIVE = (1.0, 100.0)
_SAME_SCALE = ("min-max", "percentile", "to-maximum", "share", "direct", "binary")
_OTHER_SCALE = ("copeland", "topsis", "mazziotta-pareto")
_NEEDS_POSITIVE = ("geometric", "harmonic")


@dataclass(frozen=True)
class Runs:
    """What came of them: scores and ranks (runs, units), NaN where a unit has none.

    ``comparable`` (runs,) marks runs whose scores stand on the system's own scale, so that limits of grades
    apply.  ``stages`` (runs, units) are places of stages, -1 for none, -2 in runs that are not comparable.
    """

    scores: Array
    ranks: Array
    comparable: Mask
    stages: NDArray[np.int8] | None


def chosen(uncertainty: Uncertainty, points: Array, removable: int) -> Choices:
    """Choices (runs, factors): 0 is the system's own, the alternatives from 1; -1 for noise.

    ``removable`` is how many indicators can be left out.

    Every choice has an equal part of [0, 1), whatever the points drawn.
    """
    found = np.full(points.shape, -1, dtype=np.int64)
    for place, factor in enumerate(uncertainty.factors):
        if factor in SEPARATE:
            found[:, place] = (points[:, place] * (1 + len(uncertainty.alternatives(factor)))).astype(int)
        elif factor == "leave-out":
            found[:, place] = (points[:, place] * (1 + removable)).astype(int)
    return found


class Trials:
    """A compiled system whose choices can be varied."""

    def __init__(self, plan: Plan, uncertainty: Uncertainty, seed: int) -> None:
        self.plan, self.uncertainty, self.seed = plan, uncertainty, seed
        self.factors = uncertainty.factors
        self._prepared: dict[tuple[int, ...], Prepared] = {}
        self._scored: dict[tuple[int, ...], Scored] = {}
        self._weights: dict[int, Mapping[str, Array]] = {}

    def run(self, points: Array) -> Runs:
        """One run for each row of ``points`` (runs, factors), numbers in [0, 1).

        Raises ``TooManyRuns``, ``Undefined`` and ``BadData`` when an alternative cannot be computed.
        """
        count, units = len(points), self.plan.units
        if count * units > MOST:
            raise TooManyRuns(runs=count, units=units, most=MOST, fit=MOST // max(units, 1))
        choices = chosen(self.uncertainty, points, len(self.removable))
        scores, places = np.full((count, units), np.nan), np.full((count, units), np.nan)
        comparable = np.ones(count, dtype=bool)
        staged = np.full((count, units), -2, dtype=np.int8) if self.plan.passport.stages else None
        for combination, rows in self._batches(choices):
            same = self._comparable(combination)
            comparable[rows] = same
            found, shift = self._built(combination, choices[rows], points[rows])
            index = found.scores[..., 0]
            low, factor = shift
            index = low + (index - POSITIVE[0]) * factor if factor else index
            scores[rows], places[rows] = index, ranks(self.plan, index)
            if staged is not None and same:
                staged[rows] = self.stages_of(found, len(rows), shift)
        return Runs(scores, places, comparable, staged)

    def _batches(self, choices: Choices) -> Iterator[tuple[dict[str, int], NDArray[np.int64]]]:
        """Rows with the same separate choices, so many at a time as stay in the cache."""
        separate = [place for place, factor in enumerate(self.factors) if factor in SEPARATE]
        kinds, kind_of = np.unique(choices[:, separate], axis=0, return_inverse=True)
        step = max(1, CELLS // max(1, self.plan.units * len(self.plan.codes)))
        for number, kind in enumerate(kinds):
            combination = dict.fromkeys(SEPARATE, 0)
            combination |= {
                self.factors[place]: int(choice) for place, choice in zip(separate, kind, strict=True)
            }
            rows = np.nonzero(kind_of.ravel() == number)[0]
            if not self._noisy:
                yield combination, rows
                continue
            for start in range(0, len(rows), step):
                yield combination, rows[start : start + step]

    @cached_property
    def _noisy(self) -> bool:
        return any(factor not in SEPARATE for factor in self.factors)

    def _built(
        self, combination: Mapping[str, int], choices: Choices, points: Array
    ) -> tuple[Aggregated, tuple[float, float]]:
        """One batch, and how its index goes back to its own scale (low end, factor; 0 for as it is)."""
        plan, scored = self._plan_for(combination), self.scored(combination)
        weights = self.weights_of(combination["weights"])
        noise = self.multipliers(choices, points) if self._noisy else None
        if noise is not None:
            weights = self.varied(plan, weights, noise)
        scores = scored.scores
        if "data-noise" in self.factors:
            scores = self._noisy_scores(combination, points)
        low, factor = self._shift(combination, plan, scores)
        if factor:
            scores = POSITIVE[0] + (scores - low) / factor
        return aggregate(plan, scored, weights=weights, scores=scores), (low, factor)

    def _plan_for(self, combination: Mapping[str, int]) -> Plan:
        """With another aggregation where means stand; sums of points stay sums."""
        if not combination["aggregate"]:
            return self.plan
        method = self.uncertainty.aggregate[combination["aggregate"] - 1]
        groups = tuple(
            group if group.method == "sum" else replace(group, method=method) for group in self.plan.groups
        )
        return replace(self.plan, groups=groups)

    def prepared(self, combination: Mapping[str, int], raw: Array | None = None) -> Prepared:
        """Imputed and treated; kept, unless other raw values are given."""
        key = (combination["treat"], combination["impute"])
        if raw is None and key in self._prepared:
            return self._prepared[key]
        plan = self.plan
        if key[0]:
            how = self.uncertainty.treat[key[0] - 1]
            leaves = tuple(
                leaf if has_fixed_scores(leaf) else replace(leaf, treat=how) for leaf in plan.leaves
            )
            plan = replace(plan, leaves=leaves)
        impute = impute_choice(self.uncertainty.impute[key[1] - 1]) if key[1] else None
        found = prepare(plan, impute=impute, raw=raw)
        if raw is None:
            self._prepared[key] = found
        return found

    def scored(self, combination: Mapping[str, int], raw: Array | None = None) -> Scored:
        """Normalised; kept, unless other raw values are given."""
        key = tuple(combination[factor] for factor in ("treat", "impute", "normalise"))
        if raw is None and key in self._scored:
            return self._scored[key]
        method = self.uncertainty.normalise[key[2] - 1] if key[2] else None
        found = normalise(self.plan, self.prepared(combination, raw), method=method, explain=False)
        if raw is None:
            self._scored[key] = found
        return found

    def weights_of(self, choice: int) -> Mapping[str, Array]:
        """Of every group; weights from the data are those of the nominal scores, in all runs."""
        if choice not in self._weights:
            plan = self.plan
            if choice:
                plan = compile_plan(
                    reweighed(plan.passport, self.uncertainty.weights[choice - 1]), plan.table
                )
            self._weights[choice] = aggregate(plan, self.scored(dict.fromkeys(SEPARATE, 0))).weights
        return self._weights[choice]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Where each group's children begin among the multipliers."""
        sizes = [len(group.children) for group in self.plan.groups]
        return np.concatenate([[0], np.cumsum(sizes)])

    @cached_property
    def _homes(self) -> dict[int, tuple[int, int]]:
        """The group of every node, and its place in it."""
        return {
            int(child): (number, place)
            for number, group in enumerate(self.plan.groups)
            for place, child in enumerate(group.children)
        }

    def dropped(self, node: int) -> int | None:
        """Which multiplier becomes 0 when a node (its place) is left out: its own, or that of the branch
        of which it is all there is; None if nothing would be left."""
        number, place = self._homes[node]
        while len(self.plan.groups[number].children) == 1 and self.plan.groups[number].place:
            number, place = self._homes[self.plan.groups[number].place]
        alone = len(self.plan.groups[number].children) == 1
        return None if alone else int(self._starts[number]) + place

    @cached_property
    def removable(self) -> tuple[int, ...]:
        """Places of the leaves that can be left out: those with scores, beside which something is left."""
        scores = self.scored(dict.fromkeys(SEPARATE, 0)).scores
        empty = np.asarray(np.isnan(scores).all(axis=0))
        return tuple(
            leaf
            for leaf, node in enumerate(self.plan.leaf_places)
            if not empty[leaf] and self.dropped(int(node)) is not None
        )

    def multipliers(self, choices: Choices, points: Array) -> Array:
        """Of every weight, (runs, children of all groups)."""
        count = int(self._starts[-1])
        found = np.ones((len(points), count))
        if "weight-noise" in self.factors:
            at = self.factors.index("weight-noise")
            found += self.uncertainty.weight_noise * (2 * uniform(points[:, at], self.seed, count) - 1)
        if "leave-out" in self.factors:
            out = choices[:, self.factors.index("leave-out")]
            for choice, leaf in enumerate(self.removable, 1):
                found[out == choice, self.dropped(int(self.plan.leaf_places[leaf]))] = 0.0
        return found

    def varied(self, plan: Plan, weights: Mapping[str, Array], noise: Array) -> dict[str, Array]:
        """Weights of every group times multipliers (runs, children of all groups)."""
        found = {}
        for number, group in enumerate(plan.groups):
            own = noise[:, None, self._starts[number] : self._starts[number + 1]]
            varied = weights[group.code] * own
            if group.method == "sum":
                # Points keep their total: only how they are shared out is in doubt.
                total, now = (
                    weights[group.code].sum(axis=-1, keepdims=True),
                    varied.sum(axis=-1, keepdims=True),
                )
                varied = varied * np.divide(total, now, out=np.zeros_like(now), where=now > 0)
            found[group.code] = varied
        return found

    def _noisy_scores(self, combination: Mapping[str, int], points: Array) -> Array:
        """(runs, units, leaves).  Equal columns stay equal, and judged or stepwise scores as they are."""
        own = dict.fromkeys(SEPARATE, 0)
        raw = self.prepared(own).raw
        equal = ((self.scored(own).flags & CONSTANT) > 0).any(axis=0)
        kept = equal | np.array([has_fixed_scores(leaf) for leaf in self.plan.leaves])
        at, width = self.factors.index("data-noise"), self.uncertainty.data_noise
        found = np.empty((len(points), *raw.shape))
        for run, row in enumerate(uniform(points[:, at], self.seed + 1, raw.size)):
            factor = np.where(kept, 1.0, 1.0 + width * (2 * row.reshape(raw.shape) - 1))
            found[run] = self.scored(combination, raw * factor).scores
        return found

    def _shift(self, combination: Mapping[str, int], plan: Plan, scores: Array) -> tuple[float, float]:
        """For means that need scores above 0; the system's own choices are never touched."""
        if not any(isinstance(each.method, Power) or each.method in _NEEDS_POSITIVE for each in plan.groups):
            return 0.0, 0.0
        if np.isnan(scores).all():
            return 0.0, 0.0
        low, high = float(np.nanmin(scores)), float(np.nanmax(scores))
        needed = low < 0 or (low <= 0 and bool(combination["aggregate"]))
        if not needed or high <= low or not any(combination.values()):
            return 0.0, 0.0
        return low, (high - low) / (POSITIVE[1] - POSITIVE[0])

    def comparable(self, factor: str, choice: int) -> bool:
        """Whether the index stands on the system's own scale with this alternative (from 1) of a factor."""
        return self._comparable({**dict.fromkeys(SEPARATE, 0), factor: choice})

    def _comparable(self, combination: Mapping[str, int]) -> bool:
        """Whether the index stands on the system's own scale."""
        if combination["normalise"] and not all(has_fixed_scores(leaf) for leaf in self.plan.leaves):
            how = self.uncertainty.normalise[combination["normalise"] - 1]
            whole_scale = isinstance(how, MinMax) and how.min_max == self.plan.passport.scale
            if not whole_scale and not (how in _SAME_SCALE or not isinstance(how, str | MinMax | ZScore)):
                return False
        if not combination["aggregate"]:
            return True
        other = self.uncertainty.aggregate[combination["aggregate"] - 1]
        summed = any(group.method == "sum" for group in self.plan.groups)
        return not summed and other not in _OTHER_SCALE

    def stages_of(
        self, found: Aggregated, count: int, shift: tuple[float, float] = (0.0, 0.0)
    ) -> NDArray[np.int8]:
        """Places of the stages of each run, -1 for none; raw values in conditions are those of the data."""
        raw = np.full((self.plan.units, len(self.plan.codes)), np.nan)
        raw[:, self.plan.leaf_places] = self.prepared(dict.fromkeys(SEPARATE, 0)).raw
        low, factor = shift
        scores = low + (found.scores - POSITIVE[0]) * factor if factor else found.scores
        each = scores if scores.ndim == 3 else scores[None]
        places = [stage_places(self.plan, stages(self.plan, one, raw)) for one in each]
        return np.broadcast_to(np.array(places, dtype=np.int8), (count, self.plan.units))


def stage_places(plan: Plan, held: Sequence[str | None]) -> Array:
    """Where each stage stands, the lowest at 0, none at -1."""
    names: dict[str | None, int] = {stage.stage: at for at, stage in enumerate(plan.passport.stages)}
    return np.array([names.get(name, -1) for name in held], dtype=np.float64)


def reweighed(passport: Passport, how: str) -> Passport:
    """The same system with every group weighed another way; points keep their totals."""
    form = canonical(passport)
    form["weights"] = how
    for rules in form.get("classes", {}).values():
        rules.pop("weights", None)
    summed = _sums(passport)

    def change(parent: str, nodes: Sequence[dict[str, Any]]) -> None:
        for node in nodes:
            if parent in summed:
                node["weight"] = summed[parent]
            else:
                node.pop("weight", None)
            node.pop("weigh", None)
            change(node["code"], node.get("children", []))

    change("", form["tree"])
    return from_mapping(form, passport.system)


def _sums(passport: Passport) -> dict[str, str]:
    """An even share of the points of every group that sums them, by its parent; "" for the index."""
    from kaishu.evaluation.system.weighing import depths, groups, method_of, written

    depth = depths(passport)
    found = {}
    for parent, children in groups(passport):
        code = parent.code if parent else ""
        if method_of(passport, parent, depth.get(code, 0)) == "sum":
            shares = written(children)
            total = sum(shares.values()) if shares else len(children)
            found[code] = str(total / len(children)) if shares else "1"
    return found
