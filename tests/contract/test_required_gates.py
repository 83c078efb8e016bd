"""Where entry gates are required, a table that lacks one stays staged, and no entrance leads to its rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from kaishu import access, catalogue, discovery, elements, http, jobs, quality, source
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.errors import GatesMissing, Staged
from kaishu.db import session_scope
from kaishu.source import ContractDraft
from tests.source.conftest import postgres

__all__ = ["postgres"]  # a fixture
#: Stands in cells only, and in the title only.
SECRET, TITLE = "灯花巷七号", "路灯密档"
ROWS = [(n, f"{SECRET}{n}", 3.5 + n) for n in range(1, 30)]
RECORD = DatasetRecord(
    title=TITLE,
    description="全市路灯的编号、位置和高度。",
    resource_class="department",
    format_category="database",
    share_class="unconditional",
    open_class="unconditional",
    update_frequency="daily",
    themes=["transport"],
    licence="cc-by-4.0",
    contact_name="照明科",
    contact_email="lamps@example.org",
)
#: What is put in the place of a parameter of an address.
PARTS = {
    "number": ["1"],
    "format": ["csv", "xlsx", "parquet"],
    "form": ["csv", "ttl", "docx"],
    "document": ["datapackage.json", "croissant.json", "schema.json", "csvw.json"],
}
ACTIONS = (
    "package_show",
    "package_search",
    "package_list",
    "package_autocomplete",
    "current_package_list_with_resources",
    "organization_show",
    "resource_show",
    "resource_search",
    "datastore_info",
    "datastore_search",
    "datastore_search_sql",
)
TOOLS = (
    "ckan_package_show",
    "ckan_list_resources",
    "ckan_datastore_search",
    "kaishu_fields",
    "kaishu_versions",
)


class Lamps:
    """A table of a certified source, pulled by contract; all that gates ask for has been done."""

    def __init__(self, kind: str, options: dict[str, str], remote: str) -> None:
        self.other = {**options, "path": options.get("path", "") + "x"}
        office = {"name": "lamps", "title": "路灯处", "code": "11000001"}
        self.act(lambda call: access.add_office(call, **office))
        self.steward = self.person("steward", Role.steward, "lamps")
        self.reviewer = self.person("reviewer", Role.reviewer, None)
        self.act(lambda call: catalogue.add_dataset(call, record=RECORD, office="lamps", name="lamps"))
        given: dict[str, Any] = {"name": "db", "kind": kind, "office": "lamps"}
        self.act(lambda call: source.add_source(call, options=options, **given), self.steward)
        self.act(lambda call: source.certify_source(call, "db"), self.reviewer)
        draft = ContractDraft(name="lamps", source="db", table=remote, dataset="lamps", period="daily")
        self.act(lambda call: source.make_contract(call, draft, str(self.steward.office)), self.steward)
        jobs.pull(self.steward, "lamps")
        (table,) = self.tables()
        self.table, self.version = str(table.entry.table_id), str(table.entry.version_id)
        self.resource = table.entry.id
        code = next(iter(elements.shipped_elements()))
        assigned = {"dataset_id": table.dataset.id, "office": table.dataset.office_id}
        self.act(lambda call: elements.assign(call, self.table, "id", code, **assigned), self.steward)
        for column in ("place", "height"):
            self.act(
                lambda call, column=column: catalogue.declare_no_element(
                    call, "lamps", "", column, "本地用语"
                ),
                self.steward,
            )
        self.act(lambda call: quality.profile_version(call, self.version), self.steward)
        self.act(lambda call: catalogue.confirm_assessment(call, "lamps", "", "逐列看过"), self.steward)

    def act(self, done: Callable[[Call], Any], actor: Actor = TERMINAL) -> Any:
        with session_scope() as session:
            return done(Call(session, actor, clock.now(), ids.new_id()))

    def person(self, account: str, role: Role, office: str | None) -> Actor:
        def add(call: Call) -> Actor:
            made = access.add_person(
                call, account=account, password="a-long-password", role=role, office=office
            )
            return Actor("person", made.id, account, role, made.office_id)

        found: Actor = self.act(add)
        return found

    def tables(self) -> list[catalogue.TableGates]:
        found: list[catalogue.TableGates] = self.act(lambda call: catalogue.gates_of(call, "lamps"))
        return found

    def revise(self, **changes: Any) -> None:
        def do(call: Call) -> None:
            draft = catalogue.draft_of(call, catalogue.dataset_by_name(call, "lamps"))
            record = catalogue.record_from({**(draft.record if draft else {}), **changes})
            catalogue.revise(call, "lamps", record)

        self.act(do, self.steward)

    def say(self, subject: str, kind: str) -> str:
        return next(
            each.id for each in self.tables()[0].statements if (each.kind, each.subject) == (kind, subject)
        )

    def take_back(self, subject: str, kind: str) -> None:
        said = self.say(subject, kind)
        self.act(lambda call: catalogue.take_back_statement(call, "lamps", "", said), self.steward)

    def lose(self, gate: str) -> None:
        """Undo what one gate asks."""
        if gate == "owner":
            self.act(lambda call: access.revise_person(call, "steward", active=False))
        elif gate == "standard":
            self.take_back("height", "no-element")
        elif gate == "source":
            self.act(lambda call: source.revise_source(call, "db", options=self.other), self.steward)
        elif gate == "sharing":
            self.revise(share_class="conditional")
        elif gate == "quality":
            self.take_back(self.version, "assessment")
        else:
            self.revise(themes=[])


@pytest.fixture
def lamps(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Lamps:
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
        return Lamps("sqlite", {"path": str(path)}, "lamps")
    place = request.getfixturevalue("postgres")
    import psycopg

    with psycopg.connect(host=place["host"], user=place["user"], dbname=place["database"]) as made:
        made.execute("CREATE TABLE lamps (id integer, place text, height double precision)")
        made.cursor().executemany("INSERT INTO lamps VALUES (%s, %s, %s)", ROWS)
    return Lamps("postgresql", place, "public.lamps")


@cache
def application() -> Any:
    from kaishu.app import build_app

    return build_app(worker=False)


@pytest.fixture
def client(lamps: Lamps) -> TestClient:
    return TestClient(application(), base_url="http://kaishu.test", follow_redirects=False)


def publish(lamps: Lamps) -> None:
    def done(call: Call) -> None:
        if catalogue.dataset_by_name(call, "lamps").draft_state != "in-review":
            catalogue.submit(call, "lamps")
        catalogue.publish(call, "lamps")

    lamps.act(done)
    jobs.run_waiting()
    discovery.refresh()


def addresses(client: TestClient, lamps: Lamps) -> list[str]:
    """Every address that can be asked for, with this dataset's names in it."""
    app: Any = client.app
    paths = [each.path for each in app.router.routes if isinstance(each, Route) and "GET" in each.methods]
    told = client.get("/api/v1/openapi.json").json()["paths"]
    paths += [path for path, ways in told.items() if "get" in ways]
    paths += ["/datastore/dump/{id}", "/catalog.{form}", "/organization/{name}/catalog.{form}"]
    found = []
    for path in dict.fromkeys(path.replace(":path", "") for path in paths):
        names = [part.partition("}")[0] for part in path.split("{")[1:]]
        values = [
            PARTS.get(name, [lamps.resource] if name in ("id", "resource") else ["lamps"]) for name in names
        ]
        if "action" in path:
            continue
        for chosen in product(*values):
            filled = path
            for name, value in zip(names, chosen, strict=True):
                filled = filled.replace(f"{{{name}}}", value)
            found.append(filled)
    ways = [lamps.resource, "lamps", lamps.table]
    found += [f"/datastore/dump/{each}" for each in ways]
    found += [f"/datasets/lamps/resource/{lamps.resource}", f"/dataset/lamps/resource/{lamps.resource}"]
    return [*found, f"/datasets?q={TITLE}", f"/datasets?q={SECRET}1", f"/search/suggest?q={TITLE[:2]}"]


def asked(client: TestClient, lamps: Lamps) -> Iterator[tuple[str, bytes, int]]:
    """What programs ask with a body: CKAN's actions and the tools of assistants."""
    for action in ACTIONS:
        for name in ("lamps", lamps.resource, lamps.table):
            body = {"id": name, "q": TITLE, "query": f"name:{TITLE}"}
            if action.startswith("datastore"):
                body = {"resource_id": name} if "sql" not in action else {"sql": f'SELECT * FROM "{name}"'}
            answer = client.post(f"/api/3/action/{action}", json=body)
            yield f"{action} {name}", answer.content, answer.status_code

    def assistant(method: str, **given: Any) -> tuple[bytes, int]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
        accept = {"accept": "application/json, text/event-stream"}
        answer = client.post("/mcp", json=body, headers=accept)
        return answer.content, answer.status_code

    listed, _status = assistant("tools/list")
    known = {each["name"]: each["inputSchema"]["properties"] for each in _event(listed)["result"]["tools"]}
    for tool, name in product(TOOLS, ("lamps", lamps.resource)):
        given = {key: name for key in ("resource_id", "id", "dataset", "name") if key in known[tool]}
        yield f"{tool} {name}", *assistant("tools/call", name=tool, arguments=given)


def _event(body: bytes) -> Any:
    return json.loads(body.decode().rpartition("data: ")[2])


def shown(body: bytes, word: str) -> bool:
    """Does it hold the word, as it is or escaped?  Packed columns count as if they did."""
    if body[:4] in (b"PAR1", b"ARRO"):
        return True
    if body[:4] == b"PK\x03\x04":
        with ZipFile(BytesIO(body)) as packed:
            return any(shown(packed.read(name), word) for name in packed.namelist())
    escaped = json.dumps(word)[1:-1].encode()
    return word.encode() in body or escaped in body or escaped.upper() in body


def leaks(client: TestClient, lamps: Lamps, word: str) -> list[str]:
    """Where a visitor reads the word; packed files that are handed out count."""
    found = []
    for place in addresses(client, lamps):
        answer = client.get(place)
        if answer.status_code < 400 and word not in place and shown(answer.content, word):
            found.append(place)
    for place, body, status in asked(client, lamps):
        echoed = body.replace(TITLE.encode(), b"", 1) if "search" in place and word == TITLE else body
        if status < 400 and shown(echoed, word):
            found.append(place)
    return found


@pytest.mark.parametrize("lamps", ["sqlite", "postgresql"], indirect=True)
def test_all_six_gates_let_a_pulled_table_in_and_out(lamps: Lamps, client: TestClient) -> None:
    (table,) = lamps.tables()
    assert [each.gate for each in table.missing] == []
    assert table.staged
    publish(lamps)
    assert not lamps.tables()[0].staged
    assert SECRET in client.get("/api/v1/datasets/lamps/rows").text
    open_now = [
        "/api/v1/datasets/lamps/rows.csv",
        "/api/v1/datasets/lamps/download.parquet",
        "/api/v1/datasets/lamps/profile",
        "/datasets/lamps/rows",
        f"/datastore/dump/{lamps.resource}",
    ]
    assert all(shown(client.get(place).content, SECRET) for place in open_now)
    assert set(open_now) <= set(addresses(client, lamps)), "those are tried where a gate is missing"
    told = {place for place, body, _status in asked(client, lamps) if shown(body, SECRET)}
    tools = "datastore_search", "datastore_search_sql", "ckan_datastore_search"
    assert {f"{tool} {lamps.resource}" for tool in tools} <= told


@pytest.mark.parametrize("gate", catalogue.GATES)
def test_one_gate_missing_keeps_it_staged_and_out_of_sight(
    gate: str, lamps: Lamps, client: TestClient
) -> None:
    lamps.lose(gate)
    (table,) = lamps.tables()
    assert [each.gate for each in table.missing] == [gate], table.missing
    assert table.missing[0].role and table.missing[0].href
    with pytest.raises(GatesMissing):
        lamps.act(lambda call: catalogue.enter(call, "lamps", ""))
    with pytest.raises((Staged, Invalid)):
        publish(lamps)
    assert lamps.tables()[0].staged
    discovery.refresh()
    if gate == "quality":
        assert leaks(client, lamps, TITLE) == []
        return
    assert client.get("/datasets/lamps").status_code == 404
    assert client.get("/api/v1/datasets/lamps/rows").status_code == 404
    assert TITLE not in client.get("/catalog.jsonld").text
    assert TITLE not in client.get("/datasets").text


@pytest.mark.parametrize("gate", ["quality"])
def test_a_table_published_before_gates_were_required_is_not_handed_out(
    gate: str, lamps: Lamps, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps.lose(gate)
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "advise")
    publish(lamps)
    assert lamps.tables()[0].staged
    assert SECRET in client.get("/api/v1/datasets/lamps/rows").text
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    http.forget()
    assert TITLE in client.get("/datasets/lamps").text, "its record stays readable"
    refused = client.get("/api/v1/datasets/lamps/rows")
    assert (refused.status_code, refused.json().get("code")) == (409, "catalogue.staged"), refused.text
    assert leaks(client, lamps, SECRET) == []
