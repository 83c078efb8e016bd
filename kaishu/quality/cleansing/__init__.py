"""Cleansing: declared steps that mend cells and set rows apart; every change is on record and reversible."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.quality.cleansing.applying import (
        CleansedVersion,
        PreparedCleansing,
        changes_path,
        compute_cleansing,
        compute_undo,
        keep_cleansing,
        keep_undo,
        prepare_cleansing,
        prepare_undo,
        preview_cleansing,
    )
    from kaishu.quality.cleansing.binding import bind_steps
    from kaishu.quality.cleansing.changes import About, about_changes
    from kaishu.quality.cleansing.drafting import (
        Drafted,
        add_drafted,
        add_step,
        draft_cleansing,
        kinds_of_steps,
        move_step,
        remove_step,
    )
    from kaishu.quality.cleansing.leaving import (
        cleansings_about,
        leave_cleansing,
        leave_cleansing_preview,
        leave_cleansing_undo,
        text_mark,
    )
    from kaishu.quality.cleansing.mending import claim_cleansed_orders
    from kaishu.quality.cleansing.parsing import parse_steps
    from kaishu.quality.cleansing.planned import (
        cleansing_of_version,
        cleansing_plan_by_id,
        cleansing_plans,
        cleansing_plans_waiting,
        cleansing_run_by_id,
        cleansing_runs,
        may_be_undone,
        open_plan,
        plan_in_force,
    )
    from kaishu.quality.cleansing.plans import (
        approve_cleansing_plan,
        keep_cleansing_plan,
        read_steps,
        return_cleansing_plan,
        submit_cleansing_plan,
        take_cleansing_plan_back,
    )
    from kaishu.quality.cleansing.recorded import changes_file, changes_page, changes_rows
    from kaishu.quality.cleansing.reporting import CHANGE_WORDS, cleansing_document
    from kaishu.quality.cleansing.results import Cleansed, StepResult
    from kaishu.quality.cleansing.running import Cleansing
    from kaishu.quality.cleansing.steps import Step, StepList
    from kaishu.quality.cleansing.strategy import IMPORTANCE, MATRIX, Proposal, propose, steps_text
    from kaishu.quality.cleansing.treatments import STRATEGIES, TREATMENTS, register_treatment
    from kaishu.quality.cleansing.undoing import undo

__getattr__ = front_door(
    __name__,
    {
        "recorded": "changes_file changes_page changes_rows",
        "drafting": "Drafted add_drafted add_step draft_cleansing kinds_of_steps move_step remove_step",
        "applying": "CleansedVersion PreparedCleansing changes_path compute_cleansing compute_undo "
        "keep_cleansing keep_undo prepare_cleansing prepare_undo preview_cleansing",
        "leaving": "cleansings_about leave_cleansing leave_cleansing_preview leave_cleansing_undo text_mark",
        "mending": "claim_cleansed_orders",
        "planned": "cleansing_of_version cleansing_plan_by_id cleansing_plans "
        "cleansing_plans_waiting cleansing_run_by_id cleansing_runs may_be_undone "
        "open_plan plan_in_force",
        "plans": "approve_cleansing_plan keep_cleansing_plan read_steps return_cleansing_plan "
        "submit_cleansing_plan take_cleansing_plan_back",
        "binding": "bind_steps",
        "changes": "About about_changes",
        "parsing": "parse_steps",
        "reporting": "CHANGE_WORDS cleansing_document",
        "results": "Cleansed StepResult",
        "running": "Cleansing",
        "steps": "Step StepList",
        "strategy": "IMPORTANCE MATRIX Proposal propose steps_text",
        "treatments": "STRATEGIES TREATMENTS register_treatment",
        "undoing": "undo",
    },
)

__all__ = [
    "CHANGE_WORDS",
    "IMPORTANCE",
    "MATRIX",
    "STRATEGIES",
    "TREATMENTS",
    "About",
    "Cleansed",
    "CleansedVersion",
    "Cleansing",
    "Drafted",
    "PreparedCleansing",
    "Proposal",
    "Step",
    "StepList",
    "StepResult",
    "about_changes",
    "add_drafted",
    "add_step",
    "approve_cleansing_plan",
    "bind_steps",
    "changes_file",
    "changes_page",
    "changes_path",
    "changes_rows",
    "claim_cleansed_orders",
    "cleansing_document",
    "cleansing_of_version",
    "cleansing_plan_by_id",
    "cleansing_plans",
    "cleansing_plans_waiting",
    "cleansing_run_by_id",
    "cleansing_runs",
    "cleansings_about",
    "compute_cleansing",
    "compute_undo",
    "draft_cleansing",
    "keep_cleansing",
    "keep_cleansing_plan",
    "keep_undo",
    "kinds_of_steps",
    "leave_cleansing",
    "leave_cleansing_preview",
    "leave_cleansing_undo",
    "may_be_undone",
    "move_step",
    "open_plan",
    "parse_steps",
    "plan_in_force",
    "prepare_cleansing",
    "prepare_undo",
    "preview_cleansing",
    "propose",
    "read_steps",
    "register_treatment",
    "remove_step",
    "return_cleansing_plan",
    "steps_text",
    "submit_cleansing_plan",
    "take_cleansing_plan_back",
    "text_mark",
    "undo",
]
