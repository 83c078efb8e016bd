"""Assistants that start the program themselves and talk with it over standard input and output."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kaishu.access import VISITOR, Actor, actor_of_token
from kaishu.api.mcp.desk import SPEAKER, Speaker
from kaishu.base import settings
from kaishu.db import session_scope
from kaishu.http.errors import BadToken


def run(token: str) -> None:
    """Answer until the other side hangs up.  Raises ``BadToken`` before anything is answered."""
    from kaishu.api.mcp.server import build

    def identify(session: Session) -> Actor:
        if not token:
            return VISITOR
        actor = actor_of_token(session, token)
        if actor is None:
            raise BadToken()
        return actor

    with session_scope(write=False) as session:
        identify(session)
    SPEAKER.set(Speaker(identify, _site()))
    build().run()


def _site() -> str:
    given = settings.text("site_url").rstrip("/")
    return given or f"http://{settings.text('host')}:{settings.text('port')}"
