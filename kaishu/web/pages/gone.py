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
    hits = discovery.search(visit.call, discovery.Query(q=told.title, limit=NEAR)).hits
    if not hits:
        words = told.title[: max(2, len(told.title) // 2)]
        hits = discovery.search(visit.call, discovery.Query(q=words, limit=NEAR)).hits
    near = [entry_of(row) for row in catalogue.datasets_by_ids(visit.call, [hit.dataset_id for hit in hits])]
    context = GonePage(title, pick(told.office, told.office_en), day(told.at), told.reason, near)
    return render("tree/gone.html", visit.shell, context, 410)
