"""Datasets over /api/v1: found, read, made, revised, reviewed."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.api.seeding import Site, record

NEW = {"office": "transport", "record": record("公交线路").model_dump(mode="json")}


def test_visitors_see_what_is_published(client: TestClient) -> None:
    answer = client.get("/api/v1/datasets")
    assert [item["name"] for item in answer.json()["items"]] == ["closed", "schools", "stations"]
    assert client.get("/api/v1/datasets/hidden").status_code == 404


def test_its_own_people_see_the_draft(client: TestClient, site: Site) -> None:
    for account, status in (("steward", 200), ("other", 404), ("reviewer", 200), ("admin", 200)):
        assert client.get("/api/v1/datasets/hidden", headers=site.header(account)).status_code == status


def test_a_list_is_paged_by_key_without_gaps(client: TestClient) -> None:
    seen: list[str] = []
    address = "/api/v1/datasets?limit=1"
    while address:
        answer = client.get(address)
        seen += [item["name"] for item in answer.json()["items"]]
        links = answer.headers.get("link", "")
        assert bool(links) == bool(answer.json()["next"])
        address = links.partition(">")[0].removeprefix("<")
    assert seen == ["closed", "schools", "stations"]
    assert client.get("/api/v1/datasets?cursor=nonsense").json()["code"] == "base.bad-cursor"


def test_words_and_filters_search(client: TestClient) -> None:
    found = client.get("/api/v1/datasets", params={"q": "地铁"}).json()
    assert [item["name"] for item in found["items"]] == ["stations"] and found["total"] == 1
    assert {facet["value"] for facet in found["facets"]["office"]}
    by_office = client.get("/api/v1/datasets", params={"office": "education"}).json()
    assert [item["name"] for item in by_office["items"]] == ["schools"]
    by_class = client.get("/api/v1/datasets", params={"open_class": "conditional"}).json()
    assert [item["name"] for item in by_class["items"]] == ["closed"]


def test_one_dataset_in_full(client: TestClient, site: Site) -> None:
    body = client.get("/api/v1/datasets/stations").json()
    assert body["title"] == "地铁车站" and body["record"]["licence"] == "cc-by-4.0"
    assert body["record"]["resource_code"].endswith("/000001")
    (resource,) = body["resources"]
    assert resource["rows"] == 5 and resource["version"] == 1
    assert [(c["name"], c["type"]) for c in resource["columns"]] == [
        ("编号", "text"),
        ("站名", "text"),
        ("区县", "text"),
        ("客流", "number"),
        ("开通日期", "date"),
        ("换乘", "boolean"),
    ]
    for address in (resource["url"], resource["rows_url"], body["url"]):
        assert client.get(address).status_code == 200


def test_a_new_dataset_goes_from_draft_to_publication(client: TestClient, site: Site) -> None:
    steward, reviewer = site.header("steward"), site.header("reviewer")
    made = client.post("/api/v1/datasets", json={**NEW, "name": "buses"}, headers=steward)
    assert made.status_code == 201 and made.json()["state"] == "draft"
    sent = client.post(
        "/api/v1/datasets/buses/files",
        files={"file": ("线路.csv", "线路,里程\n1路,10\n2路,20\n".encode("gb18030"))},
        headers=steward,
    )
    assert sent.status_code == 201 and sent.json()["encoding"] == "gb18030" and sent.json()["rows"] == 2
    assert client.post("/api/v1/datasets/buses/publish", headers=reviewer).status_code == 409
    assert client.post("/api/v1/datasets/buses/submit", headers=steward).json()["state"] == "in-review"
    assert [each["name"] for each in client.get("/api/v1/reviews", headers=reviewer).json()] == ["buses"]
    assert client.get("/api/v1/datasets/buses").status_code == 404
    back = client.post("/api/v1/datasets/buses/send-back", json={"reason": "请补英文标题"}, headers=reviewer)
    assert back.json()["state"] == "returned" and back.json()["reason"] == "请补英文标题"
    draft = client.get("/api/v1/datasets/buses/draft", headers=steward).json()["record"]
    assert [item["name"] for item in draft["items"]] == ["线路", "里程"]
    revised = {**draft, "title_en": "Bus lines"}
    assert client.put("/api/v1/datasets/buses", json=revised, headers=steward).status_code == 200
    changes = client.get("/api/v1/datasets/buses/changes", headers=reviewer).json()
    assert {"record", "item", "table"} & {change["kind"] for change in changes}
    client.post("/api/v1/datasets/buses/submit", headers=steward)
    done = client.post("/api/v1/datasets/buses/publish", json={"comment": "可以"}, headers=reviewer)
    assert done.json()["state"] == "published"
    assert client.get("/api/v1/datasets/buses").json()["title_en"] == "Bus lines"
    assert client.get("/api/v1/datasets/buses/rows?里程__gt=15").json()["total"] == 1
    actions = [
        entry["action"] for entry in client.get("/api/v1/datasets/buses/history", headers=steward).json()
    ]
    assert actions[0] == "catalogue.publish" and actions[-1] == "catalogue.add"


def test_what_is_withdrawn_stops_at_once(client: TestClient, site: Site) -> None:
    steward = site.header("steward")
    client.post("/api/v1/datasets", json={**NEW, "name": "gone"}, headers=steward)
    client.post("/api/v1/datasets/gone/files", files={"file": ("a.csv", b"a,b\n1,2\n")}, headers=steward)
    client.post("/api/v1/datasets/gone/publish", headers=site.header("admin"))
    for _ in range(3):
        assert client.get("/api/v1/datasets/gone/rows").status_code == 200
    said = {"reason": "数据有误"}
    assert client.post("/api/v1/datasets/gone/withdraw", json=said, headers=steward).status_code == 200
    assert client.get("/api/v1/datasets/gone/rows").status_code == 404
    assert client.get("/api/v1/datasets/gone/download.csv").status_code == 404


def test_an_old_name_leads_to_the_new_one(client: TestClient, site: Site) -> None:
    steward = site.header("steward")
    client.post("/api/v1/datasets", json={**NEW, "name": "first-name"}, headers=steward)
    client.post("/api/v1/datasets/first-name/publish", headers=site.header("admin"))
    client.post("/api/v1/datasets/first-name/rename", json={"name": "second-name"}, headers=steward)
    answer = client.get("/api/v1/datasets/first-name")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/api/v1/datasets/second-name")
    assert client.get(answer.headers["location"]).json()["name"] == "second-name"


def test_what_is_wrong_is_said_by_field_in_both_languages(client: TestClient, site: Site) -> None:
    bad = {**NEW["record"], "open_class": "什么", "source_url": "javascript:alert(1)", "tags": "x"}
    body = {**NEW, "record": bad}
    answer = client.post("/api/v1/datasets", json=body, headers=site.header("steward"))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} >= {"record.source_url", "record.tags"}
    body["record"] = {**NEW["record"], "open_class": "什么"}
    english = {**site.header("steward"), "accept-language": "en"}
    answer = client.post("/api/v1/datasets", json=body, headers=english)
    assert answer.json()["errors"][0]["field"] == "open_class"
    assert "code list" in answer.json()["errors"][0]["message"]


def test_a_steward_writes_for_their_own_office_only(client: TestClient, site: Site) -> None:
    answer = client.post("/api/v1/datasets", json=NEW, headers=site.header("other"))
    assert answer.status_code == 403 and answer.json()["code"] == "access.other-office"
    assert client.post("/api/v1/datasets", json=NEW).status_code == 401


def test_a_name_is_taken_once(client: TestClient, site: Site) -> None:
    answer = client.post("/api/v1/datasets", json={**NEW, "name": "stations"}, headers=site.header("steward"))
    assert answer.status_code == 409 and answer.json()["code"] == "catalogue.name-taken"
