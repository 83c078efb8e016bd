"""Work orders for data quality: the desk of an office, the bureau's desk, one order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, casework, quality, standardisation
from kaishu.access import Permission, allowed, require
from kaishu.base import clock
from kaishu.base.errors import Invalid, KaishuError, Said
from kaishu.casework.models import Case, Step
from kaishu.catalogue.models import Dataset, Resource
from kaishu.quality.models import CleansingPlan, Rulebook, WorkOrder
from kaishu.queue.models import Task
from kaishu.web.loop_contexts import OrderLine, OrderPage, OrdersPage
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import ORDER_STEPPED, say
from kaishu.web.words import _, language, pick

HERE = "/desk/quality-orders"


def list_orders(visit: Visit) -> Response:
    """An office sees its own orders, the bureau all of them with those that are late on top."""
    call = visit.call
    bureau = bool(allowed(call, Permission.order_decide))
    if not bureau:
        require(call, Permission.order_handle, office=call.actor.office)
    office = None if bureau else call.actor.office
    found = quality.orders(call.session, office=office)
    closed = quality.orders(call.session, office=office, closed=True, limit=20)
    lines = _lines(visit, [*found, *closed])
    books, plans = quality.books_waiting(call.session), quality.cleansing_plans_waiting(call.session)
    context = OrdersPage(
        orders=[lines[order.id] for order, _case in found],
        closed=[lines[order.id] for order, _case in closed],
        bureau=bureau,
        rules=_waiting(visit, books, office),
        plans=_waiting(visit, plans, office),
    )
    return render("loop/orders.html", visit.shell, context)


def _waiting(
    visit: Visit, found: Sequence[Rulebook | CleansingPlan], office: str | None
) -> list[tuple[str, str, str, datetime]]:
    """Name and title of the dataset, state and moment, of what waits for one of its owners."""
    told = [(*_dataset(visit, each.table_id), each.state, each.changed_at) for each in found]
    return [(name, title, state, at) for name, title, owner, state, at in told if office in (None, owner)]


def show_order(visit: Visit) -> Response:
    """One order."""
    return _show(visit)


def step(visit: Visit, form: FormData) -> Response:
    """What the office or the bureau does next."""
    call, order_id = visit.call, visit.part("id")
    order, _case = quality.order_by_id(call.session, order_id)
    reason, action = text(form, "reason"), text(form, "act")
    try:
        if action == "accept":
            quality.accept_order(call, order_id)
        elif action == "claim":
            quality.claim_mended(call, order_id, reason)
            if order.origin == standardisation.ORIGIN:
                standardisation.leave_recheck(call, order)
            else:
                quality.leave_check(call, order.table_id, order_id=order_id)
        elif action == "answer":
            quality.answer_correction(call, order_id, reason)
        elif action == "uphold":
            quality.uphold_refusal(call, order_id, reason)
        elif action == "refuse":
            quality.refuse_order(call, order_id, reason)
        elif action == "insist":
            quality.insist_on_order(call, order_id, reason)
        else:
            quality.exempt_order(call, order_id, reason, _day(text(form, "until")))
    except KaishuError as error:
        raise Unchanged(_show(visit, error)) from error
    return say(moved(visit, f"{HERE}/{order_id}"), ORDER_STEPPED, name=_title(visit, order))


def _show(visit: Visit, error: KaishuError | None = None) -> Response:
    call = visit.call
    order, case = quality.order_by_id(call.session, visit.part("id"))
    if not allowed(call, Permission.order_decide):
        require(call, Permission.order_handle, office=order.office_id)
    found = _lines(visit, [(order, case)])[order.id]
    context = OrderPage(
        order=found,
        remark=order.remark,
        opened_by=order.opened_by,
        opened_at=case.opened_at,
        exempt_until=order.exempt_until,
        href=_rows_of(visit, order, found.dataset),
        steps=_steps(call.session, order, case),
        acts=_acts(visit, order, case),
        running=_under_way(visit, order),
        trouble=said(error) if error else None,
        correction=quality.said_in(order) if order.origin == quality.CITIZEN else None,
    )
    return render("loop/order.html", visit.shell, context, error.status if error else 200)


def _steps(session: Session, order: WorkOrder, case: Case) -> list[tuple[datetime, str, str, str]]:
    """What people did and what the clock did: when, what, who, why."""
    taken = [
        (each.at, _step_word(each.action), each.actor_name, _reason(each))
        for each in casework.steps_of(session, case.id)
    ]
    clocked = [
        (order.reminded_at, _("期限将到，已提醒责任部门")),
        (order.escalated_at, _("逾期，已督办")),
    ]
    told = [(at, word, access.SYSTEM.name, "") for at, word in clocked if at is not None]
    return sorted([*taken, *told], key=lambda step: step[0])


def _reason(step: Step) -> str:
    """What was written, or what the platform says in the language of the page."""
    said = step.said or {}
    counts = {name: f"{said.get(name, 0):,}" for name in ("checked", "failed")}
    match said.get("code"):
        case "cleansed":
            return _("清洗后复查")
        case "recheck-failed":
            return _("复查：{checked}行中仍有{failed}行不合格。", **counts)
        case "recheck-differs":
            return _("复查：{checked}行中仍有{failed}行不一致。", **counts)
        case "recheck-broken":
            return pick(said.get("zh"), said.get("en")) or _("复查未能进行。")
    return step.reason


def _rows_of(visit: Visit, order: WorkOrder, dataset: str) -> str:
    """Where the rows to mend are listed."""
    if order.origin == quality.CITIZEN:
        return f"/datasets/{path_part(dataset)}"
    if order.origin != standardisation.ORIGIN:
        return address(f"/datasets/{path_part(dataset)}/data-quality/rows", ("rule", order.rule_id))
    entity, source, field = standardisation.entity_of_order(visit.call, order)
    run = order.last_found_by or order.found_by
    here = f"/desk/standard/{entity.name}/differences"
    return address(here, ("source", source), ("field", field), ("run", run))


def _under_way(visit: Visit, order: WorkOrder) -> Task | None:
    """The re-check that waits or goes on."""
    if order.origin == standardisation.ORIGIN:
        return standardisation.recheck_under_way(visit.call, order)
    for task in quality.checks_about(visit.call.session, order.table_id, 5):
        if task.state in ("waiting", "running") and task.payload.get("order_id") == order.id:
            return task
    return None


def _title(visit: Visit, order: WorkOrder) -> str:
    """What the order is about; those of the standard layer are named after entity and field."""
    if order.origin == quality.CITIZEN:
        column = order.title.partition("：")[2]
        return _("群众纠错：{column}", column=column) if column else _("一处数据纠错")
    if order.origin == standardisation.ORIGIN and language() == "en":
        _origin, name, field = order.rule_id.split(":", 2)
        titled = standardisation.standard_by_name(visit.call.session, name).title_en or name
        return f"{titled}: {field.replace('_', ' ')} differs from the golden value"
    return pick(order.title, order.title_en) or order.rule_id


def _acts(visit: Visit, order: WorkOrder, case: Case) -> list[tuple[str, str, str]]:
    """(act, word, what must be given) that this actor may do now."""
    rules = casework.kind(case.kind).steps
    words = {
        "accept": (_("受理"), ""),
        "answer": (_("答复并办结"), "reason"),
        "claim": (_("已整改，申请复查"), "remark"),
        "refuse": (_("不认可"), "reason"),
        "insist": (_("仍要求整改"), "reason"),
        "uphold": (_("同意不整改，答复并办结"), "reason"),
        "exempt": (_("免除"), "until"),
    }
    return [
        (name, word, needs)
        for name, (word, needs) in words.items()
        if case.closed_at is None
        and name in rules
        and case.state in rules[name].from_
        and allowed(visit.call, rules[name].permission, office=order.office_id)
    ]


def _lines(visit: Visit, found: Sequence[tuple[WorkOrder, Case]]) -> dict[str, OrderLine]:
    offices = {each.id: pick(each.title, each.title_en) for each in access.offices(visit.call.session)}
    today = clock.day_of(clock.now())
    lines = {}
    for order, case in found:
        name, title, _office = _dataset(visit, order.table_id)
        check_title = _title(visit, order)
        lines[order.id] = OrderLine(
            id=order.id,
            rule=order.rule_id,
            title=check_title,
            dataset=name,
            dataset_title=title,
            office=offices.get(order.office_id, ""),
            level=order.level,
            state=case.state,
            due=case.due_on,
            late=case.closed_at is None and case.due_on is not None and case.due_on < today,
            reminded=order.reminded_at is not None and case.closed_at is None,
            escalated=order.escalated_at is not None and case.closed_at is None,
            failed=order.failed,
            now=order.last_failed,
            checked=order.checked,
            origin={
                "check": _("自动检查"),
                "person": _("人工"),
                "citizen": _("群众纠错"),
                "standard": _("标准层比对"),
            }.get(order.origin, order.origin),
        )
    return lines


def _dataset(visit: Visit, table_id: str) -> tuple[str, str, str]:
    """Name and title of the dataset that a table belongs to, and its office."""
    found = visit.call.session.scalars(
        select(Dataset).join(Resource, Resource.dataset_id == Dataset.id).where(Resource.table_id == table_id)
    ).first()
    return (found.name, pick(found.title, found.title_en), found.office_id) if found else ("", table_id, "")


def _step_word(action: str) -> str:
    return {
        "accept": pick("受理", "accepted the order"),
        "claim": _("申请复查"),
        "pass": _("复查通过，办结"),
        "fail": _("复查未通过，退回整改"),
        "refuse": pick("不认可", "refused the order"),
        "insist": pick("仍要求整改", "insisted on it"),
        "answer": pick("答复并办结", "answered and closed it"),
        "uphold": pick("同意不整改，答复并办结", "agreed to the refusal, answered and closed it"),
        "exempt": pick("免除", "exempted it"),
        "settle": _("比对已一致，自动办结"),
    }.get(action, action)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        problem = Said("请写免除到哪一天，如 2026-12-31。", "Say until which day, as 2026-12-31.")
        raise Invalid({"until": [problem]}) from error


ROUTES: list[Route] = [
    page(HERE, list_orders),
    page(f"{HERE}/{{id}}", show_order),
    act(f"{HERE}/{{id}}", step),
]
