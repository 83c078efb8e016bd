"""Weights 权重: given, equal, by experts' points, by the data, or both; and exact sums.

Weights that people wrote are fractions, so that 0.28 + 0.12 + 0.30 + 0.08 + 0.12 + 0.10 is 1, not nearly 1.
Weights by the data take ``x`` (units, members) with NaN for missing and give an array that sums to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, Mask, column_figures, floats, refuse, same
from kaishu.evaluation.methods.errors import BadChoice, UnsuitableValues

WEIGHTS = Said("权重", "Weights")


def as_fraction(weight: str | int | float | Decimal | Fraction) -> Fraction:
    """The number as it was written: "1/3", "28%", 0.28, Decimal("0.28").

    >>> as_fraction("1/3"), as_fraction(0.28), as_fraction("28%")
    (Fraction(1, 3), Fraction(7, 25), Fraction(7, 25))
    """
    text = str(weight).strip()
    share = text.endswith(("%", "％"))
    try:
        value = Fraction(text.rstrip("%％").strip())
    except (ValueError, ZeroDivisionError):
        raise BadChoice(WEIGHTS, Said(f"“{text}”不是数", f'"{text}" is not a number')) from None
    return value / 100 if share else value


def given(weights: Sequence[str | int | float | Decimal | Fraction]) -> list[Fraction]:
    """Weights as written, scaled to the sum 1 指定权重; negative ones, and those that are all 0, are refused.

    >>> given([1, 1, 1])
    [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]
    """
    exact = [as_fraction(each) for each in weights]
    total = sum(exact, Fraction(0))
    if any(each < 0 for each in exact) or total <= 0:
        raise BadChoice(WEIGHTS, Said("权重不能为负，也不能全为 0", "weights are not below 0, and not all 0"))
    return [each / total for each in exact]


def equal(members: int) -> list[Fraction]:
    """1 / m each 等权.

    >>> equal(4)[0], sum(equal(7))
    (Fraction(1, 4), Fraction(1, 1))
    """
    return [Fraction(1, members)] * members


def sum_of(weights: Sequence[str | int | float | Decimal | Fraction]) -> Fraction:
    """The exact sum of weights as written.

    >>> sum_of([0.28, 0.12, 0.30, 0.08, 0.12, 0.10]) == 1, sum([0.28, 0.12, 0.30, 0.08, 0.12, 0.10]) == 1
    (True, False)
    """
    return sum((as_fraction(each) for each in weights), Fraction(0))


def budget(points: Sequence[Sequence[str | int | float | Decimal | Fraction]]) -> list[Fraction]:
    """The mean of the experts' shares 专家打分 (budget allocation), an expert a row, whatever each gave out.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 6.

    >>> budget([[60, 40], [7, 3]])
    [Fraction(13, 20), Fraction(7, 20)]
    """
    if not points or len({len(each) for each in points}) != 1:
        raise BadChoice(WEIGHTS, Said("每位专家都要给每项打分", "every expert gives points to every member"))
    shares = [given(each) for each in points]
    return [sum(column, Fraction(0)) / len(shares) for column in zip(*shares, strict=True)]


def fold(weights: Sequence[Fraction], member: int, into: int) -> list[Fraction]:
    """A member that does not apply has 0, and its weight goes to another.

    >>> [str(each) for each in fold(given([0.30, 0.12, 0.58]), 1, 0)]
    ['21/50', '0', '29/50']
    """
    moved = list(weights)
    if member == into:
        raise BadChoice(WEIGHTS, Said("权重不能并入自身", "a weight cannot go to itself"))
    moved[into] += moved[member]
    moved[member] = Fraction(0)
    return moved


def entropy(x: ArrayLike, shift: float = 0.0) -> Array:
    """Entropy weights 熵权: w = (1 - e) / sum(1 - e), e = -1/ln n · sum p ln p, p = x / sum x.

    ``x`` is 0 or more, raw or scored by min-max: which it is changes the weights, as does ``shift``, which
    is added to every value. n is the number of values present; a constant column has weight 0.
    Source: C. E. Shannon, Bell System Technical Journal 27, 1948; C. L. Hwang and K. Yoon, 1981, ch. 3.

    >>> entropy([[1, 1], [1, 2], [1, 9]]).tolist(), entropy([[1, 0], [0, 1], [3, 1]]).round(4).tolist()
    ([0.0, 1.0], [0.5695, 0.4305])
    """
    method = Said("熵权法", "Entropy weights")
    values = floats(x, method) + shift
    refuse(values < 0, method, Said("有负数", "some are negative"))
    figures = column_figures(values)
    total = np.nansum(values, axis=0)
    p = np.nan_to_num(values / np.where(total > 0, total, 1.0))
    information = -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=0)
    spread = 1.0 - information / np.log(np.maximum(figures.count, 2))
    flat = same(figures.minimum, figures.maximum) | ~(figures.count > 1)
    return _scaled(np.where(flat, 0.0, np.maximum(spread, 0.0)), method)


def coefficient_of_variation(x: ArrayLike) -> Array:
    """sd / mean, scaled 变异系数法; a mean that is not above 0 is refused.

    >>> coefficient_of_variation([[1, 10], [3, 10], [5, 40]]).round(4).tolist()
    [0.435, 0.565]
    """
    method = Said("变异系数法", "Weights by the coefficient of variation")
    figures = column_figures(floats(x, method))
    refuse(np.asarray(figures.mean <= 0), method, Said("有均值不大于 0 的列", "a mean is not above 0"))
    moving = _spread(figures.minimum, figures.maximum)
    return _scaled(np.where(moving, figures.sd / figures.mean, 0.0), method)


def critic(x: ArrayLike) -> Array:
    """sd_j · sum over k of (1 - r_jk), scaled, on min-max data (more is better) CRITIC 法.

    Correlations are over the units that have both; constant columns have weight 0 and count in no sum.
    Source: D. Diakoulaki et al., Computers & Operations Research 22, 1995.

    >>> critic([[1, 1, 5], [2, 2, 1], [3, 3, 4]]).round(4).tolist()
    [0.245, 0.245, 0.51]
    """
    method = Said("CRITIC 法", "CRITIC")
    values = floats(x, method)
    figures = column_figures(values)
    moving = _spread(figures.minimum, figures.maximum)
    span = np.where(moving, figures.maximum - figures.minimum, 1.0)
    share = column_figures((values - figures.minimum) / span).sd
    r = correlations(values)
    conflict = np.where(moving[:, None] & moving & ~np.isnan(r), 1.0 - r, 0.0).sum(axis=1)
    return _scaled(np.where(moving, share * np.maximum(conflict, 0.0), 0.0), method)


def correlations(x: ArrayLike) -> Array:
    """Pearson's r of each pair of columns over the units that have both; missing where either does not vary.

    >>> correlations([[1, 2], [2, 4], [3, np.nan], [4, 8]]).round(4).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    values = floats(x)
    figures = column_figures(values)
    size = np.where(_spread(figures.minimum, figures.maximum), figures.maximum - figures.minimum, 1.0)
    there = ~np.isnan(values)
    away = np.where(there, (values - figures.mean) / size, 0.0)
    mask = there.astype(np.float64)
    n = np.maximum(mask.T @ mask, 1.0)
    mean = (away.T @ mask) / n  # of the row's column over the units that the other column has too
    covariance = away.T @ away - n * mean * mean.T
    squares = (away * away).T @ mask - n * mean * mean
    with np.errstate(invalid="ignore", divide="ignore"):
        r = covariance / np.sqrt(squares * squares.T)
    flat = (squares <= 1e-14) | (squares.T <= 1e-14) | (n < 2)
    return np.asarray(np.where(flat, np.nan, np.clip(r, -1.0, 1.0)))


@dataclass(frozen=True, slots=True)
class PrincipalWeights:
    """Weights by the first component, the share of variance it explains, and which loadings are negative."""

    weights: Array
    explained: float
    negative: Mask


def principal(x: ArrayLike, *, allow_negative: bool = False) -> PrincipalWeights:
    """Loadings on the first component of the correlation matrix, scaled 主成分赋权.

    The sign is the one with which the loadings' sum is positive. A negative loading would make a better value
    lower the index: refused unless allowed. Units that lack a value are left out.
    Source: OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 6.

    >>> principal([[1, 2, 2], [2, 4, 1], [3, 5, 4], [4, 9, 3]]).weights.round(4).tolist()
    [0.3712, 0.352, 0.2768]
    """
    method = Said("主成分赋权", "Weights by principal components")
    values = floats(x, method)
    whole = values[~np.isnan(values).any(axis=1)]
    figures = column_figures(whole)
    if len(whole) < 3:
        raise UnsuitableValues(method, Said("数据完整的对象不足 3 个", "fewer than 3 units have all values"))
    refuse(~_spread(figures.minimum, figures.maximum), method, Said("有常数列", "a column is constant"))
    roots, vectors = np.linalg.eigh(correlations(whole))
    first = vectors[:, -1] * (1.0 if vectors[:, -1].sum() >= 0 else -1.0)
    first = np.where(np.abs(first) < 1e-12, 0.0, first)
    negative = first < 0
    if not allow_negative:
        refuse(negative, method, Said("有指标的载荷为负", "a loading is negative"))
    return PrincipalWeights(first / first.sum(), float(roots[-1] / roots.sum()), negative)


def combined(
    subjective: ArrayLike,
    objective: ArrayLike,
    share: float = 0.5,
    how: Literal["linear", "product"] = "linear",
) -> Array:
    """a w_subjective + (1 - a) w_objective, or their product scaled 组合赋权.

    >>> combined([0.6, 0.4], [0.2, 0.8]).round(4).tolist()
    [0.4, 0.6]
    >>> combined([0.6, 0.4], [0.2, 0.8], how="product").round(4).tolist()
    [0.2727, 0.7273]
    """
    method = Said("组合赋权", "Combined weights")
    first, second = _scaled(floats(subjective), method), _scaled(floats(objective), method)
    if first.shape != second.shape or not 0 <= share <= 1 or how not in ("linear", "product"):
        reason = Said("两组权重应一一对应，占比在 0 到 1", "both have the same members, a share is 0 to 1")
        raise BadChoice(method, reason)
    return _scaled(share * first + (1 - share) * second if how == "linear" else first * second, method)


def _spread(minimum: Array, maximum: Array) -> Mask:
    return ~same(minimum, maximum) & ~np.isnan(minimum)


def _scaled(weights: Array, method: Said) -> Array:
    if not (weights >= 0).all() or not weights.sum() > 0:
        reason = Said("得不出权重：没有一列有差异", "no weights can be found: no column tells units apart")
        raise UnsuitableValues(method, reason)
    return np.asarray(weights / weights.sum())
