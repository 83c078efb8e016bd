"""Resource codes for people: what each part says, what is wrong with it, and which categories there are."""

from __future__ import annotations

from starlette.responses import Response

from kaishu import access, catalogue
from kaishu.base.errors import NotFound, Said
from kaishu.web.compile_contexts import CodePage
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, language, pick

LONGEST = 200
SHOWN = 500


def show_codes(visit: Visit) -> Response:
    """A code that was asked about (``code``, ``office``), and the list of categories."""
    code, name = visit.query("code").strip()[:LONGEST], visit.query("office")[:100]
    provider = _provider(visit, name)
    flaws = catalogue.codes.check(code, office_code=provider[0]) if code else []
    known = catalogue.categories.categories()
    head = catalogue.categories.written()
    told = [head[key][language()] for key in ("lengths", "names", "digits")]
    context = CodePage(
        code=code,
        office=name,
        offices=own_offices(visit.call, name),
        parts=[
            (_said(each.name), each.digits, _said(each.meaning), _certainties()[each.certainty])
            for each in catalogue.parts_of(code, provider)
        ],
        flaws=[_said(each.said) for each in flaws],
        checked=bool(code),
        categories=[(each.code, pick(each.zh, each.en)) for each in list(known.known.values())[:SHOWN]],
        regional=known.regional,
        notes=[] if known.regional else told,
    )
    return render("about/codes.html", visit.shell, context)


def _provider(visit: Visit, name: str) -> tuple[str, str]:
    if not name:
        return "", ""
    try:
        found = access.office_by_name(visit.call.session, name)
    except NotFound:
        return "", ""
    return found.code, pick(found.title, found.title_en)


def _said(said: Said) -> str:
    return said.en if language() == "en" else str(said)


def _certainties() -> dict[str, str]:
    return {
        "stated": _("编制指南"),
        "inferred": _("按次序推断"),
        "regional": _("本地分类表"),
        "unlisted": _("没有列出"),
        "office": _("部门登记"),
        "form": _("按格式识别"),
    }


ROUTES = [page("/resource-codes", show_codes)]
