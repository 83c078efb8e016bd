"""The words of the report on all units."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kaishu.base.errors import in_language
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import Showing, mean
from kaishu.evaluation.system.authorship import ours_said
from kaishu.evaluation.system.checking_decisions import grade_names

_LEADERS, _NAMED = 3, 5


def whole_words(material: Material) -> dict[str, str]:
    """Every word; empty where a result has nothing to say by it."""
    shown = material.shown
    result, passport = shown.result, shown.result.passport
    return {
        "title": shown.of_system,
        "system": passport.system,
        "edition": passport.edition,
        "source": passport.source.report.said(shown.language),
        "place": passport.source.place.said(shown.language),
        "period": shown.period,
        "units": f"{len(shown.rows):,}",
        "indicators": str(len(shown.leaves)),
        "dimensions": str(len(passport.tree)),
        "dimension_names": shown.listed([shown.title(node) for node in passport.tree], 10),
        "fingerprint": result.fingerprint,
        "data": result.data_digest,
        "date": material.date,
        "printed": _printed(material),
        "ours": ours(shown),
        **_scores(material),
        **_places(material),
        **_dimensions(material),
        **_missing(material),
        **_changes(material),
    }


def _scores(material: Material) -> dict[str, str]:
    shown = material.shown
    index = shown.scores()
    known = index[~np.isnan(index)]
    if shown.result.stages:  # units are put into stages by conditions, and nobody is placed by the index
        return {}
    if not len(known):
        return {"without_score": str(len(index))}
    average, gone = float(known.mean()), len(index) - len(known)
    return {
        "mean": shown.number(average),
        "median": shown.number(float(np.median(known))),
        "highest": shown.number(float(known.max())),
        "lowest": shown.number(float(known.min())),
        "spread": shown.number(float(known.max() - known.min())),
        "above_mean": str(int((known > average).sum())),
        "without_score": str(gone) if gone else "",
    }


def _places(material: Material) -> dict[str, str]:
    shown, result = material.shown, material.shown.result
    found = {"leaders": "", "grades": "", "stages": ""}
    if result.grades:
        counts = Counter(result.grade[row] for row in shown.rows)
        found["grades"] = shown.listed(
            [
                _counted(material, shown.grade(name), counts[name])
                for name in grade_names(result.passport)
                if counts[name]
            ],
            12,
        )
    if result.stages:
        reached = Counter(result.stages[row] for row in shown.rows)
        found["stages"] = shown.listed(
            [
                _counted(material, shown.stage(each.stage), reached[each.stage])
                for each in reversed(result.passport.stages)
                if reached[each.stage]
            ],
            12,
        )
        return found
    named: dict[str, list[str]] = {}
    for row in shown.ordered:
        if result.rank[row] <= _LEADERS:
            group = result.table.groups[row] or "" if shown.grouped else ""
            score = shown.number(float(result.index[row]))
            named.setdefault(group, []).append(
                shown.say(f"{shown.name(row)}（{score}）", f"{shown.name(row)} ({score})")
            )
    parts = [
        (f"{group}{shown.say('：', ': ')}" if group else "") + shown.listed(names, _NAMED)
        for group, names in named.items()
    ]
    found["leaders"] = shown.say("；", "; ").join(parts)
    return found


def _counted(material: Material, name: str, count: int) -> str:
    return material.shown.say(f"{name}{'' if not name[-1:].isascii() else ' '}{count}个", f"{name} {count}")


def _dimensions(material: Material) -> dict[str, str]:
    shown = material.shown
    nodes = shown.result.passport.tree
    if len(nodes) < 2:
        return {}
    rates = {
        node.code: average / material.full[node.code]
        for node in nodes
        if node.code in material.full and (average := mean(shown.scores(node.code))) is not None
    }
    found: dict[str, str] = {}
    if len(rates) > 1:
        best, worst = max(rates, key=lambda code: rates[code]), min(rates, key=lambda code: rates[code])
        if rates[best] > rates[worst]:
            found |= {
                "strongest_dimension": shown.named(best),
                "strongest_rate": shown.percent(rates[best]),
                "weakest_dimension": shown.named(worst),
                "weakest_rate": shown.percent(rates[worst]),
            }
    spans = {}
    for node in nodes:
        held = shown.scores(node.code)
        held = held[~np.isnan(held)]
        if len(held) > 1 and held.max() > held.min():
            top = material.full.get(node.code, shown.result.passport.scale[1]) or 1.0
            spans[node.code] = (float(held.max() - held.min()) / top, float(held.min()), float(held.max()))
    if len(spans) > 1:
        widest = max(spans, key=lambda code: spans[code][0])
        _, low, high = spans[widest]
        found["widest_dimension"] = shown.named(widest)
        found["widest_span"] = shown.say(
            f"{shown.number(low)}至{shown.number(high)}分", f"{shown.number(low)} to {shown.number(high)}"
        )
    return found


def _missing(material: Material) -> dict[str, str]:
    shown, found = material.shown, material.diagnosis
    cells = len(shown.rows) * len(shown.leaves)
    lost = sum(len(found.missing(row)) for row in shown.rows)
    words = {"missing_share": shown.percent(lost / cells) if lost and cells else ""}
    gain = material.gains().gain[shown.rows]
    if shown.result.stages or not (gain > 0).any():
        return words
    average = np.nansum(gain, axis=0) / len(shown.rows)
    best = float(average.max())
    names = [
        shown.title(leaf) for leaf, each in zip(shown.leaves, average, strict=True) if each > best - 1e-9
    ]
    return {
        **words,
        "lever": shown.listed(names, 3),
        "lever_gain": points(shown, best, len(names)),
    }


def points(shown: Showing, value: float, many: int) -> str:
    """So many points, of one indicator or of each of several."""
    told = shown.number(value, max(2, shown.result.passport.digits))
    return shown.say(f"每个{told}分" if many > 1 else f"{told}分", f"{told} points" + " each" * (many > 1))


def _changes(material: Material) -> dict[str, str]:
    shown, moved = material.shown, material.movements
    changes = [each.change for each in moved.values() if each.change is not None]
    if not changes:
        return {}
    average = sum(changes) / len(changes)
    ranked = [(row, each.places) for row, each in moved.items() if each.places and not shown.result.stages]
    up = sorted((each for each in ranked if each[1] > 0), key=lambda each: -each[1])
    down = sorted((each for each in ranked if each[1] < 0), key=lambda each: each[1])
    return {
        "earlier": material.earlier,
        "mean_change": "" if shown.result.stages else signed(material, average),
        "risers": shown.listed([_moved(material, *each) for each in up[:3]]),
        "fallers": shown.listed([_moved(material, *each) for each in down[:3]]),
    }


def signed(material: Material, value: float) -> str:
    """A difference with its sign."""
    told = material.shown.number(value)
    return told if value < 0 or not told.strip("0.,") else f"+{told}"


def _moved(material: Material, row: int, places: float) -> str:
    shown, many = material.shown, f"{abs(places):g}"
    name = shown.name(row)
    if places > 0:
        return shown.say(f"{name}（升{many}位）", f"{name} (up {many})")
    return shown.say(f"{name}（降{many}位）", f"{name} (down {many})")


def _printed(material: Material) -> str:
    return "" if material.printed is None else in_language(material.printed.summary, material.shown.language)


def ours(shown: Showing) -> str:
    """What the source does not publish, in words."""
    passport = shown.result.passport
    words = ours_said([*passport.ours, *(key for node in passport.nodes() for key in node.ours)])
    return shown.listed([in_language(each, shown.language) for each in words], 12)
