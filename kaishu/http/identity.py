"""Who asks: the holder of a token, of a session cookie, or a visitor."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from kaishu.access import VISITOR, Actor, actor_of_session, actor_of_token
from kaishu.db import session_scope
from kaishu.http.cookies import session_secret
from kaishu.http.errors import BadToken
from kaishu.http.freshness import Remembered

_known: Remembered[Actor] = Remembered(seconds=5.0)


def token_of(request: HTTPConnection) -> str:
    """The token sent in ``Authorization`` (bare or ``Bearer``) or ``X-CKAN-API-Key``; empty if none.

    Raises ``BadToken`` for a way of authorising that we do not have.
    """
    header = request.headers.get("authorization", "").strip()
    scheme, _, rest = header.partition(" ")
    if rest:
        if scheme.lower() not in ("bearer", "token"):
            raise BadToken()
        return rest.strip()
    return header or request.headers.get("x-ckan-api-key", "").strip()


def bears_nothing(request: HTTPConnection) -> bool:
    """Is this a visitor, by the look of the request alone?"""
    headers = request.headers
    return not (headers.get("authorization") or headers.get("x-ckan-api-key") or session_secret(request))


def actor_of(request: HTTPConnection, session: Session | None = None) -> Actor:
    """Who sent this request; asks the database at most once in a few seconds for each secret.

    Raises ``BadToken``; an unknown or ended cookie is a visitor's.
    """
    if bears_nothing(request):
        return VISITOR
    token = token_of(request)
    kind, secret = ("token", token) if token else ("session", session_secret(request))
    key = (kind, hashlib.sha256(secret.encode()).digest())
    writing = session is not None and session.info.get("write")
    known = None if writing else _known.get(key)
    if known is not None:
        return known
    epoch = _known.epoch
    try:
        if session is None:
            with session_scope(write=False) as own:
                found = _look_up(own, kind, secret)
        else:
            found = _look_up(session, kind, secret)
    except BaseException:
        _known.drop(key)
        raise
    return _known.keep(key, found, epoch)


def _look_up(session: Session, kind: str, secret: str) -> Actor:
    if kind == "token":
        holder = actor_of_token(session, secret)
        if holder is None:
            raise BadToken()
        return holder
    return actor_of_session(session, secret) or VISITOR
