"""Two editions of a system, and two results of the same units, held against each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu.evaluation.building.notes import number
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.errors import NotComparable
from kaishu.evaluation.system.fingerprint import canonical
from kaishu.evaluation.system.model import Passport


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: ``code`` of the node, empty for the whole; ``key``; empty texts for nothing."""

    code: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One unit in two results.

    ``by_score`` and ``by_weight`` are the parts of ``change`` (Bennet 1920; see analysis.change_of_sum) over
    the leaves that both have; ``rest`` is what other leaves and the way of aggregating make of it.
    """

    id: str
    name: str
    score_before: float | None
    score_after: float | None
    rank_before: float | None
    rank_after: float | None
    change: float | None
    by_score: float | None
    by_weight: float | None
    rest: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Units of both results by their rank afterwards, those of one only, and what changed in the system."""

    units: list[Moved]
    gone: list[str]
    new: list[str]
    system: list[Difference]
    same_data: bool


def compare_systems(before: Passport, after: Passport) -> list[Difference]:
    """What differs between two systems, in the order of the later one's tree."""
    old, new = canonical(before), canonical(after)
    found = [
        Difference("", key, _told(old.get(key)), _told(new.get(key)))
        for key in dict.fromkeys([*new, *old])
        if key != "tree" and old.get(key) != new.get(key)
    ]
    nodes, others = _nodes(old), _nodes(new)
    for code in dict.fromkeys([*others, *nodes]):
        if code not in nodes:
            found.append(Difference(code, "", "", _told(others[code].get("title") or code)))
        elif code not in others:
            found.append(Difference(code, "", _told(nodes[code].get("title") or code), ""))
        else:
            a, b = nodes[code], others[code]
            found += [
                Difference(code, key, _told(a.get(key)), _told(b.get(key)))
                for key in dict.fromkeys([*b, *a])
                if a.get(key) != b.get(key)
            ]
    return found


def compare_results(before: Result, after: Result) -> Changes:
    """Ranks and scores before and after, and what made them change; stages bring no ranks.

    Raises ``NotComparable``.
    """
    old, new = _rows(before), _rows(after)
    both = [id for id in new if id in old]
    if not both:
        raise NotComparable()
    rows = np.array([old[id] for id in both]), np.array([new[id] for id in both])
    change = after.index[rows[1]] - before.index[rows[0]]
    by_score, by_weight = _parts(before, after, rows)
    rest = change - by_score - by_weight
    rest[np.abs(rest) < 1e-9] = 0.0
    staged = bool(before.stages or after.stages)
    moved = [
        Moved(
            id=id,
            name=after.table.names[new[id]],
            score_before=number(before.index[old[id]]),
            score_after=number(after.index[new[id]]),
            rank_before=None if staged else number(before.rank[old[id]]),
            rank_after=None if staged else number(after.rank[new[id]]),
            change=number(change[place]),
            by_score=number(by_score[place]),
            by_weight=number(by_weight[place]),
            rest=number(rest[place]),
        )
        for place, id in enumerate(both)
    ]
    moved.sort(key=lambda each: (each.rank_after is None, each.rank_after or 0.0))
    return Changes(
        units=moved,
        gone=[before.table.names[row] for id, row in old.items() if id not in new],
        new=[after.table.names[row] for id, row in new.items() if id not in old],
        system=compare_systems(before.passport, after.passport),
        same_data=before.data_digest == after.data_digest,
    )


def _parts(before: Result, after: Result, rows: tuple[Any, Any]) -> tuple[Any, Any]:
    shared = [node.code for node in after.passport.leaves() if node.code in before.places]
    shared = [code for code in shared if not before.nodes[code][0].children]
    a = np.ix_(rows[0], [before.places[code] for code in shared])
    b = np.ix_(rows[1], [after.places[code] for code in shared])
    s0, s1, w0, w1 = (
        np.nan_to_num(each)
        for each in (before.scores[a], after.scores[b], before.weights[a], after.weights[b])
    )
    # A score that is missing has no weight; what it had before went by its weight, not by its score.
    s0 = np.where(np.isnan(before.scores[a]), s1, s0)
    s1 = np.where(np.isnan(after.scores[b]), s0, s1)
    return ((w0 + w1) / 2 * (s1 - s0)).sum(axis=1), ((s0 + s1) / 2 * (w1 - w0)).sum(axis=1)


def _rows(result: Result) -> dict[str, int]:
    """Row of each unit; of several periods the last one."""
    order = sorted(range(len(result.table)), key=lambda row: result.table.periods[row] or "")
    return {result.table.ids[row]: row for row in order}


def _nodes(form: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}

    def walk(nodes: list[dict[str, Any]], parent: str) -> None:
        for node in nodes:
            kept = {key: value for key, value in node.items() if key not in ("code", "children")}
            found[node["code"]] = {**kept, "parent": parent} if parent else kept
            walk(node.get("children", []), node["code"])

    walk(form["tree"], "")
    return found


def _told(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
