"""The page of an evaluation that failed: every place of what was wrong, another try with the same file."""

from __future__ import annotations

import html
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu import evaluation, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice
from tests.evaluation.records.test_keeping import SYSTEM
from tests.web.conftest import NASTY

SignIn = Callable[[str], str]


def left() -> tuple[str, str]:
    content = f'city,a,b,c\n{NASTY},1,8,3\n乙,n.d.,6,2\n丙,4,"{NASTY}",1\n'
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        row = evaluation.add_system(call, SYSTEM)
        data = DataChoice(file_name="城市.csv", content=content.encode())
        return row.id, evaluation.leave_evaluation(call, row.id, data).id


def test_a_failure_is_told_with_its_places_and_tried_again(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    draft, id = left()
    here = f"/evaluation/results/{id}"
    assert "评估已排队" in client.get(here).text
    assert client.post(f"{here}/retry", data={"csrf": csrf}).status_code == 409
    jobs.run_waiting()
    for language, words in (
        ("zh", ("第3行", "请改正数据", "用同样的数据再试")),
        ("en", ("row 3", "Try again")),
    ):
        page = client.get(f"{here}?lang={language}").text
        assert all(word in page for word in words), language
        assert NASTY not in page and html.escape(NASTY) in page
    client.get("/about?lang=zh")
    assert (
        f"/desk/evaluation/systems/{draft}#write" in page
        and f'href="{here}"' in client.get("/desk/evaluation").text
    )
    assert client.post(f"{here}/retry", data={"csrf": csrf, "system": "nowhere"}).status_code == 404
    mended = SYSTEM.replace(
        "scale: [0, 5]", f"scale: [0, 5]\nmissing: zero\nmarks: {{missing: ['n.d.', '{NASTY}']}}"
    )
    with session_scope() as session:
        evaluation.revise_edition(Call(session, TERMINAL, clock.now(), ids.new_id()), draft, mended)
    answer = client.post(f"{here}/retry", data={"csrf": csrf})
    assert answer.status_code == 303 and answer.headers["location"] == here
    jobs.run_waiting()
    shown = client.get(here).text
    assert "排名" in shown and "城市.csv" in shown


def test_nobody_else_sees_it(client: TestClient, signed_in: SignIn) -> None:
    _draft, id = left()
    assert client.get(f"/evaluation/results/{id}").status_code == 404
    csrf = signed_in("stranger")
    assert client.get(f"/evaluation/results/{id}").status_code == 404
    assert client.post(f"/evaluation/results/{id}/retry", data={"csrf": csrf}).status_code == 404
