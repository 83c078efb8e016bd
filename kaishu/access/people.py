"""People come and change their passwords."""

from __future__ import annotations

from sqlalchemy import delete, select

from kaishu.access.call import Call, note
from kaishu.access.checking import require
from kaishu.access.errors import NameTaken, OwnAccount, WrongPassword
from kaishu.access.models import Person, SignedIn
from kaishu.access.passwords import hashed, matches
from kaishu.access.permissions import Permission, Role
from kaishu.access.queries import office_by_name
from kaishu.base import ids
from kaishu.base.errors import NotFound


def add_person(
    call: Call, *, account: str, password: str, role: Role, name: str = "", office: str | None = None
) -> Person:
    """Add a person to an office (its name).  Raises ``NameTaken``, ``WeakPassword``, ``NotFound``."""
    require(call, Permission.person_manage)
    if call.session.scalars(select(Person).where(Person.account == account)).first():
        raise NameTaken(name=account)
    person = Person(
        id=ids.new_id(),
        account=account,
        name=name or account,
        role=Role(role),
        office=office_by_name(call.session, office) if office else None,
        password=hashed(password),
        active=True,
        created_at=call.now,
    )
    call.session.add(person)
    call.session.flush()
    note(call, "access.person.add", ("person", person.id), account=account, role=str(role), office=office)
    return person


def revise_person(call: Call, account: str, **changes: str | bool | None) -> Person:
    """Change name, role, office (its name, or None) or whether the person is active.

    Whoever is switched off, or has another role or office, has to sign in again; tokens of one who is
    switched off no longer work.  Raises ``NotFound``, ``OwnAccount``.
    """
    require(call, Permission.person_manage)
    person = call.session.scalars(select(Person).where(Person.account == account)).first()
    if person is None:
        raise NotFound(kind="人员 person", name=account)
    if person.id == call.actor.id and (
        not changes.get("active", True) or changes.get("role", person.role) != person.role
    ):
        raise OwnAccount()
    before = (person.role, person.office_id, person.active)
    if "name" in changes:
        person.name = str(changes["name"] or account)
    if "role" in changes:
        person.role = Role(str(changes["role"]))
    if "office" in changes:
        office = changes["office"]
        person.office = office_by_name(call.session, str(office)) if office else None
    if "active" in changes:
        person.active = bool(changes["active"])
    call.session.flush()
    if before != (person.role, person.office_id, person.active):
        call.session.execute(delete(SignedIn).where(SignedIn.person_id == person.id))
    note(call, "access.person.revise", ("person", person.id), account=account, **changes)
    return person


def change_password(call: Call, *, old: str, new: str) -> None:
    """Change one's own password; every sign-in of this person ends.  Raises ``WrongPassword``."""
    require(call, Permission.person_self)
    person = call.session.get(Person, call.actor.id)
    if person is None or not matches(person.password, old):
        raise WrongPassword()
    person.password = hashed(new)
    call.session.execute(delete(SignedIn).where(SignedIn.person_id == person.id))
    call.session.flush()
    note(call, "access.person.password", ("person", person.id))
