"""What made it change?  因素分析: the parts that factors have in a change, summing to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, finite, same_length
from kaishu.evaluation.analysis.errors import ChoiceUnknown, NegativeValue
from kaishu.evaluation.analysis.orders import substitutions, widest_range
from kaishu.evaluation.analysis.wording import percent, shown

SCORE, WEIGHT = "score", "weight"
FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Part:
    """``effect`` in units of the whole; ``share`` of the change, None if nothing changed.

    ``kind`` is score, weight or factor.  ``low`` and ``high`` are the least and largest effect over all
    orders of replacement, None where order plays no part or there are more than 12 factors.
    """

    name: str
    kind: str
    before: float
    after: float
    effect: float
    share: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``parts`` sum to ``change`` = ``after - before`` but for rounding of floats."""

    method: str
    title: Said
    before: float
    after: float
    change: float
    parts: tuple[Part, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def change_of_sum(
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    weights_before: Numbers | None = None,
    weights_after: Numbers | None = None,
) -> Change:
    """Split the change of a weighted sum of (n,) scores into score and weight parts, exactly.

    Score part (w0 + w1)/2 (s1 - s0), weight part (s0 + s1)/2 (w1 - w0): the two-factor decomposition of
    Marshall, Edgeworth and Bennet (Bennet 1920, J. R. Statist. Soc. 83, 455-462).  With shares of the
    whole as weights and rates as scores it is structure against level.  Weights left out are 1; only one
    of them given is used for both times.

    >>> weights = {"weights_before": [0.5, 0.5], "weights_after": [0.4, 0.6]}
    >>> found = change_of_sum([60, 80], [70, 80], ["a", "b"], **weights)
    >>> [(part.name, part.kind, round(part.effect, 6)) for part in found.parts]
    [('a', 'score', 4.5), ('a', 'weight', -6.5), ('b', 'score', 0.0), ('b', 'weight', 8.0)]

    Raises ``LengthsDiffer``, ``TooFewValues`` (a gap counts as none).
    """
    s0, s1, w0, w1 = _given(before, after, names, weights_before, weights_after)
    start, end = fsum(w0 * s0), fsum(w1 * s1)
    by_score, by_weight = (w0 + w1) / 2 * (s1 - s0), (s0 + s1) / 2 * (w1 - w0)
    parts = _both(names, (s0, s1, by_score), (w0, w1, by_weight), end - start)
    return _result("additive", Said("加法分解", "additive"), start, end, parts)


def change_of_geometric(
    before: Numbers,
    after: Numbers,
    names: Sequence[str],
    *,
    weights_before: Numbers | None = None,
    weights_after: Numbers | None = None,
) -> Change:
    """Split the change of a weighted geometric mean of (n,) scores above 0, exactly.

    L (w0 + w1)/2 ln(s1/s0) for scores and L (ln s0 + ln s1)/2 (w1 - w0) for weights, with L the
    logarithmic mean of the index before and after (Ang 2005, doi:10.1016/j.enpol.2003.10.010; Vartia 1976).
    Weights are used as given; left out they are 1/n.

    >>> found = change_of_geometric([4, 9], [9, 9], ["a", "b"])
    >>> found.before, round(found.after, 6), [round(part.effect, 6) for part in found.parts]
    (6.0, 9.0, [3.0, 0.0, 0.0, 0.0])

    Raises ``NegativeValue`` at 0 or below, ``LengthsDiffer``, ``TooFewValues``.
    """
    equal = np.full(len(names), 1 / max(1, len(names)))
    none = weights_before is None and weights_after is None
    s0, s1, w0, w1 = _given(before, after, names, equal if none else weights_before, weights_after)
    _positive(s0, s1, names)
    start, end = float(np.exp(fsum(w0 * np.log(s0)))), float(np.exp(fsum(w1 * np.log(s1))))
    mean = logarithmic_mean(end, start)
    by_score = mean * (w0 + w1) / 2 * np.log(s1 / s0)
    by_weight = mean * (np.log(s0) + np.log(s1)) / 2 * (w1 - w0)
    parts = _both(names, (s0, s1, by_score), (w0, w1, by_weight), end - start)
    return _result(
        "geometric", Said("几何平均分解（对数平均）", "geometric (logarithmic mean)"), start, end, parts
    )


def change_of_product(before: Numbers, after: Numbers, names: Sequence[str]) -> Change:
    """Split the change of a product of (n,) factors above 0, exactly and whatever their order.

    Part of a factor: L(y1, y0) ln(f1/f0), L the logarithmic mean (LMDI I, Ang 2005,
    doi:10.1016/j.enpol.2003.10.010).

    >>> found = change_of_product([10, 2], [12, 3], ["users", "reads"])
    >>> found.change, [round(part.effect, 4) for part in found.parts]
    (16.0, [4.9629, 11.0371])

    Raises ``NegativeValue`` at 0 or below, ``LengthsDiffer``, ``TooFewValues``.
    """
    f0, f1 = _two(before, after, names)
    _positive(f0, f1, names)
    start, end = float(np.prod(f0)), float(np.prod(f1))
    effects = logarithmic_mean(end, start) * np.log(f1 / f0)
    parts = _factors(names, f0, f1, effects, end - start)
    return _result("multiplicative", Said("乘法分解（对数平均）", "multiplicative (LMDI)"), start, end, parts)


def chain_substitution(
    before: Numbers, after: Numbers, names: Sequence[str], order: Sequence[str] | None = None
) -> Change:
    """连环替代法: replace the (n,) factors of a product one after the other, in ``order`` (as named if None).

    A factor's part is the product after its replacement minus the product before it.  The parts depend on
    the order (by custom quantities come before prices and rates); ``low`` and ``high`` say how much.  It is
    the 因素分析法 of Chinese textbooks of financial analysis.

    >>> found = chain_substitution([10, 2], [12, 3], ["users", "reads"])
    >>> [(part.name, part.effect, part.low, part.high) for part in found.parts]
    [('users', 4.0, 4.0, 6.0), ('reads', 12.0, 10.0, 12.0)]

    Raises ``ChoiceUnknown`` if the order does not name each once, ``LengthsDiffer``, ``TooFewValues``.
    """
    f0, f1 = _two(before, after, names)
    ordered = list(names if order is None else order)
    if sorted(ordered) != sorted(names) or len(set(names)) != len(names):
        raise ChoiceUnknown(option="order", given=list(ordered), known=list(names))
    places = [list(names).index(name) for name in ordered]
    effects = substitutions(f0, f1, places)
    start, end = float(np.prod(f0)), float(np.prod(f1))
    ranges = widest_range(f0, f1)
    parts = [
        Part(
            names[i],
            FACTOR,
            float(f0[i]),
            float(f1[i]),
            float(effects[i]),
            _share(effects[i], end - start),
            *(ranges[i] if ranges else (None, None)),
        )
        for i in places
    ]
    arrow = " → ".join(ordered)
    title = Said(f"连环替代（顺序：{arrow}）", f"chain substitution (order: {arrow})")
    warnings = [] if ranges is None else _order_matters(parts, end - start)
    return _result("chain", title, start, end, parts, warnings)


def logarithmic_mean(a: float, b: float) -> float:
    """(a - b)/(ln a - ln b) of two numbers above 0; a itself if they are equal.

    >>> round(logarithmic_mean(2, 1), 6), logarithmic_mean(3, 3)
    (1.442695, 3.0)
    """
    if a == b:
        return float(a)
    low, high = min(a, b), max(a, b)
    # log1p keeps the digits that the difference of two close logarithms loses; of the larger over the
    # smaller, because near -1 it would lose them itself.
    return float((high - low) / np.log1p((high - low) / low))


def _given(
    before: Numbers, after: Numbers, names: Sequence[str], w0: Numbers | None, w1: Numbers | None
) -> tuple[Floats, Floats, Floats, Floats]:
    s0, s1 = _two(before, after, names)
    first = w0 if w0 is not None else w1 if w1 is not None else np.ones(len(names))
    second = w1 if w1 is not None else first
    return s0, s1, *_two(first, second, names, "weights")


def _two(before: Numbers, after: Numbers, names: Sequence[str], what: str = "") -> tuple[Floats, Floats]:
    first, second = finite(before, what or "before"), finite(after, what or "after")
    at_least(1, len(names), "names")
    same_length(what or "before", first, "names", names)
    same_length(what or "after", second, "names", names)
    for name, one, other in zip(names, first, second, strict=True):
        there = int(not np.isnan(one)) + int(not np.isnan(other))
        at_least(2, there, name)
    return first, second


def _positive(first: Floats, second: Floats, names: Sequence[str]) -> None:
    for name, one, other in zip(names, first, second, strict=True):
        if min(one, other) <= 0:
            raise NegativeValue(
                name=name,
                value=float(min(one, other)),
                method="logarithmic mean",
                domain_zh="大于零的数",
                domain_en="numbers above 0",
            )


def _both(
    names: Sequence[str],
    scores: tuple[Floats, Floats, Floats],
    weights: tuple[Floats, Floats, Floats],
    change: float,
) -> list[Part]:
    parts = []
    for i, name in enumerate(names):
        for kind, (first, second, effect) in ((SCORE, scores), (WEIGHT, weights)):
            parts.append(
                Part(
                    name, kind, float(first[i]), float(second[i]), float(effect[i]), _share(effect[i], change)
                )
            )
    return parts


def _factors(
    names: Sequence[str], first: Floats, second: Floats, effects: Floats, change: float
) -> list[Part]:
    return [
        Part(name, FACTOR, float(one), float(other), float(effect), _share(effect, change))
        for name, one, other, effect in zip(names, first, second, effects, strict=True)
    ]


def _share(effect: float, change: float) -> float | None:
    return float(effect / change) if change else None


def _order_matters(parts: Sequence[Part], change: float) -> list[Said]:
    widest = max(parts, key=lambda part: (part.high or 0) - (part.low or 0))
    assert widest.low is not None and widest.high is not None
    if widest.high - widest.low <= 0.1 * abs(change):
        return []
    return [
        Said(
            f"结果随替代顺序而变：“{widest.name}”的影响在{shown(widest.low)}到{shown(widest.high)}之间。",
            f'The parts depend on the order: that of "{widest.name}" lies between {shown(widest.low)} '
            f"and {shown(widest.high)}.",
        )
    ]


def _result(
    method: str,
    title: Said,
    start: float,
    end: float,
    parts: Sequence[Part],
    warnings: Sequence[Said] = (),
) -> Change:
    change = end - start
    cautions = list(warnings)
    moved = [part for part in parts if part.effect != 0]
    if change and max((abs(part.effect) for part in moved), default=0) > 3 * abs(change):
        cautions.append(
            Said(
                "各部分有正有负，远大于总变化，占比不宜单独引用。",
                "Parts of both signs are far larger than the change; do not quote shares alone.",
            )
        )
    return Change(
        method, title, start, end, change, tuple(parts), _finding(start, end, moved), tuple(cautions)
    )


def _finding(start: float, end: float, moved: Sequence[Part]) -> Said:
    change = end - start
    if not moved:
        return Said(f"没有变化，仍为{shown(end, 4)}。", f"Nothing changed: still {shown(end, 4)}.")
    best = max(moved, key=lambda part: abs(part.effect))
    words = {SCORE: ("的得分", " (score)"), WEIGHT: ("的权重", " (weight)"), FACTOR: ("", "")}
    zh, en = words[best.kind]
    if not change:
        return Said(
            f"合计没有变化（{shown(end, 4)}），各部分相互抵消；"
            f"最大的是“{best.name}”{zh}（{shown(best.effect)}）。",
            f"The whole did not change ({shown(end, 4)}), its parts cancel; the largest is that of "
            f'"{best.name}"{en} ({shown(best.effect)}).',
        )
    up = "升" if change > 0 else "降"
    return Said(
        f"从{shown(start, 4)}到{shown(end, 4)}，{up}{shown(abs(change))}；作用最大的是“{best.name}”{zh}"
        f"（{shown(best.effect)}，占{percent(best.share)}）。",
        f'From {shown(start, 4)} to {shown(end, 4)}, a change of {shown(change)}; "{best.name}"{en} '
        f"did most ({shown(best.effect)}, {percent(best.share)} of it).",
    )
