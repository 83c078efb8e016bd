"""The programs' entrance: our own interface at /api/v1, CKAN's at /api and /api/3, assistants' at /mcp."""

from __future__ import annotations

from starlette.applications import Starlette

from kaishu.api import catalog, ckan, feeds, mcp, quality, v1
from kaishu.api.v1.answering import served
from kaishu.http import Later, errors_under, problem

__all__ = ["mount"]


def mount(app: Starlette) -> Later:
    """Add the routes of all interfaces and say how their errors look; returns what is built later."""
    own = Later("/api/v1", v1.build)
    app.router.routes.extend(
        [*served(), own, *ckan.routes(), *catalog.routes(), *quality.routes(), *feeds.routes(), mcp.route()]
    )
    errors_under("/api/v1", problem)
    errors_under("/api", ckan.failure)
    errors_under("/datastore", ckan.failure)
    errors_under(mcp.PREFIX, problem)
    return own
