"""The crosswalk for people: which field of ours is which element of which standard."""

from __future__ import annotations

from starlette.responses import Response

from kaishu import crosswalk
from kaishu.crosswalk import Carried, Table
from kaishu.web.contexts import StandardsPage
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, language

#: In the order in which people here ask for them.
ORDER = ("guide-2017", "gbt-21063-3", "dcat", "dcat-ap", "dublin-core", "schema-org", "data-us", "ckan")


def show_standards(visit: Visit) -> Response:
    """All standards, one table of our fields against them, and each standard's own table."""
    names = [name for name in ORDER if name in crosswalk.standards()]
    names += [name for name in crosswalk.standards() if name not in names]
    tables = [crosswalk.table(name) for name in names]
    scopes = {"record": _("数据集"), "link": _("分发"), "item": _("信息项")}
    carried = crosswalk.matrix()
    groups = [
        (title, [each for each in carried if each.field.startswith(f"{scope}.")])
        for scope, title in scopes.items()
    ]
    context = StandardsPage(tables, groups, {each.name: _short(each) for each in tables}, _counts(carried))
    return render("about/standards.html", visit.shell, context)


def _short(table: Table) -> str:
    words = {
        "guide-2017": _("编制指南"),
        "gbt-21063-3": "GB/T 21063.3",
        "dcat": "DCAT 3",
        "dcat-ap": "DCAT-AP",
        "dublin-core": _("都柏林核心"),
        "schema-org": "schema.org",
        "data-us": "DCAT-US",
        "ckan": "CKAN",
        "data-package": "Data Package",
        "csvw": "CSVW",
        "croissant": "Croissant",
    }
    return words.get(table.name) or (table.en if language() == "en" else table.zh)


def _counts(carried: tuple[Carried, ...]) -> dict[str, int]:
    return {name: sum(name in each.elements for each in carried) for name in crosswalk.standards()}


ROUTES = [page("/standards", show_standards)]
