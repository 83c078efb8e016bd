"""The rules by which a source's keywords, publishers and groups mean a theme."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import harvest, standards
from kaishu.access import Permission, require
from kaishu.base.errors import Invalid
from kaishu.web.figures import share
from kaishu.web.harvest_contexts import ThemesPage
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.words import _, language, pick


def show(visit: Visit) -> Response:
    """The rules, and how many datasets have a theme by them."""
    return _show(visit)


def keep(visit: Visit, form: FormData) -> Response:
    """Take other rules, and have the source read again with them if that was wanted."""
    name = visit.part("name")
    try:
        harvest.set_themes(visit.call, name, text(form, "themes"))
    except Invalid as error:
        raise Unchanged(_show(visit, text(form, "themes"), error)) from error
    if text(form, "do") == "plan":
        harvest.leave(visit.call, name, "plan")
        return moved(visit, f"/admin/harvest/{name}")
    return moved(visit, f"/admin/harvest/{name}/themes")


def _show(visit: Visit, written: str | None = None, error: Invalid | None = None) -> Response:
    require(visit.call, Permission.harvest_manage)
    found = harvest.source_by_name(visit.call, visit.part("name"))
    counted = harvest.theme_share(visit.call, found)
    numbers = (
        (_("来源给出主题"), counted.stated),
        (_("按规则推断"), counted.inferred),
        (_("没有主题"), counted.without),
    )
    context = ThemesPage(
        source=found,
        title=pick(found.title, found.title_en),
        written=(found.themes or "") if written is None else written,
        rules=len(harvest.read_rules(found.themes or "").rules),
        shares=[(word, n, share(n / counted.total) if counted.total else "") for word, n in numbers],
        codes=[(term.code, pick(term.zh, term.en)) for term in standards.vocabulary("theme").terms],
        problems=error.problems_in(language()) if error else {},
        trouble=said(error) if error else None,
    )
    return render("harvest/themes.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [
    page("/admin/harvest/{name}/themes", show),
    act("/admin/harvest/{name}/themes", keep),
]
