"""A small language for conditions between the columns of a row: parsed once, run over Arrow columns."""

from kaishu.quality.expressions.applying import numbers_of
from kaishu.quality.expressions.functions import FUNCTIONS
from kaishu.quality.expressions.grammar import parse_expression
from kaishu.quality.expressions.tree import Expression, columns_of
from kaishu.quality.expressions.typing import type_of
from kaishu.quality.expressions.values import Sight, truth

__all__ = [
    "FUNCTIONS",
    "Expression",
    "Sight",
    "columns_of",
    "numbers_of",
    "parse_expression",
    "truth",
    "type_of",
]
