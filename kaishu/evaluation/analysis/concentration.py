"""How unequally a quantity is spread over units, and how much of that lies between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, finite, groups_of, same_length
from kaishu.evaluation.analysis.errors import AllEqual, NegativeValue
from kaishu.evaluation.analysis.wording import few, left_out, percent, shown


@dataclass(frozen=True, slots=True)
class Inequality:
    """``gini`` and ``theil`` are None where a value is negative; ``between + within == theil``."""

    name: str
    by: str | None
    n: int
    gini: float | None
    cv: float | None
    theil: float | None
    between: float | None
    within: float | None
    top_fifth: float | None
    finding: Said
    warnings: tuple[Said, ...] = ()


def gini(values: Numbers) -> float:
    """Gini coefficient of (n,) values of 0 or more, 0 (all equal) to below 1 (one has everything).

    Half the mean absolute difference over the mean, of the units themselves and without correction for a
    small n: sum (2i - n - 1) x_i / (n sum x), x in ascending order (Gini 1912; Sen 1973, On Economic
    Inequality, ch. 2).

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1]), round(gini([1, 2, 3, 4, 5]), 4)
    (0.0, 0.75, 0.2667)

    Raises ``NegativeValue``, and ``AllEqual`` if everything is zero.
    """
    x = np.sort(_held(values, "Gini"))
    n = len(x)
    weights = 2 * np.arange(1, n + 1) - n - 1
    return max(0.0, float(weights @ (x / x.sum())) / n)


def theil(values: Numbers) -> float:
    """Theil's T of (n,) values of 0 or more: mean of (x/μ) ln(x/μ), 0 to ln n; 0 ln 0 is 0.

    Theil 1967, Economics and Information Theory, ch. 4.

    >>> theil([2, 2]), round(theil([0, 1]), 6)
    (0.0, 0.693147)

    Raises as ``gini``.
    """
    x = _held(values, "Theil")
    return max(0.0, _theil(x / x.mean()))


def theil_parts(values: Numbers, groups: Sequence[str]) -> tuple[float, float]:
    """Theil's T between groups and within them; the two sum to the whole (Theil 1967, ch. 4).

    Between: sum s_g ln(μ_g/μ); within: sum s_g T_g, with s_g the group's share of the sum.

    >>> between, within = theil_parts([1, 3, 2, 6], ["a", "a", "b", "b"])
    >>> abs(between + within - theil([1, 3, 2, 6])) < 1e-12
    True
    """
    x = _held(values, "Theil")
    parts, _ = groups_of(list(groups), x)
    mean, total = x.mean(), x.sum()
    between = within = 0.0
    for part in parts.values():
        if part.sum() > 0:
            share = part.sum() / total
            between += float(share * np.log(part.mean() / mean))
            within += float(share * _theil(part / part.mean()))
    return max(0.0, between), max(0.0, within)


def variation(values: Numbers) -> float | None:
    """Coefficient of variation: standard deviation (n - 1) over the mean; None at a mean of zero.

    >>> round(variation([2, 4, 6]), 3)
    0.5
    """
    x = finite(values, "value")
    mean = float(x.mean())
    return float(x.std(ddof=1)) / mean if len(x) > 1 and mean else None


def inequality(
    values: Numbers, groups: Sequence[str | None] | None = None, name: str = "value", by: str = "group"
) -> Inequality:
    """All of the above for (n,) values, NaN for missing; parts between and within if groups are given.

    >>> found = inequality([1, 1, 1, 7], ["a", "a", "b", "b"])
    >>> round(found.gini, 3), abs(found.between + found.within - found.theil) < 1e-12
    (0.45, True)

    Raises ``TooFewValues``, ``LengthsDiffer``, ``AllEqual`` (all zero).
    """
    given = finite(values, name)
    held = ~np.isnan(given)
    kept: list[str] | None = None
    if groups is not None:
        same_length(name, given, by, groups)
        held &= np.array([group is not None for group in groups])
        kept = [group for group, there in zip(groups, held, strict=True) if there and group is not None]
    x = given[held]
    at_least(2, len(x), name)
    warnings = few(len(x), 10) + left_out(len(given) - len(x))
    found_by, cv = by if kept else None, variation(x)
    if (x < 0).any():
        return _only_variation(name, found_by, len(x), cv, warnings)
    whole, coefficient = theil(x), gini(x)
    between, within = theil_parts(x, kept) if kept else (None, None)
    top = max(1, round(len(x) / 5))
    share = float(np.sort(x)[-top:].sum() / x.sum())
    said = _finding(name, coefficient, share, top, between, whole)
    cautions = tuple(warnings)
    return Inequality(name, found_by, len(x), coefficient, cv, whole, between, within, share, said, cautions)


def _only_variation(
    name: str, by: str | None, n: int, cv: float | None, warnings: Sequence[Said]
) -> Inequality:
    undefined = Said(
        "有负值，基尼系数和泰尔指数没有定义。", "Values are negative; Gini and Theil are not defined."
    )
    said = Said(
        f"“{name}”的变异系数为{shown(cv)}。", f'"{name}" has a coefficient of variation of {shown(cv)}.'
    )
    return Inequality(name, by, n, None, cv, None, None, None, None, said, (*warnings, undefined))


def _finding(name: str, gini: float, share: float, top: int, between: float | None, whole: float) -> Said:
    zh = f"“{name}”的基尼系数为{shown(gini)}，最高的{top}个单位占合计的{percent(share)}"
    en = f'"{name}" has a Gini coefficient of {shown(gini)}; the highest {top} units hold {percent(share)}'
    if between is not None and whole > 0:
        zh += f"；差异的{percent(between / whole)}在组间，其余在组内（泰尔指数）"
        en += f"; {percent(between / whole)} of the inequality lies between groups, the rest within (Theil)"
    return Said(f"{zh}。", f"{en}.")


def _theil(ratios: Floats) -> float:
    some = ratios[ratios > 0]
    return float((some * np.log(some)).sum() / len(ratios))


def _held(values: Numbers, method: str) -> Floats:
    x = finite(values, "value")
    at_least(1, len(x), "value")
    if (x < 0).any():
        raise NegativeValue(
            name="value", value=float(x.min()), method=method, domain_zh="不小于零的数", domain_en="0 or more"
        )
    if not x.any():
        raise AllEqual(name="value")
    return x
