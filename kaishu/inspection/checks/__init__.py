"""快速校核: one registry of checks, each a small file; they run over any catalogue, ours or harvested."""

from kaishu.inspection.checks import (
    basis,
    blanks,
    classification,
    code_items,
    codes,
    contact,
    dates,
    departments,
    description,
    fields,
    frequency,
    licence,
    links,
    one_source,
    resource_codes,
    sizes,
    stale,
    titles,
)
from kaishu.inspection.checks.check import CARE, NOTE, WRONG, Check, Dead, Found, Surroundings, slim

#: In the order in which they are shown.
CHECKS: dict[str, Check] = {
    each.CHECK.name: each.CHECK
    for each in (
        fields,
        departments,
        blanks,
        codes,
        dates,
        frequency,
        sizes,
        titles,
        one_source,
        links,
        basis,
        resource_codes,
        code_items,
        stale,
        contact,
        licence,
        description,
        classification,
    )
}

__all__ = ["CARE", "CHECKS", "NOTE", "WRONG", "Check", "Dead", "Found", "Surroundings", "slim"]
