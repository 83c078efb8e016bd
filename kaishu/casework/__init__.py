"""One engine for whatever needs a decision: a case of a kind, its steps, who may take them, its clock."""

from kaishu.casework.kinds import Kind, kind
from kaishu.casework.opening import open_case
from kaishu.casework.queries import case_by_id, open_cases, steps_of
from kaishu.casework.stepping import take_step

__all__ = ["Kind", "case_by_id", "kind", "open_case", "open_cases", "steps_of", "take_step"]
