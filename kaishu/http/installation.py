"""Put what every request needs around the application."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kaishu.base.errors import KaishuError
from kaishu.http.compression import Compression
from kaishu.http.entrance import Entrance
from kaishu.http.problems import answer, from_http, from_validation


def install(app: FastAPI) -> None:
    """Middleware and error handlers; call it once, after the routes are mounted."""
    app.add_middleware(Compression)
    app.add_middleware(Entrance)
    app.add_exception_handler(KaishuError, _ours)
    app.add_exception_handler(HTTPException, _frameworks)
    app.add_exception_handler(RequestValidationError, _invalid)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, KaishuError)
    return answer(request, error)


def _frameworks(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=dict(error.headers or {}))
    return answer(request, from_http(request, error))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, from_validation(error))
