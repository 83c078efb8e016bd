"""Evaluations over the interface: made, opened, made again, tried, compared; what is wrong is said where."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from kaishu import jobs
from tests.api.seeding import Site
from tests.evaluation.records.test_keeping import COLUMNS, SYSTEM

BASE = "/api/v1/evaluations"


def put_system(client: TestClient, head: dict[str, str], text: str = SYSTEM) -> str:
    answer = client.post(f"{BASE}/systems", json={"text": text}, headers=head)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def evaluated(client: TestClient, head: dict[str, str], system: str, **more: Any) -> dict[str, Any]:
    answer = client.post(BASE, json={"system": system, "columns": {**COLUMNS, **more}}, headers=head)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_evaluation_is_made_opened_made_again_tried_and_compared(client: TestClient, site: Site) -> None:
    head = site.header("steward")
    system = put_system(client, head)
    made = evaluated(client, head, system)
    assert (made["state"], made["units"], made["origin"]) == ("kept", 4, "given")
    place = f"{BASE}/{made['id']}"
    whole = client.get(place, headers=head).json()
    units = whole["result"]["units"]
    assert {"score", "weight", "contribution", "raw", "note"} <= set(units[0]["nodes"]["a"])
    unit = client.get(f"{place}/units/甲", headers=head).json()
    leaves = [node for node in unit["nodes"] if node["code"] in ("a", "b", "C")]
    assert abs(sum(node["contribution"] for node in leaves) - unit["score"]) < 1e-12
    assert leaves[0]["raw"] == 1 and set(leaves[0]["used"]) == {"lower", "upper"}
    assert client.post(f"{place}/again", headers=head).json() == {
        "same": True,
        "difference": 0.0,
        "fingerprint": made["fingerprint"],
        "data_digest": made["data_digest"],
    }
    tried = client.post(f"{place}/what-if", json={"weights": {"C": "60%"}}, headers=head).json()
    assert tried["weights"] == {"A": 0.5, "C": 0.5}
    assert {each["id"] for each in tried["units"]} == set(COLUMNS["city"])
    later = evaluated(client, head, system, a=[5, 4, 2, 1])
    told = client.get(f"{BASE}/{later['id']}/compare", params={"with": made["id"]}, headers=head).json()
    assert (len(told["units"]), told["same_data"], told["system"]) == (4, False, [])
    assert client.get(f"{place}/result.csv", headers=head).text.startswith("\ufeffid,name,score,rank,A")


def test_results_are_private_until_published(client: TestClient, site: Site) -> None:
    made = evaluated(client, site.header("steward"), put_system(client, site.header("steward")))
    place = f"{BASE}/{made['id']}"
    assert client.get(place).status_code == 404
    assert client.get(place, headers=site.header("other")).status_code == 404
    assert client.post(f"{place}/publish", headers=site.header("steward")).status_code == 403
    assert client.post(f"{place}/publish", headers=site.header("reviewer")).json()["state"] == "published"
    assert client.get(place).status_code == 200
    assert made["id"] in [each["id"] for each in client.get(BASE).json()]
    gone = client.post(f"{place}/withdraw", json={"reason": "有误"}, headers=site.header("reviewer"))
    assert gone.json()["state"] == "withdrawn" and client.get(place).status_code == 404


def test_what_is_wrong_is_said_with_its_place(client: TestClient, site: Site) -> None:
    head = {**site.header("steward"), "accept-language": "en"}
    bad = client.post(f"{BASE}/systems", json={"text": SYSTEM.replace("0.6", "0.7")}, headers=head)
    assert (bad.status_code, bad.json()["code"]) == (422, "evaluation.bad-system")
    assert "line 10" in bad.json()["detail"]
    system = put_system(client, head)
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"system": "nowhere"}, 404, "evaluation.no-system"),
        ({"system": system}, 422, "evaluation.no-data"),
        ({"system": system, "columns": {"city": ["a"], "a": ["x"], "b": [1], "c": [1]}}, 422, "bad-data"),
        ({"system": system, "columns": {}, "dataset": "x"}, 422, "base.invalid"),
        ({"system": system, "dataset": "nothing"}, 404, "catalogue.no-such-dataset"),
    ]
    for body, status, code in cases:
        answer = client.post(BASE, json=body, headers=head)
        assert answer.status_code == status and answer.json()["code"].endswith(code), answer.text
    assert client.post(BASE, json={"system": system, "columns": COLUMNS}).status_code in (401, 403)


def test_a_file_is_evaluated_and_built_in_systems_are_listed(client: TestClient, site: Site) -> None:
    head = site.header("reviewer")
    system = put_system(client, head, SYSTEM.replace("cities", "towns"))
    text = "city,a,b,c\n甲,1,2,3\n乙,3,2,1\n"
    answer = client.post(
        f"{BASE}/files", data={"system": system}, files={"file": ("城市.csv", text.encode())}, headers=head
    )
    assert answer.status_code == 201 and answer.json()["source"] == "城市.csv"
    listed = client.get(f"{BASE}/systems", headers=head).json()
    mine = next(each for each in listed if each["id"] == system)
    assert (mine["state"], mine["number"]) == ("draft", 1)
    assert client.post(f"{BASE}/systems/{system}/publish", headers=head).json()["state"] == "published"
    assert client.get(f"{BASE}/systems/towns").json()["text"] == SYSTEM.replace("cities", "towns")


def test_an_evaluation_that_failed_is_tried_again(client: TestClient, site: Site) -> None:
    head = site.header("steward")
    system = put_system(client, head)
    rows = "".join(f"u{n:0200},{n % 7},{n % 5},{n % 3}\n" for n in range(5_000))
    content = f"city,a,b,c\n{rows}last,n.d.,1,1\n".encode()
    answer = client.post(
        f"{BASE}/files", data={"system": system}, files={"file": ("市.csv", content)}, headers=head
    )
    assert answer.status_code == 202, answer.text
    jobs.run_waiting()
    failed = client.get(answer.headers["location"], headers=head).json()
    assert failed["state"] == "failed" and "row 5002" in failed["error"]["en"]["message"]
    id = next(each["id"] for each in client.get(BASE, headers=head).json() if each["state"] == "waiting")
    place = f"{BASE}/{id}"
    assert client.get(f"{place}/task", headers=head).json()["id"] == failed["id"]
    assert client.post(f"{place}/retry", headers=site.header("other")).status_code == 404
    bad = client.post(f"{place}/retry", json={"system": "nowhere"}, headers=head)
    assert (bad.status_code, bad.json()["code"]) == (404, "evaluation.no-system")
    again = client.post(f"{place}/retry", headers=head)
    assert again.status_code == 202 and again.json()["state"] == "waiting"
    twice = client.post(f"{place}/retry", headers=head)
    assert (twice.status_code, twice.json()["code"]) == (409, "evaluation.evaluation-in-state")
    jobs.run_waiting()
    assert client.get(f"{place}/task", headers=head).json()["state"] == "failed"
