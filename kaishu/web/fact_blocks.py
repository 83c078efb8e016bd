"""Facts in the words and shapes of pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaishu import evaluation
from kaishu.evaluation import Fact, FactSheet
from kaishu.web.fact_contexts import FactCell, Shares
from kaishu.web.figures import DASH, number
from kaishu.web.quality_contexts import Levels, Tab, levels
from kaishu.web.rendering import address
from kaishu.web.words import _, _n, label, language

HOME = "/evaluation/facts"
CHARTED, KINDS_SHOWN = 10, 60
_WORDS = {"formats": "file-format", "licences": "licence", "themes": "theme"}


def scope_word(by: str) -> str:
    """What facts are counted by."""
    return {
        "platform": _("全平台"),
        "catalogue": _("数据目录"),
        "office": _("部门"),
        "division": _("行政区划"),
    }[by]


def tabs_of(path: str, chosen: str) -> list[Tab]:
    """The four scopes to choose from."""
    return [Tab(by, scope_word(by), address(path, ("by", by)), by == chosen) for by in evaluation.SCOPES]


def title_of(fact: Fact) -> str:
    """Its title, as a heading begins."""
    title = fact.said(language())
    return title[:1].upper() + title[1:]


def unit_word(fact: Fact) -> str:
    """Its unit."""
    return fact.unit[language() == "en"]


def measure_word(fact: Fact) -> str:
    """The unit as it follows a number: nothing after a share, nor in English after a plain count."""
    unit = unit_word(fact)
    return "" if unit in ("%", "number") else unit


def how_word(fact: Fact) -> str:
    """How the rows add up."""
    return {
        "sum": _("各行之和"),
        "mean": _("各行的平均"),
        "median": _("各行的中位数"),
        "share": _("符合条件的行所占的百分比"),
        "distinct": _("不同取值的个数"),
    }[fact.how]


def cell(fact: Fact, value: float | None, most: float | None = None) -> FactCell:
    """A value, with a bar where it is a share or may be held against the largest."""
    if value is None:
        return FactCell(DASH)
    percent = fact.unit[0] == "%"
    text = number(value, 1 if percent else 2) + ("%" if percent else "")
    whole = 100.0 if percent else most
    return FactCell(text, round(100 * min(1.0, max(0.0, value / whole)), 1) if whole else None)


def value_chart(sheet: FactSheet, fact: Fact) -> Levels | None:
    """The units with the largest values; None where all are the same, which a sentence says as well."""
    known = [(unit.said(language()), sheet.of(unit.id, fact.name).value) for unit in sheet.units]
    found = sorted(((name, value) for name, value in known if value is not None), key=lambda pair: -pair[1])
    if len({value for _name, value in found}) < 2:
        return None
    most = 100.0 if fact.unit[0] == "%" else float(found[0][1])
    rows = [(name, float(value), most, cell(fact, value).text) for name, value in found[:CHARTED]]
    first = sum(value == found[0][1] for _name, value in found)
    facts = {"name": rows[0][0], "value": with_unit(fact, rows[0][3])}
    finding = (
        _("{name}最高，{value}", **facts)
        if first == 1
        else _("{n}个并列最高，{value}", n=first, value=facts["value"])
    )
    return levels(finding, rows)


def shares(sheet: FactSheet, fact: Fact, unit: str) -> Shares | None:
    """Which kinds there are, and how many datasets have each; None where nothing was kept or counted."""
    if fact.frame not in sheet.frames or (unit, fact.name) not in sheet.values:
        return None
    found = [(_kind(fact, kind), count) for kind, count in evaluation.fact_shares(sheet, fact.name, unit)]
    if not found:
        return None
    most = float(found[0][1])
    shown = [(name, float(count), most, f"{count:,}") for name, count in found[:CHARTED]]
    name, count = found[0]
    only = len(found) == 1
    finding = (
        _n("只有{name}，{n}个数据集", count, name=name)
        if only
        else _n("{name}最多，{n}个数据集", count, name=name)
    )
    rows = [(name, f"{count:,}") for name, count in found[:KINDS_SHOWN]]
    return Shares(fact.name, title_of(fact), levels(finding, shown), rows)


def rights(sheet: FactSheet, unit: str) -> Shares | None:
    """The four rights as one picture; None where no licence was looked at."""
    facts = [evaluation.all_facts()[f"licences.{right}"] for right in evaluation.RIGHTS]
    known = [(fact, sheet.values.get((unit, fact.name))) for fact in facts]
    rows: list[tuple[str, float, float, str]] = []
    for fact, one in known:
        if one is None or one.value is None:
            return None
        rows.append((_right(fact), float(one.value), 100.0, cell(fact, one.value).text))
    least = min(rows, key=lambda row: row[1])
    if len({row[1] for row in rows}) == 1:
        finding = _("四项都是{value}", value=least[3])
    else:
        finding = _("“{name}”授予得最少，{value}", name=least[0], value=least[3])
    return Shares("licences.rights", _("四项权利"), levels(finding, rows), [(r[0], r[3]) for r in rows])


def row_value(fact: Fact, value: Any) -> str:
    """What a row contributes: a number, or a word."""
    if fact.how == "share":
        return _("是") if value else _("否")
    return number(value) if isinstance(value, int | float) else _kind(fact, str(value))


def picked(given: Sequence[str], shown: Sequence[Fact], usual: Sequence[str], most: int) -> list[Fact]:
    """The facts chosen by name, as far as they may be seen; what is usual where none is."""
    known = {fact.name: fact for fact in shown}
    wanted = [name for name in dict.fromkeys(given) if name in known] or usual
    return [known[name] for name in wanted if name in known][:most]


def with_unit(fact: Fact, text: str) -> str:
    """A value as it stands in a sentence: with its unit, apart from it only in English."""
    gap = " " if language() == "en" else ""
    return text if text == DASH else f"{text}{gap}{measure_word(fact)}".rstrip()


def _kind(fact: Fact, kind: str) -> str:
    known = label(_WORDS[fact.name], kind) if fact.name in _WORDS else kind
    return known.upper() if fact.name == "formats" and known == kind else known


def _right(fact: Fact) -> str:
    return {
        "licences.use": _("使用权"),
        "licences.adapt": _("改编权"),
        "licences.distribute": _("传播权"),
        "licences.commercial": _("商用权"),
    }[fact.name]
