"""Citizen ids: the same verdict as python-stdnum, whatever the buffers look like."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from kaishu import standards
from kaishu.quality.kernels import KERNELS, read_citizen_ids
from kaishu.quality.kernels.citizen_id import CHECKS, NO_BIRTH, NO_NUMBER, REASONS, WEIGHTS

KERNEL = KERNELS["citizen-id"]
CODES = standards.code_set("gb-t-2260").codes().tolist()


def checked(first: str) -> str:
    return first + CHECKS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


sound = st.builds(
    lambda code, days, order: checked(f"{code}{date(1900, 1, 1) + timedelta(days):%Y%m%d}{order:03d}"),
    st.sampled_from(CODES),
    st.integers(0, 60_000),
    st.integers(0, 999),
)
wrong = st.builds(
    lambda text, place, letter: text[:place] + letter + text[place + 1 :],
    sound,
    st.integers(0, 17),
    st.sampled_from("0123456789X/:xA １"),
)
anything = st.one_of(sound, wrong, st.text(max_size=20), st.none(), st.text("0123456789X", max_size=19))


def reading_of_stdnum(text: str) -> tuple[bool, bool, bool]:
    """Form, check digit and date as stdnum sees them; it forgives blanks and small letters, we do not."""
    if text != ric.compact(text) or not text.isascii():
        return False, False, False
    try:
        ric.validate(text)
    except (InvalidLength, InvalidFormat):
        return False, False, False
    except InvalidChecksum:
        if text[-1] not in CHECKS:
            return False, False, False
    except Exception:
        pass  # the place or the date, asked for below
    try:
        born = ric.get_birth_date(text).year >= 1850
    except Exception:
        born = False
    return True, text[-1] == ric.calc_check_digit(text), born


@given(st.lists(anything, max_size=30), st.booleans(), st.integers(0, 3))
def test_form_check_and_date_are_what_stdnum_says(cells: list[str | None], large: bool, cut: int) -> None:
    kind = pa.large_string() if large else pa.string()
    found = read_citizen_ids(pa.array(cells, kind)[cut:])
    for place, cell in enumerate(cells[cut:]):
        said = (True, True, True) if cell is None else reading_of_stdnum(cell)
        assert (found.form[place], found.check[place], found.date[place]) == said
        if cell is None or not said[0]:
            assert (found.number[place], found.birth[place], found.sex[place]) == (NO_NUMBER, NO_BIRTH, 0)
        else:
            assert found.number[place] == int(cell[:17]) * 11 + CHECKS_VALUE[cell[17]]
            assert found.sex[place] == 2 - int(cell[16]) % 2
        if cell and said[2]:
            assert found.birth[place] == (ric.get_birth_date(cell) - date(1970, 1, 1)).days


CHECKS_VALUE = {letter: "0123456789X".index(letter) for letter in CHECKS}


@given(st.lists(anything, min_size=1, max_size=10))
def test_a_reason_is_given_where_and_only_where_a_cell_fails(cells: list[str | None]) -> None:
    values = pa.array(cells, pa.string())
    assert ((KERNEL.reasons(values) == 0) == KERNEL.ok(values)).all()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("11010519491231002X", "ok"),  # the example that GB 11643 itself prints
        ("110105491231002", "fifteen"),
        ("11010519491231002x", "small-x"),
        ("1１010519491231002X", "full-width"),
        ("110105 19491231002X", "blank"),
        ("11010519491231002", "length"),
        ("110105194O1231002X", "characters"),
        (checked("11010519490230002"), "date"),
        (checked("11010510491231002"), "date"),
        (checked("99010519491231002"), "division"),
        (checked("11019919491231002"), "county"),
        (checked("11011920010101002"), "division-then"),  # 延庆 became a district in 2015
        (checked("11010320120101002"), "division-then"),  # 崇文区 ended in 2010
        ("110105194912310021", "check"),
    ],
)
def test_each_fault_has_its_own_reason(cell: str, reason: str) -> None:
    assert [REASONS[why].key for why in KERNEL.reasons(pa.array([None, cell]))] == ["ok", reason]


def test_a_code_is_right_only_in_its_years() -> None:
    cells = [checked(f"{code}{year}0101002") for code, year in (
        ("110103", 1950), ("110103", 2010), ("110119", 2015), ("110119", 2020),
        ("810000", 1990), ("441900", 1970),
    )]  # fmt: skip
    assert read_citizen_ids(pa.array(cells)).division.all()


def test_what_stdnum_knows_of_divisions_we_know_too() -> None:
    """Its list is another's, of years of decrees where ours is of years' ends: one in fifty differs."""
    cells = [checked(f"{code}{year}0615002") for code in CODES[::2] for year in (2000, 2012)]
    found = read_citizen_ids(pa.array(cells)).division
    theirs = np.array([_stdnum_knows(cell) for cell in cells])
    assert (theirs & ~found).sum() < 0.01 * theirs.sum()
    assert (found & ~theirs).sum() < 0.02 * found.sum()


def _stdnum_knows(cell: str) -> bool:
    try:
        return bool(ric.get_birth_place(cell))
    except Exception:
        return False
