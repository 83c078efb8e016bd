"""What the harvesters of other portals ask, and the schema below which they take nothing."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from frictionless import Catalog, Package
from frictionless.portals import CkanControl

from tests.api.seeding import Site

#: uData's schema of a CKAN dataset: required keys with their types; None where null is allowed.
DATASET: dict[str, tuple[type | None, ...]] = {
    "id": (str,),
    "name": (str,),
    "title": (str,),
    "notes": (str, None),
    "license_id": (str, None),
    "license_title": (str, None),
    "tags": (list,),
    "metadata_created": (str,),
    "metadata_modified": (str,),
    "organization": (dict, None),
    "resources": (list,),
    "private": (bool,),
    "type": (str,),
    "author": (str, None),
    "author_email": (str, None),
    "maintainer": (str, None),
    "maintainer_email": (str, None),
    "state": (str,),
}
RESOURCE: dict[str, tuple[type | None, ...]] = {
    "id": (str,),
    "position": (int,),
    "name": (str, None),
    "description": (str, None),
    "format": (str,),
    "mimetype": (str, None),
    "size": (int, str, None),
    "hash": (str, None),
    "created": (str,),
    "last_modified": (str, None),
    "url": (str,),
    "resource_type": (str, None),
}
TYPES = {"file", "file.upload", "api", "documentation", "image", "visualization", None}


@pytest.fixture
def ckan(address: str) -> RemoteCKAN:
    return RemoteCKAN(address)


def check(value: dict[str, Any], schema: dict[str, tuple[type | None, ...]]) -> None:
    for key, types in schema.items():
        assert key in value, key
        fits = None in types if value[key] is None else type(value[key]) in types
        assert fits, (key, value[key])


def test_udatas_schema_is_kept(ckan: RemoteCKAN) -> None:
    names = ckan.action.package_list()
    assert names
    for name in names:
        package = ckan.action.package_show(id=name)
        check(package, DATASET)
        assert package["type"] == "dataset"
        organization = package["organization"]
        assert isinstance(organization["description"], str)
        assert organization["type"] == "organization" and organization["approval_status"] == "approved"
        for tag in package["tags"]:
            check(tag, {"id": (str,), "name": (str,)})
        for extra in package["extras"]:
            check(extra, {"key": (str,), "value": (str,)})
        assert package["resources"]
        for resource in package["resources"]:
            check(resource, RESOURCE)
            assert resource["resource_type"] in TYPES
            assert resource["url"].startswith("http") and resource["created"]


def harvested(ckan: RemoteCKAN, fq: str) -> list[str]:
    """As ckanext-harvest's CKAN harvester pages; it gives up if a page comes twice."""
    found: list[str] = []
    before: set[str] | None = None
    while True:
        query = {"q": "", "fq": fq, "rows": 100, "start": len(found), "sort": "id asc"}
        page = [each["name"] for each in ckan.action.package_search(**query)["results"]]
        assert before is None or not page or set(page) != before
        if not page:
            return found
        before = set(page)
        found += page


@pytest.mark.parametrize(
    ("fq", "names"),
    [
        ("", {"stations", "schools", "closed"}),
        ("organization:transport OR organization:education", {"stations", "schools", "closed"}),
        ("organization:education", {"schools"}),
        ("-organization:transport", {"schools"}),
        ("-organization:transport -organization:education", set()),
        ("metadata_modified:[2000-01-01T00:00:00Z TO *]", {"stations", "schools", "closed"}),
        ("metadata_modified:[2999-01-01T00:00:00Z TO *]", set()),
        ("-groups:no-such-theme", {"stations", "schools", "closed"}),
        ("groups:no-such-theme", set()),
    ],
)
def test_ckanext_harvest_pages_through_a_part(ckan: RemoteCKAN, fq: str, names: set[str]) -> None:
    assert set(harvested(ckan, fq)) == names


def test_groups_are_filtered_by_their_name(ckan: RemoteCKAN) -> None:
    group = ckan.action.package_show(id="stations")["groups"][0]["name"]
    assert "stations" in harvested(ckan, f"groups:{group}")
    assert "stations" not in harvested(ckan, f"-groups:{group}")


def test_frictionless_reads_a_dataset_and_its_rows(address: str, site: Site) -> None:
    pytest.importorskip("frictionless_ckan_mapper")
    package = Package(control=CkanControl(baseurl=address, dataset="stations"))
    assert package.title == "地铁车站"
    (resource,) = package.resources
    assert resource.format == "csv"
    rows = resource.read_rows()
    assert [row["站名"] for row in rows] == ["西单", "东单", "五棵松", "崇文门, 东", "古城"]


def test_frictionless_reads_a_catalogue(address: str) -> None:
    pytest.importorskip("frictionless_ckan_mapper")
    whole = Catalog(control=CkanControl(baseurl=address))
    assert len(whole.datasets) == 3
    part = Catalog(control=CkanControl(baseurl=address, organization_name="education"))
    assert len(part.datasets) == 1
    found = Catalog(control=CkanControl(baseurl=address, search={"q": "地铁"}))
    assert len(found.datasets) == 1
