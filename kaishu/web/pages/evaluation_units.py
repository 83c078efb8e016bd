"""One unit of a result: every score opens down to raw value, range, weight and contribution."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation
from kaishu.base.errors import KaishuError, in_language
from kaishu.evaluation import (
    Node,
    NodeResult,
    Passport,
    Result,
    UnitResult,
    Used,
    analysis,
    robustness,
)
from kaishu.web.evaluation_blocks import (
    fact_href,
    figure,
    mark_of,
    mark_word,
    marks_of,
    node_title,
    order_of,
    percent,
    plain,
    rank_of,
    signed,
    span_of,
    title_of,
    unit_href,
    width_of,
)
from kaishu.web.evaluation_contexts import ClimbBlock, NeedLine, NodeBlock, StandLine, UnitPage
from kaishu.web.pages.evaluation_results import RESULT, kept_of, reports_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, language

MOST_LIFTS = 5


def show(visit: Visit) -> Response:
    """One unit."""
    run, result = kept_of(visit)
    row = result.row_of(visit.part("unit"), visit.query("period") or None)
    unit, digits = result.unit_at(row), result.passport.digits
    leaves = [node.code for node in result.passport.leaves()]
    known = [unit.nodes[code].contribution for code in leaves]
    order = order_of(result)
    place = order.index(row)
    strengths, weaknesses, lifts, finding = _standing(result, row)
    if result.stages:  # units inside a stage have no order, and no points to gain
        lifts, finding = [], ""
    periods = [each for each in range(len(result.table)) if result.table.ids[each] == unit.id]
    context = UnitPage(
        run=run,
        title=title_of(result.passport),
        name=f"{unit.name} {unit.period}" if unit.period else unit.name,
        numbers=list(_numbers(result, row, unit)),
        note=in_language(unit.note, language()),
        nodes=[_block(result, unit, node, run.asked.get("facts", "")) for node in result.passport.tree],
        total=figure(unit.score, digits),
        sum=figure(float(sum(each for each in known if each is not None)), digits),
        finding=finding,
        strengths=strengths,
        weaknesses=weaknesses,
        lifts=lifts,
        climb=_climb(result, row),
        periods=[
            (str(result.table.periods[each]), unit_href(run, result, each), each == row) for each in periods
        ]
        if len(periods) > 1
        else [],
        reports=reports_of(run, unit.id),
        before=_neighbour(run, result, order, place - 1),
        after=_neighbour(run, result, order, place + 1),
    )
    return render("evaluation/unit.html", visit.shell, context)


def _neighbour(run, result: Result, order: list[int], place: int) -> tuple[str, str] | None:  # type: ignore[no-untyped-def]
    if not 0 <= place < len(order):
        return None
    return unit_href(run, result, order[place]), result.table.names[order[place]]


def _numbers(result: Result, row: int, unit: UnitResult) -> Iterator[tuple[str, str]]:
    yield _("总分"), figure(unit.score, result.passport.digits)
    if unit.rank is not None and not result.stages:  # inside a stage there is no order
        among = [
            each
            for each in range(len(result.table))
            if not np.isnan(result.rank[each])
            and result.table.periods[each] == unit.period
            and (result.passport.rank.within != "group" or result.table.groups[each] == unit.group)
        ]
        yield _("名次"), f"{rank_of(unit.rank)} / {len(among)}"
    if mark_of(result, row):
        yield mark_word(result), mark_of(result, row)
    if unit.class_:
        yield _("类别"), unit.class_
    if unit.group:
        yield _("分组"), unit.group


def _block(result: Result, unit: UnitResult, node: Node, by: str) -> NodeBlock:
    found, digits = unit.nodes[node.code], result.passport.digits
    low, high = result.passport.scale
    span = (min(low, found.score or low), max(high, found.score or high))
    indicator = node.indicator
    return NodeBlock(
        code=node.code,
        title=node_title(node),
        score=figure(found.score, digits),
        width=width_of(found.score, span if indicator else span_of(result)),
        share="" if found.share is None else percent(round(found.share, 6)) + "%",
        weight="" if found.weight is None else percent(round(found.weight, 6)) + "%",
        contribution=figure(found.contribution, digits + 1),
        raw=(found.text or plain(found.raw)) if indicator else "",
        unit=indicator.unit.said(language()) if indicator else "",
        grade=marks_of(result).get(found.grade, found.grade) if found.grade else "",
        note=in_language(found.note, language()),
        facts=list(_facts(node, found, result.passport)),
        fact=fact_href(node, by, "" if found.raw is None else unit.id),
        remark=found.remark.said(language()) if found.remark else "",
        query=found.remark.query if found.remark else "",
        links=[
            each for each in (found.remark.links if found.remark else ()) if each.startswith(("http", "/"))
        ],
        level=found.level,
        children=[_block(result, unit, child, by) for child in node.children],
    )


def _facts(node: Node, found: NodeResult, passport: Passport) -> Iterator[tuple[str, str]]:
    indicator = node.indicator
    if indicator is None:
        return
    yield _("数据列"), evaluation.column_of(node)
    if indicator.definition.said(language()):
        yield _("定义"), indicator.definition.said(language())
    if indicator.direction:
        yield _("方向"), _("越大越好") if indicator.direction == "more" else _("越小越好")
    yield _("标准化"), in_language(evaluation.normalisation_said(node, passport), language())
    if indicator.per:
        yield _("除以"), indicator.per
    if found.used is not None:
        yield from _used(found.used)


def _used(used: Used) -> Iterator[tuple[str, str]]:
    words = {
        "lower": _("区间下限"),
        "upper": _("区间上限"),
        "mean": _("平均值"),
        "sd": _("标准差"),
        "best": _("最好值"),
        "target": _("目标值"),
        "reference": _("参照值"),
    }
    for name, value in used.used.items():
        yield words.get(name, name), plain(value)
    if used.figures.get("count"):
        low, high = plain(used.figures.get("minimum")), plain(used.figures.get("maximum"))
        yield _("观测范围"), _("{low} – {high}（{n}个）", low=low, high=high, n=f"{used.figures['count']:g}")
    if used.population and used.population != "all":
        yield _("范围取自"), used.population


def _standing(result: Result, row: int) -> tuple[list[StandLine], list[StandLine], list[StandLine], str]:
    """Strengths, weaknesses and gains against all others of the period; nothing where they cannot be told."""
    nodes = result.passport.leaves()
    places = [result.places[node.code] for node in nodes]
    period = result.table.periods[row]
    fellows = [each for each in range(len(result.table)) if result.table.periods[each] == period]
    weights = np.nan_to_num(result.weights[row, places])
    ids = [result.table.ids[each] for each in fellows]
    if len(fellows) < 2 or not weights.sum():
        return [], [], [], ""
    codes = [node.code for node in nodes]
    scores = result.scores[np.ix_(fellows, places)]
    try:
        found = analysis.standing(scores, codes, ids, result.table.ids[row], weights=weights, against="all")
    except KaishuError:
        return [], [], [], ""
    titles, digits = {node.code: node_title(node) for node in nodes}, result.passport.digits
    lines = {
        line.name: StandLine(
            title=titles[line.name],
            score=figure(line.value, digits),
            mean=figure(line.peer_mean, digits),
            rank=f"{line.rank} / {line.of}" if line.rank else "",
            gap=figure(line.gap, digits),
            gain=signed(line.gain, digits + 1),
        )
        for line in found.lines
    }
    lifts = [lines[name] for name in found.lifts[:MOST_LIFTS]]
    finding = ""
    if lifts:
        finding = _(
            "“{title}”达到最好水平，总分可增加{gain}分。",
            title=lifts[0].title,
            gain=lifts[0].gain.lstrip("+"),
        )
    return (
        [lines[name] for name in found.strengths],
        [lines[name] for name in found.weaknesses],
        lifts,
        finding,
    )


def _climb(result: Result, row: int) -> ClimbBlock | None:
    """What lacks for the next stage, and the vetoes that hold; None where the system has neither."""
    if not result.stages and not result.passport.vetoes:
        return None
    (found,) = robustness.climbs(result, [row])
    vetoes = [
        (each.veto.note.said(language()) or each.veto.at_most, _needs(result, each.needs, row))
        for each in found.vetoes
    ]
    finding = in_language(robustness.climb_said(found), language())
    if not finding and not vetoes:
        return None
    return ClimbBlock(finding, _needs(result, found.needs, row), vetoes)


def _needs(result: Result, needs: tuple[robustness.Need, ...], row: int) -> list[NeedLine]:
    return [
        NeedLine(
            in_language(each.what, language()),
            in_language(each.held, language()),
            in_language(each.wanted, language()),
            each.gap,
        )
        for each in robustness.needs_said(result, needs, row)
    ]


ROUTES: list[Route] = [page(f"{RESULT}/units/{{unit:path}}", show)]
