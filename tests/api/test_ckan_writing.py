"""Everything that CKAN's clients write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kaishu.db import session_scope
from kaishu.ledger.models import Entry
from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, failure, package, result

Ask = Callable[..., Any]


@pytest.fixture
def admin(client: TestClient, site: Site) -> Ask:
    """What an action gives the administrator."""

    def ask(name: str, /, **arguments: Any) -> Any:
        answer = client.post(f"{ACTION}{name}", json=arguments, headers=site.header("admin"))
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    return ask


@pytest.fixture
def steward(client: TestClient, site: Site) -> Ask:
    """What an action gives a steward, error or not."""

    def ask(name: str, /, **arguments: Any) -> Any:
        answer = client.post(f"{ACTION}{name}", json=arguments, headers=site.header("steward"))
        return answer.json().get("result", answer.json())

    return ask


LINKS = [
    {"url": "https://example.org/a.csv", "format": "CSV", "name": "甲"},
    {"url": "https://example.org/b.xlsx", "format": "XLSX", "name": "乙"},
]


def test_an_update_replaces_all_that_is_said(admin: Ask) -> None:
    made = admin("package_create", **package("whole", resources=LINKS))
    first, second = made["resources"]
    changed = {**made, "title": "新题目", "resources": [{**second, "name": "丙"}, {"url": "https://e.org/c"}]}
    after = admin("package_update", **changed)
    assert after["title"] == "新题目" and after["state"] == "active"
    assert [each["name"] for each in after["resources"]] == ["丙", "c"]
    assert after["resources"][0]["id"] == second["id"] != first["id"]
    emptied = admin("package_update", **{**after, "resources": [], "url": ""})
    assert emptied["resources"] == []


def test_a_patch_changes_only_what_is_given(admin: Ask) -> None:
    made = admin("package_create", **package("part", resources=LINKS, mood="good"))
    after = admin("package_patch", id="part", notes="换了一个足够长的摘要说明。")
    assert after["notes"] == "换了一个足够长的摘要说明。"
    same = {"notes", "metadata_modified", "review"}
    assert {k: v for k, v in after.items() if k not in same} == {
        k: v for k, v in made.items() if k not in same
    }


def test_a_shown_dataset_sent_back_unchanged_is_unchanged(client: TestClient, admin: Ask) -> None:
    before = result(client, "package_show", id="stations")
    admin("package_update", **before)
    after = result(client, "package_show", id="stations")
    assert after["resources"] == before["resources"]
    assert {k: v for k, v in after.items() if k != "metadata_modified"} == {
        k: v for k, v in before.items() if k != "metadata_modified"
    }
    assert after["resources"][0]["datastore_active"] is True


def test_a_stewards_change_waits_for_review(client: TestClient, steward: Ask) -> None:
    changed = steward("package_patch", id="stations", title="另一个题目")
    assert changed["title"] == "另一个题目" and changed["review"]["state"] == "draft"
    assert result(client, "package_show", id="stations")["title"] != "另一个题目"


def test_a_steward_changes_only_datasets_of_the_own_office(steward: Ask) -> None:
    for name, more in (("package_patch", {"title": "x"}), ("package_delete", {})):
        assert steward(name, id="schools", **more)["error"]["__type"] == "Authorization Error"


def test_what_is_deleted_is_gone_for_visitors(client: TestClient, admin: Ask) -> None:
    admin("package_delete", id="stations")
    assert failure(client, "package_show", 404, id="stations")["__type"] == "Not Found Error"
    draft = admin("package_create", **package("given-up", private=True))
    admin("package_delete", id=draft["id"])
    assert admin("package_show", id="given-up")["state"] == "deleted"
    assert failure(client, "dataset_purge", 409, id="stations")["id"]


def test_resources_are_changed_arranged_and_removed(client: TestClient, admin: Ask) -> None:
    first, second = admin("package_create", **package("links", resources=LINKS))["resources"]
    patched = admin("resource_patch", id=first["id"], description="说明")
    assert (patched["name"], patched["description"]) == ("甲", "说明")
    updated = admin("resource_update", id=first["id"], url="https://example.org/new.csv")
    assert (updated["url"], updated["description"]) == ("https://example.org/new.csv", "")
    assert admin("package_resource_reorder", id="links", order=[second["id"]])["order"][0] == second["id"]
    shown = result(client, "package_show", id="links")
    assert [each["id"] for each in shown["resources"]] == [second["id"], first["id"]]
    admin("resource_delete", id=second["id"])
    assert [r["id"] for r in result(client, "package_show", id="links")["resources"]] == [first["id"]]
    assert failure(client, "resource_show", 404, id=second["id"])


def test_an_upload_to_a_table_is_its_next_version(client: TestClient, site: Site) -> None:
    sent = client.post(
        f"{ACTION}resource_patch",
        data={"id": site.resources["schools"]},
        files={"upload": ("学校.csv", "学校,学生数\n一中,1300\n".encode())},
        headers=site.header("admin"),
    )
    assert sent.status_code == 200, sent.text
    assert sent.json()["result"]["version"] == 2
    assert result(client, "datastore_search", resource_id=site.resources["schools"])["total"] == 1


def test_many_are_hidden_and_shown_together(client: TestClient, site: Site, admin: Ask) -> None:
    wanted = [site.datasets["stations"], site.datasets["closed"]]
    admin("bulk_update_private", org_id="transport", datasets=wanted)
    assert failure(client, "package_show", 404, id="stations")
    admin("bulk_update_public", org_id="transport", datasets=wanted)
    assert result(client, "package_show", id="stations")["state"] == "active"
    mixed = [*wanted, site.datasets["schools"]]
    answer = client.post(
        f"{ACTION}bulk_update_delete",
        json={"org_id": "transport", "datasets": mixed},
        headers=site.header("admin"),
    )
    assert answer.status_code == 409
    assert result(client, "package_show", id="stations")["state"] == "active"


def test_departments_are_added_and_changed_not_deleted(client: TestClient, site: Site, admin: Ask) -> None:
    made = admin("organization_create", name="water", title="水务局", code="11000009")
    assert result(client, "organization_show", id="water")["title"] == "水务局"
    assert admin("organization_patch", id=made["id"], description="管水")["description"] == "管水"
    assert admin("organization_update", id="water", title="水利局")["description"] == ""
    sent = {"json": {"id": "water"}, "headers": site.header("admin")}
    assert client.post(f"{ACTION}organization_delete", **sent).status_code == 409
    assert failure(client, "organization_create", 403, name="x", title="y")
    assert failure(client, "group_create", 409, name="x")


def test_accounts_are_kept_by_whoever_may(client: TestClient, site: Site, admin: Ask) -> None:
    made = admin("user_create", name="lisi", password="changmima-2026", fullname="李四")
    assert made["state"] == "active" and "password" not in made
    assert admin("user_update", id="lisi", fullname="李思")["fullname"] == "李思"
    admin("user_delete", id="lisi")
    assert admin("user_show", id="lisi")["state"] == "deleted"
    assert "lisi" in [each["name"] for each in admin("user_list")]
    assert failure(client, "user_list", 403)
    own = client.post(f"{ACTION}user_show", json={}, headers=site.header("steward")).json()["result"]
    assert own["name"] == "steward"
    other = client.post(f"{ACTION}user_show", json={"id": "lisi"}, headers=site.header("steward"))
    assert other.status_code == 404


def test_tokens_are_listed_and_ended(client: TestClient, site: Site) -> None:
    headers = site.header("steward")
    tokens = client.post(f"{ACTION}api_token_list", json={}, headers=headers).json()["result"]
    assert len(tokens) == 1 and "key" not in tokens[0]
    made = client.post(f"{ACTION}api_token_create", json={"name": "x", "user": "steward"}, headers=headers)
    second = {"authorization": made.json()["result"]["token"]}
    me = [client.get("/api/v1/me", headers=each).json() for each in (headers, second)]
    assert me[0]["permissions"] == me[1]["permissions"] and me[0]["office"] == me[1]["office"]
    with session_scope(write=False) as session:
        entry = session.scalars(
            select(Entry).where(Entry.action == "access.token.issue").order_by(Entry.number.desc()).limit(1)
        ).one()
    assert (entry.actor_kind, entry.facts) == ("application", {"application": "x"})
    for refused in ({"name": "y", "user": "admin"}, {"name": "y", "expires_in": 1}, {}):
        answer = client.post(f"{ACTION}api_token_create", json=refused, headers=second)
        assert answer.status_code in (404, 409), refused
    (newest, _) = client.post(f"{ACTION}api_token_list", json={}, headers=second).json()["result"]
    ended = client.post(f"{ACTION}api_token_revoke", json={"jti": newest["id"]}, headers=headers)
    assert ended.status_code == 200 and newest["name"] == "x"
    assert client.post(f"{ACTION}api_token_list", json={}, headers=second).status_code == 403
    sent = {"json": {"token": headers["authorization"]}, "headers": headers}
    assert client.post(f"{ACTION}api_token_revoke", **sent).status_code == 200


def test_lists_and_words_to_choose_from(client: TestClient, site: Site) -> None:
    names = {each["name"] for each in result(client, "current_package_list_with_resources")}
    assert {"stations", "schools", "closed"} <= names and "hidden" not in names
    theme = result(client, "package_show", id="stations")["groups"][0]["name"]
    shown = result(client, "group_package_show", id=theme)
    assert {"stations", "schools", "closed"} <= {each["name"] for each in shown}
    assert result(client, "group_show", id=theme, include_datasets=True)["package_count"] == len(shown)
    assert result(client, "tag_show", id="地铁车站", include_datasets=True)["packages"]
    assert result(client, "tag_search", query="地铁")["count"] == 1
    assert "cc-by" in [each["id"] for each in result(client, "license_list")]
    assert result(client, "resource_view_list", id=site.resources["stations"]) == []
    assert result(client, "vocabulary_list") == []
    assert "stations" in [each["name"] for each in result(client, "package_autocomplete", q="地铁")]
    assert result(client, "organization_autocomplete", q="交通")[0]["name"] == "transport"
    assert result(client, "format_autocomplete", q="cs") == ["csv"]
    assert [site.datasets["stations"], "package", "public"] in result(client, "member_list", id="transport")
    assert result(client, "organization_list_for_user") == []


def test_resources_are_searched_by_field(client: TestClient, admin: Ask) -> None:
    links = [{"url": "https://found.org/a", "name": "此"}, {"url": "https://found.org/b", "format": "CSV"}]
    admin("package_create", **package("searched", resources=links))
    assert result(client, "resource_search", query="url:found.org/b")["count"] == 1
    both = result(client, "resource_search", query=["url:FOUND.org", "format:csv"])
    assert [each["url"] for each in both["results"]] == ["https://found.org/b"]
    assert result(client, "resource_search", query='name:"', limit=1)["count"] == 0
    assert failure(client, "resource_search", 409, query="nothing")["query"]


def test_the_addresses_of_old_clients(client: TestClient) -> None:
    assert client.get("/api/util/status").json()["ckan_version"]
    found = client.get("/api/2/util/dataset/autocomplete?incomplete=地铁").json()
    assert found["ResultSet"]["Result"][0]["name"] == "stations"
    assert client.get("/api/2/util/tag/autocomplete?incomplete=地铁").json()["ResultSet"]["Result"]
    assert client.get("/api/2/util/organization/autocomplete?q=交通").json()[0]["name"] == "transport"
    assert client.get("/api/2/util/nothing/autocomplete?q=x").status_code == 400


def test_a_dataset_moved_from_another_portal_keeps_its_id(client: TestClient, site: Site, admin: Ask) -> None:
    brought = "3f0c9a2e-7b1d-4c55-9a11-0d6f2b7c8e90"
    made = admin("package_create", **package("moved", id=brought, resources=LINKS))
    assert made["id"] == brought == made["resources"][0]["package_id"]
    assert result(client, "package_show", id=brought)["name"] == "moved"
    (found,) = result(client, "package_search", fq=f"id:{brought}")["results"]
    assert found["id"] == brought
    assert admin("package_patch", id=brought, title="搬来的")["id"] == brought
    added = admin("resource_create", package_id=brought, url="https://example.org/c", name="丙")
    assert added["package_id"] == brought
    again = client.post(
        f"{ACTION}package_create", json=package("again", id=brought), headers=site.header("admin")
    )
    assert again.status_code == 409 and again.json()["error"]["id"]
    named = client.post(f"{ACTION}package_create", json=package(brought), headers=site.header("admin"))
    assert named.status_code == 409
    other = "7b1d9a2e-3f0c-4c55-9a11-0d6f2b7c8e90"
    sent = {"json": package("own-id", id=other, owner_org="education"), "headers": site.header("other")}
    assert client.post(f"{ACTION}package_create", **sent).json()["result"]["id"] != other
