"""When each division could stand in a citizen id: the history of GB/T 2260 as bits a year.

Since 1999-10-01 a number is given at birth.  Before, it was given at some time between birth (or 1984, when
identity cards began) and 1999, with the code that was then in force.  A number is in order if its code was
in force in one of these years.  Source: 国务院关于实行公民身份号码制度的决定（国发〔1999〕15号）.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from kaishu import standards

#: Year of the lowest bit: the first list at hand, standing for all before; the highest is 2043.
EPOCH, BITS = 1980, 64
AT_BIRTH_SINCE = 1999


@cache
def years_in_force() -> NDArray[np.uint64]:
    """By code, 0 to 1,000,000: a bit for each year it was in force; 0 if it is in no list at hand.

    A list is of the end of a year, so a code may still have been given in the year after its last.
    """
    table = np.zeros(1_000_001, np.uint64)
    columns = standards.code_set("gb-t-2260").columns
    for code, first, last in zip(columns["code"], columns["from"], columns["to"], strict=True):
        table[int(code)] |= np.uint64(_bits(int(first or EPOCH), int(last or 9999) + 1))
    return table


def years_given(count: int) -> NDArray[np.uint64]:
    """By year of birth, 0 to ``count``: a bit for each year the number may have been given in."""
    spans = [_bits(year, max(year, AT_BIRTH_SINCE)) for year in range(EPOCH, EPOCH + BITS)]
    given = np.full(count, spans[-1], np.uint64)
    given[: EPOCH + BITS] = spans[0]
    given[EPOCH : EPOCH + BITS] = spans
    return given


@cache
def known_prefixes() -> NDArray[np.bool_]:
    """By the first four digits: is any division of that province and city known?"""
    known = np.zeros(10_000, bool)
    known[[int(code[:4]) for code in standards.code_set("gb-t-2260").columns["code"]]] = True
    return known


def _bits(first: int, last: int) -> int:
    low, high = max(first - EPOCH, 0), min(last - EPOCH, BITS - 1)
    return ((1 << (high + 1)) - 1) & ~((1 << low) - 1)
