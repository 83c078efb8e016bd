"""Finding datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, discovery
from kaishu.access import Call
from kaishu.web.contexts import Chip, Choice, Facet, Search
from kaishu.web.entries import entry_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, label, pick

FACETS = ("theme", "office", "format", "open_class")
FILTERS = (*FACETS, "tag")
SIZE = 20
FARTHEST = 10_000
LONGEST = 500
SORTS = ("relevance", "updated", "issued", "title", "popular")
MANY = 15


def search(visit: Visit) -> Response:
    """Search, facets, sort and paging; all of it in the address."""
    q = visit.query("q")[:LONGEST]
    chosen = {
        name: list(dict.fromkeys(visit.request.query_params.getlist(name)))[:20]
        for name in FILTERS
        if visit.query(name)
    }
    sort = visit.query("sort") or ("relevance" if q else "updated")
    sort = sort if sort in SORTS else "relevance"
    number = _page_number(visit.query("page"))
    found = discovery.search(
        visit.call,
        discovery.Query(
            q=q, filters=chosen, facets=list(FACETS), sort=sort, offset=(number - 1) * SIZE, limit=SIZE
        ),
    )
    pages = max(1, -(-min(found.total, FARTHEST) // SIZE))
    state = _State(q, chosen, visit.query("sort") and sort, _names(visit.call))
    context = Search(
        q=q,
        sort=sort,
        sorts=_sorts(),
        total=found.total,
        number=number,
        pages=pages,
        entries=[
            entry_of(row, words=found.words)
            for row in catalogue.datasets_by_ids(visit.call, [hit.dataset_id for hit in found.hits])
        ],
        facets=[facet for name in FACETS if (facet := state.facet(name, found.facets.get(name, []))).choices],
        chips=state.chips(),
        kept=[*state.pairs(), *([("sort", sort)] if visit.query("sort") else [])],
        kept_for_sort=[*([("q", q)] if q else []), *state.pairs()],
        previous=state.href(page=number - 1) if number > 1 else "",
        next=state.href(page=number + 1) if number < pages else "",
        api="/api/v1/datasets?" + urlencode([*([("q", q)] if q else []), *state.pairs(), ("sort", sort)]),
    )
    return render("search/search.html", visit.shell, context)


class _State:
    """The query in the address, and the addresses that change one thing about it."""

    def __init__(
        self, q: str, chosen: Mapping[str, list[str]], sort: str, names: Callable[[str, str], str]
    ) -> None:
        self.q, self.chosen, self.sort, self.names = q, chosen, sort, names

    def pairs(self, chosen: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, str]]:
        """The filters as pairs of the address."""
        filters = self.chosen if chosen is None else chosen
        return [(name, value) for name, values in filters.items() for value in values]

    def href(self, chosen: Mapping[str, Sequence[str]] | None = None, page: int = 1) -> str:
        """An address with other filters or another page."""
        pairs = [("q", self.q)] if self.q else []
        pairs += self.pairs(chosen)
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(page))] if page > 1 else []
        return "/datasets?" + urlencode(pairs)

    def toggled(self, name: str, value: str) -> str:
        """The address with this value chosen, or let go if it was."""
        values = list(self.chosen.get(name, []))
        values = [v for v in values if v != value] if value in values else [*values, value]
        changed = {**self.chosen, name: values}
        return self.href({key: kept for key, kept in changed.items() if kept})

    def facet(self, name: str, counts: Sequence[tuple[str, int]]) -> Facet:
        """One facet, the chosen values first."""
        picked = self.chosen.get(name, [])
        known = dict(counts)
        values = [*picked, *(value for value, _count in counts if value not in picked)][:MANY]
        choices = [
            Choice(self.names(name, value), known.get(value, 0), self.toggled(name, value), value in picked)
            for value in values
        ]
        return Facet(_title(name), choices)

    def chips(self) -> list[Chip]:
        """The filters in force."""
        return [
            Chip(self.names(name, value), self.toggled(name, value))
            for name, values in self.chosen.items()
            for value in values
        ]


def _names(call: Call) -> Callable[[str, str], str]:
    offices = {office.name: pick(office.title, office.title_en) for office in access.offices(call.session)}

    def name(facet: str, value: str) -> str:
        if facet == "office":
            return offices.get(value, value)
        if facet == "format":
            return value.upper()
        return label(facet.replace("_", "-"), value) if facet in ("theme", "open_class") else value

    return name


def _title(facet: str) -> str:
    return {
        "theme": _("主题"),
        "office": _("部门"),
        "format": _("格式"),
        "open_class": _("开放属性"),
        "tag": _("标签"),
    }[facet]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("relevance", _("最相关")),
        ("updated", _("最近更新")),
        ("issued", _("最近发布")),
        ("title", _("名称")),
        ("popular", _("用得最多")),
    ]


def _page_number(given: str) -> int:
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    return min(max(1, number), FARTHEST // SIZE)


ROUTES: list[Route] = [page("/datasets", search)]
