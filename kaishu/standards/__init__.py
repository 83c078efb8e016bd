"""Vocabularies and code tables as shipped files: typed, in two languages, with edition and source."""

from kaishu.standards.code_sets import SETS, CodeSet, code_set
from kaishu.standards.loading import NAMES, vocabulary
from kaishu.standards.terms import Term, Vocabulary
from kaishu.standards.timeliness import overdue
from kaishu.standards.working_days import add_working_days, works_on

__all__ = [
    "NAMES",
    "SETS",
    "CodeSet",
    "Term",
    "Vocabulary",
    "add_working_days",
    "code_set",
    "overdue",
    "vocabulary",
    "works_on",
]
