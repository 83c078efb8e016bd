"""Checks and measured metadata of any catalogue, ours or harvested."""

from kaishu.inspection import checks, mqa, shapes
from kaishu.inspection.checking import Checked, keep_checks, run_checks
from kaishu.inspection.linking import Answer, ask_all, due, keep_answers, words_for
from kaishu.inspection.measuring import Measured, compute_mqa, keep_mqa, measure_when_due, scored
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
    "ask_all",
    "catalogue",
    "catalogue_of",
    "catalogues",
    "checks",
    "compute_mqa",
    "due",
    "keep_answers",
    "keep_checks",
    "keep_mqa",
    "measure_when_due",
    "mqa",
    "run_checks",
    "scored",
    "shapes",
    "subjects",
    "words_for",
]
