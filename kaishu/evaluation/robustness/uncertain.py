"""Uncertainty analysis 不确定性分析: how ranks and grades spread when choices are made otherwise.

Source: M. Saisana, A. Saltelli and S. Tarantola, J. R. Stat. Soc. A 168, 2005; OECD/JRC, Handbook on
Constructing Composite Indicators, 2008, step 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation.building.deciding import condition_holds, grade_places, rank_groups
from kaishu.evaluation.building.plan import Plan, compile_plan
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array, Mask, plain
from kaishu.evaluation.robustness.errors import BadNumber, NothingUncertain, OtherRuns
from kaishu.evaluation.robustness.running import SEPARATE, Choices, Runs, Trials, chosen
from kaishu.evaluation.robustness.sequence import sobol
from kaishu.evaluation.robustness.uncertainty import Uncertainty, usual
from kaishu.evaluation.system.checking_decisions import grade_names
from kaishu.evaluation.system.deciding import NaturalBreaks

#: Runs, if nobody says how many, and what is drawn with.
RUNS, SEED = 1000, 20250101
MOST_RUNS = 1_000_000
#: Natural breaks are looked for anew in every run, so only in so many.
_BREAKS = 500
#: Runs that are counted at a time.
_BLOCK = 1000


@dataclass(frozen=True, slots=True)
class Spread:
    """One unit over all runs.  ``rank`` is the nominal one; ``low`` and ``high`` are the 5 % and 95 % ranks.

    ``same`` is the share of runs in which the nominal rank is kept, ``keeps`` that in which grade or stage is
    (None without), ``next`` the unit ranked after it and ``beats_next`` how often it stays before it, a tie
    counting half.  ``unranked`` is the share of runs that give it no rank.
    """

    id: str
    name: str
    period: str | None
    rank: float | None
    score: float | None
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    same: float | None
    grade: str | None
    keeps: float | None
    next: str | None
    beats_next: float | None
    unranked: float


@dataclass(frozen=True)
class UncertaintyAnalysis:
    """Every draw and what came of it.  ``points`` and ``choices`` are (runs, factors), factors in order.
    ``removable`` names the choices of ``leave-out`` from 1.  Units with the same ``within`` are ranked
    together.

    ``grades`` names grades from the best, or stages from the highest; ``grade_shares`` (units, grades) are
    their probabilities over the runs whose scores are comparable, NaN where there is none.
    """

    fingerprint: str
    data_digest: str
    uncertainty: Uncertainty
    seed: int
    points: Array
    choices: Choices
    removable: tuple[str, ...]
    runs: Runs
    ids: tuple[str, ...]
    names: tuple[str, ...]
    periods: tuple[str | None, ...]
    within: tuple[str, ...]
    rank: Array
    score: Array
    grade: tuple[str | None, ...]
    grades: tuple[str, ...]
    grade_shares: Array

    @property
    def count(self) -> int:
        """How many runs."""
        return len(self.points)

    def rank_probabilities(self) -> Array:
        """(units, places): the share of runs in which a unit has rank 1, 2 …; shared ranks 2.5 count as 2.

        Rows sum to 1, or less by the runs in which the unit has no rank.
        """
        ranks, units = self.runs.ranks, len(self.ids)
        last = max(1, int(np.nanmax(ranks, initial=1.0))) if not np.isnan(ranks).all() else 1
        counts = np.zeros((units, last + 1))
        for start in range(0, self.count, _BLOCK):
            places = np.nan_to_num(np.floor(ranks[start : start + _BLOCK])).astype(np.int64)
            cells = (places + (last + 1) * np.arange(units)).ravel()
            counts += np.bincount(cells, minlength=counts.size).reshape(counts.shape)
        return np.asarray(counts[:, 1:] / max(self.count, 1))

    def top(self, k: int) -> Array:
        """The share of runs in which each unit is among the first k, (units,)."""
        return np.asarray(self.rank_probabilities()[:, :k].sum(axis=1))

    def spreads(self) -> tuple[Spread, ...]:
        """One line for each unit, in the order of the data."""
        return tuple(_spreads(self))

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the design, and per unit its spread, rank and grade probabilities."""
        probabilities = self.rank_probabilities()
        units = []
        for row, line in enumerate(self.spreads()):
            told = {name: getattr(line, name) for name in Spread.__slots__}
            first = np.nonzero(probabilities[row])[0]
            told["ranks"] = {str(place + 1): float(probabilities[row, place]) for place in first}
            if self.grades:
                told["grades"] = dict(zip(self.grades, plain(self.grade_shares[row]), strict=True))
            units.append(told)
        return {
            "fingerprint": self.fingerprint,
            "data_digest": self.data_digest,
            "runs": self.count,
            "seed": self.seed,
            "uncertainty": self.uncertainty.as_dict(),
            "factors": list(self.uncertainty.factors),
            "comparable_runs": int(self.runs.comparable.sum()),
            "units": units,
        }


def analyse_uncertainty(
    result: Result, uncertainty: Uncertainty | None = None, *, runs: int = RUNS, seed: int = SEED
) -> UncertaintyAnalysis:
    """Draw ``runs`` ways of building the index of ``result``; the same seed draws the same ways.

    Without ``uncertainty``, what is ``usual``.  Raises ``NothingUncertain``, ``TooManyRuns``, ``BadNumber``,
    and ``Undefined`` or ``BadData`` when an alternative cannot be computed.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise BadNumber(name="runs", low=1, high=MOST_RUNS, given=runs)
    plan = compile_plan(result.passport, result.table)
    opened = usual(result, plan) if uncertainty is None else uncertainty
    if not opened.factors:
        raise NothingUncertain()
    points = sobol(runs, len(opened.factors), seed)
    trials = Trials(plan, opened, seed)
    found = trials.run(points)
    grades, shares = _grades(result, plan, found)
    return UncertaintyAnalysis(
        fingerprint=result.fingerprint,
        data_digest=result.data_digest,
        uncertainty=opened,
        seed=seed,
        points=points,
        choices=chosen(opened, points, len(trials.removable)),
        removable=tuple(plan.leaves[leaf].code for leaf in trials.removable),
        runs=found,
        ids=result.table.ids,
        names=result.table.names,
        periods=result.table.periods,
        within=_within(plan),
        rank=result.rank,
        score=result.index,
        grade=result.grade if result.grades else result.stages or (None,) * len(result.table),
        grades=grades,
        grade_shares=shares,
    )


def drawn_again(found: UncertaintyAnalysis, result: Result) -> UncertaintyAnalysis:
    """The same analysis of the same result: the same numbers.  Raises ``OtherRuns`` if it is another."""
    if (found.fingerprint, found.data_digest) != (result.fingerprint, result.data_digest):
        raise OtherRuns()
    return analyse_uncertainty(result, found.uncertainty, runs=found.count, seed=found.seed)


def _grades(result: Result, plan: Plan, runs: Runs) -> tuple[tuple[str, ...], Array]:
    """Names, and the share of each in the comparable runs."""
    units = len(result.table)
    if result.grades:
        names = tuple(grade_names(plan.passport))
        scores = runs.scores[runs.comparable]
        if isinstance(plan.passport.grades, NaturalBreaks):
            scores = scores[:_BREAKS]
        places = _vetoed(result, plan, grade_places(plan, scores), names)
        return names, _shares(places, len(names), units)
    if runs.stages is not None:
        names = tuple(stage.stage for stage in plan.passport.stages)
        stages = runs.stages[runs.comparable].astype(np.int64)
        backwards = np.where(stages >= 0, len(names) - 1 - stages, -1)
        return names[::-1], _shares(backwards, len(names), units)
    return (), np.empty((units, 0))


def _vetoed(
    result: Result, plan: Plan, places: NDArray[np.int64], names: tuple[str, ...]
) -> NDArray[np.int64]:
    """Vetoes as they hold in the result itself."""
    found = places
    for veto in plan.passport.vetoes:
        lowest = names.index(veto.at_most)
        hit = condition_holds(plan, veto.when, result.scores, result.raw)
        found = np.where(hit & (found >= 0) & (found < lowest), lowest, found)
    return np.asarray(found)


def _shares(places: NDArray[np.int64], count: int, units: int) -> Array:
    if not len(places):
        return np.full((units, count), np.nan)
    return np.stack([(places == place).mean(axis=0) for place in range(count)], axis=1)


def _spreads(found: UncertaintyAnalysis) -> Iterator[Spread]:
    ranks = found.runs.ranks
    there = ~np.isnan(ranks)
    counts = there.sum(axis=0)
    known = counts > 0
    figures = np.full((4, len(found.ids)), np.nan)
    if there.all() and len(ranks):
        figures[0], figures[1:] = ranks.mean(axis=0), np.quantile(ranks, (0.5, 0.05, 0.95), axis=0)
    elif known.any():
        figures[0, known] = np.nanmean(ranks[:, known], axis=0)
        figures[1:, known] = np.nanquantile(ranks[:, known], (0.5, 0.05, 0.95), axis=0)
    same = np.where(np.isnan(found.rank), np.nan, (ranks == found.rank).mean(axis=0))
    after = next_ranked(found)
    for row in range(len(found.ids)):
        place = found.grades.index(found.grade[row] or "") if found.grade[row] in found.grades else None
        follower = after.get(row)
        mean, median, low, high = plain(figures[:, row])
        yield Spread(
            id=found.ids[row],
            name=found.names[row],
            period=found.periods[row],
            rank=plain(found.rank)[row],
            score=plain(found.score)[row],
            mean=mean,
            median=median,
            low=low,
            high=high,
            same=plain(same)[row],
            grade=found.grade[row],
            keeps=None if place is None else plain(found.grade_shares[row])[place],
            next=None if follower is None else found.names[follower],
            beats_next=None if follower is None else beating(ranks[:, row], ranks[:, follower]),
            unranked=float(1 - counts[row] / max(found.count, 1)),
        )


def next_ranked(found: UncertaintyAnalysis) -> dict[int, int]:
    """For every ranked unit the row of the next one that it is ranked with; a tie is broken by the score."""
    after: dict[int, int] = {}
    for rows in _together(found):
        order = sorted(rows, key=lambda row: (found.rank[row], -found.score[row], row))
        after |= dict(pairwise(order))
    return after


def _together(found: UncertaintyAnalysis) -> list[list[int]]:
    """Rows that are ranked together."""
    rows_of: dict[str, list[int]] = {}
    for row, label in enumerate(found.within):
        if not np.isnan(found.rank[row]):
            rows_of.setdefault(label, []).append(row)
    return list(rows_of.values())


def _within(plan: Plan) -> tuple[str, ...]:
    labels = rank_groups(plan)
    return ("",) * plan.units if labels is None else tuple(labels.tolist())


def beating(one: Array, other: Array) -> float | None:
    """How often the first of two is ranked before the second, ties counting half; runs with both only."""
    both: Mask = ~np.isnan(one) & ~np.isnan(other)
    if not both.any():
        return None
    return float(((one < other)[both] + 0.5 * (one == other)[both]).mean())


def ways(found: UncertaintyAnalysis) -> dict[str, list[Any]]:
    """The choices of each factor with separate ones, as JSON, the system's own first as None."""
    told = found.uncertainty.as_dict()
    return {factor: [None, *told[factor]] for factor in found.uncertainty.factors if factor in SEPARATE}
