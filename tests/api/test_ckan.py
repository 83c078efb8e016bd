"""CKAN's action API, byte for byte where clients look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import standards
from tests.api.seeding import COMPLETE, Site

ACTION = "/api/3/action/"


def result(client: TestClient, name: str, /, **arguments: Any) -> Any:
    """What an action returns for arguments posted as JSON, as ckanapi does."""
    answer = client.post(f"/api/action/{name}", json=arguments)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True and body["help"].endswith(f"help_show?name={name}")
    return body["result"]


def failure(client: TestClient, name: str, status: int, /, **arguments: Any) -> dict[str, Any]:
    """The error of an action that must fail with this status."""
    answer = client.post(f"{ACTION}{name}", json=arguments)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["success"] is False and body["help"]
    return dict(body["error"])


def test_where_it_is(client: TestClient) -> None:
    for path in ("/api", "/api/3", "/api/3/"):
        assert client.get(path).json() == {"version": 3}
    for prefix in ("/api/action/", "/api/3/action/"):
        answer = client.get(prefix + "site_read")
        assert answer.json()["result"] is True
        assert answer.headers["content-type"].startswith("application/json")
    assert client.get(f"{ACTION}status_show").json()["result"]["site_url"] == "http://kaishu.test"
    assert "Search datasets" in client.get(f"{ACTION}help_show?name=package_search").json()["result"]


def test_an_unknown_action_is_a_bare_sentence(client: TestClient) -> None:
    for name in ("nope", "asked_of", "Action", "package_show/x"):
        answer = client.post(f"{ACTION}{name}", json={})
        assert answer.status_code == 400
        assert answer.json() == f"Bad request: Action name not known: {name}"


def test_get_is_for_reading(client: TestClient) -> None:
    for name in ("package_create", "resource_create"):
        answer = client.get(f"{ACTION}{name}")
        assert answer.status_code == 400 and "POST" in answer.json()


def test_arguments_come_in_five_ways(client: TestClient) -> None:
    wanted = result(client, "package_show", id="stations")["id"]
    post = client.post
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [
        client.get(f"{ACTION}package_show?id=stations"),
        post(f"{ACTION}package_show", json={"id": "stations"}),
        post(f"{ACTION}package_show", data={"id": "stations"}),
        post(f"{ACTION}package_show", content=b'{"id": "stations"}', headers=form),
        post(f"{ACTION}package_show", content=b"%7B%22id%22%3A+%22stations%22%7D=", headers=form),
        post(f"{ACTION}package_show", files={"id": (None, "stations")}),
        post(f"{ACTION}package_show", content=b'{"id": "stations"}'),
    ]
    assert [answer.json()["result"]["id"] for answer in answers] == [wanted] * len(answers)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff\xfe", b"{'a': 1}"])
def test_a_body_that_is_no_object_is_a_bad_request(client: TestClient, body: bytes) -> None:
    answer = client.post(f"{ACTION}package_show", content=body)
    assert answer.status_code == 400 and answer.json().startswith("Bad request")


def test_jsonp_for_plain_names_only(client: TestClient) -> None:
    answer = client.get(f"{ACTION}site_read?callback=my.call_1")
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text.startswith("/**/my.call_1({") and answer.text.endswith("});")
    for name in ("alert(1)//", "a-b", "a;b", "1a", "a" * 200):
        assert client.get(f"{ACTION}site_read", params={"callback": name}).status_code == 400
    broken = client.get(f"{ACTION}package_show?callback=f")
    assert broken.status_code == 409 and broken.text.startswith("/**/f(")


def test_errors_have_ckans_status_and_kind(client: TestClient, site: Site) -> None:
    assert failure(client, "package_show", 404, id="nope")["__type"] == "Not Found Error"
    assert failure(client, "package_show", 404, id="hidden")["message"].startswith("Not found")
    missing = failure(client, "package_show", 409)
    assert missing == {"__type": "Validation Error", "id": ["Missing value"]}
    assert failure(client, "package_create", 403, owner_org="transport")["__type"] == "Authorization Error"
    query = failure(client, "package_search", 400, fq="te?t:x")
    assert query["__type"] == "Search Query Error"
    for unusable in ("tags:[* TO *]", "metadata_modified:[2020-02-30T00:00:00Z TO *]"):
        assert failure(client, "package_search", 400, fq=unusable)["__type"] == "Search Query Error"
    closed = site.resources["closed"]
    assert failure(client, "datastore_search", 403, resource_id=closed)["__type"] == "Authorization Error"
    bad = client.post(f"{ACTION}package_show", json={"id": "x"}, headers={"authorization": "ks_wrong"})
    assert bad.status_code == 403 and bad.json()["error"]["__type"] == "Authorization Error"


#: The keys that uData's and CKAN's own harvesters read.
REQUIRED = """
    id name title notes license_id license_title license_url isopen tags num_tags metadata_created
    metadata_modified organization owner_org resources num_resources private type state author
    author_email maintainer maintainer_email extras groups relationships_as_subject
    relationships_as_object creator_user_id version url
"""
NEEDED = """
    id package_id position name description format mimetype mimetype_inner size hash created
    last_modified metadata_modified url url_type resource_type state cache_url datastore_active
"""


def test_a_dataset_has_all_that_harvesters_want(client: TestClient) -> None:
    package = result(client, "package_show", id="stations")
    assert set(REQUIRED.split()) <= set(package)
    assert package["type"] == "dataset" and package["state"] == "active" and package["private"] is False
    assert package["license_id"] == "cc-by" and package["isopen"] is True
    assert package["license_url"].startswith("https://creativecommons.org/")
    assert all(tag["id"] and tag["name"] for tag in package["tags"])
    organization = package["organization"]
    assert organization["type"] == "organization" and organization["approval_status"] == "approved"
    assert isinstance(organization["description"], str)
    (resource,) = package["resources"]
    assert set(NEEDED.split()) <= set(resource)
    assert all(resource[key] is not None for key in ("id", "position", "format", "created", "url"))
    assert resource["resource_type"] == "file" and resource["mimetype"] == "text/csv"
    assert client.get(resource["url"]).status_code == 200
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert json.loads(extras["spatial"])["type"] == "Polygon"
    assert extras["frequency"].endswith("/MONTHLY")
    assert not package["metadata_created"].endswith("Z") and "T" in package["metadata_created"]
    assert result(client, "package_show", id=package["id"]) == package
    assert result(client, "resource_show", id=resource["id"])["name"] == resource["name"]


def test_lists(client: TestClient) -> None:
    assert result(client, "package_list") == ["closed", "schools", "stations"]
    assert result(client, "package_list", limit=1, offset=1) == ["schools"]
    assert len(result(client, "package_list", limit=2**31, offset=0)) == 3  # no room is made for more
    assert result(client, "package_list", offset=2**31) == []
    assert result(client, "organization_list", sort="name asc") == ["education", "transport"]
    by_count = result(client, "organization_list", sort="package_count desc", all_fields=True)
    counts = [(each["name"], each["package_count"]) for each in by_count]
    assert counts == [("transport", 2), ("education", 1)]
    shown = result(client, "organization_show", id="transport", include_datasets=True)
    assert {package["name"] for package in shown["packages"]} == {"closed", "stations"}
    assert "packages" not in result(client, "organization_show", id="transport")
    theme = standards.vocabulary("theme").terms[0].code
    groups = result(client, "group_list", all_fields=True)
    assert {group["name"]: group["package_count"] for group in groups}[theme] == 3
    assert result(client, "tag_list", query="地铁") == ["地铁车站"]
    assert failure(client, "organization_list", 409, sort="colour")["sort"]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"q": "地铁"}, {"stations"}),
        ({"q": "*:*"}, {"closed", "schools", "stations"}),
        ({"fq": "organization:transport"}, {"closed", "stations"}),
        ({"fq": "organization:transport -open_class:conditional"}, {"stations"}),
        ({"fq": "organization:(transport OR education) AND NOT name:closed"}, {"schools", "stations"}),
        ({"fq": '+tags:"地铁车站"'}, {"stations"}),
        ({"fq_list": ["organization:transport", "open_class:unconditional"]}, {"stations"}),
        ({"fq": ["organization:transport", "res_format:CSV"]}, {"closed", "stations"}),
        ({"fq": "license_id:cc-by"}, {"closed", "schools", "stations"}),
        ({"fq": "name:s*"}, {"schools", "stations"}),
        ({"fq": "type:dataset state:active"}, {"closed", "schools", "stations"}),
        ({"fq": "state:draft"}, set()),
        ({"fq": "metadata_modified:[2020-01-01T00:00:00Z TO *]"}, {"closed", "schools", "stations"}),
        ({"fq": "metadata_modified:[* TO 2020-01-01]"}, set()),
        ({"q": "地铁 -name:stations"}, set()),
        ({"q": "organization:education"}, {"schools"}),
        ({"fq": "name:[sc TO st]"}, {"schools"}),
        ({"fq": " OR ".join(f"name:[s{i} TO s{i}z]" for i in range(50))}, set()),
    ],
)
def test_search_finds_exactly(client: TestClient, arguments: dict[str, Any], wanted: set[str]) -> None:
    found = result(client, "package_search", **arguments)
    assert {package["name"] for package in found["results"]} == wanted
    assert found["count"] == len(wanted)


@pytest.mark.parametrize(
    "arguments",
    [
        {"fq": "colour:red"},
        {"fq": "author:x"},
        {"q": "a~2"},
        {"sort": "colour asc"},
        {"sort": "title asc, id asc"},
        {"facet.field": ["colour"]},
        {"fl": "id"},
        {"fq": "metadata_modified:[yesterday TO *]"},
        {"q": "(a"},
        {"fq": " OR ".join(f"name:[{'m' * 30} TO {'q' * 30}]" for _ in range(7))},
        {"fq_list": [f"name:[{'m' * 30}{i} TO *]" for i in range(14)]},
        {"fq_list": ["tags:" + "a" * 3000] * 6},
    ],
)
def test_what_cannot_be_searched_is_refused(client: TestClient, arguments: dict[str, Any]) -> None:
    assert failure(client, "package_search", 400, **arguments)["__type"] == "Search Query Error"


def test_paging_is_stable_and_complete(client: TestClient) -> None:
    seen: list[str] = []
    for start in range(5):
        page = result(client, "package_search", rows=1, start=start, sort="id asc")
        assert page["count"] == 3
        seen += [package["id"] for package in page["results"]]
    assert seen == sorted(seen) and len(set(seen)) == 3
    down = result(client, "package_search", sort="name desc")["results"]
    assert [package["name"] for package in down] == ["stations", "schools", "closed"]
    assert result(client, "package_search", rows=0)["results"] == []


def test_facets_are_counted(client: TestClient) -> None:
    fields = json.dumps(["organization", "res_format", "license_id", "groups", "tags"])
    answer = client.get(f"{ACTION}package_search", params={"facet.field": fields, "rows": 0, "fq": "name:s*"})
    found = answer.json()["result"]
    assert found["facets"]["organization"] == {"education": 1, "transport": 1}
    assert found["facets"]["res_format"] == {"CSV": 2} and found["facets"]["license_id"] == {"cc-by": 2}
    items = found["search_facets"]["organization"]["items"]
    assert {"name": "transport", "display_name": "交通委员会", "count": 1} in items
    few = result(client, "package_search", **{"facet.field": ["organization"], "facet.limit": 1})
    assert len(few["search_facets"]["organization"]["items"]) == 1
    none = result(client, "package_search", **{"facet.field": ["organization"], "facet.mincount": 9})
    assert none["facets"]["organization"] == {}


def test_rows_of_a_table(client: TestClient, site: Site) -> None:
    resource = site.resources["stations"]
    found = result(client, "datastore_search", resource_id=resource, limit=2)
    assert found["total"] == 5 and found["total_was_estimated"] is False and found["limit"] == 2
    assert found["fields"] == [
        {"id": "_id", "type": "int"},
        {"id": "编号", "type": "text"},
        {"id": "站名", "type": "text"},
        {"id": "区县", "type": "text"},
        {"id": "客流", "type": "float"},
        {"id": "开通日期", "type": "date"},
        {"id": "换乘", "type": "bool"},
    ]
    assert found["records"][0]["站名"] == "西单" and next(iter(found["records"][0])) == "_id"
    assert "offset=2" in found["_links"]["next"]
    some = result(
        client,
        "datastore_search",
        resource_id=resource,
        filters={"区县": ["东城区", "海淀区"]},
        sort="站名 desc",
    )
    assert [row["站名"] for row in some["records"]] == ["崇文门, 东", "五棵松", "东单"]
    assert some["filters"] == {"区县": ["东城区", "海淀区"]}
    words = result(client, "datastore_search", resource_id=resource, q="崇文", fields=["站名"])
    assert words["records"] == [{"站名": "崇文门, 东"}]
    lists = result(client, "datastore_search", resource_id=resource, records_format="lists", limit=1)
    assert lists["records"][0][:3] == [1, "001", "西单"]
    text = result(client, "datastore_search", resource_id=resource, records_format="csv", offset=3, limit=1)
    assert text["records"] == '4,004,"崇文门, 东",东城区,,1969-10-01,True\n'
    tabbed = result(client, "datastore_search", resource_id=resource, records_format="tsv", limit=1)
    assert tabbed["records"].count("\t") == 6
    districts = result(client, "datastore_search", resource_id=resource, fields="区县", distinct=True)
    assert len(districts["records"]) == 4
    assert result(client, "datastore_search", resource_id=resource, limit=0)["records"] == []
    uncounted = result(client, "datastore_search", resource_id=resource, include_total=False)
    assert "total" not in uncounted
    paged = result(client, "datastore_search", resource_id=resource, limit=3, include_next_page=True)
    assert client.get(paged["next_page"]).json()["result"]["records"][0]["_id"] == 4
    assert failure(client, "datastore_search", 409, resource_id=resource, filters={"x": 1})
    assert failure(client, "datastore_search", 409, resource_id=resource, colour="red")["colour"]
    assert failure(client, "datastore_search", 404, resource_id="nope")
    info = result(client, "datastore_info", id=resource)
    assert info["meta"]["count"] == 5 and info["fields"][3]["type"] == "float"


def package(name: str, **more: Any) -> dict[str, Any]:
    extras = {key: value for key, value in COMPLETE.items() if key not in ("licence", "bbox", "contact_name")}
    extras.pop("contact_email")
    extras["format_category"] = standards.vocabulary("format-category").terms[0].code
    return {
        "name": name,
        "title": "新数据集",
        "notes": "一份由程序登记的数据集，每月更新。",
        "owner_org": "transport",
        "license_id": "cc-by",
        "maintainer": "数据处",
        "tags": [{"name": "程序"}],
        "groups": [{"name": standards.vocabulary("theme").terms[0].code}],
        "extras": [{"key": key, "value": value} for key, value in extras.items()],
        **more,
    }


def test_a_stewards_dataset_is_a_draft_and_says_so(client: TestClient, site: Site) -> None:
    sent = client.post(f"{ACTION}package_create", json=package("drafted"), headers=site.header("steward"))
    assert sent.status_code == 200, sent.text
    made = sent.json()["result"]
    assert made["state"] == "draft" and made["private"] is True and made["review"]["state"] == "draft"
    assert failure(client, "package_show", 404, id="drafted")
    shown = client.post(f"{ACTION}package_show", json={"id": "drafted"}, headers=site.header("steward"))
    assert shown.json()["result"]["state"] == "draft"


def test_who_may_publish_publishes_if_the_record_is_complete(client: TestClient, site: Site) -> None:
    admin = site.header("admin")
    link = {"url": "https://example.org/a.csv", "format": "CSV"}
    made = client.post(
        f"{ACTION}package_create", json=package("public", resources=[link]), headers=admin
    ).json()["result"]
    assert made["state"] == "active" and made["private"] is False
    assert made["resources"][0]["url"] == link["url"] and made["resources"][0]["name"] == "a.csv"
    lacking = {"name": "lacking", "title": "不全", "owner_org": "transport"}
    kept = client.post(f"{ACTION}package_create", json=lacking, headers=admin).json()["result"]
    assert kept["state"] == "draft" and "description" in kept["review"]["lacks"]
    private = client.post(f"{ACTION}package_create", json=package("mine", private=True), headers=admin)
    assert private.json()["result"]["private"] is True


def test_a_file_becomes_rows(client: TestClient, site: Site) -> None:
    admin = site.header("admin")
    client.post(f"{ACTION}package_create", json=package("with-file"), headers=admin)
    sent = client.post(
        f"{ACTION}resource_create",
        data={"package_id": "with-file", "name": "点位", "description": "说明"},
        files={"upload": ("点位.csv", "名称,数\n甲,1\n乙,2\n".encode("gbk"))},
        headers=admin,
    )
    assert sent.status_code == 200, sent.text
    resource = sent.json()["result"]
    assert resource["name"] == "点位" and resource["datastore_active"] is True and resource["format"] == "CSV"
    assert resource["review"] == {"state": "published", "lacks": {}}
    rows = result(client, "datastore_search", resource_id=resource["id"])
    assert [row["名称"] for row in rows["records"]] == ["甲", "乙"]
    assert result(client, "package_show", id="with-file")["num_resources"] == 1


def test_what_has_no_field_here_is_kept(client: TestClient, site: Site) -> None:
    odd = package("odd", license_id="nope", version="1", groups=[{"name": "nope"}], mood="good")
    made = client.post(f"{ACTION}package_create", json=odd, headers=site.header("steward")).json()["result"]
    assert (made["license_id"], made["version"], made["mood"]) == ("nope", "1", "good")
    pairs = {each["key"]: each["value"] for each in made["extras"]}
    assert pairs["kaishu:subjects"] == '["nope"]'


def test_what_cannot_be_kept_whole_is_refused_by_field(client: TestClient, site: Site) -> None:
    steward = site.header("steward")
    bad = package("bad", title="长" * 400, tags=[{"name": "x" * 300}])
    answer = client.post(f"{ACTION}package_create", json=bad, headers=steward)
    assert answer.status_code == 409
    assert {"title", "tags"} <= set(answer.json()["error"])
    taken = client.post(f"{ACTION}package_create", json=package("stations"), headers=steward)
    assert taken.status_code == 409 and taken.json()["error"]["name"]
    upload = {"upload": ("空.csv", b"")}
    empty = client.post(
        f"{ACTION}resource_create", data={"package_id": "stations"}, files=upload, headers=steward
    )
    assert empty.status_code == 409 and "空.csv" in empty.json()["error"]["upload"][0]
    link = {"package_id": "stations", "url": "javascript:alert(1)"}
    assert client.post(f"{ACTION}resource_create", json=link, headers=steward).json()["error"]["url"]


def test_arguments_nested_without_end_are_refused_before_anything_reads_them(
    client: TestClient, site: Site
) -> None:
    for depth, status in ((40, 409), (60, 400), (900, 400)):
        value: object = "x"
        for number in range(depth):
            value = [value] if number % 2 else {"a": value}
        asked = {"resource_id": site.resources["stations"], "filters": value, "q": "a"}
        assert client.post(f"{ACTION}datastore_search", json=asked).status_code == status
