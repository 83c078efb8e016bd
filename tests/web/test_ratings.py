"""Ratings on a dataset's page: sums for everybody, a form for who has signed in."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from tests.web.conftest import NASTY

SignIn = Callable[[str], str]
PAGE = "/datasets/nasty"
GOOD = {"usable": "5", "timely": "4", "accurate": "3", "satisfied": "4"}


def test_nobody_has_rated_and_a_visitor_is_asked_to_sign_in(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert "还没有人评分" in page and 'class="ratings"' not in page and 'name="usable"' not in page
    assert client.get(f"{PAGE}/rating").headers["location"].startswith("/sign-in?next=")
    assert client.post(f"{PAGE}/rating", data=GOOD).status_code == 401


def test_a_rating_is_given_changed_and_taken_back(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("stranger")
    assert client.post(f"{PAGE}/rating", data={"csrf": csrf, **GOOD}).headers["location"] == f"{PAGE}#ratings"
    page = client.get(PAGE).text
    assert "1人评分，平均4.0分" in page and 'name="usable" value="5" required checked' in page
    client.post(f"{PAGE}/rating", data={"csrf": csrf, **GOOD, "usable": "1"})
    assert "1人评分，平均3.0分" in client.get(PAGE).text
    client.cookies.clear()
    seen = client.get(PAGE).text
    assert (
        "1人评分，平均3.0分" in seen and "checked" not in seen.split('id="ratings"')[1].split("</section>")[0]
    )
    csrf = signed_in("stranger")
    client.post(f"{PAGE}/rating", data={"csrf": csrf, "act": "withdraw"})
    assert "还没有人评分" in client.get(PAGE).text


def test_a_rating_with_a_gap_is_shown_again_with_what_was_chosen_missing(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("stranger")
    answer = client.post(f"{PAGE}/rating", data={"csrf": csrf, **GOOD, "timely": "9"})
    assert answer.status_code == 422 and "请从1到5中选一个" in answer.text and NASTY not in answer.text
    assert "还没有人评分" in client.get(PAGE).text


def test_drafts_and_other_sites_are_refused(client: TestClient, signed_in: SignIn) -> None:
    signed_in("stranger")
    assert client.post(f"{PAGE}/rating", data=GOOD).status_code == 403
    assert client.post("/datasets/nothing/rating", data={"csrf": "x", **GOOD}).status_code in (403, 404)


def test_the_people_of_the_providing_office_see_the_sums_and_no_form(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    page = client.get(PAGE).text
    assert "这个数据集由本部门提供" in page and 'name="usable"' not in page
    assert client.get(f"{PAGE}/rating").headers["location"] == f"{PAGE}#ratings"
    answer = client.post(f"{PAGE}/rating", data={"csrf": csrf, **GOOD})
    assert answer.status_code == 403 and "由您所在的部门提供" in answer.text
    assert "还没有人评分" in client.get(PAGE).text
