"""Finding datasets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaishu import access, catalogue, discovery
from kaishu.access import Call
from kaishu.discovery import Found, Query
from kaishu.web.asked import LIMITS, Asked, asked
from kaishu.web.entries import entry_of, format_name
from kaishu.web.figures import share
from kaishu.web.rendering import render
from kaishu.web.result_charts import MOST_ROWS, by_time, over_time, spread
from kaishu.web.routing import Visit, page
from kaishu.web.search_contexts import Facet, Nothing, ResultChart, Search
from kaishu.web.words import _, kind_title, label, listed, pick

FACETS = ("theme", "office", "format", "open_class", "harvest", "month")
CHARTS = ("theme", "office", "month", "format")
CODED = {"theme": "theme", "open_class": "open-class"}
SIZE = 20
FARTHEST = 10_000
FEW = 3  # results with which another spelling is still looked for
MOST_MONTHS = 1200
SORTS = ("relevance", "updated", "issued", "title", "popular")
SUGGESTED = 8
COUNTRY = "000000"  # the division code of the whole country

Names = Callable[[str, str], str]


def search(visit: Visit) -> Response:
    """Search, facets, charts, sort and paging; all of it in the address."""
    wanted = _asked(visit)
    number = _page_number(visit.query("page"))
    query = _query(wanted, number)
    found = discovery.search(visit.call, query)
    names = _names(visit.call)
    pages = max(1, -(-min(found.total, FARTHEST) // SIZE))
    meant, meant_total = discovery.meant(visit.call, wanted.q) if wanted.q and found.total < FEW else ("", 0)
    rows = catalogue.datasets_by_ids(visit.call, [hit.dataset_id for hit in found.hits])
    order = wanted.sort or ("relevance" if wanted.q else "updated")
    q = [("q", wanted.q)] if wanted.q else []
    sort = [("sort", wanted.sort)] if wanted.sort else []
    without_limits = [pair for pair in wanted.pairs() if pair[0] not in (*LIMITS, "division")]
    context = Search(
        q=wanted.q,
        sort=order,
        sorts=_sorts(),
        total=found.total,
        number=number,
        pages=pages,
        entries=[entry_of(row, words=found.words) for row in rows],
        facets=_facets(wanted, found, names),
        chips=wanted.chips(names),
        kept=[*wanted.pairs(), *sort],
        kept_for_sort=[*q, *wanted.pairs()],
        kept_for_limits=[*q, *without_limits, *sort],
        limits=wanted.form({name: visit.query(name) for name in (*LIMITS, "division")}),
        charts=_charts(visit.call, wanted, found, names) if found.total else [],
        previous=wanted.href(page=number - 1) if number > 1 else "",
        next=wanted.href(page=number + 1) if number < pages else "",
        api="/api/v1/datasets?" + urlencode([*q, *_of_interface(wanted), ("sort", order)]),
        meant=meant,
        meant_total=meant_total,
        meant_href=wanted.href(q=meant, chosen={}),
        nothing=None if found.total else _nothing(visit.call, wanted, query, names),
    )
    return render("search/search.html", visit.shell, context)


def suggest(visit: Visit) -> Response:
    """What may be meant by the beginning of a query, for the search box."""
    kinds = {"title": _("数据集"), "tag": _("标签"), "office": _("部门"), "field": _("字段")}
    found = [
        {
            "text": pick(each.text, each.text_en),
            "kind": kinds[each.kind],
            "href": _leads_to(each),
        }
        for each in discovery.suggest(visit.call, visit.query("q"), SUGGESTED)
    ]
    answer = JSONResponse(found)
    answer.headers["cache-control"] = "private, max-age=30"
    return answer


def figures(visit: Visit) -> Response:
    """The table of one chart as CSV, under the same query."""
    wanted = _asked(visit)
    name = visit.query("chart") if visit.query("chart") in CHARTS else CHARTS[0]
    found = discovery.search(visit.call, _strict(wanted, (name,)))
    names = _names(visit.call)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([_head(name), _("数据集"), _("占比")])
    for title, count, rate in _table(name, found.facets[name], found.total, names):
        # a spreadsheet takes what begins with these for a formula
        lines.writerow([f"'{title}" if title[:1] in "=+-@\t\r" else title, count, rate])
    head = {"content-disposition": f'attachment; filename="datasets-by-{name}.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=head)


def _asked(visit: Visit) -> Asked:
    return asked(visit.request.query_params.getlist, SORTS)


def _query(wanted: Asked, number: int) -> Query:
    place = "division" if wanted.chosen.get("division") else "province"
    return Query(
        q=wanted.q,
        filters=wanted.filters(),
        where=wanted.where(),
        facets=[*FACETS, place],
        sort=wanted.sort or ("relevance" if wanted.q else "updated"),
        offset=(number - 1) * SIZE,
        limit=SIZE,
        facet_limit=MOST_MONTHS,
    )


def _strict(wanted: Asked, facets: Sequence[str]) -> Query:
    return Query(
        q=wanted.q,
        filters=wanted.filters(),
        where=wanted.where(),
        facets=facets,
        limit=0,
        facet_limit=MOST_MONTHS,
        strict=True,
    )


def _facets(wanted: Asked, found: Found, names: Names) -> list[Facet]:
    years = [(year, count) for year, count in sorted(_years(found.facets["month"]), reverse=True)]
    facets = [
        wanted.facet(_("主题"), "theme", found.facets["theme"], names),
        wanted.facet(_("部门"), "office", found.facets["office"], names),
        wanted.facet(_("格式"), "format", found.facets["format"], names),
        wanted.facet(_("地区"), "division", _places(wanted, found), names, alone=True),
        wanted.facet(_("发布年份"), "year", years, names),
        wanted.facet(_("开放属性"), "open_class", found.facets["open_class"], names),
    ]
    sources = found.facets["harvest"]
    if len(sources) > 1 or wanted.chosen.get("harvest"):
        facets.insert(2, wanted.facet(_("来源"), "harvest", sources, names))
    return [facet for facet in facets if facet.choices]


def _places(wanted: Asked, found: Found) -> Sequence[tuple[str, int]]:
    """Provinces, or what lies directly in the chosen division."""
    if "province" in found.facets:
        return found.facets["province"]
    chosen = wanted.chosen["division"][-1]
    inside = discovery.division_parents(chosen)
    counts = found.facets["division"]
    return [
        (code, count)
        for code, count in counts
        if code == chosen
        or (
            len(parents := discovery.division_parents(code)) == len(inside) + 1
            and parents[: len(inside)] == inside
        )
    ]


def _years(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    years: dict[str, int] = {}
    for month, count in months:
        years[month[:4]] = years.get(month[:4], 0) + count
    return list(years.items())


def _charts(call: Call, wanted: Asked, found: Found, names: Names) -> list[ResultChart]:
    """The results by theme, department, time and format."""
    counted = found if not wanted.chosen else discovery.search(call, _strict(wanted, CHARTS))
    findings = {
        "theme": _("最多的主题是“{value}”，占{rate}"),
        "office": _("最多的部门是“{value}”，占{rate}"),
        "format": _("最常见的格式是{value}，{rate}的数据集有"),
    }
    titles = {"theme": _("按主题"), "office": _("按部门"), "month": _("按发布时间"), "format": _("按格式")}
    charts = []
    for name in CHARTS:
        counts = counted.facets[name]
        rows = _table(name, counts, counted.total, names)
        if name == "month":
            drawing = over_time([(title, count) for title, count, _rate in rows])
        else:
            shown = [(names(name, value), count) for value, count in counts]
            drawing = spread(shown, counted.total, findings[name])
        if drawing.kind != "none":
            q = [("q", wanted.q)] if wanted.q else []
            address = "/search/figures.csv?" + urlencode([("chart", name), *q, *wanted.pairs()])
            charts.append(ResultChart(titles[name], drawing, _head(name), rows[:MOST_ROWS], address))
    return charts


def _table(
    name: str, counts: Sequence[tuple[str, int]], total: int, names: Names
) -> list[tuple[str, int, str]]:
    if name == "month":
        labelled = by_time(counts)
    else:
        labelled = [(names(name, value), count) for value, count in counts]
    return [(title, count, share(count / total) if total else "") for title, count in labelled]


def _head(name: str) -> str:
    return {"theme": _("主题"), "office": _("部门"), "month": _("发布时间"), "format": _("格式")}[name]


def _nothing(call: Call, wanted: Asked, query: Query, names: Names) -> Nothing:
    """Which words nothing has, which filter shuts everything out, and what is near."""
    why = discovery.explain(call, query)
    without = [
        (
            listed(names(name, value) for value in wanted.chosen[name]) if name else _("年份、范围和时间"),
            count,
            wanted.without(name) if name else _unlimited(wanted),
        )
        for name, count in why.without
        if count
    ]
    near = catalogue.datasets_by_ids(call, [hit.dataset_id for hit in why.near])
    return Nothing(
        wordless=bool(wanted.q) and not why.words and not why.missing,
        missing=why.missing,
        known=[(word, count) for word, count in why.words if count],
        without=without,
        unfiltered=why.unfiltered if query.filters or query.where is not None else 0,
        near=[entry_of(row) for row in near],
    )


def _unlimited(wanted: Asked) -> str:
    kept = {name: values for name, values in wanted.chosen.items() if name != "year"}
    return Asked(wanted.q, kept, {}, wanted.sort).href()


def _leads_to(each: discovery.Suggestion) -> str:
    if each.kind == "title":
        return f"/datasets/{each.name}"
    if each.kind == "office":
        return f"/offices/{each.name}"
    asks = {"tag": each.text} if each.kind == "tag" else {"q": each.text}
    return "/datasets?" + urlencode(asks)


def _of_interface(wanted: Asked) -> list[tuple[str, str]]:
    """Those filters that the interface for programs has too."""
    return [
        (name, value)
        for name, value in wanted.pairs()
        if name in ("theme", "office", "format", "open_class", "tag")
    ]


def _names(call: Call) -> Names:
    offices = {office.name: pick(office.title, office.title_en) for office in access.offices(call.session)}
    sources = discovery.source_titles(call.session)

    def name(facet: str, value: str) -> str:
        if facet == "office":
            return offices.get(value, value)
        if facet == "format":
            return format_name(value)
        if facet == "harvest":
            return _("本站") if value == discovery.OWN else pick(*sources.get(value, (value, value)))
        if facet == "division":
            return discovery.division_title(value) or (_("全国") if value == COUNTRY else value)
        if facet == "kind":
            return kind_title(value)
        return label(CODED[facet], value) if facet in CODED else value

    return name


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


ROUTES: list[Route] = [
    page("/datasets", search),
    page("/search/suggest", suggest),
    page("/search/figures.csv", figures),
]
