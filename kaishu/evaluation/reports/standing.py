"""Sections on how units stand against their peers, and on where points can be gained."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from kaishu.evaluation.reports import climbing
from kaishu.evaluation.reports.diagnosing import Gains, by_gain, parent_of
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import NOTHING, Showing, mean, without_empty
from kaishu.evaluation.reports.template import Section
from kaishu.reporting import Bar, Bars, Block, Note, Table


def profile(material: Material, section: Section) -> Iterator[Block]:
    """The unit's first-level scores beside the mean and the best of its peers."""
    shown, row = material.shown, material.unit
    assert row is not None
    result = shown.result
    fellows = [each for each in shown.peers(row) if each != row]
    bars, rows = [], []
    for node in result.passport.tree:
        column = result.scores_of(node.code)
        own = float(column[row])
        average = mean(column[fellows]) if fellows else None
        held = [each for each in shown.peers(row) if not math.isnan(column[each])]
        best = max(held, key=lambda each, column=column: column[each]) if held else None  # type: ignore[misc]
        place = 1 + sum(column[each] > own for each in held) if not math.isnan(own) else None
        full = material.full.get(node.code)
        if full and not math.isnan(own):
            mark = None if average is None else average / full
            bars.append(Bar(shown.title(node), own / full, shown.number(own), mark))
        rows.append(
            [
                shown.title(node),
                shown.number(own),
                NOTHING if place is None else f"{place} / {len(held)}",
                shown.number(average),
                NOTHING if average is None or math.isnan(own) else _apart(shown, own - average),
                NOTHING if best is None else shown.number(float(column[best])),
                NOTHING if best is None else shown.name(best),
                _of_result(shown, row, node.code, result.weights),
                _of_result(shown, row, node.code, result.contributions),
            ]
        )
    if len(bars) > 1:
        yield Bars(shown.say("得分，红线为同类平均", "Scores; the red line is the mean of the peers"), bars)
    heads = [shown.say(*each) for each in _PROFILE]
    yield Table(shown.say("各方面", "Dimensions"), heads, rows, frozenset({1, 2, 3, 4, 5, 7, 8}))


_PROFILE = (
    ("方面", "dimension"),
    ("得分", "score"),
    ("在同类中", "among peers"),
    ("同类平均", "peers' mean"),
    ("相差", "apart"),
    ("同类最好", "peers' best"),
    ("最好者", "who"),
    ("权重", "weight"),
    ("贡献", "contribution"),
)


def _of_result(shown: Showing, row: int, code: str, matrix: object) -> str:
    value = float(matrix[row, shown.result.places[code]])  # type: ignore[index]
    return NOTHING if math.isnan(value) else f"{value:.4f}"


def _apart(shown: Showing, value: float) -> str:
    told = shown.number(value)
    return told if value < 0 or not told.strip("0.,") else f"+{told}"


def unit_diagnosis(material: Material, section: Section) -> Iterator[Block]:
    """Strengths and weaknesses with what they rest on, then every indicator from strong to weak."""
    shown, row, found = material.shown, material.unit, material.diagnosis
    assert row is not None
    z = found.z[row]
    order = sorted(
        (at for at in range(len(shown.leaves)) if not math.isnan(found.scores[row, at])),
        key=lambda at: -np.nan_to_num(z[at]),
    )
    strong, weak = found.strengths(row), found.weaknesses(row)
    if not order or len(shown.peers(row)) < 2:
        return
    heads = [shown.say(*each) for each in _LINES]
    rows = []
    for at in order[: section.most]:
        leaf = shown.leaves[at]
        own = {leaf.code, *(node.code for node in shown.result.passport.nodes() if leaf in node.children)}
        verdict = (
            shown.say("强项", "strength")
            if own & {*strong}
            else shown.say("弱项", "weakness")
            if own & {*weak}
            else ""
        )
        rows.append(
            [
                shown.title(leaf),
                parent_of(shown, leaf),
                shown.number(float(found.scores[row, at])),
                shown.number(float(found.peer_mean[row, at])),
                shown.number(float(found.peer_best[row, at])),
                NOTHING if math.isnan(z[at]) else f"{z[at]:+.2f}",
                verdict,
            ]
        )
    yield without_empty(heads, rows, {2, 3, 4, 5}, shown.say("由强到弱", "From strong to weak"))
    yield Note(
        shown.say(
            "距离以同类（不含自己）的标准差为单位；相差半个标准差以上、最多三项，记为强项或弱项；"
            "一个方面的指标距离全相同时，合记为这个方面。",
            "Distances are in standard deviations of the peers without the unit; up to three that are half "
            "a deviation or more away are called strengths or weaknesses; where all indicators of a "
            "dimension are equally far, the dimension is named.",
        )
    )


_LINES = (
    ("指标", "indicator"),
    ("方面", "dimension"),
    ("得分", "score"),
    ("同类平均", "peers' mean"),
    ("同类最好", "peers' best"),
    ("距离", "distance"),
    ("判断", "verdict"),
)


def diagnosis(material: Material, section: Section) -> Iterator[Block]:
    """One line a unit: strong in, weak in, what lifts it most or lacks for a stage, what has no data."""
    shown, found = material.shown, material.diagnosis
    if len(shown.rows) < 2:
        return
    levers = not shown.result.stages
    gain = material.gains(section.target) if levers else None
    heads = [shown.say("对象", "unit"), shown.say("强项", "strong in"), shown.say("弱项", "weak in")]
    heads += [shown.say("增分最多", "gains most by"), shown.say("可增", "points")] if levers else []
    heads += [] if levers else [shown.say(*each) for each in climbing.LINE]
    lost = {row: found.missing(row) for row in shown.rows}
    gaps = any(lost.values())
    heads += [shown.say("缺数据", "without data")] if gaps else []
    codes, rows = [leaf.code for leaf in shown.leaves], []
    for row in shown.ordered[: section.most]:
        told = [shown.name(row)]
        for named in (found.strengths(row), found.weaknesses(row)):
            told.append(shown.listed([shown.named(code) for code in named]) or NOTHING)
        if gain is not None:
            ranked = by_gain(codes, gain.gain[row])
            best = [shown.named(code) for code, value in ranked if value > ranked[0][1] - 1e-9]
            told += [shown.listed(best, 1), _points(shown, ranked[0][1])] if best else [NOTHING, NOTHING]
        else:
            told += climbing.line(shown, material.climbs[row], row)
        if gaps:
            told.append(shown.listed([shown.named(code) for code in lost[row]], 3) or NOTHING)
        rows.append(told)
    yield Table("", heads, rows, frozenset({4} if levers else ()))
    against = (
        shown.say("同组对象", "units of the same group")
        if shown.has_peer_groups
        else shown.say("其他全部对象", "all other units")
    )
    yield Note(
        shown.say(f"强项与弱项是与{against}相比。", f"Strengths and weaknesses are against {against}.")
    )


def advice(material: Material, section: Section) -> Iterator[Block]:
    """By which indicators all units together, or the one unit, would gain the most; of stages, what lacks."""
    shown = material.shown
    yield from climbing.vetoes(material)
    if shown.result.stages:
        how = climbing.of_all if material.unit is None else climbing.of_unit
        yield from how(material, section)
        return
    if len(shown.rows) < 2:
        return
    found = material.gains(section.target)
    if material.unit is None:
        yield from _for_all(material, section, found)
    else:
        yield from _for_one(material, section, found)


def _for_all(material: Material, section: Section, found: Gains) -> Iterator[Block]:
    shown = material.shown
    gain = found.gain[shown.rows]
    average = np.nansum(gain, axis=0) / len(shown.rows)
    ranked = by_gain([leaf.code for leaf in shown.leaves], average)
    if not ranked:
        return
    places = {leaf.code: at for at, leaf in enumerate(shown.leaves)}
    rows = []
    for code, value in ranked[: section.most]:
        column = gain[:, places[code]]
        most = shown.rows[int(np.nanargmax(column))]
        gap = mean(found.gap[shown.rows][:, places[code]])
        rows.append(
            [
                shown.named(code),
                parent_of(shown, shown.leaves[places[code]]),
                shown.number(gap),
                str(int((column > 0).sum())),
                _points(shown, value),
                shown.name(most),
                _points(shown, float(np.nanmax(column))),
            ]
        )
    yield Bars(
        shown.say(
            f"{shown.named(ranked[0][0])}平均增分最多", f"{shown.named(ranked[0][0])} would bring the most"
        ),
        [
            Bar(shown.named(code), value / ranked[0][1], _points(shown, value))
            for code, value in ranked[: min(section.most or 10, 10)]
        ],
    )
    heads = [shown.say(*each) for each in _ALL]
    yield without_empty(heads, rows, {2, 3, 4, 6}, _aim(shown, section))
    yield from _how(shown, found)


_ALL = (
    ("指标", "indicator"),
    ("方面", "dimension"),
    ("平均差距", "mean gap"),
    ("有差距的个数", "units below it"),
    ("平均增分", "mean gain"),
    ("增分最多者", "who gains most"),
    ("可增", "points"),
)


def _for_one(material: Material, section: Section, found: Gains) -> Iterator[Block]:
    shown, row = material.shown, material.unit
    assert row is not None
    ranked = by_gain([leaf.code for leaf in shown.leaves], found.gain[row])
    places = {leaf.code: at for at, leaf in enumerate(shown.leaves)}
    result, rows = shown.result, []
    for number, (code, value) in enumerate(ranked[: section.most], 1):
        at = places[code]
        rows.append(
            [
                f"{number} {shown.named(code)}",
                parent_of(shown, shown.leaves[at]),
                shown.number(float(material.diagnosis.scores[row, at])),
                shown.number(float(found.target[row, at])),
                shown.number(float(found.gap[row, at])),
                f"{float(result.weights[row, result.places[code]]):.4f}",
                _points(shown, value),
            ]
        )
    if rows:
        heads = [shown.say(*each) for each in _ONE]
        yield without_empty(heads, rows, {2, 3, 4, 5, 6}, _aim(shown, section))
        yield from _how(shown, found)
    lost = material.diagnosis.missing(row)
    if lost:
        names = shown.listed([shown.named(code) for code in lost], 20)
        yield Note(
            shown.say(
                f"先补数据：{names}没有自己的数值。", f"Data first: there is no value of its own for {names}."
            )
        )


_ONE = (
    ("指标", "indicator"),
    ("方面", "dimension"),
    ("得分", "score"),
    ("目标", "target"),
    ("差距", "gap"),
    ("权重", "weight"),
    ("可增分", "points gained"),
)


def _aim(shown: Showing, section: Section) -> str:
    return {
        "best": shown.say("若追上同类最好的水平", "If the best of the peers were reached"),
        "top-quarter": shown.say("若进入同类前四分之一", "If the upper quarter of the peers were reached"),
        "mean": shown.say("若达到同类平均", "If the mean of the peers were reached"),
    }[section.target]


def _how(shown: Showing, found: Gains) -> Iterator[Block]:
    if found.exact:
        yield Note(
            shown.say(
                "每次只提高一个指标的得分、其余不变，按体系的合成方法重新算出总分之差；加权平均时等于权重乘差距。",
                "One indicator's score is raised at a time and the index computed again; under weighted "
                "means this equals weight times gap.",
            )
        )
    else:
        yield Note(
            shown.say(
                "合成方法按各对象相互比较，可增分以权重乘差距估算。",
                "Units are compared with each other in the aggregation; gains are estimated as weight times "
                "gap.",
            )
        )


def _points(shown: Showing, value: float) -> str:
    return shown.number(value, max(2, shown.result.passport.digits))
