"""Column statistics from the stored profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kaishu import quality
from kaishu.lake.models import Version
from kaishu.web.charts import field_chart
from kaishu.web.contexts import FieldChart
from kaishu.web.figures import cell, number, share
from kaishu.web.words import _

MOST = 60


def field_charts(session: Session, version: Version) -> list[FieldChart]:
    """A chart a field, in the order of the columns; empty while no profile has been made."""
    profile = quality.profile_of(session, version.id)
    if profile is None:
        return []
    return [
        FieldChart(
            field,
            field_chart(field),
            [line for line in _facts(field) if line[1]],
            [(cell(piece["value"]), piece["count"]) for piece in field.get("top") or []],
        )
        for field in profile["fields"][:MOST]
    ]


def _facts(field: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [
        (_("记录数"), number(field["records"])),
        (_("不同值"), _rated(field, "distinct", "distinct_rate")),
        (_("重复值"), _rated(field, "duplicates", "duplicate_rate")),
        (_("空值"), _rated(field, "missing", "missing_rate")),
    ]
    if field["type"] in ("integer", "number"):
        facts.append((_("零值"), _rated(field, "zeros", "zero_rate")))
    facts += [(title, _value(field.get(key))) for key, title in _named()]
    return facts


def _named() -> list[tuple[str, str]]:
    return [
        ("minimum", _("最小值")),
        ("q1", _("下四分位数")),
        ("median", _("中位数")),
        ("q3", _("上四分位数")),
        ("maximum", _("最大值")),
        ("mean", _("平均值")),
        ("deviation", _("标准差")),
        ("shortest", _("最短长度")),
        ("longest", _("最长长度")),
        ("mean_length", _("平均长度")),
    ]


def _value(value: Any) -> str:
    if value is None:
        return ""
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else cell(value)


def _rated(field: Mapping[str, Any], count: str, rate: str) -> str:
    return f"{number(field.get(count))} · {share(field.get(rate))}"
