"""Kept answers are those of the present; the number of statements does not grow with the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from kaishu.api.ckan import rendered, stocking
from kaishu.api.ckan.packing import pack, unpack
from kaishu.api.ckan.shelf import shelf
from kaishu.db import engine
from tests.api.conftest import bare_app
from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, package, result


def _shown(client: TestClient, name: str) -> dict[str, object]:
    found = result(client, "package_search", fq=f"name:{name}")["results"]
    return dict(found[0])


def test_a_search_shows_what_package_show_shows(client: TestClient) -> None:
    for _ in range(2):
        assert _shown(client, "stations") == result(client, "package_show", id="stations")


def test_what_has_changed_is_shown_at_once(client: TestClient, site: Site) -> None:
    admin = site.header("admin")
    before = _shown(client, "stations")
    client.post(f"{ACTION}package_patch", json={"id": "stations", "title": "新名字"}, headers=admin)
    assert (before["title"], _shown(client, "stations")["title"]) == ("地铁车站", "新名字")
    changed = {"id": "transport", "title": "交通运输局"}
    client.post(f"{ACTION}organization_patch", json=changed, headers=admin)
    assert _shown(client, "stations")["organization"]["title"] == "交通运输局"  # type: ignore[index]


def test_as_many_statements_for_a_thousand_rows_as_for_one(client: TestClient, site: Site) -> None:
    for number in range(12):
        made = package(f"one-of-many-{number}")
        client.post(f"{ACTION}package_create", json=made, headers=site.header("admin"))
    counted: list[int] = []
    for rows in (1, 2, 10, 1000):
        with _statements() as said:
            result(client, "package_search", rows=rows, q="新")
        counted.append(len(said))
    assert max(counted[1:]) <= 5, counted  # the first brings the index up to date


def test_as_many_statements_for_many_owners_as_for_one(client: TestClient) -> None:
    counted: list[int] = []
    found: set[int] = set()
    for number in (1, 2, 100):
        owners = " OR ".join(["owner_org:transport", *(f"owner_org:nobody-{i}" for i in range(number))])
        with _statements() as said:
            found.add(result(client, "package_search", fq=owners)["count"])
        counted.append(len(said))
    assert len(found) == 1 and 0 not in found
    assert counted[1] == counted[2], counted  # the first brings the index up to date


def test_as_many_statements_for_many_ids_as_for_one(client: TestClient, site: Site) -> None:
    brought = "11111111-2222-4333-8444-555555555555"
    client.post(
        f"{ACTION}package_create", json={**package("brought"), "id": brought}, headers=site.header("admin")
    )
    known = result(client, "package_show", id="brought")["id"]
    counted: list[int] = []
    for number in (1, 2, 100):
        ids = " OR ".join([f"id:{known}", *(f"id:nobody-{i}" for i in range(number))])
        with _statements() as said:
            assert result(client, "package_search", fq=ids)["count"] == 1
        counted.append(len(said))
    assert counted[1] == counted[2], counted  # the first brings the index up to date


def test_another_process_takes_what_this_one_wrote(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered.forget()  # a copy of this home may have been asked in this process
    before = client.get(f"{ACTION}package_search?rows=50").content
    rendered.forget()
    monkeypatch.setattr(rendered.shapes, "package", None)  # nothing is written anew
    with _statements() as said:
        assert client.get(f"{ACTION}package_search?rows=50").content == before
    assert not any("catalogue_dataset.record" in each for each in said)


def test_every_address_of_the_site_has_its_own_links(site: Site) -> None:
    for address in ("http://kaishu.test", "https://elsewhere.example"):
        with TestClient(bare_app(), base_url=address) as client:
            found = result(client, "package_search", fq="name:stations")["results"][0]
            shown = result(client, "package_show", id="stations")
        assert found == shown
        assert found["resources"][0]["url"].startswith(address)


@pytest.mark.parametrize("harm", ["gone", "noise", "folder", "locked"])
def test_a_shelf_that_cannot_be_used_costs_only_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr("kaishu.api.ckan.shelf.WAIT", 0.05)
    before = client.get(f"{ACTION}package_search?rows=50").content
    path = shelf().path
    shelf().close()
    other = sqlite3.connect(path, isolation_level=None)
    if harm == "locked":
        other.execute("DELETE FROM package")
        other.execute("BEGIN IMMEDIATE")
    else:
        other.close()
        path.unlink()
        if harm == "noise":
            path.write_bytes(b"no database" * 1000)
        elif harm == "folder":
            path.mkdir()
    for mended in (False, True, True):
        if mended:
            other.close()
            if harm == "folder" and path.is_dir():
                path.rmdir()
        rendered.forget()
        assert client.get(f"{ACTION}package_search?rows=50").content == before
    assert shelf().count() == len(result(client, "package_search", rows=50)["results"])


def test_the_shelf_is_filled_and_tidied_behind_the_scenes(client: TestClient, site: Site) -> None:
    admin = site.header("admin")
    client.post(f"{ACTION}package_create", json=package("to-be-withdrawn"), headers=admin)
    published = result(client, "package_search", rows=0)["count"]
    stocking.stock_all()
    assert (shelf().count(), stocking.stock_all()) == (published, 0)
    client.post(f"{ACTION}package_delete", json={"id": "to-be-withdrawn"}, headers=admin)
    client.post(f"{ACTION}package_patch", json={"id": "stations", "title": "又一个名字"}, headers=admin)
    assert (stocking.stock_all(), shelf().count()) == (1, published - 1)


def test_packed_is_unpacked() -> None:
    for body in (b"", b"{}", bytes(range(256)) * 300):
        packed = pack(body)
        assert unpack(packed) == body
        assert unpack(packed[:-1]) is None
        assert unpack(packed[:-1] + bytes([packed[-1] ^ 1])) is None


@contextmanager
def _statements() -> Iterator[list[str]]:
    """The reading statements meanwhile."""
    said: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            said.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_more_searches_at_once_than_turns_are_all_answered(client: TestClient) -> None:
    address = f"{ACTION}package_search?rows=50"
    before = client.get(address).content
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get(address), range(24)))
    assert [each.status_code for each in answers] == [200] * 24
    assert {each.content for each in answers} == {before}
