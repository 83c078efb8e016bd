"""Rows and files over /api/v1."""

from __future__ import annotations

import io
import json

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import STATIONS, Site

ROWS = "/api/v1/datasets/stations/rows"


def names(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"{ROWS}?{query}")
    assert answer.status_code == 200, answer.text
    return [row["站名"] for row in answer.json()["rows"]]


def test_rows_with_their_columns(client: TestClient) -> None:
    answer = client.get(ROWS)
    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert body["columns"][0] == {"name": "_id", "type": "integer"}
    assert body["rows"][0] == {
        "_id": 1,
        "编号": "001",
        "站名": "西单",
        "区县": "西城区",
        "客流": 120.0,
        "开通日期": "2000-06-01",
        "换乘": True,
    }
    assert body["total"] == 5 and body["next"] is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("区县=东城区", ["东单", "崇文门, 东"]),
        ("客流__gt=70", ["西单", "东单"]),
        ("客流__isnull=true", ["崇文门, 东"]),
        ("开通日期__lt=1970-01-01&_sort=-站名", ["崇文门, 东", "五棵松"]),
        ("区县__in=海淀区,石景山区", ["五棵松", "古城"]),
        ("换乘=false&_limit=1", ["五棵松"]),
        ("_search=崇文", ["崇文门, 东"]),
        ("站名__startswith=西&编号=001", ["西单"]),
        ("_sort=-客流&_limit=2&_offset=1", ["东单", "五棵松"]),
    ],
)
def test_filters_sort_and_search(client: TestClient, query: str, wanted: list[str]) -> None:
    assert names(client, query) == wanted


def test_pages_follow_by_key(client: TestClient) -> None:
    seen, cursor = [], ""
    while True:
        body = client.get(ROWS, params={"_limit": 2, "_sort": "区县", "_cursor": cursor}).json()
        seen += [row["_id"] for row in body["rows"]]
        if not body["next"]:
            break
        cursor = body["next"]
    assert sorted(seen) == [1, 2, 3, 4, 5] and len(seen) == 5


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("没有=1", 400, "delivery.unknown-column"),
        ("客流=多", 400, "delivery.bad-value"),
        ("_nope=1", 400, "delivery.unknown-parameter"),
        ("_cursor=nonsense", 400, "base.bad-cursor"),
        ("_limit=-1", 400, "delivery.bad-parameter"),
        ("_version=99", 404, "catalogue.no-such-resource"),
        ("_version=x", 422, "base.invalid"),
        ("_resource=nope", 404, "catalogue.no-such-resource"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, query: str, status: int, code: str) -> None:
    answer = client.get(f"{ROWS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_other_forms_by_accept_or_ending(client: TestClient) -> None:
    for way in ({"url": f"{ROWS}.csv"}, {"url": ROWS, "headers": {"accept": "text/csv"}}):
        answer = client.get(**way)
        assert answer.headers["content-type"].startswith("text/csv")
        lines = answer.text.splitlines()
        assert len(lines) == 6 and "崇文门" in lines[4]
    lines = client.get(f"{ROWS}.ndjson?区县=东城区").text.splitlines()
    assert [json.loads(line)["站名"] for line in lines] == ["东单", "崇文门, 东"]
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(client.get(f"{ROWS}.parquet?_columns=站名,客流").content))
    assert table.column_names == ["站名", "客流"] and table.num_rows == 5
    assert client.get(f"{ROWS}.exe").status_code == 404
    assert client.get(ROWS, headers={"accept": "image/png"}).status_code == 406
    assert client.get(ROWS, headers={"accept": "text/html,*/*;q=0.8"}).json()["total"] == 5


def test_rows_known_already_are_not_sent_again(client: TestClient) -> None:
    tag = client.get(ROWS).headers["etag"]
    assert client.get(ROWS, headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{ROWS}?_limit=1", headers={"if-none-match": tag}).status_code == 200


def test_data_that_are_not_open_are_not_given(client: TestClient, site: Site) -> None:
    for path in ("rows", "rows.csv", "download.csv", "versions/1"):
        answer = client.get(f"/api/v1/datasets/closed/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "catalogue.not-open")
    assert client.get("/api/v1/datasets/closed").status_code == 200
    assert client.get("/api/v1/datasets/closed/rows", headers=site.header("steward")).status_code == 200
    assert client.get("/api/v1/datasets/closed/rows", headers=site.header("other")).status_code == 403
    assert client.get("/api/v1/datasets/hidden/rows").status_code == 404


def test_downloads_are_whole_and_resumable(client: TestClient) -> None:
    address = "/api/v1/datasets/stations/download.csv"
    answer = client.get(address)
    assert answer.status_code == 200
    assert [line.split(",")[0] for line in answer.text.splitlines()] == [
        line.split(",")[0] for line in STATIONS.splitlines()
    ]
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    part = client.get(address, headers={"range": "bytes=0-5", "if-range": answer.headers["etag"]})
    assert part.status_code == 206 and part.content == answer.content[:6]
    assert client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    for form in ("tsv", "xlsx", "json", "ndjson", "xml", "parquet"):
        assert client.get(f"/api/v1/datasets/stations/download.{form}").status_code == 200
    assert client.get("/api/v1/datasets/stations/download.exe").status_code == 404


def test_a_second_version_leaves_the_first_readable(client: TestClient, site: Site) -> None:
    steward, admin = site.header("steward"), site.header("admin")
    upload = client.post(
        "/api/v1/uploads", files={"file": ("站.csv", "站名,客流\n新站,007\n".encode())}, headers=steward
    ).json()
    assert [column["name"] for column in upload["plan"]["columns"]] == ["站名", "客流"]
    options = {"types": {"客流": "integer"}}
    again = client.post(f"/api/v1/uploads/{upload['id']}/plan", json=options, headers=steward).json()
    assert again["plan"]["columns"][1]["type"] == "integer"
    assert client.post(f"/api/v1/uploads/{upload['id']}/plan", json={}, headers=admin).status_code == 404
    body = {"upload": upload["id"], "resource": site.resources["stations"], "options": options}
    loaded = client.post("/api/v1/datasets/stations/versions", json=body, headers=steward)
    assert loaded.status_code == 201 and loaded.json()["number"] == 2
    assert client.get(ROWS).json()["total"] == 5
    assert client.post("/api/v1/datasets/stations/publish", headers=admin).status_code == 200
    assert client.get(ROWS).json()["total"] == 1
    assert client.get(f"{ROWS}?_version=1").json()["total"] == 5
    assert client.get("/api/v1/datasets/stations/download.csv?version=1").text.count("\n") == 6
    listed = client.get("/api/v1/datasets/stations/versions").json()
    assert [version["number"] for version in listed] == [2, 1]
    assert client.get("/api/v1/datasets/stations/versions/1/set-aside").status_code == 200


def test_reads_are_counted_together(client: TestClient, site: Site) -> None:
    from kaishu import ledger
    from kaishu.db import session_scope

    for _ in range(3):
        client.get("/api/v1/datasets/schools/rows")
    client.get("/api/v1/datasets/schools/download.csv")
    with session_scope() as session:
        ledger.flush_tallies(session)
    with session_scope(write=False) as session:
        found = ledger.entries(session, "dataset", site.datasets["schools"])
        counts = {entry.action: entry.facts["count"] for entry in found if "count" in entry.facts}
    assert counts == {"delivery.rows": 3, "delivery.download": 1}
