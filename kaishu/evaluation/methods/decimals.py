"""Rounding and comparing as on paper, where a decimal fraction is exact and half goes away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.evaluation.methods.arrays import Array, Mask

#: A float carries 15 decimal digits through; what it holds beyond them is noise of binary arithmetic.
DIGITS = 15


def as_decimal(value: float) -> Decimal:
    """The decimal number that a float stands for, to 15 significant digits.

    >>> as_decimal(0.28 + 0.12 + 0.30 + 0.08 + 0.12 + 0.10)
    Decimal('1.00000000000000')
    """
    return Decimal(f"{value:#.{DIGITS}g}")


def round_half_away(x: ArrayLike, digits: int) -> Array:
    """Rounded to so many decimals; halves, judged on the decimal number, go away from zero.

    >>> round_half_away([2.675, 1.005, -0.5, 2.5], 2).tolist(), round_half_away([-0.5, 2.5], 0).tolist()
    ([2.68, 1.01, -0.5, 2.5], [-1.0, 3.0])
    """
    values = np.asarray(x, dtype=np.float64)
    flat = values.reshape(-1)
    factor = 10.0**digits
    scaled = np.abs(flat) * factor
    rounded = np.copysign(np.floor(scaled + 0.5) / factor, flat) + 0.0
    rounded = np.where(scaled < 2.0**52, rounded, flat)
    near_half = np.abs(scaled - np.floor(scaled) - 0.5) <= 1e-9 * np.maximum(scaled, 1.0)
    unit = Decimal(1).scaleb(-digits)
    halves = near_half & (scaled < 1e14)
    if halves.any():
        different, which = np.unique(flat[halves], return_inverse=True)
        exact = [float(as_decimal(float(each)).quantize(unit, ROUND_HALF_UP)) for each in different]
        rounded[halves] = np.array(exact)[which]
    return rounded.reshape(values.shape)


def at_least(x: ArrayLike, limit: float | Decimal) -> Mask:
    """Whether each value reaches the limit, in decimal arithmetic; missing values do not.

    >>> at_least([0.1 + 0.7, 0.8, 0.79, float("nan")], 0.8).tolist()
    [True, True, False, False]
    """
    values = np.asarray(x, dtype=np.float64)
    bound = float(limit)
    reached = np.array(values >= bound)
    close = np.abs(values - bound) <= 1e-9 * max(abs(bound), 1e-300)
    if close.any():
        exact = limit if isinstance(limit, Decimal) else as_decimal(bound)
        different, which = np.unique(values[close], return_inverse=True)
        reached[close] = np.array([as_decimal(float(each)) >= exact for each in different])[which]
    return reached


def at_most(x: ArrayLike, limit: float | Decimal) -> Mask:
    """Whether each value stays within the limit, in decimal arithmetic; missing values do not.

    >>> at_most([0.1 + 0.2, 0.31], 0.3).tolist()
    [True, False]
    """
    return at_least(-np.asarray(x, dtype=np.float64), -limit)
