"""What differs between two systems, in words: the keys of a passport and titles in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from kaishu.evaluation import Difference
from kaishu.web.words import _, language


def differences_shown(found: Iterable[Difference]) -> list[Difference]:
    """The same for people; a key that has no word of its own stays as it is written."""
    words = {
        "system": _("体系的标识"),
        "edition": _("版次"),
        "title": _("标题"),
        "source": _("来源"),
        "scale": _("分值"),
        "digits": _("显示小数位"),
        "units": _("对象的列"),
        "missing": _("缺失值"),
        "constant": _("数值全相同"),
        "outliers": _("异常值"),
        "normalise": _("标准化"),
        "aggregate": _("合成"),
        "weights": _("权重"),
        "weight": _("权重"),
        "weigh": _("组内权重"),
        "rank": _("排名"),
        "grades": _("评级"),
        "vetoes": _("否决"),
        "stages": _("阶段"),
        "classes": _("类别"),
        "indicator": _("指标的算法"),
        "note": _("说明"),
        "parent": _("上级"),
        "data": _("数据"),
    }
    return [
        replace(each, key=words.get(each.key, each.key), before=_told(each.before), after=_told(each.after))
        for each in found
    ]


def _told(value: str) -> str:
    """A title in two languages as the reader's; all else as it is written."""
    if not value.startswith("{"):
        return value
    try:
        read = json.loads(value)
    except ValueError:
        return value
    if not isinstance(read, dict) or not read or not read.keys() <= {"zh", "en"}:
        return value
    return str(read.get(language()) or read.get("zh") or read.get("en"))
