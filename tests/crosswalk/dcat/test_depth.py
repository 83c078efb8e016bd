"""A document whose parts stand inside one another without end is refused with its place, and stops nobody."""

from __future__ import annotations

import time

import pytest

from kaishu.crosswalk import dcat
from kaishu.crosswalk.dcat.errors import BrokenDocument

MANY = 100_000
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/"'
TERM = "<a:a> <a:b> " + "<<( <a:a> <a:b> " * MANY + "<a:c>" + " )>>" * MANY
DEEP = {
    "ttl": f"{TERM} .",
    "nt": f"{TERM} .",
    "nq": f"{TERM} .",
    "trig": f"{TERM} .",
    "n3": f"{TERM} .",
    "rdf": f"<rdf:RDF {RDF}>\n"
    + "<rdf:Description><d:title>" * MANY
    + "</d:title></rdf:Description>" * MANY
    + "</rdf:RDF>",
}


@pytest.mark.parametrize("syntax", DEEP)
def test_it_is_refused_at_once(syntax: str) -> None:
    begun = time.monotonic()
    with pytest.raises(BrokenDocument) as said:
        dcat.read_document(DEEP[syntax].encode(), syntax, "")
    assert time.monotonic() - begun < 5
    assert "嵌套太深" in said.value.sentence("zh")
    assert said.value.facts["line"] == (2 if syntax == "rdf" else 1)


def test_what_only_looks_like_it_is_read() -> None:
    fields = '<d:subject rdf:resource="http://x.example/a/b"/><d:title>题<!-- <a> --></d:title>'
    notes = "<d:description><![CDATA[" + "<b>" * 300 + "]]></d:description><!--" + "<i>" * 300 + "-->"
    thing = f'<dcat:Dataset rdf:about="http://x.example/{{}}" a:x="a/>b">{fields}{notes}</dcat:Dataset>\n'
    spaces = f'{RDF} xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:a="http://a.example/"'
    text = f"<rdf:RDF {spaces}>" + "".join(map(thing.format, range(300))) + "</rdf:RDF>"
    assert len(list(dcat.read_document(text.encode(), "rdf", "").readings())) == 300
    turtle = '<http://x.example/a> a <http://www.w3.org/ns/dcat#Dataset> ; <d:x> "' + "<<( )>> " * 300 + '" .'
    assert len(list(dcat.read_document(turtle.encode(), "ttl", "").readings())) == 1
