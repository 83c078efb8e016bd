"""A run over the interface from columns, facts and a round together; what is missing or doubled is said."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from kaishu import evaluation
from kaishu.access import TERMINAL, Actor, Call, Role, people
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.api.seeding import Site
from tests.api.test_evaluations import BASE, put_system

SYSTEM = """\
system: mixed
edition: "1"
scale: [0, 5]
units: {id: office}
missing: zero
tree:
  - {code: C, weight: 0.5, indicator: {from: {column: staff}, normalise: {steps: [[0, 0], [10, 5]]}}}
  - {code: F, weight: 0.3, indicator: {from: {fact: datasets}, normalise: {steps: [[0, 0], [1, 5]]}}}
  - code: J
    weight: 0.2
    indicator: {from: {judged: {criteria: [{score: 5, text: 是}, {score: 0, text: 否}]}}}
"""


def put_round(system: str) -> str:
    """A disclosed round over two units, by three people of the site."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        known = [each for each in people(session) if each.active][:3]
        calls = [
            Call(session, Actor("person", each.id, each.name, Role(each.role), each.office_id), call.now, "")
            for each in known
        ]
        seats = dict(zip(("first", "second", "reviewer"), (each.account for each in known), strict=True))
        units = [{"id": "a"}, {"id": "b"}]
        round = evaluation.open_round(call, system, title="一轮", units=units, **seats)
        for unit, score in (("a", 5), ("b", 0)):
            for who in calls[:2]:
                evaluation.judge(who, round.id, unit, "J", score, "见网页")
        evaluation.disclose(call, round.id)
        return round.id


def test_columns_facts_and_a_round_make_one_result(client: TestClient, site: Site) -> None:
    head = site.header("reviewer")
    system = put_system(client, head, SYSTEM)
    round = put_round(system)
    columns = {"office": ["a", "b"], "staff": [20, 1]}
    wanted = {"system": system, "columns": columns, "facts": "office", "round": round}
    answer = client.post(BASE, json=wanted, headers=head)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["asked"]["facts"] == "office" and made["asked"]["round"] == round
    opened = client.get(f"{BASE}/{made['id']}/units/a", headers=head).json()
    nodes = {node["code"]: node for node in opened["nodes"]}
    assert (nodes["C"]["score"], nodes["F"]["score"], nodes["J"]["score"]) == (5, 0, 5)
    assert "见网页" in nodes["J"]["remark"] and "staff" in nodes["C"]["remark"]
    assert client.post(f"{BASE}/{made['id']}/again", headers=head).json()["same"] is True
    file = client.post(
        f"{BASE}/files",
        data={"system": system, "facts": "office", "round": round},
        files={"file": ("a.csv", b"office,staff\na,20\nb,1\n")},
        headers=head,
    )
    assert file.status_code == 201, file.text
    assert file.json()["data_digest"] == made["data_digest"]
    # Without a system it is the one that was judged by.
    own = client.post(BASE, json={"round": round, "absent": True}, headers=head).json()
    assert (own["system"], own["edition_id"], own["origin"]) == ("mixed", system, "round")


def test_what_does_not_go_together_is_refused(client: TestClient, site: Site) -> None:
    head = {**site.header("reviewer"), "accept-language": "en"}
    system = put_system(client, head, SYSTEM)
    round = put_round(system)
    columns: dict[str, list[Any]] = {"office": ["a", "b"], "staff": [20, 1]}
    whole = {"system": system, "columns": columns, "facts": "office", "round": round}
    doubled = {**whole, "columns": {**columns, "J": [1, 2]}}
    cases: list[tuple[dict[str, Any], int, str]] = [
        (doubled, 422, "evaluation.two-sources"),
        ({"system": system, "facts": "office", "round": round}, 422, "evaluation.no-source"),
        ({**whole, "columns": {"office": ["a", "a"], "staff": [1, 2]}}, 422, "evaluation.bad-data"),
        ({**whole, "round": "nothing"}, 404, "base.not-found"),
        ({**whole, "facts": "moon"}, 422, "base.invalid"),
        ({**whole, "own": True}, 422, "base.invalid"),
        ({"round": round, "facts": "office"}, 422, "evaluation.no-source"),
    ]
    for body, status, code in cases:
        answer = client.post(BASE, json=body, headers=head)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    # Who has no part in judging has none in its scores.
    stranger = client.post(BASE, json=whole, headers=site.header("steward"))
    assert stranger.status_code == 404, stranger.text
