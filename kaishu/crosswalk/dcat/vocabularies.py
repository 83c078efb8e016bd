"""Codes as the addresses that the EU's authority tables give them, and back.

A code for which no body has an address gets one under our namespace.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from kaishu import standards
from kaishu.crosswalk.dcat.names import IANA, OWN
from kaishu.crosswalk.dcat.terms import literal

#: What the terms of a vocabulary are.
CLASSES = {
    "update-frequency": "dct:Frequency",
    "theme": "",
    "language": "dct:LinguisticSystem",
    "licence": "dct:LicenseDocument",
    "open-class": "dct:RightsStatement",
    "file-format": "dct:MediaTypeOrExtent",
}


@cache
def addresses(vocabulary: str) -> dict[str, str]:
    """Code to address.  Formats without an address of the EU have none here."""
    terms = standards.vocabulary(vocabulary).terms
    if vocabulary == "file-format":
        return {term.code: term.uri for term in terms if term.uri}
    return {term.code: term.uri or f"{OWN}{vocabulary}-{term.code}" for term in terms}


@cache
def written(vocabulary: str) -> dict[str, str]:
    """Code to ``<address>``."""
    return {code: f"<{address}>" for code, address in addresses(vocabulary).items()}


@cache
def named() -> frozenset[str]:
    """Addresses that ``described`` may give a name to."""
    return frozenset(address for vocabulary in CLASSES for address in addresses(vocabulary).values())


def code_of(vocabulary: str, address: str) -> str | None:
    """The code meant by an address or a word; None if none of ours."""
    own = f"{OWN}{vocabulary}-"
    if address.startswith(own):
        code = address[len(own) :]
        return code if code in standards.vocabulary(vocabulary).codes else None
    term = standards.vocabulary(vocabulary).find(address)
    if term is None and vocabulary == "theme":
        return _european().get(address)
    return term.code if term else None


@cache
def _european() -> dict[str, str]:
    found: dict[str, str] = {}
    for term in standards.vocabulary("theme").terms:
        for place in term.extra.get("eu_themes", ()):
            found.setdefault(place, term.code)
    return found


@cache
def european(code: str) -> tuple[str, ...]:
    """``<address>`` of the EU's themes for one of ours."""
    term = standards.vocabulary("theme").codes.get(code)
    return tuple(f"<{place}>" for place in term.extra.get("eu_themes", ())) if term else ()


@lru_cache(maxsize=4096)
def format_of(text: str) -> tuple[str, str]:
    """``<address>`` of a format and of its media type, each empty if there is none."""
    term = standards.vocabulary("file-format").find(text)
    if term is None:
        return "", ""
    kind = term.extra.get("media_type")
    return (f"<{term.uri}>" if term.uri else ""), (f"<{IANA}{kind}>" if kind else "")


@lru_cache(maxsize=4096)
def usual_format(address: str) -> str:
    """How a format is called that is given by its address; empty if it is none of ours."""
    term = standards.vocabulary("file-format").find(address)
    return term.code.upper() if term and term.uri == address else ""


def described(used: Iterable[tuple[str, str]]) -> str:
    """What the terms are and how they are called, as Turtle."""
    parts = []
    for vocabulary, code in sorted(used):
        if not vocabulary:
            continue
        term = standards.vocabulary(vocabulary).codes[code]
        place = addresses(vocabulary).get(code)
        if place is None:
            continue
        kind = CLASSES.get(vocabulary)
        also = f", {kind}" if kind else ""
        exact = (
            "".join(f" ;\n  skos:relatedMatch {eu}" for eu in european(code)) if vocabulary == "theme" else ""
        )
        parts.append(
            f"<{place}> a skos:Concept{also} ;\n"
            f"  skos:prefLabel {literal(term.zh)}@zh, {literal(term.en)}@en{exact} .\n"
        )
    return "".join(parts)
