"""Licences: by the address that their stewards give them, else by what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaishu.crosswalk.dcat import vocabularies
from kaishu.crosswalk.dcat.pen import Pen
from kaishu.crosswalk.dcat.terms import address, literal


def licence(pen: Pen, said: Mapping[str, Any]) -> str:
    """``<address>`` of the licence of a dataset or a distribution; empty if none is said."""
    code, text = said.get("licence"), said.get("licence_text")
    places = vocabularies.written("licence")
    if text:
        pen.own("licence_text", text)
    if code in places:
        pen.used.add(("licence", str(code)))
        return places[str(code)]
    if code:
        pen.own("licence", str(code))
    if not text:
        return ""
    known = vocabularies.code_of("licence", text)
    return (not known and address(text)) or pen.other(
        "licence", ["a dct:LicenseDocument", f"rdfs:label {literal(text)}{pen.tongue}"]
    )
