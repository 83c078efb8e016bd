"""Errors as answers: RFC 9457 problems for programs, and whatever another entrance draws for its paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kaishu.base.errors import Invalid, KaishuError, Said
from kaishu.http import errors
from kaishu.http.calls import request_id
from kaishu.http.language import language_of
from kaishu.http.links import site_url

Renderer = Callable[[Request, KaishuError], Response]

TITLES = {
    400: ("请求有误", "Bad request"),
    401: ("需要登录", "Sign-in needed"),
    403: ("没有权限", "Not allowed"),
    404: ("找不到", "Not found"),
    405: ("方法不对", "Method not allowed"),
    406: ("形式不可用", "Not acceptable"),
    409: ("与现状冲突", "Conflict"),
    410: ("已下架", "Gone"),
    413: ("内容过大", "Too large"),
    415: ("媒体类型不支持", "Media type not supported"),
    416: ("范围不可用", "Range not satisfiable"),
    422: ("内容有误", "Content not valid"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("服务器出错", "Server error"),
    503: ("暂时不可用", "Not available now"),
}

_renderers: dict[str, Renderer] = {}


def errors_under(prefix: str, renderer: Renderer) -> None:
    """Let ``renderer`` answer errors of all paths under ``prefix``; the longest prefix wins."""
    _renderers[prefix] = renderer


def answer(request: Request, error: KaishuError) -> Response:
    """The answer for an error, by whoever owns the path."""
    path = request.url.path
    owners = [p for p in _renderers if path == p.rstrip("/") or path.startswith(p.rstrip("/") + "/")]
    renderer = _renderers[max(owners, key=len)] if owners else problem
    return renderer(request, error)


def problem(request: Request, error: KaishuError) -> Response:
    """``application/problem+json`` (RFC 9457) with our code, advice, request number and field errors."""
    language = language_of(request)
    titles = TITLES.get(error.status, TITLES[500 if error.status >= 500 else 400])
    body: dict[str, Any] = {
        "type": f"{site_url(request)}/api/v1/problems/{error.code}",
        "title": titles[language == "en"],
        "status": error.status,
        "detail": error.sentence(language),
        "code": error.code,
        "advice": error.advice(language),
        "instance": request.url.path,
        "request_id": request_id(request),
        "errors": _field_errors(error, language),
    }
    return Response(
        orjson.dumps(body, default=str),
        status_code=error.status,
        media_type="application/problem+json",
        headers=headers_of(error),
    )


def headers_of(error: KaishuError) -> dict[str, str]:
    """What the status asks for in headers."""
    headers = {"cache-control": "no-store", "vary": "Accept-Language"}
    if error.status == 401:
        headers["www-authenticate"] = 'Bearer realm="Kaishu"'
    if error.status == 405:
        headers["allow"] = str(error.facts.get("allow", ""))
    if error.status == 416:
        headers["content-range"] = f"bytes */{error.facts.get('size', 0)}"
    if error.status == 429:
        headers["retry-after"] = str(int(error.facts.get("minutes", 1)) * 60)
    return headers


def _field_errors(error: KaishuError, language: str) -> list[dict[str, str]]:
    if not isinstance(error, Invalid):
        return []
    said = error.problems_in(language)
    return [{"field": field, "message": message} for field, messages in said.items() for message in messages]


def from_http(request: Request, error: HTTPException) -> KaishuError:
    """One of our errors for one of the framework's."""
    cause = error.__cause__
    if isinstance(cause, KaishuError):
        return cause
    path, status = request.url.path, error.status_code
    if status == 404:
        return errors.NoSuchPage(path=path, kind="", name=path)
    if status == 405:
        allow = (error.headers or {}).get("Allow", "")
        return errors.WrongMethod(path=path, method=request.method, allow=allow)
    if status == 413:
        return errors.TooLarge(limit="")
    if status == 429:
        return errors.TooManyRequests()
    if status >= 500:
        return errors.Unexpected(request_id=request_id(request))
    return errors.BadRequest(reason=str(error.detail))


def from_validation(problems: Iterable[Mapping[str, Any]]) -> Invalid:
    """Field errors of a request in both languages; the place is the parameter or the path in the body."""
    said: dict[str, list[str]] = {}
    for each in problems:
        where = ".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0])
        said.setdefault(where, []).append(_sentence(each["type"], each.get("ctx") or {}, each["msg"]))
    return Invalid(said)


def _sentence(kind: str, facts: dict[str, Any], message: str) -> Said:
    if kind == "missing":
        return Said("必填。", "Required.")
    if kind == "json_invalid":
        return Said("不是合法的 JSON。", "Not valid JSON.")
    if kind == "extra_forbidden":
        return Said("没有这个项目。", "There is no such field.")
    if kind in ("string_too_long", "too_long"):
        return Said(f"太长，最多{facts.get('max_length')}。", f"Too long; at most {facts.get('max_length')}.")
    if kind in ("string_too_short", "too_short"):
        return Said(
            f"太短，至少{facts.get('min_length')}。", f"Too short; at least {facts.get('min_length')}."
        )
    if kind in ("greater_than_equal", "less_than_equal"):
        low, high = facts.get("ge"), facts.get("le")
        return Said(
            f"应不小于{low}。" if high is None else f"应不大于{high}。",
            f"Must be {low} or more." if high is None else f"Must be {high} or less.",
        )
    if kind.startswith("int"):
        return Said("应为整数。", "A whole number is needed.")
    if kind.startswith("bool"):
        return Said("应为 true 或 false。", "true or false is needed.")
    if kind in ("literal_error", "enum"):
        return Said(f"应为：{facts.get('expected')}。", f"Must be one of: {facts.get('expected')}.")
    return Said(f"格式不对（{message}）。", f"{message}.")
