"""Tokens: one an application, shown once, stored hashed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access.actor import Actor
from kaishu.access.call import Call, note
from kaishu.access.checking import require
from kaishu.access.errors import NotAllowed
from kaishu.access.models import Token
from kaishu.access.permissions import Permission, Role
from kaishu.access.signin import key_of
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid, NotFound


def issue_token(call: Call, *, application: str, by_application: bool = False) -> tuple[Token, str]:
    """A new token for an application of this person: the row, and the secret that is never shown again.

    With ``by_application`` an application may make one too, for its own person: it can do what that person
    can, no more, and the ledger names the application that made it.
    """
    require(call, Permission.token_issue)
    if call.actor.kind not in (("person", "application") if by_application else ("person",)):
        raise NotAllowed(actor=call.actor.name, role=call.actor.role, permission=Permission.token_issue)
    application = application.strip()
    if not 1 <= len(application) <= 200:
        raise Invalid({"application": ["1–200"]})
    secret = f"ks_{secrets.token_urlsafe(32)}"
    token = Token(
        id=ids.new_id(),
        person_id=call.actor.id,
        application=application,
        key=key_of(secret),
        hint=secret[:7],
        created_at=call.now,
    )
    call.session.add(token)
    call.session.flush()
    note(call, "access.token.issue", ("token", token.id), application=application)
    return token, secret


def revoke_token(call: Call, token_id: str) -> None:
    """End a token of one's own.  Raises ``NotFound``."""
    require(call, Permission.token_issue)
    token = call.session.get(Token, token_id)
    if token is None or (token.person_id != call.actor.id and call.actor.role is not Role.administrator):
        raise NotFound(kind="令牌 token", name=token_id)
    token.revoked_at = token.revoked_at or call.now
    call.session.flush()
    note(call, "access.token.revoke", ("token", token.id))


def token_of_secret(call: Call, secret: str) -> Token:
    """The token of one's own that has this secret.  Raises ``NotFound``."""
    require(call, Permission.token_issue)
    token = call.session.scalars(select(Token).where(Token.key == key_of(secret))).first()
    if token is None or token.person_id != call.actor.id:
        raise NotFound(kind="令牌 token", name=secret[:7])
    return token


def actor_of_token(session: Session, secret: str) -> Actor | None:
    """The application behind a token, with its person's role and office; None if unknown or revoked."""
    token = session.scalars(select(Token).where(Token.key == key_of(secret))).first()
    if token is None or token.revoked_at is not None or not token.person.active:
        return None
    moment = clock.now()
    if session.info.get("write") and (
        token.last_used_at is None or moment - token.last_used_at > timedelta(minutes=5)
    ):
        token.last_used_at = moment
    person = token.person
    return Actor(
        "application", person.id, f"{token.application}（{person.name}）", Role(person.role), person.office_id
    )
