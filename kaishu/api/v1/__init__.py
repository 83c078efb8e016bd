"""Our own interface, version 1: described by OpenAPI, paged by key, errors as RFC 9457 problems."""

from __future__ import annotations

from starlette.routing import BaseRoute

__all__ = ["routes"]


def routes() -> list[BaseRoute]:
    """All routes, the most asked for first."""
    from kaishu.api.v1 import (
        datasets,
        document,
        downloads,
        offices,
        problems,
        reviews,
        rows,
        tasks,
        tokens,
        uploads,
        versions,
        vocabularies,
    )

    families = (
        rows,
        datasets,
        downloads,
        versions,
        reviews,
        uploads,
        offices,
        tokens,
        tasks,
        vocabularies,
        problems,
    )
    found = [route for family in families for route in family.router.routes]
    return [*found, *document.routes(found)]
