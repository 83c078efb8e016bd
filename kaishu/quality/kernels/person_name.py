"""姓名: is it plausible?  Two to fifteen Chinese characters, perhaps with a dot between its parts, or Latin.

A single character is not; whether a surname exists is not judged, since no list is whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import FINE, FULL_WIDTH, Reason, explain
from kaishu.quality.kernels.text import matching, read_text

REASONS = (
    FINE,
    Reason("empty", "空白", "Blank"),
    FULL_WIDTH,
    Reason("blank", "有空格", "Holds blanks"),
    Reason("digit", "有数字", "Holds digits"),
    Reason("short", "只有一个字", "Only one character"),
    Reason("long", "超过15个字", "More than 15 characters"),
    Reason("placeholder", "是占位词", "Is a placeholder"),
    Reason("characters", "有不该出现的字符", "Holds characters that do not belong"),
)
_CHINESE = r"\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}\x{20000}-\x{323AF}〇"
_LATIN = r"A-Za-z\x{C0}-\x{24F}"
PATTERN = (
    rf"[{_CHINESE}]{{2,15}}|[{_CHINESE}]{{1,15}}(?:[·•‧．][{_CHINESE}]{{1,15}}){{1,5}}"
    rf"|[{_LATIN}][{_LATIN}.'’-]*(?:[ ,]+[{_LATIN}][{_LATIN}.'’-]*){{1,7}}"
)
PLACEHOLDERS = ("测试", "不详", "未知", "无名", "姓名", "某某", "匿名", "待补充", "无名氏", "未填写")


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells may be names of people; null is right."""
    right = matching(values, PATTERN)
    right &= ~_placeholders(values)
    return right


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _placeholders(values: Any) -> NDArray[np.bool_]:
    found = matching(values, "|".join(PLACEHOLDERS))
    found &= ~read_text(values).nulls()
    return found


def _why(cell: str) -> str:
    if not cell.strip():
        return "empty"
    if any(("\uff01" <= letter <= "\uff5e" and letter != "．") or letter == "\u3000" for letter in cell):
        return "full-width"
    if cell in PLACEHOLDERS:
        return "placeholder"
    if any(letter.isdigit() for letter in cell):
        return "digit"
    if any(letter.isspace() for letter in cell):
        return "blank"
    if len(cell) == 1:
        return "short"
    return "long" if len(cell) > 15 and cell.isalpha() else "characters"
