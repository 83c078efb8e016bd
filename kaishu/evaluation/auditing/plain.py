"""Formulas that nobody wrote: arithmetic that stands in the words of a statement or where it comes from."""

from __future__ import annotations

import re

from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas import Formula, parse_formula
from kaishu.evaluation.auditing.formulas.tree import Literal, Operation, nodes

_PART_OF = re.compile(
    r"(\d+)\s*个?(?:平台|地区|数据集)?\s*占(?:其|总数|全部|数据集|样本)*\s*(\d+)"
    r"|(\d+) (?:out )?of (?:the )?(\d+)"
)
_ARITHMETIC = re.compile(
    r"(?<![A-Za-z0-9.])\d+(?:\.\d+)?(?:\s*[-+*/]\s*\(*\d+(?:\.\d+)?\)*)+(?![A-Za-z0-9]|\.\d)"
)
#: Units in which a quotient may be printed; elsewhere ``64/86`` only says of how many.
_QUOTIENTS = ("%", "", "倍", "times")
_WIDE = str.maketrans("（）＋－×÷／", "()+-*//")
_YEARS = range(1900, 2101)


def arithmetic_in(text: str, unit: str) -> Formula | None:
    """The one calculation with two numbers or more that a text holds; None without, or with several.

    Differences of whole numbers are left alone, they are spans of years or numbers of standards; a quotient
    is a percentage where the unit says so.

    >>> arithmetic_in("34 of 86", "%").text
    'share(34, 86)'
    >>> arithmetic_in("1-1183/17811", "%").text
    '100 * (1-1183/17811)'
    >>> arithmetic_in("2017-2020", "%") is None
    True
    """
    plain = text.translate(_WIDE)
    parts = {tuple(part for part in found if part) for found in _PART_OF.findall(plain)}
    if len(parts) == 1 and unit == "%":
        part, whole = parts.pop()
        return parse_formula(f"share({part}, {whole})") if int(whole) else None
    written = {found.group() for found in _ARITHMETIC.finditer(plain) if re.search(r"[+*/]", found.group())}
    formulas = [formula for each in sorted(written) if (formula := _read(each, unit)) is not None]
    return formulas[0] if len(formulas) == 1 else None


def _read(text: str, unit: str) -> Formula | None:
    closed = text.rstrip(")")
    closed += ")" * (closed.count("(") - closed.count(")"))
    try:
        formula = parse_formula(closed)
    except BadFormula:
        return None
    numbers = [each.value for each in nodes(formula.root) if isinstance(each, Literal)]
    if all(number in _YEARS for number in numbers):
        return None
    quotient = any(isinstance(each, Operation) and each.name == "/" for each in nodes(formula.root))
    if unit == "%" and isinstance(formula.root, Operation) and formula.root.name == "/":
        part, _, whole = closed.partition("/")
        if part.strip().isdigit() and whole.strip().isdigit():
            return parse_formula(f"share({part.strip()}, {whole.strip()})")
    if unit == "%":
        return parse_formula(f"100 * ({closed})") if quotient else None
    return formula if unit in _QUOTIENTS or not quotient else None
