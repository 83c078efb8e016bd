"""Correlations, regressions, factors and reliability."""

from __future__ import annotations

from kaishu.evaluation.analysis.consistency import Reliability
from kaishu.evaluation.analysis.correlating import Correlations
from kaishu.evaluation.analysis.factors import METHODS, Components, Factors
from kaishu.evaluation.analysis.regression import INTERCEPT, Regression
from kaishu.evaluation.analysis.showing.writing import Words, as_p
from kaishu.evaluation.analysis.suitability import Adequacy
from kaishu.evaluation.analysis.wording import percent, probability, shown
from kaishu.reporting import Block, Facts

_WIDEST_TABLE, _MOST_PAIRS = 10, 50


def of_correlations(found: Correlations, words: Words) -> list[Block]:
    """The table where it is narrow enough to read, and the pairs, the strongest first."""
    blocks: list[Block] = []
    if 2 < len(found.names) <= _WIDEST_TABLE:
        heads = [("", ""), *((name, name) for name in found.names)]
        rows = [(name, *row) for name, row in zip(found.names, found.table, strict=True)]
        blocks.append(words.table((str(found.title), found.title.en), heads, rows))
    heads = [
        ("列", "column"),
        ("列", "column"),
        ("行数", "n"),
        ("系数", "coefficient"),
        ("p", "p"),
        ("p（Holm 修正）", "p (Holm)"),
    ]
    pairs = [(p.first, p.second, p.n, p.value, as_p(p.p), as_p(p.adjusted)) for p in found.pairs]
    title = ("各对相关", "Pairs")
    if len(pairs) > _MOST_PAIRS:
        title = (f"最强的{_MOST_PAIRS}对", f"The {_MOST_PAIRS} strongest pairs")
    return [*blocks, words.table(title, heads, pairs[:_MOST_PAIRS])]


def of_regression(found: Regression, words: Words) -> list[Block]:
    """Fit, coefficients, diagnostics and influential units."""
    facts = [
        (words.say("单位数", "units"), f"{found.n:,}"),
        ("R²", shown(found.r2, 4)),
        (words.say("调整后 R²", "adjusted R²"), shown(found.adjusted_r2, 4)),
        ("F", "—" if found.f_p is None else f"{shown(found.f, 4)} ({probability(found.f_p)})"),
        (words.say("残差标准误", "residual standard error"), shown(found.error, 4)),
        ("AIC / BIC", f"{shown(found.aic, 5)} / {shown(found.bic, 5)}"),
        ("Durbin-Watson", shown(found.durbin_watson, 4)),
    ]
    blocks: list[Block] = [Facts(facts), *_coefficients(found, words)]
    if found.checks:
        heads = [("前提", "assumption"), ("统计量", "statistic"), ("p", "p"), ("结论", "verdict")]
        checks = [(words.told(c.name), c.statistic, as_p(c.p), words.yes(c.holds)) for c in found.checks]
        blocks.append(words.table(("诊断", "Diagnostics"), heads, checks))
    return [*blocks, _influential(found, words)] if found.influential else blocks


def _coefficients(found: Regression, words: Words) -> list[Block]:
    names = [words.say("（常数）", INTERCEPT) if t.name == INTERCEPT else t.name for t in found.terms]
    heads = [
        ("项", "term"),
        ("系数", "b"),
        ("标准误", "se"),
        ("t", "t"),
        ("p", "p"),
        ("95%下限", "95 % low"),
        ("95%上限", "95 % high"),
    ]
    rows = [
        (name, t.b, t.se, t.t, as_p(t.p), t.low, t.high) for name, t in zip(names, found.terms, strict=True)
    ]
    more = [
        ("项", "term"),
        ("标准化系数", "beta"),
        ("稳健标准误（HC3）", "robust se (HC3)"),
        ("稳健 p", "robust p"),
        ("VIF", "VIF"),
    ]
    others = [
        (name, t.beta, t.robust_se, as_p(t.robust_p), t.vif)
        for name, t in zip(names, found.terms, strict=True)
    ]
    return [
        words.table(("系数", "Coefficients"), heads, rows),
        words.table(("系数的可比性与稳健性", "Coefficients compared, and how robust they are"), more, others),
    ]


def _influential(found: Regression, words: Words) -> Block:
    heads = [
        ("单位", "unit"),
        ("观测值", "observed"),
        ("拟合值", "fitted"),
        ("学生化残差", "studentised residual"),
        ("杠杆值", "leverage"),
        ("Cook 距离", "Cook's distance"),
        ("原因", "why"),
    ]
    rows = [
        (u.unit, u.observed, u.fitted, u.residual, u.leverage, u.cook, words.told(u.why))
        for u in found.influential
    ]
    return words.table(("影响大的单位", "Influential units"), heads, rows)


def of_adequacy(found: Adequacy, words: Words) -> list[Block]:
    """KMO and Bartlett."""
    if found.kmo is None or found.p is None:
        return []
    pairs = [
        ("KMO", shown(found.kmo, 4)),
        ("Bartlett", f"χ²({found.df}) = {shown(found.bartlett, 5)}, {probability(found.p)}"),
    ]
    rows = found.items
    return [
        Facts(pairs),
        words.table(("各列的 KMO", "KMO of each column"), [("列", "column"), ("KMO", "KMO")], rows),
    ]


def of_components(found: Components, words: Words) -> list[Block]:
    """Eigenvalues and loadings."""
    heads = [("主成分", "component"), ("特征值", "eigenvalue"), ("占方差", "share"), ("累计", "cumulative")]
    rows = [
        (str(place), value, percent(share), percent(total))
        for place, (value, share, total) in enumerate(
            zip(found.eigenvalues, found.shares, found.cumulative, strict=True), 1
        )
    ]
    names = [(f"主成分{place}", f"component {place}") for place in range(1, found.kept + 1)]
    loadings = [(name, *row) for name, row in zip(found.names, found.loadings, strict=True)]
    return [
        words.table(("特征值", "Eigenvalues"), heads, rows),
        words.table(("载荷", "Loadings"), [("列", "column"), *names], loadings),
    ]


def of_factors(found: Factors, words: Words) -> list[Block]:
    """How they were found, suitability, loadings and shares."""
    rotation = words.say("方差最大正交旋转（varimax）", "varimax") if found.rotation == "varimax" else "—"
    facts = [
        (words.say("提取", "extraction"), words.say(*METHODS[found.method])),
        (words.say("旋转", "rotation"), rotation),
        (words.say("因子数", "factors"), f"{found.count} ({words.told(found.chosen_by)})"),
        (words.say("单位数", "units"), f"{found.n:,}"),
        (
            words.say("特征值", "eigenvalues"),
            words.say("、", ", ").join(shown(each, 4) for each in found.eigenvalues[:12]),
        ),
    ]
    names = [(f"因子{place}", f"factor {place}") for place in range(1, found.count + 1)]
    loadings = [
        (name, *row, communality)
        for name, row, communality in zip(found.names, found.loadings, found.communalities, strict=True)
    ]
    shares = [
        (words.say(*name), percent(share), percent(total))
        for name, share, total in zip(names, found.shares, found.cumulative, strict=True)
    ]
    return [
        Facts(facts),
        *of_adequacy(found.adequacy, words),
        words.table(("载荷", "Loadings"), [("列", "column"), *names, ("共同度", "communality")], loadings),
        words.table(
            ("解释的方差", "Variance explained"),
            [("因子", "factor"), ("占方差", "share"), ("累计", "cumulative")],
            shares,
        ),
    ]


def of_reliability(found: Reliability, words: Words) -> list[Block]:
    """Alpha and the items."""
    facts = [
        ("Cronbach α", shown(found.alpha, 4)),
        (words.say("标准化 α", "standardised α"), shown(found.standardised, 4)),
        (words.say("单位数", "units"), f"{found.n:,}"),
    ]
    heads = [
        ("项", "item"),
        ("平均", "mean"),
        ("标准差", "sd"),
        ("与其余项相关", "item-rest correlation"),
        ("去掉后的 α", "α without it"),
    ]
    rows = [(item.name, item.mean, item.sd, item.rest, item.without) for item in found.items]
    return [Facts(facts), words.table(("各项", "Items"), heads, rows)]
