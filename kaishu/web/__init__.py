"""People's entrance: pages in two languages that need no JavaScript."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kaishu import http
from kaishu.web.pages import (
    about,
    account,
    admin,
    census,
    checks,
    column_elements,
    correction,
    data_quality,
    dataset,
    desk,
    difference,
    duties,
    element_version,
    elements,
    elements_desk,
    evaluation,
    evaluation_facts,
    evaluation_judging,
    evaluation_reporting,
    evaluation_results,
    evaluation_robustness,
    evaluation_sending,
    evaluation_systems,
    evaluation_templates,
    evaluation_trying,
    evaluation_units,
    evaluation_waiting,
    file,
    gates,
    harvest,
    harvest_settling,
    harvest_themes,
    history,
    home,
    inspection,
    interface,
    letters,
    lineage,
    office,
    publication,
    quality_cleansing,
    quality_cleansing_runs,
    quality_orders,
    rating,
    record,
    resource_codes,
    retention,
    review,
    rows,
    search,
    sheet,
    sources,
    standard,
    standard_mapping,
    standard_review,
    standards,
    synonyms,
    table_results,
    table_rules,
    task,
    tree,
)
from kaishu.web.pages.gone import show_trouble_or_gone
from kaishu.web.rendering import STATIC

__all__ = ["mount"]

PAGES = (
    elements,
    elements_desk,
    element_version,
    column_elements,
    home,
    search,
    synonyms,
    dataset,
    rating,
    correction,
    rows,
    history,
    difference,
    lineage,
    office,
    about,
    standards,
    interface,
    account,
    desk,
    file,
    task,
    record,
    resource_codes,
    publication,
    review,
    admin,
    duties,
    sheet,
    tree,
    inspection,
    table_results,
    table_rules,
    quality_orders,
    quality_cleansing,
    quality_cleansing_runs,
    gates,
    retention,
    data_quality,
    checks,
    harvest,
    harvest_settling,
    harvest_themes,
    sources,
    standard_mapping,
    standard_review,
    standard,
    census,
    evaluation,
    evaluation_facts,
    evaluation_judging,
    evaluation_reporting,
    evaluation_results,
    evaluation_sending,
    letters,
    evaluation_trying,
    evaluation_robustness,
    evaluation_units,
    evaluation_templates,
    evaluation_waiting,
    evaluation_systems,
)


class Lasting(StaticFiles):
    """Static files: those asked for with the digest in the address are kept by the browser for a year."""

    def file_response(self, *args, **kwargs) -> Response:  # type: ignore[no-untyped-def]
        """As usual, with how long it may be kept."""
        response = super().file_response(*args, **kwargs)
        scope: Scope = args[2] if len(args) > 2 else kwargs["scope"]
        lasting = b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if lasting else "public, max-age=3600"
        )
        return response


def icon(request: object) -> Response:
    """The mark, for browsers that ask without being told."""
    return FileResponse(STATIC / "seal.svg", media_type="image/svg+xml")


def mount(app: Starlette) -> None:
    """Add every page, the static files, and how errors look to people."""
    routes = [route for pages in PAGES for route in pages.ROUTES]
    static = Mount("/static", Lasting(directory=STATIC), name="static")
    app.router.routes.extend([*routes, static, Route("/favicon.ico", icon)])
    http.errors_under("/", show_trouble_or_gone)
