"""Records sent for a table are all there afterwards as they were meant, or none of them is."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import ACTION

ALIKE = [
    ("timestamp", "2020-02-28T10:00:00Z", "2020-02-28T10:00:00"),
    ("timestamp", "2020-02-28 10:00:00.25+00:00", "2020-02-28T10:00:00.250"),
    ("timestamptz", "2020-02-28T10:00:00+08:00", "2020-02-28T10:00:00"),
    ("timestamp", "2020-02-28", "2020-02-28T00:00:00"),
    ("int", " 12 ", 12),
    ("int", "+7", 7),
    ("numeric", ".5", 0.5),
    ("numeric", "1e3", 1000.0),
]


def made(client: TestClient, site: Site, kind: str, *values: Any) -> Any:
    sent = {
        "resource": {"package_id": "stations", "name": "值"},
        "fields": [{"id": "v", "type": kind}],
        "records": [{"v": value} for value in values],
    }
    return client.post(f"{ACTION}datastore_create", json=sent, headers=site.header("steward"))


@pytest.mark.parametrize(("kind", "sent", "kept"), ALIKE)
def test_a_value_is_kept_as_it_was_meant(
    client: TestClient, site: Site, kind: str, sent: str, kept: object
) -> None:
    answer = made(client, site, kind, sent, None)
    assert answer.status_code == 200, answer.text
    asked = {"resource_id": answer.json()["result"]["resource_id"]}
    found = client.post(f"{ACTION}datastore_search", json=asked, headers=site.header("steward")).json()
    assert [row["v"] for row in found["result"]["records"]] == [kept, None]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("int", "1_000"), ("int", "٣"), ("numeric", "1_0.5"), ("numeric", "١٫٥"), ("numeric", "0x10")],
)
def test_what_no_database_takes_for_a_number_is_named(
    client: TestClient, site: Site, kind: str, wrong: str
) -> None:
    answer = made(client, site, kind, "1", wrong)
    assert answer.status_code == 409
    assert "record 2" in str(answer.json()["error"]["records"])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *[(kind, f"{year}-01-01") for kind in ("date", "timestamp") for year in ("0001", "1500", "9999")],
        ("timestamp", "2020-02-28T10:00:00.123456"),
        ("numeric", "1e308"),
        ("int", -(2**63)),
        ("text", "a\x00b\n"),
        ("text", "\u2028\ufeff"),
    ],
)
def test_a_value_at_the_edge_is_kept_or_refused(
    client: TestClient, site: Site, kind: str, value: Any
) -> None:
    answer = made(client, site, kind, value)
    if answer.status_code != 200:
        assert answer.status_code == 409
        assert answer.json()["error"]["records"]
        return
    asked = {"resource_id": answer.json()["result"]["resource_id"]}
    found = client.post(f"{ACTION}datastore_search", json=asked, headers=site.header("steward")).json()
    (row,) = found["result"]["records"]
    assert row["v"] == value if kind == "text" else row["v"] is not None
