"""What elements see in a few values by small predicates, and what kernels judge of whole columns, agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.base.credit_code import check_letter
from kaishu.elements.fitting import CHECKS
from kaishu.quality.kernels import KERNELS, citizen_id, organisation_code, read_citizen_ids
from kaishu.quality.kernels.plate import PROVINCES

SIGNS = "0123456789ABCDXYZx-１"
DIGITS = "0123456789"
DIVISION = st.sampled_from(["110105", "440524", "441900", "659001"])
CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9)


def judged(kind: str, cells: list[str]) -> list[bool]:
    return [bool(each) for each in KERNELS[kind].ok(pa.array(cells, pa.string()))]


def fitting(kind: str, cells: list[str]) -> list[bool]:
    return [CHECKS[kind](cell) for cell in cells]


@st.composite
def spoilt(draw: Any, good: st.SearchStrategy[str], keep: int = 0) -> str:
    """A good code, or one with another sign from ``keep`` on, a sign too many or one too few."""
    code = draw(good)
    place = draw(st.integers(keep, len(code) - 1))
    sign = draw(st.sampled_from(SIGNS))
    how = draw(st.sampled_from(["good", "other", "more", "less"]))
    kept = {"good": code[place], "other": sign, "more": code[place] + sign, "less": ""}[how]
    return str(code[:place] + kept + code[place + 1 :])


def many(good: st.SearchStrategy[str], keep: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(spoilt(good, keep), min_size=1, max_size=40)


@st.composite
def citizens(draw: Any) -> str:
    day = draw(st.dates(date(citizen_id.FIRST_YEAR, 1, 1), date(2999, 12, 31)))
    first = f"{draw(DIVISION)}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, citizen_id.WEIGHTS, strict=True))
    return first + citizen_id.CHECKS[total % 11]


@st.composite
def organisations(draw: Any) -> str:
    first = draw(st.text(organisation_code.LETTERS, min_size=8, max_size=8))
    total = sum(
        organisation_code.LETTERS.index(letter) * weight
        for letter, weight in zip(first, organisation_code.WEIGHTS, strict=True)
    )
    hyphen = draw(st.sampled_from(["", "-"]))
    return f"{first}{hyphen}{organisation_code.CHECKS[-total % 11]}"


@st.composite
def credits(draw: Any) -> str:
    first = f"{draw(st.sampled_from(['91', '12', '53']))}{draw(DIVISION)}{draw(CODES)}"
    return first + check_letter(first)


@st.composite
def cards(draw: Any) -> str:
    size = draw(st.integers(12, 18))
    first = draw(st.sampled_from("23456")) + draw(st.text(DIGITS, min_size=size - 1, max_size=size - 1))
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in first[::-2])
    total = doubled + sum(int(digit) for digit in first[-2::-2])
    return f"{first}{-total % 10}"


@given(many(citizens(), keep=6))
@settings(max_examples=60, deadline=None)
def test_citizen_ids_fit_as_their_form_date_and_check_character_are_judged(cells: list[str]) -> None:
    """The small x, which many registers have, fits the element; the rule that it brings tells of it.

    So do years before anybody who is registered was born, which are left out here.
    """
    read = read_citizen_ids(pa.array([cell.replace("x", "X") for cell in cells], pa.string()))
    expected = [bool(each) for each in read.form & read.date & read.check]
    for cell, fits, right in zip(cells, fitting("citizen-id", cells), expected, strict=True):
        year = cell[6:10]
        if not (year.isdigit() and not citizen_id.FIRST_YEAR <= int(year) <= 2999):
            assert fits == right, cell


@given(many(credits()), many(organisations()), many(cards(), keep=1))
@settings(max_examples=60, deadline=None)
def test_codes_with_a_check_character_fit_exactly_when_they_are_judged_right(
    companies: list[str], bodies: list[str], numbers: list[str]
) -> None:
    assert fitting("credit-code", companies) == judged("credit-code", companies)
    assert fitting("organisation-code", bodies) == judged("organisation-code", bodies)
    assert fitting("bank-card", numbers) == judged("bank-card", numbers)


@given(
    many(st.from_regex(r"\A1[3-9][0-9]{9}\Z")),
    many(st.text(DIGITS, min_size=6, max_size=6)),
    many(DIVISION),
    many(st.from_regex(rf"\A[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{5}}\Z"), keep=2),
)
@settings(max_examples=60, deadline=None)
def test_what_a_kernel_finds_right_fits_its_element(
    mobiles: list[str], posts: list[str], divisions: list[str], plates: list[str]
) -> None:
    """Elements are told by their look; segments and divisions in force are the business of rules."""
    for kind, cells in (
        ("mobile", mobiles),
        ("postal-code", posts),
        ("division", divisions),
        ("plate", plates),
    ):
        for cell, right, fits in zip(cells, judged(kind, cells), fitting(kind, cells), strict=True):
            assert fits or not right, (kind, cell)


def test_the_generated_codes_are_good_and_spoilt_ones_are_told() -> None:
    """The laws above would hold of codes that are all wrong."""
    good = {
        "credit-code": "91350100M000100Y43",
        "organisation-code": "D2143569X",
        "bank-card": "4111111111111111",
        "citizen-id": "11010519491231002X",
    }
    for kind, code in good.items():
        assert fitting(kind, [code]) == judged(kind, [code]) == [True]
        wrong = (
            code[:10] + ("1" if code[10] == "0" else "0") + code[11:] if len(code) > 10 else code[:-1] + "0"
        )
        assert fitting(kind, [wrong]) == judged(kind, [wrong]) == [False], wrong
