"""Normalisation 无量纲化: columns of any unit become scores that can be compared.

Every function takes ``x`` (units,), (units, columns) or (runs, units, columns) with NaN for missing, and
``direction`` +1 (more is better) or -1 (less is better), one for all or one a column. Missing values stay
missing and count in no extreme, mean or rank; cells to which an indicator does not apply are given as NaN.
Each returns the scores with the figures that were used, so that a score can be checked by hand and its range
frozen for later years. Formulas: OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, ColumnFigures, Mask, column_figures, floats, same
from kaishu.evaluation.methods.errors import BadChoice
from kaishu.evaluation.methods.ranking import Ties, rank

#: What a column is worth whose values are all equal: the scale's upper end, its lower end, its middle,
#: or nothing (NaN; the column is left out and its weight goes to the others).
Constant = Literal["full", "zero", "middle", "leave-out"]
Scale = tuple[float, float]
#: Minimum and maximum (for z-scores mean and standard deviation) of another year, for all or each column.
Frozen = tuple[ArrayLike, ArrayLike]


@dataclass(frozen=True, slots=True)
class Normalised:
    """Scores in the shape of the input, the figures of the observed columns, and what was computed with.

    ``constant`` marks columns without any spread, to which the policy for constant columns was applied;
    ``used`` holds what the formula took, by name, each one number a column: ``lower``, ``upper``, ``mean`` …
    """

    scores: Array
    figures: ColumnFigures
    constant: Mask
    used: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """The input as a matrix, its figures and its directions; how every normalisation begins and ends."""

    method: Said
    x: Array
    vector: bool
    figures: ColumnFigures
    better_high: Mask

    @staticmethod
    def of(x: ArrayLike, direction: ArrayLike, method: Said) -> Columns:
        """Checked input."""
        array = floats(x, method)
        matrix = array[:, None] if array.ndim == 1 else array
        signs = np.asarray(direction)
        if not np.isin(signs, (-1, 1)).all():
            raise BadChoice(method, Said("方向只能是 1 或 -1", "a direction is 1 or -1"))
        high = np.broadcast_to(signs > 0, matrix.shape[-1:])
        return Columns(method, matrix, array.ndim == 1, column_figures(matrix), high)

    def parameter(self, value: ArrayLike) -> Array:
        """One number a column, from one for all or one each."""
        return np.broadcast_to(floats(value, self.method), self.figures.count.shape)

    def range(self, frozen: Frozen | None) -> tuple[Array, Array]:
        """The observed extremes, or the frozen ones."""
        if frozen is None:
            return self.figures.minimum, self.figures.maximum
        lower, upper = self.parameter(frozen[0]), self.parameter(frozen[1])
        if (lower > upper).any():
            raise BadChoice(self.method, Said("下限大于上限", "the lower end is above the upper one"))
        return lower, upper

    def share(self, lower: Array, upper: Array, flat: Mask) -> Array:
        """(x - lower) / (upper - lower), or the mirror where less is better."""
        with np.errstate(invalid="ignore"):
            span = np.where(flat, 1.0, upper - lower)[..., None, :]
        above = np.where(self.better_high, self.x - lower[..., None, :], upper[..., None, :] - self.x)
        return np.asarray(above / span)

    def done(
        self,
        scores: Array,
        *,
        flat: Mask | None = None,
        constant: Constant = "leave-out",
        scale: Scale = (0.0, 1.0),
        **used: Array,
    ) -> Normalised:
        """Scores with the policy for constant columns applied, missing where the input is."""
        marked = np.zeros(self.figures.count.shape, dtype=bool) if flat is None else flat
        if marked.any():
            scores = np.where(marked[..., None, :], constant_score(constant, scale, self.method), scores)
        scores = np.where(np.isnan(self.x), np.nan, scores)
        if not self.vector:
            return Normalised(scores, self.figures, marked, used)
        figures = ColumnFigures(
            *(getattr(self.figures, name)[0] for name in ("count", "minimum", "maximum", "mean", "sd"))
        )
        return Normalised(scores[:, 0], figures, marked[0], {name: value[0] for name, value in used.items()})


def constant_score(constant: Constant, scale: Scale, method: Said) -> float:
    """What the policy gives a column without spread, NaN for ``leave-out``."""
    worth = {"full": scale[1], "zero": scale[0], "middle": (scale[0] + scale[1]) / 2, "leave-out": np.nan}
    if constant not in worth:
        raise BadChoice(
            method, Said(f"没有“{constant}”这种规则", f'there is no rule "{constant}" for constant columns')
        )
    return worth[constant]


def stretch(share: Array, scale: Scale, method: Said) -> Array:
    """Shares of 0 to 1 on a scale; both ends are met exactly."""
    lower, upper = scale
    if not lower < upper:
        raise BadChoice(method, Said("分值范围的下限应小于上限", "a scale begins below its end"))
    return np.asarray(lower * (1.0 - share) + upper * share)


def min_max(
    x: ArrayLike,
    direction: ArrayLike = 1,
    *,
    scale: Scale = (0.0, 1.0),
    frozen: Frozen | None = None,
    cut: bool = False,
    constant: Constant = "leave-out",
) -> Normalised:
    """L + (x - min) / (max - min) (U - L) 极差归一; mirrored where less is better.

    With a ``frozen`` range values of another year may lie outside; ``cut`` brings them to the ends.

    >>> min_max([0, 30, 120], scale=(0, 5)).scores.tolist()
    [0.0, 1.25, 5.0]
    >>> min_max([0, 30, 120], -1, frozen=(0, 100), cut=True).scores.tolist()
    [1.0, 0.7, 0.0]
    >>> min_max([7, 7, float("nan")], scale=(0, 5), constant="full").scores.tolist()
    [5.0, 5.0, nan]
    """
    method = Said("极差归一", "Min-max")
    columns = Columns.of(x, direction, method)
    lower, upper = columns.range(frozen)
    flat = same(lower, upper)
    share = columns.share(lower, upper, flat)
    if frozen is None or cut:
        share = np.clip(share, 0.0, 1.0)
    scores = stretch(share, scale, method)
    return columns.done(scores, flat=flat, constant=constant, scale=scale, lower=lower, upper=upper)


def z_score(
    x: ArrayLike,
    direction: ArrayLike = 1,
    *,
    mean: float = 0.0,
    sd: float = 1.0,
    frozen: Frozen | None = None,
    constant: Constant = "leave-out",
) -> Normalised:
    """m + s (x - mean) / sd 标准化, sd with n - 1; mirrored where less is better.

    The scale has no ends: a constant column lies at its mean under every policy but ``leave-out``.

    >>> z_score([2, 4, 6], mean=100, sd=10).scores.tolist()
    [90.0, 100.0, 110.0]
    """
    method = Said("标准化", "Z-score")
    columns = Columns.of(x, direction, method)
    if not sd > 0:
        raise BadChoice(method, Said("标准差应大于 0", "a standard deviation is above 0"))
    middle, spread = columns.figures.mean, columns.figures.sd
    flat = same(columns.figures.minimum, columns.figures.maximum)
    if frozen is not None:
        middle, spread = columns.parameter(frozen[0]), columns.parameter(frozen[1])
        flat = spread <= 0
    with np.errstate(invalid="ignore", divide="ignore"):  # below 1e-300; told afterwards
        away = (columns.x - middle[..., None, :]) / np.where(flat, 1.0, spread)[..., None, :]
    scores = mean + sd * np.where(columns.better_high, away, -away)
    ends = (mean, mean)
    return columns.done(scores, flat=flat, constant=constant, scale=ends, mean=middle, sd=spread)


def rank_score(
    x: ArrayLike, direction: ArrayLike = 1, *, ties: Ties = "best", borda: bool = False
) -> Normalised:
    """r = 1 + how many units are worse 排序分 (ties as in ``rank``, counted from the worst); Borda: r - 1.

    Equal values share a rank, so that a constant column needs no policy.

    >>> rank_score([10, 20, 20, 30]).scores.tolist(), rank_score([10, 20, 20, 30], borda=True).scores.tolist()
    ([1.0, 2.0, 2.0, 4.0], [0.0, 1.0, 1.0, 3.0])
    """
    method = Said("波达计分", "Borda") if borda else Said("排序分", "Rank")
    columns = Columns.of(x, direction, method)
    return columns.done(_ranks_from_worst(columns, ties) - float(borda))


def _ranks_from_worst(columns: Columns, ties: Ties) -> Array:
    upwards = np.where(columns.better_high, columns.x, -columns.x)
    ranks = rank(np.swapaxes(upwards, -1, -2), ties=ties, lowest_first=True)
    return np.ascontiguousarray(np.swapaxes(ranks, -1, -2))


def percentile(
    x: ArrayLike, direction: ArrayLike = 1, *, ties: Ties = "best", constant: Constant = "leave-out"
) -> Normalised:
    """(r - 1) / (n - 1) 百分位秩, r from the worst, n values present.

    >>> percentile([10, 20, 20, 30, float("nan")]).scores.round(4).tolist()
    [0.0, 0.3333, 0.3333, 1.0, nan]
    """
    columns = Columns.of(x, direction, Said("百分位秩", "Percentile rank"))
    flat = same(columns.figures.minimum, columns.figures.maximum)
    others = np.maximum(columns.figures.count - 1.0, 1.0)[..., None, :]
    scores = (_ranks_from_worst(columns, ties) - 1.0) / others
    return columns.done(scores, flat=flat, constant=constant)


def to_maximum(
    x: ArrayLike,
    direction: ArrayLike = 1,
    *,
    frozen: Frozen | None = None,
    constant: Constant = "leave-out",
) -> Normalised:
    """1 - (max - x) / (max - min): how near to the best, 与最优值的距离; the best has 1.

    >>> to_maximum([10, 15, 30]).scores.tolist(), to_maximum([10, 15, 30], -1).scores.tolist()
    ([0.0, 0.25, 1.0], [1.0, 0.75, 0.0])
    """
    method = Said("与最优值的距离", "Distance to the maximum")
    columns = Columns.of(x, direction, method)
    lower, upper = columns.range(frozen)
    flat = same(lower, upper)
    scores = columns.share(lower, upper, flat)
    return columns.done(scores, flat=flat, constant=constant, lower=lower, upper=upper)
