"""Analytic hierarchy process 层次分析法: weights from comparisons in pairs, with their consistency.

Source: T. L. Saaty, The Analytic Hierarchy Process, McGraw-Hill, 1980.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, floats
from kaishu.evaluation.methods.errors import BadChoice

#: Saaty's random index for 1 to 10 members; printed tables differ beyond.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
#: Judgements are consistent enough below this ratio.
ACCEPTED = 0.1
#: a_ij a_ji may differ from 1 by this much: 0.33 is written for 1/3.
ROUNDING = 0.02

AHP = Said("层次分析法", "The analytic hierarchy process")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Weights by three ways of solving, the largest root, CI and CR; ``ratio`` is None above 10 members."""

    weights: Array
    geometric_weights: Array
    column_weights: Array
    root: float
    index: float
    ratio: float | None

    @property
    def acceptable(self) -> bool | None:
        """CR below 0.1; None where there is no ratio."""
        return None if self.ratio is None else self.ratio < ACCEPTED


def ahp(matrix: ArrayLike) -> Judgement:
    """Weights of a reciprocal matrix: its principal eigenvector 特征向量法, scaled to 1.

    Beside it the weights by geometric means of rows 几何平均法 and by means of scaled columns 和积法, which
    agree where judgements are consistent. CI = (root - n) / (n - 1), CR = CI / RI.

    >>> judged = ahp([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    >>> judged.weights.round(4).tolist(), abs(round(judged.ratio, 6)), judged.acceptable
    ([0.6, 0.3, 0.1], 0.0, True)
    >>> ahp([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]).acceptable
    False
    """
    a = _checked(matrix)
    n = len(a)
    roots, vectors = np.linalg.eig(a)
    largest = int(np.argmax(roots.real))
    principal = np.abs(vectors[:, largest].real)
    root = max(float(roots[largest].real), float(n))  # Perron: n at least; less is arithmetic noise
    rows = np.exp(np.log(a).mean(axis=1))
    columns = (a / a.sum(axis=0)).mean(axis=1)
    index = (root - n) / (n - 1) if n > 1 else 0.0
    ratio = None
    if n <= len(RANDOM_INDEX):
        ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    first, second, third = (each / each.sum() for each in (principal, rows, columns))
    return Judgement(first, second, third, root, index, ratio)


def together(matrices: Sequence[ArrayLike]) -> Array:
    """One matrix of several judges: the geometric mean, cell by cell 群决策, which is reciprocal again.

    Source: J. Aczél and T. L. Saaty, Journal of Mathematical Psychology 27, 1983.

    >>> together([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]]).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    checked = [_checked(each) for each in matrices]
    if not checked or len({each.shape for each in checked}) != 1:
        reason = Said("各位专家的判断矩阵应同样大小", "all judges compare the same members")
        raise BadChoice(AHP, reason)
    mean = np.exp(np.mean([np.log(each) for each in checked], axis=0))
    return np.asarray(mean.round(15))


def _checked(matrix: ArrayLike) -> Array:
    """Square, above 0, a_ii = 1, a_ij a_ji = 1 within rounding; the upper half then decides."""
    a = floats(matrix, AHP)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or not len(a):
        raise BadChoice(AHP, Said("判断矩阵应是方阵", "comparisons are a square matrix"))
    if not (a > 0).all():
        raise BadChoice(AHP, Said("判断值应大于 0，且不能缺少", "comparisons are all above 0"))
    off = np.argwhere(np.abs(a * a.T - 1.0) > ROUNDING)
    if len(off):
        row, column = (int(place) + 1 for place in off[0])
        reason = Said(
            f"第 {row} 行第 {column} 列与第 {column} 行第 {row} 列应互为倒数",
            f"row {row}, column {column} and row {column}, column {row} are not each other's reciprocal",
        )
        raise BadChoice(AHP, reason)
    upper = np.triu(a, 1)
    return np.asarray(upper + np.eye(len(a)) + np.tril(1.0 / a.T, -1))
