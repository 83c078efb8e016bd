"""Cleansing: declared steps that mend cells and set rows apart; every change is on record and reversible."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.quality.cleansing.binding import bind_steps
    from kaishu.quality.cleansing.changes import About, about_changes
    from kaishu.quality.cleansing.page import CHANGE_WORDS, write_cleansing_report
    from kaishu.quality.cleansing.parsing import parse_steps
    from kaishu.quality.cleansing.results import Cleansed, StepResult
    from kaishu.quality.cleansing.running import Cleansing
    from kaishu.quality.cleansing.steps import Step, StepList
    from kaishu.quality.cleansing.strategy import MATRIX, Proposal, propose, steps_text
    from kaishu.quality.cleansing.treatments import STRATEGIES, TREATMENTS, register_treatment
    from kaishu.quality.cleansing.undoing import undo

__getattr__ = front_door(
    __name__,
    {
        "binding": "bind_steps",
        "changes": "About about_changes",
        "page": "CHANGE_WORDS write_cleansing_report",
        "parsing": "parse_steps",
        "results": "Cleansed StepResult",
        "running": "Cleansing",
        "steps": "Step StepList",
        "strategy": "MATRIX Proposal propose steps_text",
        "treatments": "STRATEGIES TREATMENTS register_treatment",
        "undoing": "undo",
    },
)

__all__ = [
    "CHANGE_WORDS",
    "MATRIX",
    "STRATEGIES",
    "TREATMENTS",
    "About",
    "Cleansed",
    "Cleansing",
    "Proposal",
    "Step",
    "StepList",
    "StepResult",
    "about_changes",
    "bind_steps",
    "parse_steps",
    "propose",
    "register_treatment",
    "steps_text",
    "undo",
    "write_cleansing_report",
]
