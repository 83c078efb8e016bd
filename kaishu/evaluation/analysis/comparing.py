"""Do groups differ?  Tests with what they assume, the size of the effect, and which pairs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, finite, groups_of, same_length
from kaishu.evaluation.analysis.effects import Effect, effect_of
from kaishu.evaluation.analysis.errors import AllEqual, ChoiceUnknown, GroupsTooFew, TooFewValues
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.wording import LEVEL, left_out, percent, probability, shown

#: Test to its names and the fewest values a group must have.
TESTS = {
    "t": ("t 检验（方差相等）", "Student's t test", 2),
    "welch": ("Welch t 检验", "Welch's t test", 2),
    "mann-whitney": ("Mann-Whitney U 检验", "Mann-Whitney U test", 1),
    "anova": ("单因素方差分析", "one-way ANOVA", 2),
    "welch-anova": ("Welch 方差分析", "Welch's ANOVA", 2),
    "kruskal-wallis": ("Kruskal-Wallis 检验", "Kruskal-Wallis test", 1),
}
_OF_TWO = ("t", "welch", "mann-whitney")
_RANKED = ("mann-whitney", "kruskal-wallis")
_MOST_PAIRS = 40  # groups; beyond it a table of pairs is read by nobody
_SHAPIRO_MOST = 5000  # beyond it the approximation of the p-value was not made


@dataclass(frozen=True, slots=True)
class Assumption:
    """``group`` is None for what concerns all; ``holds`` is p >= 0.05, None where it cannot be tested."""

    name: Said
    group: str | None
    statistic: float | None
    p: float | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Sums of squares: ``between + within == total``; ``share`` is the part between groups (eta squared)."""

    between: float
    within: float
    total: float
    share: float


@dataclass(frozen=True, slots=True)
class Pair:
    """``difference`` of means (of medians for rank tests), first minus second; ``p`` by Holm's method."""

    first: str
    second: str
    difference: float
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """``df`` is empty for rank tests of two; ``interval`` is 95 % of the difference of two means."""

    name: str
    by: str
    test: str
    title: Said
    chosen_because: Said
    n: int
    sizes: tuple[tuple[str, int], ...]
    statistic: float
    df: tuple[float, ...]
    p: float
    interval: tuple[float, float] | None
    effect: Effect
    spread: Spread
    assumptions: tuple[Assumption, ...]
    pairs: tuple[Pair, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def between_within(values: Numbers, groups: Sequence[str | None]) -> Spread:
    """Split the sum of squares of (n,) values (Fisher 1925, Statistical Methods for Research Workers, ch. 7).

    >>> between_within([1, 3, 5, 7], ["a", "a", "b", "b"])
    Spread(between=16.0, within=4.0, total=20.0, share=0.8)

    Raises ``AllEqual`` if there is nothing to split, ``LengthsDiffer``.
    """
    given = finite(values, "value")
    same_length("values", given, "groups", groups)
    parts, _ = groups_of(groups, given)
    if not parts:
        raise TooFewValues(name="value", count=0, least=1)
    return _spread(parts, "value")


def compare_groups(
    values: Numbers,
    groups: Sequence[str | None],
    *,
    test: str = "auto",
    name: str = "value",
    by: str = "group",
) -> Comparison:
    """Test whether (n,) values differ between groups; NaN and None are left out.

    ``auto``: if every group has at least 3 values that pass Shapiro-Wilk, a test of means (two groups:
    Welch's t; more: ANOVA, or Welch's if variances differ by Levene's test about the median), else a test
    of ranks.  Pairs are compared after a significant test of three or more groups.

    >>> found = compare_groups([1, 2, 3, 4, 5, 6], list("aaabbb"), test="t")
    >>> found.test, round(found.statistic, 4), found.df, round(found.p, 4)
    ('t', -3.6742, (4.0,), 0.0213)

    Raises ``GroupsTooFew``, ``TooFewValues``, ``AllEqual``, ``ChoiceUnknown``, ``AnalysisMissing``.
    """
    given = finite(values, name)
    same_length(name, given, by, groups)
    parts, lost = groups_of(groups, given)
    _check_asked(test, parts, by)
    spread = _spread(parts, name)
    assumptions = _assumptions(parts)
    chosen, because = _choose(test, parts, assumptions)
    _check_size(chosen, parts, by, spread)
    statistic, df, p, interval = _run(chosen, list(parts.values()))
    effect = effect_of(chosen, list(parts.values()), statistic)
    pairs = _pairs(chosen, parts) if p < LEVEL and 2 < len(parts) <= _MOST_PAIRS else ()
    return Comparison(
        name=name,
        by=by,
        test=chosen,
        title=Said(*TESTS[chosen][:2]),
        chosen_because=because,
        n=sum(map(len, parts.values())),
        sizes=tuple((key, len(part)) for key, part in parts.items()),
        statistic=statistic,
        df=df,
        p=p,
        interval=interval,
        effect=effect,
        spread=spread,
        assumptions=assumptions,
        pairs=pairs,
        finding=_finding(chosen, parts, p, effect, name, by),
        warnings=(*_warnings(chosen, parts, assumptions), *left_out(lost)),
    )


def holm(p: Sequence[float]) -> list[float]:
    """p-values made larger for their number, step by step (Holm 1979, Scand. J. Statist. 6, 65-70).

    >>> [round(each, 4) for each in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(p)
    highest = 0.0
    for place, one in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        highest = max(highest, min(1.0, (len(p) - place) * p[one]))
        adjusted[one] = highest
    return adjusted


def _spread(parts: Mapping[str, Floats], name: str) -> Spread:
    everything = np.concatenate(list(parts.values()))
    mean = everything.mean()
    total = float(((everything - mean) ** 2).sum())
    if total == 0:
        raise AllEqual(name=name)
    within = float(sum(((part - part.mean()) ** 2).sum() for part in parts.values()))
    between = float(sum(len(part) * (part.mean() - mean) ** 2 for part in parts.values()))
    return Spread(between, within, total, between / total)


def _assumptions(parts: Mapping[str, Floats]) -> tuple[Assumption, ...]:
    stats = library("scipy.stats")
    normal = Said("正态性（Shapiro-Wilk）", "normality (Shapiro-Wilk)")
    found = []
    for group, part in parts.items():
        if not 3 <= len(part) <= _SHAPIRO_MOST or np.ptp(part) == 0:
            found.append(Assumption(normal, group, None, None, None))
            continue
        tested = stats.shapiro(part)
        p = float(tested.pvalue)
        found.append(Assumption(normal, group, float(tested.statistic), p, p >= LEVEL))
    equal = Said("方差齐性（Levene，以中位数为中心）", "equal variances (Levene, about the median)")
    around = [np.abs(part - np.median(part)) for part in parts.values()]
    testable = min(map(len, around)) >= 2 and any(np.ptp(part) > 0 for part in around)
    if testable:
        tested = stats.levene(*parts.values(), center="median")
        p = float(tested.pvalue)
        found.append(Assumption(equal, None, float(tested.statistic), p, p >= LEVEL))
    else:
        found.append(Assumption(equal, None, None, None, None))
    return tuple(found)


def _choose(test: str, parts: Mapping[str, Floats], assumptions: Sequence[Assumption]) -> tuple[str, Said]:
    if test != "auto":
        return test, Said("按要求选用。", "As asked for.")
    two = len(parts) == 2
    if not all(each.holds for each in assumptions if each.group is not None):
        because = Said(
            "有的组不服从正态分布，或值太少、无法检验，改用秩检验。",
            "A group is not normal, or too small to tell, so ranks are compared.",
        )
        return ("mann-whitney" if two else "kruskal-wallis"), because
    if two:
        return "welch", Said(
            "各组未见偏离正态；不假定方差相等。", "No group departs from normal; variances need not be equal."
        )
    if assumptions[-1].holds:
        return "anova", Said(
            "各组未见偏离正态，方差无显著差异。",
            "No group departs from normal, and variances do not differ significantly.",
        )
    return "welch-anova", Said(
        "各组未见偏离正态，但方差不等。", "No group departs from normal, but variances differ."
    )


def _check_asked(test: str, parts: Mapping[str, Floats], by: str) -> None:
    if test not in ("auto", *TESTS):
        raise ChoiceUnknown(option="test", given=test, known=["auto", *TESTS])
    if len(parts) < 2:
        raise GroupsTooFew(name=by, count=len(parts), test="compare", wanted="2+")
    at_least(2, max(map(len, parts.values())), by)


def _check_size(test: str, parts: Mapping[str, Floats], by: str, spread: Spread) -> None:
    zh, en, least = TESTS[test]
    if test in _OF_TWO and len(parts) != 2:
        raise GroupsTooFew(name=by, count=len(parts), test=f"{zh} {en}", wanted="2")
    for group, part in parts.items():
        if len(part) < least:
            raise TooFewValues(name=f"{by}={group}", count=len(part), least=least)
    if test not in _RANKED and spread.within <= 1e-12 * spread.total:
        raise AllEqual(name=by)


def _run(
    test: str, parts: Sequence[Floats]
) -> tuple[float, tuple[float, ...], float, tuple[float, float] | None]:
    stats = library("scipy.stats")
    if test in ("t", "welch"):
        found = stats.ttest_ind(*parts, equal_var=test == "t")
        low, high = found.confidence_interval(0.95)
        return float(found.statistic), (float(found.df),), float(found.pvalue), (float(low), float(high))
    if test == "mann-whitney":
        found = stats.mannwhitneyu(*parts, alternative="two-sided", method="auto")
        return float(found.statistic), (), float(found.pvalue), None
    if test == "kruskal-wallis":
        found = stats.kruskal(*parts)
        return float(found.statistic), (len(parts) - 1.0,), float(found.pvalue), None
    found = stats.f_oneway(*parts, equal_var=test == "anova")
    rest = float(sum(map(len, parts)) - len(parts)) if test == "anova" else _welch_df(parts)
    return float(found.statistic), (len(parts) - 1.0, rest), float(found.pvalue), None


def _welch_df(parts: Sequence[Floats]) -> float:
    """Second degrees of freedom of Welch 1951 (Biometrika 38, 330-336)."""
    sizes = np.array([len(part) for part in parts])
    with np.errstate(divide="ignore"):
        weights = sizes / np.array([part.var(ddof=1) for part in parts])
    k = len(parts)
    return float((k * k - 1) / (3 * ((1 - weights / weights.sum()) ** 2 / (sizes - 1)).sum()))


def _pairs(test: str, parts: Mapping[str, Floats]) -> tuple[Pair, ...]:
    ranked = test in _RANKED
    names = list(combinations(parts, 2))
    middle = np.median if ranked else np.mean
    probabilities = []
    for first, second in names:
        if not ranked and np.ptp(parts[first]) == 0 and np.ptp(parts[second]) == 0:
            probabilities.append(1.0 if parts[first][0] == parts[second][0] else 0.0)
            continue
        probabilities.append(_run("mann-whitney" if ranked else "welch", [parts[first], parts[second]])[2])
    return tuple(
        Pair(first, second, float(middle(parts[first]) - middle(parts[second])), p)
        for (first, second), p in zip(names, holm(probabilities), strict=True)
    )


def _finding(test: str, parts: Mapping[str, Floats], p: float, effect: Effect, name: str, by: str) -> Said:
    zh, en, _ = TESTS[test]
    size_zh, size_en = str(effect.size), effect.size.en
    tail_zh = f"（{zh}，{probability(p)}；{effect.name}={shown(effect.value)}，效应{size_zh}）"
    tail_en = f" ({en}, {probability(p)}; {effect.name.en} = {shown(effect.value)}, a {size_en} effect)."
    if p >= LEVEL:
        return Said(
            f"没有发现“{name}”在各“{by}”之间有显著差异{tail_zh}。",
            f'No significant difference of "{name}" between groups of "{by}" was found{tail_en}',
        )
    ranked = test in _RANKED
    middle = {group: float(np.median(part) if ranked else part.mean()) for group, part in parts.items()}
    best = max(middle, key=middle.__getitem__)
    word_zh, word_en = ("中位数", "median") if ranked else ("平均", "mean")
    return Said(
        f"“{name}”在各“{by}”之间差异显著，{best}的{word_zh}最高（{shown(middle[best])}）{tail_zh}。",
        f'"{name}" differs significantly between groups of "{by}"; {best} has the highest {word_en} '
        f"({shown(middle[best])}){tail_en}",
    )


def _warnings(test: str, parts: Mapping[str, Floats], assumptions: Sequence[Assumption]) -> list[Said]:
    found = []
    smallest = min(map(len, parts.values()))
    if smallest < 5:
        found.append(
            Said(
                f"最小的组只有{smallest}个单位，难以发现差异。",
                f"Units in the smallest group: {smallest}; differences are hard to see.",
            )
        )
    abnormal = [each.group for each in assumptions if each.group is not None and each.holds is False]
    if test not in _RANKED and abnormal:
        found.append(
            Said(
                f"{len(abnormal)}组不服从正态分布，宜用秩检验。",
                f"Groups that are not normal: {len(abnormal)}; a test of ranks is safer.",
            )
        )
    if test in ("t", "anova") and assumptions[-1].holds is False:
        found.append(
            Said("各组方差不等，宜用 Welch 检验。", "Variances differ between groups; Welch's test is safer.")
        )
    everything = np.concatenate(list(parts.values()))
    tied = 1 - len(np.unique(everything)) / len(everything)
    if test in _RANKED and tied > 0.2:
        found.append(
            Said(
                f"{percent(tied, 0)}的值与别的值相同，p 值按正态近似并作了修正。",
                f"{percent(tied, 0)} of the values repeat others; p is a corrected approximation.",
            )
        )
    if len(parts) > _MOST_PAIRS:
        found.append(
            Said(
                f"超过{_MOST_PAIRS}组，不作两两比较。", f"Over {_MOST_PAIRS} groups; pairs are not compared."
            )
        )
    return found
