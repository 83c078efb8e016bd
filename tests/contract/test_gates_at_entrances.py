"""Six gates at every entrance: a table that lacks one is staged, and no visitor comes to its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import access, catalogue, http
from kaishu.access import Role
from kaishu.base import settings
from kaishu.base.errors import Invalid
from kaishu.catalogue.errors import GatesMissing, Staged
from kaishu.db import engine, forget_engines
from kaishu.ledger.tally import _counts as tallies
from tests.contract import entrances
from tests.contract.lamps import PASSWORD, ROWS, SECRET, TITLE, Lamps, settle

#: What tells a draft, what is sound, and cells: ends of words of which tests ask the beginning only.
DRAFT, SOUND, CELLS, SHOWN = "甲案", "乙案", SECRET[4:], "九号"


@dataclass(frozen=True)
class City:
    """Drafts, and what was published while nothing was required, by the gate lacking; one lacks none."""

    drafts: dict[str, Lamps]
    before: dict[str, Lamps]
    sound: Lamps
    token: str


@cache
def application() -> Any:
    from kaishu.app import build_app

    return build_app(worker=False)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    from kaishu.tables import METADATA

    place = tmp_path_factory.mktemp("city")
    path = place / "lamps.db"
    with sqlite3.connect(path) as made:
        for table, mark in (("lamps", CELLS), ("sound", SHOWN)):
            made.execute(f"CREATE TABLE {table} (id INTEGER, place TEXT, height REAL)")
            rows = [(n, where.replace(CELLS, mark), height) for n, where, height in ROWS]
            made.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAISHU_HOME", str(place / "home"))
        patch.delenv("KAISHU_DATABASE", raising=False)
        patch.setenv("KAISHU_SOURCE_FOLDERS", str(place))
        patch.setenv("KAISHU_SITE_URL", "http://kaishu.test")
        patch.setenv("KAISHU_ENTRY_GATES", "off")
        tallies.clear()
        forget_engines()
        settings.folder("records")
        METADATA.create_all(engine())
        yield found(str(path), patch)
        forget_engines()


def found(path: str, patch: pytest.MonkeyPatch) -> City:
    def lamps(name: str, title: str, table: str = "lamps") -> Lamps:
        return Lamps("sqlite", {"path": path}, table, name, title)

    drafts = {gate: lamps(f"draft-{gate}", f"{TITLE}{DRAFT}{gate}") for gate in catalogue.GATES}
    before = {gate: lamps(f"before-{gate}", f"{TITLE}丙案{gate}") for gate in catalogue.GATES}
    for each in before.values():
        each.publish()
    patch.setenv("KAISHU_ENTRY_GATES", "require")
    sound = lamps("sound", f"{TITLE}{SOUND}", "sound")
    sound.publish()
    for some in (drafts, before):
        for gate, each in some.items():
            each.lose(gate)
    stranger = sound.person("stranger", Role.steward, "sound")
    _row, token = sound.act(lambda call: access.issue_token(call, application="programs"), stranger)
    settle()
    http.forget()
    return City(drafts, before, sound, token)


@pytest.fixture
def client(city: City) -> TestClient:
    return TestClient(application(), base_url="http://kaishu.test", follow_redirects=False)


def generic(place: str, lamps: Lamps) -> str:
    """An address or a question without the names of this dataset and what is asked beside."""
    named = place.partition("?version=")[0].replace(lamps.resource, "ID").replace(lamps.table, "TABLE")
    return named.replace(lamps.name, "NAME")


#: How one comes in: at addresses, and by actions and tools.
WAYS: dict[str, Callable[[TestClient, Lamps, str], list[str]]] = {
    "addresses": lambda client, lamps, word: entrances.leaks(
        client, entrances.of_a_dataset(client, lamps), word
    ),
    "calls": entrances.told,
}


def test_of_every_part_of_an_address_somebody_has_said_what_it_stands_for(client: TestClient) -> None:
    assert entrances.unknown(client) == [], "say in entrances.py what stands for it, so that gates are tried"


def test_addresses_that_are_tried_hand_out_what_passes_all_six(city: City, client: TestClient) -> None:
    assert city.sound.missing() == []
    assert not city.sound.staged()
    told = {generic(each, city.sound) for each in WAYS["addresses"](client, city.sound, SHOWN)}
    rows = [f"/api/v1/datasets/NAME/rows{form}" for form in ("", ".csv", ".json", ".ndjson", ".parquet")]
    exports = [f"/api/v1/datasets/NAME/download.{form}" for form in ("csv", "xlsx", "xml", "parquet", "json")]
    dumps = [f"/datastore/dump/ID?format={form}" for form in ("csv", "tsv", "json", "xml")]
    pages = ["/datasets/NAME", "/datasets/NAME/rows", "/dataset/NAME/datapackage.zip"]
    assert {*rows, *exports, *dumps, *pages, "/api/v1/datasets/NAME/profile"} <= told


def test_calls_that_are_tried_hand_out_what_passes_all_six(city: City, client: TestClient) -> None:
    told = {generic(each, city.sound) for each in WAYS["calls"](client, city.sound, SHOWN)}
    tools = ("ckan_datastore_search", "ckan_datastore_search_sql")
    assert {f"{call} ID" for call in ("datastore_search", "datastore_search_sql", *tools)} <= told


def test_lists_that_are_tried_tell_of_what_is_published(city: City, client: TestClient) -> None:
    searches = entrances.leaks(client, entrances.of_all(client, entrances.asked_for(TITLE)), SOUND)
    lists = ["/catalog.ttl", "/catalog.jsonld", "/catalog.csv", "/data.json", "/feeds/datasets.atom"]
    found = [f"/datasets?q={TITLE}", f"/search/suggest?q={TITLE}", f"/api/v1/datasets?q={TITLE}"]
    assert {*lists, *found, "/datasets", "/api/v1/datasets"} <= set(searches)


def test_addresses_that_are_tried_tell_of_what_is_published(city: City, client: TestClient) -> None:
    told = {generic(each, city.sound) for each in WAYS["addresses"](client, city.sound, SOUND)}
    documents = ["datapackage.json", "croissant.jsonld", "schema.jsonld", "csv-metadata.json", "data.json"]
    assert {f"/dataset/NAME/{each}" for each in documents} <= told


def test_calls_that_are_tried_tell_of_what_is_published(city: City, client: TestClient) -> None:
    told = {each.partition(" ")[0] for each in WAYS["calls"](client, city.sound, SOUND)}
    shown = ["package_show", "organization_show", "ckan_package_show", "kaishu_versions", "resources/read"]
    assert {*shown, "package_search", "ckan_package_search", "group_show", "tag_show"} <= told


@pytest.mark.parametrize("gate", catalogue.GATES)
def test_what_lacks_one_gate_is_neither_entered_nor_published(gate: str, city: City) -> None:
    lamps = city.drafts[gate]
    (table,) = lamps.tables()
    assert [each.gate for each in table.missing] == [gate]
    assert table.missing[0].role and table.missing[0].href, "who does what is missing, and where"
    with pytest.raises(GatesMissing):
        lamps.act(lambda call: catalogue.enter(call, lamps.name, ""))
    with pytest.raises((Staged, Invalid)):
        lamps.publish()
    assert lamps.staged()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gate", catalogue.GATES)
def test_no_entrance_tells_of_a_staged_draft(gate: str, way: str, city: City, client: TestClient) -> None:
    assert city.drafts[gate].missing() == [gate]
    assert WAYS[way](client, city.drafts[gate], DRAFT) == []


@pytest.mark.parametrize("gate", catalogue.GATES)
def test_what_was_published_before_and_lacks_one_gate_keeps_its_record_and_says_why_it_has_no_rows(
    gate: str, city: City, client: TestClient
) -> None:
    lamps = city.before[gate]
    assert lamps.missing() == [gate]
    assert lamps.staged()
    assert lamps.title in client.get(f"/datasets/{lamps.name}").text, "its record stays readable"
    refused = client.get(f"/api/v1/datasets/{lamps.name}/rows")
    assert (refused.status_code, refused.json().get("code")) == (409, "catalogue.staged"), refused.text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gate", catalogue.GATES)
def test_no_entrance_hands_out_rows_of_what_was_published_before_and_lacks_one_gate(
    gate: str, way: str, city: City, client: TestClient
) -> None:
    assert city.before[gate].missing() == [gate]
    assert WAYS[way](client, city.before[gate], CELLS) == []


def test_lists_and_searches_tell_neither_drafts_nor_cells_of_what_is_staged(
    city: City, client: TestClient
) -> None:
    places = entrances.of_all(client, entrances.asked_for(TITLE), entrances.asked_for(SECRET))
    assert entrances.leaks(client, places, DRAFT, CELLS) == []


@pytest.mark.parametrize("some", ["drafts", "before"])
def test_a_steward_of_another_office_comes_no_further_than_a_visitor(
    some: str, city: City, client: TestClient
) -> None:
    csrf = client.get("/sign-in").text.partition('name="csrf" value="')[2].partition('"')[0]
    given = {"account": "stranger", "password": PASSWORD, "csrf": csrf}
    assert client.post("/sign-in", data=given).status_code == 303
    assert "stranger" in client.get("/account").text
    lamps: Lamps = getattr(city, some)["quality"]
    assert WAYS["addresses"](client, lamps, DRAFT if some == "drafts" else CELLS) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("some", ["drafts", "before"])
def test_a_token_of_another_office_comes_no_further_than_a_visitor(
    some: str, way: str, city: City, client: TestClient
) -> None:
    lamps: Lamps = getattr(city, some)["source"]
    client.headers["authorization"] = f"Bearer {city.token}"
    assert client.get("/api/v1/me").json()["role"] == "steward"
    assert WAYS[way](client, lamps, DRAFT if some == "drafts" else CELLS) == []
