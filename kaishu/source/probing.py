"""Look at a source: is it reachable, what has it got?  And how what it has differs from the last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kaishu.source.connectors import KINDS, FoundColumn, FoundTable, Place, opened

#: Columns are asked for one table at a time where a list of tables does not tell them.
ASKED_ALONE = 50


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference; ``kind`` is came, went, retyped or renamed, of a table (no column) or a column."""

    kind: str
    table: str
    column: str = ""
    was: str = ""
    now: str = ""


def look_at(place: Place) -> list[FoundTable]:
    """What the source has.  Raises what connectors raise; needs no database."""
    with opened(KINDS[place.kind], place) as connector:
        found = connector.tables()
        return [
            FoundTable(each.name, each.columns or connector.columns(each.name), each.rows, each.exact)
            if number < ASKED_ALONE
            else each
            for number, each in enumerate(found)
        ]


def as_data(found: Iterable[FoundTable]) -> list[dict[str, Any]]:
    """Tables as they are kept."""
    return [asdict(each) for each in found]


def compute_drift(before: list[dict[str, Any]], now: Iterable[FoundTable]) -> list[Drift]:
    """What came, went, changed its type or probably its name; files come and go and are no drift."""
    old = {each["name"]: each["columns"] for each in before if each["columns"]}
    new = {each.name: each.columns for each in now if each.columns}
    drifts = [Drift("came", name) for name in new if name not in old]
    drifts += [Drift("went", name) for name in old if name not in new]
    for name in new:
        if name in old:
            drifts += compare_columns(name, old[name], new[name])
    return drifts


def compare_columns(
    table: str, before: Iterable[Mapping[str, str]], now: Iterable[FoundColumn]
) -> list[Drift]:
    """Column by column; one that went and one of the same type that came at its place were renamed."""
    old = {each["name"]: each["type"] for each in before}
    new = {each.name: each.type for each in now}
    drifts = [
        Drift("retyped", table, name, old[name], new[name])
        for name in new
        if name in old and old[name] != new[name]
    ]
    gone, came = [n for n in old if n not in new], [n for n in new if n not in old]
    places_old, places_new = list(old), list(new)
    for name in list(gone):
        place = places_old.index(name)
        other = places_new[place] if place < len(places_new) else ""
        if other in came and old[name] == new[other]:
            drifts.append(Drift("renamed", table, name, name, other))
            gone.remove(name)
            came.remove(other)
    drifts += [Drift("went", table, name, old[name]) for name in gone]
    drifts += [Drift("came", table, name, "", new[name]) for name in came]
    return drifts
