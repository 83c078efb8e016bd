"""One engine for whatever needs a decision: a case of a kind, its steps, who may take them, its clock."""

from kaishu.casework.kinds import Kind, VoiceRule, kind
from kaishu.casework.opening import open_case
from kaishu.casework.queries import asked_of, case_by_id, open_cases, steps_of, voices_of
from kaishu.casework.stepping import take_step
from kaishu.casework.voices import Standing, answer, ask_offices, standing

__all__ = [
    "Kind",
    "Standing",
    "VoiceRule",
    "answer",
    "ask_offices",
    "asked_of",
    "case_by_id",
    "kind",
    "open_case",
    "open_cases",
    "standing",
    "steps_of",
    "take_step",
    "voices_of",
]
