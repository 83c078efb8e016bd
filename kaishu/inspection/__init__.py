"""Checks and measured metadata of any catalogue, ours or harvested."""

from kaishu.inspection import checks, dqv, mqa, shapes
from kaishu.inspection.checking import Checked, keep_checks, run_checks
from kaishu.inspection.conforming import (
    Verdict,
    keep_verdicts,
    validate_datasets,
    validate_subjects,
    verdict_of,
)
from kaishu.inspection.documents import MOST as DOCUMENT_MOST
from kaishu.inspection.documents import Document, guess_syntax, validate_document
from kaishu.inspection.elements import Usage, Used, count_elements, keep_elements, usage
from kaishu.inspection.linking import Answer, ask_all, due, keep_answers, knock, settle_own, words_for
from kaishu.inspection.linkstates import states as link_states
from kaishu.inspection.measuring import Measured, compute_mqa, keep_mqa, scored
from kaishu.inspection.queries import (
    FindingRow,
    Low,
    Sums,
    counts,
    findings,
    findings_of,
    lowest,
    outcome_of,
    scores,
    sums,
    sums_of,
    trend,
)
from kaishu.inspection.runs import conclude, last_run, measuring_due, recent_runs, shapes_waiting
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
    "DOCUMENT_MOST",
    "OWN",
    "Answer",
    "Catalogue",
    "Checked",
    "Document",
    "FindingRow",
    "Low",
    "Measured",
    "Subject",
    "Sums",
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
    "counts",
    "dqv",
    "due",
    "findings",
    "findings_of",
    "guess_syntax",
    "keep_answers",
    "keep_checks",
    "keep_elements",
    "keep_mqa",
    "keep_verdicts",
    "knock",
    "last_run",
    "link_states",
    "lowest",
    "measuring_due",
    "mqa",
    "outcome_of",
    "recent_runs",
    "run_checks",
    "scored",
    "scores",
    "settle_own",
    "shapes",
    "shapes_waiting",
    "subjects",
    "sums",
    "sums_of",
    "trend",
    "usage",
    "validate_datasets",
    "validate_document",
    "validate_subjects",
    "verdict_of",
    "words_for",
]
