"""Work orders for what no check found: opened, sent back and settled by whoever compares tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kaishu import casework
from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.casework.models import Case
from kaishu.lake import table_by_id
from kaishu.quality.models import WorkOrder
from kaishu.quality.ordering import DAYS, DIFFERS, KIND
from kaishu.quality.queries import exempt_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that an office has to mend in a table.  ``rule_id`` tells it from all else about the table;
    ``failed`` of ``checked`` rows.
    """

    table_id: str
    rule_id: str
    title: str
    failed: int
    checked: int
    level: str = "warning"
    remark: str = ""


def settle_found(call: Call, found: Sequence[Found], *, origin: str, family: str, by: str) -> dict[str, int]:
    """Bring the orders of a family (rule ids that begin so) to what was found now by ``by`` (an id).

    What is found again keeps its order, and goes back to the office if it claimed otherwise; what is found
    no more closes its order; what is new gets one, unless the bureau has exempted it.  Returns how many were
    opened, sent back, closed.
    """
    require(call, Permission.order_decide)
    counts = {"opened": 0, "returned": 0, "closed": 0}
    now = {(each.table_id, each.rule_id): each for each in found if each.failed}
    open_orders = call.session.execute(
        select(WorkOrder, Case)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(
            WorkOrder.origin == origin,
            WorkOrder.open_key.is_not(None),
            WorkOrder.rule_id.startswith(family, autoescape=True),
        )
    ).all()
    for order, case in open_orders:
        each = now.pop((order.table_id, order.rule_id), None)
        order.last_found_by = by
        if each is None:
            _close(call, order, case)
            counts["closed"] += 1
        else:
            order.last_failed, order.last_checked = each.failed, each.checked
            counts["returned"] += _send_back(call, order, case)
    exempt = {table: exempt_rules(call.session, table, clock.day_of(call.now)) for table, _ in now}
    for each in now.values():
        if each.rule_id not in exempt[each.table_id]:
            _open(call, each, origin, by)
            counts["opened"] += 1
    call.session.flush()
    return counts


def _close(call: Call, order: WorkOrder, case: Case) -> None:
    order.last_failed, order.last_checked, order.open_key = 0, order.checked, None
    casework.take_step(call, case, "settle")
    note(call, "quality.order.recheck", ("order", order.id), found_by=order.last_found_by, state=case.state)


def _send_back(call: Call, order: WorkOrder, case: Case) -> bool:
    if case.state != "claimed":
        return False
    said = {"code": DIFFERS, "checked": order.last_checked, "failed": order.last_failed}
    casework.take_step(call, case, "fail", said=said)
    note(call, "quality.order.recheck", ("order", order.id), found_by=order.last_found_by, state=case.state)
    return True


def _open(call: Call, found: Found, origin: str, by: str) -> WorkOrder:
    office = table_by_id(call.session, found.table_id).office_id
    id = ids.new_id()
    case = casework.open_case(call, KIND, ("order", id), office, working_days=DAYS[found.level])
    order = WorkOrder(
        id=id,
        case_id=case.id,
        table_id=found.table_id,
        office_id=office,
        rule_id=found.rule_id,
        title=found.title[:300],
        level=found.level,
        run_id=None,
        found_by=by,
        failed=found.failed,
        checked=found.checked,
        origin=origin,
        remark=found.remark[:2000],
        opened_by=(call.actor.name or call.actor.id)[:200],
        open_key=f"{found.table_id}:{found.rule_id}",
    )
    call.session.add(order)
    call.session.flush()
    facts = {"table": found.table_id, "rule": found.rule_id, "failed": found.failed, "origin": origin}
    note(call, "quality.order.open", ("order", id), **facts)
    return order
