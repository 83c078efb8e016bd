"""The catalogue as documents: forms, pages, filters, validators, Accept, and what is refused."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from kaishu.api.catalog import forms
from kaishu.crosswalk import dcat
from tests.api.seeding import Site

DATASET = "http://www.w3.org/ns/dcat#Dataset"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def datasets(data: bytes, form: str) -> set[str]:
    """Addresses of the datasets in a document."""
    parsed = ox.parse(data, format=getattr(ox.RdfFormat, dcat.SYNTAXES[form].format))
    return {q.subject.value for q in parsed if q.predicate.value == TYPE and q.object.value == DATASET}


@pytest.mark.parametrize("form", forms.RDF)
def test_the_catalogue_is_given_in_every_syntax(client: TestClient, site: Site, form: str) -> None:
    answer = client.get(f"/catalog.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(dcat.SYNTAXES[form].media_type)
    expected = {f"http://kaishu.test/dataset/{site.datasets[n]}" for n in ("stations", "schools", "closed")}
    assert datasets(answer.content, form) == expected


@pytest.mark.parametrize("form", forms.RDF)
def test_a_dataset_is_given_by_name_and_by_id(client: TestClient, site: Site, form: str) -> None:
    by_name, by_id = (client.get(f"/dataset/{x}.{form}") for x in ("stations", site.datasets["stations"]))
    assert by_name.status_code == by_id.status_code == 200
    assert by_name.content == by_id.content
    (reading,) = dcat.read_all(by_name.content, form)
    assert reading.entry is not None
    assert reading.entry.record["title"] == "地铁车站"
    assert reading.entry.publisher.title == "交通委员会"
    assert [link["name"] for link in reading.entry.resources] == ["地铁车站表"]


def test_the_files_that_a_dataset_names_are_there(client: TestClient, site: Site) -> None:
    data = client.get("/dataset/stations.nt").content
    found = [
        q.object.value
        for q in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        if q.predicate.value.endswith("downloadURL")
    ]
    assert len(found) == 3
    for address in found:
        answer = client.get(address.removeprefix("http://kaishu.test"))
        assert answer.status_code == 200, address
    rows = [
        q.object.value
        for q in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        if q.predicate.value.endswith("endpointURL")
    ]
    assert client.get(rows[0].removeprefix("http://kaishu.test")).status_code == 200


def test_only_what_is_published_is_shown(client: TestClient, site: Site) -> None:
    answer = client.get("/dataset/hidden.ttl", headers=site.header("steward"))
    assert answer.status_code == 404
    assert answer.json()["code"] == "catalogue.no-such-dataset"
    assert "hidden" not in client.get("/catalog.ttl", headers=site.header("admin")).text
    assert "hidden" not in client.get("/catalog.ttl?page=all", headers=site.header("admin")).text


def test_both_forms_of_paging_say_the_same(client: TestClient) -> None:
    text = client.get("/catalog.ttl?q=%E5%90%8D%E5%BD%95&page=1").text
    assert "hydra:PagedCollection" in text and "hydra:PartialCollectionView" in text
    assert "hydra:totalItems" in text and "hydra:firstPage" in text and "hydra:itemsPerPage 100" in text
    assert "q=%E5%90%8D%E5%BD%95" in text, "the page's address keeps the words"


def test_a_page_beyond_the_last_is_empty_and_leads_back(client: TestClient) -> None:
    answer = client.get("/catalog.ttl?page=7")
    assert answer.status_code == 200
    assert datasets(answer.content, "ttl") == set()
    assert 'rel="prev"' in answer.headers["link"]


def test_words_filters_time_and_office_choose(client: TestClient, site: Site) -> None:
    def chosen(path: str) -> set[str]:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return {address.rpartition("/")[2] for address in datasets(answer.content, "ttl")}

    assert chosen("/catalog.ttl?q=车站") == {site.datasets["stations"]}
    assert chosen("/catalog.ttl?fq=organization:education") == {site.datasets["schools"]}
    assert chosen("/catalog.ttl?fq=organization:transport&fq=-open_class:conditional") == {
        site.datasets["stations"]
    }
    assert chosen("/organization/education/catalog.ttl") == {site.datasets["schools"]}
    assert chosen("/catalog.ttl?modified_since=2999-01-01") == set()
    assert len(chosen("/catalog.ttl?modified_since=2020-01-01T00:00:00Z")) == 3


def test_the_whole_catalogue_streams_in_the_syntaxes_of_lines(client: TestClient) -> None:
    whole = client.get("/catalog.ttl?page=all")
    assert whole.status_code == 200
    for form in forms.STREAMED:
        data = client.get(f"/catalog.{form}?page=all").content
        assert datasets(data, form) == datasets(whole.content, "ttl")
    assert client.get("/catalog.rdf?page=all").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999999999999",
        "modified_since=2020-02-30",
        "modified_since=x",
        "profiles=nothing",
        "page=all&q=x",
        "fq=nonsense:1",
        "fq=((",
        "fq=a%00b:1",
        "q=%22",
    ],
)
def test_nonsense_gets_a_problem_that_names_the_place(client: TestClient, query: str) -> None:
    answer = client.get(f"/catalog.ttl?{query}")
    assert answer.status_code in (200, 400, 409), answer.text
    if answer.status_code != 200:
        problem = answer.json()
        assert problem["status"] == answer.status_code and problem["detail"]
        assert answer.headers["access-control-allow-origin"] == "*"


def test_an_unknown_form_lists_those_there_are(client: TestClient) -> None:
    for path in ("/catalog.docx", "/dataset/stations.docx"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "ttl" in answer.json()["detail"]


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    for path in ("/catalog.ttl", "/dataset/stations.jsonld", "/context.jsonld"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304 and not again.content
    answer = client.get("/dataset/stations.ttl")
    assert answer.headers["last-modified"]
    since = {"if-modified-since": answer.headers["last-modified"]}
    assert client.get("/dataset/stations.ttl", headers=since).status_code == 304


def test_every_page_may_read_them(client: TestClient) -> None:
    answer = client.get("/catalog.ttl", headers={"origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = {"origin": "https://x.example", "access-control-request-method": "GET"}
    assert client.options("/dataset/stations.ttl", headers=asked).status_code == 204


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json;q=0.9, text/html;q=0.5", "jsonld"),
        ("application/n-triples", "nt"),
        ("text/turtle, */*;q=0.1", "ttl"),
        ("text/html, text/turtle;q=0.9", ""),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""),
        ("text/turtle;q=0", ""),
        ("text/turtle;q=nonsense", ""),
        ("", ""),
    ],
)
def test_accept_chooses_between_page_and_rdf(accept: str, form: str) -> None:
    assert forms.preferred(accept) == form


def test_the_addresses_of_pages_answer_programs_in_rdf(client: TestClient, site: Site) -> None:
    turtle = {"accept": "text/turtle"}
    for path in ("/dataset/stations", "/datasets/stations", f"/dataset/{site.datasets['stations']}"):
        answer = client.get(path, headers=turtle)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/turtle")
        assert "Accept" in answer.headers["vary"]
        assert answer.headers["content-location"] == "/dataset/stations.ttl"
    for path in ("/", "/datasets?q=车站"):
        assert client.get(path, headers=turtle).headers["content-type"].startswith("text/turtle")


def test_addresses_of_other_portals_lead_to_a_form(client: TestClient) -> None:
    assert client.get("/catalog?page=2").headers["location"] == "/catalog.rdf?page=2"
    assert client.get("/dataset/stations/rdf", headers={"accept": "text/turtle"}).headers["location"] == (
        "/dataset/stations.ttl"
    )


def test_the_table_holds_the_core_items(client: TestClient) -> None:
    answer = client.get("/catalog.csv?bom=1")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["信息资源名称"] for row in rows} == {"地铁车站", "学校名录", "受限名单"}
    one = next(row for row in rows if row["信息资源名称"] == "地铁车站")
    assert one["信息资源提供方"] == "交通委员会" and one["更新周期"] == "每月"
    assert "站名" in one["信息项信息"]


def test_the_list_holds_packages(client: TestClient) -> None:
    body = client.get("/catalog.json").json()
    assert body["count"] == 3 and body["next"] is None
    assert {each["name"] for each in body["results"]} == {"stations", "schools", "closed"}


def test_our_namespace_explains_itself(client: TestClient) -> None:
    page = client.get("/ns")
    assert page.headers["content-type"].startswith("text/html") and "kaishu:shareClass" in page.text
    data = client.get("/ns", headers={"accept": "text/turtle"}).content
    known = {q.subject.value for q in ox.parse(data, format=ox.RdfFormat.TURTLE)}
    used = ox.parse(client.get("/catalog.nt").content, format=ox.RdfFormat.N_TRIPLES)
    own = {q.predicate.value for q in used if q.predicate.value.startswith("https://kaishu.dev/ns#")}
    assert own and own <= known
    assert json.loads(client.get("/context.jsonld").content)["@context"]["dcat"]


def test_people_still_get_their_pages(site: Site) -> None:
    from starlette.applications import Starlette

    from kaishu import api, http, web

    app = Starlette()
    api.mount(app)
    web.mount(app)
    http.install(app)
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    with TestClient(app, base_url="http://kaishu.test", follow_redirects=False) as client:
        page = client.get("/datasets/stations", headers=browser)
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        assert "Accept" in page.headers["vary"]
        assert client.get("/dataset/stations", headers=browser).headers["location"] == "/datasets/stations"
        assert (
            client.get("/dataset/stations.ttl", headers=browser)
            .headers["content-type"]
            .startswith("text/turtle")
        )
        assert client.get("/", headers=browser).headers["content-type"].startswith("text/html")
