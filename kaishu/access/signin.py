"""Signing in and out; wrong passwords lead to a pause."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from kaishu.access.actor import Actor
from kaishu.access.call import Call, note
from kaishu.access.checking import require
from kaishu.access.errors import TooManyTries, WrongPassword
from kaishu.access.models import FailedSignIn, Person, SignedIn
from kaishu.access.passwords import decoy, matches
from kaishu.access.permissions import Permission, Role
from kaishu.base import clock, ids, settings

WINDOW = timedelta(minutes=15)


def sign_in(call: Call, *, account: str, password: str, address: str = "") -> str:
    """The cookie's secret for a new sign-in.

    Raises ``TooManyTries`` (also before a right password) and ``WrongPassword``; the failure is kept
    by the caller's transaction, so the entrance commits on these two.
    """
    require(call, Permission.dataset_read)
    _refuse_if_paused(call, account, address)
    person = call.session.scalars(select(Person).where(Person.account == account)).first()
    fits = matches(person.password if person else decoy(), password)
    if person is None or not fits or not person.active:
        call.session.add(
            FailedSignIn(id=ids.new_id(), account=account[:100], address=address[:60], at=call.now)
        )
        call.session.flush()
        note(call, "access.sign-in.fail", ("account", account[:100]), address=address)
        raise WrongPassword()
    call.session.execute(delete(FailedSignIn).where(FailedSignIn.account == account))
    secret = secrets.token_urlsafe(32)
    call.session.add(
        SignedIn(
            key=key_of(secret),
            person_id=person.id,
            created_at=call.now,
            ends_at=call.now + timedelta(hours=settings.number("session_hours")),
        )
    )
    call.session.flush()
    note(call, "access.sign-in", ("person", person.id), address=address)
    return secret


def sign_out(call: Call, secret: str) -> None:
    """End the sign-in that this cookie stands for."""
    require(call, Permission.dataset_read)
    call.session.execute(delete(SignedIn).where(SignedIn.key == key_of(secret)))
    note(call, "access.sign-out", ("person", call.actor.id))


def actor_of_session(session: Session, secret: str) -> Actor | None:
    """Who holds this cookie; None if it is unknown or has ended."""
    found = session.get(SignedIn, key_of(secret))
    if found is None or found.ends_at < clock.now() or not found.person.active:
        return None
    return actor_of(found.person)


def actor_of(person: Person) -> Actor:
    """The person as an actor."""
    return Actor("person", person.id, person.name, Role(person.role), person.office_id)


def key_of(secret: str) -> str:
    """SHA-256 of a secret: what we store instead of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _refuse_if_paused(call: Call, account: str, address: str) -> None:
    since = call.now - WINDOW
    call.session.execute(delete(FailedSignIn).where(FailedSignIn.at < since))
    same = [FailedSignIn.account == account]
    if address:
        same.append(FailedSignIn.address == address)
    counted = call.session.execute(select(func.count(), func.max(FailedSignIn.at)).where(or_(*same))).one()
    if counted[0] >= settings.number("signin_tries"):
        ends = counted[1] + WINDOW
        raise TooManyTries(minutes=max(1, round((ends - call.now).total_seconds() / 60)))
