"""The OpenAPI 3.1 document, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import kaishu
from kaishu.api.v1.router import PREFIX
from kaishu.api.v1.shapes import Problem
from kaishu.base import settings

DESCRIPTION = """
列出、检索、读取、下载和登记公共数据。List, search, read, download and register public data.

- **Reading** what is published needs no account.
- **Writing** needs a token of an application: `Authorization: <token>` or `Authorization: Bearer <token>`.
- **Paging** is by key: follow `next`, or the header `Link: <…>; rel="next"`.
- **Errors** are `application/problem+json` (RFC 9457), in Chinese or English by `Accept-Language`.
""".strip()
SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Token of an application; also accepted bare.",
    },
}

_made: dict[tuple[str, ...], bytes] = {}


def document(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes."""
    made = get_openapi(
        title=f"{settings.text('site_title')} API",
        version=kaishu.__version__,
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=list(routes),
    )
    components = made.setdefault("components", {})
    components["schemas"]["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= components["schemas"]["Problem"].pop("$defs", {})
    components["securitySchemes"] = SECURITY
    made["security"] = [{}, {"token": []}]
    return made


def routes(described: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The route that gives the document."""

    def openapi(request: Request) -> Response:
        key = (settings.text("site_title"),)
        if key not in _made:
            _made[key] = orjson.dumps(document(described))
        return Response(_made[key], media_type="application/json")

    return [Route(f"{PREFIX}/openapi.json", openapi, methods=["GET"], include_in_schema=False)]
