"""DCAT-AP 3.0: what the catalogue writes conforms, what is broken is said in plain words."""

from __future__ import annotations

import pytest

from kaishu import inspection
from kaishu.access import Call
from kaishu.crosswalk import Site
from kaishu.inspection.errors import (
    DocumentTooLarge,
    NothingInIt,
    RemoteContext,
    TooManyTriples,
    UnreadableDocument,
)
from kaishu.inspection.shapes import profile
from tests.inspection.conftest import Publish

HERE = Site(url="https://kaishu.example", title="开数市")
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
WHOLE = """<http://x.example/1> a dcat:Dataset ; dct:title "站点"@zh ; dct:description "公交站点" ;
  dct:publisher [ a foaf:Agent ; foaf:name "交通运输局" ] ; dct:issued "2026-01-01"^^xsd:date ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/TRAN> ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://x.example/1.csv> ;
    dcat:byteSize "12"^^xsd:nonNegativeInteger ] ."""

#: What is put in place of what, the property that is named, and the kind of constraint.
BROKEN = [
    ('dct:description "公交站点"', 'dct:description " "', "dct:description", "Pattern"),
    ('dct:title "站点"@zh ; ', "", "dct:title", "MinCount"),
    ('"2026-01-01"^^xsd:date', '"一月"', "dct:issued", "Or"),
    ('[ a foaf:Agent ; foaf:name "交通运输局" ]', '"交通运输局"', "dct:publisher", "Or"),
    ('; foaf:name "交通运输局"', "", "foaf:name", "MinCount"),
    ("dcat:accessURL <http://x.example/1.csv>", 'dcat:accessURL "1.csv"', "dcat:accessURL", "NodeKind"),
    ('"12"^^xsd:nonNegativeInteger', '"12 KB"', "dcat:byteSize", "Datatype"),
    ('"2026-01-01"^^xsd:date', '"2026"^^xsd:gYear, "2025"^^xsd:gYear', "dct:issued", "MaxCount"),
]


def test_a_whole_description_conforms() -> None:
    found = inspection.validate_document((PREFIXES + WHOLE).encode(), "ttl")
    assert (found.results, found.targets) == ([], 3)


@pytest.mark.parametrize(("piece", "other", "path", "component"), BROKEN)
def test_each_broken_constraint_is_named_with_its_property(
    piece: str, other: str, path: str, component: str
) -> None:
    assert piece in WHOLE
    document = PREFIXES + WHOLE.replace(piece, other)
    (result,) = inspection.validate_document(document.encode(), "ttl").results
    assert (result.path, result.component) == (path, component)
    assert path in result.said and path in result.said.en
    assert result.mend and result.mend.en


def test_what_our_catalogue_writes_conforms(call: Call, publish: Publish) -> None:
    publish("one")
    publish(
        "two",
        office="school",
        title="学校",
        open_class="conditional",
        open_condition="说明用途",
        bbox=[116.0, 39.0, 117.0, 40.0],
        extras={"http://example.org/x": "值"},
    )
    batches = list(inspection.validate_datasets(call, HERE))
    assert [verdict.results for batch in batches for verdict in batch] == [(), ()]


def test_a_verdict_holds_for_one_revision_and_feeds_the_score(call: Call, publish: Publish) -> None:
    dataset = publish("one")
    for batch in inspection.validate_datasets(call, HERE):
        inspection.keep_verdicts(call, batch)
    assert list(inspection.validate_datasets(call, HERE)) == []
    measured = inspection.compute_mqa(call)
    assert measured.sums[("catalogue", "own")].met["dcat-ap"] == 1
    dataset.published_revision_id = "0" * 26
    call.session.flush()
    assert [len(batch) for batch in inspection.validate_datasets(call, HERE)] == [1]


def test_the_shapes_are_turtle_with_every_rule() -> None:
    from rdflib import RDF, Graph, URIRef

    from kaishu.inspection.shapes.drawing import turtle

    graph = Graph().parse(data=turtle(), format="turtle")
    shapes = set(graph.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#NodeShape")))
    assert len(shapes) == len(profile().things)


@pytest.mark.parametrize(
    ("data", "syntax", "error"),
    [
        (b"<http://x> a ", "ttl", UnreadableDocument),
        (b"<rdf:RDF", "rdf", UnreadableDocument),
        (b"{", "jsonld", UnreadableDocument),
        (b"\xff\xfe\x00", "ttl", UnreadableDocument),
        (b'{"@context": "https://elsewhere.example/c.jsonld", "@type": "Dataset"}', "jsonld", RemoteContext),
        (b"", "ttl", NothingInIt),
        (b"<http://x> <http://y> <http://z> .", "nt", NothingInIt),
        (b"#" * 600_000, "ttl", DocumentTooLarge),
        (b"".join(b"<http://x/%d> <http://y> <http://z> .\n" % n for n in range(6000)), "nt", TooManyTriples),
    ],
)
def test_documents_that_cannot_be_checked_are_refused_with_a_reason(
    data: bytes, syntax: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        inspection.validate_document(data, syntax)


def test_a_refusal_names_line_and_column_and_the_remote_context() -> None:
    with pytest.raises(UnreadableDocument) as broken:
        inspection.validate_document(b"<http://x> a <http://y> .\n<http://x> a ;", "ttl")
    assert broken.value.facts["line"] == 2
    with pytest.raises(RemoteContext) as remote:
        inspection.validate_document(b'{"@context": ["https://elsewhere.example/c"], "a": 1}', "jsonld")
    assert remote.value.facts["address"] == "https://elsewhere.example/c"


def test_a_document_without_a_place_for_its_flaw_is_refused_without_a_question_mark() -> None:
    broken = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'
    with pytest.raises(UnreadableDocument) as refused:
        inspection.validate_document(broken, "rdf")
    assert "?" not in refused.value.sentence("zh") + refused.value.sentence("en")
    with pytest.raises(UnreadableDocument) as placed:
        inspection.validate_document(b"<http://x> a ", "ttl")
    assert "第1行" in placed.value.sentence("zh")
