"""Grades whose limits come from the scores: quantiles, equal widths, deviations, natural breaks."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kaishu.evaluation import methods
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.system.deciding import Deviations, EqualWidth, NaturalBreaks, Quantiles

Relative = Quantiles | EqualWidth | Deviations | NaturalBreaks


def relative_grades(chosen: Relative, scores: Array, groups: NDArray[np.str_] | None) -> NDArray[np.int64]:
    """Place of each score's grade, -1 without; units that are ranked together are graded together."""
    if scores.ndim == 2:
        return np.array([relative_grades(chosen, run, groups) for run in scores], dtype=np.int64)
    found = np.full(scores.shape, -1, dtype=np.int64)
    names = [None] if groups is None else np.unique(groups).tolist()
    for name in names:
        rows = np.arange(len(scores)) if groups is None else np.nonzero(groups == name)[0]
        limits = limits_of(chosen, scores[rows])
        found[rows] = methods.grades(scores[rows], limits)
    return found


def limits_of(chosen: Relative, scores: Array) -> list[float]:
    """Limits, falling, for the scores."""
    if isinstance(chosen, Quantiles):
        shares = [share for share in accumulate(chosen.quantiles) if share < 1 - 1e-9]
        return methods.quantile_limits(scores, shares) if shares else []
    if isinstance(chosen, EqualWidth):
        return methods.equal_width_limits(scores, chosen.equal_width)
    if isinstance(chosen, Deviations):
        return methods.sd_limits(scores, chosen.sd)
    return methods.natural_breaks(scores, chosen.natural_breaks)
