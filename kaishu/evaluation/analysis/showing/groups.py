"""Descriptions, inequality and comparisons of groups."""

from __future__ import annotations

from kaishu.evaluation.analysis.comparing import Comparison
from kaishu.evaluation.analysis.concentration import Inequality
from kaishu.evaluation.analysis.description import Description, Groups
from kaishu.evaluation.analysis.showing.writing import Words, as_p
from kaishu.evaluation.analysis.wording import percent, probability, shown
from kaishu.reporting import Bar, Bars, Block, Facts

_MOST_BARS = 40


def of_description(found: Description, words: Words) -> list[Block]:
    """A table of one column's statistics."""
    rows = [
        (words.say("数量", "values"), found.n),
        (words.say("缺失", "missing"), found.missing),
        (words.say("合计", "sum"), found.total),
        (words.say("平均", "mean"), found.mean),
        (words.say("中位数", "median"), found.median),
        (words.say("标准差", "standard deviation"), found.sd),
        (words.say("变异系数", "coefficient of variation"), found.cv),
        (words.say("最小", "minimum"), found.minimum),
        (words.say("下四分位数", "lower quartile"), found.q1),
        (words.say("上四分位数", "upper quartile"), found.q3),
        (words.say("最大", "maximum"), found.maximum),
        (words.say("全距", "range"), found.range),
        (words.say("偏度", "skewness"), found.skewness),
    ]
    return [words.table((found.name, found.name), [("统计量", "statistic"), ("值", "value")], rows)]


def of_groups(found: Groups, words: Words) -> list[Block]:
    """A line and a bar for each group."""
    heads = [
        ("组", "group"),
        ("数量", "n"),
        ("平均", "mean"),
        ("中位数", "median"),
        ("标准差", "sd"),
        ("最小", "minimum"),
        ("最大", "maximum"),
        ("全距", "range"),
        ("合计", "sum"),
        ("占比", "share"),
        ("名次", "rank"),
    ]
    rows = [
        (
            g.name,
            g.n,
            g.mean,
            g.median,
            g.sd,
            g.minimum,
            g.maximum,
            g.range,
            g.total,
            percent(g.share),
            g.rank,
        )
        for g in found.groups
    ]
    table = words.table(
        (f"按“{found.by}”分组的“{found.name}”", f'"{found.name}" by "{found.by}"'), heads, rows
    )
    top = max((g.mean for g in found.groups), default=0.0)
    if top <= 0 or min(g.mean for g in found.groups) < 0 or len(found.groups) > _MOST_BARS:
        return [table]
    ordered = sorted(found.groups, key=lambda g: g.rank)
    title = words.say(f"各组“{found.name}”平均", f'Mean "{found.name}" of each group')
    return [table, Bars(title, [Bar(g.name, g.mean / top, shown(g.mean, 4)) for g in ordered])]


def of_inequality(found: Inequality, words: Words) -> list[Block]:
    """The measures as facts."""
    pairs = [
        (words.say("单位数", "units"), f"{found.n:,}"),
        (words.say("基尼系数", "Gini coefficient"), shown(found.gini, 4)),
        (words.say("变异系数", "coefficient of variation"), shown(found.cv, 4)),
        (words.say("泰尔指数", "Theil index"), shown(found.theil, 4)),
        (words.say("最高五分之一占合计", "held by the top fifth"), percent(found.top_fifth)),
    ]
    if found.by is not None:
        pairs += [
            (words.say(f"“{found.by}”组间", f'between "{found.by}"'), _part(found.between, found.theil)),
            (words.say("组内", "within"), _part(found.within, found.theil)),
        ]
    return [Facts(pairs)]


def _part(part: float | None, whole: float | None) -> str:
    return shown(part, 4) if part is None or not whole else f"{shown(part, 4)} ({percent(part / whole)})"


def of_comparison(found: Comparison, words: Words) -> list[Block]:
    """The test, what it assumes, how the spread splits, and the pairs."""
    df = words.say("、", ", ").join(shown(each, 4) for each in found.df)
    pairs = [
        (words.say("检验", "test"), words.told(found.title)),
        (words.say("为什么用它", "why this one"), words.told(found.chosen_because)),
        (words.say("统计量", "statistic"), shown(found.statistic, 5)),
        (words.say("自由度", "degrees of freedom"), df or "—"),
        (words.say("概率", "probability"), probability(found.p)),
        (
            words.say("效应量", "effect size"),
            f"{words.told(found.effect.name)} = {shown(found.effect.value, 4)}"
            f" ({words.told(found.effect.size)})",
        ),
        (words.say("组间占总变差", "spread between groups"), percent(found.spread.share)),
    ]
    if found.interval:
        low, high = found.interval
        pairs.append(
            (
                words.say("平均差的95%区间", "95 % interval of the difference"),
                f"{shown(low, 4)} … {shown(high, 4)}",
            )
        )
    blocks: list[Block] = [Facts(pairs), _assumptions(found, words)]
    if found.pairs:
        heads = [("组", "first"), ("对照组", "second"), ("差", "difference"), ("p（Holm 修正）", "p (Holm)")]
        rows = [(p.first, p.second, p.difference, as_p(p.p)) for p in found.pairs]
        blocks.append(words.table(("两两比较", "Pairs"), heads, rows))
    return blocks


def _assumptions(found: Comparison, words: Words) -> Block:
    sizes = dict(found.sizes)
    heads = [
        ("前提", "assumption"),
        ("组", "group"),
        ("数量", "n"),
        ("统计量", "statistic"),
        ("p", "p"),
        ("结论", "verdict"),
    ]
    rows = [
        (
            words.told(each.name),
            each.group or words.say("全部", "all"),
            found.n if each.group is None else sizes[each.group],
            each.statistic,
            as_p(each.p),
            words.yes(each.holds),
        )
        for each in found.assumptions
    ]
    return words.table(("前提", "Assumptions"), heads, rows)
