"""Where entry gates are required: the whole way in, and what becomes of a table that loses a gate."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import catalogue, http, source
from kaishu.access import Role
from kaishu.base.errors import Invalid
from kaishu.catalogue.errors import Staged
from tests.contract.lamps import PASSWORD, ROWS, SECRET, Lamps, settle
from tests.source.conftest import postgres

__all__ = ["postgres"]  # a fixture
NEW = "新灯里八号"
ROWS_HERE = "/api/v1/datasets/lamps/rows"
#: A record that says too little is not submitted, whatever the setting: the draft waits at the desk.
NEVER_SUBMITTED = ("sharing", "metadata")


@pytest.fixture
def lamps(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Lamps]:
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path))
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    monkeypatch.setenv("KAISHU_SITE_URL", "http://kaishu.test")
    http.forget()
    if getattr(request, "param", "sqlite") == "sqlite":
        path = tmp_path / "lamps.db"
        with sqlite3.connect(path) as made:
            made.execute("CREATE TABLE lamps (id INTEGER, place TEXT, height REAL)")
            made.executemany("INSERT INTO lamps VALUES (?, ?, ?)", ROWS)
        yield Lamps("sqlite", {"path": str(path)}, "lamps")
    else:
        place = request.getfixturevalue("postgres")
        import psycopg

        with psycopg.connect(host=place["host"], user=place["user"], dbname=place["database"]) as made:
            made.execute("CREATE TABLE lamps (id integer, place text, height double precision)")
            made.cursor().executemany("INSERT INTO lamps VALUES (%s, %s, %s)", ROWS)
        yield Lamps("postgresql", place, "public.lamps")
    http.forget()


@cache
def application() -> Any:
    from kaishu.app import build_app

    return build_app(worker=False)


@pytest.fixture
def client(lamps: Lamps) -> TestClient:
    return TestClient(application(), base_url="http://kaishu.test", follow_redirects=False)


def sign_in(client: TestClient, account: str) -> None:
    csrf = client.get("/sign-in").text.partition('name="csrf" value="')[2].partition('"')[0]
    given = {"account": account, "password": PASSWORD, "csrf": csrf}
    assert client.post("/sign-in", data=given).status_code == 303


def next_version(lamps: Lamps, tmp_path: Path) -> None:
    """One more row, pulled and looked at: nothing is missing."""
    with sqlite3.connect(tmp_path / "lamps.db") as made:
        made.execute("INSERT INTO lamps VALUES (?, ?, ?)", (99, NEW, 9.5))
    lamps.pull()
    lamps.assess()
    assert lamps.missing() == []


@pytest.mark.parametrize("lamps", ["sqlite", "postgresql"], indirect=True)
def test_all_six_gates_let_a_pulled_table_in_and_out(lamps: Lamps, client: TestClient) -> None:
    assert lamps.missing() == []
    assert lamps.staged()
    assert client.get(ROWS_HERE).status_code == 404
    lamps.publish()
    settle()
    assert not lamps.staged()
    assert SECRET in client.get(ROWS_HERE).text


@pytest.mark.parametrize("gate", catalogue.GATES)
def test_what_lost_a_gate_after_it_entered_is_told_at_once_and_its_next_version_is_refused(
    gate: str, lamps: Lamps, client: TestClient, tmp_path: Path
) -> None:
    lamps.publish()
    next_version(lamps, tmp_path)
    lamps.lose(gate)
    assert lamps.missing() == [gate]
    lamps.person("reviewer", Role.reviewer, None)
    sign_in(client, "reviewer")
    page = client.get("/desk/datasets/lamps/gates?lang=zh").text
    assert page.count("badge good") == 1 + 5, "that it is in, and five gates: the page says which is closed"
    with pytest.raises(Invalid if gate in NEVER_SUBMITTED else Staged):
        lamps.publish()
    settle()
    client.cookies.clear()
    served = client.get(ROWS_HERE).text
    assert SECRET in served and NEW not in served, "the earlier version goes on being served"


@pytest.mark.parametrize("gate", [gate for gate in catalogue.GATES if gate not in NEVER_SUBMITTED])
def test_what_lost_a_gate_is_published_on_advice_falls_back_and_is_not_handed_out_once_gates_are_required(
    gate: str, lamps: Lamps, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps.publish()
    next_version(lamps, tmp_path)
    lamps.lose(gate)
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "advise")
    lamps.publish()
    settle()
    assert lamps.staged()
    fallen = [
        each.facts["missing"]
        for each in lamps.act(lambda call: catalogue.history(call, "lamps"))
        if each.action == "catalogue.fall-back"
    ]
    assert fallen == [[gate]]
    assert NEW in client.get(ROWS_HERE).text, "advice hands out"
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    http.forget()
    for number in ("", "?version=1", "?version=2"):
        refused = client.get(ROWS_HERE + number)
        assert (refused.status_code, refused.json()["code"]) == (409, "catalogue.staged"), number


def test_a_source_that_is_retired_closes_its_gate_until_a_certified_one_brings_the_table(
    lamps: Lamps, client: TestClient
) -> None:
    lamps.publish()
    lamps.act(lambda call: source.retire_source(call, "lamps-db"))
    assert lamps.missing() == ["source"]
    assert SECRET in client.get(ROWS_HERE).text, "nothing new was published"


def test_a_version_that_nobody_assessed_is_refused_until_somebody_did(
    lamps: Lamps, client: TestClient, tmp_path: Path
) -> None:
    lamps.publish()
    with sqlite3.connect(tmp_path / "lamps.db") as made:
        made.execute("INSERT INTO lamps VALUES (?, ?, ?)", (99, NEW, 9.5))
    lamps.pull()
    assert lamps.missing() == ["quality"], "what was confirmed of the earlier version is not said of this"
    with pytest.raises(Staged):
        lamps.publish()
    lamps.assess()
    lamps.publish()
    settle()
    assert NEW in client.get(ROWS_HERE).text
