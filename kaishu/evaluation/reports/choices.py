"""The choices of a passport in words."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import Said
from kaishu.evaluation.system import choices
from kaishu.evaluation.system.model import Judged, Node, Passport

_NORMALISATIONS = {
    "min-max": Said("极差归一", "min-max"),
    "z-score": Said("标准分", "z-score"),
    "rank": Said("名次", "rank"),
    "borda": Said("博尔达计分", "Borda count"),
    "percentile": Said("百分位次", "percentile rank"),
    "to-maximum": Said("与最大值之差", "distance to the maximum"),
    "share": Said("占最大值之比", "share of the maximum"),
    "binary": Said("是否", "yes or no"),
    "direct": Said("直接采用", "taken as given"),
}
_MISSING = {
    "zero": Said("缺失计0分", "missing counts as 0"),
    "lowest": Said("缺失计最低分", "missing counts as the lowest score"),
    "skip": Said("缺失不计，其余权重按比例放大", "missing is left out, the other weights grow in proportion"),
    "propagate": Said("有缺失则上级也缺失", "missing makes the parent missing"),
}
_IMPUTED = {
    "mean": Said("平均数插补", "filled with the mean"),
    "median": Said("中位数插补", "filled with the median"),
    "group-mean": Said("同组平均数插补", "filled with the mean of the group"),
    "group-median": Said("同组中位数插补", "filled with the median of the group"),
    "row": Said("用本单位同级其他指标插补", "filled from the unit's other indicators"),
    "last": Said("用上一期的值", "filled with the last value known"),
    "linear": Said("线性插值", "filled by a line between periods"),
}
_AGGREGATIONS = {
    "arithmetic": Said("加权算术平均", "weighted arithmetic mean"),
    "sum": Said("计分相加", "sum of points"),
    "geometric": Said("加权几何平均", "weighted geometric mean"),
    "harmonic": Said("加权调和平均", "weighted harmonic mean"),
    "median": Said("加权中位数", "weighted median"),
    "minimum": Said("取最低项", "the lowest member"),
    "copeland": Said("科普兰两两比较", "Copeland comparison in pairs"),
    "topsis": Said("TOPSIS 理想解", "TOPSIS"),
    "mazziotta-pareto": Said("Mazziotta–Pareto 指数", "Mazziotta-Pareto index"),
}
_WEIGHTS = {
    "given": Said("给定", "given"),
    "equal": Said("等权", "equal"),
    "entropy": Said("熵权法", "entropy"),
    "critic": Said("CRITIC", "CRITIC"),
    "cv": Said("变异系数法", "coefficient of variation"),
    "pca": Said("主成分", "principal component"),
}
_CONSTANT = {
    "full": Said("数值全相同记满分", "a constant indicator gets full marks"),
    "zero": Said("数值全相同记0分", "a constant indicator gets 0"),
    "middle": Said("数值全相同记中间分", "a constant indicator gets the middle score"),
    "leave-out": Said("数值全相同的不计入", "a constant indicator is left out"),
}
_TIES = {
    "best": Said("同分取靠前名次", "ties share the best place"),
    "average": Said("同分取平均名次", "ties share the average place"),
    "dense": Said("同分同名次，后面不空", "ties leave no gap"),
}


def normalisation(leaf: Node, passport: Passport) -> Said:
    """How a leaf's value becomes a score."""
    indicator = leaf.indicator
    default = "direct" if indicator and isinstance(indicator.from_, Judged) else passport.normalise
    choice = indicator.normalise if indicator and indicator.normalise is not None else default
    if isinstance(choice, str):
        return _NORMALISATIONS[choice]
    found = _with_pair(choice)
    if found is not None:
        return found
    if isinstance(choice, choices.Target):
        return Said(f"与目标{choice.target:g}之距", f"distance to the target {choice.target:g}")
    if isinstance(choice, choices.Reference):
        return Said(f"相对于{choice.reference}", f"relative to {choice.reference}")
    if isinstance(choice, choices.Steps):
        steps = "，".join(f"≥{limit:g}得{score:g}" for limit, score in choice.steps)
        steps_en = ", ".join(f"≥{limit:g}: {score:g}" for limit, score in choice.steps)
        return Said(f"分档（{steps}）", f"steps ({steps_en})")
    if isinstance(choice, choices.Levels):
        levels = "，".join(f"{word}得{score:g}" for word, score in choice.levels.items())
        levels_en = ", ".join(f"{word}: {score:g}" for word, score in choice.levels.items())
        return Said(f"按等次（{levels}）", f"levels ({levels_en})")
    assert isinstance(choice, choices.Binary)
    return Said(f"是否（{'、'.join(choice.binary)}为是）", f"yes or no (yes: {', '.join(choice.binary)})")


def _with_pair(choice: object) -> Said | None:
    words: tuple[tuple[type, str, str, str], ...] = (
        (choices.MinMax, "min_max", "极差归一到", "min-max to"),
        (choices.ZScore, "z_score", "标准分，平均与标准差为", "z-score, mean and sd"),
        (choices.Goalposts, "goalposts", "两端固定为", "goalposts"),
        (choices.LogGoalposts, "log_goalposts", "取对数后两端固定为", "goalposts of logarithms"),
        (choices.Efficacy, "efficacy", "功效系数，不允许值与满意值为", "efficacy between"),
    )
    for kind, name, zh, en in words:
        if isinstance(choice, kind):
            low, high = getattr(choice, name)
            return Said(f"{zh}{low:g}、{high:g}", f"{en} {low:g}, {high:g}")
    return None


def missing(choice: choices.Missing) -> Said:
    """What is done about a missing value."""
    if isinstance(choice, str):
        return _MISSING[choice]
    if isinstance(choice, choices.Threshold):
        return Said(
            f"缺失不计；有值的不足{choice.threshold:.0%}则上级缺失",
            f"missing is left out; with less than {choice.threshold:.0%} there, the parent is missing",
        )
    how = choice.impute
    return (
        _IMPUTED[how]
        if isinstance(how, str)
        else Said(f"补为{how.constant:g}", f"filled with {how.constant:g}")
    )


def aggregation(choice: choices.Aggregation) -> Said:
    """How members become one score."""
    if isinstance(choice, str):
        return _AGGREGATIONS[choice]
    if isinstance(choice, choices.Power):
        return Said(f"{choice.power:g}次幂平均", f"power mean, exponent {choice.power:g}")
    told = [(level, aggregation(each)) for level, each in sorted(choice.levels.items())]
    return Said(
        "；".join(f"第{level}级{said}" for level, said in told),
        "; ".join(f"level {level}: {said.en}" for level, said in told),
    )


def weighing(choice: choices.Weighing) -> Said:
    """Where weights come from."""
    if isinstance(choice, str):
        return _WEIGHTS[choice]
    if isinstance(choice, choices.Ahp):
        return Said("层次分析法（AHP）", "AHP")
    if isinstance(choice, choices.Pca):
        return _WEIGHTS["pca"]
    if isinstance(choice, choices.Budget):
        return Said("专家分配分数", "points given by experts")
    both = choice.combined
    mine = weighing(both.subjective)
    data = _WEIGHTS[both.objective]
    how = (
        Said("相乘", "by product")
        if both.how == "product"
        else Said(f"各占{both.share:g}和{1 - both.share:g}", f"shares {both.share:g} and {1 - both.share:g}")
    )
    return Said(f"{mine}与{data}组合（{how}）", f"{mine.en} and {data.en} combined ({how.en})")


def treatment(choice: choices.Treatment) -> Said:
    """What is done about outliers."""
    if isinstance(choice, choices.Winsorise):
        return Said(f"缩尾，至多{choice.winsorise}个点", f"winsorised, at most {choice.winsorise} points")
    return Said("取对数", "logarithm") if choice == "log" else Said("不处理", "not treated")


def constant(passport: Passport) -> Said:
    """What a column of equal values becomes."""
    return _CONSTANT[passport.constant]


def ties(passport: Passport) -> Said:
    """How equal scores are ranked."""
    told = _TIES[passport.rank.ties]
    if passport.rank.decimals is None:
        return Said(f"按未取整的得分，{told}", f"by unrounded scores; {told.en}")
    places = passport.rank.decimals
    return Said(f"得分取{places}位小数后排名，{told}", f"by scores rounded to {places} decimals; {told.en}")


def scale(passport: Passport) -> Said:
    """The marks that can be had; where points are summed, of an indicator and of the whole."""
    low, high = passport.scale
    each = Said(f"{low:g}至{high:g}分", f"{low:g} to {high:g}")
    if passport.aggregate != "sum" or any(node.aggregate for node in passport.nodes()):
        return each

    def full(nodes: Sequence[Node]) -> float:
        return sum(
            float(node.weight or 0) * (full(node.children) if node.children else high) for node in nodes
        )

    total = full(passport.tree)
    return Said(f"每项指标{each}，满分{total:g}分", f"{each.en} for an indicator, {total:g} in all")
