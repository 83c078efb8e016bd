"""Ratings over the interface: given, replaced, taken back, and seen by everybody as sums only."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site

HERE = "/api/v1/datasets/stations/rating"
GOOD = {"usable": 5, "timely": 4, "accurate": 3, "satisfied": 4}


def test_a_rating_is_given_replaced_and_taken_back(client: TestClient, site: Site) -> None:
    empty = client.get(HERE).json()
    assert (empty["count"], empty["mean"], empty["mine"]) == (0, None, None)
    assert client.put(HERE, json=GOOD, headers=site.header("admin")).json()["mean"] == 4
    other = {**GOOD, "usable": 1}
    client.put(HERE, json=GOOD, headers=site.header("other"))
    found = client.put(HERE, json=other, headers=site.header("other")).json()
    assert (found["count"], found["aspects"]["usable"]) == (2, {"mean": 3, "counts": [1, 0, 0, 0, 1]})
    assert {aspect: found["mine"][aspect] for aspect in other} == other
    seen = client.get(HERE).json()
    assert (seen["count"], seen["mine"]) == (2, None)
    for account in ("admin", "other", "other"):
        assert client.delete(HERE, headers=site.header(account)).status_code == 204
    assert client.get(HERE).json() == empty


@pytest.mark.parametrize("wrong", [{}, {**GOOD, "usable": 6}, {**GOOD, "usable": "5"}, {**GOOD, "more": 1}])
def test_what_is_no_rating_is_refused(client: TestClient, site: Site, wrong: dict[str, object]) -> None:
    answer = client.put(HERE, json=wrong, headers=site.header("steward"))
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert client.get(HERE).json()["count"] == 0


def test_strangers_may_read_and_not_rate(client: TestClient, site: Site) -> None:
    assert client.put(HERE, json=GOOD).status_code == 401
    own = client.put(HERE, json=GOOD, headers=site.header("steward"))
    assert (own.status_code, own.json()["code"]) == (403, "engagement.own-dataset")
    assert client.delete(HERE).status_code == 401
    assert client.get("/api/v1/datasets/hidden/rating").status_code == 404
    hidden = client.put("/api/v1/datasets/hidden/rating", json=GOOD, headers=site.header("other"))
    assert hidden.status_code == 404
    draft = client.put("/api/v1/datasets/hidden/rating", json=GOOD, headers=site.header("steward"))
    assert (draft.status_code, draft.json()["code"]) == (409, "engagement.not-to-be-rated")
