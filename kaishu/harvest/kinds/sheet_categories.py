"""The columns 类, 项, 目 and 细目 of a catalogue sheet, as one category of resource codes.

Cells hold names or digits.  What the list of categories has not is kept aside, under its heading.
"""

from __future__ import annotations

from collections.abc import Mapping

from kaishu.catalogue import categories

#: Field of the heading to how it is called, how many digits are above it, and how many it has; a detail has
#: any number.
LEVELS = {"class.item": ("项", 1, 2), "class.subject": ("目", 3, 3), "class.detail": ("细目", 6, 0)}


def category_of(cells: Mapping[str, str], resource_class: str) -> tuple[str, dict[str, str]]:
    """Digits from the class on, as deep as the cells are understood; and the cells that are not, by field."""
    found, left = _class_digit(resource_class), dict[str, str]()
    for field, (_, before, digits) in LEVELS.items():
        written = cells.get(field, "").strip()
        if not written:
            continue
        below = "" if left else _below(found, written, before, digits)
        if below:
            found = below
        else:
            left[field] = written
    return (found if len(found) > 1 else ""), left


def _below(above: str, written: str, before: int, digits: int) -> str:
    """The category of these words or digits one level below another, or nothing."""
    if written.isdecimal() and written.isascii():
        if len(above) == before and len(written) == (digits or len(written)):
            return above + written
        return written if len(written) == before + digits > before and written.startswith(above) else ""
    known = categories.categories().known
    named = [code for code, each in known.items() if code.startswith(above) and written in (each.zh, each.en)]
    return named[0] if len(named) == 1 else ""


def _class_digit(resource_class: str) -> str:
    return next((digit for digit, name in categories.classes().items() if name == resource_class), "")
