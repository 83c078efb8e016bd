"""A table's cleansing steps from draft to force: written, submitted, approved by two different people."""

from __future__ import annotations

from collections.abc import Mapping

from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.lake import table_by_id
from kaishu.quality.cleansing.binding import bind_steps
from kaishu.quality.cleansing.parsing import parse_steps
from kaishu.quality.cleansing.planned import readable_version
from kaishu.quality.cleansing.steps import StepList
from kaishu.quality.cleansing.strategy import IMPORTANCE
from kaishu.quality.editions import CLEANSING_PLANS
from kaishu.quality.errors import BadSteps, Problem
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
    before = CLEANSING_PLANS.newest(call.session, table_id)
    ranks = {**(before.importance if before else {}), **(importance or {})}
    plan = CLEANSING_PLANS.draft(call, table_id, text, steps=len(steps.steps), importance=ranks)
    note(call, "quality.cleansing.keep", ("cleansing-plan", plan.id), table=table_id, steps=plan.steps)
    return plan


def submit_cleansing_plan(call: Call, table_id: str) -> CleansingPlan:
    """Hand the draft to its owners."""
    return CLEANSING_PLANS.submit(call, table_id)


def take_cleansing_plan_back(call: Call, table_id: str) -> CleansingPlan:
    """Take the draft back from its owners."""
    return CLEANSING_PLANS.take_back(call, table_id)


def approve_cleansing_plan(call: Call, table_id: str) -> CleansingPlan:
    """The next owner agrees, the business owner first; after the second, who is somebody else, the plan is
    in force.  Raises ``SameOwner``."""
    return CLEANSING_PLANS.approve(call, table_id)


def return_cleansing_plan(call: Call, table_id: str, reason: str) -> CleansingPlan:
    """One of the owners sends the draft back with a reason."""
    return CLEANSING_PLANS.send_back(call, table_id, reason)


def _check_importance(importance: Mapping[str, str]) -> None:
    wrong = [each for each in importance.values() if each not in IMPORTANCE]
    if wrong:
        listed = ", ".join(IMPORTANCE)
        raise Invalid({"importance": [Said(f"应为 {listed} 之一。", f"One of {listed}.")]})
