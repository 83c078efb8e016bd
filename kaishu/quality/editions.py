"""What a table is held to, edition by edition: written, submitted, agreed to by two different people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kaishu import casework
from kaishu.access import Call, Permission, allowed, note
from kaishu.base import ids
from kaishu.base.errors import Conflict
from kaishu.lake import table_by_id
from kaishu.quality.errors import (
    CleansingUnderReview,
    NoCleansingInState,
    NoRulesInState,
    SameOwner,
    UnderReview,
)
from kaishu.quality.models import CleansingPlan, Edition, Rulebook

E = TypeVar("E", bound=Edition)

_WRITTEN, _REVIEWED = ("draft", "returned"), ("in-review", "approved")


@dataclass(frozen=True, slots=True)
class Editions(Generic[E]):
    """Editions of one kind, of all tables.

    ``case`` is the kind of their cases, ``noun`` and ``act`` the ledger's words for one and for its acts;
    ``owners`` are the permissions to agree, by state; ``busy`` and ``elsewhere`` what is raised where an
    edition is under review, or in a state that does not fit.
    """

    model: type[E]
    case: str
    noun: str
    act: str
    owners: Mapping[str, Permission]
    busy: type[Conflict]
    elsewhere: type[Conflict]

    def of_table(self, session: Session, table_id: str) -> Sequence[E]:
        """Every edition, newest first."""
        model = self.model
        return session.scalars(
            select(model).where(model.table_id == table_id).order_by(model.number.desc())
        ).all()

    def open(self, session: Session, table_id: str) -> E | None:
        """The one that is being written or reviewed."""
        return self._first(session, table_id, self.model.state.in_((*_WRITTEN, *_REVIEWED)))

    def in_force(self, session: Session, table_id: str) -> E | None:
        """The one that counts."""
        return self._first(session, table_id, self.model.state == "in-force")

    def newest(self, session: Session, table_id: str) -> E | None:
        """The open one, or else the one in force: what further writing starts from."""
        return self.open(session, table_id) or self.in_force(session, table_id)

    def waiting(self, session: Session) -> Sequence[E]:
        """Those that wait for one of their owners, the oldest first."""
        model = self.model
        return session.scalars(
            select(model).where(model.state.in_(_REVIEWED)).order_by(model.changed_at)
        ).all()

    def may_write(self, edition: E | None) -> bool:
        """Is nothing open, or is it with its author?"""
        return edition is None or edition.state in _WRITTEN

    def may_approve(self, call: Call, edition: E | None) -> bool:
        """Is it this person's turn to agree to it, or to send it back?"""
        if edition is None or edition.state not in self.owners:
            return False
        if edition.state == "approved" and edition.business_id == call.actor.id:
            return False
        office = table_by_id(call.session, edition.table_id).office_id
        return bool(allowed(call, self.owners[edition.state], office=office))

    def draft(self, call: Call, table_id: str, text: str, **own: Any) -> E:
        """Put the text into the draft, making one if there is none; ``own`` are further columns.

        Raises ``busy`` while it is with its reviewers.  Whoever calls has asked for permission.
        """
        edition = self.open(call.session, table_id)
        if edition is not None and not self.may_write(edition):
            raise self.busy(number=edition.number)
        if edition is None:
            number = self._last_number(call.session, table_id) + 1
            edition = self.model(id=ids.new_id(), table_id=table_id, number=number, created_at=call.now)
        edition.text, edition.state, edition.author, edition.changed_at = text, "draft", _name(call), call.now
        for name, value in own.items():
            setattr(edition, name, value)
        call.session.add(edition)
        call.session.flush()
        return edition

    def submit(self, call: Call, table_id: str) -> E:
        """Hand the draft to its owners."""
        edition = self._open_in(call.session, table_id, "draft")
        office = table_by_id(call.session, table_id).office_id
        case = casework.open_case(call, self.case, (self.noun, edition.id), office)
        edition.case_id, edition.state = case.id, case.state
        edition.business_id = edition.business = edition.technical = edition.reason = ""
        call.session.flush()
        return edition

    def take_back(self, call: Call, table_id: str) -> E:
        """Take the draft back from its owners."""
        return self._step(call, self._open_in(call.session, table_id, *_REVIEWED), "take-back")

    def approve(self, call: Call, table_id: str) -> E:
        """The next owner agrees: first the business owner, then the technical one, who may not be the same
        person.  After the second it is in force and replaces the one before.  Raises ``SameOwner``."""
        edition = self._open_in(call.session, table_id, *_REVIEWED)
        if edition.state == "in-review":
            edition = self._step(call, edition, "approve-business")
            edition.business_id, edition.business = call.actor.id, _name(call)
            call.session.flush()
            return edition
        if edition.business_id == call.actor.id:
            raise SameOwner(name=_name(call))
        former = self.in_force(call.session, table_id)
        edition = self._step(call, edition, "approve-technical")
        edition.technical, edition.in_force_at = _name(call), call.now
        if former is not None:
            former.state, former.ended_at = "replaced", call.now
        call.session.flush()
        said = {"table": table_id, "number": edition.number}
        note(call, f"{self.act}.in-force", (self.noun, edition.id), **said)
        return edition

    def send_back(self, call: Call, table_id: str, reason: str) -> E:
        """One of the owners returns the draft with a reason."""
        edition = self._open_in(call.session, table_id, *_REVIEWED)
        action = "return-business" if edition.state == "in-review" else "return-technical"
        edition = self._step(call, edition, action, reason)
        edition.reason = reason.strip()[:4000]
        call.session.flush()
        return edition

    def _step(self, call: Call, edition: E, action: str, reason: str = "") -> E:
        case = casework.case_by_id(call.session, str(edition.case_id))
        casework.take_step(call, case, action, reason)
        edition.state, edition.changed_at = case.state, call.now
        call.session.flush()
        return edition

    def _open_in(self, session: Session, table_id: str, *states: str) -> E:
        edition = self.open(session, table_id)
        if edition is None or edition.state not in states:
            raise self.elsewhere(states=", ".join(states), state=edition.state if edition else "—")
        return edition

    def _first(self, session: Session, table_id: str, condition: ColumnElement[bool]) -> E | None:
        return session.scalars(select(self.model).where(self.model.table_id == table_id, condition)).first()

    def _last_number(self, session: Session, table_id: str) -> int:
        last = session.scalar(select(func.max(self.model.number)).where(self.model.table_id == table_id))
        return last or 0


#: The rules of tables.
RULEBOOKS = Editions(
    Rulebook,
    case="quality-rules",
    noun="rulebook",
    act="quality.rules",
    owners={"in-review": Permission.rules_business, "approved": Permission.rules_technical},
    busy=UnderReview,
    elsewhere=NoRulesInState,
)
#: The cleansing steps of tables.
CLEANSING_PLANS = Editions(
    CleansingPlan,
    case="quality-cleansing",
    noun="cleansing-plan",
    act="quality.cleansing",
    owners={"in-review": Permission.cleansing_business, "approved": Permission.cleansing_technical},
    busy=CleansingUnderReview,
    elsewhere=NoCleansingInState,
)


def _name(call: Call) -> str:
    return (call.actor.name or call.actor.id)[:200]
