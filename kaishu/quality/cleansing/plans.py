"""A table's cleansing steps from draft to force: written, submitted, approved by two different people."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from kaishu import casework
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.lake import table_by_id
from kaishu.quality.cleansing.binding import bind_steps
from kaishu.quality.cleansing.parsing import parse_steps
from kaishu.quality.cleansing.planned import open_plan, plan_in_force, readable_version
from kaishu.quality.cleansing.steps import StepList
from kaishu.quality.cleansing.strategy import IMPORTANCE
from kaishu.quality.errors import BadSteps, CleansingUnderReview, NoCleansingInState, Problem, SameOwner
from kaishu.quality.models import MOST_TEXT, CleansingPlan
from kaishu.quality.referring import reference_problems

FILE = "steps.yaml"


def read_steps(call: Call, table_id: str, text: str) -> StepList:
    """Parse steps and hold them against the newest version's columns.  Raises ``BadSteps``."""
    if len(text) > MOST_TEXT:
        said = Said(f"步骤超过{MOST_TEXT:,}个字符。", f"The steps are longer than {MOST_TEXT:,} characters.")
        raise BadSteps(FILE, [Problem(0, "", said)])
    steps = parse_steps(text, FILE)
    if problems := reference_problems(text, FILE):
        raise BadSteps(FILE, problems)
    version = readable_version(call.session, table_id)
    if version is not None:
        bind_steps(steps, {str(each["name"]): str(each["type"]) for each in version.columns})
    return steps


def keep_cleansing_plan(
    call: Call, table_id: str, text: str, *, importance: Mapping[str, str] | None = None
) -> CleansingPlan:
    """Keep the draft of a table's cleansing, making one if there is none.

    ``importance`` of columns, for the next draft from failed rules; what was said stays if None.
    Raises ``BadSteps`` with lines, ``CleansingUnderReview`` while the draft is reviewed, ``Invalid``.
    """
    table = table_by_id(call.session, table_id)
    require(call, Permission.cleansing_draft, office=table.office_id)
    text = text.replace("\r\n", "\n")
    steps = read_steps(call, table_id, text)
    _check_importance(importance or {})
    plan = open_plan(call.session, table_id)
    if plan is None:
        before = plan_in_force(call.session, table_id)
        plan = CleansingPlan(
            id=ids.new_id(),
            table_id=table_id,
            number=_next_number(call, table_id),
            state="draft",
            importance=dict(before.importance) if before else {},
            created_at=call.now,
        )
        call.session.add(plan)
    elif plan.state not in ("draft", "returned"):
        raise CleansingUnderReview(number=plan.number)
    plan.text, plan.steps, plan.state = text, len(steps.steps), "draft"
    if importance is not None:
        plan.importance = {**plan.importance, **importance}
    plan.author, plan.changed_at = _name(call), call.now
    call.session.flush()
    note(call, "quality.cleansing.keep", ("cleansing-plan", plan.id), table=table_id, steps=plan.steps)
    return plan


def submit_cleansing_plan(call: Call, table_id: str) -> CleansingPlan:
    """Hand the draft to its owners."""
    plan = _open(call, table_id, "draft")
    office = table_by_id(call.session, table_id).office_id
    case = casework.open_case(call, "quality-cleansing", ("cleansing-plan", plan.id), office)
    plan.case_id, plan.state = case.id, case.state
    plan.business_id = plan.business = plan.technical = plan.reason = ""
    call.session.flush()
    return plan


def take_cleansing_plan_back(call: Call, table_id: str) -> CleansingPlan:
    """Take the draft back from its owners."""
    return _step(call, _open(call, table_id, "in-review", "approved"), "take-back")


def approve_cleansing_plan(call: Call, table_id: str) -> CleansingPlan:
    """The next owner agrees: first the business owner, then the technical one, who may not be the same
    person.  After the second the plan is in force and replaces the one before.  Raises ``SameOwner``."""
    plan = _open(call, table_id, "in-review", "approved")
    if plan.state == "in-review":
        plan = _step(call, plan, "approve-business")
        plan.business_id, plan.business = call.actor.id, _name(call)
        call.session.flush()
        return plan
    if plan.business_id == call.actor.id:
        raise SameOwner(name=_name(call))
    former = plan_in_force(call.session, table_id)
    plan = _step(call, plan, "approve-technical")
    plan.technical, plan.in_force_at = _name(call), call.now
    if former is not None:
        former.state, former.ended_at = "replaced", call.now
    call.session.flush()
    note(call, "quality.cleansing.in-force", ("cleansing-plan", plan.id), table=table_id, number=plan.number)
    return plan


def return_cleansing_plan(call: Call, table_id: str, reason: str) -> CleansingPlan:
    """One of the owners sends the draft back with a reason."""
    plan = _open(call, table_id, "in-review", "approved")
    action = "return-business" if plan.state == "in-review" else "return-technical"
    plan = _step(call, plan, action, reason)
    plan.reason = reason.strip()[:4000]
    call.session.flush()
    return plan


def _step(call: Call, plan: CleansingPlan, action: str, reason: str = "") -> CleansingPlan:
    case = casework.case_by_id(call.session, str(plan.case_id))
    casework.take_step(call, case, action, reason)
    plan.state, plan.changed_at = case.state, call.now
    call.session.flush()
    return plan


def _open(call: Call, table_id: str, *states: str) -> CleansingPlan:
    plan = open_plan(call.session, table_id)
    if plan is None or plan.state not in states:
        raise NoCleansingInState(states=", ".join(states), state=plan.state if plan else "—")
    return plan


def _next_number(call: Call, table_id: str) -> int:
    last = call.session.scalar(
        select(func.max(CleansingPlan.number)).where(CleansingPlan.table_id == table_id)
    )
    return (last or 0) + 1


def _check_importance(importance: Mapping[str, str]) -> None:
    wrong = [each for each in importance.values() if each not in IMPORTANCE]
    if wrong:
        listed = ", ".join(IMPORTANCE)
        raise Invalid({"importance": [Said(f"应为 {listed} 之一。", f"One of {listed}.")]})


def _name(call: Call) -> str:
    return (call.actor.name or call.actor.id)[:200]
