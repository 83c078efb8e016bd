"""``kaishu evaluate --explain``: one unit, its scores item by item and what lacks for its next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kaishu.base.errors import in_language
from kaishu.cli.output import print_pairs, print_table
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import NodeResult, Passport, Result, UnitResult


def shown_number(passport: Passport, value: float | None) -> str:
    """A score with the digits of its system."""
    from kaishu.evaluation.methods import round_half_away

    if value is None:
        return "—"
    return f"{float(round_half_away(value, passport.digits)):.{passport.digits}f}"


def explain(result: Result, unit: UnitResult) -> None:
    """Print it."""
    passport = result.passport
    named = say(f"{unit.name}（{unit.id}）", f"{unit.name} ({unit.id})")
    head: list[tuple[str, str | None]] = [
        (say("单位", "unit"), named if unit.name != unit.id else unit.id),
        (say("得分", "score"), shown_number(passport, unit.score)),
    ]
    head += (
        [(say("名次", "rank"), "—" if unit.rank is None else f"{unit.rank:g}")] if not result.stages else []
    )
    head += [(say("类别", "class"), unit.class_)] if unit.class_ else []
    head += [(say("等级", "grade"), passport.mark_said(unit.grade, language()))] if result.grades else []
    head += (
        [(say("阶段", "stage"), passport.mark_said(unit.stage, language()) or say("未达到", "none"))]
        if result.stages
        else []
    )
    print_pairs(head)
    click.echo()
    heads = [
        say("指标", "indicator"),
        say("原始值", "raw"),
        say("所用范围", "range used"),
        say("得分", "score"),
        say("有效权重", "weight"),
        say("贡献", "contribution"),
        say("说明", "note"),
    ]
    print_table(heads, [_line(result, node) for node in unit.nodes.values()], (1, 3, 4, 5))
    if result.stages or passport.vetoes:
        _climb(result, result.row_of(unit.id, unit.period))


def _climb(result: Result, row: int) -> None:
    """What lacks for the next stage, the nearest first, and the vetoes that hold."""
    from kaishu.evaluation.robustness import climb_said, climbs, needs_said

    passport = result.passport
    (found,) = climbs(result, [row])
    heads = [
        say("未满足的标准", "criterion unmet"),
        say("现状", "now"),
        say("要求", "wanted"),
        say("差距", "gap"),
    ]
    sentence = in_language(climb_said(found), language())
    whys = [
        each.veto.note.said(language()) or passport.mark_said(each.veto.at_most, language())
        for each in found.vetoes
    ]
    told = [(sentence, found.needs)] if sentence else []
    told += [
        (say(f"否决：{why}", f"Veto: {why}"), each.needs)
        for why, each in zip(whys, found.vetoes, strict=True)
    ]
    for said, needs in told:
        click.echo("\n" + said)
        rows = [
            [*(in_language(part, language()) for part in (each.what, each.held, each.wanted)), each.gap]
            for each in needs_said(result, needs, row)
        ]
        if rows:
            print_table(heads, rows, (3,))


def _line(result: Result, node: NodeResult) -> list[Any]:
    passport = result.passport
    title = result.nodes[node.code][0].title.said(language())
    span = ""
    if node.used is not None:
        ends = [node.used.used.get(name) for name in ("lower", "upper")]
        if None not in ends:
            span = f"{ends[0]:g} … {ends[1]:g}"
    return [
        "└ " * (node.level > 1) + "─ " * (node.level - 2) + f"{node.code} {title}".strip(),
        node.raw if node.text is None else node.text,
        span,
        shown_number(passport, node.score),
        "—" if node.weight is None else f"{node.weight:.4f}",
        "—" if node.contribution is None else f"{node.contribution:.4f}",
        in_language(node.note, language()),
    ]
