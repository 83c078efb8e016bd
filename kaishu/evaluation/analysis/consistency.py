"""Do the items of a scale measure one thing?  Cronbach's alpha, and what happens without each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, table_of, whole_rows
from kaishu.evaluation.analysis.errors import AllEqual
from kaishu.evaluation.analysis.wording import few, left_out, listed, shown

#: Nunnally 1978, Psychometric Theory, p. 245: .70 for early work, .80 and .90 where decisions hang on it.
BANDS = (
    (0.9, "很好", "excellent"),
    (0.8, "好", "good"),
    (0.7, "可接受", "acceptable"),
    (0.6, "勉强", "questionable"),
    (-np.inf, "不足", "insufficient"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """``rest`` is the correlation with the sum of the others; ``without`` is alpha if the item is dropped."""

    name: str
    mean: float
    sd: float
    rest: float | None
    without: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """``standardised`` is alpha of items scaled to equal variance."""

    n: int
    alpha: float
    standardised: float | None
    items: tuple[Item, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def cronbach_alpha(values: Numbers) -> float:
    """k/(k-1) (1 - sum of variances / variance of the sum) of (n, k) values without gaps (Cronbach 1951).

    doi:10.1007/BF02310555

    >>> round(cronbach_alpha([[2, 3, 3], [4, 4, 5], [3, 3, 4], [5, 5, 5]]), 4)
    0.9569
    """
    x = np.asarray(values, dtype=np.float64)
    k = x.shape[1]
    whole = float(x.sum(axis=1).var(ddof=1))
    if whole == 0:
        raise AllEqual(name="sum")
    return float(k / (k - 1)) * (1 - float(x.var(axis=0, ddof=1).sum()) / whole)


def reliability(values: Numbers, names: Sequence[str]) -> Reliability:
    """Alpha of (n, k) values, rows with gaps left out, and its items.

    >>> found = reliability([[2, 3, 3], [4, 4, 5], [3, 3, 4], [5, 5, 5]], ["a", "b", "c"])
    >>> [(item.name, round(item.without, 3)) for item in found.items]
    [('a', 0.9), ('b', 0.949), ('c', 0.949)]

    Raises ``TooFewValues``, ``LengthsDiffer``, ``AllEqual``.
    """
    given = table_of(values, names)
    at_least(2, len(names), "columns")
    x = given[whole_rows(given)]
    at_least(3, len(x), names[0])
    alpha = cronbach_alpha(x)
    items = tuple(_item(x, place, name) for place, name in enumerate(names))
    sds = x.std(axis=0, ddof=1)
    standardised = cronbach_alpha((x - x.mean(axis=0)) / sds) if (sds > 0).all() else None
    _, zh, en = next(band for band in BANDS if alpha >= band[0])
    finding = Said(
        f"{len(names)}项的 Cronbach α 为{shown(alpha)}，内部一致性{zh}{_better(items, alpha)}。",
        f"Cronbach's alpha of {len(names)} items is {shown(alpha)}: internal consistency is {en}"
        f"{_better(items, alpha).en}.",
    )
    return Reliability(len(x), alpha, standardised, items, finding, tuple(_warnings(items, x, given)))


def _item(x: Floats, place: int, name: str) -> Item:
    others = np.delete(x, place, axis=1)
    column, rest = x[:, place], others.sum(axis=1)
    varied = np.ptp(column) > 0 and np.ptp(rest) > 0
    link = float(np.corrcoef(column, rest)[0, 1]) if varied else None
    without = cronbach_alpha(others) if others.shape[1] > 1 and np.ptp(rest) > 0 else None
    return Item(name, float(column.mean()), float(column.std(ddof=1)), link, without)


def _better(items: Sequence[Item], alpha: float) -> Said:
    best = max(items, key=lambda item: -np.inf if item.without is None else item.without)
    if best.without is None or best.without <= alpha + 0.01:
        return Said("", "")
    return Said(
        f"；去掉“{best.name}”会升到{shown(best.without)}",
        f'; without "{best.name}" it would rise to {shown(best.without)}',
    )


def _warnings(items: Sequence[Item], x: Floats, given: Floats) -> list[Said]:
    found = few(len(x)) + left_out(len(given) - len(x))
    against = [item.name for item in items if item.rest is not None and item.rest < 0]
    if against:
        zh, en = listed(against)
        found.append(
            Said(
                f"与其余项负相关，方向可能相反：{zh}。",
                f"Correlated negatively with the rest, perhaps of reversed direction: {en}.",
            )
        )
    still = [item.name for item in items if item.sd == 0]
    if still:
        zh, en = listed(still)
        found.append(Said(f"没有变化的项：{zh}。", f"Items that do not vary: {en}."))
    return found
