"""Weights of a group that nobody wrote: from judges' matrices and points, or from the scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import KaishuError, Said
from kaishu.evaluation import methods
from kaishu.evaluation.building.errors import Undefined
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.plan import Group, Plan
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.methods.errors import BadChoice, UnsuitableValues
from kaishu.evaluation.system.choices import Ahp, Budget, Combined, Mixture, Pca

_OBJECTIVE: dict[str, Callable[[ArrayLike], Array]] = {
    "entropy": methods.entropy,
    "critic": methods.critic,
    "cv": methods.coefficient_of_variation,
}


def computed(plan: Plan, group: Group, x: Array, notices: list[Notice]) -> Array:
    """Weights (children,), summing to 1.  ``x`` are the children's scores.  Raises ``Undefined``."""
    try:
        return _computed(plan, group, x, notices)
    except (BadChoice, UnsuitableValues) as error:
        raise _undefined(plan, group, error) from error


def _computed(plan: Plan, group: Group, x: Array, notices: list[Notice]) -> Array:
    how = group.weighing
    if isinstance(how, Ahp):
        return _judged(how, group, notices)
    if isinstance(how, Budget):
        return np.array([float(share) for share in methods.budget(how.budget)])
    if isinstance(how, Combined):
        return _combined(how.combined, group, x, notices)
    if how == "pca" or isinstance(how, Pca):
        return _principal(how, x)
    return _objective(str(how), x)


def _objective(how: str, x: Array) -> Array:
    if x.ndim == 3:
        raise BadChoice(
            Said("按数据赋权", "Weights from the data"),
            Said("多次模拟时请先固定权重", "weights are fixed before many runs at once"),
        )
    if how == "equal":
        return np.full(x.shape[-1], 1.0 / x.shape[-1])
    return np.asarray(_OBJECTIVE[how](x))


def _principal(how: object, x: Array) -> Array:
    negative = how.pca.negative if isinstance(how, Pca) else "refuse"
    found = methods.principal(x, allow_negative=negative != "refuse").weights
    found = np.abs(found) if negative == "absolute" else np.maximum(found, 0.0)
    return np.asarray(found / found.sum())


def _judged(how: Ahp, group: Group, notices: list[Notice]) -> Array:
    several = isinstance(how.ahp[0][0], tuple)
    matrices = how.ahp if several else (how.ahp,)
    judges = [[[float(cell) for cell in row] for row in matrix] for matrix in matrices]  # type: ignore[union-attr, arg-type]
    judgement = methods.ahp(methods.together(judges) if several else judges[0])
    if judgement.ratio is not None and judgement.ratio >= how.accept:
        said = Said(
            f"判断矩阵一致性不足：CR = {judgement.ratio:.3f}，应小于{how.accept:g}",
            f"the judgements are not consistent: CR = {judgement.ratio:.3f}, not below {how.accept:g}",
        )
        notices.append(Notice("inconsistent", said, group.code))
    solved = {
        "eigen": judgement.weights,
        "geometric": judgement.geometric_weights,
        "column-mean": judgement.column_weights,
    }
    return np.asarray(solved[how.method])


def _combined(how: Mixture, group: Group, x: Array, notices: list[Notice]) -> Array:
    if isinstance(how.subjective, Ahp):
        subjective = _judged(how.subjective, group, notices)
    elif how.subjective == "equal" or group.written is None:
        subjective = np.full(len(group.children), 1.0 / len(group.children))
    else:
        subjective = group.written
    return methods.combined(subjective, _objective(how.objective, x), how.share, how.how)


def _undefined(plan: Plan, group: Group, error: KaishuError) -> Undefined:
    facts = error.facts
    codes = [plan.codes[group.children[place]] for place in facts.get("columns", ())[:10]]
    return Undefined(
        node=group.code,
        problem_zh=f"{facts['method_zh']}不能用：{facts['reason_zh']}",
        problem_en=f"{facts['method_en']}: {facts['reason_en']}",
        units="、".join(codes) or "—",
    )
