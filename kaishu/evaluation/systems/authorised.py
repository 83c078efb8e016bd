"""Authorised operation 2025: weights by mode exactly, grades as far as stand-ins carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.building.evaluating import build
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.methods import round_half_away
from kaishu.evaluation.systems.rows import NOTHING, Agreement, Compared, figure
from kaishu.evaluation.systems.sources import Row, table

ABOUT = Said(
    "权重与授权模式规则逐项精确核对。报告只公布等级，没有得分和分数线：这里用各维度等级的替身分合成指数，"
    "按指数从高到低、取公布的各等级个数分等，再与公布的综合等级比较，所以不依赖分数线。"
    "替身分由本系统拟定，不一致不说明报告有误。",
    "Weights and the rule of modes are checked exactly. The report prints grades, no scores and no "
    "limits: here the index is made of stand-ins for the grades of the dimensions, places are graded "
    "from the top by it, as many of each grade as were printed, and compared with the printed grade, so "
    "that limits do not matter. The stand-ins are ours; a difference does not mean that the report is "
    "wrong.",
)
SCENARIO = "依场景授权模式"
GRADES = ("A+", "A", "A-", "B+", "B")
_TIE = Said("替身分相同的几地跨在两个等级上。", "Places with the same stand-ins lie across two grades.")
_MODE = Said(
    "表中没有写明该地的授权模式；按依场景授权模式（产品/服务开发不适用）则一致。",
    "The tables do not say the place's mode; under the scenario mode (products not applicable) it agrees.",
)
_STAND_INS = Said(
    "替身分每维只有四个数，未列入的维度只知道低于A-，也没有写明授权模式。",
    "Stand-ins have four values a dimension, of one not listed it is only known to lie below A-, and modes "
    "are not stated.",
)
#: Scores closer than this are the same.
_SAME = 1e-9
_LIMITS = Said("分数线没有公布，这里的由本系统拟定。", "Limits are not published; these are ours.")


def rows(result: Result) -> Iterator[Compared]:
    """Weights of each mode, grades of each place, and the order of the grades."""
    yield from _weights(result)
    scenario = build(result.passport, replace(result.table, classes=(SCENARIO,) * len(result.table)))
    yield from _grades(result, scenario)
    yield from _order(result, scenario)


def _weights(result: Result) -> Iterator[Compared]:
    """Effective weights of the dimensions, from one place taken through every mode."""
    what = Said("维度权重（%）", "weight of the dimension (%)")
    whole = Said("权重之和（%）", "sum of the weights (%)")
    codes = {node.title.zh: node.code for node in result.passport.tree}
    printed = table("operation-2025/mode_weights")
    for mode in dict.fromkeys(row["mode"] for row in printed):
        ours = build(result.passport, replace(result.table, classes=(mode,) * len(result.table)))
        total = Fraction(0)
        for row in printed:
            if row["mode"] == mode:
                place = ours.places[codes[row["dimension"]]]
                weight = float(np.nan_to_num(ours.weights[0, place]))
                total += Fraction(str(float(round_half_away(100 * weight, 10))))
                yield figure(what, f"{mode}·{row['dimension']}", row["weight_percent"], 100 * weight)
        yield figure(whole, mode, "100", float(total))


def _grades(result: Result, scenario: Result) -> Iterator[Compared]:
    """By place: as many of each grade from the top as were printed; then how many agree under our limits."""
    what = Said("综合等级", "overall grade")
    same = Said("按本系统分数线等级相同的地方", "places with the same grade under our limits")
    for scope in ("省域", "城市"):
        listed = [row for row in _overall() if row["scope"] == scope]
        tiers = [row["grade"] for grade in GRADES for row in listed if row["grade"] == grade]
        ids = [f"{scope}-{row['place']}" for row in listed]
        scores = {id: result.unit(id).score or 0.0 for id in ids}
        for row, id in zip(listed, ids, strict=True):
            others = [score for other, score in scores.items() if other != id]
            own = _tiers(scores[id], others, tiers)
            agrees: Agreement
            if row["grade"] in own:
                agrees, reason = ("yes", NOTHING) if len(set(own)) == 1 else ("partly", _TIE)
            elif _may_be_scenario(row) and row["grade"] in _tiers(
                scenario.unit(id).score or 0.0, others, tiers
            ):
                agrees, reason = "partly", _MODE
            else:
                agrees, reason = "no", _STAND_INS
            ours = "/".join(dict.fromkeys(own))
            yield Compared(what, row["place"], row["grade"], ours, agrees, reason)
        equal = sum(result.unit(id).grade == row["grade"] for row, id in zip(listed, ids, strict=True))
        yield figure(same, scope, str(len(listed)), float(equal), _LIMITS)


def _tiers(score: float, others: Sequence[float], tiers: Sequence[str]) -> list[str]:
    """Grades of the places that a score may take among the others."""
    above = sum(other > score + _SAME for other in others)
    level = sum(abs(other - score) <= _SAME for other in others)
    return list(tiers[above : above + level + 1])


def _order(result: Result, scenario: Result) -> Iterator[Compared]:
    """Pairs of places with different printed grades that our index orders the same way: needs no limits."""
    what = Said(
        "公布等级不同的两地，次序相同的对数", "pairs of places with different grades in the same order"
    )
    for scope in ("省域", "城市"):
        listed = [
            (
                GRADES.index(row["grade"]),
                [
                    float(each.unit(f"{scope}-{row['place']}").score or 0)
                    for each in (result, scenario if _may_be_scenario(row) else result)
                ],
            )
            for row in _overall()
            if row["scope"] == scope
        ]
        pairs = [
            (above, below)
            for place, (grade, above) in enumerate(listed)
            for other, below in listed[place + 1 :]
            if other > grade
        ]
        kept = sum(above[0] > below[0] for above, below in pairs)
        either = sum(max(above) > min(below) for above, below in pairs)
        reason = Said(
            f"授权模式未写明；允许没有产品等级的地方取依场景模式，则有{either}对次序相同。",
            f"Modes are not stated; with the scenario mode where products have no grade {either} agree.",
        )
        agrees: Agreement = "partly" if either == len(pairs) else "no"
        if kept == len(pairs):
            yield Compared(what, scope, str(len(pairs)), str(kept), "yes")
        else:
            yield Compared(what, scope, str(len(pairs)), str(kept), agrees, reason)


def _may_be_scenario(row: Row) -> bool:
    """Under the scenario mode there is no grade for products; a place that has one is under another mode."""
    return not any(
        each["dimension"] == "产品/服务开发"
        and each["place"] == row["place"]
        and each["scope"] == row["scope"]
        for each in table("operation-2025/grades")
    )


def _overall() -> list[Row]:
    return [row for row in table("operation-2025/grades") if row["dimension"] == "综合指数"]
