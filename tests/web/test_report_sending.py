"""Sending reports from the browser, and reading them in the inbox."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu import access, evaluation, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice
from tests.web.conftest import NASTY

SignIn = Callable[[str], str]
SYSTEM = """\
system: offices
title: {zh: 部门评估, en: Offices}
scale: [0, 5]
units: {id: office}
tree:
  - {code: a, title: 甲项, weight: 0.6, indicator: {normalise: direct}}
  - {code: b, title: 乙项, weight: 0.4, indicator: {normalise: direct}}
"""


def kept(office: str) -> str:
    data: dict[str, list[object]] = {"office": [office, f"某某{NASTY}"], "a": [4, 3], "b": [1, 2]}
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        system = evaluation.add_system(call, SYSTEM).id
        loaded = evaluation.load_evaluation(call, system, DataChoice(columns=data))
        return str(evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded)).id)


def an_office() -> str:
    with session_scope(write=False) as session:
        return access.offices(session)[0].title


def test_reports_are_sent_and_read(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    run = kept(an_office())
    here = f"/evaluation/results/{run}"
    page = client.get(f"{here}/send").text
    assert NASTY not in page and html.escape(NASTY) in page and page.count(" checked") == 1
    given = {"csrf": csrf, "unit": [an_office(), f"某某{NASTY}"], "language": "zh", "form": "html"}
    answer = client.post(f"{here}/send", data=given)
    assert answer.status_code == 303
    assert "正在写报告并送出" in client.get(answer.headers["location"]).text
    jobs.run_waiting()
    told = client.get(answer.headers["location"]).text
    assert "已送出1份。" in told and "有1份没有送到" in told and NASTY not in told
    inbox = client.get("/desk/letters").text
    assert "未读" in inbox
    (letter,) = set(re.findall(r'href="(/desk/letters/\w+)"', inbox))
    assert "完整的报告见附件。" in client.get(letter).text
    file = client.get(f"{letter}/file")
    assert file.headers["content-disposition"].startswith("attachment") and "部门评估" in file.text
    assert client.post(f"{letter}/read", data={"csrf": csrf}).status_code == 303
    assert "未读" not in client.get("/desk/letters").text


def test_a_mistake_in_the_template_or_an_empty_choice_is_told(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    here = f"/evaluation/results/{kept(an_office())}/send"
    given = {"csrf": csrf, "unit": an_office(), "language": "zh", "form": "html"}
    answer = client.post(here, data=given | {"template": "template: x\ntitle: '{oops}'\nunit-title: ''\n"})
    assert answer.status_code == 422 and "第" in answer.text and "oops" in answer.text
    answer = client.post(here, data={"csrf": csrf, "language": "zh", "form": "html"})
    assert answer.status_code == 422 and "请至少选一个单位" in answer.text
    answer = client.post(here, data=given | {f"mail.{an_office()}": "nobody"})
    assert answer.status_code == 422 and "“nobody”不是邮箱地址" in answer.text


def test_who_may_not_publish_does_not_send(client: TestClient, signed_in: SignIn) -> None:
    run = kept(an_office())
    csrf = signed_in("steward")
    assert client.get(f"/evaluation/results/{run}/send").status_code in (403, 404)
    assert client.post(f"/evaluation/results/{run}/send", data={"csrf": csrf}).status_code in (403, 404)
    assert "还没有信" in client.get("/desk/letters").text
