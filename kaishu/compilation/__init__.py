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
from kaishu.compilation.rules import EXAMPLES

__all__ = [
    "EXAMPLES",
    "STATES",
    "DutyFile",
    "DutyRow",
    "Gap",
    "RowProblem",
    "accept",
    "accept_all",
    "decline",
    "duties_of",
    "duty_list",
    "duty_lists",
    "gaps",
    "import_duties",
    "is_same",
    "proposal_by_id",
    "proposals_of",
    "read_duties",
    "remove_list",
    "reopen",
]
