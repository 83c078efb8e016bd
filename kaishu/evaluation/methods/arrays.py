"""Numbers as all methods take them: float arrays in which NaN means that the value is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.methods.errors import UnsuitableValues

#: Scores or raw values: (units,), (units, columns) or (runs, units, columns).
Array = NDArray[np.float64]
#: True or False of every cell, column or unit.
Mask = NDArray[np.bool_]

#: Larger numbers are refused: their squares would overflow.
LARGEST = 1e150
#: Differences below this share of the numbers themselves are arithmetic noise.
NOISE = 1e-12

_NUMBERS = Said("数值", "Numbers")


def floats(values: ArrayLike, method: Said = _NUMBERS) -> Array:
    """As a float array; infinite numbers, and those whose square overflows, are refused with their place."""
    array = np.asarray(values, dtype=np.float64)
    if array.size and np.fmax.reduce(np.abs(array), axis=None) > LARGEST:
        refuse(np.abs(array) > LARGEST, method, Said("有无穷大或过大的数", "some are infinite or too large"))
    return array


def refuse(where: Mask, method: Said, reason: Said) -> None:
    """Raise ``UnsuitableValues`` with the places of the marked cells, if any is marked."""
    if not where.any():
        return
    places = np.argwhere(np.atleast_1d(where))[:100]
    unit, column = (0, None) if where.ndim < 2 else (-2, -1)
    raise UnsuitableValues(
        method,
        reason,
        [int(place[unit]) for place in places],
        [] if column is None else [int(place[column]) for place in places],
    )


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """Figures of each column's present values, shape (columns,) or as the leading axes have it.

    ``sd`` divides by n - 1 and is NaN for fewer than two values; all but ``count`` are NaN without values.
    """

    count: Array
    minimum: Array
    maximum: Array
    mean: Array
    sd: Array


def column_figures(x: Array) -> ColumnFigures:
    """Over the last axis but one.

    >>> figures = column_figures(np.array([[1.0, 4.0], [3.0, np.nan]]))
    >>> figures.count.tolist(), figures.mean.tolist(), figures.sd.round(4).tolist()
    ([2.0, 1.0], [2.0, 4.0], [1.4142, nan])
    """
    present = ~np.isnan(x)
    count = present.sum(axis=-2).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, x, 0.0).sum(axis=-2) / count
        spread = np.where(present, x - mean[..., None, :], 0.0)
        squares = (spread * spread).sum(axis=-2)
        sd = np.where(count > 1, np.sqrt(squares / (count - 1.0)), np.nan)
    if x.shape[-2] == 0:
        nothing = np.full(count.shape, np.nan)
        return ColumnFigures(count, nothing, nothing, mean, sd)
    return ColumnFigures(count, np.fmin.reduce(x, axis=-2), np.fmax.reduce(x, axis=-2), mean, sd)


def same(lower: Array, upper: Array) -> Mask:
    """Whether the upper end is the lower one, but for arithmetic noise.

    >>> bool(same(np.array(0.3), np.array(0.1 + 0.2)))
    True
    """
    gap = np.asarray(upper - lower)
    return np.asarray(gap <= NOISE * np.maximum(np.abs(lower), np.abs(upper)))
