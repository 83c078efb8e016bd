"""Addresses of CKAN's interface, versioned and not."""

from __future__ import annotations

from typing import Any

import orjson
from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kaishu.api.ckan.arguments import asked_of
from kaishu.api.ckan.envelope import JSON, checked_callback, success
from kaishu.api.ckan.errors import BadCall
from kaishu.api.ckan.registry import ACTIONS

METHODS = ["GET", "POST"]
#: Searches at a time in one process.  More would only take the interpreter from each other: taken in
#: turn, long and short ones are answered sooner.
TURNS = 2
_searches: RunVar[CapacityLimiter] = RunVar("kaishu.api.ckan.searches")


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
    result = await to_thread.run_sync(found.function, asked, limiter=_turns(name))
    return success(request, name, result)


def _turns(name: str) -> CapacityLimiter | None:
    if name != "package_search":
        return None
    try:
        return _searches.get()
    except LookupError:
        _searches.set(CapacityLimiter(TURNS))
        return _searches.get()


def version(request: Request) -> Response:
    """Which version of the interface this is."""
    return Response(orjson.dumps({"version": 3}), media_type=JSON)


UTIL = (
    "/api/util/status",
    "/api/3/util/status",
    "/api/2/util/{kind}/autocomplete",
    "/api/util/{kind}/autocomplete",
)
#: What old clients complete: the action, the argument, the key under which the answers stand.
COMPLETED = {
    "dataset": ("package_autocomplete", "incomplete"),
    "package": ("package_autocomplete", "incomplete"),
    "tag": ("tag_autocomplete", "incomplete"),
    "group": ("group_autocomplete", "q"),
    "organization": ("organization_autocomplete", "q"),
    "user": ("user_autocomplete", "q"),
    "resource": ("format_autocomplete", "incomplete"),
    "format": ("format_autocomplete", "incomplete"),
}


async def util(request: Request) -> Response:
    """The addresses of before the actions: what the site is, and words to choose from while typing."""
    asked = await asked_of(request)
    kind = request.path_params.get("kind", "status")
    name, argument = COMPLETED.get(kind, ("", "")) if kind != "status" else ("status_show", "")
    if not name:
        raise BadCall(reason=f"no autocompletion of {kind[:50]}")
    if argument:
        typed = asked.text(argument) or asked.text("q") or asked.text("incomplete")
        asked.values = {"q": typed, "limit": asked.values.get("limit", 10)}
        if not typed:
            return Response(orjson.dumps({"ResultSet": {"Result": []}}), media_type=JSON)
    result = await run_in_threadpool(ACTIONS[name].function, asked)
    if kind in ("dataset", "package", "tag", "resource", "format"):
        rows = [each if isinstance(each, dict) else {"Name": each, "Format": each} for each in result]
        result = {"ResultSet": {"Result": rows}}
    return Response(orjson.dumps(result), media_type=JSON)


def routes() -> list[BaseRoute]:
    """All addresses."""
    from kaishu.api.ckan import (
        changing,
        creating,
        datastore,
        following,
        lists,
        managing,
        offices,
        packages,
        resources,
        searching,
        site,
        sql,
        storing,
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
        changing,
        following,
        lists,
        managing,
        storing,
    )
    assert all(families)
    return [
        Route("/datastore/dump/{id}", dump, methods=METHODS),
        Route("/api/3/action/{name:path}", call_action, methods=METHODS),
        Route("/api/action/{name:path}", call_action, methods=METHODS),
        *(Route(path, util, methods=["GET"]) for path in UTIL),
        *(Route(path, version, methods=["GET"]) for path in ("/api", "/api/", "/api/3", "/api/3/")),
    ]
