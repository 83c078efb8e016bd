"""What is written is RDF in every syntax, the same in all of them, and DCAT-AP in its terms."""

from __future__ import annotations

import warnings

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaishu.crosswalk import Agent, Entry, Site, dcat, same
from kaishu.crosswalk.dcat.terms import is_address, literal, nearest
from tests.crosswalk.strategies import entries

SITE = Site(url="https://data.example.gov.cn", title='开枢"市', title_en="Kaishu")
ALL = ("ttl", "rdf", "n3", "nt", "jsonld", "trig", "nq")
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ANYTHING = st.text(st.characters(), max_size=40) | st.sampled_from(
    (
        '"""',
        "\\",
        "\u0000",
        "\ud800",
        "\ufffe",
        "\r\n",
        "<a href='javascript:x'>",
        'https://x/<>{}|^` "',
        "@zh .",
        "http://",
        "https://a/%",
        "http://x/a/../b",
        "http://x#y#z",
        "\u202e",
        "?x=<y>",
        "\U0001fffe",
        "*/ }",
    )
)


def triples(data: bytes, syntax: str) -> set[str]:
    """Every statement of a document as a line."""
    format_ = getattr(ox.RdfFormat, dcat.SYNTAXES[syntax].format)
    return {str(quad.triple) for quad in ox.parse(data, format=format_)}


@MANY
@given(entry=entries())
def test_every_syntax_says_the_same(entry: Entry) -> None:
    expected = {str(triple) for triple in dcat.quads(entry, SITE, whole=False)}
    for syntax in ALL:
        assert triples(dcat.write(entry, SITE, syntax), syntax) == expected, syntax


@settings(parent=MANY, max_examples=20)
@given(entry=entries())
def test_two_libraries_read_the_turtle_alike(entry: Entry) -> None:
    data = dcat.write(entry, SITE, "ttl")
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        lines = rdflib.Graph().parse(data=data, format="turtle").serialize(format="nt")
    assert triples(lines.encode(), "nt") == triples(data, "ttl")


@MANY
@given(entry=entries())
def test_what_is_written_in_any_syntax_reads_as_it_was(entry: Entry) -> None:
    for syntax in ("rdf", "jsonld", "nt", "trig"):
        (reading,) = dcat.read_all(dcat.write(entry, SITE, syntax), syntax)
        assert reading.entry is not None, (syntax, reading.notes)
        assert same(entry, reading.entry), syntax
        assert reading.entry.identifier == entry.identifier, syntax


@settings(parent=MANY, max_examples=200)
@given(texts=st.lists(ANYTHING, min_size=8, max_size=8), syntax=st.sampled_from(ALL))
@example(texts=["\ud800\u0000"] * 8, syntax="rdf")
def test_whatever_stands_in_a_text_the_document_is_well_formed(texts: list[str], syntax: str) -> None:
    a, b, c, d, e, f, g, h = texts
    record = {
        "title": a or "x",
        "description": b,
        "tags": [c, d],
        "licence_text": e,
        "spatial_uri": f,
        "modified": g,
        "related": [a, e],
        "identifiers": [h],
        "in_series": [f],
        "extras": {a: b, f"https://x.example/{c}": d},
        "contact_email": c,
        "contact_url": f,
        "contact_phone": g,
        "items": [{"name": h, "uri": f}],
        "generated_by": e,
        "spatial_resolution": g,
        "temporal_resolution": h,
        "languages": [b],
        "themes": [c],
        "policy": d,
        "endpoint_url": e,
        "source_url": f,
    }
    links = [
        {"url": f, "access_url": e, "format": a, "media_type": b, "checksum": c, "status": d, "id": h},
        {"table_id": "t", "id": g, "name": a},
    ]
    agent = Agent(title=a or "x", name=g, url=e, email=f)
    entry = Entry(identifier=h or "x", name=g, record=record, resources=links, publisher=agent)
    data = dcat.write(entry, SITE, syntax)
    assert triples(data, syntax)
    if syntax == "ttl":
        assert b"\x00" not in data


@given(text=ANYTHING)
def test_an_address_is_taken_as_it_is_or_not_at_all(text: str) -> None:
    if is_address(text):
        assert ox.NamedNode(text).value == text
    place = nearest(text)
    assert place == "" or ox.NamedNode(place[1:-1])


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=50))
def test_a_literal_gives_back_its_text(text: str) -> None:
    (quad,) = ox.parse(f"<http://a> <http://b> {literal(text)} .".encode(), format=ox.RdfFormat.TURTLE)
    kept = "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
    assert isinstance(quad.object, ox.Literal) and quad.object.value == kept


def test_a_stream_says_what_the_pages_say() -> None:
    made = [Entry(identifier=f"01D{n:05}", name=f"a-{n}", record={"title": f"表 {n}"}) for n in range(450)]
    page = triples(dcat.write_page(made, SITE, "nt"), "nt")
    for syntax in ("ttl", "nt", "n3"):
        assert triples(b"".join(dcat.stream(iter(made), SITE, syntax)), syntax) == page


def test_a_table_is_offered_in_three_formats_and_read_as_one_resource() -> None:
    table = {"id": "01R", "table_id": "01T", "name": "站点", "format": "CSV", "sha256": "ab" * 32, "bytes": 7}
    entry = Entry(identifier="01D", name="stops", record={"title": "公交站点"}, resources=[table])
    text = dcat.write(entry, SITE, "ttl").decode()
    for code in ("csv", "xlsx", "json"):
        assert f"<{SITE.url}/api/v1/datasets/stops/download.{code}?resource=01R>" in text
    assert "a dcat:DataService" in text and "dcat:accessService" in text
    (reading,) = dcat.read_all(text.encode(), "ttl")
    assert reading.entry is not None
    assert reading.entry.resources == [{"name": "站点", "format": "CSV", "bytes": 7}]


def test_codes_have_the_addresses_of_their_authorities() -> None:
    record = {
        "title": "x",
        "update_frequency": "monthly",
        "themes": ["health"],
        "licence": "cc-by-4.0",
        "open_class": "unconditional",
        "languages": ["zh", "en"],
    }
    link = {"url": "https://x.example/a.csv", "format": "CSV"}
    text = dcat.write(Entry(identifier="1", name="n", record=record, resources=[link]), SITE, "nt").decode()
    eu = "http://publications.europa.eu/resource/authority"
    for place in (
        f"{eu}/frequency/MONTHLY",
        f"{eu}/data-theme/HEAL",
        f"{eu}/access-right/PUBLIC",
        f"{eu}/language/ZHO",
        f"{eu}/language/ENG",
        f"{eu}/file-type/CSV",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://www.iana.org/assignments/media-types/text/csv",
    ):
        assert f"<{place}>" in text


def test_a_condition_of_opening_is_an_offer_in_odrl() -> None:
    record = {"title": "x", "open_class": "conditional", "open_condition": "须实名申请"}
    text = dcat.write(Entry(identifier="1", name="n", record=record), SITE, "ttl").decode()
    assert "odrl:hasPolicy" in text and "a odrl:Permission" in text and "须实名申请" in text
