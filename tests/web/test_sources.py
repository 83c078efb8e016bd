"""Pages of sources and contracts; deliveries that programs push."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kaishu import access, catalogue, jobs, source
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.web.conftest import NASTY, SignIn

CSV = "编号,名称\n1,东城小学\n2,西城小学\n"


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "schools.csv").write_text(CSV)
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(folder))
    return folder


def test_a_source_goes_from_form_to_version(client: TestClient, signed_in: SignIn, inbox: Path) -> None:
    csrf = signed_in("steward")
    form = {"csrf": csrf, "kind": "folder", "name": "inbox", "title": NASTY, "o-path": str(inbox)}
    assert client.post("/desk/sources", data={**form, "name": "不行"}).status_code == 422
    assert client.post("/desk/sources", data=form).headers["location"] == "/desk/sources/inbox"
    assert client.post("/desk/sources/inbox/look", data={"csrf": csrf}).status_code == 303
    page = client.get("/desk/sources/inbox").text
    assert "schools.csv" in page
    assert NASTY not in page
    agreed = {
        "csrf": csrf,
        "do": "contract",
        "contract": "schools",
        "table": "*.csv",
        "dataset": "nasty",
        "period": "daily",
        "at": "00:00",
        "mode": "replace",
        "redelivery": "replace",
    }
    assert client.post("/desk/sources/inbox", data={**agreed, "at": "99"}).status_code == 422
    assert client.post("/desk/sources/inbox", data=agreed).status_code == 303
    assert client.post("/desk/contracts/schools", data={"csrf": csrf, "do": "pull"}).status_code == 409
    assert client.post("/desk/sources/inbox", data={"csrf": csrf, "do": "certify"}).status_code == 403
    client.cookies.clear()
    csrf = signed_in("reviewer")
    assert client.post("/desk/sources/inbox", data={"csrf": csrf, "do": "certify"}).status_code == 303
    client.cookies.clear()
    csrf = signed_in("steward")
    assert client.post("/desk/contracts/schools", data={"csrf": csrf, "do": "pull"}).status_code == 303
    waiting = client.get("/desk/contracts/schools?lang=zh").text
    assert "取数已排队" in waiting
    assert 'value="pull"' not in waiting, "it is not asked for twice"
    jobs.run_waiting()
    assert "取数已排队" not in client.get("/desk/contracts/schools?lang=zh").text
    for address in ("/desk/contracts/schools", "/desk/sources", "/desk/contracts/schools?lang=en"):
        assert client.get(address).status_code == 200
    assert "已入库" in client.get("/desk/contracts/schools?lang=zh").text


def test_nothing_is_shown_to_others_and_no_secret_to_anybody(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    form = {"csrf": csrf, "kind": "mysql", "name": "db", "o-host": "h", "o-database": "d", "o-user": "u"}
    assert client.post("/desk/sources", data={**form, "o-password": "s3cret-phrase"}).status_code == 303
    page = client.get("/desk/sources/db").text
    assert "s3cret-phrase" not in page
    assert "已加密保存" in page
    refused = client.post("/desk/sources", data={**form, "name": "x y", "o-password": "s3cret-phrase"})
    assert "s3cret-phrase" not in refused.text
    client.cookies.clear()
    signed_in("stranger")
    assert client.get("/desk/sources/db").status_code == 404
    assert 'href="/desk/sources/db"' not in client.get("/desk/sources").text
    client.cookies.clear()
    assert client.get("/desk/sources").status_code in (303, 401, 403)


def test_a_delivery_is_pushed_once_with_its_key(client: TestClient, inbox: Path) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        office = access.office_by_name(session, "office").id
        draft = source.ContractDraft(name="pushed", way="push", dataset="nasty", period="daily")
        source.make_contract(call, draft, office)
    place, key = "/api/v1/tables/pushed/deliveries", {"Idempotency-Key": "2026-01"}
    assert client.post(place, files={"file": ("a.csv", CSV)}).status_code in (401, 404)
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        person = next(p for p in access.people(session) if p.account == "steward")
        own = Call(
            session, Actor("person", person.id, "steward", Role.steward, office), call.now, ids.new_id()
        )
        secret = access.issue_token(own, application="push")[1]
    client.cookies.clear()
    bearer = {"Authorization": f"Bearer {secret}"}
    first = client.post(place, files={"file": ("a.csv", CSV)}, headers={**bearer, **key})
    assert (first.status_code, first.json()["state"]) == (202, "received")
    jobs.run_waiting()
    again = client.post(place, files={"file": ("a.csv", CSV)}, headers={**bearer, **key})
    assert (again.status_code, again.json()["state"], again.json()["rows"]) == (200, "taken", 2)
    rows = '{"编号": 3, "名称": "南城小学"}\n'.encode()
    typed = {**bearer, "content-type": "application/x-ndjson"}
    assert client.post(place, content=rows, headers=typed).status_code == 202
    jobs.run_waiting()
    assert [d["rows"] for d in client.get(place, headers=bearer).json()["deliveries"]] == [1, 2]
    assert client.post(place, content=b"x", headers=bearer).status_code == 422
    assert client.post("/api/v1/tables/none/deliveries", content=b"x", headers=typed).status_code == 404


def test_a_virtual_entry_is_asked_on_its_page_and_by_program(
    client: TestClient, signed_in: SignIn, inbox: Path
) -> None:
    with sqlite3.connect(inbox / "r.db") as made:
        made.execute("CREATE TABLE t (a TEXT)")
        made.execute("INSERT INTO t VALUES (?)", (NASTY,))
    csrf = signed_in("steward")
    form = {"csrf": csrf, "kind": "sqlite", "name": "db", "o-path": str(inbox / "r.db")}
    assert client.post("/desk/sources", data=form).status_code == 303
    query = {"csrf": csrf, "do": "query", "query_name": "rows", "query": "SELECT a FROM t"}
    assert client.post("/desk/sources/db", data={**query, "query": "DELETE FROM t"}).status_code == 422
    assert client.post("/desk/sources/db", data=query).headers["location"] == "/desk/virtual/rows"
    assert client.get("/desk/contracts/rows").headers["location"] == "/desk/virtual/rows"
    assert client.post("/desk/virtual/rows", data={"csrf": csrf}).status_code == 409
    with session_scope() as session:
        source.certify_source(Call(session, TERMINAL, clock.now(), ids.new_id()), "db")
    listed = client.get("/desk/sources/db?lang=zh").text.partition('href="/desk/contracts/rows"')[2]
    assert "每月" not in listed.partition("</li>")[0], "nothing is agreed of when it comes"
    page = client.post("/desk/virtual/rows", data={"csrf": csrf})
    assert page.status_code == 200
    assert "虚拟条目" in page.text and "&lt;script&gt;" in page.text and NASTY not in page.text
    answer = client.get("/api/v1/virtual/rows/rows", headers={"x-csrf-token": csrf}).json()
    assert (answer["virtual"], answer["rows"], answer["more"]) == (True, [[NASTY]], False)


def test_the_form_of_each_kind_asks_for_its_options(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    for kind in (source.KINDS["ftp"], source.KINDS["s3"]):
        page = client.get(f"/desk/sources?kind={kind.name}").text
        assert [o.name for o in kind.options if f'name="o-{o.name}"' not in page] == []
        form = {"csrf": csrf, "kind": kind.name, "name": f"by-{kind.name}"}
        assert client.post("/desk/sources", data=form).status_code == 422
        given = {f"o-{o.name}": "h.example" for o in kind.options if o.needed or o.secret}
        assert client.post("/desk/sources", data=form | given).status_code == 303


def test_deliveries_are_agreed_upon_in_the_browser_and_an_empty_one_is_said(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    form = {
        "csrf": csrf,
        "contract": "meals",
        "dataset": "nasty",
        "period": "daily",
        "at": "23:59",
        "mode": "append",
        "redelivery": "replace",
    }
    wrong = client.post("/desk/contracts", data=form)
    assert wrong.status_code == 422
    assert "redelivery-error" in wrong.text and "<details open>" in wrong.text
    form["redelivery"] = "keep"
    assert client.post("/desk/contracts", data=form).headers["location"] == "/desk/contracts/meals"
    page = client.get("/desk/contracts/meals?lang=zh").text
    assert "http://testserver/api/v1/tables/meals/deliveries" in page
    assert "共1期：未到期1期。" in page
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        source.add_arrival(call, source.contract_by_name(call, "meals"), "empty", rows=0)
    assert "共1期：空报1期。" in client.get("/desk/contracts/meals?lang=zh").text
    assert "1个约定最近一期空报。" in client.get("/desk/sources?lang=zh").text


def test_where_entries_are_too_many_to_list_words_of_the_title_will_do(
    client: TestClient, signed_in: SignIn
) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        for number in range(201):
            record = catalogue.record_from({"title": f"月报第{number:03}号"})
            catalogue.add_dataset(call, record=record, office="office", name=f"report-{number:03}")
    csrf = signed_in("steward")
    page = client.get("/desk/sources?lang=zh").text
    assert "写标识，或名称里的几个字" in page and '<option value="report-000">月报第000号' in page
    form = {"csrf": csrf, "contract": "late", "period": "daily", "at": "23:59", "mode": "append"}
    form |= {"redelivery": "keep", "dataset": "月报"}
    several = client.post("/desk/contracts", data=form)
    assert several.status_code == 422
    assert "名称含“月报”的不止一个" in several.text and "report-001 (月报第001号)" in several.text
    none = client.post("/desk/contracts", data={**form, "dataset": "没有%的"})
    assert none.status_code == 422 and "没有标识是或名称含“没有%的”的目录条目。" in none.text
    assert client.post("/desk/contracts", data={**form, "dataset": "x" * 200_000}).status_code == 422
    assert client.post("/desk/contracts", data={**form, "dataset": "第200号"}).status_code == 303
    assert "月报第200号" in client.get("/desk/contracts/late").text
