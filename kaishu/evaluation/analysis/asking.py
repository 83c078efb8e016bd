"""One question about a table, and its answer: what terminal, page and report have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.evaluation.analysis.change import (
    Change,
    chain_substitution,
    change_of_geometric,
    change_of_product,
    change_of_sum,
)
from kaishu.evaluation.analysis.columns import (
    at_least,
    design,
    labels,
    matrix,
    names_of_units,
    numbers,
)
from kaishu.evaluation.analysis.comparing import Comparison, compare_groups
from kaishu.evaluation.analysis.concentration import Inequality, inequality
from kaishu.evaluation.analysis.consistency import Reliability, reliability
from kaishu.evaluation.analysis.correlating import Correlations, correlate
from kaishu.evaluation.analysis.description import Description, Groups, describe, describe_groups
from kaishu.evaluation.analysis.diagnosis import Standing, standing
from kaishu.evaluation.analysis.errors import ChoiceUnknown, ColumnCount
from kaishu.evaluation.analysis.factors import Components, Factors, factor_analysis, principal_components
from kaishu.evaluation.analysis.peers import PeerGroups, peer_groups
from kaishu.evaluation.analysis.regression import Regression, regress
from kaishu.evaluation.analysis.suitability import Adequacy
from kaishu.evaluation.analysis.years import Panel, panel, wide

if TYPE_CHECKING:
    import polars as pl

Answer = (
    Description
    | Groups
    | Inequality
    | Comparison
    | Correlations
    | Regression
    | Components
    | Factors
    | Adequacy
    | Reliability
    | Change
    | Panel
    | PeerGroups
    | Standing
)

#: Kind of question to what it is called.
KINDS = {
    "describe": ("描述", "description"),
    "inequality": ("不均衡程度", "inequality"),
    "compare": ("分组比较", "comparison of groups"),
    "correlate": ("相关分析", "correlation"),
    "regress": ("回归分析", "regression"),
    "components": ("主成分分析", "principal components"),
    "factors": ("因子分析", "factor analysis"),
    "alpha": ("信度分析", "reliability"),
    "change": ("因素分析（变化分解）", "decomposition of change"),
    "panel": ("多年比较", "comparison over years"),
    "peers": ("同类分组", "peer groups"),
    "standing": ("强弱项诊断", "strengths and weaknesses"),
}
CHANGES = ("additive", "geometric", "multiplicative", "chain")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.  ``of`` are the columns analysed; which other fields count depends on ``kind``.

    describe, inequality, compare: ``by`` groups (``method`` is the test).  regress: ``on`` the explaining
    columns.  correlate, factors: ``method``; factors and components: ``count``, ``rotation``.  change: a
    row for each factor, ``of`` is (before, after), ``weights`` (before, after) or one column for both,
    ``method`` one of additive, geometric, multiplicative, chain, ``order`` the rows' names for chain.
    panel: ``year``, ``base``, ``direction``.  peers: ``count``, ``method``.  standing: ``focus`` the unit,
    ``by`` the peer group, ``points`` the columns' weights, ``against`` peers or all.  ``unit`` names rows.
    """

    kind: str
    of: tuple[str, ...]
    by: str | None = None
    on: tuple[str, ...] = ()
    unit: str | None = None
    year: str | None = None
    method: str | None = None
    count: int | None = None
    rotation: str = "varimax"
    base: str | None = None
    direction: str = "more"
    weights: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    focus: str | None = None
    points: tuple[float, ...] = ()
    against: str = "peers"


def answer(frame: pl.DataFrame, question: Question) -> Answer:
    """Ask a table.  Raises what the analysis raises, ``ColumnMissing``, ``NotANumber``, ``ChoiceUnknown``."""
    if question.kind not in KINDS:
        raise ChoiceUnknown(option="kind", given=question.kind, known=list(KINDS))
    at_least(1, len(question.of), "of")
    for twice in question.of:
        if question.of.count(twice) > 1:
            raise ChoiceUnknown(option="of", given=twice, known=list(dict.fromkeys(question.of)))
    return _ASKED[question.kind](frame, question)


def _needed(value: str | None, option: str, frame: pl.DataFrame) -> str:
    if not value:
        raise ChoiceUnknown(option=option, given="", known=frame.columns[:12])
    return value


def _single(question: Question) -> str:
    if len(question.of) != 1:
        raise ColumnCount(
            kind_zh=KINDS[question.kind][0], kind_en=KINDS[question.kind][1], wanted=1, count=len(question.of)
        )
    return question.of[0]


def _describe(frame: pl.DataFrame, asked: Question) -> Answer:
    name = _single(asked)
    if asked.by is None:
        return describe(numbers(frame, name), name)
    return describe_groups(numbers(frame, name), labels(frame, asked.by), name, asked.by)


def _inequality(frame: pl.DataFrame, asked: Question) -> Answer:
    name = _single(asked)
    groups = labels(frame, asked.by) if asked.by else None
    return inequality(numbers(frame, name), groups, name, asked.by or "")


def _compare(frame: pl.DataFrame, asked: Question) -> Answer:
    name, by = _single(asked), _needed(asked.by, "by", frame)
    return compare_groups(
        numbers(frame, name), labels(frame, by), test=asked.method or "auto", name=name, by=by
    )


def _correlate(frame: pl.DataFrame, asked: Question) -> Answer:
    return correlate(matrix(frame, asked.of), asked.of, asked.method or "pearson")


def _regress(frame: pl.DataFrame, asked: Question) -> Answer:
    name = _single(asked)
    columns, heads = design(frame, asked.on)
    units = names_of_units(frame, asked.unit)
    return regress(numbers(frame, name), columns, heads, response=name, units=units)


def _components(frame: pl.DataFrame, asked: Question) -> Answer:
    return principal_components(matrix(frame, asked.of), asked.of, asked.count)


def _factors(frame: pl.DataFrame, asked: Question) -> Answer:
    return factor_analysis(
        matrix(frame, asked.of),
        asked.of,
        count=asked.count,
        method=asked.method or "principal-components",
        rotation=asked.rotation,
    )


def _alpha(frame: pl.DataFrame, asked: Question) -> Answer:
    return reliability(matrix(frame, asked.of), asked.of)


def _change(frame: pl.DataFrame, asked: Question) -> Answer:
    method = asked.method or "additive"
    if method not in CHANGES:
        raise ChoiceUnknown(option="method", given=method, known=list(CHANGES))
    if len(asked.of) != 2:
        raise ColumnCount(
            kind_zh=KINDS["change"][0], kind_en=KINDS["change"][1], wanted=2, count=len(asked.of)
        )
    before, after = (numbers(frame, name) for name in asked.of)
    names = names_of_units(frame, asked.unit)
    if method in ("multiplicative", "chain"):
        if method == "multiplicative":
            return change_of_product(before, after, names)
        return chain_substitution(before, after, names, asked.order or None)
    weights = [numbers(frame, name) for name in asked.weights[:2]]
    split = change_of_sum if method == "additive" else change_of_geometric
    return split(
        before,
        after,
        names,
        weights_before=weights[0] if weights else None,
        weights_after=weights[-1] if weights else None,
    )


def _panel(frame: pl.DataFrame, asked: Question) -> Answer:
    name = _single(asked)
    unit, year = _needed(asked.unit, "unit", frame), _needed(asked.year, "year", frame)
    values, units, years = wide(labels(frame, unit), labels(frame, year), numbers(frame, name))
    return panel(values, units, years, base=asked.base, direction=asked.direction, name=name)


def _peers(frame: pl.DataFrame, asked: Question) -> Answer:
    units = names_of_units(frame, asked.unit)
    method = asked.method or "hierarchical"
    return peer_groups(matrix(frame, asked.of), asked.of, units, count=asked.count, method=method)


def _standing(frame: pl.DataFrame, asked: Question) -> Answer:
    units = names_of_units(frame, _needed(asked.unit, "unit", frame))
    groups: Sequence[object] | None = labels(frame, asked.by) if asked.by else None
    focus = _needed(asked.focus, "focus", frame)
    return standing(
        matrix(frame, asked.of),
        asked.of,
        units,
        focus,
        weights=asked.points or None,
        groups=groups,
        against=asked.against,
    )


_ASKED: dict[str, Callable[[pl.DataFrame, Question], Answer]] = {
    "describe": _describe,
    "inequality": _inequality,
    "compare": _compare,
    "correlate": _correlate,
    "regress": _regress,
    "components": _components,
    "factors": _factors,
    "alpha": _alpha,
    "change": _change,
    "panel": _panel,
    "peers": _peers,
    "standing": _standing,
}
