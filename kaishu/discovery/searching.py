"""Search: words, exact filters, counts by facet, order, a page."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from kaishu.access import Call, Permission, require
from kaishu.discovery import conditions, following, shape
from kaishu.discovery.conditions import Condition, Is
from kaishu.discovery.errors import IndexBusy, UnknownField
from kaishu.discovery.finding import finding
from kaishu.discovery.matching import matching
from kaishu.discovery.remembering import State
from kaishu.discovery.rows import last_number
from kaishu.discovery.synonyms import synonyms
from kaishu.discovery.words import NONE, Synonyms, Word, query_words

if TYPE_CHECKING:
    import tantivy

log = logging.getLogger(__name__)

#: Name of an order to field and whether the largest comes first.
SORTS: dict[str, tuple[str, bool]] = {
    "updated": ("modified_order", True),
    "issued": ("issued", True),
    "title": ("title_sort", False),
    "popular": ("uses", True),
}
DEEPEST = 1_000_000
#: A segment hands on this many values of a facet; if those left out could change the counts, this many.
ENOUGH, EXACT = 1000, 60_000


@dataclass(slots=True)
class Query:
    """What to look for.

    Values of one filter are alternatives, filters are taken together with each other, with ``where``
    and with the words.  ``sort`` is relevance, updated (as the records say, not when they came here),
    issued, title, popular, or a field's name with `` asc`` or `` desc``.  Counts of a facet leave out the
    filter on that facet itself, so that a person sees what else could be chosen; ``strict`` counts under
    every filter, as CKAN does.
    """

    q: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    where: Condition | None = None
    facet_limit: int = 50
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One dataset found; ``score`` is 0 unless sorted by relevance."""

    dataset_id: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, how many there are in all, and counts by facet, the largest first."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]]
    took_ms: float
    words: list[Word] = field(default_factory=list)


def search(call: Call, query: Query) -> Found:
    """Find published datasets.  Raises ``UnknownField``, ``IndexBeingBuilt``, ``IndexBusy``."""
    require(call, Permission.dataset_read)
    state = current_reader(call).state
    known = synonyms(call.session)
    started = time.perf_counter()
    parts = _parts(query, state.searcher, known)
    total, hits = _page(state, parts, query, known)
    facets = state.counted(_key(query, known), lambda: _facets(state.searcher, parts, query))
    took = (time.perf_counter() - started) * 1000
    return Found(total, hits, facets, round(took, 3), query_words(query.q, known))


def _key(query: Query, known: Synonyms) -> str:
    """Everything that the counts depend on."""
    return repr((_asked(query, known), list(query.facets), query.facet_limit, query.strict))


def _asked(query: Query, known: Synonyms) -> tuple[Any, ...]:
    """Everything that decides which datasets are found."""
    return query.q, sorted(query.filters.items()), query.where, id(known)


def current_reader(call: Call) -> following.Reader:
    """The index as of now: one look at the ledger's last number, and more only if it has moved."""
    using = following.reader()
    if last_number(call.session) > using.seen:
        try:
            following.refresh()
        except IndexBusy as busy:
            log.warning("searching an index that is behind: %s", busy)
        using = following.reader()
    return using


def _parts(query: Query, searcher: tantivy.Searcher, known: Synonyms = NONE) -> dict[str, tantivy.Query]:
    """The conditions by what they are about: ``""`` for the words, else our name of the filter's field."""
    parts = {"": _words(finding(query.q, searcher, known), query)}
    for name, values in query.filters.items():
        if values:
            own = conditions.field_of(name)
            found = conditions.compiled(Is(own, list(values)), searcher)
            both = parts.get(own)
            parts[own] = _unscored(found if both is None else _joined([both, found]))
    if query.where is not None:
        parts["where"] = _unscored(conditions.compiled(query.where, searcher, known))
    return parts


def _words(words: tantivy.Query | None, query: Query) -> tantivy.Query:
    from tantivy import Query as Tantivy

    if words is None:
        return Tantivy.empty_query() if query.q.strip() else Tantivy.all_query()
    return words


def _unscored(query: tantivy.Query) -> tantivy.Query:
    from tantivy import Query as Tantivy

    return Tantivy.const_score_query(query, 0.0)


def _joined(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    from tantivy import Occur
    from tantivy import Query as Tantivy

    every = list(parts)
    if len(every) == 1:
        return every[0]
    return Tantivy.boolean_query([(Occur.Must, part) for part in every])


def _page(
    state: State, parts: Mapping[str, tantivy.Query], query: Query, known: Synonyms
) -> tuple[int, list[Hit]]:
    most = max(1, int(state.searcher.num_docs))  # room is made for all that is asked for, there or not
    offset, limit = min(max(query.offset, 0), DEEPEST, most), min(query.limit, most)
    order = _order(query)
    everything = _joined(parts.values())
    if query.limit <= 0:
        counted: Any = state.searcher.search(everything, 1)
        return counted.count, []
    if order is None:
        scored = _words(matching(query.q, state.searcher, known), query)
        everything = _joined([scored, *(part for about, part in parts.items() if about)])
        result: Any = state.searcher.search(everything, limit, offset=offset)
        return result.count, hits_of(state.searcher, result.hits)
    key = repr((_asked(query, known), order))
    total, found = state.page(key, everything, order, limit, offset)
    hits = hits_of(state.searcher, found, scored=False)
    if order[0] == "id_order":
        hits.sort(key=lambda hit: hit.dataset_id, reverse=order[1])
    return total, hits


def hits_of(searcher: tantivy.Searcher, found: Iterable[Any], *, scored: bool = True) -> list[Hit]:
    """What Tantivy found, as hits."""
    hits = []
    for rank, address in found:
        stored = searcher.doc(address)
        hits.append(Hit(stored["id"][0], stored["name"][0], round(rank, 4) if scored else 0.0))
    return hits


def _order(query: Query) -> tuple[str, bool] | None:
    """Field and direction; None for relevance.  Without words the newest are the most relevant."""
    if query.sort in SORTS:
        return SORTS[query.sort]
    name, _, way = query.sort.partition(" ")
    if name in ("relevance", "score"):
        return None if query.q.strip() else ("updated", True)
    name = {"title": "title_sort", "id": "id_order"}.get(name, name)
    return conditions.field_of(name), way.strip().lower() == "desc"


def _facets(
    searcher: tantivy.Searcher, parts: Mapping[str, tantivy.Query], query: Query
) -> dict[str, list[tuple[str, int]]]:
    counted: dict[str, list[tuple[str, int]]] = {}
    together: dict[str, str] = {}
    for name in query.facets:
        own = conditions.field_of(name)
        if own not in shape.VALUES:
            raise UnknownField(field=name, known=", ".join(shape.VALUES))
        if own in parts and not query.strict:
            rest = _joined(part for about, part in parts.items() if about != own)
            counted |= _counts(searcher, rest, {name: own}, query.facet_limit)
        else:
            together[name] = own
    if together:
        counted |= _counts(searcher, _joined(parts.values()), together, query.facet_limit)
    return {name: counted[name] for name in query.facets}


def _counts(
    searcher: tantivy.Searcher, query: tantivy.Query, facets: Mapping[str, str], limit: int
) -> dict[str, list[tuple[str, int]]]:
    limit = max(1, limit)
    columns = {own: shape.SETS.get(own, (own,)) for own in facets.values()}
    wanted: dict[str, Any] = {}
    for own, among in columns.items():
        size, enough = (EXACT, EXACT) if own in shape.SETS else (limit, max(ENOUGH, limit))
        wanted |= {column: _terms(column, size, enough) for column in among}
    found = searcher.aggregate(query, wanted)
    unsure = {
        own: _terms(own, limit, max(EXACT, limit))
        for own, among in columns.items()
        if any(found[column]["doc_count_error_upper_bound"] for column in among)
    }
    if unsure:
        found |= searcher.aggregate(query, unsure)
        columns |= {own: (own,) for own in unsure}
    return {
        name: _largest(own, [found[column] for column in columns[own]], limit) for name, own in facets.items()
    }


def _terms(column: str, size: int, segment_size: int) -> dict[str, Any]:
    return {"terms": {"field": column, "size": size, "segment_size": segment_size}}


def _largest(own: str, columns: Iterable[Mapping[str, Any]], limit: int) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for bucket in chain.from_iterable(column["buckets"] for column in columns):
        key, number = bucket["key"], bucket["doc_count"]
        for value in filter(None, key.split(shape.JOINT)) if own in shape.SETS else (key,):
            counts[value] = counts.get(value, 0) + number
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
