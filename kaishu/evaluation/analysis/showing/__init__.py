"""Answers as blocks of a report, in Chinese or English."""

from kaishu.evaluation.analysis.showing.document import blocks_of, report_on

__all__ = ["blocks_of", "report_on"]
