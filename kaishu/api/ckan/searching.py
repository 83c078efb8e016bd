"""``package_search``: words, exact filters, facets, stable paging; and the lists that come from the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from kaishu import catalogue, discovery, standards
from kaishu.access import Call, Permission, allowed
from kaishu.access.models import Office
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.errors import SearchQueryError
from kaishu.api.ckan.grammar import And, parse
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.rendered import rendered
from kaishu.api.ckan.translating import CONSTANT, FACETS, Translator
from kaishu.api.ckan.unpublished import ADDED, fitting, mixed

MOST_ROWS = 1000
ALL = 1_000_000
LONGEST_FILTERS = 16_000
MOST_VALUES = 60_000
KNOWN = frozenset(
    {
        "q",
        "fq",
        "fq_list",
        "rows",
        "start",
        "sort",
        "facet",
        "facet.field",
        "facet.limit",
        "facet.mincount",
        "include_private",
        "include_drafts",
        "include_deleted",
        "use_default_schema",
    }
)
SORTABLE = {
    "score": "relevance",
    "relevance": "relevance",
    "id": "id",
    "name": "name",
    "title": "title",
    "title_string": "title",
    "metadata_created": "metadata_created",
    "metadata_modified": "metadata_modified",
}
#: Orders without ties, or as good as; what is said after one of these cannot change anything.
SETTLED = frozenset({"relevance", "id", "name", "metadata_created", "metadata_modified"})
DEFAULT_SORT = "score desc, metadata_modified desc"
OFFICES = select(Office.name, Office.title).where(Office.name.in_(bindparam("names", expanding=True)))


@action("package_search")
def package_search(asked: Asked) -> dict[str, Any]:
    """Search datasets: ``q`` words, ``fq`` filters, ``rows`` (10, at most 1000), ``start``, ``sort``, facets.

    ``q`` and ``fq`` know field:value, "phrases", AND, OR, NOT, +, -, parentheses, [a TO b], a trailing *
    and *:*; anything else is refused.  ``sort`` takes score, id, name, title, metadata_created and
    metadata_modified.  Facets are counted under all filters.

    ``include_private``, ``include_drafts`` (drafts and what is before a reviewer) and ``include_deleted``
    (withdrawn ones) add what the caller may see of these; a visitor finds published datasets only.
    """
    unknown = sorted(set(asked.values) - KNOWN)
    if unknown:
        raise SearchQueryError(reason=f"Invalid search parameters: {unknown}")
    rows, start = asked.integer("rows", 10, most=MOST_ROWS), asked.integer("start", 0)
    fields = asked.words("facet.field") if asked.flag("facet", True) else []
    _check_facets(fields)
    states = [state for name, added in ADDED.items() if asked.flag(name) for state in added]
    with asked.reading() as call:
        query = _query(asked, call, fields, start, rows)
        if states and allowed(call, Permission.dataset_read_draft):
            total, page, counted = _with_unpublished(asked, call, query, states)
        else:
            found = discovery.search(call, query)
            total, counted = found.total, found.facets
            page = rendered(call, [hit.dataset_id for hit in found.hits], asked.site) if rows else []
        facets = _facets(call, counted, _limit(asked), asked.integer("facet.mincount", 1))
    return {
        "count": total,
        "sort": asked.text("sort") or DEFAULT_SORT,
        "results": page,
        "facets": {name: {i["name"]: i["count"] for i in each["items"]} for name, each in facets.items()},
        "search_facets": facets,
    }


def _query(
    asked: Asked,
    call: Call,
    fields: list[str],
    start: int,
    rows: int,
    constant: Mapping[str, str] = CONSTANT,
) -> discovery.Query:
    texts = [asked.text("fq")] if isinstance(asked.values.get("fq"), str) else asked.words("fq")
    texts = [*texts, *_filter_list(asked)]
    if sum(map(len, texts)) > LONGEST_FILTERS:
        raise SearchQueryError(reason=f"filters longer than {LONGEST_FILTERS} characters in all")
    filters = And(tuple(parse(text) for text in texts))
    words, besides = Translator(call, lenient=True, constant=constant).scored(parse(asked.text("q")))
    return discovery.Query(
        q=words,
        where=discovery.All([besides, Translator(call, constant=constant).condition(filters)]),
        facets=fields,
        facet_limit=max(1, _limit(asked)),
        strict=True,
        sort=_order(asked.text("sort")),
        offset=start,
        limit=rows,
    )


def _with_unpublished(
    asked: Asked, call: Call, query: discovery.Query, states: Sequence[str]
) -> tuple[int, list[Any], dict[str, list[tuple[str, int]]]]:
    """How many there are, the page, counts by facet, where the actor asks for what is not published too."""

    def wanted(constant: Mapping[str, str]) -> tuple[str, discovery.Condition]:
        found = _query(asked, call, [], 0, 0, constant)
        return found.q, found.where or discovery.All(())

    loose = fitting(call, states, query.facets, wanted)
    every = replace(query, facet_limit=MOST_VALUES)
    found = mixed(call, every, loose, query.offset, query.limit)
    page = [shapes.package(dataset, dataset.resources, asked.site) for dataset in found.rows]
    return found.total, page, found.facets


def _check_facets(fields: list[str]) -> None:
    wrong = [field for field in fields if field not in FACETS]
    if wrong:
        raise SearchQueryError(reason=f"no facet {wrong}; known: {', '.join(FACETS)}")


def _limit(asked: Asked) -> int:
    """CKAN's 50; a negative number is no limit."""
    if asked.text("facet.limit").strip().startswith("-"):
        return MOST_VALUES
    return asked.integer("facet.limit", 50)


def _filter_list(asked: Asked) -> list[str]:
    given = asked.values.get("fq_list")
    if isinstance(given, str) and not given.lstrip().startswith("["):
        return [given]
    return asked.words("fq_list")


def _order(text: str) -> str:
    parts = []
    for part in (text or DEFAULT_SORT).split(","):
        name, _, way = part.strip().partition(" ")
        way = way.strip().lower() or "asc"
        if way not in ("asc", "desc") or name not in SORTABLE:
            raise SearchQueryError(reason=f'cannot sort by "{part.strip()}"; known: {", ".join(SORTABLE)}')
        parts.append((SORTABLE[name], way))
    name, way = parts[0]
    if len(parts) > 1 and name not in SETTLED:
        raise SearchQueryError(reason=f'"{name}" cannot be followed by a second order')
    return name if name == "relevance" else f"{name} {way}"


def packages(call: Call, hits: list[discovery.Hit], site: str) -> list[dict[str, Any]]:
    """The found datasets in full; one that vanished since the index was written is left out."""
    rows = catalogue.datasets_by_ids(call, [hit.dataset_id for hit in hits])
    return [shapes.package(dataset, dataset.resources, site) for dataset in rows]


def counts(call: Call, field: str) -> dict[str, int]:
    """Values of a field over all published datasets, with the number of datasets."""
    query = discovery.Query(facets=[field], facet_limit=MOST_VALUES, limit=0)
    return dict(discovery.search(call, query).facets[field])


def _facets(call: Call, counted: dict[str, list[tuple[str, int]]], limit: int, least: int) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    for field, values in counted.items():
        kept = sorted((pair for pair in values if pair[1] >= least), key=lambda pair: (-pair[1], pair[0]))
        del kept[limit:]
        labels = _labels(call, field, [value for value, _ in kept])
        items = []
        for value, count in kept:
            name, label = labels.get(value, (value, value))
            items.append({"name": name, "display_name": label, "count": count})
        facets[field] = {"title": field, "items": items}
    return facets


def _labels(call: Call, field: str, values: list[str]) -> Mapping[str, tuple[str, str]]:
    """The index's value to CKAN's name and the label."""
    if field != "organization":
        return _words(field)
    wanted = call.session.connection().execute(OFFICES, {"names": values})
    return {name: (name, title) for name, title in wanted}


@cache
def _words(field: str) -> Mapping[str, tuple[str, str]]:
    if field == "groups":
        return {term.code: (term.code, term.zh) for term in standards.vocabulary("theme").terms}
    if field == "license_id":
        terms = standards.vocabulary("licence").terms
        return {term.code: (str(term.extra.get("ckan", term.code)), term.zh) for term in terms}
    if field == "res_format":
        known = {term.code: (term.code.upper(),) * 2 for term in standards.vocabulary("file-format").terms}
        return {**known, discovery.OTHER_FORMAT: (discovery.OTHER_FORMAT, "其他")}
    return {}
