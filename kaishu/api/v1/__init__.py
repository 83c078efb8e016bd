"""Our own interface, version 1: described by OpenAPI, paged by key, errors as RFC 9457 problems."""

from __future__ import annotations

from importlib import import_module

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

__all__ = ["build", "routes"]


def build() -> ASGIApp:
    """The interface as an application inside ours; it brings its framework with it."""
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from starlette.middleware.errors import ServerErrorMiddleware

    from kaishu.http import handle_errors

    class Inner(FastAPI):
        """Without the framework's own net for faults: ours is around the whole site."""

        def build_middleware_stack(self) -> ASGIApp:
            whole = super().build_middleware_stack()
            assert isinstance(whole, ServerErrorMiddleware)
            return whole.app

    app = Inner(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.extend(routes())
    handle_errors(app, RequestValidationError)
    return app


#: Families of routes, in the order in which they are tried.
_FAMILIES = (
    "rows datasets ratings downloads versions lineage reviews uploads deliveries offices tokens "
    "tasks vocabularies elements data_quality gates inspection indicator_systems "
    "evaluation_reports evaluations evaluation_tasks judging facts problems"
)


def routes() -> list[BaseRoute]:
    """All routes but those that really answer for rows, which stand outside."""
    from kaishu.api.v1 import document

    families = [import_module(f"{__name__}.{name}") for name in _FAMILIES.split()]
    found = [route for family in families for route in family.router.routes]
    return [*found, *document.routes(found)]
