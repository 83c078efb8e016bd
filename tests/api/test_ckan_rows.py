"""``datastore_search`` in all its forms, as CKAN's clients ask for rows."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import failure, result


@pytest.fixture
def search(client: TestClient, site: Site) -> Any:
    """Rows of the stations."""

    def ask(**arguments: Any) -> Any:
        return result(client, "datastore_search", resource_id=site.resources["stations"], **arguments)

    return ask


def test_words_are_looked_for_everywhere_or_in_a_column(search: Any) -> None:
    assert search(q="东城区")["total"] == 2
    assert search(full_text="东城区")["total"] == 2
    assert search(q='{"站名": "东单"}')["total"] == 1
    assert search(q="东城区", plain="false", language="english")["total"] == 2


def test_no_rows_but_their_fields(search: Any) -> None:
    found = search(limit=0)
    assert found["records"] == [] and found["total"] == 5 and found["total_was_estimated"] is False
    assert [field["id"] for field in found["fields"]][:2] == ["_id", "编号"]


@pytest.mark.parametrize("sort", ["客流 desc nulls last", "客流 desc", '"客流" desc', "客流 DESC NULLS LAST"])
def test_missing_values_come_last_from_the_highest(search: Any, sort: str) -> None:
    rows = search(sort=sort, fields="客流")["records"]
    assert [row["客流"] for row in rows] == [120, 80, 60.5, 30, None]


def test_pages_lead_to_the_next_until_the_last(search: Any, client: TestClient) -> None:
    found = search(limit=2, include_next_page="true", fields="编号", records_format="lists")
    seen = [row[0] for row in found["records"]]
    while found["next_page"]:
        found = client.get(found["next_page"]).json()["result"]
        seen += [row[0] for row in found["records"]]
    assert seen == ["001", "002", "003", "004", "005"]
    assert "offset=2" in search(limit=2)["_links"]["next"]


def test_records_as_text_have_no_head(search: Any) -> None:
    asked = {"fields": "编号,换乘", "limit": 2}
    assert search(records_format="csv", **asked)["records"] == "001,True\n002,True\n"
    assert search(records_format="tsv", **asked)["records"] == "001\tTrue\n002\tTrue\n"


def test_columns_say_what_the_dictionary_says(client: TestClient, site: Site) -> None:
    shown = result(client, "package_show", id="stations")
    (items,) = (each["value"] for each in shown["extras"] if each["key"] == "kaishu:items")
    import json

    described = json.loads(items)
    next(each for each in described if each["name"] == "客流").update(title="日均客流", unit="万人次")
    pairs = [each for each in shown["extras"] if each["key"] != "kaishu:items"]
    extras = [*pairs, {"key": "kaishu:items", "value": json.dumps(described, ensure_ascii=False)}]
    sent = {"id": "stations", "extras": extras}
    client.post("/api/3/action/package_patch", json=sent, headers=site.header("admin")).raise_for_status()
    resource = site.resources["stations"]
    for fields in (
        result(client, "datastore_search", resource_id=resource, limit=0)["fields"],
        result(client, "datastore_info", id=resource)["fields"],
    ):
        (field,) = (each for each in fields if each["id"] == "客流")
        assert field["type"] == "float" and field["info"] == {"label": "日均客流", "unit": "万人次"}


def test_an_order_that_cannot_be_kept_is_refused(client: TestClient, site: Site) -> None:
    asked = {"resource_id": site.resources["stations"], "sort": "客流 desc nulls first"}
    assert failure(client, "datastore_search", 409, **asked)["__type"] == "Validation Error"


def test_words_of_a_field_of_the_record(client: TestClient) -> None:
    def names(**asked: str) -> set[str]:
        return {each["name"] for each in result(client, "package_search", **asked)["results"]}

    assert names(fq="title:地铁") == {"stations"} == names(q="title:地铁")
    assert "stations" in names(fq="notes:每月") and names(fq="title:每月") == set()
    assert names(fq="frequency:monthly") >= {"stations", "schools"}
    assert names(fq="name:[sch TO scz]") == {"schools"} == names(fq="name:scho*")
