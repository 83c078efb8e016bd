"""Sensitivity analysis 敏感性分析: which open choice moves the ranks, alone (first order) and in all (total).

Where the outcome is a stage, it is the stages that are looked at.

Source: A. Saltelli et al., Comput. Phys. Commun. 181, 2010 (design A, B, AB_k; first-order estimator);
M. J. W. Jansen, Comput. Phys. Commun. 117, 1999 (total effects).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.building.plan import Plan, compile_plan
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array, plain
from kaishu.evaluation.robustness.errors import BadNumber, NothingUncertain
from kaishu.evaluation.robustness.running import Trials, stage_places
from kaishu.evaluation.robustness.sequence import sobol, whole
from kaishu.evaluation.robustness.uncertain import SEED
from kaishu.evaluation.robustness.uncertainty import FACTORS, Uncertainty, usual
from kaishu.evaluation.robustness.wording import choice_word

#: Points of the design, and resamples for intervals.
POINTS, RESAMPLES = 512, 1000
_MOST_POINTS = 65_536
#: An interval wider than this says little.
_WIDE = 0.2
#: First-order indices lie between 0 and the total one; estimates may be off by so much.
_ODD = 0.02
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one factor on the output: shares of its variance, with 95 % intervals.

    ``first`` is what the factor explains alone, ``total`` what would remain open if only it stayed open.
    ``doubtful``: clearly below 0, or first clearly above total, or an interval too wide to rank it by.
    """

    factor: str
    first: float | None
    first_low: float | None
    first_high: float | None
    total: float | None
    total_low: float | None
    total_high: float | None
    doubtful: bool


@dataclass(frozen=True)
class SensitivityAnalysis:
    """``effects`` on the mean absolute shift of ranks; ``first`` and ``total`` (units, factors) on each rank.

    ``of`` is rank, or stage: the shift is then one of stages.
    ``sample`` holds the design, (points, 2 x factors): A and B; ``shifts`` the output of every run, A first,
    then B, then AB_k factor by factor.
    """

    fingerprint: str
    data_digest: str
    uncertainty: Uncertainty
    seed: int
    sample: Array
    shifts: Array
    mean_shift: float
    effects: tuple[Effect, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    first: Array
    total: Array
    warnings: tuple[Said, ...]
    of: str = "rank"

    @property
    def runs(self) -> int:
        """How many times the index was built."""
        return len(self.shifts)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        factors = self.uncertainty.factors
        return {
            "fingerprint": self.fingerprint,
            "data_digest": self.data_digest,
            "points": len(self.sample),
            "runs": self.runs,
            "of": self.of,
            "seed": self.seed,
            "uncertainty": self.uncertainty.as_dict(),
            "mean_shift": self.mean_shift,
            "effects": [{name: getattr(each, name) for name in Effect.__slots__} for each in self.effects],
            "units": [
                {
                    "id": unit,
                    "name": name,
                    "first": dict(zip(factors, plain(first), strict=True)),
                    "total": dict(zip(factors, plain(total), strict=True)),
                }
                for unit, name, first, total in zip(self.ids, self.names, self.first, self.total, strict=True)
            ],
            "warnings": [{"zh": str(each), "en": each.en} for each in self.warnings],
        }


def analyse_sensitivity(
    result: Result, uncertainty: Uncertainty | None = None, *, points: int = POINTS, seed: int = SEED
) -> SensitivityAnalysis:
    """Build the index ``points`` x (factors + 2) times and split the variance of its ranks, or stages.

    Of stages, choices whose scores do not stand on their scale are not drawn.  Raises as
    ``analyse_uncertainty``.
    """
    if not 4 <= points <= _MOST_POINTS:
        raise BadNumber(name="points", low=4, high=_MOST_POINTS, given=points)
    plan = compile_plan(result.passport, result.table)
    opened = usual(result, plan) if uncertainty is None else uncertainty
    warned: tuple[Said, ...] = ()
    if result.stages:
        opened, warned = _on_the_scale(plan, opened)
    if not opened.factors:
        raise NothingUncertain()
    count = len(opened.factors)
    sample = sobol(points, 2 * count, seed)
    runs, of = Trials(plan, opened, seed).run(design(sample)), "rank"
    outcome, own = runs.ranks, result.rank
    if runs.stages is not None:
        outcome, own, of = runs.stages.astype(np.float64), stage_places(plan, result.stages), "stage"
    moved = np.abs(outcome - own)
    ranked = ~np.isnan(moved)
    shifts = np.where(ranked, moved, 0.0).sum(axis=1) / np.maximum(ranked.sum(axis=1), 1)
    effects, warnings = _effects(opened.factors, *_parts(shifts, points), seed, of)
    first, total = indices(*_parts(outcome, points))
    return SensitivityAnalysis(
        fingerprint=result.fingerprint,
        data_digest=result.data_digest,
        uncertainty=opened,
        seed=seed,
        sample=sample,
        shifts=shifts,
        mean_shift=float(shifts[: 2 * points].mean()),
        effects=effects,
        ids=result.table.ids,
        names=result.table.names,
        first=first.T,
        total=total.T,
        warnings=(*warned, *warnings),
        of=of,
    )


def _on_the_scale(plan: Plan, opened: Uncertainty) -> tuple[Uncertainty, tuple[Said, ...]]:
    """Without the alternatives that leave the scale by which stages are decided, and what was left out."""
    trials, kept, gone = Trials(plan, opened, SEED), {}, []
    for factor in ("normalise", "aggregate"):
        every = opened.alternatives(factor)
        stay = [trials.comparable(factor, number) for number in range(1, len(every) + 1)]
        kept[factor] = tuple(each for each, stays in zip(every, stay, strict=True) if stays)
        gone += [each for each, stays in zip(every, stay, strict=True) if not stays]
    if not gone:
        return opened, ()
    zh = "、".join(choice_word(each, "zh") for each in gone)
    en = ", ".join(choice_word(each, "en") for each in gone)
    said = Said(
        f"以下选择的得分不在阶段的标尺上，没有模拟：{zh}。",
        f"Not drawn, as their scores do not stand on the scale of the stages: {en}.",
    )
    return opened.model_copy(update=kept), (said,)


def design(sample: Array) -> Array:
    """The runs of a sample (points, 2 x factors): A, B, and A with one column of B for each factor.

    >>> design(np.array([[0.1, 0.2, 0.8, 0.9]])).tolist()
    [[0.1, 0.2], [0.8, 0.9], [0.8, 0.2], [0.1, 0.9]]
    """
    count = sample.shape[1] // 2
    a, b = sample[:, :count], sample[:, count:]
    mixed = []
    for factor in range(count):
        one = a.copy()
        one[:, factor] = b[:, factor]
        mixed.append(one)
    return np.concatenate([a, b, *mixed])


def _parts(outputs: Array, points: int) -> tuple[Array, Array, Array]:
    """Outputs of A, B (points, …) and AB (factors, points, …)."""
    mixed = outputs[2 * points :]
    return outputs[:points], outputs[points : 2 * points], mixed.reshape(-1, points, *outputs.shape[1:])


def indices(a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """First-order and total indices, (factors, …), of outputs a, b (points, …) and mixed
    (factors, points, …).

    NaN where the output does not vary.  The mean is taken off first, which leaves the estimates what they are
    and their errors smaller.

    >>> sample = sobol(1024, 4)
    >>> runs = design(sample) @ np.array([3.0, 1.0])    # variances 9 : 1
    >>> [[round(float(each), 2) for each in part] for part in indices(*_parts(runs, 1024))]
    [[0.9, 0.1], [0.9, 0.1]]
    """
    both = np.concatenate([a, b])
    middle = both.mean(axis=0)
    variance = both.var(axis=0, ddof=1)
    a, b, mixed = a - middle, b - middle, mixed - middle
    with np.errstate(invalid="ignore", divide="ignore"):
        first = (b * (mixed - a)).mean(axis=1) / variance
        total = ((a - mixed) ** 2).mean(axis=1) / (2 * variance)
    open_ = variance > 1e-18
    return np.where(open_, first, np.nan), np.where(open_, total, np.nan)


def _effects(
    factors: tuple[str, ...], a: Array, b: Array, mixed: Array, seed: int, of: str = "rank"
) -> tuple[tuple[Effect, ...], tuple[Said, ...]]:
    first, total = indices(a, b, mixed)
    if np.isnan(first).any():
        zh, en = ("阶段", "No stage ever changes") if of == "stage" else ("名次", "No rank ever moves")
        nothing = Said(f"{zh}没有任何变动，谈不上敏感性。", f"{en}, so nothing can be sensitive.")
        empty = tuple(Effect(factor, None, None, None, None, None, None, False) for factor in factors)
        return empty, (nothing,)
    firsts, totals = _resampled(a, b, mixed, seed)
    ends = [np.nanquantile(each, (0.025, 0.975), axis=0) for each in (firsts, totals)]
    effects = []
    for place, factor in enumerate(factors):
        (low, high), (total_low, total_high) = (plain(each[:, place]) for each in ends)
        wide = max(ends[0][1, place] - ends[0][0, place], ends[1][1, place] - ends[1][0, place]) > _WIDE
        odd = first[place] < -_ODD or first[place] > total[place] + _ODD
        effects.append(
            Effect(
                factor,
                float(first[place]),
                low,
                high,
                float(total[place]),
                total_low,
                total_high,
                bool(odd or wide),
            )
        )
    return tuple(effects), _warnings(effects, len(a))


def _warnings(effects: list[Effect], points: int) -> tuple[Said, ...]:
    named = [FACTORS[each.factor] for each in effects if each.doubtful]
    if not named:
        return ()
    zh, en = "、".join(map(str, named)), ", ".join(each.en for each in named)
    return (
        Said(
            f"样本点只有{points}个，这些因素的指数还不可靠（为负、一阶大于总效应，或区间太宽）：{zh}。请增加样本点。",
            f"With {points} points these indices are not reliable (below 0, first above total, or a wide "
            f"interval): {en}. Take more points.",
        ),
    )


def _resampled(a: Array, b: Array, mixed: Array, seed: int) -> tuple[Array, Array]:
    """Indices of resamples of the points, (resamples, factors) each; NaN where a resample does not vary."""
    points = len(a)
    firsts, totals = [], []
    step = max(1, _BLOCK // (points * (len(mixed) + 2)))
    for start in range(0, RESAMPLES, step):
        some = whole(seed + 2 + start, points, (points, min(step, RESAMPLES - start)))
        first, total = indices(a[some], b[some], mixed[:, some])
        firsts.append(first.T)
        totals.append(total.T)
    return np.concatenate(firsts), np.concatenate(totals)
