"""Lineage and impact over HTTP: visitors see what is public, insiders also who did it and what is named."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from kaishu import access, quality
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.catalogue import dataset_by_name, draft_resources
from kaishu.db import session_scope
from kaishu.source.models import Arrival, Contract
from tests.api.seeding import Site

RULES = """
key: 学校
rules:
  - {id: pupils-known, check: not-null, column: 学生数}
  - {id: big-named, check: not-null, column: 学校, when: 学生数 > 1000}
"""
LOOKING = """
rules:
  - {id: has-a-school, check: exists, column: 站名, reference: schools, reference-column: 学校}
"""


def put_rules(name: str, text: str) -> None:
    """In force, as two people agreed."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        table = draft_resources(call, dataset_by_name(call, name))[0].table_id or ""
        quality.keep_rules(call, table, text)
        quality.submit_rules(call, table)
        for person in [each for each in access.people(session) if each.role in ("reviewer", "administrator")]:
            actor = access.Actor("person", person.id, person.name, access.Role(person.role), person.office_id)
            quality.approve_rules(Call(session, actor, call.now, call.request_id), table)


def kinds(answer: Any) -> set[tuple[str, str]]:
    return {(node["kind"], node["column"]) for node in answer["nodes"]}


def test_a_visitor_follows_a_column_from_file_to_interface_without_names(
    client: TestClient, site: Site
) -> None:
    answer = client.get("/api/v1/datasets/schools/lineage", params={"column": "学生数"}).json()
    assert kinds(answer) == {
        ("file", "学生数"),
        ("table", "学生数"),
        ("item", "学生数"),
        ("published", "学生数"),
        ("interface", ""),
    }
    assert {edge["kind"] for edge in answer["edges"]} == {"cast", "described", "published", "offered"}
    assert {(edge["actor"], edge["entry"]) for edge in answer["edges"]} == {(None, None)}
    seen = client.get("/api/v1/datasets/schools/lineage", headers=site.header("reviewer")).json()
    acts = {edge["action"] for edge in seen["edges"] if edge["entry"] and edge["actor"]}
    assert acts == {"lake.ingest", "catalogue.publish"}


def test_what_may_not_be_seen_has_no_lineage(client: TestClient, site: Site) -> None:
    for name, status in (("closed", 403), ("hidden", 404), ("none", 404)):
        assert client.get(f"/api/v1/datasets/{name}/lineage").status_code == status
    own = client.get("/api/v1/datasets/hidden/lineage", headers=site.header("steward"))
    assert own.status_code == 200
    assert "published" not in {kind for kind, _ in kinds(own.json())}
    assert client.get("/api/v1/datasets/hidden/lineage", headers=site.header("other")).status_code == 404


def test_impact_names_every_rule_key_and_other_table_to_whom_it_concerns(
    client: TestClient, site: Site
) -> None:
    put_rules("schools", RULES)
    put_rules("stations", LOOKING)
    place = "/api/v1/datasets/schools/lineage/impact"

    def uses(column: str, who: str) -> tuple[set[tuple[str, str, str]], int]:
        told = client.get(place, params={"column": column}, headers=site.header(who)).json()
        return {(use["kind"], use["name"], use["where"]) for use in told["uses"]}, told["hidden"]

    assert uses("学生数", "other") == (
        {("rule", "pupils-known", "schools"), ("rule", "big-named", "schools")},
        0,
    )
    own = {("rule", "big-named", "schools"), ("row-key", "学校", "schools")}
    assert uses("学校", "reviewer") == (own | {("reference", "has-a-school", "stations")}, 0)
    assert uses("学校", "other") == (own, 1), "another office's rule is counted, not named"
    public = client.get(place, params={"column": "学校"}).json()
    assert (public["uses"], public["hidden"]) == ([], 0)
    assert {node["kind"] for node in public["reached"]} == {"item", "published", "interface"}
    wrong = client.get(place, params={"column": "没有"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "lineage.no-such-column")


def test_a_source_under_contract_is_shown_to_those_who_may_see_sources(
    client: TestClient, site: Site
) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        dataset = dataset_by_name(call, "stations")
        entry = draft_resources(call, dataset)[0]
        contract = Contract(
            id=ids.new_id(),
            name="metro-monthly",
            office_id=dataset.office_id,
            way="push",
            remote_table="dbo.站",
            table_id=entry.table_id,
            starts_on=call.now.date(),
            marker="站名",
            update={"mode": "replace"},
            created_at=call.now,
            created_by="t",
        )
        session.add(contract)
        session.flush()
        session.add(
            Arrival(
                id=ids.new_id(),
                contract_id=contract.id,
                period_start=call.now.date(),
                state="taken",
                at=call.now,
                version_id=entry.version_id,
            )
        )
    place = "/api/v1/datasets/stations/lineage"
    public = client.get(place, params={"column": "站名"}).json()
    assert "source" not in {kind for kind, _ in kinds(public)}
    seen = client.get(place, params={"column": "站名"}, headers=site.header("steward")).json()
    found = [node for node in seen["nodes"] if node["kind"] == "source"]
    assert [(node["label"], node["column"]) for node in found] == [("metro-monthly: dbo.站", "站名")]
    told = client.get(f"{place}/impact", params={"column": "站名"}, headers=site.header("steward")).json()
    assert ("marker", "metro-monthly") in {(use["kind"], use["where"]) for use in told["uses"]}
