"""From a request to a ``Call``, with its transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.db import engine, session_scope
from kaishu.http.cookies import proves, session_secret
from kaishu.http.errors import ForgedForm
from kaishu.http.freshness import forget
from kaishu.http.identity import actor_of, bears_nothing, token_of


def request_id(request: HTTPConnection) -> str:
    """The number under which the log and the ledger keep this request."""
    return str(request.scope.get("state", {}).get("request_id", ""))


@contextmanager
def read_call(request: HTTPConnection) -> Iterator[Call]:
    """A call that reads.  Raises ``BadToken``."""
    with session_scope(write=False) as session:
        yield Call(session, actor_of(request, session), clock.now(), request_id(request))


@contextmanager
def handing_call(request: HTTPConnection) -> Iterator[Call]:
    """A call that hands out what is not public and leaves a ledger row: commits at the end.

    It asks for no proof of its page: what a forged request gets, the forger does not see.
    Raises ``BadToken``.
    """
    with session_scope(write=True) as session:
        yield Call(session, actor_of(request, session), clock.now(), request_id(request))


@contextmanager
def write_call(request: HTTPConnection, csrf: str = "") -> Iterator[Call]:
    """A call that writes: commits at the end, and empties what was remembered.

    Who came with a cookie must prove that a page of ours sent the request: ``csrf`` (the form's field
    of that name; found by itself in a form that has been read) or the header ``X-CSRF-Token``.
    Raises ``BadToken`` and ``ForgedForm``.
    """
    refuse_forged(request, csrf)
    with session_scope(write=True) as session:
        yield Call(session, actor_of(request, session), clock.now(), request_id(request))
    forget()


class _Asleep:
    """Stands in for a session and becomes one, for reading, when it is first used."""

    def __init__(self) -> None:
        self._session: Session | None = None

    def __getattr__(self, name: str) -> Any:
        if self._session is None:
            self._session = Session(
                engine().execution_options(kaishu_write=False), expire_on_commit=False, info={"write": False}
            )
        return getattr(self._session, name)

    def end(self) -> None:
        """Close the session, if it ever woke."""
        if self._session is not None:
            self._session.expunge_all()
            self._session.close()


@contextmanager
def idle_call(request: HTTPConnection, actor: Actor) -> Iterator[Call]:
    """A call for reads that hardly ever need the records: its session is made only if it is used."""
    asleep = _Asleep()
    try:
        yield Call(cast(Session, asleep), actor, clock.now(), request_id(request))
    finally:
        asleep.end()


def refuse_forged(request: HTTPConnection, csrf: str = "") -> None:
    """Raise ``ForgedForm`` for a write that a page of another site may have sent."""
    if request.headers.get("sec-fetch-site") == "cross-site" and not token_of(request):
        raise ForgedForm()
    if bears_nothing(request) or token_of(request) or not session_secret(request):
        return
    given = csrf or request.headers.get("x-csrf-token", "") or _in_form(request)
    if not proves(request, given):
        raise ForgedForm()


def _in_form(request: HTTPConnection) -> str:
    form = getattr(request, "_form", None)
    value = form.get("csrf") if form is not None else None
    return value if isinstance(value, str) else ""
