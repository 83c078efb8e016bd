"""The programs' entrance: our own interface under /api/v1 and CKAN's under /api and /api/3."""

from __future__ import annotations

from fastapi import FastAPI

from kaishu.api import ckan, v1
from kaishu.http import errors_under, problem

__all__ = ["mount"]


def mount(app: FastAPI) -> None:
    """Add the routes of both interfaces and say how their errors look."""
    app.router.routes.extend([*v1.routes(), *ckan.routes()])
    errors_under("/api/v1", problem)
    errors_under("/api", ckan.failure)
