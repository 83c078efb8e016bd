"""Addresses of CKAN's interface, versioned and not."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kaishu.api.ckan.arguments import asked_of
from kaishu.api.ckan.envelope import JSON, checked_callback, success
from kaishu.api.ckan.errors import BadCall
from kaishu.api.ckan.registry import ACTIONS

METHODS = ["GET", "POST"]


async def call_action(request: Request) -> Response:
    """Find the action, read its arguments, run it in a thread, wrap what it returns."""
    name = request.path_params["name"].rstrip("/")
    found = ACTIONS.get(name)
    if found is None:
        raise BadCall(reason=f"Action name not known: {name}")
    if found.writes and request.method != "POST":
        raise BadCall(reason="Invalid request. Please use POST method for your request")
    callback = checked_callback(request)
    asked = await asked_of(request)
    if callback:  # ours, not the action's
        asked.values = {key: value for key, value in asked.values.items() if key != "callback"}
    result = await run_in_threadpool(found.function, asked)
    return success(request, name, result)


def version(request: Request) -> Response:
    """Which version of the interface this is."""
    return Response(orjson.dumps({"version": 3}), media_type=JSON)


def routes() -> list[BaseRoute]:
    """All addresses."""
    from kaishu.api.ckan import (
        creating,
        datastore,
        following,
        offices,
        packages,
        resources,
        searching,
        site,
        sql,
        tags,
    )
    from kaishu.api.ckan.dumping import dump

    families: tuple[Any, ...] = (
        site,
        packages,
        searching,
        offices,
        tags,
        resources,
        datastore,
        sql,
        creating,
        following,
    )
    assert all(families)
    return [
        Route("/datastore/dump/{id}", dump, methods=METHODS),
        Route("/api/3/action/{name:path}", call_action, methods=METHODS),
        Route("/api/action/{name:path}", call_action, methods=METHODS),
        *(Route(path, version, methods=["GET"]) for path in ("/api", "/api/", "/api/3", "/api/3/")),
    ]
