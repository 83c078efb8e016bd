"""How large a difference is, apart from whether it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats

#: Where small, middling and large effects begin: Cohen 1988, Statistical Power Analysis, 2nd edition.
_LIMITS = {"g": (0.2, 0.5, 0.8), "r": (0.1, 0.3, 0.5), "eta": (0.01, 0.06, 0.14)}
_SIZES = (
    Said("微弱", "negligible"),
    Said("小", "small"),
    Said("中等", "medium"),
    Said("大", "large"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """``size`` is negligible, small, medium or large by Cohen's limits."""

    name: Said
    value: float
    size: Said


def hedges_g(first: Floats, second: Floats) -> float:
    """Difference of means in pooled standard deviations, corrected for small n (Hedges 1981).

    doi:10.3102/10769986006002107; the correction is 1 - 3 / (4 df - 1).

    >>> round(hedges_g(np.array([1.0, 2, 3]), np.array([4.0, 5, 6])), 4)
    -2.4
    """
    df = len(first) + len(second) - 2
    pooled = ((len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)) / df
    return float((first.mean() - second.mean()) / np.sqrt(pooled) * (1 - 3 / (4 * df - 1)))


def rank_biserial(first: Floats, second: Floats, u: float) -> float:
    """2 U / (n1 n2) - 1: how much oftener the first group is above than below (Wendt 1972).

    doi:10.1002/ejsp.2420020412
    """
    return 2 * u / (len(first) * len(second)) - 1


def omega_squared(parts: Sequence[Floats]) -> float:
    """Share of variance between groups without the upward bias of eta squared (Hays 1963), 0 or more."""
    everything = np.concatenate(parts)
    total = float(((everything - everything.mean()) ** 2).sum())
    within = float(sum(((part - part.mean()) ** 2).sum() for part in parts))
    error = within / (len(everything) - len(parts))
    return max(0.0, (total - within - (len(parts) - 1) * error) / (total + error))


def effect_of(test: str, parts: Sequence[Floats], statistic: float) -> Effect:
    """The effect size that goes with a test."""
    if test in ("t", "welch"):
        return _sized(Said("Hedges g", "Hedges' g"), hedges_g(parts[0], parts[1]), "g")
    if test == "mann-whitney":
        return _sized(
            Said("秩二列相关", "rank-biserial r"), rank_biserial(parts[0], parts[1], statistic), "r"
        )
    if test == "kruskal-wallis":
        # epsilon squared = H / (n - 1), Tomczak and Tomczak 2014, Trends in Sport Sciences 21.
        value = statistic / (sum(map(len, parts)) - 1)
        return _sized(Said("ε²", "epsilon squared"), value, "eta")
    return _sized(Said("ω²", "omega squared"), omega_squared(parts), "eta")


def _sized(name: Said, value: float, kind: str) -> Effect:
    return Effect(name, value, _SIZES[sum(abs(value) >= limit for limit in _LIMITS[kind])])
