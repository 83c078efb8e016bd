"""A DCAT document of anybody's, checked against DCAT-AP; nothing is fetched, nothing is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kaishu.inspection.errors import (
    DocumentTooLarge,
    NothingInIt,
    RemoteContext,
    TooManyTriples,
    UnreadableDocument,
)
from kaishu.inspection.shapes import Result

#: Most bytes and triples that a page checks.
MOST, TRIPLES = 500_000, 5_000
SYNTAXES = {
    "ttl": "TURTLE",
    "turtle": "TURTLE",
    "rdf": "RDF_XML",
    "xml": "RDF_XML",
    "owl": "RDF_XML",
    "nt": "N_TRIPLES",
    "n3": "N3",
    "jsonld": "JSON_LD",
    "json": "JSON_LD",
}
REMOTE = re.compile(r'"@context"\s*:\s*(?:\[[^\]]*?)?"(https?://[^"]+)"')
PLACE = re.compile(r"line (\d+)(?:[^0-9]+(\d+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """What was found in it."""

    triples: int
    targets: int
    results: Sequence[Result]


def validate_document(data: bytes, syntax: str, most: int = MOST) -> Document:
    """Check a document.

    Raises ``DocumentTooLarge``, ``TooManyTriples``, ``UnreadableDocument``, ``RemoteContext`` and
    ``NothingInIt``.
    """
    import pyoxigraph

    from kaishu.inspection.shapes import validating

    if len(data) > most:
        raise DocumentTooLarge(most=most)
    form = getattr(pyoxigraph.RdfFormat, SYNTAXES.get(syntax.lower(), "TURTLE"))
    triples = []
    try:
        for quad in pyoxigraph.parse(io.BytesIO(data), form, base_iri="http://document.invalid/"):
            triples.append(quad.triple)
            if most <= MOST and len(triples) > TRIPLES:
                raise TooManyTriples(most=TRIPLES)
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(error, data) from error
    graph = validating.graph_of(triples)
    targets = validating.targets(graph)
    if not targets:
        raise NothingInIt(triples=len(triples))
    return Document(len(triples), targets, validating.validate(graph))


def guess_syntax(text: str) -> str:
    """The syntax that a pasted text seems to have."""
    start = text.lstrip("﻿ \t\r\n")[:400]
    if start.startswith(("{", "[{", "[ {", "[\n")):
        return "jsonld"
    if start.startswith("<?xml") or "<rdf:RDF" in start:
        return "rdf"
    return "ttl"


def _unreadable(error: Exception, data: bytes) -> UnreadableDocument | RemoteContext:
    text = str(error)
    if "context" in text.lower() and ("load" in text.lower() or "remote" in text.lower()):
        found = REMOTE.search(data[:100_000].decode("utf-8", "replace"))
        return RemoteContext(address=found[1][:200] if found else "@context")
    place = PLACE.search(text)
    line = getattr(error, "lineno", None) or (place and place[1])
    column = getattr(error, "offset", None) or (place and place[2])
    return UnreadableDocument(
        line=line,
        column=column,
        where_zh=f"第{line}行，第{column}列：" if line and column else "",
        where_en=f"line {line}, column {column}: " if line and column else "",
        problem=text[:300],
    )
