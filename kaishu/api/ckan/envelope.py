"""How an answer is wrapped: help, success, result or error."""

from __future__ import annotations

import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from kaishu.api.ckan.errors import BadCall, SearchQueryError
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.http import language_of, site_url

CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
JSON = "application/json;charset=utf-8"
TOO_SLOW = "delivery.query-too-slow"


def success(request: Request, name: str, result: Any) -> Response:
    """``{"help", "success": true, "result"}``."""
    return _wrapped(request, 200, {"help": _help(request, name), "success": True, "result": result})


def failure(request: Request, error: KaishuError) -> Response:
    """``{"help", "success": false, "error"}`` with CKAN's status, or a bare string for a bad call."""
    if isinstance(error, BadCall):
        return Response(orjson.dumps(error.sentence("en")), status_code=400, media_type=JSON)
    language = language_of(request) if request.headers.get("accept-language") else "en"
    status, kind = _kind(error)
    body: dict[str, Any] = {"__type": kind, "message": _message(error, language)}
    if isinstance(error, Invalid):
        body = {"__type": kind, **error.problems_in(language)}
    elif kind == "Validation Error":
        body[_field(error)] = [body["message"]]
    name = request.url.path.rstrip("/").rpartition("/")[2]
    return _wrapped(request, status, {"help": _help(request, name), "success": False, "error": body})


def checked_callback(request: Request) -> str:
    """The JSONP function's name, only for GET.  Raises ``BadCall`` for what is not a plain name."""
    name = request.query_params.get("callback", "") if request.method == "GET" else ""
    if name and (len(name) > 100 or not CALLBACK.fullmatch(name)):
        raise BadCall(reason="callback is not a function name")
    return name


def _kind(error: KaishuError) -> tuple[int, str]:
    if error.code.startswith("discovery.") and error.status >= 500:
        return 500, "Search Index Error"
    if isinstance(error, SearchQueryError) or error.code.startswith("discovery."):
        return 400, "Search Query Error"
    if error.code == TOO_SLOW:  # CKAN blames the query too
        return 409, "Validation Error"
    if error.status in (401, 403):
        return 403, "Authorization Error"
    if isinstance(error, NotFound):
        return 404, "Not Found Error"
    if error.status >= 500:
        return 500, "Internal Server Error"
    if error.status in (405, 413, 429):
        return error.status, "Validation Error"
    return 409, "Validation Error"


def _field(error: KaishuError) -> str:
    if error.code.startswith(("lake.", "source.")):
        return "upload"
    if error.code == TOO_SLOW or error.code.startswith("delivery.sql-"):
        return "query"
    return "name" if error.code == "catalogue.name-taken" else "id"


def _message(error: KaishuError, language: str) -> str:
    said = error.sentence(language)
    if language == "en" and isinstance(error, NotFound):
        said = f"Not found: {said}"
    if language == "en" and error.status in (401, 403):
        said = f"Access denied: {said}"
    return f"{said} {error.advice(language)}".strip()


def _help(request: Request, name: str) -> str:
    return f"{site_url(request)}/api/3/action/help_show?name={name}"


def _wrapped(request: Request, status: int, body: dict[str, Any]) -> Response:
    data = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)
    try:
        callback = checked_callback(request)
    except BadCall:
        callback = ""
    if callback:
        script = f"/**/{callback}(".encode() + _safe(data) + b");"
        return Response(script, status_code=status, media_type="application/javascript;charset=utf-8")
    return Response(data, status_code=status, media_type=JSON)


def _safe(data: bytes) -> bytes:
    """JSON that is also a script: the two line ends that scripts once knew are escaped."""
    return data.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
