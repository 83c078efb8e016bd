"""A dataset that was withdrawn: 410 with reason, date and what is near, for those who may not see it.

So answers its page and every page below it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, discovery, http
from kaishu.base.errors import KaishuError
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.web.compile_contexts import GonePage
from kaishu.web.entries import entry_of
from kaishu.web.figures import day
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, remember_language, show_trouble
from kaishu.web.words import pick, speaking

NEAR = 5
BELOW = "/datasets/"


def show_trouble_or_gone(request: Request, error: KaishuError) -> Response:
    """The page for an error; where a dataset is not there because it was withdrawn, that is said."""
    if isinstance(error, NoSuchDataset) and request.method != "POST" and request.url.path.startswith(BELOW):
        with speaking(http.language_of(request)), http.read_call(request) as call:
            shown = _gone(Visit(call, request))
        if shown is not None:
            return remember_language(request, shown)
    return show_trouble(request, error)


def _gone(visit: Visit) -> Response | None:
    told = catalogue.withdrawal_of(visit.call, visit.part("name"))
    if told is None:
        return None
    title = pick(told.title, told.title_en)
    near = [entry_of(row) for row in catalogue.datasets_by_ids(visit.call, _near(visit, told))]
    context = GonePage(title, pick(told.office, told.office_en), day(told.at), told.reason, near)
    return render("tree/gone.html", visit.shell, context, 410)


def _near(visit: Visit, told: catalogue.Withdrawal) -> list[str]:
    """Datasets found by the title, then by its tags, then of its themes, each once."""
    found: dict[str, None] = {}
    asked = [discovery.Query(q=words, limit=NEAR) for words in (told.title, *told.tags[:5])]
    if told.themes:
        asked.append(discovery.Query(filters={"theme": list(told.themes)}, limit=NEAR))
    for query in asked:
        if len(found) < NEAR:
            found.update((hit.dataset_id, None) for hit in discovery.search(visit.call, query).hits)
    return list(found)[:NEAR]
