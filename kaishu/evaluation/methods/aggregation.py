"""Aggregation 合成: scores of several members become one, by a mean, the median or the least.

``x`` is (units, members) or (runs, units, members), NaN for missing. ``weights`` broadcast against it:
(members,) for all, (units, members) for weights that depend on the unit, (runs, 1, members) for weights drawn
anew in every run, (runs, units, members) for both. Only their ratios count: they are scaled to 1 over the
members that are used. The result is (units,) or (runs, units). Equal rows have equal results to the last bit,
in whatever order they stand.

``missing``: ``skip`` leaves missing members out; ``zero`` counts them as 0; ``propagate`` lets one missing
member make the result missing; a number t is ``skip``, but missing where fewer than that share of the
applicable members is present. ``applicable``, a mask like x, marks members that do not apply to a unit:
they are left out under every policy. A unit without any member used is missing.
Source: OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 7.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import NOISE, Array, Mask, floats, refuse
from kaishu.evaluation.methods.errors import BadChoice

#: What a missing member does; a number is the least share of members that must be present.
Missing = Literal["skip", "zero", "propagate"] | float
Function = Callable[[Array], Array]


def arithmetic(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Array:
    """Sum of w x 加权算术平均.

    >>> arithmetic([[1.0, 3.0], [2.0, np.nan]], [0.25, 0.75]).tolist()
    [2.5, 2.0]
    >>> arithmetic([[1.0, 3.0]], np.array([[[1.0, 0.0]], [[0.5, 0.5]]])).tolist()
    [[1.0], [2.0]]
    """
    method = Said("算术平均", "The arithmetic mean")
    given = checked_weights(weights, method)
    values, present, left = members_used(x, given, missing, applicable, method)
    return _within(_weighted(values, present, given), values, present, left)


def geometric(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Array:
    """exp(sum of w ln x) 加权几何平均; a member 0 with weight makes it 0, members below 0 are refused.

    >>> geometric([[1.0, 4.0], [0.0, 9.0]], [0.5, 0.5]).tolist()
    [2.0, 0.0]
    """
    return _quasi(x, weights, np.log, np.exp, missing, applicable, Said("几何平均", "The geometric mean"))


def harmonic(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Array:
    """1 / sum of (w / x) 加权调和平均; a member 0 with weight makes it 0, members below 0 are refused.

    >>> harmonic([[1.0, 3.0]], [0.5, 0.5]).tolist()
    [1.5]
    """
    method = Said("调和平均", "The harmonic mean")
    return _quasi(x, weights, np.reciprocal, np.reciprocal, missing, applicable, method)


def power(
    x: ArrayLike,
    weights: ArrayLike,
    exponent: float,
    *,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array:
    """(sum of w x^p)^(1/p) 幂平均; p = 1 arithmetic, 0 geometric, -1 harmonic.

    >>> power([[3.0, 4.0]], [0.5, 0.5], 2).round(6).tolist()
    [3.535534]
    """
    method = Said("幂平均", "The power mean")
    if not np.isfinite(exponent):
        raise BadChoice(method, Said("指数应是有限的数", "an exponent is a finite number"))
    named = {1.0: arithmetic, 0.0: geometric, -1.0: harmonic}.get(float(exponent))
    if named is not None:
        return named(x, weights, missing=missing, applicable=applicable)
    return _quasi(
        x,
        weights,
        lambda value: np.asarray(value**exponent),
        lambda value: np.asarray(value ** (1 / exponent)),
        missing,
        applicable,
        method,
        zero_decides=exponent < 0,
        by_largest=exponent > 0,
    )


def median(
    x: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array:
    """The middle member 中位数, or the mean of the two; members of weight 0 are left out, others count alike.

    >>> median([[5.0, 1.0, 2.0], [5.0, 1.0, np.nan]]).tolist()
    [2.0, 3.0]
    """
    values, used, left = _counted(x, weights, missing, applicable, Said("中位数", "The median"))
    ordered = np.sort(np.where(used, values, np.inf), axis=-1)
    count = used.sum(axis=-1)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0)[..., None] // 2, axis=-1)[..., 0]
    middle = np.minimum(count // 2, values.shape[-1] - 1)[..., None]
    high = np.take_along_axis(ordered, middle, axis=-1)[..., 0]
    return np.asarray(np.where((count > 0) & ~left, low / 2 + high / 2, np.nan))


def minimum(
    x: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array:
    """The least member 最小值 (the shortest stave); members of weight 0 are left out.

    >>> minimum([[5.0, 1.0], [2.0, np.nan]]).tolist()
    [1.0, 2.0]
    """
    values, used, left = _counted(x, weights, missing, applicable, Said("最小值", "The minimum"))
    least = np.where(used, values, np.inf).min(axis=-1, initial=np.inf)
    return np.asarray(np.where(used.any(axis=-1) & ~left, least, np.nan))


def weighted_total(values: Array, weights: Array) -> Array:
    """Sum of w x over the last axis, summed alike in every row, so that equal rows stay equal.

    (Matrix multiplication takes the rows at the edge of a block another way.)
    """
    if weights.ndim == 1:
        return np.asarray(np.einsum("...nm,m->...n", values, weights))
    if weights.ndim == 3 and weights.shape[1] == 1 and values.ndim == 2:
        return np.asarray(np.einsum("nm,rm->rn", values, weights[:, 0]))
    return np.asarray(np.einsum("...nm,...nm->...n", *np.broadcast_arrays(values, weights)))


def members_used(
    x: ArrayLike, weights: Array, missing: Missing, applicable: Mask | None, method: Said
) -> tuple[Array, Mask, Mask]:
    """Values with 0 where none is used; which are used; which units are missing by the policy."""
    values = floats(x, method)
    if values.ndim < 2:
        raise BadChoice(method, Said("需要对象乘成员的表", "scores are a table of units by members"))
    if weights.shape[-1:] != values.shape[-1:]:
        reason = Said("权重的个数与成员不符", "there are not as many weights as members")
        raise BadChoice(method, reason)
    there = ~np.isnan(values)
    counts = np.broadcast_to(True if applicable is None else np.asarray(applicable, dtype=bool), there.shape)
    present = there & counts
    left = np.zeros(values.shape[:-1], dtype=bool)
    if missing == "zero":
        present = np.array(counts)
    elif missing == "propagate":
        left = _touches(counts & ~there, weights)
    elif not isinstance(missing, str):
        if not 0 <= missing <= 1:
            raise BadChoice(method, Said("缺失阈值应在 0 到 1 之间", "a threshold lies between 0 and 1"))
        left = present.sum(axis=-1) < missing * counts.sum(axis=-1) - NOISE
    elif missing != "skip":
        raise BadChoice(method, Said(f"没有“{missing}”这种缺失处理", f'there is no policy "{missing}"'))
    return np.where(there & counts, values, 0.0), present, left


def _touches(marked: Mask, weights: Array) -> Mask:
    """Whether a unit has a marked member whose weight is not 0."""
    return weighted_total(marked.astype(np.float64), weights) > 0


def checked_weights(weights: ArrayLike, method: Said) -> Array:
    """As an array of at least one axis; missing and negative weights are refused."""
    given = np.atleast_1d(floats(weights, method))
    if not (given >= 0).all():
        raise BadChoice(method, Said("权重不能缺少或为负", "a weight is missing or below 0"))
    return given


def _weighted(values: Array, present: Mask, weights: Array) -> Array:
    """The weighted mean over the members used; missing where their weights are 0."""
    total = weighted_total(values, weights)
    used = weights.sum(axis=-1) if present.all() else weighted_total(present.astype(np.float64), weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(used > 0, total / used, np.nan))


def _within(mean: Array, values: Array, present: Mask, left: Mask) -> Array:
    """Kept between the least and the largest member, so that equal members have exactly their value."""
    least = np.where(present, values, np.inf).min(axis=-1, initial=np.inf)
    largest = np.where(present, values, -np.inf).max(axis=-1, initial=-np.inf)
    kept = np.minimum(np.maximum(mean, least), largest)
    return np.asarray(np.where(left | np.isnan(mean), np.nan, kept))


def _quasi(
    x: ArrayLike,
    weights: ArrayLike,
    function: Function,
    inverse: Function,
    missing: Missing,
    applicable: Mask | None,
    method: Said,
    *,
    zero_decides: bool = True,
    by_largest: bool = False,
) -> Array:
    """inverse(sum of w function(x)): one transformation of the members, then one weighted sum a run."""
    given = checked_weights(weights, method)
    values, present, left = members_used(x, given, missing, applicable, method)
    refuse(values < 0, method, Said("有负数", "some are negative"))
    positive = values > 0
    if by_largest:
        size = values.max(axis=-1, initial=0.0)
    else:
        size = np.where(positive, values, np.inf).min(axis=-1, initial=np.inf)
    size = np.where((size > 0) & np.isfinite(size), size, 1.0)
    scaled = np.where(positive, values / size[..., None], 1.0)
    terms = np.where(positive, function(scaled), 0.0)
    mean = _weighted(terms, present, given)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = inverse(mean) * size
    if zero_decides:
        nought = present & ~positive
        if nought.any():
            result = np.where(_touches(nought, given), 0.0, result)
    return _within(np.where(np.isnan(mean), np.nan, result), values, present, left)


def _counted(
    x: ArrayLike, weights: ArrayLike | None, missing: Missing, applicable: Mask | None, method: Said
) -> tuple[Array, Mask, Mask]:
    """As ``members_used``, without those of weight 0."""
    given = checked_weights(np.ones(np.shape(x)[-1:]) if weights is None else weights, method)
    values, present, left = members_used(x, given, missing, applicable, method)
    heavy = present & (given > 0)
    return np.broadcast_to(values, heavy.shape), heavy, np.broadcast_to(left, heavy.shape[:-1])
