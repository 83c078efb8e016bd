"""Move a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from kaishu.access import Call, note, require
from kaishu.base import ids
from kaishu.casework.errors import ReasonNeeded, WrongState
from kaishu.casework.kinds import kind
from kaishu.casework.models import Case, Step


def take_step(
    call: Call, case: Case, action: str, reason: str = "", *, said: Mapping[str, Any] | None = None
) -> Step:
    """Take the step ``action`` of the case's kind.

    ``said`` is the reason where the platform gives it: a code and its facts.  Raises ``WrongState`` and
    ``ReasonNeeded``.
    """
    rule = kind(case.kind).steps[action]
    require(call, rule.permission, office=case.office_id)
    if case.state not in rule.from_ or case.closed_at is not None:
        raise WrongState(state=case.state, action=action)
    reason = reason.strip()
    if rule.reason_needed and not reason and not said:
        raise ReasonNeeded()
    taken = call.session.scalar(select(func.count()).select_from(Step).where(Step.case_id == case.id)) or 0
    step = Step(
        id=ids.new_id(),
        case_id=case.id,
        number=taken + 1,
        action=action,
        from_state=case.state,
        to_state=rule.to,
        actor_id=call.actor.id,
        actor_name=call.actor.name,
        at=call.now,
        reason=reason[:4000],
        said=dict(said) if said else None,
    )
    case.state = rule.to
    if rule.closes:
        case.closed_at = call.now
    call.session.add(step)
    call.session.flush()
    told = {"said": dict(said)} if said else {}
    note(call, f"casework.{action}", ("case", case.id), reason=reason, **told)
    return step
