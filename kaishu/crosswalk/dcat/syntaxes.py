"""Syntaxes of RDF: names, media types, suffixes; from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaishu.crosswalk.dcat.names import HEAD, PREFIXES


@dataclass(frozen=True, slots=True)
class Syntax:
    """One way of writing triples."""

    name: str
    media_type: str
    format: str


SYNTAXES: dict[str, Syntax] = {
    each.name: each
    for each in (
        Syntax("ttl", "text/turtle", "TURTLE"),
        Syntax("rdf", "application/rdf+xml", "RDF_XML"),
        Syntax("xml", "application/rdf+xml", "RDF_XML"),
        Syntax("n3", "text/n3", "N3"),
        Syntax("nt", "application/n-triples", "N_TRIPLES"),
        Syntax("jsonld", "application/ld+json", "JSON_LD"),
        Syntax("trig", "application/trig", "TRIG"),
        Syntax("nq", "application/n-quads", "N_QUADS"),
    )
}
#: How a syntax is called in a sentence.
SPOKEN = {
    "TURTLE": "Turtle",
    "RDF_XML": "RDF/XML",
    "N3": "N3",
    "N_TRIPLES": "N-Triples",
    "JSON_LD": "JSON-LD",
    "TRIG": "TriG",
    "N_QUADS": "N-Quads",
}
ALIASES = {
    "turtle": "ttl",
    "rdfxml": "rdf",
    "rdf/xml": "rdf",
    "rdf-xml": "rdf",
    "pretty-xml": "rdf",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "n-triples": "nt",
    "nquads": "nq",
    "n-quads": "nq",
    "text/rdf+n3": "n3",
    "text/xml": "rdf",
    "application/xml": "rdf",
    "application/json": "jsonld",
    "application/x-turtle": "ttl",
    "text/plain": "nt",
    **{each.media_type: each.name for each in SYNTAXES.values() if each.name != "xml"},
}
PLAIN = ("ttl", "n3", "trig")  # Turtle is all of these


def syntax_named(name: str) -> Syntax | None:
    """By suffix, name or media type; None if there is none of that name."""
    said = name.partition(";")[0].strip().lower().removeprefix(".")
    return SYNTAXES.get(ALIASES.get(said, said))


def guess(data: bytes) -> Syntax:
    """What a document seems to be, for those who were not told."""
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return SYNTAXES["jsonld"]
    if start.startswith((b"<?xml", b"<!")) or b"<rdf:RDF" in start:
        return SYNTAXES["rdf"]
    return SYNTAXES["ttl"]


def recast(turtle: str, syntax: str) -> bytes:
    """A document of ours in another syntax; ``turtle`` without its prefixes."""
    if syntax in PLAIN:
        return (HEAD + "\n" + turtle).encode()
    if syntax == "jsonld":
        return _compact(turtle)
    import pyoxigraph as ox

    triples = [quad.triple for quad in ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)]
    written = ox.serialize(triples, format=getattr(ox.RdfFormat, SYNTAXES[syntax].format), prefixes=PREFIXES)
    assert written is not None
    return written.replace(b"\r", b"&#13;") if SYNTAXES[syntax].format == "RDF_XML" else bytes(written)


def context() -> dict[str, Any]:
    """The prefixes as a JSON-LD context."""
    return {"@context": dict(PREFIXES)}


def _compact(turtle: str) -> bytes:
    """JSON-LD with prefixes, one object for each thing."""
    import orjson
    import pyoxigraph as ox

    nodes: dict[str, dict[str, Any]] = {}
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    names: dict[str, str] = {}
    for quad in ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE):
        subject, predicate = quad.subject.value, quad.predicate.value
        node = nodes.setdefault(subject, {"@id": subject})
        if predicate == kind:
            node.setdefault("@type", []).append(_short(quad.object.value, names))
        else:
            node.setdefault(_short(predicate, names), []).append(_value(quad.object, names))
    graph = [_lone(node) for node in nodes.values()]
    return orjson.dumps({**context(), "@graph": graph}, option=orjson.OPT_INDENT_2)


def _lone(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()
    }


def _value(term: Any, names: dict[str, str]) -> Any:
    import pyoxigraph as ox

    if isinstance(term, ox.Literal):
        if term.language:
            return {"@language": term.language, "@value": term.value}
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return term.value
        return {"@type": _short(term.datatype.value, names), "@value": term.value}
    return {"@id": term.value}


def _short(address: str, names: dict[str, str]) -> str:
    """With its prefix, where what follows it is a plain name."""
    found = names.get(address)
    if found is None:
        found = address
        for prefix, space in PREFIXES.items():
            rest = address[len(space) :]
            if address.startswith(space) and rest.isidentifier():
                found = f"{prefix}:{rest}"
        names[address] = found
    return found
