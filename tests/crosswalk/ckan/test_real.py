"""Packages as real portals publish them: nothing that they say is lost, and the table knows every key."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import kaishu
from kaishu.crosswalk import Site, table
from kaishu.crosswalk.ckan import from_bytes, names, read_package, write_package

SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "catalogues"
SHIPPED = Path(kaishu.__file__).parent / "demo" / "catalogues"
NOTHING: tuple[Any, ...] = (None, "", [], {})
#: Reckoned anew by whoever shows a package; and what an organization says of itself, not of the dataset.
RECKONED = {"num_resources", "num_tags", "resources", "organization", "extras", "tags", "groups"}
MOMENTS = {"metadata_created", "metadata_modified"}


def tokyo() -> list[dict[str, Any]]:
    """Every third of the 4,843 packages of Tokyo's catalogue."""
    lines = gzip.decompress((SHIPPED / "tokyo.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line) for line in lines[::3]]


def birmingham() -> list[dict[str, Any]]:
    """An answer of package_search."""
    found = json.loads((FIXTURES / "birmingham_package_search.json").read_bytes())
    return list(found["result"]["results"])


def lost(package: dict[str, Any], again: dict[str, Any]) -> dict[str, Any]:
    """What the first says and the second does not."""
    missing = {k: v for k, v in package.items() if k not in RECKONED | MOMENTS and v not in NOTHING}
    missing = {k: v for k, v in missing.items() if plain(again.get(k)) != plain(v)}
    for key in MOMENTS & package.keys():
        if package[key].rstrip("Z")[:19] != again[key][:19]:
            missing[key] = package[key]
    for place, (old, new) in enumerate(zip(package["resources"], again["resources"], strict=True)):
        for key, value in old.items():
            told = (
                value in NOTHING or key in ("package_id", "position") or plain(new.get(key)) == plain(value)
            )
            if not told:
                missing[f"resources.{place}.{key}"] = (value, new.get(key))
    said = {each["key"].strip(): each["value"] for each in again["extras"]}
    for each in package.get("extras") or []:
        if each["value"] not in NOTHING and plain(said.get(each["key"].strip())) != plain(each["value"]):
            missing[f"extras.{each['key']}"] = (each["value"], said.get(each["key"].strip()))
    tags = {each["name"].strip() for each in package["tags"]}
    if tags != {each["name"] for each in again["tags"]}:
        missing["tags"] = tags
    kept = said.get("kaishu:extras:ckan:groups", "")
    groups = {each["name"] for each in package["groups"]} - {each["name"] for each in again["groups"]}
    if not all(f'"name": "{name}"' in kept for name in groups):
        missing["groups"] = groups
    return missing


def plain(value: Any) -> Any:
    """Text as it is kept: without blanks around it."""
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize("packages", [tokyo, birmingham])
def test_a_real_package_read_and_written_says_all_that_it_said(packages: Any) -> None:
    for package in packages():
        entry = read_package(package).entry
        assert entry is not None, package["name"]
        assert lost(package, write_package(entry, SITE)) == {}, package["name"]


def test_an_answer_of_the_interface_is_read_whole() -> None:
    data = (FIXTURES / "birmingham_package_search.json").read_bytes()
    assert sum(reading.entry is not None for reading in from_bytes(data)) == len(birmingham())


def test_the_table_has_every_key_with_its_field() -> None:
    said = {(row.element, row.field) for row in table("ckan").rows}
    pairs = {(key, f"record.{field}") for key, field in names.DIRECT.items()}
    pairs |= {(f"extras.{key}", f"record.{field}") for key, field in names.EXTRAS.items()}
    pairs |= {(f"resources.{key}", f"link.{field}") for key, field in names.RESOURCE.items()}
    assert pairs <= said
    package = read_package({"name": "a", "title": "a", "resources": [{"url": "https://e.org/a"}]}).entry
    assert package is not None
    written = write_package(package, SITE)
    made = {"extras", "resources", "num_tags", "num_resources", "tags"}
    assert written.keys() - made <= {row.element for row in table("ckan").rows}
    own = {f"resources.{key}" for key in written["resources"][0]}
    unlisted = {"resources.media_type", "resources.original_id", "resources.issued", "resources.modified"}
    assert own - unlisted <= {row.element for row in table("ckan").rows}
