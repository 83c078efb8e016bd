"""A small language for recounting a printed figure: parsed once, run over CSV tables in exact fractions."""

from kaishu.evaluation.auditing.formulas.grammar import parse_formula
from kaishu.evaluation.auditing.formulas.names import FUNCTIONS
from kaishu.evaluation.auditing.formulas.running import Computed, compute
from kaishu.evaluation.auditing.formulas.tree import Formula
from kaishu.evaluation.auditing.formulas.values import (
    Choices,
    Rows,
    Span,
    Value,
    Values,
    cut_off,
    decimals_of,
    half_up,
    key_of,
    read_number,
    whole_parts,
    written,
)

__all__ = [
    "FUNCTIONS",
    "Choices",
    "Computed",
    "Formula",
    "Rows",
    "Span",
    "Value",
    "Values",
    "compute",
    "cut_off",
    "decimals_of",
    "half_up",
    "key_of",
    "parse_formula",
    "read_number",
    "whole_parts",
    "written",
]
