"""The words of the report on one unit."""

from __future__ import annotations

import math

from kaishu.base.errors import in_language
from kaishu.evaluation.building.notes import number
from kaishu.evaluation.reports.diagnosing import by_gain
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import mean
from kaishu.evaluation.reports.whole_words import points, signed
from kaishu.evaluation.robustness.climbing_words import needs_said, stage_said
from kaishu.evaluation.system.deciding import Limit


def unit_words(material: Material) -> dict[str, str]:
    """Every word; empty where there is nothing to say by it."""
    shown, row = material.shown, material.unit
    assert row is not None
    result, table = shown.result, shown.result.table
    score = number(result.index[row])
    found = material.diagnosis
    fellows = [each for each in shown.peers(row) if each != row]
    return {
        "unit": shown.name(row),
        "unit_id": table.ids[row],
        "class": table.classes[row] or "",
        "group": table.groups[row] or "",
        "score": "" if score is None else shown.number(score),
        "grade": shown.grade(result.grade[row]) if result.grade[row] else "",
        "stage": shown.stage(result.stages[row]) if result.stages and result.stages[row] else "",
        "strengths": shown.listed([shown.named(code) for code in found.strengths(row)]),
        "weaknesses": shown.listed([shown.named(code) for code in found.weaknesses(row)]),
        "missing": shown.listed([shown.named(code) for code in found.missing(row)]),
        **_peers(material, row, fellows, score),
        **_ahead(material, row, score),
        **_lever(material, row),
        **_climb(material, row),
        **_movement(material, row),
    }


def _peers(material: Material, row: int, fellows: list[int], score: float | None) -> dict[str, str]:
    shown = material.shown
    average = mean(shown.result.index[fellows]) if fellows and not shown.result.stages else None
    if average is None:
        return {"peers": str(len(fellows)) if fellows else ""}
    difference = ""
    if score is not None:
        apart = shown.number(abs(score - average))
        if not apart.strip("0.,"):
            difference = shown.say("与其持平", "level with it")
        elif score > average:
            difference = shown.say(f"高{apart}分", f"{apart} above it")
        else:
            difference = shown.say(f"低{apart}分", f"{apart} below it")
    return {"peers": str(len(fellows)), "peer_mean": shown.number(average), "difference": difference}


def _ahead(material: Material, row: int, score: float | None) -> dict[str, str]:
    shown, result = material.shown, material.shown.result
    found: dict[str, str] = {}
    if not result.stages and not math.isnan(result.rank[row]):
        group = result.table.groups[row]
        ranked = [
            each
            for each in shown.rows
            if not math.isnan(result.rank[each]) and (not shown.grouped or result.table.groups[each] == group)
        ]
        found |= {"rank": shown.rank(row), "ranked": str(len(ranked))}
        ahead = [each for each in ranked if result.rank[each] < result.rank[row]]
        if ahead and score is not None:
            near = max(ahead, key=lambda each: result.rank[each])
            found["next_unit"] = shown.name(near)
            found["to_next"] = shown.number(float(result.index[near]) - score)
    grading = result.passport.grades
    if isinstance(grading, tuple) and score is not None:
        better = [each for each in grading if each.at_least is not None and each.at_least > score]
        held = result.grade[row]
        names = [each.grade for each in grading]
        if better and held in names and names.index(held) == names.index(better[-1].grade) + 1:
            limit: Limit = better[-1]
            assert limit.at_least is not None
            found["next_grade"] = shown.grade(limit.grade)
            found["to_next_grade"] = shown.number(limit.at_least - score)
    return found


def _lever(material: Material, row: int) -> dict[str, str]:
    shown = material.shown
    if shown.result.stages:
        return {}
    ranked = by_gain([leaf.code for leaf in shown.leaves], material.gains().gain[row])
    if not ranked:
        return {}
    value = ranked[0][1]
    names = [shown.named(code) for code, gain in ranked if gain > value - 1e-9]
    return {"top_lever": shown.listed(names, 3), "top_gain": points(shown, value, len(names))}


def _climb(material: Material, row: int) -> dict[str, str]:
    shown, passport = material.shown, material.shown.result.passport
    if not passport.stages and not passport.vetoes:
        return {}
    found = material.climbs[row]
    notes = [each.veto.note.said(shown.language) or each.veto.at_most for each in found.vetoes]
    told = {"vetoes": shown.listed(notes)}
    if found.next is not None and found.needs:
        nearest = needs_said(shown.result, found.needs[:3], row)
        told |= {
            "next_stage": in_language(stage_said(found.next), shown.language),
            "criteria": str(found.criteria),
            "criteria_met": str(found.met),
            "nearest": shown.listed([in_language(each.what, shown.language) for each in nearest]),
        }
    return told


def _movement(material: Material, row: int) -> dict[str, str]:
    shown, moved = material.shown, material.movements.get(row)
    if moved is None or moved.change is None:
        return {}
    places = ""
    if moved.places is not None and not shown.result.stages:
        many = f"{abs(moved.places):g}"
        if moved.places > 0:
            places = shown.say(f"上升{many}位", f"{many} places up")
        elif moved.places < 0:
            places = shown.say(f"下降{many}位", f"{many} places down")
        else:
            places = shown.say("名次不变", "the same rank")
    return {
        "earlier": material.earlier,
        "change": signed(material, moved.change),
        "score_before": shown.number(moved.score_before),
        "rank_before": "" if moved.rank_before is None else f"{moved.rank_before:g}",
        "places": places,
    }
