"""A dataset that was withdrawn: 410 with reason, date and what is near, for those who may not see it."""

from __future__ import annotations

from starlette.responses import Response

from kaishu import catalogue, discovery
from kaishu.web.compile_contexts import GonePage
from kaishu.web.entries import entry_of
from kaishu.web.figures import day
from kaishu.web.rendering import render
from kaishu.web.routing import Visit
from kaishu.web.words import pick

NEAR = 5


def gone(visit: Visit) -> Response | None:
    """The page, if a dataset of that name was withdrawn."""
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
