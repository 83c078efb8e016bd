"""编目: duty lists to proposed entries, and many entries edited in one spreadsheet."""

from kaishu.compilation.duties import (
    STATES,
    accept,
    accept_all,
    decline,
    import_duties,
    proposal_by_id,
    remove_list,
    reopen,
)
from kaishu.compilation.duty_files import DutyFile, DutyRow, RowProblem, read_duties
from kaishu.compilation.gaps import Gap, duties_of, duty_list, duty_lists, gaps, proposals_of
from kaishu.compilation.matching import is_same
from kaishu.compilation.rules import EXAMPLES, kind_in_english
from kaishu.compilation.sheet_applying import Applied, apply_sheet
from kaishu.compilation.sheet_planning import CellProblem, RowPlan, SheetPlan, plan_sheet
from kaishu.compilation.sheet_reading import SheetFile, read_sheet
from kaishu.compilation.sheet_writing import take_out

__all__ = [
    "EXAMPLES",
    "STATES",
    "Applied",
    "CellProblem",
    "DutyFile",
    "DutyRow",
    "Gap",
    "RowPlan",
    "RowProblem",
    "SheetFile",
    "SheetPlan",
    "accept",
    "accept_all",
    "apply_sheet",
    "decline",
    "duties_of",
    "duty_list",
    "duty_lists",
    "gaps",
    "import_duties",
    "is_same",
    "kind_in_english",
    "plan_sheet",
    "proposal_by_id",
    "proposals_of",
    "read_duties",
    "read_sheet",
    "remove_list",
    "reopen",
    "take_out",
]
