"""Is there enough in common among columns to look for factors?  KMO and Bartlett."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, table_of, whole_rows
from kaishu.evaluation.analysis.errors import AllEqual
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.wording import LEVEL, left_out, probability, shown

#: Kaiser 1974's words, doi:10.1007/BF02291575.
BANDS = (
    (0.9, "极好", "marvellous"),
    (0.8, "好", "meritorious"),
    (0.7, "中等", "middling"),
    (0.6, "一般", "mediocre"),
    (0.5, "很差", "miserable"),
    (-np.inf, "不可接受", "unacceptable"),
)


@dataclass(frozen=True, slots=True)
class Adequacy:
    """``items`` are (name, KMO of that column); ``suitable`` is KMO >= 0.5 and Bartlett's p < 0.05.

    KMO and Bartlett are None where the correlations have no inverse (``determinant`` 0).
    """

    n: int
    kmo: float | None
    items: tuple[tuple[str, float], ...]
    bartlett: float | None
    df: int
    p: float | None
    determinant: float
    suitable: bool
    finding: Said
    warnings: tuple[Said, ...] = ()


def complete_columns(values: Numbers, names: Sequence[str]) -> tuple[Floats, int]:
    """(n, m) rows without gaps, and how many had some.  Raises ``TooFewValues``, ``AllEqual``."""
    given = table_of(values, names)
    at_least(2, len(names), "columns")
    x = given[whole_rows(given)]
    at_least(3, len(x), names[0])
    for name, column in zip(names, x.T, strict=True):
        if np.ptp(column) == 0:
            raise AllEqual(name=name)
    return x, len(given) - len(x)


def kaiser_meyer_olkin(correlations: Floats) -> tuple[float, Floats]:
    """Overall KMO and KMO of each column: sum r² / (sum r² + sum q²), q the partial correlations.

    Kaiser and Rice 1974, doi:10.1177/001316447403400115.

    >>> r = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    >>> overall, each = kaiser_meyer_olkin(r)
    >>> round(overall, 4)
    0.6923
    """
    inverse = np.linalg.inv(correlations)
    size = np.sqrt(np.diag(inverse))
    partial = -inverse / np.outer(size, size)
    r, q = correlations**2, partial**2
    np.fill_diagonal(r, 0.0)
    np.fill_diagonal(q, 0.0)
    whole = r.sum() + q.sum()
    each = r.sum(axis=0) + q.sum(axis=0)
    items: Floats = np.divide(r.sum(axis=0), each, out=np.full(len(each), 0.5), where=each > 0)
    return (float(r.sum() / whole) if whole > 0 else 0.5), items


def bartlett_sphericity(correlations: Floats, n: int) -> tuple[float, int, float]:
    """-(n - 1 - (2p + 5)/6) ln det R, its degrees of freedom p(p - 1)/2, and p.

    Bartlett 1950, doi:10.1111/j.2044-8317.1950.tb00285.x.

    >>> chi2, df, p = bartlett_sphericity(np.array([[1, 0.5], [0.5, 1]]), 20)
    >>> round(chi2, 4), df, round(p, 4)
    (5.0344, 1, 0.0248)
    """
    count = len(correlations)
    _, logarithm = np.linalg.slogdet(correlations)
    statistic = max(0.0, -(n - 1 - (2 * count + 5) / 6) * float(logarithm))
    df = count * (count - 1) // 2
    return statistic, df, float(library("scipy.special").chdtrc(df, statistic))


def adequacy(values: Numbers, names: Sequence[str]) -> Adequacy:
    """KMO and Bartlett of (n, m) values, rows with gaps left out.

    Raises ``TooFewValues``, ``AllEqual``, ``LengthsDiffer``, ``AnalysisMissing``.
    """
    x, lost = complete_columns(values, names)
    n, count = x.shape
    r = np.asarray(np.corrcoef(x, rowvar=False), dtype=np.float64)
    df = count * (count - 1) // 2
    if np.linalg.matrix_rank(r) < count:
        said = Said(
            "相关矩阵不可逆（有的列可由其他列算出，或单位比列少），KMO 和 Bartlett 检验无法计算。",
            "The correlations have no inverse (columns follow from others, or units are fewer than columns): "
            "neither KMO nor Bartlett's test can be given.",
        )
        return Adequacy(n, None, (), None, df, None, 0.0, False, said, tuple(left_out(lost)))
    kmo, items = kaiser_meyer_olkin(r)
    statistic, df, p = bartlett_sphericity(r, n)
    suitable = kmo >= 0.5 and p < LEVEL
    _, zh, en = next(band for band in BANDS if kmo >= band[0])
    words = ("适合", "suit") if suitable else ("不适合", "do not suit")
    finding = Said(
        f"KMO={shown(kmo)}（{zh}），Bartlett 球形检验{probability(p)}：这些列{words[0]}作因子分析。",
        f"KMO is {shown(kmo)} ({en}), Bartlett's test {probability(p)}: the columns {words[1]} "
        "factor analysis.",
    )
    pairs = tuple(zip(names, items.tolist(), strict=True))
    return Adequacy(
        n, kmo, pairs, statistic, df, p, float(np.linalg.det(r)), suitable, finding, tuple(left_out(lost))
    )
