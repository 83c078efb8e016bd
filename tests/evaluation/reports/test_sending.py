"""Units get their reports: by mail where that is set and an address known, else in the inbox."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import access, engagement, evaluation, jobs, queue
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice, ReportOrder
from kaishu.evaluation.errors import EvaluationInState
from kaishu.evaluation.reports.errors import NoAddressee
from kaishu.ledger import entries
from tests.engagement.mail_server import mail_server

SYSTEM = """\
system: offices
title: {zh: 部门评估, en: Offices}
scale: [0, 5]
units: {id: office}
tree:
  - {code: a, title: 甲项, weight: 0.6, indicator: {normalise: direct}}
  - {code: b, title: 乙项, weight: 0.4, indicator: {normalise: direct}}
"""
DATA: dict[str, list[object]] = {"office": ["教育局", "jiaotong", "某某局"], "a": [4, 3, 2], "b": [1, 2, 5]}


@pytest.fixture
def run(home: object) -> str:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        access.add_office(call, title="教育局", name="jiaoyu", contact="王老师 edu@example.org")
        access.add_office(call, title="交通局", name="jiaotong")
        loaded = evaluation.load_evaluation(
            call, evaluation.add_system(call, SYSTEM).id, DataChoice(columns=DATA)
        )
        return str(evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded)).id)


def send(run: str, **more: object) -> dict[str, object]:
    payload = {"run_id": run, "units": DATA["office"], "language": "zh", "form": "html", **more}
    with session_scope() as session:
        task = queue.enqueue(Call(session, TERMINAL, clock.now(), "test"), "send-reports", payload).id
    jobs.run_waiting()
    with session_scope(write=False) as session:
        done = queue.task_by_id(session, task)
        assert done.state == "done", done.error
        return dict(done.result or {})


def inbox() -> list[tuple[str, str]]:
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        return [(each.subject, each.file_name) for each in engagement.letters(call)]


def test_without_mail_reports_go_to_the_inboxes_and_one_failure_stops_no_other(run: str) -> None:
    result = send(run)
    assert result["sent"] == [["教育局", "inbox"], ["jiaotong", "inbox"]]
    ((failed, said),) = result["failed"]  # type: ignore[misc]
    assert failed == "某某局" and "邮箱" in said["zh"] + NoAddressee.next_zh
    assert sorted(inbox()) == [
        ("jiaotong：部门评估评估报告", "offices-jiaotong.html"),
        ("教育局：部门评估评估报告", "offices-教育局.html"),
    ]
    with session_scope(write=False) as session:
        actions = [row.action for row in entries(session, "evaluation", run, 20)]
        assert actions.count("evaluation.send-report") == 2


def test_where_mail_is_set_it_goes_by_mail(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as server:
        monkeypatch.setenv("KAISHU_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("KAISHU_SMTP_PORT", str(server.port))
        monkeypatch.setenv("KAISHU_SMTP_TLS", "none")
        monkeypatch.setenv("KAISHU_SMTP_FROM", "kaishu@example.org")
        result = send(run, mail={"某某局": "mou@example.org"}, language="en")
    assert result["sent"] == [["教育局", "mail"], ["jiaotong", "inbox"], ["某某局", "mail"]]
    assert [each["To"] for each in server.messages] == ["edu@example.org", "mou@example.org"]
    body = server.messages[0].get_body().get_content()
    assert "教育局 scores 2.80 and is number 2 of 3." in body and "enclosed" in body
    (file,) = server.messages[0].iter_attachments()
    assert "<h1>教育局: report on Offices</h1>" in file.get_content()
    assert len(inbox()) == 1


def test_only_who_may_publish_sends(run: str, make_call: Callable[..., Call]) -> None:
    steward = make_call(Actor("person", "p", "某人", Role.steward, "x"))
    with pytest.raises(NotAllowed):
        evaluation.make_parcel(steward, run, "教育局", ReportOrder())


def test_a_withdrawn_result_is_not_sent(run: str, call: Call) -> None:
    evaluation.publish_evaluation(call, run)
    evaluation.withdraw_evaluation(call, run, "数据有误")
    with pytest.raises(EvaluationInState):
        evaluation.make_parcel(call, run, "教育局", ReportOrder())
