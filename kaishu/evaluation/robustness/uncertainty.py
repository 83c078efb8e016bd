"""What is uncertain about an index: choices that could have been made otherwise, and noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.building.notes import MISSING, NOT_APPLICABLE
from kaishu.evaluation.building.plan import Leaf, Plan, compile_plan
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.robustness.errors import NothingUncertain
from kaishu.evaluation.system.choices import (
    Binary,
    Efficacy,
    Goalposts,
    Imputation,
    Impute,
    Levels,
    LogGoalposts,
    Method,
    Normalisation,
    Objective,
    Power,
    Steps,
    Treatment,
    Winsorise,
)
from kaishu.evaluation.system.scalars import Number, Strict, Truth

#: The factors of an experiment, in the order of their columns.
FACTORS: dict[str, Said] = {
    "normalise": Said("标准化方法", "Normalisation"),
    "weights": Said("赋权方法", "Weighting"),
    "aggregate": Said("合成方法", "Aggregation"),
    "impute": Said("缺失值处理", "Missing values"),
    "treat": Said("异常值处理", "Outliers"),
    "weight-noise": Said("权重扰动", "Noise of weights"),
    "leave-out": Said("剔除一个指标", "Leaving one indicator out"),
    "data-noise": Said("数据误差", "Noise of data"),
}
_FIXED = (Goalposts, LogGoalposts, Steps, Levels, Efficacy, Binary)


class Uncertainty(Strict):
    """The alternatives beside what the system says, each as likely as that; none leaves it as it is.

    ``weight_noise`` f multiplies every weight by 1 + U(-f, f); ``leave_out`` drops one indicator or none,
    each as likely; ``data_noise`` f multiplies every value by 1 + U(-f, f).
    """

    normalise: tuple[Normalisation, ...] = Field(default=(), max_length=20)
    weights: tuple[Objective, ...] = Field(default=(), max_length=20)
    aggregate: tuple[Method, ...] = Field(default=(), max_length=20)
    impute: tuple[Imputation, ...] = Field(default=(), max_length=20)
    treat: tuple[Treatment, ...] = Field(default=(), max_length=20)
    weight_noise: Number = Field(default=0.0, ge=0, le=1)
    leave_out: Truth = False
    data_noise: Number = Field(default=0.0, ge=0, le=1)

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of what is uncertain, as in ``FACTORS``."""
        given = (
            self.normalise,
            self.weights,
            self.aggregate,
            self.impute,
            self.treat,
            self.weight_noise,
            self.leave_out,
            self.data_noise,
        )
        return tuple(name for name, is_open in zip(FACTORS, given, strict=True) if is_open)

    def alternatives(self, factor: str) -> tuple[Any, ...]:
        """Of a factor with separate choices; the system's own, None, is not among them."""
        return tuple(getattr(self, factor))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; ``uncertainty_from`` takes it back."""
        told = self.model_dump(mode="json", by_alias=True)
        return {name: value for name, value in told.items() if value}


def uncertainty_from(given: Mapping[str, Any]) -> Uncertainty:
    """As written in JSON.  Raises ``Invalid`` with the key."""
    try:
        return Uncertainty.model_validate(dict(given))
    except ValidationError as error:
        problems = {
            str(each["loc"][0] if each["loc"] else ""): [
                Said("没有这样的选择或数", "There is no such choice or number.")
            ]
            for each in error.errors(include_url=False)
        }
        raise Invalid(problems) from error


def usual_of(result: Result) -> Uncertainty:
    """What is drawn if nobody says what is uncertain.  Raises ``NothingUncertain``."""
    return usual(result, compile_plan(result.passport, result.table))


def usual(result: Result, plan: Plan) -> Uncertainty:
    """What is commonly doubted of this system: only alternatives that can change something.

    Weights ±25 %, equal weights, two other normalisations (min-max, z-score, percentile rank), geometric
    means for arithmetic ones or the other way, imputation by the median where values are missing, outliers
    drawn in, one indicator left out.
    """
    open_leaves = [leaf for leaf in plan.leaves if not has_fixed_scores(leaf)]
    own = {leaf.normalise for leaf in open_leaves if isinstance(leaf.normalise, str)}
    normalise = [each for each in ("min-max", "z-score", "percentile") if own != {each}]
    methods = {_word(group.method) for group in plan.groups if len(group.children) > 1} - {"sum"}
    aggregate = [each for each in ("arithmetic", "geometric") if methods and methods != {each}]
    shares = [group.shares for group in plan.groups if group.method != "sum"]
    equal = all(rows is not None and all(_even(row) for row in rows) for rows in shares)
    empty = ((result.flags & MISSING) > 0) & ((result.flags & NOT_APPLICABLE) == 0)
    scored = (
        int((~np.isnan(result.scores[:, plan.leaf_places]).all(axis=0)).sum()) if len(result.table) else 0
    )
    several = scored > 1
    found = Uncertainty(
        normalise=tuple(normalise[:2]) if open_leaves else (),
        weights=() if equal or not several else ("equal",),
        aggregate=tuple(aggregate[:1]) if several else (),
        impute=("median",) if empty[:, plan.leaf_places].any() else (),
        treat=(Winsorise(winsorise=5),) if _can_be_treated(open_leaves) else (),
        weight_noise=0.25 if several else 0.0,
        leave_out=scored > 2,
    )
    if not found.factors:
        raise NothingUncertain()
    return found


def _can_be_treated(leaves: list[Leaf]) -> bool:
    return any(leaf.treat == "none" for leaf in leaves)


def has_fixed_scores(leaf: Leaf) -> bool:
    """Whether its normalisation stands whatever the choice for the others: judged, stepwise, goalposts."""
    return isinstance(leaf.normalise, _FIXED) or leaf.normalise in ("direct", "binary")


def _even(row: Array) -> bool:
    there = row[row > 0]
    return bool(len(there) == 0 or np.ptp(there) < 1e-12)


def _word(method: Method) -> str:
    return "power" if isinstance(method, Power) else str(method)


def impute_choice(how: Any) -> Impute:
    """An imputation as a policy."""
    return Impute(impute=how)
