"""Work orders: what an office has to mend, until a re-check of the claimed rule proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kaishu import casework, standards
from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.casework.models import Case
from kaishu.lake import table_by_id
from kaishu.quality.errors import NothingFailed, OrderOpen
from kaishu.quality.models import Finding, Rulebook, Run, WorkOrder
from kaishu.quality.queries import exempt_rules, findings_of_run, order_by_id
from kaishu.quality.rules import LEVELS

#: Working days to mend what reached a level.
DAYS = {"critical": 3, "error": 5, "warning": 10}
#: Days before the last one on which the office is reminded.
REMIND = timedelta(days=2)
KIND = "quality-work-order"
#: What the platform says in a step: a cleansing claimed; a re-check found rows that fail, or that differ from
#: those of other offices, or could not be made.
CLEANSED, FAILED, DIFFERS, BROKEN = "cleansed", "recheck-failed", "recheck-differs", "recheck-broken"


def open_orders(
    call: Call, run: Run, rule_ids: Sequence[str], *, origin: str = "person", remark: str = ""
) -> list[WorkOrder]:
    """Open an order for each of these rules of a check.

    Raises ``NothingFailed``, ``OrderOpen``, ``NotFound``; all of them are opened, or none.
    """
    findings = {each.rule_id: each for each in findings_of_run(call.session, run.id)}
    made = []
    for rule_id in dict.fromkeys(rule_ids):
        if rule_id not in findings:
            raise NotFound(kind="规则 rule", name=rule_id)
        if not findings[rule_id].failed:
            raise NothingFailed(rule=rule_id)
        if _open_order(call, run.table_id, rule_id) is not None:
            raise OrderOpen(rule=rule_id)
        made.append(_open(call, run, findings[rule_id], origin, remark))
    return made


def open_orders_by_level(call: Call, run: Run) -> list[WorkOrder]:
    """What the rules say shall be ordered by itself; not where an order is open, or an exemption holds."""
    book = call.session.get_one(Rulebook, run.rulebook_id)
    if not book.order_from or run.kind != "full" or not run.sound:
        return []
    exempt = exempt_rules(call.session, run.table_id, clock.day_of(call.now))
    made = []
    for finding in findings_of_run(call.session, run.id):
        grave = finding.level and LEVELS.index(finding.level) >= LEVELS.index(book.order_from)
        if not grave or finding.rule_id in exempt or _open_order(call, run.table_id, finding.rule_id):
            continue
        made.append(_open(call, run, finding, "check", ""))
    return made


def accept_order(call: Call, order_id: str) -> WorkOrder:
    """The office takes the order on."""
    return _step(call, order_id, "accept")


def refuse_order(call: Call, order_id: str, reason: str) -> WorkOrder:
    """The office says why it is not for it; the bureau decides."""
    return _step(call, order_id, "refuse", reason)


def claim_mended(call: Call, order_id: str, remark: str = "", *, cleansed: bool = False) -> WorkOrder:
    """The office says that the newest version is mended; whoever calls leaves the re-check to the queue."""
    return _step(call, order_id, "claim", remark, {"code": CLEANSED} if cleansed else None)


def insist_on_order(call: Call, order_id: str, reason: str) -> WorkOrder:
    """The bureau does not take the refusal; the clock starts anew."""
    order = _step(call, order_id, "insist", reason)
    _, case = order_by_id(call.session, order_id)
    _restart(call, order, case)
    return order


def exempt_order(call: Call, order_id: str, reason: str, until: date) -> WorkOrder:
    """The bureau lets the rule be until a day, for a reason; no order is opened by itself until then."""
    if until < clock.day_of(call.now):
        raise Invalid({"until": [Said("免除的期限不能早于今天。", "The exemption cannot end before today.")]})
    order = _step(call, order_id, "exempt", reason)
    order.exempt_until, order.open_key = until, None
    call.session.flush()
    return order


def conclude_recheck(call: Call, order_id: str, run: Run) -> WorkOrder:
    """What a re-check means for the order: closed, or back to the office with the new counts.

    A rule that is no longer in force is mended by decision; a check that could not be made sends back.
    """
    order, case = order_by_id(call.session, order_id)
    if case.state != "claimed":
        return order
    found = {each.rule_id: each for each in findings_of_run(call.session, run.id)}.get(order.rule_id)
    order.last_run_id = run.id
    if run.sound and (found is None or found.level is None):
        order.last_failed, order.last_checked = (found.failed, found.checked) if found else (0, 0)
        order.open_key = None
        casework.take_step(call, case, "pass")
    else:
        if found is not None:
            order.last_failed, order.last_checked = found.failed, found.checked
            said = {"code": FAILED, "checked": found.checked, "failed": found.failed}
        else:
            said = {"code": BROKEN, **_trouble(run)}
        casework.take_step(call, case, "fail", said=said)
    call.session.flush()
    note(call, "quality.order.recheck", ("order", order.id), run=run.id, state=case.state)
    return order


def remind_and_escalate(call: Call) -> dict[str, int]:
    """Mark orders whose last day is near, and those whose last day has passed, each once."""
    require(call, Permission.order_decide)
    today = clock.day_of(call.now)
    rows = call.session.execute(
        select(WorkOrder, Case)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(
            Case.closed_at.is_(None),
            Case.due_on <= today + REMIND,
            WorkOrder.escalated_at.is_(None),
        )
    ).all()
    counts = {"reminded": 0, "escalated": 0}
    for order, case in rows:
        if case.due_on is not None and case.due_on < today:
            order.escalated_at = call.now
            counts["escalated"] += 1
            note(call, "quality.order.escalate", ("order", order.id), due=case.due_on.isoformat())
        elif order.reminded_at is None:
            order.reminded_at = call.now
            counts["reminded"] += 1
            note(call, "quality.order.remind", ("order", order.id), due=str(case.due_on))
    call.session.flush()
    return counts


def _open(call: Call, run: Run, finding: Finding, origin: str, remark: str) -> WorkOrder:
    office = table_by_id(call.session, run.table_id).office_id
    id, level = ids.new_id(), finding.level or "warning"
    case = casework.open_case(call, KIND, ("order", id), office, working_days=DAYS[level])
    order = WorkOrder(
        id=id,
        case_id=case.id,
        table_id=run.table_id,
        office_id=office,
        rule_id=finding.rule_id,
        title=finding.title,
        title_en=finding.title_en,
        level=level,
        run_id=run.id,
        failed=finding.failed,
        checked=finding.checked,
        origin=origin,
        remark=remark.strip()[:2000],
        opened_by=(call.actor.name or call.actor.id)[:200],
        open_key=_key(run.table_id, finding.rule_id),
    )
    call.session.add(order)
    call.session.flush()
    facts = {"table": run.table_id, "rule": finding.rule_id, "failed": finding.failed, "origin": origin}
    note(call, "quality.order.open", ("order", id), **facts)
    return order


def _trouble(run: Run) -> dict[str, str]:
    """Why a check could not be made, by language."""
    told = {language: (run.trouble.get(language) or {}).get("message", "") for language in ("zh", "en")}
    return {language: str(message) for language, message in told.items() if message}


def _step(
    call: Call, order_id: str, action: str, reason: str = "", said: dict[str, Any] | None = None
) -> WorkOrder:
    order, case = order_by_id(call.session, order_id)
    casework.take_step(call, case, action, reason, said=said)
    return order


def _restart(call: Call, order: WorkOrder, case: Case) -> None:
    case.due_on = standards.add_working_days(clock.day_of(call.now), DAYS[order.level])
    order.reminded_at = order.escalated_at = None
    call.session.flush()


def _open_order(call: Call, table_id: str, rule_id: str) -> WorkOrder | None:
    return call.session.scalars(
        select(WorkOrder).where(WorkOrder.open_key == _key(table_id, rule_id))
    ).first()


def _key(table_id: str, rule_id: str) -> str:
    return f"{table_id}:{rule_id}"
