"""Pages of other sites read by POST as CKAN's clients do; nothing of theirs is written, no cookie heeded."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import ACTION

PAGE = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}


@pytest.mark.parametrize("prefix", ["/api/3/action/", "/api/action/"])
def test_a_page_reads_by_post(client: TestClient, site: Site, prefix: str) -> None:
    leave = {
        **PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    given = client.options(f"{prefix}datastore_search", headers=leave)
    assert given.status_code == 204
    assert "POST" in given.headers["access-control-allow-methods"]
    assert "content-type" in given.headers["access-control-allow-headers"].lower()
    asked = {"resource_id": site.resources["stations"]}
    read = client.post(f"{prefix}datastore_search", json=asked, headers=PAGE)
    assert read.json()["result"]["total"] == 5
    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers


def test_a_page_writes_nothing_and_may_send_no_token(client: TestClient) -> None:
    made = client.post(f"{ACTION}package_create", json={"name": "x", "owner_org": "transport"}, headers=PAGE)
    assert made.status_code == 403
    leave = {**PAGE, "access-control-request-method": "POST"}
    allowed = client.options(f"{ACTION}package_create", headers=leave).headers["access-control-allow-headers"]
    assert "authorization" not in allowed.lower()
    elsewhere = client.options("/api/v1/datasets", headers=leave).headers["access-control-allow-methods"]
    assert "POST" not in elsewhere


def test_a_dump_is_read_by_pages_too(client: TestClient, site: Site) -> None:
    path = f"/datastore/dump/{site.resources['stations']}"
    assert client.get(path, headers=PAGE).headers["access-control-allow-origin"] == "*"
