"""Outliers 异常值: skewness and kurtosis tell them, winsorisation, logarithms and Box-Cox treat them.

Columns of a matrix (units, columns) or one vector; missing values stay missing. Sources: OECD/JRC, Handbook
on Constructing Composite Indicators, 2008, step 3; W. Becker et al., JOSS 7(78), 4567, 2022 (limits and order
of treatment); D. N. Joanes and C. A. Gill, The Statistician 47, 1998 (type 2 figures, as in spreadsheets);
G. E. P. Box and D. R. Cox, JRSS B 26, 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, Mask, column_figures, floats, refuse, same
from kaishu.evaluation.methods.errors import BadChoice

#: A column has outliers if both are passed: |skewness| of 2 and kurtosis of 3.5.
SKEWNESS_LIMIT, KURTOSIS_LIMIT = 2.0, 3.5
OUTLIERS = Said("异常值处理", "Treatment of outliers")

#: What was done with a column.
Outcome = Literal["none", "winsorised", "log", "box-cox"]


@dataclass(frozen=True, slots=True)
class Treated:
    """Treated values; what was done with each column; cells winsorised; columns that have outliers still."""

    values: Array
    outcome: tuple[Outcome, ...]
    winsorised: Mask
    failing: Mask


def skewness(x: ArrayLike) -> Array:
    """G1 = sqrt(n (n-1)) / (n-2) · m3 / m2^1.5 偏度, one a column; missing for n < 3 or no spread.

    >>> float(skewness([1, 2, 3, 4, 10]).round(4))
    1.6971
    """
    n, second, third, _ = _moments(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        figure = np.sqrt(n * (n - 1)) / (n - 2) * third / second**1.5
    return np.asarray(np.where((n >= 3) & (second > 0), figure, np.nan))


def kurtosis(x: ArrayLike) -> Array:
    """G2 = (n-1) / ((n-2)(n-3)) · ((n+1) g2 + 6), g2 = m4 / m2² - 3 峰度; missing for n < 4 or no spread.

    >>> float(kurtosis([1, 2, 3, 4, 10]).round(4))
    3.152
    """
    n, second, _, fourth = _moments(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        figure = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (fourth / second**2 - 3) + 6)
    return np.asarray(np.where((n >= 4) & (second > 0), figure, np.nan))


def _moments(x: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """Count and central moments 2 to 4 of each column, of values scaled to its largest distance."""
    values = floats(x, OUTLIERS)
    matrix = values[:, None] if values.ndim == 1 else values
    figures = column_figures(matrix)
    away = np.where(np.isnan(matrix), 0.0, matrix - figures.mean)
    size = np.abs(away).max(axis=0, initial=0.0)
    flat = same(figures.minimum, figures.maximum)
    away = np.where(flat, 0.0, away / np.where(size > 0, size, 1.0))
    count = np.maximum(figures.count, 1)
    found = [figures.count, *((away**k).sum(axis=0) / count for k in (2, 3, 4))]
    n, second, third, fourth = (np.asarray(each[0] if values.ndim == 1 else each) for each in found)
    return n, second, third, fourth


def has_outliers(
    x: ArrayLike, skewness_limit: float = SKEWNESS_LIMIT, kurtosis_limit: float = KURTOSIS_LIMIT
) -> Mask:
    """Whether |G1| >= 2 and G2 >= 3.5 both hold; figures that are not defined mean no.

    >>> bool(has_outliers([*range(1, 11), 100])), bool(has_outliers(range(1, 11)))
    (True, False)
    """
    return np.asarray((np.abs(skewness(x)) >= skewness_limit) & (kurtosis(x) >= kurtosis_limit))


def winsorise(
    x: ArrayLike,
    most: int = 5,
    skewness_limit: float = SKEWNESS_LIMIT,
    kurtosis_limit: float = KURTOSIS_LIMIT,
) -> tuple[Array, Mask]:
    """One column, winsorised 缩尾 while it has outliers and fewer than ``most`` points are changed.

    Each step gives all values equal to the largest the next lower value (skewed to the right), or all equal
    to the least the next higher. Points changed: the last high set and the last low set together, so that a
    set of equals may go over the bound. Returns the values and which were changed.

    >>> winsorise([*range(1, 11), 100])[0].tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.0]
    """
    original = floats(x, OUTLIERS)
    if original.ndim != 1:
        raise BadChoice(OUTLIERS, Said("缩尾逐列进行", "winsorisation takes one column"))
    values, high, low = original.copy(), 0, 0
    while high + low < most and bool(has_outliers(values, skewness_limit, kurtosis_limit)):
        right = bool(skewness(values) >= 0)
        end = np.nanmax(values) if right else np.nanmin(values)
        set_ = values == end
        points = int(set_.sum())
        rest = values[~set_ & ~np.isnan(values)]
        values[set_] = rest.max() if right else rest.min()
        high, low = (points, low) if right else (high, points)
    return values, (values != original) & ~np.isnan(original)


def log_treated(x: ArrayLike) -> Array:
    """ln(x - min + 0.01 (max - min)) of one column, or its mirror where it is skewed to the left 对数处理.

    The mirror is -ln(max + 0.01 (max - min) - x); both keep the order. A constant column is kept.

    >>> log_treated([0, 1, 100]).round(4).tolist()
    [0.0, 0.6931, 4.6151]
    >>> log_treated([0, -1, -100]).round(4).tolist()
    [-0.0, -0.6931, -4.6151]
    """
    values = floats(x, OUTLIERS)
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    if np.isnan(low) or bool(same(low, high)):
        return values.copy()
    shift = 0.01 * (high - low)
    if skewness(values) < 0:
        return np.asarray(-np.log(high + shift - values))
    return np.asarray(np.log(values - low + shift))


def box_cox(x: ArrayLike, power: float | None = None) -> tuple[Array, float]:
    """(x^l - 1) / l, ln x for l = 0, of one column above 0; l given, or the most likely in -5 to 5.

    Returns the values and l.

    >>> box_cox([1, 4, 9], 0.5)[0].round(9).tolist(), box_cox([1, np.e], 0)[0].tolist()
    ([0.0, 2.0, 4.0], [0.0, 1.0])
    """
    values = floats(x, OUTLIERS)
    refuse(values <= 0, OUTLIERS, Said("Box-Cox 变换要求大于 0", "Box-Cox takes numbers above 0"))
    if power is None:
        known = values[~np.isnan(values)]
        if known.size < 3 or bool(same(known.min(), known.max())):
            return values.copy(), 1.0
        power = _likely_power(np.log(known))
    logs = np.log(values)
    return (logs if power == 0 else np.expm1(power * logs) / power), float(power)


def _likely_power(logs: Array) -> float:
    """The power of greatest likelihood: a grid of steps of 0.1, then golden section around its best."""
    centred = logs - logs.mean()  # a common factor of x changes no likelihood but by a constant

    def likelihood(power: float) -> float:
        bent = centred if abs(power) < 1e-12 else np.expm1(power * centred) / power
        return float(-len(logs) / 2 * np.log(max(bent.var(), 1e-300)))

    grid = np.linspace(-5, 5, 101)
    best = grid[int(np.argmax([likelihood(each) for each in grid]))]
    low, high, golden = best - 0.1, best + 0.1, (np.sqrt(5) - 1) / 2
    while high - low > 1e-9:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if likelihood(left) >= likelihood(right) else (left, high)
    return round(float(low + high) / 2, 8)


def treat(
    x: ArrayLike,
    *,
    most: int = 5,
    then: Literal["log", "box-cox", "none"] = "log",
    skewness_limit: float = SKEWNESS_LIMIT,
    kurtosis_limit: float = KURTOSIS_LIMIT,
) -> Treated:
    """Columns (units, columns) that have outliers, winsorised; if that is not enough, transformed.

    ``failing`` says which columns have outliers even then. ``most`` 0 goes to ``then`` at once; Box-Cox of a
    column that is not all above 0 is not taken.

    >>> treat(np.array([[*range(1, 11), 100]]).T).outcome
    ('winsorised',)
    """
    values = floats(x, OUTLIERS).copy()
    limits = (skewness_limit, kurtosis_limit)
    bad = has_outliers(values, *limits)
    changed = np.zeros(values.shape, dtype=bool)
    outcome: list[Outcome] = ["none"] * values.shape[1]
    for column in np.nonzero(bad)[0]:
        original = values[:, column].copy()
        cut, cells = winsorise(original, most, *limits)
        if not has_outliers(cut, *limits):
            values[:, column], changed[:, column], outcome[column] = cut, cells, "winsorised"
            continue
        if then == "log":
            values[:, column], outcome[column] = log_treated(original), then
        elif then == "box-cox" and not (original <= 0).any():
            values[:, column], outcome[column] = box_cox(original)[0], then
        elif cells.any():
            values[:, column], changed[:, column], outcome[column] = cut, cells, "winsorised"
    return Treated(values, tuple(outcome), changed, has_outliers(values, *limits))
