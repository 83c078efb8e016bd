"""Scores of data quality 数据质量得分: rules to dimensions, dimensions to objects, objects to departments.

The dimensions are those of GB/T 36344-2018; what was not checked has no score, and is never taken as perfect.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import arithmetic
from kaishu.evaluation.methods.arrays import Array, floats, refuse
from kaishu.evaluation.methods.errors import BadChoice

QUALITY = Said("数据质量得分", "The score of data quality")


def rule_share(passing: ArrayLike, checked: ArrayLike) -> Array:
    """Passing over checked 规则通过率; missing where nothing was checked, as in an empty table.

    >>> rule_share([90, 0], [100, 0]).tolist()
    [0.9, nan]
    """
    passed, asked = floats(passing, QUALITY), floats(checked, QUALITY)
    reason = Said("通过数不在 0 与检查数之间", "more pass than were checked, or fewer than none")
    refuse((passed < 0) | (passed > asked), QUALITY, reason)
    return np.asarray(passed / np.where(asked > 0, asked, np.nan))


def dimension_scores(shares: ArrayLike, weights: ArrayLike, dimensions: ArrayLike) -> tuple[list[str], Array]:
    """The weighted mean of each dimension's rules, (objects, dimensions), from (objects, rules).

    ``dimensions`` (rules,) names each rule's dimension; they come in the order of first naming.

    >>> names, scores = dimension_scores([[1.0, 0.8, 0.5]], [1, 1, 2], ["完整性", "完整性", "准确性"])
    >>> names, scores.tolist()
    (['完整性', '准确性'], [[0.9, 0.5]])
    """
    matrix, given = np.atleast_2d(floats(shares, QUALITY)), floats(weights, QUALITY)
    named = [str(each) for each in np.asarray(dimensions)]
    if not len(named) == len(given) == matrix.shape[1]:
        reason = Said("规则、权重和维度的个数不同", "rules, weights and dimensions differ in number")
        raise BadChoice(QUALITY, reason)
    names = list(dict.fromkeys(named))
    places = [np.array([each == name for each in named]) for name in names]
    return names, np.column_stack([arithmetic(matrix[:, own], given[own]) for own in places])


def object_score(dimension: ArrayLike, weights: ArrayLike) -> Array:
    """The weighted mean of an object's dimensions, (objects,) from (objects, dimensions).

    >>> object_score([[0.9, 0.5], [np.nan, 0.5], [np.nan, np.nan]], [1, 1]).tolist()
    [0.7, 0.5, nan]
    """
    return arithmetic(np.atleast_2d(floats(dimension, QUALITY)), weights)


def department_score(objects: ArrayLike, importance: ArrayLike) -> float:
    """The mean of a department's objects by importance 重要程度; missing if none has a score.

    >>> department_score([0.9, 0.6, np.nan], [2, 1, 5])
    0.7999999999999999
    """
    return float(arithmetic(floats(objects, QUALITY)[None, :], importance)[0])
