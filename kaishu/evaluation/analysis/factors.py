"""Principal components, and factors with varimax (因子分析)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers
from kaishu.evaluation.analysis.errors import ChoiceUnknown, FactorsNotFound, TooMany
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.rotation import fix_signs, varimax
from kaishu.evaluation.analysis.suitability import Adequacy, adequacy, complete_columns
from kaishu.evaluation.analysis.wording import left_out, listed, percent

METHODS = {
    "principal-components": ("主成分法", "principal components"),
    "principal-axis": ("主轴因子法", "principal axes"),
    "maximum-likelihood": ("极大似然法", "maximum likelihood"),
}
ROTATIONS = ("varimax", "none")
MOST_COLUMNS = 200
_STRONG = 0.5  # loadings that name a factor


@dataclass(frozen=True, slots=True)
class Components:
    """Of the correlations: all eigenvalues with shares of variance; ``kept`` columns of loadings and scores.

    ``loadings`` is (m, kept), ``weights`` (m, kept) are eigenvectors, ``scores`` (n, kept) of unit variance
    times the root of the eigenvalue; ``rows`` are the places (from 0) of the rows that were used.
    """

    names: tuple[str, ...]
    n: int
    eigenvalues: tuple[float, ...]
    shares: tuple[float, ...]
    cumulative: tuple[float, ...]
    kept: int
    loadings: tuple[tuple[float, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    scores: tuple[tuple[float, ...], ...]
    rows: tuple[int, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Factors:
    """``loadings`` (m, k) after rotation; ``communalities`` (m,); ``shares`` (k,) of all variance.

    ``scores`` (n, k) by regression (Thomson), ``composite`` (n,) is their mean weighted by shares (综合得分).
    """

    names: tuple[str, ...]
    n: int
    method: str
    rotation: str
    count: int
    chosen_by: Said
    eigenvalues: tuple[float, ...]
    loadings: tuple[tuple[float, ...], ...]
    communalities: tuple[float, ...]
    shares: tuple[float, ...]
    cumulative: tuple[float, ...]
    scores: tuple[tuple[float, ...], ...]
    composite: tuple[float, ...]
    rows: tuple[int, ...]
    adequacy: Adequacy
    finding: Said
    warnings: tuple[Said, ...] = ()


def principal_components(values: Numbers, names: Sequence[str], count: int | None = None) -> Components:
    """Principal components of the correlations of (n, m) values (Hotelling 1933, doi:10.1037/h0071325).

    ``count`` are kept; without it those with an eigenvalue over 1 (Kaiser 1960).  Signs make loadings sum
    to more than zero.

    >>> found = principal_components([[1, 2], [2, 4.5], [3, 5], [4, 9]], ["a", "b"])
    >>> found.kept, [round(share, 3) for share in found.shares]
    (1, [0.979, 0.021])

    Raises ``TooFewValues``, ``AllEqual``, ``TooMany``, ``LengthsDiffer``.
    """
    x, lost = complete_columns(values, names)
    eigenvalues, vectors = _spectrum(x)
    kept, _ = _count(count, eigenvalues, x)
    weights = vectors[:, :kept] * fix_signs(vectors[:, :kept])
    standard = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    shares = eigenvalues / len(names)
    cumulative = np.cumsum(shares)
    finding = Said(
        f"前{kept}个主成分解释总方差的{percent(float(cumulative[kept - 1]))}，"
        f"第一个解释{percent(float(shares[0]))}。",
        f"Components kept: {kept}, which explain {percent(float(cumulative[kept - 1]))} of the variance, "
        f"the first {percent(float(shares[0]))}.",
    )
    return Components(
        tuple(names),
        len(x),
        _row(eigenvalues),
        _row(shares),
        _row(cumulative),
        kept,
        _rows(weights * np.sqrt(eigenvalues[:kept])),
        _rows(weights),
        _rows(standard @ weights),
        _used(values, names),
        finding,
        tuple(_few(*x.shape) + left_out(lost)),
    )


def factor_analysis(
    values: Numbers,
    names: Sequence[str],
    *,
    count: int | None = None,
    method: str = "principal-components",
    rotation: str = "varimax",
) -> Factors:
    """Factors of (n, m) values: extracted, turned, ordered by share, signed.

    ``principal-components`` is what evaluators' packages do unless told otherwise; the other two estimate
    what columns have in common (Harman 1976, Modern Factor Analysis, 3rd edition).  ``count`` as above.

    Raises ``TooFewValues``, ``AllEqual``, ``TooMany``, ``ChoiceUnknown``, ``FactorsNotFound``,
    ``AnalysisMissing``.
    """
    for option, given, known in (("method", method, METHODS), ("rotation", rotation, ROTATIONS)):
        if given not in known:
            raise ChoiceUnknown(option=option, given=given, known=list(known))
    suited = adequacy(values, names)
    x, lost = complete_columns(values, names)
    eigenvalues, vectors = _spectrum(x)
    k, chosen_by = _count(count, eigenvalues, x)
    if method == "principal-components":
        loadings = vectors[:, :k] * np.sqrt(eigenvalues[:k])
    else:
        loadings = _estimated(x, k, method)
    turned = _ordered(varimax(loadings)[0] if rotation == "varimax" else loadings)
    shares = (turned**2).sum(axis=0) / len(names)
    scores = _by_regression(x, turned)
    communalities = (turned**2).sum(axis=1)
    return Factors(
        names=tuple(names),
        n=len(x),
        method=method,
        rotation=rotation,
        count=k,
        chosen_by=chosen_by,
        eigenvalues=_row(eigenvalues),
        loadings=_rows(turned),
        communalities=_row(communalities),
        shares=_row(shares),
        cumulative=_row(np.cumsum(shares)),
        scores=_rows(scores),
        composite=_row(scores @ (shares / shares.sum())),
        rows=_used(values, names),
        adequacy=suited,
        finding=_finding(names, turned, shares),
        warnings=tuple(_warnings(names, communalities, suited, x) + left_out(lost)),
    )


def _ordered(loadings: Floats) -> Floats:
    """Factors from the largest share, signed."""
    found = loadings[:, np.argsort(-(loadings**2).sum(axis=0), kind="stable")]
    signed: Floats = found * fix_signs(found)
    return signed


def _by_regression(x: Floats, loadings: Floats) -> Floats:
    """(n, k) scores Z R⁻¹ A (Thomson 1951, The Factorial Analysis of Human Ability)."""
    standard = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    scores: Floats = standard @ (np.linalg.pinv(np.corrcoef(x, rowvar=False), hermitian=True) @ loadings)
    return scores


def _estimated(x: Floats, k: int, method: str) -> Floats:
    """(m, k) loadings of what columns have in common.  Raises ``FactorsNotFound``."""
    factor = library("statsmodels.multivariate.factor").Factor
    short = "pa" if method == "principal-axis" else "ml"
    try:
        loadings = np.asarray(factor(x, n_factor=k, method=short).fit().loadings, dtype=np.float64)
    except (np.linalg.LinAlgError, ValueError) as error:
        raise FactorsNotFound(method=method) from error
    if not np.isfinite(loadings).all():
        raise FactorsNotFound(method=method)
    return loadings


def _spectrum(x: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues of the correlations from the largest, with their vectors as columns."""
    if x.shape[1] > MOST_COLUMNS:
        raise TooMany(name="columns", count=x.shape[1], most=MOST_COLUMNS)
    values, vectors = np.linalg.eigh(np.corrcoef(x, rowvar=False))
    return np.maximum(values[::-1], 0.0), vectors[:, ::-1]


def _count(count: int | None, eigenvalues: Floats, x: Floats) -> tuple[int, Said]:
    possible = min(len(eigenvalues), len(x) - 1)
    if count is None:
        kept = max(1, int((eigenvalues > 1 + 1e-9).sum()))
        return kept, Said("特征值大于1", "eigenvalues over 1")
    if not 1 <= count <= possible:
        raise TooMany(name="factors", count=count, most=possible)
    return count, Said("按要求", "as asked for")


def _finding(names: Sequence[str], loadings: Floats, shares: Floats) -> Said:
    zh, en = [], []
    for place, column in enumerate(loadings.T):
        order = np.argsort(-np.abs(column), kind="stable")
        strong = [names[row] for row in order if abs(column[row]) >= _STRONG] or [names[order[0]]]
        named_zh, named_en = listed(strong, 3)
        zh.append(f"因子{place + 1}（{percent(float(shares[place]))}）主要由{named_zh}构成")
        en.append(f"factor {place + 1} ({percent(float(shares[place]))}) is mostly {named_en}")
    total = percent(float(shares.sum()))
    return Said(
        f"{len(shares)}个因子解释总方差的{total}：{'；'.join(zh)}。",
        f"Factors found: {len(shares)}, which explain {total} of the variance: {'; '.join(en)}.",
    )


def _few(n: int, columns: int) -> list[Said]:
    """Gorsuch 1983: five units for each column, and no fewer than a hundred."""
    if n >= max(100, 5 * columns):
        return []
    return [
        Said(
            f"{n}个单位、{columns}列：一般要求单位不少于100个、且为列数的5倍，结果宜作参考。",
            f"{n} units and {columns} columns: 100 units and 5 for each column are advised; "
            "take the result as an indication.",
        )
    ]


def _warnings(names: Sequence[str], communalities: Floats, suited: Adequacy, x: Floats) -> list[Said]:
    found = _few(*x.shape)
    if not suited.suitable:
        found.append(suited.finding)
    over = [name for name, value in zip(names, communalities, strict=True) if value > 1 + 1e-6]
    if over:
        zh, en = listed(over)
        found.append(
            Said(
                f"共同度超过1（Heywood 现象）：{zh}，请减少因子或换一种提取方法。",
                f"Communality over 1 (Heywood case): {en}; take fewer factors or another extraction.",
            )
        )
    weak = [name for name, value in zip(names, communalities, strict=True) if value < 0.3]
    if weak:
        zh, en = listed(weak)
        found.append(
            Said(f"因子对这些列解释很少：{zh}。", f"The factors explain little of these columns: {en}.")
        )
    return found


def _used(values: Numbers, names: Sequence[str]) -> tuple[int, ...]:
    given = np.asarray(values, dtype=np.float64).reshape(-1, len(names))
    return tuple(np.flatnonzero(~np.isnan(given).any(axis=1)).tolist())


def _row(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())


def _rows(values: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, values.tolist()))
