"""The metadata quality of one dataset: 23 indicators, the DCAT-AP check, its links; also as DQV."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, inspection
from kaishu.access import Permission, allowed, require
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import inferred_themes
from kaishu.inspection import mqa, shapes
from kaishu.inspection.errors import NotMeasured
from kaishu.web.pages.quality_lines import rating_name
from kaishu.web.quality_contexts import DatasetQualityPage, IndicatorLine, levels
from kaishu.web.rendering import path_part, render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, _n, pick


def show(visit: Visit) -> Response:
    """Scored now, from the record as it is; links and shapes as they were last checked."""
    require(visit.call, Permission.inspection_read)
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    scored = _scored(visit, dataset)
    if scored is None:
        raise NotMeasured(kind="数据集 dataset", name=dataset.name)
    outcome, _at = scored
    how = mqa.method()
    may_draft = allowed(visit.call, Permission.dataset_draft, office=dataset.office_id)
    lines = {each.code: _line(each, outcome, dataset.name, bool(may_draft)) for each in how.indicators}
    verdict = inspection.verdict_of(visit.call.session, dataset.id)
    dimensions = []
    for each in how.dimensions:
        inside = [lines[i.code] for i in how.indicators if i.dimension == each.code]
        got = sum(line.points for line in inside if line.answer)
        dimensions.append((pick(each.zh, each.en), got, how.points_of(each.code), inside))
    lacking = [lines[each.code] for each in mqa.lacking(outcome)]
    unknown = sum(line.answer is None for line in lines.values())
    context = DatasetQualityPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        score=outcome.score,
        most=how.most,
        rating=rating_name(how.rating(outcome.score)),
        at=_at,
        dimensions=dimensions,
        chart=levels(
            _finding(lacking, unknown),
            [(name, float(got), float(most), f"{got} / {most}") for name, got, most, _lines in dimensions],
        ),
        lacking=lacking,
        unknown=unknown,
        inferred=bool(inferred_themes(dataset.record)),
        verdict=verdict,
        current=bool(verdict and verdict.mark == shapes.mark(dataset.published_revision_id or "")),
        links=_links(visit, dataset),
        may_draft=bool(may_draft),
    )
    return render("inspection/dataset.html", visit.shell, context)


def _scored(visit: Visit, dataset: Dataset) -> tuple[mqa.Outcome, datetime] | None:
    session = visit.call.session
    for subjects in inspection.subjects(session, dataset=dataset.id):
        for _subject, outcome in inspection.scored(session, subjects):
            return outcome, visit.call.now
    return None


def _finding(lacking: list[IndicatorLine], unknown: int) -> str:
    if not lacking:
        return _n("检查过的都达到，{n}项还没有检查", unknown) if unknown else _("23项全部达到")
    return _("补上“{name}”最划算，可得{points}分", name=lacking[0].title, points=lacking[0].points)


def _line(each: mqa.Indicator, outcome: mqa.Outcome, name: str, may_draft: bool) -> IndicatorLine:
    href = ""
    if may_draft and each.field:
        where = "" if each.field == "resources" else f"/record#{each.field}"
        href = f"/desk/datasets/{path_part(name)}{where}"
    return IndicatorLine(
        pick(each.zh, each.en),
        each.property,
        each.points,
        outcome.says(each.code),
        pick(each.mend_zh, each.mend_en),
        href,
    )


def _links(visit: Visit, dataset: Dataset) -> list[tuple[str, str, str, datetime | None]]:
    """Address, tone, what it said, and when."""
    urls = [link[key] for link in dataset.resources for key in ("url", "access_url") if link.get(key)]
    states = inspection.link_states(visit.call.session, urls)
    found: list[tuple[str, str, str, datetime | None]] = []
    for url in dict.fromkeys(urls):
        state = states.get(url)
        if state is None:
            found.append((url, "", _("还没有检查"), None))
        elif state.reachable:
            found.append((url, "good", _("能打开（{status}）", status=state.status), state.checked_at))
        else:
            words = inspection.words_for(state.trouble, state.status, state.detail)
            found.append((url, "bad", pick(str(words), words.en), state.checked_at))
    return found


ROUTES: list[Route] = [
    page("/datasets/{name}/metadata-quality", show),
]
