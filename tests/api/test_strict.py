"""What is asked of a file is heeded or refused: HEAD makes nothing, tags are compared, no word is ignored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from kaishu import access, catalogue, discovery
from kaishu.access import TERMINAL, Call
from kaishu.api.catalog.forms import preferred
from kaishu.base import clock, ids
from kaishu.crosswalk import datajson, dcat
from kaishu.db import session_scope
from kaishu.ledger.tally import _counts as tallies
from tests.api.seeding import Site, record
from tests.api.test_ckan import failure, result

STREAMS = ["/data.json", "/catalog.ttl?page=all", "/sitemap-1.xml", "/dataset/stations/datapackage.zip"]
ROWS = "/api/v1/datasets/stations/rows.csv"


@pytest.mark.parametrize(
    "path", [*STREAMS, ROWS, "/datastore/dump/{stations}", "/datastore/dump/{stations}?format=json"]
)
def test_head_has_the_headers_of_a_stream_and_makes_none_of_it(
    client: TestClient, site: Site, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path.format(stations=site.resources["stations"])
    whole = client.get(path)
    tallies.clear()

    def made(*args: object, **named: object) -> Iterator[bytes]:
        raise AssertionError("it was made")
        yield b""

    for home, name in ((datajson, "write_all"), (dcat, "stream")):
        monkeypatch.setattr(home, name, made)
    monkeypatch.setattr("kaishu.api.feeds.sitemaps._datasets", made)
    monkeypatch.setattr("kaishu.api.feeds.packages.zipped", made)
    monkeypatch.setattr("kaishu.delivery.downloads._whole", made)
    monkeypatch.setattr("kaishu.delivery.downloads.selected", made)
    head = client.head(path)
    assert head.status_code == 200
    assert not head.content
    for name in ("content-type", "etag", "content-disposition"):
        assert head.headers.get(name) == whole.headers.get(name)
    assert not [key for key in tallies if key.action == "delivery.download"]


def test_who_has_a_dump_already_gets_it_no_second_time(client: TestClient, site: Site) -> None:
    path = f"/datastore/dump/{site.resources['stations']}"
    tag = client.get(path).headers["etag"]
    tallies.clear()
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{path}?limit=2", headers={"if-none-match": tag}).status_code == 200
    assert [count for key, count in tallies.items() if key.action == "delivery.download"] == [1]


@pytest.mark.parametrize(
    "path", ["/api/v1/datasets/stations/download.csv", "/dataset/stations/datapackage.zip"]
)
def test_asking_whether_a_file_is_another_is_no_download(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    tallies.clear()
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    client.head(path)
    assert not [key for key in tallies if key.action == "delivery.download"]
    client.get(path)
    assert [count for key, count in tallies.items() if key.action == "delivery.download"] == [1]


def test_a_dump_refuses_what_it_cannot_do_and_passes_over_words_that_ckan_has_not(
    client: TestClient, site: Site
) -> None:
    place = f"/datastore/dump/{site.resources['stations']}"
    refused = client.get(f"{place}?distinct=1&fields=区县")
    assert refused.status_code == 409
    assert refused.json()["error"]["distinct"]
    assert client.get(f"{place}?_=1732200000").text == client.get(place).text


def test_data_json_is_another_when_a_department_is_called_otherwise(client: TestClient, site: Site) -> None:
    before = client.get("/data.json")
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        access.revise_office(call, "transport", title="交通运输局")
    after = client.get("/data.json", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "交通运输局" in after.text


def test_media_types_are_the_same_in_capitals() -> None:
    assert preferred("Text/Turtle") == preferred("TEXT/TURTLE;Q=0.9, text/html;q=0.5") == "ttl"


WRONG = [
    ({"limit": -1}, "limit"),
    ({"include_total": "maybe"}, "include_total"),
    ({"filters": "x"}, "filters"),
    ({"filters": {"没有": 1}}, "filters"),
    ({"filters": {"客流": "多"}}, "filters"),
    ({"sort": "没有"}, "sort"),
    ({"fields": "没有"}, "fields"),
    ({"q": ["站"]}, "q"),
    ({"q": {"没有": "x"}}, "q"),
]


@pytest.mark.parametrize(("asked", "field"), WRONG, ids=str)
def test_a_wrong_argument_for_rows_is_named(
    client: TestClient, site: Site, asked: dict[str, object], field: str
) -> None:
    error = failure(client, "datastore_search", 409, resource_id=site.resources["stations"], **asked)
    assert set(error) - {"__type", "message"} == {field}


def test_wrong_sql_is_named_as_the_query(client: TestClient, site: Site) -> None:
    for sql in ("select 校长 from stations", "select from ("):
        assert "query" in failure(client, "datastore_search_sql", 409, sql=sql)
    assert result(client, "datastore_search_sql", sql="select 1")["records"]


def test_packages_without_a_licence_are_found_by_what_they_show(client: TestClient, site: Site) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        catalogue.add_dataset(
            call,
            record=record("没有许可", licence="", open_class="none", open_condition="涉及个人信息"),
            office="transport",
            name="bare",
        )
        catalogue.publish(call, "bare")
    discovery.refresh()
    shown = result(client, "package_show", id="bare")["license_id"]
    for asked in (shown, f'"{shown}"'):
        found = result(client, "package_search", fq=f"license_id:{asked}")["results"]
        assert "bare" in [each["name"] for each in found]
    assert "bare" not in [
        each["name"] for each in result(client, "package_search", fq=f"-license_id:{shown}")["results"]
    ]


HIDDEN = ["resource_show", "datastore_search", "datastore_info", "resource_view_list"]


@pytest.mark.parametrize("name", HIDDEN)
def test_a_resource_not_to_be_seen_names_no_dataset(client: TestClient, site: Site, name: str) -> None:
    hidden = failure(client, name, 404, id=site.resources["hidden"])
    unknown = failure(client, name, 404, id="01" + "0" * 24)
    assert hidden["message"].replace(site.resources["hidden"], "01" + "0" * 24) == unknown["message"]
    sent = {"resource_id": site.resources["hidden"], "records": []}
    written = client.post("/api/3/action/datastore_upsert", json=sent, headers=site.header("other"))
    assert written.status_code == 404
    assert site.datasets.get("hidden", "-") not in written.text
