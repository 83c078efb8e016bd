"""Agreement of two assessors: Cohen's kappa, plain and weighted.

Cohen, J. (1960), A coefficient of agreement for nominal scales, Educ. and Psych. Measurement 20(1);
Cohen, J. (1968), Weighted kappa, Psychological Bulletin 70(4).  Words for a kappa: Landis, J. R., Koch, G. G.
(1977), The measurement of observer agreement for categorical data, Biometrics 33(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said

#: Fewer pairs have no word.
FEW = 5
#: Up to which kappa, ends included, which word.
_WORDS = (
    (0.2, Said("微弱", "slight")),
    (0.4, Said("一般", "fair")),
    (0.6, Said("中等", "moderate")),
    (0.8, Said("较强", "substantial")),
    (1.0, Said("几乎完全", "almost perfect")),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two assessors agree over ``pairs``; kappas are None where chance alone would make them agree.

    ``same`` is the share of equal scores, ``weighted`` counts a difference by its size.
    """

    pairs: int
    same: float | None
    kappa: float | None
    weighted: float | None

    @property
    def word(self) -> Said:
        """What the plain kappa means; empty without one, or over so few pairs that it may be anything.

        >>> first = [1, 1, 1, 0, 0, 0]
        >>> [agreement(first, other).word.en for other in (first, [1, 1, 0, 0, 0, 1], [0, 0, 0, 1, 1, 1])]
        ['almost perfect', 'fair', 'less than by chance']
        """
        if self.kappa is None or self.pairs < FEW:
            return Said("", "")
        kappa = round(self.kappa, 2)  # as it is shown
        if kappa < 0:
            return Said("不如偶然", "less than by chance")
        return next(said for most, said in _WORDS if kappa <= most)


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement:
    """Agreement over pairs of scores, place by place.

    kappa = (po - pe) / (1 - pe), with po the observed and pe the expected share of equal scores; weighted:
    1 - sum(|a - b| observed) / sum(|a - b| expected).

    >>> agreement([1, 1, 0, 0], [1, 0, 0, 0])
    Agreement(pairs=4, same=0.75, kappa=0.5, weighted=0.5)
    >>> agreement([5, 3, 1], [5, 3, 3]).weighted > agreement([5, 3, 1], [5, 3, 5]).weighted
    True
    >>> agreement([3, 3], [3, 3])
    Agreement(pairs=2, same=1.0, kappa=None, weighted=None)
    >>> agreement([], [])
    Agreement(pairs=0, same=None, kappa=None, weighted=None)
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.size == 0:
        return Agreement(0, None, None, None)
    same = float((a == b).mean())
    values, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    shares = [
        np.bincount(part, minlength=len(values)) / a.size for part in (places[: a.size], places[a.size :])
    ]
    by_chance = float(shares[0] @ shares[1])
    apart = np.abs(values[:, None] - values[None, :])
    expected = float(shares[0] @ apart @ shares[1])
    return Agreement(
        pairs=int(a.size),
        same=same,
        kappa=None if by_chance >= 1 else (same - by_chance) / (1 - by_chance),
        weighted=None if expected == 0 else 1 - float(np.abs(a - b).mean()) / expected,
    )
