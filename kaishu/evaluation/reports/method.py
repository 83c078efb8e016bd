"""How the scores were made: what the passport decides, and the tree with its weights."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from kaishu.base.errors import Said, in_language
from kaishu.evaluation.building.notes import NOT_APPLICABLE
from kaishu.evaluation.facts.model import source_said
from kaishu.evaluation.reports import choices
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import NOTHING, Showing, without_empty
from kaishu.evaluation.reports.template import Section
from kaishu.evaluation.reports.whole_words import ours
from kaishu.evaluation.system.choices import Missing
from kaishu.evaluation.system.model import Node, Passport
from kaishu.reporting import Block, Facts, Note

_OURS = Said("自拟", "ours")
_PUBLISHED = Said("公布", "published")


def method(material: Material, section: Section) -> Iterator[Block]:
    """Facts, the tree, and what does not apply to whom."""
    shown = material.shown
    yield Facts([pair for pair in _facts(shown) if pair[1]])
    heads = [
        shown.say("指标", "indicator"),
        shown.say("组内权重", "weight in its group"),
        shown.say("总权重", "weight in all"),
        shown.say("方向", "direction"),
        shown.say("标准化", "normalised by"),
        shown.say("缺失值", "missing values"),
        shown.say("权重来源", "weight is"),
    ]
    rows = list(_tree(shown))
    leaves = [row for row, node in zip(rows, shown.result.passport.nodes(), strict=True) if not node.children]
    for at in (3, 4, 5):  # what all indicators share stands in the facts already
        if len({row[at] for row in leaves}) == 1:
            for row in leaves:
                row[at] = ""
    yield without_empty(heads, rows, {1, 2}, shown.say("指标树", "The tree of indicators"))
    if any(shown.result.flags.ravel() & NOT_APPLICABLE):
        yield Note(
            shown.say(
                "有的指标对部分对象不适用；表中权重是适用全部指标的对象的权重，各对象实际的权重见附录。",
                "Some indicators do not apply to some units; the weights here are those of units to which "
                "all apply, and the appendix has the weights of each unit.",
            )
        )


def _facts(shown: Showing) -> list[tuple[str, str]]:
    passport = shown.result.passport
    table = shown.result.table

    def said(words: Said) -> str:
        return in_language(words, shown.language)

    return [
        (
            shown.say("指标体系", "system"),
            f"{shown.of_system}（{passport.system}）"
            if shown.language != "en"
            else f"{shown.of_system} ({passport.system})",
        ),
        (shown.say("版本", "edition"), passport.edition),
        (shown.say("来源", "source"), passport.source.report.said(shown.language)),
        (shown.say("来源位置", "place in it"), passport.source.place.said(shown.language)),
        (shown.say("数据", "data"), said(source_said(table.source))),
        (shown.say("分值", "scale"), said(choices.scale(passport))),
        (shown.say("标准化", "normalised by"), said(_usual_normalisation(passport))),
        (shown.say("方向", "direction"), _usual_direction(shown)),
        (shown.say("极值取自", "extremes from"), said(_ranges(passport))),
        (shown.say("异常值", "outliers"), said(choices.treatment(passport.outliers))),
        (shown.say("缺失值", "missing values"), said(choices.missing(passport.missing))),
        (shown.say("数值全相同", "constant indicators"), said(choices.constant(passport))),
        (shown.say("权重", "weights"), said(choices.weighing(passport.weights))),
        (shown.say("合成", "aggregation"), said(choices.aggregation(passport.aggregate))),
        (shown.say("排名", "ranks"), "" if passport.stages else _ranks(shown)),
        (shown.say("等级", "grades"), _grades(shown)),
        (shown.say("阶段", "stages"), _stages(shown)),
        (shown.say("自行拟定", "set by us"), ours(shown)),
    ]


def _usual_normalisation(passport: Passport) -> Said:
    """That of most indicators."""
    told = [choices.normalisation(leaf, passport) for leaf in passport.leaves()]
    kinds = {str(each): each for each in told}
    if len(kinds) == 1:
        return told[0]
    return Said("按指标，见指标树", "by indicator, see the tree")


def _usual_direction(shown: Showing) -> str:
    """Of all indicators, if they share it."""
    told = {_direction(shown, leaf) for leaf in shown.leaves}
    return told.pop() if len(told) == 1 else ""


def _ranges(passport: Passport) -> Said:
    words = {
        "all": Said("全部对象", "all units"),
        "group": Said("同组对象", "units of the group"),
        "period": Said("同一时期", "units of the period"),
        "group-and-period": Said("同组同一时期", "units of the group and period"),
    }[passport.ranges.within]
    if passport.ranges.base is None:
        return words
    base = passport.ranges.base
    return Said(f"{words}，固定为{base}期", f"{words.en}, frozen to {base}")


def _ranks(shown: Showing) -> str:
    told = in_language(choices.ties(shown.result.passport), shown.language)
    return told + (shown.say("；分组排名", "; inside of groups") if shown.grouped else "")


def _grades(shown: Showing) -> str:
    grading = shown.result.passport.grades
    if grading is None:
        return ""
    if isinstance(grading, tuple):
        parts = []
        for each in grading:
            name = shown.grade(each.grade)
            limit = "" if each.at_least is None else f" ≥ {each.at_least:g}"
            parts.append(name + limit)
        return shown.say("；", "; ").join(parts)
    kinds = {
        "Quantiles": ("按名次比例", "by shares of the units"),
        "EqualWidth": ("等距分档", "classes of equal width"),
        "Deviations": ("按平均数加减标准差", "by the mean and standard deviations"),
        "NaturalBreaks": ("自然断点", "natural breaks"),
    }
    return shown.say(*kinds[type(grading).__name__])


def _stages(shown: Showing) -> str:
    passport = shown.result.passport
    if not passport.stages:
        return ""
    parts = [
        shown.say(
            f"{shown.stage(each.stage)}：{len(each.all)}个条件",
            f"{shown.stage(each.stage)}: {len(each.all)} conditions",
        )
        for each in reversed(passport.stages)
    ]
    rule = (
        shown.say("取条件全部满足的最高阶段", "the highest stage whose conditions all hold")
        if passport.stage_rule == "highest"
        else shown.say("逐级满足", "each stage needs those below it")
    )
    return shown.say("；", "; ").join([*parts, rule])


# ---- the tree


def _tree(shown: Showing) -> Iterator[list[str]]:
    result = shown.result
    shares, weights = _nominal(shown)
    for node in result.passport.nodes():
        level = result.nodes[node.code][1]
        place = result.places[node.code]
        told = (
            (
                in_language(choices.aggregation(node.aggregate), shown.language) if node.aggregate else "",
                "",
            )
            if node.children
            else (
                in_language(choices.normalisation(node, result.passport), shown.language),
                in_language(choices.missing(_missing_of(node, result.passport)), shown.language),
            )
        )
        yield [
            "　" * (level - 1) + f"{node.code} {shown.title(node)}",
            _weight(shown, shares[place], node),
            _weight(shown, weights[place], None),
            _direction(shown, node),
            *told,
            in_language(_origin(shown, node), shown.language),
        ]


def _nominal(shown: Showing) -> tuple[list[float], list[float]]:
    """Shares and weights of a unit to which the most applies; of several such, the first with most scores."""
    result = shown.result
    rows = shown.rows
    applies = (result.flags[rows] & NOT_APPLICABLE == 0).sum(axis=1)
    there = (~np.isnan(result.scores[rows])).sum(axis=1)
    row = rows[int(np.lexsort((-there, -applies))[0])]
    return result.shares[row].tolist(), result.weights[row].tolist()


def _weight(shown: Showing, value: float, node: Node | None) -> str:
    if node is not None and node.weight is not None and shown.result.passport.aggregate == "sum":
        return f"{float(node.weight):g}"
    if value != value:
        return NOTHING
    exact = Fraction(value).limit_denominator(10_000)
    digits = 1 if abs(float(exact * 1000) - round(float(exact * 1000))) < 1e-9 else 2
    if shown.result.passport.aggregate == "sum":
        return f"{value:g}"
    return shown.percent(value, digits)


def _direction(shown: Showing, node: Node) -> str:
    if node.indicator is None:
        return ""
    return (
        shown.say("越小越好", "less is better")
        if node.indicator.direction == "less"
        else shown.say("越大越好", "more is better")
    )


def _missing_of(leaf: Node, passport: Passport) -> Missing:
    """The indicator's own policy, else the nearest above it."""
    if leaf.indicator is not None and leaf.indicator.missing is not None:
        return leaf.indicator.missing

    def walk(nodes: tuple[Node, ...], policy: Missing) -> Missing | None:
        for node in nodes:
            own = node.missing if node.missing is not None else policy
            if node.code == leaf.code:
                return own
            found = walk(node.children, own)
            if found is not None:
                return found
        return None

    return walk(passport.tree, passport.missing) or passport.missing


def _origin(shown: Showing, node: Node) -> Said:
    """Is the weight published?  ``ours`` stands on the node, on its parent (``weigh``) or on the whole."""
    passport = shown.result.passport
    parents = {child.code: each for each in passport.nodes() for child in each.children}
    parent = parents.get(node.code)
    keys = {*passport.ours}
    if (
        "weight" in node.ours
        or {"weight", "weights"} & keys
        or (parent is not None and {"weigh", "children"} & {*parent.ours})
    ):
        return _OURS
    if node.weight is not None:
        return _PUBLISHED
    how = parent.weigh if parent is not None and parent.weigh is not None else passport.weights
    return choices.weighing(how)
