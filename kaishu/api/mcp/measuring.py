"""Tools that say how good a dataset's metadata are: the EU's 23 indicators, 405 points."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, inspection
from kaishu.access import Permission, require
from kaishu.api.mcp import wanted
from kaishu.api.mcp.desk import Desk, Reply
from kaishu.catalogue.models import Dataset
from kaishu.inspection import mqa
from kaishu.inspection.errors import NotMeasured

ANSWERS = {True: "met", False: "not met", None: "not looked at yet"}


def ckan_get_mqa_quality(desk: Desk, dataset_id: wanted.Id) -> Reply:
    """一个数据集的元数据质量得分（欧盟 MQA，满分 405）：总分、等级、五个维度。

    The metadata quality of a dataset by the EU's MQA: points of 405, rating, five dimensions.
    """
    dataset, outcome = _scored(desk, dataset_id)
    result = _summary(dataset, outcome)
    lines = [f"{result['score']} / {result['most']} {result['rating']}"]
    lines += [f"{each['name']}: {each['points']} / {each['most']}" for each in result["dimensions"]]
    return Reply(result, lines, desk.papers([dataset]))


def ckan_get_mqa_quality_details(desk: Desk, dataset_id: wanted.Id) -> Reply:
    """元数据质量的每项指标：是否满足、几分、缺的怎么补，缺得多的在前。

    Every indicator of the metadata quality: met or not, its points, and what to mend first.
    """
    dataset, outcome = _scored(desk, dataset_id)
    indicators = [
        {
            "code": each.code,
            "metric": each.metric,
            "dimension": each.dimension,
            "property": each.property,
            "points": each.points,
            "answer": ANSWERS[outcome.says(each.code)],
            "zh": each.zh,
            "en": each.en,
        }
        for each in mqa.method().indicators
    ]
    mend = [
        {"code": each.code, "points": each.points, "zh": each.mend_zh, "en": each.mend_en}
        for each in mqa.lacking(outcome)
    ]
    result = {**_summary(dataset, outcome), "indicators": indicators, "mend_first": mend}
    lines = [f"{result['score']} / {result['most']} {result['rating']}"]
    lines += [f"{each['answer']}: {each['zh']} {each['en']} ({each['points']})" for each in indicators]
    lines += [f"+{each['points']} {each['zh']} {each['en']}" for each in mend]
    return Reply(result, lines, desk.papers([dataset]))


def _scored(desk: Desk, name: str) -> tuple[Dataset, mqa.Outcome]:
    require(desk.call, Permission.inspection_read)
    dataset = catalogue.dataset_by_name(desk.call, name)
    for page in inspection.subjects(desk.call.session, dataset=dataset.id):
        for _, outcome in inspection.scored(desk.call.session, page):
            return dataset, outcome
    raise NotMeasured(kind="数据集 dataset", name=dataset.name)


def _summary(dataset: Dataset, outcome: mqa.Outcome) -> dict[str, Any]:
    how = mqa.method()
    met = {each.code: int(outcome.says(each.code) is True) for each in how.indicators}
    points = mqa.by_dimension(1, met)
    rating = how.rating(outcome.score)
    return {
        "id": dataset.id,
        "name": dataset.name,
        "score": outcome.score,
        "most": how.most,
        "rating": rating,
        "method": how.edition,
        "source": how.source,
        "dimensions": [
            {
                "code": each.code,
                "name": f"{each.zh} {each.en}",
                "points": round(points[each.code]),
                "most": how.points_of(each.code),
            }
            for each in how.dimensions
        ],
    }
