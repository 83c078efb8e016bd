"""Advice where units have stages: what lacks for the next one, and which vetoes hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kaishu.base.errors import in_language
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import NOTHING, Showing, without_empty
from kaishu.evaluation.reports.template import Section
from kaishu.evaluation.robustness.climbing import Climb, Need
from kaishu.evaluation.robustness.climbing_words import climb_said, needs_said, stage_said
from kaishu.reporting import Bar, Bars, Block, Note, Paragraph, Table


def of_unit(material: Material, section: Section) -> Iterator[Block]:
    """What lacks the unit for the next stage, the nearest first."""
    shown, row = material.shown, material.unit
    assert row is not None
    found = material.climbs[row]
    said = climb_said(found)
    if said.en:
        yield Paragraph(in_language(said, shown.language))
    if found.needs:
        about = shown.say("由近到远", "The nearest first")
        yield _table(shown, found.needs[: section.most], row, about)
        yield Note(
            shown.say(
                "远近：得分的差距按全部分值、原始值的差距按要求的数值计；没有数据的排在后面。",
                "Distances: gaps of scores as shares of the scale, gaps of raw values as shares of what is "
                "wanted; what has no data comes last.",
            )
        )


def vetoes(material: Material) -> Iterator[Block]:
    """The vetoes that hold for the unit, and what would lift them; of all units, whom they hold for."""
    shown = material.shown
    if not shown.result.passport.vetoes:
        return
    if material.unit is None:
        held: dict[str, list[str]] = {}
        for row in shown.ordered:
            for each in material.climbs[row].vetoes:
                why = each.veto.note.said(shown.language) or _cap(shown, each.veto.at_most)
                held.setdefault(why, []).append(shown.name(row))
        if held:
            heads = [shown.say("否决", "veto"), shown.say("个数", "number"), shown.say("对象", "units")]
            rows = [[why, str(len(names)), shown.listed(names, 20)] for why, names in held.items()]
            yield Table(shown.say("否决及其对象", "Vetoes that hold"), heads, rows, frozenset({1}))
        return
    for each in material.climbs[material.unit].vetoes:
        why = each.veto.note.said(shown.language)
        cap = _cap(shown, each.veto.at_most)
        yield Paragraph(
            shown.say(f"否决：{why}，{cap}。" if why else f"否决：{cap}。", f"Veto: {why or cap}.")
        )
        if each.needs:
            yield _table(shown, each.needs, material.unit, shown.say("要解除它", "To lift it"))


def _cap(shown: Showing, grade: str) -> str:
    named = shown.grade(grade)
    return shown.say(f"等级最高为{named}", f"the grade is no better than {named}")


def _table(shown: Showing, needs: tuple[Need, ...], row: int, title: str) -> Table:
    heads = [shown.say(*each) for each in _HEADS]
    rows = [
        [
            f"{number} {in_language(each.what, shown.language)}",
            in_language(each.held, shown.language),
            in_language(each.wanted, shown.language),
            each.gap,
        ]
        for number, each in enumerate(needs_said(shown.result, needs, row), 1)
    ]
    return without_empty(heads, rows, {3}, title)


_HEADS = (("未满足的标准", "criterion unmet"), ("现状", "now"), ("要求", "wanted"), ("差距", "gap"))


def of_all(material: Material, section: Section) -> Iterator[Block]:
    """Which criteria keep the most units from their next stage."""
    shown = material.shown
    lacking: Counter[str] = Counter()
    for row in shown.rows:
        needs = material.climbs[row].needs
        told = needs_said(shown.result, needs, row)
        lacking.update(dict.fromkeys((in_language(each.what, shown.language) for each in told), 1))
    ranked = lacking.most_common(section.most)
    if not ranked:
        return
    name, most = ranked[0]
    yield Bars(
        shown.say(
            f"{name}使最多的对象（{most}个）停在现在的阶段",
            f"{name} keeps the most units ({most}) where they are",
        ),
        [Bar(each, count / most, str(count)) for each, count in ranked[:10]],
    )
    heads = [
        shown.say("离下一阶段所缺的标准", "criterion lacking for the next stage"),
        shown.say("对象数", "units"),
    ]
    yield Table("", heads, [[each, str(count)] for each, count in ranked], frozenset({1}))


def line(shown: Showing, found: Climb, row: int) -> list[str]:
    """Stage, next stage, criteria met and the nearest needs, for a table of units."""
    if found.next is None:
        return [shown.stage(found.stage), NOTHING, NOTHING, NOTHING]
    nearest = needs_said(shown.result, found.needs[:3], row)
    names = [in_language(each.what, shown.language) for each in nearest]
    return [
        shown.stage(found.stage),
        in_language(stage_said(found.next), shown.language),
        f"{found.met} / {found.criteria}",
        shown.listed(names),
    ]


LINE = (
    ("阶段", "stage"),
    ("下一阶段", "next stage"),
    ("已满足标准", "criteria met"),
    ("最近的所缺", "nearest lacking"),
)
