"""data.json, packages, every standard, site maps and Atom, as their real clients read them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from frictionless import Package
from starlette.testclient import TestClient

from kaishu.api.feeds import sitemaps
from kaishu.api.feeds.documents import FORMS
from kaishu.crosswalk import datajson
from tests.api.seeding import Site

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_data_json_lists_what_is_published(client: TestClient, site: Site) -> None:
    answer = client.get("/data.json")
    found = answer.json()
    assert found["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert {each["title"] for each in found["dataset"]} == {"地铁车站", "学校名录", "受限名单"}
    needed = {"title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier"}
    assert all(needed | {"accessLevel"} <= set(each) for each in found["dataset"])
    assert {each["accessLevel"] for each in found["dataset"]} == {"public", "restricted public"}
    assert all(reading.entry and not reading.notes for reading in datajson.read_all(answer.content))
    assert answer.headers["access-control-allow-origin"] == "*"
    again = client.get("/data.json", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("document", FORMS)
def test_a_dataset_is_given_in_every_standard(client: TestClient, site: Site, document: str) -> None:
    for wanted in ("stations", site.datasets["stations"], "closed"):
        answer = client.get(f"/dataset/{wanted}/{document}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(FORMS[document].media_type.partition(";")[0])
        etag = {"if-none-match": answer.headers["etag"]}
        assert client.get(f"/dataset/{wanted}/{document}", headers=etag).status_code == 304
    assert client.get(f"/dataset/hidden/{document}").status_code == 404


def test_what_is_not_there_is_said_as_a_problem(client: TestClient, site: Site) -> None:
    for path in (
        "/dataset/nothing/datapackage.json",
        "/dataset/stations/strange.json",
        "/dataset/nothing/datapackage.zip",
        "/feeds/organization/nobody.atom",
        "/feeds/group/nothing.atom",
        "/sitemap-77.xml",
        "/sitemap-x.xml",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/feeds/datasets.atom?page=x").status_code in (400, 422)


@pytest.mark.parametrize("document", ["schema.jsonld", "croissant.jsonld"])
def test_linked_data_is_parsed_without_fetching_anything(
    client: TestClient, site: Site, document: str
) -> None:
    data = client.get(f"/dataset/stations/{document}").content
    quads = list(ox.parse(data, format=ox.RdfFormat.JSON_LD))
    types = {quad.object.value for quad in quads if quad.predicate.value.endswith("#type")}
    assert "https://schema.org/Dataset" in types
    assert any(quad.object.value == "地铁车站" for quad in quads)


def test_croissant_says_each_field_and_where_it_is(client: TestClient, site: Site) -> None:
    found = client.get("/dataset/stations/croissant.jsonld").json()
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    (file,) = found["distribution"]
    fields = found["recordSet"][0]["field"]
    assert [each["source"]["extract"]["column"] for each in fields][:2] == ["编号", "站名"]
    assert {each["source"]["fileObject"]["@id"] for each in fields} == {file["@id"]}
    assert client.get(file["contentUrl"]).text.startswith("编号,站名")


def test_frictionless_reads_the_descriptor_and_finds_it_valid(client: TestClient, site: Site) -> None:
    found = client.get("/dataset/stations/datapackage.json").json()
    assert Package.metadata_validate(found) is not None
    assert list(Package.metadata_validate(found)) == []
    kinds = {each["name"]: each["type"] for each in found["resources"][0]["schema"]["fields"]}
    assert kinds["客流"] == "number"
    assert kinds["换乘"] == "boolean"


def test_frictionless_reads_the_zip_and_finds_every_row_valid(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    answer = client.get("/dataset/stations/datapackage.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    package = Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note"])
    rows = package.resources[0].read_rows()
    assert len(rows) == 5
    assert rows[3]["站名"] == "崇文门, 东"
    again = client.get("/dataset/stations/datapackage.zip", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_who_may_not_read_the_rows_gets_the_descriptor_alone(client: TestClient, site: Site) -> None:
    def names(headers: dict[str, str]) -> list[str]:
        answer = client.get("/dataset/closed/datapackage.zip", headers=headers)
        return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()

    assert names({}) == ["datapackage.json"]
    assert len(names(site.header("steward"))) == 2


def test_a_csv_says_where_its_metadata_is(client: TestClient, site: Site) -> None:
    answer = client.get("/api/v1/datasets/stations/download.csv")
    link = answer.headers["link"]
    assert 'rel="describedby"; type="application/csvm+json"' in link
    described = client.get(link.partition("<")[2].partition(">")[0])
    assert described.headers["content-type"].startswith("application/csvm+json")
    found = described.json()
    assert found["@context"][0] == "http://www.w3.org/ns/csvw"
    header = answer.text.splitlines()[0].split(",")
    assert [each["titles"] for each in found["tableSchema"]["columns"]] == header
    assert client.get(found["url"]).content == answer.content
    assert client.get("/api/v1/datasets/closed/download.csv-metadata.json").status_code == 403


def test_robots_lead_to_site_maps_and_those_to_pages(client: TestClient, site: Site) -> None:
    text = client.get("/robots.txt").text
    assert "Sitemap: http://kaishu.test/sitemap.xml" in text
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag == f"{MAP}sitemapindex"
    places: list[str] = []
    for each in index.iter(f"{MAP}loc"):
        part = ElementTree.fromstring(client.get(str(each.text)).content)
        assert part.tag == f"{MAP}urlset"
        places += [str(loc.text) for loc in part.iter(f"{MAP}loc")]
    assert "http://kaishu.test/datasets/stations" in places
    assert "http://kaishu.test/offices/transport" in places
    assert not any("hidden" in place for place in places)


def test_site_maps_are_cut_where_the_protocol_says(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 2)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [str(each.text) for each in index.iter(f"{MAP}loc")][1:]
    counts = [len(list(ElementTree.fromstring(client.get(part).content))) for part in parts]
    assert counts == [2, 1]


@pytest.mark.parametrize("path", ["datasets", "organization/transport", "organization/education"])
def test_atom_has_what_the_standard_wants(client: TestClient, site: Site, path: str) -> None:
    answer = client.get(f"/feeds/{path}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    assert any(each.get("rel") == "self" for each in feed.findall(f"{ATOM}link"))
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "summary"))
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
    moments = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert moments == sorted(moments, reverse=True)


def test_a_theme_has_its_feed(client: TestClient, site: Site) -> None:
    theme = client.get("/api/v1/datasets/stations").json()["record"]["themes"][0]
    feed = ElementTree.fromstring(client.get(f"/feeds/group/{theme}.atom").content)
    assert len(feed.findall(f"{ATOM}entry")) == 3


def test_pages_of_a_feed_lead_to_each_other(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.api.feeds import atom

    monkeypatch.setattr(atom, "SIZE", 1)
    seen: list[str] = []
    address: str | None = "/feeds/datasets.atom"
    while address:
        feed = ElementTree.fromstring(client.get(address).content)
        seen += [str(each.findtext(f"{ATOM}id")) for each in feed.findall(f"{ATOM}entry")]
        following = [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "next"]
        address = following[0] if following else None
    assert len(seen) == len(set(seen)) == 3


def test_the_guide_is_a_table_for_people(client: TestClient, site: Site) -> None:
    text = client.get("/dataset/stations/guide.csv").text
    assert text.startswith("\ufeff信息资源分类,信息资源名称")
    assert json.loads(client.get("/dataset/stations/guide.json").text)["信息资源名称"] == "地铁车站"
