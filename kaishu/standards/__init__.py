"""Vocabularies and code tables as shipped files: typed, in two languages, with edition and source."""

from kaishu.standards.loading import NAMES, vocabulary
from kaishu.standards.terms import Term, Vocabulary
from kaishu.standards.timeliness import overdue

__all__ = ["NAMES", "Term", "Vocabulary", "overdue", "vocabulary"]
