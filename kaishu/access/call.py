"""The first argument of every act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kaishu.access.actor import Actor
from kaishu.ledger import record, record_all


@dataclass(frozen=True, slots=True)
class Call:
    """Four fields, never a fifth without a decision record."""

    session: Session
    actor: Actor
    now: datetime
    request_id: str


def note(call: Call, action: str, subject: tuple[str, str], **facts: Any) -> None:
    """Write the act's ledger row: ``note(call, "catalogue.publish", ("dataset", id), version=3)``."""
    record(
        call.session,
        at=call.now,
        actor=call.actor.row,
        action=action,
        subject=subject,
        request_id=call.request_id,
        facts=facts,
    )


def note_all(call: Call, action: str, said: Iterable[tuple[tuple[str, str], dict[str, Any]]]) -> None:
    """Write one ledger row for each (subject, facts) of an act that does the same to many things."""
    record_all(
        call.session,
        at=call.now,
        actor=call.actor.row,
        action=action,
        said=said,
        request_id=call.request_id,
    )
