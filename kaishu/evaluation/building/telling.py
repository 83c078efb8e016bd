"""A result as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from kaishu.base.errors import in_language
from kaishu.evaluation.building.notes import note_of
from kaishu.evaluation.building.table import plain
from kaishu.evaluation.system.fingerprint import canonical

if TYPE_CHECKING:
    from kaishu.evaluation.building.result import Result

_CELLS = ("score", "share", "weight", "contribution", "raw")


def as_dict(result: Result, language: str = "zh") -> dict[str, Any]:
    """Everything about a result, numbers in full precision, missing ones None."""
    return {
        "system": result.system,
        "edition": result.edition,
        "title": result.passport.title.said(language),
        "fingerprint": result.fingerprint,
        "data_digest": result.data_digest,
        "scale": list(result.passport.scale),
        "digits": result.passport.digits,
        "units": _units(result, language),
        "notices": [notice.as_dict(language) for notice in result.notices],
        "ranges": {
            code: [
                {"population": each.population, "figures": dict(each.figures), "used": dict(each.used)}
                for each in used
            ]
            for code, used in result.ranges.items()
        },
        "options": dict(result.options),
        "passport": canonical(result.passport),
        "data": result.table.as_dict(),
    }


def _units(result: Result, language: str) -> list[dict[str, Any]]:
    table, codes = result.table, result.codes
    matrices = (result.scores, result.shares, result.weights, result.contributions, result.raw)
    lists = [[plain(row) for row in matrix] for matrix in matrices]
    flags = result.flags.tolist()
    told = {int(flag): in_language(note_of(int(flag)), language) for flag in np.unique(result.flags)}
    ranks, population = plain(result.rank), result.population.tolist()
    units = []
    for row in range(len(table)):
        rank = ranks[row]
        unit: dict[str, Any] = {
            "id": table.ids[row],
            "name": table.names[row],
            "class": table.classes[row],
            "group": table.groups[row],
            "period": table.periods[row],
            "score": lists[0][row][0],
            "rank": _rank(result, rank),
        }
        if result.grades:
            unit["grade"] = result.grades[row][0]
        if result.stages:
            unit["stage"] = result.stages[row]
        unit |= {"note": told[flags[row][0]], "flags": flags[row][0], "population": population[row]}
        nodes = {}
        for place, code in enumerate(codes):
            if place:
                node: dict[str, Any] = {
                    name: values[row][place] for name, values in zip(_CELLS, lists, strict=True)
                }
                node |= {"note": told[flags[row][place]], "flags": flags[row][place]}
                if result.grades and result.passport.graded != "index":
                    node["grade"] = result.grades[row][place]
                nodes[code] = node
        units.append({**unit, "nodes": nodes})
    return units


def as_csv(result: Result) -> str:
    """UTF-8 text with a header; scores in full precision, missing ones empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    table = result.table
    heads = ["id", "name", "class", "group", "period"]
    columns: list[tuple[str | None, ...]] = [
        table.ids,
        table.names,
        table.classes,
        table.groups,
        table.periods,
    ]
    kept = [place for place, column in enumerate(columns) if place < 2 or any(column)]
    more = (["grade"] if result.grades else []) + (["stage"] if result.stages else [])
    writer.writerow([*(heads[place] for place in kept), "score", "rank", *more, *result.codes[1:]])
    ranks, grade = plain(result.rank), result.grade
    for row in range(len(table)):
        rank = ranks[row]
        told: list[Any] = [_safe(columns[place][row]) for place in kept]
        scores = plain(result.scores[row])
        told += [scores[0], _rank(result, rank)]
        told += [_safe(grade[row])] if result.grades else []
        told += [_safe(result.stages[row])] if result.stages else []
        writer.writerow(["" if each is None else each for each in [*told, *scores[1:]]])
    return out.getvalue()


def _rank(result: Result, rank: float | None) -> float | None:
    """Whole where it is; where the outcome is a stage nobody has a rank."""
    if rank is None or result.stages:
        return None
    return int(rank) if rank.is_integer() else rank


def _safe(text: str | None) -> str | None:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return "'" + text if text and text[0] in "=+-@\t\r" else text
