"""A client that writes back what it was shown says nothing new, whatever state the dataset is in."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, package
from tests.api.test_ckan_writing import Ask, admin

__all__ = ["admin"]


@pytest.mark.parametrize("private", [True, False])
def test_what_is_shown_and_written_back_is_the_same(admin: Ask, private: bool) -> None:
    made = admin("package_create", **package(f"back-{private}".lower(), private=private))
    admin("organization_patch", id="transport", description="管交通的部门")
    shown = admin("package_show", id=made["name"])
    after = admin("package_update", **shown)
    again = admin("package_update", **after)  # with what became of it
    for each in (after, again):
        assert without(each, "review") == without(shown, "review")
    assert admin("package_patch", id=made["id"], notes=shown["notes"], private=private) == again


@pytest.mark.parametrize("name", ["stations", "schools"])
def test_a_dataset_with_a_table_too(admin: Ask, client: TestClient, site: Site, name: str) -> None:
    shown = client.post(f"{ACTION}package_show", json={"id": name}).json()["result"]
    again = admin("package_update", **admin("package_update", **shown))
    assert without(again, "review") == shown


def without(shape: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name != key}
