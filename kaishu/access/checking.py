"""Ask before every act; an answer always has a reason."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.access.call import Call
from kaishu.access.errors import NotAllowed, OtherOffice, SignInNeeded
from kaishu.access.permissions import GRANTS, OWN_OFFICE_ONLY, Permission, Role


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and the rule that says so."""

    yes: bool
    reason: str

    def __bool__(self) -> bool:
        return self.yes


def allowed(call: Call, permission: Permission, *, office: str | None = None) -> Answer:
    """May this actor do this, to something of that office?"""
    role = call.actor.role
    if permission not in GRANTS[role]:
        return Answer(False, f"role {role} does not hold {permission}")
    if role is Role.steward and permission in OWN_OFFICE_ONLY and office not in (None, call.actor.office):
        return Answer(False, "own office only")
    return Answer(True, f"role {role} holds {permission}")


def require(call: Call, permission: Permission, *, office: str | None = None) -> None:
    """Raise ``SignInNeeded``, ``OtherOffice`` or ``NotAllowed`` unless allowed."""
    answer = allowed(call, permission, office=office)
    if answer:
        return
    facts = {"actor": call.actor.name or "访客", "role": call.actor.role, "permission": permission}
    if call.actor.kind == "visitor":
        raise SignInNeeded(**facts)
    raise (OtherOffice if answer.reason == "own office only" else NotAllowed)(**facts)
