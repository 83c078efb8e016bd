"""Does a value fit an element?  One predicate for each kind of check, and how much a fit is worth."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from kaishu.base.credit_code import is_credit_code
from kaishu.elements.definition import Element

Fits = Callable[[str], bool]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?([ T]\d{1,2}[:时].*)?", re.ASCII)
PATTERNS = {
    "mobile": re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}", re.ASCII),
    "phone": re.compile(
        r"(?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]?)?[1-9]\d{6,7}(?:[-转]\d{1,6})?|400[-\d]{7,9}"
    ),
    "postal-code": re.compile(r"(?!000000)\d{6}", re.ASCII),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "plate": re.compile(r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{4,5}[A-Z0-9学警港澳挂领]"),
    "person-name": re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿·]{4,20}|[A-Za-z][A-Za-z .'-]{2,48}"),
    "division": re.compile(r"[1-8]\d{5}", re.ASCII),
}
#: What a full fit says by itself, 0 to 1: a check digit much, six digits little.
STRENGTHS = {
    "citizen-id": 0.97,
    "credit-code": 0.97,
    "organisation-code": 0.8,
    "bank-card": 0.75,
    "plate": 0.85,
    "email": 0.85,
    "mobile": 0.75,
    "division": 0.55,
    "phone": 0.3,
    "postal-code": 0.15,
    "person-name": 0.1,
}


def fits_of(element: Element, codes: Mapping[str, str]) -> tuple[Fits | None, float]:
    """The predicate for values of an element, and the strength of a fit; None where any text would fit.

    ``codes`` are code to name of the element's code set; a value may be written as either.
    """
    if element.check == "division" and codes:
        return (lambda value: value in codes), STRENGTHS["division"]
    if element.check in CHECKS:
        return CHECKS[element.check], STRENGTHS[element.check]
    if codes:
        known = {*codes, *codes.values(), *(name.rstrip("性族") for name in codes.values())}
        return known.__contains__, 0.1 if len(codes) < 20 else 0.3
    if element.letter in "DT":
        return _time_of(element), 0.15
    if element.form.letters == "n":
        return _number_of(element), 0.05
    if element.form.letters in ("a", "b") or (element.form.is_fixed and element.form.most):
        return element.form.fits, 0.05
    if element.form.most:
        most = element.form.most
        return (lambda value: len(value) <= most), 0.0
    return None, 0.0


def is_citizen_id(value: str) -> bool:
    """GB 11643: 17 digits with a date that exists, and the right check character."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", value, re.ASCII):
        return False
    if not is_day(value[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == value[17].upper()


def is_organisation_code(value: str) -> bool:
    """GB 11714: eight characters and a check character, with or without a hyphen."""
    found = re.fullmatch(r"([0-9A-Z]{8})-?([0-9X])", value, re.ASCII)
    if not found:
        return False
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(letters.index(each) * w for each, w in zip(found[1], ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11] == found[2]


def is_bank_card(value: str) -> bool:
    """13 to 19 digits whose last is right by Luhn's method."""
    if not re.fullmatch(r"[2-6]\d{12,18}", value, re.ASCII):
        return False
    digits = [int(each) for each in reversed(value)]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_day(value: str) -> bool:
    """A day that exists, however it is written, with or without a time."""
    found = DAY.fullmatch(value)
    if not found:
        return False
    try:
        return 1000 <= date(int(found[1]), int(found[2]), int(found[3])).year <= 2999
    except ValueError:
        return False


def _time_of(element: Element) -> Fits:
    form = element.form
    if form.most in (4, 6, 7) and form.letters == "d":
        low, high = element.minimum, element.maximum

        def fits(value: str) -> bool:
            return form.fits(value) and (not low or value >= low) and (not high or value <= high)

        return fits
    return is_day


def _number_of(element: Element) -> Fits:
    low = _bound(element.minimum)
    high = _bound(element.maximum)
    form = element.form

    def fits(value: str) -> bool:
        try:
            number = float(value.replace(",", "").rstrip("%"))
        except ValueError:
            return False
        if not (low is None or number >= low) or not (high is None or number <= high):
            return False
        return bool(form.decimals) or (value.isdigit() and form.least <= len(value) <= form.most)

    return fits


def _bound(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


CHECKS: dict[str, Fits] = {
    "citizen-id": is_citizen_id,
    "credit-code": lambda value: is_credit_code(value) and value[2:8].isdigit(),
    "organisation-code": is_organisation_code,
    "bank-card": is_bank_card,
    "phone": lambda value: bool(PATTERNS["phone"].fullmatch(value) or PATTERNS["mobile"].fullmatch(value)),
    **{
        name: (lambda value, pattern=pattern: bool(pattern.fullmatch(value)))  # type: ignore[misc]
        for name, pattern in PATTERNS.items()
        if name != "phone"
    },
}
