"""Printed figures recomputed from their tables: which agree, which cannot, and why."""

from kaishu.evaluation.auditing.auditing import VERDICT_BASES, Audit, Result, audit, check_statement
from kaishu.evaluation.auditing.opening import BUILT_IN, audit_figures
from kaishu.evaluation.auditing.report import VERDICT_WORDS, audit_document
from kaishu.evaluation.auditing.statements import COLUMNS, Statement, read_statements
from kaishu.evaluation.auditing.tables import Tables
from kaishu.evaluation.auditing.verdicts import VERDICTS, Verdict, judge

__all__ = [
    "BUILT_IN",
    "COLUMNS",
    "VERDICTS",
    "VERDICT_BASES",
    "VERDICT_WORDS",
    "Audit",
    "Result",
    "Statement",
    "Tables",
    "Verdict",
    "audit",
    "audit_document",
    "audit_figures",
    "check_statement",
    "judge",
    "read_statements",
]
