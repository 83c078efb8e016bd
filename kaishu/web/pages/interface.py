"""``/api/v1`` for reading people: every operation of the OpenAPI document, with a form to try what reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import anyio.from_thread
import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from kaishu import http
from kaishu.http.errors import NoSuchPage
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import language, pick

DOCUMENT = "/api/v1/openapi.json"
WORDS = Path(__file__).parents[1] / "operations.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
IN_PATH = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``field`` is the name of its field in the form."""

    name: str
    field: str
    place: str
    type: str
    needed: bool
    default: str
    text: str
    choices: Sequence[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation."""

    id: str
    method: str
    path: str
    text: str
    parameters: Sequence[Parameter]
    body: str
    example: str


@dataclass(frozen=True, slots=True)
class InterfacePage:
    """All operations by family."""

    families: Sequence[tuple[str, Sequence[Operation]]]
    count: int


def show(visit: Visit) -> Response:
    """The operations, in the order of the families."""
    document = _document(visit.request)
    site = http.site_url(visit.request)
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or [""])[0]
                found.setdefault(tag, []).append(_operation(method, path, methods[method], site))
    titles = _words()["families"]
    order = [*(tag for tag in titles if tag in found), *sorted(set(found) - set(titles))]
    families = [(pick(*titles.get(tag, (tag, tag))), found[tag]) for tag in order]
    context = InterfacePage(families, sum(len(each) for _, each in families))
    return render("about/interface.html", visit.shell, context)


def attempt(visit: Visit) -> Response:
    """Go to the address that a filled-in form means.  Raises ``NoSuchPage`` for what is not described."""
    given = visit.request.query_params
    path = given.get("_path", "")
    methods = _document(visit.request)["paths"].get(path)
    if not methods or "get" not in methods:
        raise NoSuchPage(path=path, kind="", name=path)
    target = IN_PATH.sub(lambda part: quote(given.get(f"path:{part[1]}", "").strip() or "-", safe=""), path)
    query = [
        (key.removeprefix("query:"), value)
        for key, value in given.multi_items()
        if key.startswith("query:") and value.strip()
    ]
    return RedirectResponse(f"{target}?{urlencode(query)}" if query else target, status_code=303)


def _operation(method: str, path: str, said: Mapping[str, Any], site: str) -> Operation:
    name = said["operationId"].partition("_api_v1")[0]
    description = said.get("description") or said.get("summary") or ""
    own = _words()["operations"].get(name)
    body = ", ".join((said.get("requestBody") or {}).get("content", {}))
    verb = "" if method == "get" else f" -X {method.upper()}"
    sent = {"": "", "application/json": " -H 'Content-Type: application/json' -d '{…}'"}.get(
        body, " -F file=@…"
    )
    token = "" if method == "get" else ' -H "Authorization: Bearer $TOKEN"'
    return Operation(
        id=f"{method}-{name}",
        method=method.upper(),
        path=path,
        text=own if own and language() == "zh" else description,
        parameters=[_parameter(each) for each in said.get("parameters", ())],
        body=body,
        example=f'curl{verb}{token}{sent} "{site}{path}"',
    )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said.get("schema", {})
    inner = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    default = schema.get("default")
    return Parameter(
        name=said["name"],
        field=f"{said['in']}:{said['name']}",
        place=said["in"],
        type=str(inner.get("type", "string")),
        needed=bool(said.get("required")),
        default="" if default in (None, [], "") else str(default),
        text=said.get("description", ""),
        choices=[str(each) for each in inner.get("enum", ())],
    )


def _document(request: Request) -> dict[str, Any]:
    """What programs read, asked of ourselves: pages do not import the programs' entrance."""
    read: dict[str, Any] = orjson.loads(anyio.from_thread.run(_asked, request))
    return read


async def _asked(request: Request) -> bytes:
    body = bytearray()
    scope = {
        key: request.scope[key]
        for key in ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
        if key in request.scope
    }
    scope |= {"method": "GET", "path": DOCUMENT, "raw_path": DOCUMENT.encode(), "query_string": b""}
    scope["headers"] = [(b"host", request.headers.get("host", "localhost").encode())]

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        body.extend(message.get("body", b""))

    await request.app(scope, receive, send)
    return bytes(body)


@cache
def _words() -> dict[str, Any]:
    import yaml

    read: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return read


ROUTES: list[Route] = [page("/developers/api", show), page("/developers/api/try", attempt)]
