"""固定电话: area code and seven or eight digits, or a service number; with or without hyphen and extension.

Area codes: 工业和信息化部《电信网编号计划（2017年版）》: 010 and 02x with eight digits; 0 and three
more digits, the first of them 3 to 9, with seven or eight.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import BLANK, CHARACTERS, FINE, FULL_WIDTH, Reason, explain, misspelt
from kaishu.quality.kernels.text import matching

REASONS = (
    FINE,
    FULL_WIDTH,
    BLANK,
    CHARACTERS,
    Reason("area", "没有区号", "There is no area code"),
    Reason("mobile", "是手机号", "It is a mobile number"),
    Reason("form", "区号与号码位数不符", "Area code and number do not fit together"),
)
_LOCAL = "[2-9][0-9]"
PATTERN = (
    rf"(?:\(0(?:10|2[0-57-9])\)|0(?:10|2[0-57-9])-?){_LOCAL}{{7}}(?:-[0-9]{{1,6}})?"
    rf"|(?:\(0[3-9][0-9]{{2}}\)|0[3-9][0-9]{{2}}-?){_LOCAL}{{6,7}}(?:-[0-9]{{1,6}})?"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|1[12][0-9]{1,3}|9[56][0-9]{3,6}"
)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are numbers of fixed telephones; null is right."""
    return matching(values, PATTERN)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _why(cell: str) -> str:
    if wrong := misspelt(cell, fine="-"):
        return wrong
    digits = cell.translate({ord(letter): None for letter in "-()+"})
    if not (digits.isascii() and digits.isdigit()):
        return "characters"
    if digits[0] == "1" and len(digits) == 11:
        return "mobile"
    return "area" if digits[0] != "0" and len(digits) <= 8 else "form"
