"""Long lists of departments and people are searched and turned page by page."""

from __future__ import annotations

from starlette.testclient import TestClient

from kaishu import access
from kaishu.access import TERMINAL, Call, Role
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.web.conftest import PASSWORD, SignIn


def test_people_and_departments_come_page_by_page(client: TestClient, signed_in: SignIn) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        for number in range(60):
            access.add_office(call, title=f"第{number:02}街道办", name=f"street-{number:02}")
        for number in range(3):
            person = {"account": f"clerk{number}", "name": f"办事员{number}", "password": PASSWORD}
            access.add_person(call, role=Role.steward, office="street-07", **person)
    signed_in("boss")
    first = client.get("/admin/offices").text
    assert "第00街道办" in first and "第59街道办" not in first and "from=50" in first
    assert "第59街道办" in client.get("/admin/offices?from=50").text
    assert "第00街道办" not in client.get("/admin/offices?q=STREET-59").text
    assert "第59街道办" in client.get("/admin/offices?q=STREET-59").text
    people = client.get("/admin/people?q=第07街道").text
    assert "办事员2" in people and "boss" not in people.split("<tbody>")[1].split("</tbody>")[0]
    assert client.get("/admin/people?q=没有这个人&from=50").status_code == 200
