"""Driven by the client that the world uses for CKAN."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import (
    CKANAPIError,
    NotAuthorized,
    NotFound,
    SearchQueryError,
    ValidationError,
)

from tests.api.seeding import Site
from tests.api.test_ckan import package


@pytest.fixture
def ckan(address: str) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(address) as client:
        yield client


@pytest.fixture
def admin(address: str, site: Site) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(address, apikey=site.tokens["admin"]) as client:
        yield client


def test_reading(ckan: RemoteCKAN) -> None:
    assert ckan.action.site_read() is True
    assert ckan.action.status_show()["site_title"]
    assert "stations" in ckan.action.package_list()
    stations = ckan.action.package_show(id="stations")
    assert stations["organization"]["name"] == "transport"
    resource = stations["resources"][0]
    assert ckan.action.resource_show(id=resource["id"])["package_id"] == stations["id"]
    assert ckan.action.organization_show(id="transport")["package_count"] >= 2
    assert "transport" in ckan.action.organization_list()
    assert ckan.action.group_list() and ckan.action.tag_list()
    rows = ckan.action.datastore_search(resource_id=resource["id"], filters={"区县": "东城区"}, limit=1)
    assert rows["total"] == 2 and len(rows["records"]) == 1
    assert ckan.action.datastore_info(id=resource["id"])["meta"]["count"] == 5


def test_reading_with_get_only(address: str) -> None:
    with RemoteCKAN(address, get_only=True) as ckan:
        assert ckan.action.package_show(id="stations")["name"] == "stations"
        found = ckan.action.package_search(q="地铁", rows=5)
        assert found["count"] == 1


def test_paging_a_catalogue_as_harvesters_do(ckan: RemoteCKAN) -> None:
    seen: list[str] = []
    while True:
        page = ckan.action.package_search(
            q="*:*", fq="+type:dataset", rows=2, start=len(seen), sort="id asc"
        )["results"]
        if not page:
            break
        seen += [each["id"] for each in page]
    assert len(seen) == len(set(seen)) == ckan.action.package_search(rows=0)["count"]


def test_errors_become_the_clients_errors(ckan: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        ckan.action.package_show(id="nope")
    with pytest.raises(NotAuthorized):
        ckan.action.package_create(name="x", owner_org="transport")
    with pytest.raises(ValidationError):
        ckan.action.package_show()
    with pytest.raises(SearchQueryError):
        ckan.action.package_search(fq="colour:red")
    with pytest.raises(CKANAPIError):
        ckan.action.no_such_action()


def test_a_bad_token_is_not_a_visitor(address: str) -> None:
    with RemoteCKAN(address, apikey="ks_wrong") as ckan, pytest.raises(NotAuthorized):
        ckan.action.package_list()


def test_a_dataset_with_a_file_from_nothing_to_rows(admin: RemoteCKAN, ckan: RemoteCKAN) -> None:
    made = admin.action.package_create(**package("by-client", title="客户端登记"))
    assert made["state"] == "active"
    upload = io.BytesIO("站名,客流\n甲,10\n乙,20\n".encode("gb18030"))
    upload.name = "客流.csv"
    resource = admin.action.resource_create(package_id="by-client", name="客流表", upload=upload)
    assert resource["datastore_active"] is True
    rows = ckan.action.datastore_search(resource_id=resource["id"], sort="客流 desc")
    assert [row["站名"] for row in rows["records"]] == ["乙", "甲"]
    assert ckan.action.package_show(id="by-client")["num_resources"] == 1
    found = ckan.action.package_search(q="客户端")
    assert [each["name"] for each in found["results"]] == ["by-client"]
    with pytest.raises(ValidationError):
        admin.action.package_create(**package("by-client"))
