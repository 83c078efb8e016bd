"""The forms in which the catalogue and a dataset are given: names, media types, what Accept likes best."""

from __future__ import annotations

from kaishu.crosswalk import dcat

JSON, CSV = "application/json", "text/csv"
RDF = ("ttl", "rdf", "xml", "n3", "nt", "jsonld", "trig")
CATALOGUE = (*RDF, "csv", "json")
STREAMED = ("ttl", "n3", "nt")
#: What a program may ask for with Accept at the address of a page.
ACCEPTED = {dcat.SYNTAXES[name].media_type: name for name in RDF if name != "xml"}
ACCEPTED |= {"application/x-turtle": "ttl", "text/rdf+n3": "n3"}
PAGES = frozenset({"text/html", "application/xhtml+xml", "*/*", "text/*"})
MARKS = ("turtle", "rdf", "n-triples", "n3", "ld+json", "trig")


def media_type(form: str) -> str:
    """Of a form, with its character set where the type is a text."""
    kind = {"csv": CSV, "json": JSON}.get(form) or dcat.SYNTAXES[form].media_type
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def preferred(accept: str) -> str:
    """The form of RDF that an Accept header likes better than a page; empty if it likes none."""
    accept = accept.lower()
    if not any(mark in accept for mark in MARKS):
        return ""
    best, weight, page = "", 0.0, 0.0
    for part in accept.split(","):
        kind, _, rest = part.partition(";")
        kind, quality = kind.strip(), _quality(rest)
        if kind in ACCEPTED and quality > weight:
            best, weight = ACCEPTED[kind], quality
        elif kind in PAGES and (kind != "*/*" or not best) and kind.endswith(("html", "xml")):
            page = max(page, quality)
    return best if weight > page else ""


def _quality(rest: str) -> float:
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
