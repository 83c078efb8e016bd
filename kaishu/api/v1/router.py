"""What every family of routes of this interface has in common."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

PREFIX = "/api/v1"
PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong, where, and what to do",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class AlsoHead(APIRoute):
    """What can be asked for with GET can be asked about with HEAD; the document need not say so."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """HEAD counts as GET."""
        return super().matches({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The server leaves the body out."""
        if scope["method"] == "HEAD" and "GET" in (self.methods or ()):
            await self.app(scope, receive, send)
        else:
            await super().handle(scope, receive, send)


def family(tag: str) -> APIRouter:
    """A router for one family of routes, under one heading of the OpenAPI document."""
    return APIRouter(prefix=PREFIX, tags=[tag], responses=PROBLEM, route_class=AlsoHead)
