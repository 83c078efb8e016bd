"""Checks and measured metadata of any catalogue, ours or harvested."""

from kaishu.inspection import checks, mqa, shapes
from kaishu.inspection.checking import Checked, keep_checks, run_checks
from kaishu.inspection.conforming import (
    Verdict,
    keep_verdicts,
    validate_datasets,
    validate_subjects,
    verdict_of,
)
from kaishu.inspection.elements import Usage, Used, count_elements, keep_elements, usage
from kaishu.inspection.linking import Answer, ask_all, due, keep_answers, knock, settle_own, words_for
from kaishu.inspection.measuring import Measured, compute_mqa, keep_mqa, scored
from kaishu.inspection.runs import conclude, last_run, measuring_due, recent_runs
from kaishu.inspection.scopes import (
    ALL,
    OWN,
    Catalogue,
    Subject,
    catalogue,
    catalogue_of,
    catalogues,
    subjects,
)

__all__ = [
    "ALL",
    "OWN",
    "Answer",
    "Catalogue",
    "Checked",
    "Measured",
    "Subject",
    "Usage",
    "Used",
    "Verdict",
    "ask_all",
    "catalogue",
    "catalogue_of",
    "catalogues",
    "checks",
    "compute_mqa",
    "conclude",
    "count_elements",
    "due",
    "keep_answers",
    "keep_checks",
    "keep_elements",
    "keep_mqa",
    "keep_verdicts",
    "knock",
    "last_run",
    "measuring_due",
    "mqa",
    "recent_runs",
    "run_checks",
    "scored",
    "settle_own",
    "shapes",
    "subjects",
    "usage",
    "validate_datasets",
    "validate_subjects",
    "verdict_of",
    "words_for",
]
