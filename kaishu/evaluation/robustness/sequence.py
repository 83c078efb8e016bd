"""Points of the Sobol sequence and bits by a seed, the same numbers in every version of every library.

Source: S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30, 2008 (direction numbers, set new-joe-kuo-6);
I. A. Antonov and V. M. Saleev, USSR Comput. Math. Math. Phys. 19, 1979 (order by Gray code);
G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014 (SplitMix64).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation.methods.arrays import Array
from kaishu.evaluation.robustness.errors import BadNumber

_BITS = 32
#: Degree, coefficients of the primitive polynomial, first direction numbers; the first dimension needs none.
_JOE_KUO = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
    (5, 14, (1, 3, 5, 5, 31)),
    (6, 1, (1, 3, 3, 9, 7, 49)),
    (6, 13, (1, 1, 1, 15, 21, 21)),
    (6, 16, (1, 3, 1, 13, 27, 49)),
    (6, 19, (1, 1, 1, 15, 7, 5)),
    (6, 22, (1, 3, 1, 15, 13, 25)),
    (6, 25, (1, 1, 5, 5, 19, 61)),
    (7, 1, (1, 3, 7, 11, 23, 15, 103)),
    (7, 4, (1, 3, 7, 13, 13, 15, 69)),
)
DIMENSIONS = len(_JOE_KUO) + 1
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_WHOLE = float(2**_BITS)


def sobol(count: int, dimensions: int, seed: int | None = None) -> Array:
    """The first points, (count, dimensions), in [0, 1); with a seed, their digits are shifted by it.

    >>> sobol(4, 2).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]
    >>> bool((sobol(4, 2, seed=1) == sobol(4, 2, seed=1)).all())
    True
    """
    if not 1 <= dimensions <= DIMENSIONS:
        raise BadNumber(name="dimensions", low=1, high=DIMENSIONS, given=dimensions)
    if not 0 <= count < 2**_BITS:
        raise BadNumber(name="count", low=0, high=2**_BITS - 1, given=count)
    places = np.arange(count, dtype=np.uint64)
    gray = places ^ (places >> np.uint64(1))
    points = np.zeros((count, dimensions), dtype=np.uint64)
    directions = np.array([_directions(dimension) for dimension in range(dimensions)], dtype=np.uint64)
    for bit in range(max(count - 1, 0).bit_length()):
        chosen = (gray >> np.uint64(bit)) & np.uint64(1)
        points ^= chosen[:, None] * directions[:, bit]
    if seed is not None:
        points ^= bits(seed, dimensions) >> np.uint64(_BITS)
    return points / _WHOLE


def _directions(dimension: int) -> list[int]:
    """The direction numbers of a dimension, one for each bit, as 32-bit fractions."""
    if dimension == 0:
        return [1 << (_BITS - 1 - bit) for bit in range(_BITS)]
    degree, polynomial, first = _JOE_KUO[dimension - 1]
    found = [number << (_BITS - 1 - bit) for bit, number in enumerate(first)]
    for bit in range(degree, _BITS):
        number = found[bit - degree] ^ (found[bit - degree] >> degree)
        for place in range(1, degree):
            if polynomial >> (degree - 1 - place) & 1:
                number ^= found[bit - place]
        found.append(number)
    return found


def bits(seed: int, count: int) -> NDArray[np.uint64]:
    """So many numbers of 64 bits, decided by the seed."""
    start = _mixed(np.array([seed % 2**64], dtype=np.uint64) + _STEP)
    return _mixed(start + (np.arange(1, count + 1, dtype=np.uint64)) * _STEP)


def uniform(points: Array, seed: int, count: int) -> Array:
    """A row of numbers in [0, 1) for every point, (points, count): the same point has the same row.

    One coordinate of a sequence thus decides many numbers at once, as one factor of an experiment.

    >>> uniform(np.array([0.25, 0.5, 0.25]), seed=1, count=2).round(3).tolist()[0] == (
    ...     uniform(np.array([0.25]), seed=1, count=2).round(3).tolist()[0]
    ... )
    True
    """
    state = _mixed((np.asarray(points) * _WHOLE).astype(np.uint64) ^ bits(seed, 1))
    numbers = _mixed(state[:, None] + np.arange(1, count + 1, dtype=np.uint64) * _STEP)
    return (numbers >> np.uint64(11)) / float(2**53)


def whole(seed: int, below: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Whole numbers from 0 to below, decided by the seed."""
    drawn = (bits(seed, int(np.prod(shape))) >> np.uint64(11)) / float(2**53)
    return np.asarray((drawn * below).astype(np.int64).reshape(shape))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)))
