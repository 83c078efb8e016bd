"""Least squares with its diagnostics: what a result hangs on, said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import (
    Floats,
    Numbers,
    at_least,
    finite,
    same_length,
    table_of,
    whole_rows,
)
from kaishu.evaluation.analysis.errors import AllEqual, Collinear, TooMany
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.wording import LEVEL, left_out, listed, percent, probability, shown

#: Rows for each column below which a regression is only an indication (Harrell 2015, ch. 4.4: 10 to 20).
ROWS_PER_COLUMN = 10
#: Above it a coefficient's variance is inflated beyond use (Marquardt 1970, doi:10.2307/1267205).
MOST_VIF = 10.0
MOST_COLUMNS, MOST_ROWS = 200, 200_000
INTERCEPT = "(constant)"


@dataclass(frozen=True, slots=True)
class Term:
    """``b`` with standard error, t, p and 95 % interval; ``beta`` in standard deviations.

    ``robust_se`` and ``robust_p`` allow for unequal variances (HC3, MacKinnon and White 1985); ``vif`` is
    the variance inflation factor.  The constant has neither beta nor vif.
    """

    name: str
    b: float
    se: float
    t: float
    p: float
    low: float
    high: float
    beta: float | None
    robust_se: float | None
    robust_p: float | None
    vif: float | None


@dataclass(frozen=True, slots=True)
class Influence:
    """A unit that pulls: studentised residual, leverage, Cook's distance, and why it is named."""

    unit: str
    observed: float
    fitted: float
    residual: float | None
    leverage: float
    cook: float | None
    why: Said


@dataclass(frozen=True, slots=True)
class Check:
    """A test of what least squares assumes; ``holds`` is p >= 0.05."""

    name: Said
    statistic: float
    p: float
    holds: bool


@dataclass(frozen=True, slots=True)
class Regression:
    """``error`` is the residual standard error; ``influential`` holds the most influential units first."""

    response: str
    n: int
    df: int
    terms: tuple[Term, ...]
    r2: float
    adjusted_r2: float
    f: float | None
    f_p: float | None
    error: float
    aic: float | None
    bic: float | None
    durbin_watson: float | None
    checks: tuple[Check, ...]
    influential: tuple[Influence, ...]
    fitted: tuple[float, ...]
    units: tuple[str, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def regress(
    y: Numbers,
    x: Numbers,
    names: Sequence[str],
    *,
    response: str = "y",
    units: Sequence[str] | None = None,
) -> Regression:
    """Regress (n,) on the columns of (n, k), with a constant; rows with gaps are left out.

    >>> found = regress([1, 3, 5, 7.5, 9], [[0], [1], [2], [3], [4]], ["x"])
    >>> [(term.name, round(term.b, 4), round(term.se, 4)) for term in found.terms]
    [('(constant)', 1.0, 0.1871), ('x', 2.05, 0.0764)]

    Raises ``TooFewValues``, ``TooMany``, ``AllEqual``, ``Collinear``, ``LengthsDiffer``, ``AnalysisMissing``.
    """
    target, columns = finite(y, response), table_of(x, names)
    same_length(response, target, "x", columns)
    at_least(1, len(names), "columns")
    _refuse_many(columns)
    labels = units if units is not None else list(map(str, range(1, len(target) + 1)))
    same_length(response, target, "units", labels)
    keep = whole_rows(columns, target)
    used, held = target[keep], columns[keep]
    at_least(len(names) + 2, len(used), response)
    _refuse_collinear(used, held, response, names)
    fit, terms = _fit(used, held, names)
    kept = [label for label, there in zip(labels, keep, strict=True) if there]
    checks = _checks(fit)
    influential = _influential(fit, used, kept)
    perfect = _perfect(fit)
    cautions = _warnings(terms, checks, influential, fit, perfect) + left_out(len(target) - len(used))
    return Regression(
        response=response,
        n=len(used),
        df=int(fit.df_resid),
        terms=terms,
        r2=float(fit.rsquared),
        adjusted_r2=float(fit.rsquared_adj),
        error=float(np.sqrt(fit.mse_resid)),
        **_of_fit(fit, perfect),
        checks=checks,
        influential=influential,
        fitted=tuple(fit.fittedvalues.tolist()),
        units=tuple(kept),
        finding=_finding(response, terms, fit, perfect),
        warnings=tuple(cautions),
    )


def _of_fit(fit: Any, perfect: bool) -> dict[str, float | None]:
    """What cannot be said of residuals that are nothing but rounding."""
    names = ("f", "f_p", "aic", "bic", "durbin_watson")
    if perfect:
        return dict.fromkeys(names)
    found = (fit.fvalue, fit.f_pvalue, fit.aic, fit.bic, _durbin_watson(fit.resid))
    return dict(zip(names, map(float, found), strict=True))


def _refuse_many(x: Floats) -> None:
    for what, count, most in (("columns", x.shape[1], MOST_COLUMNS), ("rows", len(x), MOST_ROWS)):
        if count > most:
            raise TooMany(name=what, count=count, most=most)


def _fit(y: Floats, x: Floats, names: Sequence[str]) -> tuple[Any, tuple[Term, ...]]:
    # Columns about their means and of size one: the same answer, and no digits lost to their units.
    centre, size = x.mean(axis=0), x.std(axis=0)
    model = library("statsmodels.regression.linear_model")
    fit = model.OLS(y, np.column_stack([np.ones(len(y)), (x - centre) / size])).fit()
    return fit, _terms(fit, x, y, centre, size, names)


def _refuse_collinear(y: Floats, x: Floats, response: str, names: Sequence[str]) -> None:
    """Name the first column that the constant and those before it give exactly."""
    if np.ptp(y) == 0:
        raise AllEqual(name=response)
    basis: list[Floats] = []
    for name, column in zip(names, x.T, strict=True):
        if np.ptp(column) == 0:
            raise AllEqual(name=name)
        rest = column - column.mean()
        rest = rest / np.linalg.norm(rest)
        for _ in range(2):  # once more takes away what rounding left
            for each in basis:
                rest = rest - (each @ rest) * each
        left = np.linalg.norm(rest)
        if left < 1e-9:
            raise Collinear(name=name)
        basis.append(rest / left)


def inflation(x: Numbers) -> Floats:
    """Variance inflation factors of the columns of (n, k) values: the diagonal of the inverse of R.

    Marquardt 1970, doi:10.2307/1267205.

    >>> inflation([[1, 1], [2, -1], [3, -1], [4, 1]]).round(6).tolist()
    [1.0, 1.0]
    """
    given = np.asarray(x, dtype=np.float64)
    if given.shape[1] == 1:
        return np.ones(1)
    scaled = given - given.mean(axis=0)
    scaled = scaled / np.linalg.norm(scaled, axis=0)
    # By the triangular factor and not by the product, which would square the condition number.
    inverse = np.linalg.inv(np.linalg.qr(scaled, mode="r"))
    found: Floats = (inverse**2).sum(axis=1)
    return found


def _terms(
    fit: Any, x: Floats, y: Floats, centre: Floats, size: Floats, names: Sequence[str]
) -> tuple[Term, ...]:
    k = len(names)
    back = np.diag(np.concatenate([[1.0], 1 / size]))  # from scaled columns to the columns themselves
    back[0, 1:] = -centre / size
    b = back @ fit.params
    se = np.sqrt(np.diag(back @ fit.cov_params() @ back.T))
    perfect = _perfect(fit)
    robust = (
        None
        if perfect or float(_leverage(fit).max()) > 1 - 1e-12
        else (np.sqrt(np.diag(back @ fit.cov_HC3 @ back.T)))
    )
    special = library("scipy.special")
    reach = float(special.stdtrit(fit.df_resid, 0.975))
    vif = inflation(x)
    beta = b[1:] * x.std(axis=0) / y.std()
    terms = []
    for place in range(k + 1):
        t = b[place] / se[place] if se[place] > 0 else np.inf
        wide = None if robust is None else float(robust[place])
        terms.append(
            Term(
                name=INTERCEPT if place == 0 else names[place - 1],
                b=float(b[place]),
                se=float(se[place]),
                t=float(t),
                p=float(2 * special.stdtr(fit.df_resid, -abs(t))),
                low=float(b[place] - reach * se[place]),
                high=float(b[place] + reach * se[place]),
                beta=float(beta[place - 1]) if place else None,
                robust_se=wide,
                robust_p=float(2 * special.stdtr(fit.df_resid, -abs(b[place] / wide))) if wide else None,
                vif=float(vif[place - 1]) if place else None,
            )
        )
    return tuple(terms)


def _leverage(fit: Any) -> Floats:
    """(n,) diagonal of the hat matrix."""
    found: Floats = (np.linalg.qr(fit.model.exog)[0] ** 2).sum(axis=1)
    return found


def _perfect(fit: Any) -> bool:
    """Whether the residuals are nothing but rounding."""
    return bool(fit.ssr <= 1e-20 * fit.centered_tss)


def _durbin_watson(residuals: Floats) -> float:
    """Sum of squared steps between residuals over their sum of squares; 2 means no order in them."""
    return float((np.diff(residuals) ** 2).sum() / (residuals**2).sum())


def _checks(fit: Any) -> tuple[Check, ...]:
    if _perfect(fit):
        return ()
    diagnostic = library("statsmodels.stats.diagnostic")
    found = []
    lm, p, *_ = diagnostic.het_breuschpagan(fit.resid, fit.model.exog)
    found.append(
        (Said("方差齐性（Breusch-Pagan，Koenker 式）", "equal variance (Breusch-Pagan, Koenker)"), lm, p)
    )
    if 3 <= len(fit.resid) <= 5000:
        tested = library("scipy.stats").shapiro(fit.resid)
        found.append((Said("残差正态性（Shapiro-Wilk）", "normal residuals (Shapiro-Wilk)"), *tested))
    else:
        statistic, p, *_ = library("statsmodels.stats.stattools").jarque_bera(fit.resid)
        found.append((Said("残差正态性（Jarque-Bera）", "normal residuals (Jarque-Bera)"), statistic, p))
    return tuple(Check(name, float(value), float(p), bool(p >= LEVEL)) for name, value, p in found)


def _influential(fit: Any, y: Floats, units: Sequence[str], most: int = 10) -> tuple[Influence, ...]:
    """Cook's distance above 4/n (Bollen and Jackman 1990), or a studentised residual beyond 3."""
    n, columns = fit.model.exog.shape
    if _perfect(fit) or n - columns < 2:
        return ()
    leverage = _leverage(fit)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone_out = fit.ssr - fit.resid**2 / (1 - leverage)  # sum of squares without the unit
        residual = fit.resid / np.sqrt(np.maximum(alone_out, 0) / (fit.df_resid - 1) * (1 - leverage))
        cook = fit.resid**2 / (columns * fit.mse_resid) * leverage / (1 - leverage) ** 2
    found = []
    for row in np.argsort(-np.where(np.isfinite(cook), cook, np.inf), kind="stable"):
        far, pulls = abs(residual[row]) > 3, cook[row] > 4 / n
        alone = leverage[row] > 1 - 1e-9
        if not (far or pulls or alone):
            continue
        zh = [w for w, on in (("残差过大", far), ("影响大", pulls), ("独自决定一个系数", alone)) if on]
        en = [
            w
            for w, on in (("large residual", far), ("pulls", pulls), ("alone decides a coefficient", alone))
            if on
        ]
        found.append(
            Influence(
                units[row],
                float(y[row]),
                float(fit.fittedvalues[row]),
                _or_none(residual[row]),
                float(leverage[row]),
                _or_none(cook[row]),
                Said("、".join(zh), ", ".join(en)),
            )
        )
    return tuple(found[:most])


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _finding(response: str, terms: Sequence[Term], fit: Any, perfect: bool) -> Said:
    if perfect:
        return Said(
            f"各列完全决定“{response}”，没有残差；请检查是否把它的组成部分放了进来。",
            f'The columns determine "{response}" exactly; check whether its own parts are among them.',
        )
    zh = (
        f"各列共解释“{response}”差异的{percent(float(fit.rsquared))}"
        f"（调整后 R²={shown(float(fit.rsquared_adj))}，{probability(float(fit.f_pvalue))}）"
    )
    en = (
        f'The columns explain {percent(float(fit.rsquared))} of the variation of "{response}" '
        f"(adjusted R² {shown(float(fit.rsquared_adj))}, {probability(float(fit.f_pvalue))})"
    )
    sure = sorted((term for term in terms[1:] if term.p < LEVEL), key=lambda term: -abs(term.beta or 0))
    if not sure:
        return Said(f"{zh}；没有一列单独显著。", f"{en}; no column is significant by itself.")
    best = sure[0]
    return Said(
        f"{zh}；作用最大的是“{best.name}”，它每增加1，“{response}”平均变化{shown(best.b)}"
        f"（{probability(best.p)}）。",
        f'{en}; "{best.name}" matters most: with one more of it "{response}" changes by {shown(best.b)} '
        f"on average ({probability(best.p)}).",
    )


def _warnings(
    terms: Sequence[Term], checks: Sequence[Check], influential: Sequence[Influence], fit: Any, perfect: bool
) -> list[Said]:
    n, k = int(fit.nobs), len(terms) - 1
    found = []
    if n < ROWS_PER_COLUMN * k or n < 20:
        found.append(
            Said(
                f"{n}个单位、{k}列：单位偏少（宜20个以上、每列{ROWS_PER_COLUMN}个），系数和 R² 不稳。",
                f"Units: {n}, columns: {k}. At least 20 units and {ROWS_PER_COLUMN} a column are advised; "
                "coefficients and R² are unstable.",
            )
        )
    close = [term.name for term in terms[1:] if term.vif is not None and term.vif > MOST_VIF]
    if close:
        zh, en = listed(close)
        found.append(
            Said(
                f"共线性强（VIF 大于{MOST_VIF:.0f}）：{zh}，其系数不宜单独解读。",
                f"Strongly collinear (VIF over {MOST_VIF:.0f}): {en}; do not read these coefficients alone.",
            )
        )
    if perfect:
        return found
    for place, (zh, en) in enumerate(
        (
            ("残差方差不齐，宜看稳健标准误（HC3）。", "Variance is not equal; read the robust errors (HC3)."),
            ("残差不服从正态分布，p 值只是近似。", "Residuals are not normal; p-values are approximate."),
        )
    ):
        if not checks[place].holds:
            found.append(Said(zh, en))
    if influential:
        zh, en = listed(each.unit for each in influential)
        found.append(
            Said(
                f"结果受个别单位影响大：{zh}，宜去掉后再算一次比较。",
                f"The result hangs on single units: {en}; compare it with one without them.",
            )
        )
    return found
