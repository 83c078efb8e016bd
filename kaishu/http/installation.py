"""Put what every request needs around the application."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kaishu.base.errors import KaishuError
from kaishu.http.compression import Compression
from kaishu.http.entrance import Entrance
from kaishu.http.errors import Collision, Unstorable
from kaishu.http.problems import answer, from_http, from_validation

log = logging.getLogger("kaishu.http")


def install(app: Starlette) -> None:
    """Middleware and error handlers; call it once, after the routes are mounted."""
    app.add_middleware(Compression)
    app.add_middleware(Entrance)
    handle_errors(app)


def handle_errors(app: Starlette, validation: type[Exception] | None = None) -> None:
    """Error handlers alone, for an application inside ours; ``validation`` is its framework's own error."""
    app.add_exception_handler(KaishuError, _ours)
    app.add_exception_handler(HTTPException, _frameworks)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(IntegrityError, _collided)
    if validation is not None:
        app.add_exception_handler(validation, _invalid)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, KaishuError)
    return answer(request, error)


def _frameworks(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=dict(error.headers or {}))
    return answer(request, from_http(request, error))


def _invalid(request: Request, error: Any) -> Response:
    return answer(request, from_validation(error.errors()))


def _unstorable(request: Request, error: Exception) -> Response:
    log.info("a value that the database does not take: %s", error)
    return answer(request, Unstorable())


def _collided(request: Request, error: Exception) -> Response:
    log.info("two writes at once: %s", error)
    return answer(request, Collision())
