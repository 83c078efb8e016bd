"""Resource codes for people: what each part says, what is wrong with it, and which categories there are."""

from __future__ import annotations

from starlette.responses import Response

from kaishu import access, catalogue
from kaishu.base.errors import Said
from kaishu.web.compile_contexts import CodePage
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, label, language, pick

LONGEST = 200
SHOWN = 500
#: What the shipped list says of itself.
NOTES = ("lengths", "names", "digits", "choice")


def show_codes(visit: Visit) -> Response:
    """A code that was asked about (``code``, ``office``), and the list of categories."""
    code, name = visit.query("code").strip()[:LONGEST], visit.query("office")[:100]
    offices = {each.code: each for each in access.offices(visit.call.session) if each.code}
    asked = next((each.code for each in offices.values() if name and each.name == name), "")
    names = {each.code: pick(each.title, each.title_en) for each in offices.values()}
    parts = catalogue.parts_of(code, asked, names)
    advice = catalogue.codes.lacks_item(code, asked, offices)
    known = catalogue.categories.categories()
    head = {key: catalogue.categories.written()[key][language()] for key in NOTES}
    context = CodePage(
        code=code,
        office=name,
        offices=own_offices(visit.call, name),
        parts=[
            (_said(each.name).capitalize(), each.digits, _said(each.meaning), _certainties()[each.certainty])
            for each in parts
        ],
        flaws=[
            _said(each.said)
            for each in (catalogue.codes.check(code, office_code=asked, offices=offices) if code else [])
        ],
        advice=[
            *([_said(advice)] if advice else []),
            *([head["digits"]] if any(each.certainty == "inferred" for each in parts) else []),
        ],
        checked=bool(code),
        categories=[
            (each.code, pick(each.zh, each.en), _chosen(each)) for each in list(known.known.values())[:SHOWN]
        ],
        regional=known.regional,
        notes=[] if known.regional else list(head.values()),
    )
    return render("about/codes.html", visit.shell, context)


def _chosen(category: catalogue.categories.Category) -> str:
    """Which records are coded with a category; nothing if only a person can say."""
    comma = ", " if language() == "en" else "、"
    told = [
        (_("主题：{names}"), comma.join(label("theme", each) for each in category.themes)),
        (_("名称或标签里有：{names}"), comma.join(category.words)),
        (_("部门：{names}"), comma.join(category.offices)),
    ]
    found = [words.format(names=names) for words, names in told if names]
    if category.code == catalogue.categories.item_of_departments():
        found.append(_("部门类的资源"))
    return ("; " if language() == "en" else "；").join(found)


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
