"""Drafts, what is in review and what was withdrawn, found by those who may see them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import catalogue, discovery
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.api.seeding import Site, dataset
from tests.api.test_ckan import ACTION

ALL = {"include_private": True, "include_drafts": True, "include_deleted": True}
UNPUBLISHED = {"hidden", "b-draft", "reviewed", "withdrawn", "z-other"}
PUBLISHED = {"stations", "schools", "closed"}


@pytest.fixture(scope="module")
def mixed(site: Site) -> Site:
    """The small site with a draft more, one in review, one withdrawn, and a draft of the other office."""
    csv = "甲\n1\n"
    dataset(site, "b-draft", "桥梁草稿", csv, publish=False, spatial_code="110105")
    dataset(site, "reviewed", "桥梁待审", csv, publish=False)
    dataset(site, "withdrawn", "桥梁旧表", csv)
    dataset(site, "z-other", "别部门草稿", csv, office="education", publish=False)
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        catalogue.submit(call, "reviewed")
        catalogue.withdraw(call, "withdrawn", "旧了")
    discovery.refresh()
    return site


def ask(client: TestClient, site: Site, account: str, /, **arguments: Any) -> dict[str, Any]:
    headers = site.header(account) if account else {}
    answer = client.post(f"{ACTION}package_search", json=arguments, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["result"])


def names(found: dict[str, Any]) -> list[str]:
    return [each["name"] for each in found["results"]]


@pytest.mark.parametrize(
    ("account", "seen"),
    [
        ("", set()),
        ("steward", UNPUBLISHED - {"z-other"}),
        ("other", {"z-other"}),
        ("reviewer", UNPUBLISHED),
        ("admin", UNPUBLISHED),
    ],
)
def test_everybody_finds_what_they_may_see(
    client: TestClient, mixed: Site, account: str, seen: set[str]
) -> None:
    found = ask(client, mixed, account, **ALL)
    assert set(names(found)) == PUBLISHED | seen
    assert found["count"] == len(PUBLISHED | seen)
    assert set(names(ask(client, mixed, account))) == PUBLISHED
    for each in found["results"]:
        shown = client.get(
            f"{ACTION}package_show?id={each['name']}", headers=mixed.header(account) if account else {}
        ).json()["result"]
        assert (shown["state"], shown["private"]) == (each["state"], each["private"])
    for hidden in UNPUBLISHED - seen:
        answer = client.post(
            f"{ACTION}package_show",
            json={"id": hidden},
            headers=mixed.header(account) if account else {},
        )
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"include_drafts": True, "fq": "state:draft"}, {"hidden", "b-draft", "reviewed"}),
        ({"include_private": True, "fq": "+private:true"}, {"hidden", "b-draft", "reviewed"}),
        ({"include_deleted": True, "fq": "state:deleted"}, {"withdrawn"}),
        ({"include_deleted": True, "fq": "state:active"}, PUBLISHED),
        ({**ALL, "q": "桥梁"}, {"b-draft", "reviewed", "withdrawn"}),
        ({**ALL, "q": "桥梁 -name:b-draft"}, {"reviewed", "withdrawn"}),
        ({**ALL, "fq": "title:桥梁 AND NOT state:deleted"}, {"b-draft", "reviewed"}),
        ({**ALL, "fq": "name:(b* OR stations)"}, {"b-draft", "stations"}),
        ({**ALL, "fq": "name:[r TO sd]"}, {"reviewed", "schools"}),
        ({**ALL, "fq": "spatial_code:110000"}, {"b-draft"}),
        ({**ALL, "fq": "organization:education res_format:CSV"}, {"schools"}),
        ({**ALL, "fq": "metadata_modified:[* TO 2020-01-01]"}, set()),
        ({**ALL, "fq": "tags:桥梁待审"}, {"reviewed"}),
    ],
)
def test_queries_mean_the_same(
    client: TestClient, mixed: Site, arguments: dict[str, Any], wanted: set[str]
) -> None:
    found = ask(client, mixed, "steward", **arguments)
    assert set(names(found)) == wanted
    assert found["count"] == len(wanted)


@pytest.mark.parametrize("way", ["asc", "desc"])
@pytest.mark.parametrize("order", ["id", "name", "metadata_created", "metadata_modified", "title"])
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_are_stable_ordered_and_complete(
    client: TestClient, mixed: Site, order: str, way: str, rows: int
) -> None:
    seen: list[dict[str, Any]] = []
    for start in range(0, 9, rows):
        sort = f"{order} {way}"
        seen += ask(client, mixed, "admin", **ALL, rows=rows, start=start, sort=sort)["results"]
    assert sorted(each["name"] for each in seen) == sorted(PUBLISHED | UNPUBLISHED)
    if order != "title":  # there, what is not published stands first
        keys = [each[order] for each in seen]
        assert keys == sorted(keys, reverse=way == "desc")


def test_facets_count_both_kinds(client: TestClient, mixed: Site) -> None:
    fields = ["organization", "res_format"]
    found = ask(client, mixed, "admin", **ALL, **{"facet.field": fields, "facet.limit": 1}, rows=0)
    assert found["results"] == [] and found["count"] == 8
    assert found["facets"]["organization"] == {"transport": 6}
    assert found["facets"]["res_format"] == {"CSV": 8}
