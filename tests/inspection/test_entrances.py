"""Pages, files, the interface for programs and the command, over one small catalogue."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from kaishu import access, catalogue, inspection, jobs
from kaishu.access import SYSTEM, TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.cli import entrance
from kaishu.cli.root import kaishu
from kaishu.db import database_url, session_scope
from kaishu.jobs import inspecting
from tests.web.conftest import NASTY, SignIn, client, signed_in  # noqa: F401 - fixtures

PUBLIC = (
    "/quality/metadata",
    "/quality/metadata?source=all",
    "/quality/metadata/offices/office",
    "/quality/elements",
    "/quality/elements?standard=dublin-core",
    "/quality/check",
    "/datasets/nasty/metadata-quality",
    "/datasets/closed/metadata-quality",
)
FILES = {
    "/quality/metadata.csv": "text/csv",
    "/quality/metadata.ttl": "text/turtle",
    "/quality/metadata.jsonld": "application/ld+json",
    "/quality/elements.csv?standard=dcat": "text/csv",
    "/quality/shapes.ttl": "text/turtle",
    "/dataset/nasty/dqv.ttl": "text/turtle",
    "/dataset/nasty/dqv.jsonld": "application/ld+json",
}


@pytest.fixture(autouse=True)
def prepared(home: Path) -> None:
    """The home has its tables; commands need not make them."""
    entrance._prepared.add(database_url())


@pytest.fixture
def measured(client: TestClient) -> TestClient:  # noqa: F811
    """Everything has been inspected once."""
    for what in ("shapes", "mqa", "elements", "check"):
        inspecting.ACTS[what](SYSTEM, "test", "own" if what == "check" else "all", 0)
    return client


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_show_what_was_measured_and_nothing_becomes_script(measured: TestClient, language: str) -> None:
    for path in PUBLIC:
        answer = measured.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        assert NASTY not in answer.text, path
        assert " style=" not in answer.text and "<style" not in answer.text, path
        assert answer.headers["content-language"].startswith(language)
    for path, kind in FILES.items():
        answer = measured.get(path)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind), path


def test_pages_say_how_to_get_a_result_before_there_is_one(client: TestClient) -> None:  # noqa: F811
    for path in ("/quality/metadata", "/quality/elements", "/quality/metadata/offices/office"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "kaishu inspect" in answer.text, path


@pytest.mark.parametrize(
    "path",
    [
        "/quality/metadata?source=nobody",
        "/quality/metadata/offices/nobody",
        "/quality/elements?standard=nothing",
        "/datasets/nobody/metadata-quality",
        "/dataset/nobody/dqv.ttl",
        "/quality/metadata.csv?source=%00",
    ],
)
def test_what_is_not_there_is_not_found(measured: TestClient, path: str) -> None:
    assert measured.get(path).status_code == 404


def test_a_document_is_checked_where_anybody_pastes_it(client: TestClient) -> None:  # noqa: F811
    turtle = "<http://x.example/a> a <http://www.w3.org/ns/dcat#Dataset> ."
    answer = client.post("/quality/check", data={"text": turtle})
    assert answer.status_code == 200
    assert "dct:title" in answer.text and "dct:description" in answer.text
    uploaded = client.post("/quality/check", files={"file": ("a.ttl", turtle.encode())})
    assert uploaded.status_code == 200 and "dct:title" in uploaded.text
    broken = client.post("/quality/check", data={"text": "<http://x> a ", "syntax": "ttl"})
    assert broken.status_code == 422
    assert client.post("/quality/check", data={"text": NASTY}).status_code == 422


def test_findings_name_dataset_and_department_in_the_language_of_the_page(
    measured: TestClient,
    signed_in: SignIn,  # noqa: F811
) -> None:
    with session_scope() as session:
        access.office_by_name(session, "office").title_en = "Bureau of dangers"
    signed_in("reviewer")
    page = measured.get("/admin/checks", params={"lang": "en", "check": "contact"}).text
    assert "Bureau of dangers" in page and "部门&lt;" not in page
    file = measured.get("/admin/checks.csv", params={"lang": "en", "check": "contact"}).text
    assert "Bureau of dangers" in file and "危险" not in file


def test_reviewers_check_any_catalogue_and_stewards_see_their_own(
    measured: TestClient,
    signed_in: SignIn,  # noqa: F811
) -> None:
    assert measured.get("/admin/checks").status_code == 303
    csrf = signed_in("reviewer")
    page = measured.get("/admin/checks")
    assert page.status_code == 200 and NASTY not in page.text
    assert measured.post("/admin/checks/run", data={"csrf": csrf, "source": "own"}).status_code == 303
    assert jobs.run_waiting() == 1
    rows = list(csv.reader(io.StringIO(measured.get("/admin/checks.csv").text.lstrip("\ufeff"))))
    assert len(rows) > 1 and {len(row) for row in rows} == {9}
    assert measured.get("/admin/checks.xlsx").content.startswith(b"PK")
    measured.cookies.clear()
    csrf = signed_in("stranger")
    assert measured.get("/admin/checks").status_code == 403
    assert measured.get("/admin/checks.csv").status_code == 403
    mine = measured.get("/desk/checks")
    assert mine.status_code == 200 and "/datasets/nasty" not in mine.text
    assert measured.post("/desk/checks/run", data={"csrf": csrf}).status_code == 303


def test_programs_read_the_same(measured: TestClient, signed_in: SignIn) -> None:  # noqa: F811
    one = measured.get("/api/v1/datasets/nasty/quality").json()
    assert one["of"] == 405 and len(one["indicators"]) == 23
    assert one["score"] == sum(each["points"] for each in one["indicators"] if each["met"])
    assert {each["name"] for each in measured.get("/api/v1/quality").json()} == {"own", "all"}
    assert [each["name"] for each in measured.get("/api/v1/quality/offices").json()] == ["office"]
    assert measured.get("/api/v1/quality/elements/dcat").json()["datasets"] == {"own": 2, "all": 2}
    assert measured.get("/api/v1/quality/elements/nothing").status_code == 404
    assert measured.get("/api/v1/checks").status_code == 401
    signed_in("reviewer")
    found = measured.get("/api/v1/checks?limit=1").json()
    assert found["total"] == sum(found["counts"].values()) and len(found["items"]) == 1


def test_the_background_measures_once_after_a_change(client: TestClient) -> None:  # noqa: F811
    assert inspecting.leave_when_due() is True
    assert inspecting.leave_when_due() is False
    assert jobs.run_waiting() == 1
    assert inspecting.leave_when_due() is False
    with session_scope(write=False) as session:
        assert inspection.sums_of(session, "catalogue", "own") is not None


def test_the_command_checks_measures_and_counts(client: TestClient) -> None:  # noqa: F811
    runner = CliRunner()

    def run(*words: str) -> object:
        done = runner.invoke(kaishu, ["--lang", "en", "inspect", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    checked = run("check")
    assert isinstance(checked, dict) and checked["datasets"] == 2 and checked["findings"]
    assert run("shapes") == {"checked": 2, "conforming": 2}
    quality = run("mqa")
    assert isinstance(quality, list) and {each["catalogue"] for each in quality} == {"own", "all"}
    elements = run("elements", "--standard", "dublin-core")
    assert isinstance(elements, dict) and len(elements["elements"]) >= 15
    assert run("links") == {"asked": 0, "reachable": 0}
    assert runner.invoke(kaishu, ["inspect", "check", "--only", "nothing"]).exit_code == 2
    assert runner.invoke(kaishu, ["inspect", "check", "--source", "nobody"]).exit_code == 1


def test_a_document_on_disk_is_checked_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("<http://x.example/a> a <http://www.w3.org/ns/dcat#Dataset> .", encoding="utf-8")
    done = CliRunner().invoke(kaishu, ["inspect", "document", str(file), "--json"])
    assert done.exit_code == 1
    assert {each["path"] for each in json.loads(done.stdout)["results"]} == {"dct:title", "dct:description"}


def test_every_inspection_leaves_a_row_in_the_ledger(measured: TestClient) -> None:
    from kaishu.ledger.models import Entry

    with session_scope(write=False) as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        actions = {row.action for row in call.session.query(Entry).all()}
    assert {"inspection.mqa", "inspection.check", "inspection.elements", "inspection.shapes"} <= actions


def test_addresses_that_nobody_asked_are_not_called_good(measured: TestClient, signed_in: SignIn) -> None:  # noqa: F811
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        link = {"id": ids.new_id(), "name": "表", "url": "https://elsewhere.example.org/a.csv"}
        dataset = catalogue.dataset_by_name(call, "nasty")
        dataset.resources = [*dataset.resources, link]
        inspection.keep_checks(call, inspection.run_checks(call, "own"))
    signed_in("reviewer")
    page = measured.get("/admin/checks", params={"check": "links"}).text
    assert "有1个地址还没有去看过" in page and "没有发现问题。" not in page
    every = measured.get("/admin/checks", params={"lang": "en"}).text
    assert "not all seen" in every and "1 address has not" not in every
