"""Metadata quality for everybody: catalogues, departments, datasets, elements, documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kaishu import access, inspection
from kaishu.access import Permission, require
from kaishu.access.models import Office
from kaishu.db import session_scope
from kaishu.inspection import ALL, OWN, Sums, mqa
from kaishu.web.figures import day, ranks
from kaishu.web.pages import quality_dataset, quality_elements
from kaishu.web.pages.quality_lines import line, rating_name
from kaishu.web.quality_contexts import (
    Course,
    Levels,
    QualityPage,
    Ranked,
    Tab,
    course,
    levels,
)
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, pick

RANKED = 200


def overview(visit: Visit) -> Response:
    """Scores of a catalogue: our own, a harvested one, or all."""
    require(visit.call, Permission.inspection_read)
    session = visit.call.session
    scope = inspection.catalogue(session, visit.query("source", OWN) or OWN)
    sums = inspection.sums_of(session, "catalogue", scope.name)
    title = pick(scope.zh, scope.en)
    offices = _ranked(visit) if scope.name in (OWN, ALL) else ()
    context = _page(visit, title, scope.name, sums, "catalogue", offices)
    return render("inspection/metadata.html", visit.shell, context)


def office(visit: Visit) -> Response:
    """Scores of a department."""
    require(visit.call, Permission.inspection_read)
    found = access.office_by_name(visit.call.session, visit.part("name"))
    sums = inspection.sums_of(visit.call.session, "office", found.id)
    context = _page(visit, pick(found.title, found.title_en), found.id, sums, "office", (), found)
    return render("inspection/metadata.html", visit.shell, context)


def _page(
    visit: Visit,
    title: str,
    name: str,
    sums: Sums | None,
    kind: str,
    offices: Sequence[Ranked],
    office: Office | None = None,
) -> QualityPage:
    how, session = mqa.method(), visit.call.session
    tabs = [] if office else tabs_of(visit, "/quality/metadata", name)
    if sums is None:
        return QualityPage(
            title=title, tabs=tabs, scope=name, sums=None, rating="", most=how.most, office=office
        )
    return QualityPage(
        title=title,
        tabs=tabs,
        scope=name,
        sums=sums,
        rating=rating_name(how.rating(sums.score)),
        most=how.most,
        dimensions=_dimensions(sums),
        ratings=_ratings(sums),
        course=_course(visit, kind, name),
        indicators=_indicators(sums),
        mendings=mqa.mend_first(sums.datasets, sums.met, sums.unknown),
        offices=offices,
        lowest=inspection.lowest(session, office=name)
        if office
        else inspection.lowest(session, catalogue=name),
        office=office,
        unchecked=max(sums.unknown.values(), default=0),
    )


def tabs_of(visit: Visit, base: str, chosen: str) -> list[Tab]:
    """Catalogues to choose from; nothing to choose if there is only our own."""
    known = inspection.catalogues(visit.call.session)
    if len(known) <= 2:
        return []
    return [
        Tab(each.name, pick(each.zh, each.en), address(base, ("source", each.name)), each.name == chosen)
        for each in known
    ]


def _dimensions(sums: Sums) -> Levels:
    how = mqa.method()
    rows = []
    for each in how.dimensions:
        points, most = mqa.by_dimension(sums.datasets, sums.met)[each.code], how.points_of(each.code)
        rows.append((pick(each.zh, each.en), points, float(most), f"{points:.0f} / {most}"))
    weakest = min(rows, key=lambda row: row[1] / row[2])
    finding = _("“{name}”最弱，只得{share}的分", name=weakest[0], share=f"{weakest[1] / weakest[2]:.0%}")
    return levels(finding, rows)


def _ratings(sums: Sums) -> Levels:
    rows = [
        (
            pick(each.zh, each.en),
            float(sums.ratings.get(each.code, 0)),
            float(sums.datasets),
            f"{sums.ratings.get(each.code, 0):,}",
        )
        for each in mqa.method().ratings
    ]
    good = sum(sums.ratings.get(code, 0) for code in ("excellent", "good")) / sums.datasets
    return levels(_("{share}的数据集达到良好或优秀", share=f"{good:.0%}"), rows)


def _course(visit: Visit, kind: str, name: str) -> Course:
    points = [(day(at), score) for at, score in inspection.trend(visit.call.session, kind, name)]
    change = points[-1][1] - points[0][1] if len(points) > 1 else 0.0
    if len(points) < 2:
        finding = _("只评估过一天，还没有走势")
    elif abs(change) < 0.5:
        finding = _("{n}天里得分没有变化", n=len(points))
    elif change > 0:
        finding = _("自{day}起提高{points}分", day=points[0][0], points=f"{change:.0f}")
    else:
        finding = _("自{day}起下降{points}分", day=points[0][0], points=f"{-change:.0f}")
    return course(finding, points, mqa.method().most)


def _indicators(sums: Sums) -> list[tuple[str, str, str, int, int, int]]:
    names = {each.code: pick(each.zh, each.en) for each in mqa.method().dimensions}
    return [
        (
            names[each.dimension],
            pick(each.zh, each.en),
            each.property,
            each.points,
            sums.met.get(each.code, 0),
            sums.unknown.get(each.code, 0),
        )
        for each in mqa.method().indicators
    ]


def _ranked(visit: Visit) -> list[Ranked]:
    known = {each.id: each for each in access.offices(visit.call.session)}
    how = mqa.method()
    found: list[Ranked] = []
    shown = [sums for sums in inspection.sums(visit.call.session, "office") if sums.name in known][:RANKED]
    for rank, sums in zip(ranks([round(sums.score, 1) for sums in shown]), shown, strict=True):
        each = known[sums.name]
        first = mqa.mend_first(sums.datasets, sums.met, sums.unknown)
        words = pick(first[0].indicator.zh, first[0].indicator.en) if first and first[0].lacking else ""
        name = pick(each.title, each.title_en)
        found.append(
            Ranked(
                rank, each.name, name, sums.datasets, sums.score, rating_name(how.rating(sums.score)), words
            )
        )
    return found


def write_csv(visit: Visit) -> Response:
    """Every dataset with its 23 indicators, for a spreadsheet."""
    require(visit.call, Permission.inspection_read)
    scope = inspection.catalogue(visit.call.session, visit.query("source", OWN) or OWN)
    answer = StreamingResponse(_csv(scope.name), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="metadata-quality-{scope.name}.csv"'
    return answer


def _csv(scope: str) -> Iterator[str]:
    how = mqa.method()
    yield "\ufeff" + line(["dataset", "score", "rating", *(each.code for each in how.indicators)])
    after = ""
    while True:
        with session_scope(write=False) as session:
            rows = inspection.scores(session, scope, after)
        for _id, name, outcome in rows:
            answers = ({True: "1", False: "0", None: ""}[outcome.says(i.code)] for i in how.indicators)
            yield line([name, str(outcome.score), how.rating(outcome.score), *answers])
        if not rows:
            return
        after = rows[-1][0]


def to_overview(visit: Visit) -> Response:
    """The short address."""
    return RedirectResponse("/quality/metadata", status_code=307)


ROUTES: list[Route] = [
    page("/quality", to_overview),
    page("/quality/metadata", overview),
    page("/quality/metadata.csv", write_csv),
    page("/quality/metadata/offices/{name}", office),
    *quality_dataset.ROUTES,
    *quality_elements.ROUTES,
]
