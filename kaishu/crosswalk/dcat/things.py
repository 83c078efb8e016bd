"""What is said of agents, contacts, places and times, by whichever of the usual ways."""

from __future__ import annotations

import json
import re
from typing import Any

from kaishu.crosswalk.dcat.geometry import box_of
from kaishu.crosswalk.dcat.graph import Graph, Term
from kaishu.crosswalk.model import Agent

LABELS = ("skos:prefLabel", "rdfs:label", "foaf:name", "vcard:fn", "dct:title", "skos:altLabel")
PREFIXES_TIME = "http://www.w3.org/2006/time#"
DEEPEST = 3
YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"(\d{4})-(\d{2})")


def label(graph: Graph, subject: str, language: str = "") -> str:
    """How a thing is called, in the language if it says so."""
    for name in LABELS:
        terms = [term for term in graph.said(subject, name) if term.value.strip()]
        if terms:
            best = [term for term in terms if term.language == language]
            return (best or [t for t in terms if not t.language] or terms)[0].value
    return ""


def named(graph: Graph, term: Term, language: str = "") -> str:
    """The text of a value: itself, the label of a thing without an address, or its address."""
    if term.kind == "text":
        return term.value
    if term.kind == "blank":
        return label(graph, term.value, language) or graph.text(term.value, "rdf:value", "dct:description")
    return term.value


def agent_of(graph: Graph, term: Term) -> Agent:
    """A publisher, said as a text, an address or a thing."""
    if term.kind == "text" or not graph.described(term):
        return Agent(title=term.value[:300].strip() if term.kind != "blank" else "")
    place = term.value
    names = [one for name in LABELS for one in graph.said(place, name) if one.value.strip()]
    english = next((one.value for one in names if one.language == "en"), "")
    others = [one for one in names if one.language != "en"]
    chinese = next((one.value for one in others if one.language.startswith("zh")), "")
    title = chinese or (others[0].value if others else english)
    home = graph.text(place, "foaf:homepage", "vcard:hasURL", "foaf:page")
    mail = graph.text(place, "foaf:mbox", "vcard:hasEmail").removeprefix("mailto:")
    return Agent(
        title=title[:300].strip(),
        name=graph.text(place, "kaishu:name"),
        title_en=english[:300].strip() if title != english else "",
        code=graph.text(place, "dct:identifier")[:300],
        url=home if home.startswith(("http://", "https://")) else "",
        email=mail[:300],
        identifier=place if term.kind == "iri" else "",
    )


def contact_of(graph: Graph, term: Term) -> dict[str, str]:
    """Name, mail, telephone and page of a contact point."""
    if term.kind == "text" or not graph.described(term):
        value = term.value
        if value.startswith("mailto:") or re.fullmatch(r"[^\s@/]+@[^\s@/]+", value):
            return {"contact_email": value.removeprefix("mailto:")}
        if value.startswith(("http://", "https://")):
            return {"contact_url": value}
        return {"contact_name": value} if term.kind == "text" else {}
    place = term.value
    mail = _value(graph, place, "vcard:hasEmail", "vcard:email", "foaf:mbox")
    telephone = _value(graph, place, "vcard:hasTelephone", "vcard:tel", "vcard:telephone", "foaf:phone")
    page = _value(graph, place, "vcard:hasURL", "vcard:url", "foaf:homepage")
    name = label(graph, place) or _value(graph, place, "vcard:organization-name", "vcard:hasFN")
    return {
        "contact_name": name,
        "contact_email": mail.removeprefix("mailto:"),
        "contact_phone": telephone.removeprefix("tel:"),
        "contact_url": page,
    }


def _value(graph: Graph, place: str, *names: str) -> str:
    for name in names:
        for term in graph.said(place, name):
            inner = graph.text(term.value, "vcard:hasValue", "rdf:value") if graph.described(term) else ""
            if inner or (term.kind != "blank" and term.value.strip()):
                return inner or term.value
    return ""


def period_of(graph: Graph, term: Term) -> tuple[str, str]:
    """Begin and end of a period as they are written; each may be empty."""
    if term.kind == "text":
        start, _, end = term.value.partition("/")
        return start.strip(), end.strip()
    place = term.value
    found = []
    for plain, node in (("startDate", "hasBeginning"), ("endDate", "hasEnd")):
        text = graph.text(place, f"dcat:{plain}", f"schema:{plain}")
        things = graph.things.get(place, {})
        text = text or next((t.value for t in things.get(f"https://schema.org/{plain}", ())), "")
        for inner in things.get(PREFIXES_TIME + node, ()):
            facts = graph.things.get(inner.value, {})
            for key in ("inXSDDateTimeStamp", "inXSDDateTime", "inXSDDate", "inDateTime"):
                text = text or next((t.value for t in facts.get(PREFIXES_TIME + key, ())), "")
        found.append(text.strip())
    return found[0], found[1]


def whole_day(text: str, end: bool) -> str:
    """The first or last day of a year or month that stands for a date; other text as it is."""
    import calendar

    if YEAR.fullmatch(text):
        return f"{text}-12-31" if end else f"{text}-01-01"
    month = MONTH.fullmatch(text)
    if month and 1 <= int(month[2]) <= 12 and int(month[1]) > 0:
        return f"{text}-{calendar.monthrange(int(month[1]), int(month[2]))[1]:02d}" if end else f"{text}-01"
    return text


def place_of(graph: Graph, term: Term, language: str) -> dict[str, Any]:
    """Name, code, address and box of a place; ``left`` is a geometry that could not be read."""
    if term.kind == "text":
        box = box_of(term.value)
        return {"bbox": box} if box else {"spatial": term.value}
    found: dict[str, Any] = {"spatial": label(graph, term.value, language)}
    if term.kind == "iri":
        found["spatial_uri"] = term.value
    code = graph.text(term.value, "dct:identifier")
    if re.fullmatch(r"\d{1,12}", code):
        found["spatial_code"] = code
    for name in ("dcat:bbox", "locn:geometry", "geo:asWKT", "geo:asGeoJSON", "dcat:centroid"):
        for shape in graph.said(term.value, name):
            text = shape.value
            if graph.described(shape):
                text = graph.text(shape.value, "geo:asWKT", "geo:asGeoJSON", "rdf:value")
            box = box_of(text)
            if box and "bbox" not in found:
                found["bbox"] = box
            elif text and not box:
                found["left"] = text
    return found


def flat(graph: Graph, term: Term, depth: int = 0, within: tuple[str, ...] = ()) -> Any:
    """A value for the extras: text or address; a thing without an address with all that is said of it."""
    if term.kind != "blank":
        return term.value
    if depth >= DEEPEST or term.value in within:
        return ""
    statements = graph.things.get(term.value, {})
    found = {}
    for predicate, values in statements.items():
        inner = [flat(graph, one, depth + 1, (*within, term.value)) for one in dict.fromkeys(values)]
        found[predicate] = inner[0] if len(inner) == 1 else inner
    return found


def text_of(values: list[Any]) -> str:
    """Values for the extras as one text."""
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False)
