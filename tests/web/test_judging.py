"""Pages of judging: a round from its form to an appeal, blind until both have scored, in both languages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kaishu import access, evaluation
from kaishu.access import TERMINAL, Call, Role
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation.models import Evidence, JudgingRound
from tests.evaluation.judging.test_rounds import SYSTEM
from tests.web.conftest import PASSWORD

HERE = "/desk/judging"


def signed_in(client: TestClient, account: str) -> TestClient:
    """The same application, as somebody."""
    one = TestClient(client.app, follow_redirects=False)
    answer = one.post("/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    one.get("/about?lang=en")
    return one


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def people(client: TestClient) -> dict[str, TestClient]:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        access.add_office(call, title="评判对象局", name="judged-office", code="9")
        for account, role, office in (
            ("one", Role.member, None),
            ("two", Role.member, None),
            ("judge", Role.reviewer, None),
            ("bus", Role.steward, "judged-office"),
        ):
            access.add_person(
                call, account=account, name=account, role=role, password=PASSWORD, office=office
            )
        row = evaluation.add_system(call, SYSTEM)
        evaluation.publish_edition(call, row.id)
    return {account: signed_in(client, account) for account in ("one", "two", "judge", "bus")}


def post(one: TestClient, path: str, **data: str) -> None:
    page = one.get(path.replace("/evidence?", "/place?")).text
    answer = one.post(path, data={**data, "csrf": token(page)})
    assert answer.status_code == 303, answer.text[-3000:]


def test_a_round_goes_from_its_form_to_the_answer_of_an_appeal(people: dict[str, TestClient]) -> None:
    judge = people["judge"]
    wrong = {"title": "一轮", "system": "openness", "first": "one", "second": "one", "reviewer": "judge"}
    form = token(judge.get(f"{HERE}/new").text)
    refused = judge.post(f"{HERE}/new", data={**wrong, "units": "", "csrf": form})
    assert refused.status_code == 422 and "three people" in refused.text
    post(
        judge, f"{HERE}/new", title="<b>一轮</b>", title_en="<b>A round</b>", system="openness",
        first="one", second="two", reviewer="judge", appeal_days="5",
        units="a，甲局，judged-office\nb,乙村,,small",
    )  # fmt: skip
    with session_scope(write=False) as session:
        id = session.scalars(select(JudgingRound.id)).one()
    place = f"{HERE}/{id}/place?unit=a&code=P"
    assert "&lt;b&gt;A round" in judge.get(HERE).text and people["bus"].get(f"{HERE}/{id}").status_code == 404
    for who, score in (("one", "5.0"), ("two", "3.0")):
        for unit, code, given in (("a", "P", score), ("a", "R", "5.0"), ("b", "P", "0.0")):
            where = f"{HERE}/{id}/place?unit={unit}&code={code}"
            post(people[who], where, act="score", score=given, reason=f"note of {who}")
        if who == "one":
            assert "note of one" not in people["two"].get(place).text
            assert "note of one" not in judge.get(place).text
    seen = judge.get(place).text
    assert "note of one" in seen and "note of two" in seen
    post(judge, place, act="decide", score="3.0", reason="not public")
    assert "0.25" in judge.get(f"{HERE}/{id}?lang=en").text or "κ" in judge.get(f"{HERE}/{id}").text
    post(judge, f"{HERE}/{id}", act="disclose")
    bus = people["bus"]
    unit_page = bus.get(place).text
    assert "not public" in unit_page and "note of one" not in unit_page
    assert bus.get(f"{HERE}/{id}/place?unit=b&code=P").status_code == 404
    post(bus, place, act="appeal", reason="it is public")
    found = re.search(r'name="appeal" value="([^"]+)"', judge.get(place).text)
    assert found is not None
    post(judge, place, act="uphold", appeal=found[1], score="5.0", reason="so it is")
    assert "so it is" in bus.get(place).text
    assert "申诉成立" in judge.get(place + "&lang=zh").text
    leads = f"/desk/evaluation/new?round={id}"
    assert leads in judge.get(f"{HERE}/{id}").text
    page = judge.get(f"{leads}&lang=en").text
    assert "Judged" in page and f'<option value="{id}" selected>&lt;b&gt;A round' in page
    system = re.search(r'name="system" value="([^"]+)"', page)
    assert system is not None
    form = {"csrf": token(page), "system": system[1], "data": "none", "round": id}
    made = judge.post("/desk/evaluation/new", data=form)
    assert made.status_code == 303
    result = judge.get(made.headers["location"])
    assert result.status_code == 200 and "甲局" in result.text
    opened = judge.get(f"{made.headers['location']}/units/a").text
    assert "so it is" in opened and "note of two" in opened
    assert "judging “&lt;b&gt;A round" in judge.get("/desk/evaluation").text


def test_who_is_of_the_units_office_steps_aside_and_the_bureau_names_another(
    people: dict[str, TestClient],
) -> None:
    judge, one = people["judge"], people["one"]
    page = judge.get(f"{HERE}/new").text
    assert "bus (bus) · 评判对象局" in page, "the department stands by the name"
    form = {
        "title": "一轮", "title_en": "A round", "system": "openness", "first": "one", "second": "bus",
        "reviewer": "judge", "appeal_days": "5", "units": "a，甲局，judged-office\nb,乙村,,small",
    }  # fmt: skip
    refused = judge.post(f"{HERE}/new", data={**form, "csrf": token(page)})
    assert refused.status_code == 422 and "no reserve can take the place" in refused.text
    post(judge, f"{HERE}/new", **form, reserves="two")
    with session_scope(write=False) as session:
        id = session.scalars(select(JudgingRound.id)).one()
    bus = people["bus"]
    page = bus.get(f"{HERE}/{id}").text
    assert "<h1>A round</h1>" in page and "I step aside" in page and page.count("to be scored") == 1
    place = f"{HERE}/{id}/place?unit=a&code=P"
    page = bus.get(place).text
    assert "You step aside" in page and "two takes the place." in page and 'value="score"' not in page
    other = bus.get(place.replace("unit=a", "unit=b")).text
    answer = bus.post(place, data={"act": "score", "score": "5.0", "csrf": token(other)})
    assert answer.status_code == 403 and "of your own department, so you may not judge it." in answer.text
    assert 'value="score"' in people["two"].get(place).text
    # Another assessor comes to the office, and nobody is left.
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        access.revise_person(call, "one", office="judged-office")
        for each in access.people(session):
            if each.account not in people:
                access.revise_person(call, each.account, active=False)
    people["one"] = one = signed_in(one, "one")
    page = one.get(place).text
    assert "Nobody takes the place yet" in page and 'value="score"' not in page
    assert "2 stand-ins" not in judge.get(HERE).text and "1 stand-in to be named" in judge.get(HERE).text
    page = judge.get(f"{HERE}/{id}").text
    assert page.count("a stand-in to be named") == 2, "both places of the unit say so"
    assert "Nobody is left" in page and "Let an administrator add somebody" in page
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        access.add_person(call, account="new", name="new", role=Role.member, password=PASSWORD)
    post(judge, f"{HERE}/{id}", act="stand-in", unit="a", seat="first", person="new")
    fresh = signed_in(one, "new")
    assert 'value="score"' in fresh.get(place).text and "A round" in fresh.get(HERE).text
    assert "new takes the place." in one.get(place).text


def test_evidence_is_kept_with_its_hash_and_handed_out_as_a_download(people: dict[str, TestClient]) -> None:
    post(
        people["judge"], f"{HERE}/new", title="一轮", system="openness", first="one", second="two",
        reviewer="judge", appeal_days="5", units="a",
    )  # fmt: skip
    with session_scope(write=False) as session:
        id = session.scalars(select(JudgingRound.id)).one()
    place = f"{HERE}/{id}/place?unit=a&code=P"
    page = people["one"].get(place).text
    answer = people["one"].post(
        place.replace("/place?", "/evidence?"),
        data={"csrf": token(page), "about": "首页"},
        files={"file": ("页.html", b"<script>alert(1)</script>", "text/html")},
    )
    assert answer.status_code == 303
    with session_scope(write=False) as session:
        row = session.scalars(select(Evidence)).one()
    assert (row.kind, row.size, len(row.sha256)) == ("file", 25, 64)
    got = people["one"].get(f"{HERE}/{id}/evidence/{row.id}")
    assert got.content == b"<script>alert(1)</script>"
    assert got.headers["content-disposition"].startswith("attachment")
    # The other assessor does not see it before both have scored.
    assert people["two"].get(f"{HERE}/{id}/evidence/{row.id}").status_code == 404
    refused = people["one"].post(
        place.replace("/place?", "/evidence?"), data={"csrf": token(page), "url": "javascript:x"}
    )
    assert refused.status_code == 422
