"""Numbers as they stand in sentences; results as plain values for machines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from kaishu.base.errors import Said

#: Below this a probability is only said to be below it.
SMALLEST_P = 0.001
#: The usual level; a finding says so when it is reached.
LEVEL = 0.05
#: Below this many values a sentence of caution stands beside the result.
FEW = 30


def shown(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, without exponent where that is readable.

    >>> shown(1234.5678), shown(0.012345), shown(None), shown(-2.0), shown(12.0, 4)
    ('1,235', '0.0123', '—', '-2', '12')
    """
    if value is None or not math.isfinite(value):
        return "—"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -6 or size > 14:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def probability(p: float) -> str:
    """A p-value with its sign.

    >>> probability(0.0000002), probability(0.04999), probability(0.5)
    ('p < 0.001', 'p = 0.04999', 'p = 0.500')
    """
    if p < SMALLEST_P:
        return f"p < {SMALLEST_P}"
    text = f"{p:.3f}"
    # Rounding must not carry a value over the level that the sentence speaks about.
    return f"p = {p:.5f}" if (float(text) < LEVEL) != (p < LEVEL) else f"p = {text}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share of 1 in per cent.

    >>> percent(0.12345), percent(None)
    ('12.3%', '—')
    """
    return "—" if share is None or not math.isfinite(share) else f"{100 * share:.{digits}f}%"


def few(count: int, least: int = FEW) -> list[Said]:
    """A caution when there are few units."""
    if count >= least:
        return []
    return [
        Said(
            f"只有{count}个单位，结论不稳定，宜作参考。",
            f"There are only {count} units; take the result as an indication.",
        )
    ]


def left_out(count: int) -> list[Said]:
    """A caution when rows with missing values were not used."""
    if not count:
        return []
    return [
        Said(
            f"有{count}行因缺值未参加计算。",
            f"Rows left out because a value is missing: {count}.",
        )
    ]


def listed(names: Iterable[str], most: int = 5) -> tuple[str, str]:
    """Names joined for a Chinese and for an English sentence, the first few of them.

    >>> listed(["a", "b"]), listed("abcdefg", 2)
    (('a、b', 'a, b'), ('a、b等7个', 'a, b and 5 more'))
    """
    every = list(names)
    head = every[:most]
    more = len(every) - len(head)
    zh = "、".join(head) + (f"等{len(every)}个" if more else "")
    return zh, ", ".join(head) + (f" and {more} more" if more else "")


def as_dict(result: Any) -> Any:
    """A result for JSON: fields by name, sentences as ``{"zh", "en"}``, what is not finite as null."""
    if isinstance(result, Said):
        return {"zh": str(result), "en": result.en}
    if is_dataclass(result) and not isinstance(result, type):
        return {each.name: as_dict(getattr(result, each.name)) for each in fields(result)}
    if isinstance(result, dict):
        return {str(key): as_dict(value) for key, value in result.items()}
    if isinstance(result, np.ndarray):
        return as_dict(result.tolist())
    if isinstance(result, list | tuple):
        return [as_dict(each) for each in result]
    if isinstance(result, np.generic):
        return as_dict(result.item())
    if isinstance(result, float) and not math.isfinite(result):
        return None
    return result
