"""Facts on the pages: counted by who may, shown to everybody as far as they concern what is published."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kaishu import access, catalogue, evaluation, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.harvest.models import Harvested, Source
from kaishu.ledger.models import Entry
from tests.web.conftest import NASTY

SignIn = Callable[[str], str]
HERE = "/evaluation/facts"
SCOPES = ("platform", "catalogue", "office", "division")


def kept(by: str = "platform") -> str:
    with session_scope() as session:
        return evaluation.collect_facts(Call(session, TERMINAL, clock.now(), ids.new_id()), by=by).id


def test_nothing_counted_is_said_and_counting_fills_the_page(client: TestClient, signed_in: SignIn) -> None:
    assert "还没有按这个范围统计过" in client.get(HERE).text
    assert client.get("/api/v1/facts").json()["code"] == "evaluation.no-facts-kept"
    csrf = signed_in("steward")
    for _twice in range(2):
        assert client.post(HERE, data={"csrf": csrf, "by": "platform"}).status_code == 303
    assert "统计已排队" in client.get(HERE).text
    assert jobs.run_waiting() >= 1
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        assert len(evaluation.fact_collections(call)) == 1, "asked twice, counted once"
    page = client.get(HERE).text
    assert "还没有按这个范围统计过" not in page and "重新统计" in page and "统计已排队" not in page


@pytest.mark.parametrize("by", SCOPES)
def test_every_scope_and_fact_has_its_page(client: TestClient, signed_in: SignIn, by: str) -> None:
    kept(by)
    signed_in("reviewer")
    page = client.get(HERE, params={"by": by, "lang": "en"})
    assert page.status_code == 200 and NASTY not in page.text
    for fact in evaluation.all_facts():
        answer = client.get(f"{HERE}/{fact}", params={"by": by})
        assert answer.status_code == 200 and NASTY not in answer.text, fact


def test_the_rows_are_as_many_as_the_value_says_and_can_be_taken_away(
    client: TestClient, signed_in: SignIn
) -> None:
    kept("office")
    found = client.get(f"{HERE}/datasets", params={"by": "office", "unit": "office"}).text
    assert html.escape(NASTY) in found and 'href="/datasets/nasty"' in found
    told = client.get("/api/v1/facts/datasets", params={"by": "office"}).json()
    value = next(unit for unit in told["units"] if unit["id"] == "office")["facts"]["datasets"]["value"]
    taken = client.get(f"{HERE}/datasets/rows.csv", params={"by": "office", "unit": "office"})
    rows = list(csv.DictReader(io.StringIO(taken.text.lstrip("\ufeff"))))
    assert len(rows) == value == 2
    over_api = client.get(
        "/api/v1/facts/datasets/rows", params={"by": "office", "unit": "office", "limit": 1}
    )
    second = {"by": "office", "unit": "office", "limit": 1, "cursor": over_api.json()["next"]}
    both = over_api.json()["rows"] + client.get("/api/v1/facts/datasets/rows", params=second).json()["rows"]
    assert {row["dataset"] for row in both} == {"nasty", "closed"} and over_api.json()["total"] == 2
    table = client.get(f"{HERE}.csv", params={"by": "office", "facts": ["datasets", "update-age"]}).text
    assert table.startswith("\ufeffid,name,datasets,update-age")


def test_visitors_see_what_concerns_published_records_only(client: TestClient, signed_in: SignIn) -> None:
    kept("platform"), kept("office")
    page = client.get(HERE).text
    assert "datasets.open" in page and "work-orders" not in page and "quality.score" not in page
    assert "重新统计" not in page
    assert client.get(f"{HERE}/work-orders").headers["location"].startswith("/sign-in")
    named = {fact["name"] for fact in client.get("/api/v1/facts").json()["facts"]}
    assert "datasets.open" in named and not named & {
        "work-orders",
        "reviews",
        "applications",
        "quality.score",
    }
    assert client.get("/api/v1/facts", params={"fact": "reviews"}).status_code == 401
    assert client.get(f"{HERE}/reviews/rows.csv", params={"unit": "all"}).status_code in (303, 401)
    assert client.post("/api/v1/facts", json={}).status_code == 401
    signed_in("steward")
    assert "work-orders" in client.get(HERE).text


def test_reviews_of_all_offices_are_not_listed_to_a_steward(client: TestClient, signed_in: SignIn) -> None:
    kept("platform"), kept("office")
    signed_in("steward")
    page = client.get(f"{HERE}/reviews")
    assert (
        page.status_code == 200
        and "只能处理本部门的数据" in page.text
        and html.escape(NASTY) not in page.text
    )
    own = client.get(f"{HERE}/reviews", params={"by": "office", "unit": "office"})
    assert html.escape(NASTY) in own.text
    taken = client.get(f"{HERE}/reviews/rows.csv", params={"by": "office", "unit": "office"})
    assert taken.status_code == 200
    assert client.get(f"{HERE}/reviews/rows.csv", params={"unit": "all"}).status_code == 403
    with session_scope(write=False) as session:
        rows = session.query(Entry).filter_by(action="evaluation.facts.take").all()
        assert [(row.facts["fact"], row.facts["unit"]) for row in rows] == [("reviews", "office")]


def test_what_was_withdrawn_since_is_counted_but_not_named(client: TestClient) -> None:
    kept()
    with session_scope() as session:
        catalogue.withdraw(Call(session, TERMINAL, clock.now(), ids.new_id()), "nasty", "有误")
    page = client.get(f"{HERE}/datasets").text
    assert (
        page.count("已撤销或不再公开的数据集") == 1
        and page.count("危险的") == 1
        and "/datasets/nasty" not in page
    )
    rows = client.get("/api/v1/facts/datasets/rows").json()
    assert (rows["total"], sorted(row["dataset"] for row in rows["rows"])) == (2, ["", "closed"])
    assert client.get(f"{HERE}/datasets/rows.csv", params={"unit": "all"}).text.count("危险的") == 1


def test_columns_are_chosen_and_ordered_by_the_first(client: TestClient) -> None:
    kept("office")
    page = client.get(HERE, params={"by": "office", "facts": ["formats", "work-orders", "nothing"]}).text
    heads = re.findall(r'<th scope="col"><a href="/evaluation/facts/([^"?]+)', page)
    assert heads == ["formats"], "what a visitor may not see or what is no fact is left out"


def test_what_is_not_there_is_said(client: TestClient) -> None:
    kept()
    for where in ("?by=moon", "/nothing", "/datasets?unit=nobody", "/datasets/rows.csv?unit=nobody"):
        assert client.get(HERE + where).status_code == 404, where


def test_by_department_our_own_come_first_and_providers_of_other_portals_on_demand(
    client: TestClient,
) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        far = access.add_office(call, title="远方的局", name="far")
        source = Source(
            id=ids.new_id(), name="there", title="那边", kind="ckan", state="active", created_at=call.now
        )
        session.add(source)
        dataset = catalogue.dataset_by_name(call, "closed")
        dataset.office_id = far.id
        session.flush()
        session.add(
            Harvested(
                source_id=source.id,
                remote_id="1",
                dataset_id=dataset.id,
                remote_digest="",
                our_digest="",
                first_seen=call.now,
                last_seen=call.now,
            )
        )
    kept("office")
    for page in (f"{HERE}?by=office", f"{HERE}/datasets?by=office"):
        own = client.get(page).text
        assert "远方的局" not in own and "另有1个其他门户的提供方" in own
        every = client.get(f"{page}&providers=all").text
        assert "远方的局" in every and "只列本站的部门" in every
    assert "远方的局" in client.get(f"{HERE}/datasets?by=office&unit=far").text
    assert "远方的局" in client.get(f"{HERE}.csv?by=office").text, "the file has them all"
    assert "其他门户" not in client.get(f"{HERE}?by=catalogue").text
