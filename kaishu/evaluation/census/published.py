"""What reports print about the growth and the types of platforms, of which no list of rows is known.

Every figure is looked up in the shipped tables; what only follows from printed figures says how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Said, in_language
from kaishu.evaluation.census.reading import LEVELS
from kaishu.evaluation.systems.sources import table

REPORTS = {
    "utilization-2021": "《中国政府开放数据利用研究报告》",
    "development-2021": "《政务数据开发利用研究报告（2021版）》",
    "global-2020": "《全球大数据发展分析报告（2020）》",
    "integration-2018": "《2018年政务信息系统整合和信息资源开放共享调查报告》",
}
_UPPER = "平台数量同比增长（省、副省、地市级）"
_RATES = "已建平台占同级行政区比例"
_SIZES = {
    "省级": "省级行政区",
    "副省级": "副省级城市",
    "地市级": "地市级行政区",
    "县区级": "县区级行政区",
}
_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Source:
    """The report, its section (empty if the table names none), the words as printed."""

    report: str
    section: str
    quote: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"report": self.report, "section": self.section, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number (``unit`` 个 or %) with its source; ``how`` it was worked out is empty if it is printed."""

    about: Said
    value: float
    unit: str
    source: Source
    how: Said = _NOTHING

    @property
    def written(self) -> str:
        """The number as it is read."""
        return f"{self.value:g}%" if self.unit == "%" else f"{self.value:,.0f}"

    def as_dict(self, language: str) -> dict[str, Any]:
        """For JSON."""
        return {
            "about": in_language(self.about, language),
            "value": self.value,
            "unit": self.unit,
            "printed": not self.how,
            "how": in_language(self.how, language),
            **self.source.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Series:
    """Platforms at several times, counted by one report in one way; ``said`` is the growth that it prints."""

    scope: Said
    points: Sequence[Figure]
    said: Sequence[Figure]

    def as_dict(self, language: str) -> dict[str, Any]:
        """For JSON; ``increase`` and ``growth`` (in parts of 1) are those since the point before."""
        points = []
        for place, point in enumerate(self.points):
            before = self.points[place - 1].value if place else None
            points.append(
                {
                    **point.as_dict(language),
                    "increase": None if before is None else point.value - before,
                    "growth": None if before is None else point.value / before - 1,
                }
            )
        return {
            "scope": in_language(self.scope, language),
            "points": points,
            "said": [each.as_dict(language) for each in self.said],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Divisions of a level with a platform, per cent, at one time."""

    level: str
    figure: Figure


def level_rates() -> dict[str, str]:
    """Divisions of each level with a platform, per cent, as printed for 2021."""
    return {level: f"{_figure(_NOTHING, 'utilization-2021', _RATES, level).value:.2f}" for level in LEVELS}


def level_divisions() -> dict[str, int]:
    """Divisions of each level, as printed."""
    name, about = "utilization-2021", "全国行政区数"
    return {level: int(_figure(_NOTHING, name, about, subject).value) for level, subject in _SIZES.items()}


def level_counts() -> dict[str, int]:
    """Platforms of each level in 2021, worked out: the report prints rates and divisions only."""
    divisions = level_divisions()
    return {level: round(float(rate) / 100 * divisions[level]) for level, rate in level_rates().items()}


def growth_series() -> list[Series]:
    """Three ways of counting that must not be strung together."""
    return [_all_levels(), _upper_2021(), _upper_2020()]


def single_totals() -> list[Figure]:
    """Totals of reports that print one time only."""
    about = Said("2020年上半年，至少（原文“130余个”）", "first half of 2020, at least (printed: 130余)")
    return [_figure(about, "global-2020", "中国公共数据开放平台", "2020年上半年")]


def coverage() -> list[Coverage]:
    """Printed rates of three reports, the earliest first; each counts in its own way."""
    old, mid = Said("2018年", "2018"), Said("2020年上半年", "first half of 2020")
    found = [Coverage("省级", _figure(old, "integration-2018", "省级数据开放平台", "开通率"))]
    for level, category in zip(LEVELS, ("省级行政区", "副省级行政区", "地级行政区"), strict=False):
        found.append(Coverage(level, _figure(mid, "global-2020", "中国公共数据开放平台覆盖", category)))
    for level in LEVELS:
        found.append(Coverage(level, _figure(Said("2021年", "2021"), "utilization-2021", _RATES, level)))
    return found


def types() -> list[Figure]:
    """Shares of the two types, per cent."""
    names = {"嵌入式": "embedded", "独立": "of their own"}
    return [_figure(Said(zh, en), "utilization-2021", "平台类型", zh) for zh, en in names.items()]


def type_counts() -> list[int]:
    """Platforms of the two types, worked out from their shares of all that are printed."""
    whole = _figure(_NOTHING, "utilization-2021", "平台总数", "2021年12月").value
    return [round(each.value / 100 * whole) for each in types()]


def type_changes() -> list[Figure]:
    """What changed in 2021; the types of the sample, and of platforms without interfaces."""
    changes = {
        "新增嵌入式": "new, embedded",
        "嵌入式转独立": "from embedded to their own",
        "独立转嵌入式": "from their own to embedded",
        "取消独立式": "given up, of their own",
        "取消嵌入式": "given up, embedded",
    }
    sample = {"独立式平台": "sample of 86: of their own", "嵌入式平台": "sample of 86: embedded"}
    none = {"独立平台": "no interfaces: of their own", "嵌入式平台": "no interfaces: embedded"}
    return [
        *(_figure(Said(zh, en), "utilization-2021", "平台类型变化", zh) for zh, en in changes.items()),
        *(
            _figure(Said(f"86个样本平台：{zh}", en), "utilization-2021", "86个样本平台构成", zh)
            for zh, en in sample.items()
        ),
        *(
            _figure(Said(f"接口为零的平台：{zh}", en), "utilization-2021", "接口为零的平台构成", zh)
            for zh, en in none.items()
        ),
    ]


def published_as_dict(language: str = "zh") -> dict[str, Any]:
    """All of it, for JSON; rates and shares of types are per cent, as printed."""
    return {
        "series": [each.as_dict(language) for each in growth_series()],
        "totals": [each.as_dict(language) for each in single_totals()],
        "coverage": [{"level": each.level, **each.figure.as_dict(language)} for each in coverage()],
        "types": [
            {**each.as_dict(language), "platforms": count}
            for each, count in zip(types(), type_counts(), strict=True)
        ],
        "type_changes": [each.as_dict(language) for each in type_changes()],
    }


def _all_levels() -> Series:
    def of(zh: str, en: str) -> Figure:
        return _figure(Said(zh, en), "utilization-2021", "平台总数", zh)

    east = {"华东县区级": "the East, county level", "华东地级": "the East, prefectures"}
    said = [
        _figure(Said(f"2021年新增，{zh}", f"new in 2021, {en}"), "utilization-2021", "平台增量", zh)
        for zh, en in east.items()
    ]
    scope = Said("省、市、县区全部平台", "platforms of all levels")
    return Series(scope, [of("2020年10月", "October 2020"), of("2021年12月", "December 2021")], said)


def _upper_2021() -> Series:
    new = _figure(
        Said("2021年新增", "new in 2021"), "utilization-2021", "新增平台（省、副省、地市级）", "2021年"
    )
    growth = _figure(Said("2021年同比增长", "growth in 2021"), "utilization-2021", _UPPER, "2021年")
    counts = [level_counts()[level] for level in LEVELS[:3]]
    total = sum(counts)
    now = Said(
        f"由印出的三级平台率乘行政区数推得：{'+'.join(map(str, counts))}",
        "worked out from the printed rates of three levels and their divisions: "
        f"{' + '.join(map(str, counts))}",
    )
    before = Said(
        f"由{total}减新增的{new.value:.0f}推得", f"worked out: {total} less the {new.value:.0f} new ones"
    )
    points = [
        Figure(Said("2020年", "2020"), total - new.value, new.unit, new.source, before),
        Figure(Said("2021年", "2021"), float(total), new.unit, growth.source, now),
    ]
    scope = Said("省、副省、地市级平台", "platforms above county level")
    return Series(scope, points, [new, growth])


def _upper_2020() -> Series:
    name, subject = "development-2021", "地方平台数量年均复合增长率"
    early = _figure(
        Said("2012–2017年每年增长", "growth a year from 2012 to 2017"), name, subject, "2012-2017"
    )
    late = _figure(Said("2017–2020年每年增长", "growth a year from 2017 to 2020"), name, subject, "2017-2020")
    last = _figure(Said("2020年底", "end of 2020"), name, "地方平台数量", "2020年底")
    new = [
        _figure(
            Said(f"比2019年下半年新增，{zh}", f"new since the second half of 2019, {en}"),
            name,
            "新增平台",
            zh,
        )
        for zh, en in (("省级", "provincial"), ("地级(含副省级)", "prefectural and sub-provincial"))
    ]
    in_2017 = float(round(last.value / (1 + late.value / 100) ** 3))
    in_2012 = float(round(in_2017 / (1 + early.value / 100) ** 5))
    in_2019 = last.value - sum(each.value for each in new)
    cagr = Said("由印出的年均复合增长率推得", "worked out from the printed compound growth")
    less = Said("由142减新增的4和36推得", "worked out: 142 less the new 4 and 36")
    points = [
        Figure(Said("2012年", "2012"), in_2012, last.unit, early.source, cagr),
        Figure(Said("2017年", "2017"), in_2017, last.unit, late.source, cagr),
        Figure(Said("2019年下半年", "second half of 2019"), in_2019, last.unit, new[0].source, less),
        last,
    ]
    scope = Said("省、副省、地级平台", "provincial, sub-provincial and prefectural platforms")
    return Series(scope, points, [early, late, *new])


def _figure(about: Said, folder: str, subject: str, category: str) -> Figure:
    """The one printed figure of a subject and category."""
    (row,) = (
        each
        for each in table(f"{folder}/quoted_figures")
        if each["subject"] == subject and each["category"] == category
    )
    return Figure(
        about, float(row["value"]), row["unit"], Source(REPORTS[folder], row.get("section", ""), row["quote"])
    )
