"""Judging over the interface: blind until both are in, decided, disclosed, appealed, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu.access import TERMINAL, Actor, Call, Role, add_person, issue_token, revise_person
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.api.seeding import Site
from tests.evaluation.judging.test_rounds import SYSTEM

BASE = "/api/v1/judging"
PLACE = {"unit": "bus", "code": "P"}


@pytest.fixture(scope="module")
def assessors(site: Site) -> Iterator[Site]:
    """Two assessors beside the people of the site."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        for account in ("first", "second"):
            person = add_person(call, account=account, password=f"{account}-mima-2026", role=Role.member)
            own = Call(
                session, Actor("person", person.id, person.name, Role.member, None), call.now, ids.new_id()
            )
            site.tokens[account] = issue_token(own, application="评判")[1]
    yield site


@dataclass
class Room:
    """A round, and everybody's way to it."""

    client: TestClient
    site: Site
    id: str

    def get(self, who: str, path: str = "", **query: str | bool) -> Any:
        return self.client.get(f"{BASE}/rounds/{self.id}{path}", params=query, headers=self._head(who))

    def post(self, who: str, path: str, **what: Any) -> Any:
        return self.client.post(f"{BASE}/rounds/{self.id}{path}", json=what, headers=self._head(who))

    def place(self, who: str, unit: str = "bus", code: str = "P") -> dict[str, Any]:
        answer = self.get(who, "/place", unit=unit, code=code)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _head(self, who: str) -> dict[str, str]:
        return {**(self.site.header(who) if who else {}), "accept-language": "en"}


@pytest.fixture
def room(client: TestClient, assessors: Site) -> Room:
    reviewer = assessors.header("reviewer")
    system = client.post("/api/v1/evaluations/systems", json={"text": SYSTEM}, headers=reviewer).json()["id"]
    given = {
        "system": system,
        "title": "2026",
        "first": "first",
        "second": "second",
        "reviewer": "reviewer",
        "appeal_days": 5,
        "units": [
            {"id": "bus", "name": "交通委员会", "office": "transport"},
            {"id": "village", "class": "small"},
        ],
    }
    answer = client.post(f"{BASE}/rounds", json=given, headers=reviewer)
    assert answer.status_code == 201, answer.text
    return Room(client, assessors, str(answer.json()["id"]))


def judged(room: Room) -> None:
    """All places; the assessors differ about P of the bus office only."""
    for who, policy in (("first", 5), ("second", 3)):
        for unit, code, score in (("bus", "P", policy), ("bus", "R", 5), ("village", "P", 0)):
            answer = room.post(who, "/scores", unit=unit, code=code, score=score, note=f"note of {who}")
            assert answer.status_code == 200, answer.text


def test_a_round_tells_what_is_judged_and_what_waits(room: Room) -> None:
    found = room.get("first").json()
    assert (found["state"], found["seats"], found["places"]) == ("judging", ["first"], 3)
    assert [each["code"] for each in found["indicators"]] == ["P", "R"]
    assert found["indicators"][0]["criteria"][0] == {"score": 5.0, "text": "有制度并公开"}
    assert [each["id"] for each in found["units"]] == ["bus", "village"]
    waiting = room.client.get(f"{BASE}/waiting", headers=room.site.header("first")).json()
    assert [each["to_judge"] for each in waiting if each["round"]["id"] == room.id] == [3]
    assert len(room.get("first", "/places", waiting=True).json()) == 3
    room.post("first", "/scores", **PLACE, score=5)
    assert len(room.get("first", "/places", waiting=True).json()) == 2
    assert room.get("reviewer", "/places", waiting=True).json() == []


def test_nobody_sees_an_assessors_score_or_evidence_until_both_are_in(room: Room) -> None:
    room.post("first", "/scores", **PLACE, score=5, note="note of first")
    sent = room.client.post(
        f"{BASE}/rounds/{room.id}/evidence",
        data={**PLACE, "about": "the rule itself"},
        files={"file": ("办法.pdf", b"%PDF rule", "application/pdf")},
        headers=room.site.header("first"),
    )
    assert sent.status_code == 201, sent.text
    file = f"/evidence/{sent.json()['id']}"
    mine = room.place("first")
    assert mine["first"]["score"] == 5 and mine["state"] == "given" and len(mine["evidence"]) == 1
    for who in ("second", "reviewer", "admin"):
        seen = room.get(who, "/place", **PLACE)
        assert "note of first" not in seen.text and "办法" not in seen.text, who
        assert seen.json()["first"] is None and seen.json()["state"] == "open"
        assert room.get(who, file).status_code == 404
        assert room.get(who, "/places").json()[0]["state"] == "open"
    for who in ("steward", "other", ""):  # the unit's office, another one, a stranger
        for path in ("", "/places", "/agreement", file):
            assert room.get(who, path).status_code in (401, 404), (who, path)
        assert room.get(who, "/place", **PLACE).status_code in (401, 404)
        listed = room.client.get(f"{BASE}/rounds", headers=room._head(who))
        assert room.id not in listed.text
    assert room.post("second", "/scores", **PLACE, score=3).json()["state"] == "differs"
    assert room.place("second")["first"]["note"] == "note of first"
    got = room.get("second", file)
    assert got.content == b"%PDF rule" and got.headers["content-disposition"].startswith("attachment")
    too_late = room.post("first", "/scores", **PLACE, score=3)
    assert (too_late.status_code, too_late.json()["code"]) == (409, "evaluation.already-judged")


def test_nobody_judges_the_own_department_and_a_stand_in_is_named(room: Room) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        revise_person(call, "first", office="transport")
    try:
        refused = room.post("first", "/scores", **PLACE, score=5)
        assert (refused.status_code, refused.json()["code"]) == (403, "evaluation.recused")
        waits = room.get("first", "/places", waiting=True).json()
        assert [each["unit"] for each in waits] == ["village"]
        assert room.get("steward", "/stand-ins").status_code in (403, 404)
        (found,) = room.get("second", "/stand-ins").json()
        assert (found["unit"], found["seat"], found["stand_in"]) == ("bus", "first", None) and found["needed"]
        own = {"unit": "bus", "seat": "first"}
        assert room.post("second", "/stand-ins", **own, person="admin").status_code == 403
        assert room.post("reviewer", "/stand-ins", **own, person="steward").status_code == 422
        named = room.post("reviewer", "/stand-ins", **own, person="admin")
        assert named.status_code == 201 and not named.json()[0]["needed"]
        assert len(room.get("admin", "/places", waiting=True).json()) == 2
        assert room.post("admin", "/scores", **PLACE, score=5).json()["state"] == "given"
    finally:
        with session_scope() as session:
            call = Call(session, TERMINAL, clock.now(), ids.new_id())
            revise_person(call, "first", office=None)


def test_differences_are_decided_then_disclosed_appealed_and_closed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(room)
    early = room.post("reviewer", "/disclose")
    assert (early.status_code, early.json()["code"]) == (409, "evaluation.not-settled")
    assert [each["code"] for each in room.get("reviewer", "/places", waiting=True).json()] == ["P"]
    decided = room.post("reviewer", "/decisions", **PLACE, score=3, reason="not public").json()
    assert (decided["state"], decided["score"], decided["history"][0]["how"]) == ("settled", 3, "decided")
    told = room.get("reviewer", "/agreement").json()
    assert told["whole"]["pairs"] == 3 and abs(told["whole"]["same"] - 2 / 3) < 1e-12
    assert told["indicators"]["R"]["kappa"] is None
    assert room.post("reviewer", "/disclose").json()["state"] == "disclosed"

    unit = room.get("steward").json()
    assert ([each["id"] for each in unit["units"]], unit["places"], unit["settled"]) == (["bus"], 2, 2)
    own = room.get("steward", "/place", **PLACE)
    assert own.json()["score"] == 3 and own.json()["first"] is None and "note of" not in own.text
    assert room.get("steward", "/place", unit="village", code="P").status_code == 404
    assert {each["unit"] for each in room.get("steward", "/places").json()} == {"bus"}
    assert room.get("steward", "/agreement").status_code == 403
    assert room.get("other").status_code == 404

    assert room.post("other", "/appeals", **PLACE, reason="x").status_code in (403, 404)
    made = room.post("steward", "/appeals", **PLACE, reason="it is public").json()
    assert made["due"] and made["closed_at"] is None
    assert room.place("first")["appealed"]
    answer = f"{BASE}/appeals/{made['id']}/answer"
    what = {"uphold": True, "reason": "so it is", "score": 5}
    assert room.client.post(answer, json=what, headers=room.site.header("first")).status_code == 403
    upheld = room.client.post(answer, json=what, headers=room.site.header("reviewer")).json()
    assert upheld["answer"] == "so it is" and upheld["closed_at"]
    assert [each["score"] for each in room.place("steward")["history"]] == [3, 5]
    early = room.post("reviewer", "/close")
    assert (early.status_code, early.json()["code"]) == (409, "evaluation.appeals-open")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=30))
    assert room.post("reviewer", "/close").json()["state"] == "closed"


def test_what_is_wrong_is_told_as_a_problem(room: Room) -> None:
    cases: list[tuple[str, str, dict[str, Any], int, str]] = [
        ("first", "/scores", {**PLACE, "score": 4}, 422, "base.invalid"),
        ("reviewer", "/scores", {**PLACE, "score": 5}, 403, "evaluation.not-seated"),
        ("first", "/scores", {"unit": "nobody", "code": "P", "score": 5}, 404, "evaluation.no-place"),
        ("first", "/scores", {"unit": "village", "code": "R", "score": 5}, 404, "evaluation.no-place"),
        ("first", "/scores", {**PLACE, "score": "?"}, 422, "base.invalid"),
        ("first", "/decisions", {**PLACE, "score": 5, "reason": "x"}, 403, ""),
        ("reviewer", "/decisions", {**PLACE, "score": 5, "reason": "x"}, 409, "evaluation.not-to-decide"),
        ("first", "/disclose", {}, 403, ""),
    ]
    for who, path, what, status, code in cases:
        answer = room.post(who, path, **what)
        assert (answer.status_code, answer.headers["content-type"]) == (
            status, "application/problem+json",
        ), answer.text  # fmt: skip
        assert answer.json()["code"].endswith(code)
    bad = {"title": "", "system": "hdi", "first": "first", "second": "first", "reviewer": "reviewer"}
    refused = room.client.post(
        f"{BASE}/rounds", json={**bad, "units": []}, headers=room.site.header("reviewer")
    )
    assert refused.status_code == 422
    link = room.client.post(
        f"{BASE}/rounds/{room.id}/evidence",
        data={**PLACE, "url": "ftp://x"}, headers=room.site.header("first"),
    )  # fmt: skip
    assert link.status_code == 422 and "url" in link.text
