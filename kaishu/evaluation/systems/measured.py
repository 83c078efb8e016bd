"""Systems whose data the program measured itself: data quality, and metadata quality by the EU's method."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kaishu.base.errors import Said
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.systems.rows import Compared, figure, word
from kaishu.evaluation.systems.sources import SYSTEMS

ABOUT_QUALITY = Said(
    "标准没有公布的结果可比；对照的是 kaishu check 自己算出的得分。"
    "它的总分用规则文件里的维度权重，这里是等权，所以有权重的表总分可以不同。",
    "The standard prints no results; what is compared is the score that kaishu check computes itself. "
    "Its total takes the weights of the rule file; here the dimensions weigh the same, so that totals of "
    "weighted tables may differ.",
)
ABOUT_MQA = Said(
    "满分和分档与公布的方法核对；各目录的总分与 kaishu inspect mqa 打印的核对。",
    "Maxima and ratings are checked against the published method, points of catalogues against what kaishu "
    "inspect mqa printed.",
)
_WEIGHTED = Said("规则文件给维度写了不同的权重。", "The rule file weighs the dimensions differently.")
#: Points that can be had in each dimension, as published at data.europa.eu/mqa/methodology.
MAXIMA = {
    "findability": 100,
    "accessibility": 100,
    "interoperability": 110,
    "reusability": 75,
    "contextuality": 20,
}
_RATINGS = {"excellent": "优秀", "good": "良好", "sufficient": "合格", "bad": "较差"}


def quality_rows(result: Result) -> Iterator[Compared]:
    """Each table's dimensions and total beside those of the check."""
    what, whole = Said("维度得分", "score of the dimension"), Said("总分", "total")
    for check in _shipped("data-quality-gbt36344/checked.json"):
        unit = result.unit(check["name"])
        weighed = _weighed(check)
        for name, score in check["scores"].items():
            if name == "total":
                yield figure(
                    whole, unit.name, f"{score:g}", unit.score, _WEIGHTED, "partly" if weighed else "no"
                )
            else:
                node = unit.nodes[name]
                yield figure(what, _dimension(result, name, unit.name), f"{score:g}", node.score)


def mqa_rows(result: Result) -> Iterator[Compared]:
    """Maxima of the dimensions, then points and rating of each catalogue."""
    most = Said("满分", "points that can be had")
    whole = 0.0
    for node in result.passport.tree:
        points = float(sum(child.weight or 0 for child in node.children) * (node.weight or 0))
        whole += points
        yield figure(most, _dimension(result, node.code), str(MAXIMA[node.code]), points)
    yield figure(most, "", str(sum(MAXIMA.values())), whole)
    score, rating = Said("得分", "points"), Said("分档", "rating")
    for part in _shipped("mqa/measured.json"):
        unit = result.unit(part["catalogue"])
        yield figure(score, unit.name, f"{part['score']:.1f}", unit.score)
        yield word(rating, unit.name, _rated(result, _RATINGS[part["rating"]]), _rated(result, unit.grade))


def _dimension(result: Result, code: str, unit: str = "") -> Said:
    """A dimension, of a unit if one is named."""
    title, before = result.nodes[code][0].title, f"{unit}·" if unit else ""
    return Said(before + title.said("zh"), before + title.said("en"))


def _rated(result: Result, grade: str | None) -> Said:
    """A grade with its English."""
    return Said(grade or "", result.passport.mark_said(grade, "en"))


def _weighed(check: dict[str, Any]) -> bool:
    """Whether the check's total is not the plain mean of its dimensions."""
    scores = [value for name, value in check["scores"].items() if name != "total"]
    return bool(scores) and abs(sum(scores) / len(scores) - check["scores"]["total"]) > 0.0001


def _shipped(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SYSTEMS / name).read_text(encoding="utf-8"))
    return found
