"""The policies of a system in words, for people who look at it."""

from __future__ import annotations

from kaishu.base.errors import Said
from kaishu.evaluation.reports import choices
from kaishu.evaluation.system.deciding import Limit
from kaishu.evaluation.system.model import Indicator, Node, Passport

_WITHIN = {
    "all": Said("全部对象", "all units"),
    "group": Said("同组对象", "units of the group"),
    "period": Said("同一时期", "units of the period"),
    "group-and-period": Said("同组同一时期", "units of the group and period"),
}


def normalisation_said(leaf: Node, passport: Passport) -> Said:
    """How a leaf's value becomes a score."""
    return choices.normalisation(leaf, passport)


def policies_said(passport: Passport) -> list[tuple[Said, Said]]:
    """What holds for the whole system: what it is about, and what was chosen."""
    found = [
        (Said("分值", "scale"), choices.scale(passport)),
        (Said("权重", "weights"), choices.weighing(passport.weights)),
        (Said("合成", "aggregation"), choices.aggregation(passport.aggregate)),
        (Said("缺失值", "missing values"), choices.missing(passport.missing)),
        (Said("异常值", "outliers"), choices.treatment(passport.outliers)),
        (Said("数值全相同", "constant indicators"), choices.constant(passport)),
        (Said("极值取自", "extremes from"), _WITHIN[passport.ranges.within]),
    ]
    if not passport.stages:
        ranks = choices.ties(passport)
        if passport.rank.within == "group":
            ranks = Said(f"{ranks}；分组排名", f"{ranks.en}; inside of groups")
        found.append((Said("排名", "ranks"), ranks))
    if passport.grades is not None:
        found.append((Said("等级", "grades"), _grades(passport)))
    if passport.stages:
        zh, en = ([each.worded(language) for each in passport.stages] for language in ("zh", "en"))
        found.append((Said("阶段", "stages"), Said("、".join(zh), ", ".join(en))))
    return found


def _grades(passport: Passport) -> Said:
    grading = passport.grades
    if not isinstance(grading, tuple | list):
        return Said("按分布划定", "drawn from the distribution")
    zh, en = (
        [
            each.worded(language) + ("" if each.at_least is None else f" ≥ {each.at_least:g}")
            for each in grading
            if isinstance(each, Limit)
        ]
        for language in ("zh", "en")
    )
    return Said("、".join(zh), ", ".join(en))


def choice_said(passport: Passport, key: str, word: str) -> Said:
    """One choice of a policy in words; the word itself where it says enough."""
    if key == "missing":
        return choices.missing(word)  # type: ignore[arg-type]
    if key == "aggregate":
        return choices.aggregation(word)  # type: ignore[arg-type]
    if key == "weights":
        return choices.weighing(word)  # type: ignore[arg-type]
    if key == "outliers":
        return choices.treatment(word)  # type: ignore[arg-type]
    other = passport.model_copy(update={key: word})
    if key == "constant":
        return choices.constant(other)
    if key == "normalise":
        return choices.normalisation(Node(code="x", indicator=Indicator()), other)
    return Said(word, word)
