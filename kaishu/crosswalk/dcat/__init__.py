"""DCAT 3 and DCAT-AP: any syntax of RDF in, any out, and the whole catalogue as a stream of Turtle."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.crosswalk.dcat.reading import Document, read_all, read_document
from kaishu.crosswalk.dcat.syntaxes import SYNTAXES, Syntax, context, syntax_named
from kaishu.crosswalk.dcat.whole import Leaf, quads, stream, turtle, write, write_page
from kaishu.crosswalk.dcat.writing import place_of
from kaishu.crosswalk.model import Entry, Reading, Site

__all__ = [
    "SYNTAXES",
    "Document",
    "Leaf",
    "Syntax",
    "context",
    "from_bytes",
    "place_of",
    "quads",
    "read_all",
    "read_document",
    "stream",
    "syntax_named",
    "to_bytes",
    "turtle",
    "write",
    "write_page",
]


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as Turtle."""
    return write(entry, site, "ttl")


def from_bytes(data: bytes) -> Iterator[Reading]:
    """The datasets of a document in whichever syntax it is."""
    return read_all(data)
