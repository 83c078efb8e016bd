"""DCAT as others write it: understood where it can be, kept where not, refused where it must be."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaishu.catalogue import DatasetRecord, Link
from kaishu.crosswalk import Entry, Reading, Site, dcat, same
from kaishu.crosswalk.dcat.errors import (
    BrokenDocument,
    HostileDocument,
    RemoteContext,
    UnknownSyntax,
)

REAL = Path(__file__).parents[2] / "fixtures" / "catalogues" / "vanvitelli_dcatapit_catalog.rdf"
SITE = Site(url="https://data.example.gov.cn", title="开枢")
HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix adms: <http://www.w3.org/ns/adms#> .
@prefix schema: <http://schema.org/> . @prefix locn: <http://www.w3.org/ns/locn#> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
<https://p.example/d/1> a dcat:Dataset ; dct:title "One" .
"""
ONE = "<https://p.example/d/1>"


def read(body: str, base: str = "") -> Reading:
    """The one dataset of a document."""
    (reading,) = dcat.read_all((HEAD + body).encode(), "ttl", base)
    return reading


def entry(body: str) -> Entry:
    """Its entry, which fits our own models."""
    found = read(body).entry
    assert found is not None
    DatasetRecord.model_validate(found.record)
    for link in found.resources:
        Link.model_validate(link)
    return found


def test_a_real_catalogue_of_dcat_ap_it_is_read_whole() -> None:
    readings = list(
        dcat.read_all(REAL.read_bytes(), "rdf", "https://github.com/unicampaniavanvitelli/OpenData/")
    )
    assert len(readings) == 12
    for reading in readings:
        found = reading.entry
        assert found is not None and not any(note.fatal for note in reading.notes)
        DatasetRecord.model_validate(found.record)
        assert (
            found.record["title"] and found.record["description"] and found.record["licence"] == "cc-by-4.0"
        )
        assert found.record["languages"] == ["it"] and found.record["update_frequency"] == "yearly"
        assert found.record["contact_email"] == "opendata@unicampania.it"
        assert found.publisher.title.startswith("Universita' degli Studi")
        (link,) = found.resources
        assert link["format"] == "JSON" and link["access_url"].startswith(
            "https://raw.githubusercontent.com/"
        )


def test_a_real_catalogue_passes_through_our_own_form_unchanged() -> None:
    for reading in dcat.read_all(REAL.read_bytes(), "rdf"):
        assert reading.entry is not None
        (again,) = dcat.read_all(dcat.to_bytes(reading.entry, SITE))
        assert again.entry is not None and same(reading.entry, again.entry)


def test_titles_in_several_languages() -> None:
    found = entry(f'{ONE} dct:title "一"@zh, "Uno"@it ; dct:description "说明"@zh-Hans, "About"@en .')
    assert found.record["title"] == "一"
    found = read('<https://p.example/d/1> dct:description "x"@en .').entry
    assert found is not None and found.record["description_en"] == "x"
    body = "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
    body += '<https://x.example/1> a dcat:Dataset ; dct:title "Ein Titel"@de, "A title"@en ; '
    body += 'dcat:keyword "Bus"@de, "bus"@en .'
    (reading,) = dcat.read_all(body.encode(), "ttl")
    assert reading.entry is not None
    assert (reading.entry.record["title"], reading.entry.record["title_en"]) == ("Ein Titel", "A title")
    assert (reading.entry.record["tags"], reading.entry.record["tags_en"]) == (["Bus"], ["bus"])


@pytest.mark.parametrize(
    "publisher",
    [
        '"City"',
        '[ foaf:name "City" ]',
        '[ a foaf:Agent ; foaf:name "City"@it ; foaf:mbox <mailto:a@b.example> ]',
        '[ rdfs:label "City" ]',
        '[ vcard:fn "City" ]',
    ],
)
def test_publishers_as_text_or_as_things(publisher: str) -> None:
    found = entry(f"{ONE} dct:publisher {publisher} .")
    assert found.publisher.title == "City" and found.record["publisher"] == "City"


@pytest.mark.parametrize(
    ("licence", "code", "text"),
    [
        ("<http://creativecommons.org/licenses/by/4.0/>", "cc-by-4.0", ""),
        ("<https://creativecommons.org/licenses/by/4.0/>", "cc-by-4.0", ""),
        ('"CC BY 4.0"', "cc-by-4.0", ""),
        ('[ a dct:LicenseDocument ; rdfs:label "Our own terms" ]', "", "Our own terms"),
        ("<https://p.example/terms>", "", "https://p.example/terms"),
    ],
)
def test_licences_as_address_text_or_thing(licence: str, code: str, text: str) -> None:
    body = f"dct:license {licence} ."
    found = entry(
        f"{ONE} {body} {ONE} dcat:distribution <https://p.example/x> . <https://p.example/x> {body}"
    )
    for said in (found.record, found.resources[0]):
        assert (said.get("licence", ""), said.get("licence_text", "")) == (code, text)


@pytest.mark.parametrize("name", ["dcat", "schema"])
def test_periods(name: str) -> None:
    found = entry(
        f'{ONE} dct:temporal [ {name}:startDate "2019-01-01"^^xsd:date ; {name}:endDate "2020"^^xsd:gYear ] .'
    )
    assert (found.record["temporal_start"], found.record["temporal_end"]) == ("2019-01-01", "2020-12-31")


@pytest.mark.parametrize(
    "shape",
    [
        'dcat:bbox "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"^^gsp:wktLiteral',
        'locn:geometry "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((1 2,3 4))"^^gsp:wktLiteral',
        """locn:geometry '{"type":"Polygon","coordinates":[[[1,2],[3,2],[3,4],[1,4],[1,2]]]}'""",
        'locn:geometry [ gsp:asWKT "POLYGON((1 2, 3 2, 3 4, 1 4))" ]',
    ],
)
def test_geometries_become_a_box(shape: str) -> None:
    assert entry(f'{ONE} dct:spatial [ a dct:Location ; skos:prefLabel "Here" ; {shape} ] .').record[
        "bbox"
    ] == [1, 2, 3, 4]


def test_a_geometry_that_cannot_be_read_is_kept() -> None:
    found = entry(f'{ONE} dct:spatial [ locn:geometry "POLYGON((900 2, 3 4))" ] .')
    assert "bbox" not in found.record and "POLYGON((900 2, 3 4))" in found.record["extras"].values()


def test_what_has_no_field_is_kept_under_its_address() -> None:
    body = f'{ONE} <http://dati.gov.it/onto/x> "y" ; dct:rightsHolder [ foaf:name "Holder" ] .'
    body += f"{ONE} dct:audience <https://a.example/b> ."
    extras = entry(body).record["extras"]
    assert extras["http://dati.gov.it/onto/x"] == "y"
    assert extras["http://purl.org/dc/terms/audience"] == "https://a.example/b"
    assert json.loads(extras["http://purl.org/dc/terms/rightsHolder"]) == {
        "http://xmlns.com/foaf/0.1/name": "Holder"
    }


def test_a_day_that_does_not_exist_is_kept_and_said() -> None:
    reading = read(f'{ONE} dct:issued "2020-02-30"^^xsd:date .')
    assert reading.entry is not None
    assert "issued" not in reading.entry.record
    assert reading.entry.record["extras"]["http://purl.org/dc/terms/issued"] == "2020-02-30"
    assert any("2020-02-30" in str(note.said) for note in reading.notes)


def test_ten_megabytes_of_description_are_cut_and_said() -> None:
    reading = read(f'{ONE} dct:description "{"长" * 3_500_000}" .')
    assert reading.entry is not None
    assert len(reading.entry.record["description"]) == 20_000
    assert any("dct:description" in note.where for note in reading.notes)


def test_addresses_that_run_something_are_refused() -> None:
    body = f"{ONE} dcat:landingPage <javascript:alert(1)> ; dcat:distribution <https://p.example/x> ."
    reading = read(
        f'{body} <https://p.example/x> dcat:downloadURL <javascript:alert(2)> ; dct:title "<script>" .'
    )
    assert reading.entry is not None
    assert "javascript" not in json.dumps([reading.entry.record, list(reading.entry.resources)])
    assert reading.entry.resources[0]["name"] == "<script>", "text is text; pages escape it"
    assert len(reading.notes) >= 2


def test_an_identifier_of_another_portal_is_only_a_name() -> None:
    reading = read("", "https://harvested.example/catalog.ttl")
    assert reading.entry is not None and reading.entry.identifier == "https://p.example/d/1"
    assert any("p.example" in str(note.said) for note in reading.notes)


def test_rings_do_no_harm() -> None:
    body = f"{ONE} dcat:inSeries {ONE} ; dct:isPartOf {ONE} ; dct:publisher {ONE} ; dct:spatial {ONE} ."
    found = entry(
        body
        + f" {ONE} dct:audience _:a ; dcat:distribution {ONE} ."
        + " _:a dct:relation _:b . _:b dct:relation _:a ."
    )
    assert found.record["in_series"] == ["https://p.example/d/1"]


def test_a_dataset_without_a_title_is_refused_alone() -> None:
    readings = list(dcat.read_all((HEAD + "<https://p.example/d/2> a dcat:Dataset .").encode(), "ttl"))
    assert [reading.entry is None for reading in readings] == [False, True]
    assert any(note.fatal for note in readings[1].notes)


def test_series_and_services_are_entries_of_their_kind() -> None:
    body = """<https://p.example/s> a dcat:DatasetSeries ; dct:title "S" .
    <https://p.example/api> a dcat:DataService ; dct:title "API" ; dcat:endpointURL <https://p.example/v1> ;
      dcat:servesDataset <https://p.example/d/1> ."""
    kinds = {}
    for reading in dcat.read_all((HEAD + body).encode(), "ttl"):
        assert reading.entry is not None
        kinds[reading.entry.record["title"]] = reading.entry.record
    assert kinds["S"]["kind"] == "series"
    assert kinds["API"]["kind"] == "service" and kinds["API"]["serves"] == ["https://p.example/d/1"]


@pytest.mark.parametrize(
    "word", ["hydra:next <https://p.example/c?page=2>", 'hydra:nextPage "https://p.example/c?page=2"']
)
def test_the_next_page_is_said(word: str) -> None:
    kind = "hydra:PartialCollectionView" if "next " in word else "hydra:PagedCollection"
    document = dcat.read_document(
        (HEAD + f"<https://p.example/c> a {kind} ; {word} ; hydra:totalItems 180 .").encode(), "ttl"
    )
    assert document.next_page == "https://p.example/c?page=2"
    assert dcat.read_document(HEAD.encode(), "ttl").next_page == ""


def test_checksums_sizes_and_formats_of_distributions() -> None:
    body = f"""{ONE} dcat:distribution [ a dcat:Distribution ; dct:title "x" ;
      dcat:accessURL <https://p.example/x> ;
      dcat:downloadURL <https://p.example/x.csv> ; dct:format "csv" ; dcat:mediaType "text/csv" ;
      dcat:byteSize "12.0"^^xsd:decimal ; spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha1 ;
      spdx:checksumValue "AB12" ] ] ."""
    (link,) = entry(body).resources
    assert link["url"] == "https://p.example/x.csv" and link["access_url"] == "https://p.example/x"
    assert link["format"] == "csv" and link["media_type"] == "text/csv" and link["checksum"] == "sha1:ab12"


@pytest.mark.parametrize(
    ("data", "syntax", "error"),
    [
        (b'<http://a> <http://b> "x', "ttl", BrokenDocument),
        (b"<http://a> <http://b> <http://c> .\n<http://a> nonsense", "ttl", BrokenDocument),
        (b"<rdf:RDF", "rdf", BrokenDocument),
        (b'{"@graph": [', "jsonld", BrokenDocument),
        (b"[" * 100_000, "jsonld", BrokenDocument),
        (b"\xff\xfe\x00", "ttl", BrokenDocument),
        (b'{"@context": "https://schema.org/", "@id": "x"}', "jsonld", RemoteContext),
        (b'{"@graph": [{"@context": [{}, "http://evil.example/c"]}]}', "jsonld", RemoteContext),
        (b'{"@context": {"@import": "http://evil.example/c"}}', "jsonld", RemoteContext),
        (b'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rdf:RDF/>', "rdf", HostileDocument),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rdf:RDF/>', "rdf", HostileDocument),
        (b"x", "docx", UnknownSyntax),
    ],
)
def test_a_document_that_cannot_be_taken_is_refused_with_the_place(
    data: bytes, syntax: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        list(dcat.read_all(data, syntax))
    assert str(caught.value)
    if error is BrokenDocument:
        assert caught.value.facts["line"] >= 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("data", "syntax", "said"),
    [
        (b"<a> zz:b <c> .", "ttl", "第1行第5列不是合法的 Turtle：前缀“zz”没有声明。"),
        (b"<a> <b> <c>\n<d> <e> <f> .", "ttl", "第2行第1列不是合法的 Turtle：语句末尾缺少句点。"),
        (b"<a> <b> c .", "ttl", "第1行第9列不是合法的 Turtle：“c”不能作宾语。"),
        (b"<a xmlns='x'><b></a>", "rdf", "第1行第1列不是合法的 RDF/XML：缺少结束标签“</b>”。"),
        (b"[1,2", "jsonld", "第1行第5列不是合法的 JSON-LD：文件没有写完就结束了。"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_in_one_language(data: bytes, syntax: str, said: str) -> None:
    with pytest.raises(BrokenDocument) as caught:
        list(dcat.read_all(data, syntax))
    assert caught.value.sentence("zh") == said
    assert caught.value.sentence("en").isascii()


def test_abbreviations_of_namespaces_are_no_attack() -> None:
    data = b"""<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY dcat "http://www.w3.org/ns/dcat#">]>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">
    <rdf:Description rdf:about="https://x.example/1">
    <rdf:type rdf:resource="&dcat;Dataset"/><dct:title>T</dct:title>
    </rdf:Description></rdf:RDF>"""
    (reading,) = dcat.read_all(data, "rdf")
    assert reading.entry is not None and reading.entry.record["title"] == "T"


PREDICATES = st.sampled_from(
    (
        *(
            f"dct:{name}"
            for name in ("title", "description", "publisher", "license", "issued", "spatial", "temporal")
        ),
        *(f"dct:{name}" for name in ("language", "accrualPeriodicity", "modified", "format", "accessRights")),
        *(f"dcat:{name}" for name in ("theme", "keyword", "contactPoint", "distribution", "downloadURL")),
        *("dcat:accessURL", "dcat:byteSize", "adms:identifier", "spdx:checksum", "foaf:page"),
    )
)
NODES = st.sampled_from(("_:a", "_:b", "_:c", ONE, "<https://p.example/x>"))
DAILY = "<http://publications.europa.eu/resource/authority/frequency/DAILY>"
VALUES = NODES | st.sampled_from(
    (
        '""',
        '"x"',
        '"x"@en',
        '"2020-02-30"^^xsd:date',
        '"nan"^^xsd:decimal',
        "<javascript:x>",
        "<mailto:a>",
        '"{"',
        DAILY,
        '"-5"^^xsd:integer',
        '"POINT(1 2)"',
        "true",
    )
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@example(
    [(ONE, f"dct:{name}", DAILY) for name in ("spatial", "accrualPeriodicity")]  # one thing as two
)
@given(statements=st.lists(st.tuples(NODES, PREDICATES, VALUES), max_size=25))
def test_whatever_is_said_of_whatever_nothing_breaks(statements: list[tuple[str, str, str]]) -> None:
    body = "\n".join(f"{subject} {predicate} {value} ." for subject, predicate, value in statements)
    for reading in dcat.read_all((HEAD + body).encode(), "ttl"):
        assert reading.entry is not None
        DatasetRecord.model_validate(reading.entry.record)
        for link in reading.entry.resources:
            Link.model_validate(link)
        (again,) = dcat.read_all(dcat.to_bytes(reading.entry, SITE))
        assert again.entry is not None and same(reading.entry, again.entry)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200), syntax=st.sampled_from(("ttl", "rdf", "nt", "jsonld", "trig", "n3", "")))
def test_noise_is_refused_or_empty(data: bytes, syntax: str) -> None:
    with contextlib.suppress(BrokenDocument, RemoteContext, HostileDocument):
        assert all(reading.entry is None for reading in dcat.read_all(data, syntax))
