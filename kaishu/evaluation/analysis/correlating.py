"""What goes together: Pearson, Spearman and Kendall with p, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, table_of
from kaishu.evaluation.analysis.comparing import holm
from kaishu.evaluation.analysis.errors import ChoiceUnknown, TooMany
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.wording import LEVEL, few, probability, shown

METHODS = {
    "pearson": ("Pearson 相关", "Pearson correlation"),
    "spearman": ("Spearman 秩相关", "Spearman rank correlation"),
    "kendall": ("Kendall τ-b", "Kendall's tau-b"),
}
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Correlation:
    """Of two columns over the ``n`` rows that have both; None where one is constant or n < 3.

    ``adjusted`` is p by Holm's method over all pairs.
    """

    first: str
    second: str
    n: int
    value: float | None
    p: float | None
    adjusted: float | None


@dataclass(frozen=True, slots=True)
class Correlations:
    """``table[i][j]`` is the coefficient of columns i and j; ``pairs`` are sorted, the strongest first."""

    method: str
    title: Said
    names: tuple[str, ...]
    table: tuple[tuple[float | None, ...], ...]
    pairs: tuple[Correlation, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def correlate(values: Numbers, names: Sequence[str], method: str = "pearson") -> Correlations:
    """Correlate the columns of (n, m) values with one another, NaN left out pair by pair.

    p of Pearson and Spearman is by t with n - 2 degrees of freedom; Kendall's as scipy computes it.

    >>> found = correlate([[1, 2], [2, 4], [3, 5], [4, 9]], ["a", "b"], "spearman")
    >>> found.pairs[0].value
    1.0

    Raises ``ChoiceUnknown``, ``TooFewValues``, ``TooMany``, ``LengthsDiffer``, ``AnalysisMissing``.
    """
    if method not in METHODS:
        raise ChoiceUnknown(option="method", given=method, known=list(METHODS))
    given = table_of(values, names)
    at_least(2, len(names), "columns")
    at_least(3, len(given), names[0])
    if len(names) > MOST_COLUMNS:
        raise TooMany(name="columns", count=len(names), most=MOST_COLUMNS)
    found = [(i, j, *_pair(given[:, i], given[:, j], method)) for i, j in combinations(range(len(names)), 2)]
    tested = [p for *_, p in found if p is not None]
    adjusted = iter(holm(tested))
    pairs = [
        Correlation(names[i], names[j], n, r, p, None if p is None else next(adjusted))
        for i, j, n, r, p in found
    ]
    whole: list[list[float | None]] = [[1.0] * len(names) for _ in names]
    for i, j, _, r, _ in found:
        whole[i][j] = whole[j][i] = r
    for i, column in enumerate(given.T):
        held = column[~np.isnan(column)]
        if len(held) == 0 or np.ptp(held) == 0:
            whole[i][i] = None
    pairs.sort(key=lambda pair: -abs(pair.value) if pair.value is not None else 1.0)
    return Correlations(
        method,
        Said(*METHODS[method]),
        tuple(names),
        tuple(map(tuple, whole)),
        tuple(pairs),
        _finding(method, pairs),
        tuple(_warnings(pairs, given, names)),
    )


def ranks(values: Floats) -> Floats:
    """Ranks of (n,) values from 1, equal values sharing the mean of their places.

    >>> ranks(np.array([10.0, 30.0, 20.0, 20.0])).tolist()
    [1.0, 4.0, 2.5, 2.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    middle: Floats = (last - (count - 1) / 2)[place]
    return middle


def _pair(x: Floats, y: Floats, method: str) -> tuple[int, float | None, float | None]:
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    n = len(x)
    if n < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return n, None, None
    if method == "kendall":
        found = library("scipy.stats").kendalltau(x, y)
        return n, float(found.statistic), float(found.pvalue)
    if method == "spearman":
        x, y = ranks(x), ranks(y)
    # Scaling first keeps the products of very large or very small numbers inside the range of floats.
    x, y = (x - x.mean()) / np.ptp(x), (y - y.mean()) / np.ptp(y)
    r = max(-1.0, min(1.0, float((x / np.linalg.norm(x)) @ (y / np.linalg.norm(y)))))
    if 1 - abs(r) < 1e-15:
        return n, float(round(r)), 0.0
    t = r * np.sqrt((n - 2) / (1 - r * r))
    return n, r, float(2 * library("scipy.special").stdtr(n - 2, -abs(t)))


def _finding(method: str, pairs: Sequence[Correlation]) -> Said:
    sure = [pair for pair in pairs if pair.adjusted is not None and pair.adjusted < LEVEL]
    zh, en = METHODS[method]
    if not sure:
        return Said(
            f"没有一对指标的{zh}显著（按对数修正后）。",
            f"No pair has a significant {en} once their number is allowed for.",
        )
    best = sure[0]
    assert best.value is not None and best.adjusted is not None
    word_zh, word_en = ("正", "positive") if best.value > 0 else ("负", "negative")
    return Said(
        f"{len(pairs)}对中{len(sure)}对显著相关；最强的是“{best.first}”与“{best.second}”，"
        f"{word_zh}相关{shown(best.value)}（{zh}，修正后{probability(best.adjusted)}）。",
        f'{len(sure)} of {len(pairs)} pairs are significant; the strongest is "{best.first}" and '
        f'"{best.second}", {word_en}, {shown(best.value)} ({en}, adjusted {probability(best.adjusted)}).',
    )


def _warnings(pairs: Sequence[Correlation], given: Floats, names: Sequence[str]) -> list[Said]:
    found = few(min(pair.n for pair in pairs))
    still = [name for name, column in zip(names, given.T, strict=True) if _still(column)]
    if still:
        found.append(
            Said(
                f"“{'、'.join(still)}”没有变化，无法计算相关。",
                f'"{", ".join(still)}" does not vary; no correlation can be given.',
            )
        )
    sizes = {pair.n for pair in pairs}
    if len(sizes) > 1:
        found.append(
            Said(
                f"缺值按对剔除，各对所用行数从{min(sizes)}到{max(sizes)}不等。",
                f"Missing values are left out pair by pair; pairs use {min(sizes)} to {max(sizes)} rows.",
            )
        )
    return found


def _still(column: Floats) -> bool:
    held = column[~np.isnan(column)]
    return len(held) == 0 or bool(np.ptp(held) == 0)
