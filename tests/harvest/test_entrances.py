"""The terminal, the task, the round and the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from starlette.testclient import TestClient

from kaishu import access, demo, harvest, jobs
from kaishu.access import TERMINAL, Call, Role
from kaishu.base import clock, ids
from kaishu.catalogue.models import Dataset
from kaishu.cli.root import kaishu
from kaishu.db import session_scope
from kaishu.harvest.models import Source
from kaishu.jobs.harvesting import enqueue_due
from kaishu.queue.models import Task
from tests.harvest.conftest import Portal, add, add_file, dump, package, renew, run

PASSWORD = "a-long-password"
RULES = "- {publisher: 交通局, theme: transport}\n"
NASTY = "<script>alert(1)</script>"


def said(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(kaishu, [*arguments, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.output)


def published() -> int:
    with session_scope(write=False) as session:
        wanted = select(func.count()).select_from(Dataset).where(Dataset.state == "published")
        return session.scalar(wanted) or 0


def test_the_terminal_adds_plans_applies_and_shows(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "fresh"))  # the terminal makes its tables itself
    path = dump(tmp_path / "there.jsonl", [package(1), package(2), "broken"])
    assert said("harvest", "add", str(path), "--kind", "ckan-jsonl", "--title", "那边")["name"] == "there"
    assert said("harvest", "plan", "there")["new"] == 2
    assert published() == 0
    shown = said("harvest", "show", "there", "--action", "refused")
    assert shown["items"][0]["notes"][0]["where"] == "line 3"
    assert said("harvest", "apply", "there")["state"] == "done"
    assert published() == 2
    assert said("harvest", "run", "there")["same"] == 2
    assert [each["datasets"] for each in said("harvest", "list")] == [2]
    newer = dump(tmp_path / "newer.jsonl", [package(1), package(2), package(3)])
    assert said("harvest", "plan", "there", "--file", str(newer))["new"] == 1
    assert said("harvest", "run", "there", "--file", str(newer))["new"] == 1
    assert published() == 3
    assert said("harvest", "conflicts") == []
    assert said("harvest", "duplicates") == []
    assert said("harvest", "remove", "there")["datasets"] == 3
    assert said("harvest", "list") == []
    assert said("harvest", "show", "there", code=1)["error"]["code"] == "harvest.no-such-source"


def test_a_task_harvests_and_one_source_waits_only_once(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        assert harvest.leave(call, "there", "run")
        assert not harvest.leave(call, "there", "run")
    assert jobs.run_waiting() == 1
    assert published() == 1
    with session_scope(write=False) as session:
        result = session.scalars(select(Task)).one().result or {}
        assert result["counts"] == {"new": 1}


def test_a_source_that_cannot_be_reached_fails_in_its_own_books_not_in_the_queue(
    home: Path, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaishu.harvest.planning.PAUSES", ())
    monkeypatch.setattr(harvest.plan, "__kwdefaults__", {**(harvest.plan.__kwdefaults__ or {}), "pauses": ()})
    portal.says("/api/3/action/package_search", b"", 500)
    add(url=portal.url, every_hours=24)
    assert enqueue_due() == 1
    assert jobs.run_waiting() == 1
    with session_scope() as session:
        source = session.scalars(select(Source)).one()
        assert source.failures == 1
        assert source.next_try_at is not None
        source.next_try_at = clock.now() - timedelta(seconds=1)
    portal.searches([package(1)])
    assert enqueue_due() == 1
    jobs.run_waiting()
    assert published() == 1
    assert enqueue_due() == 0


def test_the_four_catalogues_of_the_demo_are_left_to_the_worker_once(home: Path) -> None:
    assert demo.leave_catalogues() == 4
    assert demo.leave_catalogues() == 0
    with session_scope(write=False) as session:
        left = session.scalars(select(Task).order_by(Task.id)).all()
        assert [task.kind for task in left] == ["harvest"] * 4 + ["facts"], "counted when all have come in"
    assert demo.register_catalogues() == ["philadelphia", "dhs", "healthdata", "tokyo"]


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    from kaishu.app import build_app

    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        for account, role in (("reviewer", Role.reviewer), ("member", Role.member)):
            access.add_person(call, account=account, password=PASSWORD, role=role)
    yield TestClient(build_app(worker=False), follow_redirects=False)


def enter(client: TestClient, account: str = "reviewer") -> str:
    assert client.post("/sign-in", data={"account": account, "password": PASSWORD}).status_code == 303
    return client.get("/account").text.split('name="csrf" value="')[1].split('"')[0]


def test_a_reviewer_adds_an_upload_looks_at_the_plan_and_applies_it(
    client: TestClient, tmp_path: Path
) -> None:
    token = enter(client)
    path = dump(tmp_path / "a.jsonl", [package(1, title=NASTY, notes=NASTY), package(2), "broken"])
    form = {"csrf": token, "title": NASTY, "name": "there", "kind": "ckan-jsonl", "url": "", "office": ""}
    with path.open("rb") as file:
        answer = client.post("/admin/harvest", data=form, files={"file": ("a.jsonl", file)})
    assert answer.headers["location"] == "/admin/harvest/there"
    assert "hx-get" in client.get("/admin/harvest/there").text
    jobs.run_waiting()
    for language in ("zh", "en"):
        page = client.get(f"/admin/harvest/there?lang={language}").text
        assert NASTY not in page
        assert 'value="apply"' in page
        for number in (1, 2, 3):
            item = client.get(f"/admin/harvest/there/items/{number}")
            assert item.status_code == 200
            assert NASTY not in item.text
    assert "第3行不是 JSON" in client.get("/admin/harvest/there?action=refused&lang=zh").text
    client.post("/admin/harvest/there", data={"csrf": token, "do": "apply"})
    jobs.run_waiting()
    assert published() == 2
    assert client.get("/admin/harvest").status_code == 200
    assert "采集自" in client.get("/datasets/dataset-2").text


def test_a_conflict_is_settled_on_its_page(client: TestClient, tmp_path: Path) -> None:
    from tests.harvest.test_applying import edit

    token = enter(client)
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    edit("dataset-1", title="本地改的")
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的")]))
    run()
    assert "来源改的" in client.get("/admin/harvest-conflicts").text
    item = client.get("/admin/harvest/there/items/1").text
    assert "本地改的" in item
    assert "来源改的" in item
    client.post("/admin/harvest/there/items/1", data={"csrf": token, "choice": "theirs"})
    assert "来源改的" in client.get("/datasets/dataset-1").text


def test_a_pair_is_decided_on_its_page(client: TestClient, tmp_path: Path) -> None:
    token = enter(client)
    for name in ("one", "two"):
        add_file(dump(tmp_path / f"{name}.jsonl", [package(1)]), "ckan-jsonl", name)
        run(name)
    page = client.get("/admin/harvest-duplicates").text
    assert "标识相同" in page
    action = page.split('action="/admin/harvest-duplicates/')[1].split('"')[0]
    keep = page.split('name="keep" value="')[1].split('"')[0]
    client.post(f"/admin/harvest-duplicates/{action}", data={"csrf": token, "keep": keep})
    assert published() == 1


def test_pairs_are_turned_page_by_page_and_found_by_title(client: TestClient, tmp_path: Path) -> None:
    enter(client)
    for name in ("one", "two"):
        packages = [package(number, title=f"第{number}册100%_名单") for number in range(1, 26)]
        add_file(dump(tmp_path / f"{name}.jsonl", packages), "ckan-jsonl", name)
        run(name)
    page = "/admin/harvest-duplicates"
    first, second = client.get(page).text, client.get(f"{page}?from=20").text
    assert "共25对" in first
    assert (first.count('name="decline"'), second.count('name="decline"')) == (20, 5)
    assert "?from=20" in first and "下一页" not in second and "上一页" in second
    found = client.get(page, params={"q": "第7册100%_"}).text
    assert found.count('name="decline"') == 1
    assert client.get(page, params={"q": "没有的"}).text.count('name="decline"') == 0
    for odd in ("-1", "x", "9" * 30, "２"):
        assert client.get(page, params={"from": odd}).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "ckan", "url": "http://169.254.169.254/"},
        {"kind": "ckan", "url": "file:///etc/passwd"},
        {"kind": "ckan", "url": ""},
        {"kind": "no-such", "url": "http://8.8.8.8/"},
        {"kind": "ckan", "url": "http://8.8.8.8/", "name": "Ä"},
        {"kind": "ckan", "url": "http://8.8.8.8/", "every_hours": "often"},
        {"kind": "ckan", "url": "http://8.8.8.8/", "every_hours": "99999"},
        {"kind": "ckan", "url": "http://8.8.8.8/", "office": "nobody"},
    ],
)
def test_a_wrong_form_is_said_and_what_was_typed_stays(client: TestClient, form: dict[str, str]) -> None:
    token = enter(client)
    sent = {"title": "打过的名称", "name": "there", "office": "", "every_hours": "", **form, "csrf": token}
    answer = client.post("/admin/harvest", data=sent)
    assert 400 <= answer.status_code < 500
    assert "打过的名称" in answer.text
    with session_scope(write=False) as session:
        assert session.scalars(select(Source)).all() == []


def test_who_may_not_harvest_sees_none_of_it(client: TestClient) -> None:
    for path in (
        "/admin/harvest",
        "/admin/harvest/there",
        "/admin/harvest-conflicts",
        "/admin/harvest-duplicates",
    ):
        assert client.get(path).status_code == 303
    token = enter(client, "member")
    assert client.get("/admin/harvest").status_code == 403
    answer = client.post("/admin/harvest", data={"csrf": token, "kind": "ckan", "url": "http://8.8.8.8/"})
    assert answer.status_code == 403


def test_a_form_without_its_token_does_nothing(client: TestClient, tmp_path: Path) -> None:
    enter(client)
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    assert client.post("/admin/harvest/there", data={"do": "run"}).status_code == 403
    assert jobs.run_waiting() == 0


def conflicting(tmp_path: Path) -> None:
    from tests.harvest.test_applying import edit

    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    edit("dataset-1", title=NASTY, tags=["我们"])
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的", notes=f"来源说{NASTY}")]))
    run()


def test_a_conflict_is_settled_field_by_field_on_its_page(client: TestClient, tmp_path: Path) -> None:
    token = enter(client)
    conflicting(tmp_path)
    path = "/admin/harvest/there/items/1"
    for language in ("zh", "en"):
        item = client.get(f"{path}?lang={language}").text
        assert NASTY not in item
        assert "来源改的" in item
        assert 'name="field.title" value="theirs"' in item
    form = {"csrf": token, "choice": "fields", "field.title": "ours", "field.description": "theirs"}
    assert client.post(path, data={**form, "field.title": "both"}).status_code == 422
    assert client.post(path, data=form).status_code == 303
    with session_scope(write=False) as session:
        record = session.scalars(select(Dataset)).one().record
    assert (record["title"], record["description"]) == (NASTY, f"来源说{NASTY}")
    assert client.post(path, data=form).status_code == 409


def test_the_terminal_settles_by_field_and_gives_rules_for_themes(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "fresh"))
    assert said("harvest", "list") == []
    conflicting(tmp_path)
    (item,) = said("harvest", "conflicts")
    shown = {each["field"]: each for each in said("harvest", "settle", item["id"])}
    assert (shown["title"]["ours"], shown["title"]["theirs"]) == (NASTY, "来源改的")
    assert (
        said("harvest", "settle", item["id"], "--field", "licence=theirs", code=1)["error"]["status"] == 422
    )
    chosen = ("--field", "title=theirs", "--field", "tags=ours", "--all", "theirs")
    assert said("harvest", "settle", item["id"], *chosen)["choice"] == "fields"
    with session_scope(write=False) as session:
        record = session.scalars(select(Dataset)).one().record
    assert (record["title"], record["tags"]) == ("来源改的", ["我们"])
    for wrong in (["no-number"], [item["id"], "--field", "title"], [item["id"], "--all", "both"]):
        assert CliRunner().invoke(kaishu, ["harvest", "settle", *wrong]).exit_code == 2
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {theme: transport}", encoding="utf-8")
    assert "themes" in str(said("harvest", "themes", "there", "--file", str(rules), code=1))
    rules.write_text(RULES, encoding="utf-8")
    assert said("harvest", "themes", "there", "--file", str(rules))["rules"] == 1
    run()
    assert said("harvest", "themes", "there") == {
        "source": "there",
        "rules": 1,
        "datasets": 1,
        "stated": 0,
        "inferred": 1,
        "without": 0,
    }


def test_rules_for_themes_are_given_on_a_page(client: TestClient, tmp_path: Path) -> None:
    token = enter(client)
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    path = "/admin/harvest/there/themes"
    for language in ("zh", "en"):
        assert client.get(f"{path}?lang={language}").status_code == 200
    wrong = client.post(path, data={"csrf": token, "themes": f"- {NASTY}", "do": "plan"})
    assert wrong.status_code == 422
    assert NASTY not in wrong.text
    assert "alert(1)" in wrong.text
    done = client.post(path, data={"csrf": token, "themes": RULES, "do": "plan"})
    assert done.headers["location"] == "/admin/harvest/there"
    jobs.run_waiting()
    harvest.apply(TERMINAL, "there")
    assert "100" in client.get(path).text


def test_a_reading_that_broke_off_is_said_on_the_page(client: TestClient, portal: Portal) -> None:
    from tests.harvest.test_resuming import break_off

    token = enter(client)
    packages = [package(number) for number in range(1, 151)]
    break_off(portal, packages, 100)
    assert "已读的100个数据集还在" in client.get("/admin/harvest/there?lang=zh").text
    portal.searches(packages)
    client.post("/admin/harvest/there", data={"csrf": token, "do": "anew"})
    jobs.run_waiting()
    assert [each.split("start=")[1].split("&")[0] for each in portal.asked] == ["0", "100"]
