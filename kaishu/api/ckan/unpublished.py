"""What is not published among what is found, for those who may see it.

The index holds published datasets only.  The others are few: they are read from the records, one after
another, and what fits takes its place among the index's hits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kaishu import catalogue, discovery
from kaishu.access import Call
from kaishu.api.ckan.errors import SearchQueryError
from kaishu.api.ckan.translating import CONSTANT
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset

#: States that each of CKAN's arguments adds.  A draft is private and a draft at once.
ADDED = {
    "include_private": (State.draft, State.in_review, State.returned),
    "include_drafts": (State.draft, State.in_review, State.returned),
    "include_deleted": (State.withdrawn,),
}
MOST = 100_000
#: Orders in which both kinds are one list; in others what is not published comes first.
ORDERED = ("id", "name", "metadata_created", "metadata_modified")
Wanted = Callable[[Mapping[str, str]], tuple[str, discovery.Condition]]


@dataclass(frozen=True, slots=True)
class Loose:
    """A dataset that fits: its id, its keys by the name of the order, its values by the name of the facet."""

    id: str
    keys: Mapping[str, Any]
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Mixed:
    """A page of both kinds, how many there are, and counts by facet."""

    total: int
    rows: list[Dataset]
    facets: dict[str, list[tuple[str, int]]]


def fitting(call: Call, states: Sequence[str], facets: Sequence[str], wanted: Wanted) -> list[Loose]:
    """The datasets in these states that fit; ``wanted`` gives words and condition for what always holds.

    Raises ``SearchQueryError`` where there are too many to look at.
    """
    hidden = {"private": "true", "capacity": "private"}
    asked = {kept: wanted({**CONSTANT, **hidden, "state": kept}) for kept in ("draft", "deleted")}
    found = []
    for number, row in enumerate(catalogue.unpublished(call, states, MOST + 1)):
        if number == MOST:
            raise SearchQueryError(reason=f"more than {MOST} datasets are not published")
        words, condition = asked["deleted" if row.state == State.withdrawn else "draft"]
        values, texts = _values(row), _texts(row)
        if _said(words, texts.values()) and _holds(condition, values, texts):
            keys = {name: values[name][0] for name in ORDERED}
            found.append(Loose(row.id, keys, {name: values[name] for name in facets}))
    return found


def mixed(call: Call, query: discovery.Query, loose: list[Loose], start: int, rows: int) -> Mixed:
    """A page of what the index finds and of these."""
    order, _, way = query.sort.partition(" ")
    if order == "relevance" and not query.q.strip():
        order, way = "metadata_modified", "desc"
    down = way == "desc"
    by = order if order in ORDERED else "metadata_modified"
    loose.sort(key=lambda each: (each.keys[by], each.id), reverse=down or by != order)

    def place(number: int) -> int:
        """How many stand before this one."""
        return number + (_before(call, query, order, loose[number], down) if by == order else 0)

    first = bisect_left(range(len(loose)), start, key=place) if start else 0
    found = discovery.search(call, replace(query, offset=start - first, limit=rows))
    ids = [each.id for each in loose[first : first + rows]]
    published = [hit.dataset_id for hit in found.hits] if rows else []
    known = {row.id: row for row in catalogue.datasets_by_ids(call, [*ids, *published])}
    mine, theirs = ([known[each] for each in some if each in known] for some in (ids, published))
    together = _merged(theirs, mine, by, down) if by == order else [*mine, *theirs]
    facets = {name: Counter(dict(counted)) for name, counted in found.facets.items()}
    for each in loose:
        for name, counts in facets.items():
            counts.update(set(each.values[name]))
    return Mixed(
        found.total + len(loose),
        together[:rows],
        {name: counts.most_common() for name, counts in facets.items()},
    )


def _before(call: Call, query: discovery.Query, order: str, one: Loose, down: bool) -> int:
    """How many of the index's hits stand before this one; where they are equal, all of them."""
    key = one.keys[order]
    span = discovery.Between(order, key, None) if down else discovery.Between(order, None, key)
    both = discovery.All([*([query.where] if query.where else []), span])
    return discovery.search(call, replace(query, where=both, facets=(), limit=0, offset=0)).total


def _merged(theirs: list[Dataset], mine: list[Dataset], order: str, down: bool) -> list[Dataset]:
    found: list[Dataset] = []
    rest = list(theirs)
    for one in mine:
        key = _key(one, order)
        while rest and (_key(rest[0], order) >= key if down else _key(rest[0], order) <= key):
            found.append(rest.pop(0))
        found.append(one)
    return found + rest


def _key(dataset: Dataset, order: str) -> Any:
    if order == "metadata_modified":
        return dataset.published_at if dataset.state == State.published else dataset.updated_at
    return dataset.created_at if order == "metadata_created" else getattr(dataset, order)


def _values(row: Any) -> dict[str, Sequence[Any]]:
    record = row.record
    code = str(record.get("spatial_code") or "")
    several = {"groups": "themes", "tags": "tags", "language": "languages"}
    single = {"license_id": "licence", "frequency": "update_frequency", "share_class": "share_class"}
    return {
        "id": [row.id],
        "name": [row.name],
        "organization": [row.office],
        "metadata_created": [row.created_at],
        "metadata_modified": [row.updated_at],
        "open_class": [row.open_class] if row.open_class else [],
        "spatial_code": discovery.division_parents(code) if code else [],
        "res_format": [
            format_ for each in row.resources if (format_ := discovery.format_code(each.get("format") or ""))
        ],
        **{name: record.get(key) or [] for name, key in several.items()},
        **{name: [value] if (value := record.get(key)) else [] for name, key in single.items()},
    }


def _texts(row: Any) -> dict[str, str]:
    record = row.record
    notes = [record.get("description"), record.get("description_en")]
    others = [row.name, row.office_title, *(record.get("tags") or [])]
    others += [each.get("name") for each in row.resources]
    parts = {"title": [row.title, row.title_en], "notes": notes, "": others}
    return {name: "\n".join(filter(None, each)).casefold() for name, each in parts.items()}


def _said(words: str, texts: Any) -> bool:
    whole = "\n".join(texts)
    return all(word in whole for word in words.casefold().split())


def _holds(
    condition: discovery.Condition, values: Mapping[str, Sequence[Any]], texts: Mapping[str, str]
) -> bool:
    if isinstance(condition, discovery.All):
        return all(_holds(each, values, texts) for each in condition.conditions)
    if isinstance(condition, discovery.Any):
        return any(_holds(each, values, texts) for each in condition.conditions)
    if isinstance(condition, discovery.Not):
        return not _holds(condition.condition, values, texts)
    if isinstance(condition, discovery.Words):
        among = {"description": "notes"}
        fields = [among.get(name, name) for name in condition.fields] or list(texts)
        return _said(condition.text, [texts[name] for name in fields])
    there = values[condition.field]
    if isinstance(condition, discovery.Is):
        asked = {
            discovery.format_code(str(each)) if condition.field == "res_format" else each
            for each in condition.values
        }
        return any(each in asked for each in there)
    if isinstance(condition, discovery.Prefix):
        return any(each.startswith(condition.start) for each in there)
    return bool(there) if isinstance(condition, discovery.Has) else any(_within(condition, e) for e in there)


def _within(span: discovery.Between, value: str | datetime) -> bool:
    low: Any = span.low
    high: Any = span.high
    if low is not None and (value < low or (value == low and not span.with_low)):
        return False
    return high is None or not (value > high or (value == high and not span.with_high))
