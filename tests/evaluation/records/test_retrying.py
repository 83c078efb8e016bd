"""An evaluation that failed at the worker is tried again with the file that was given; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu import evaluation, jobs, ledger
from kaishu.access import TERMINAL, Actor, Call, Role, add_person
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice
from kaishu.evaluation.errors import EvaluationInState, NoSystem
from tests.evaluation.records.test_keeping import SYSTEM

FILE = "city,a,b,c\n甲,1,8,3\n乙,n.d.,6,2\n丙,4,2,1\n"


def by_terminal(session: object) -> Call:
    return Call(session, TERMINAL, clock.now(), ids.new_id())  # type: ignore[arg-type]


@pytest.fixture
def failed(home: Path) -> tuple[str, str]:
    """A draft and an evaluation of a file with a cell that the draft does not allow."""
    with session_scope() as session:
        call = by_terminal(session)
        row = evaluation.add_system(call, SYSTEM)
        data = DataChoice(file_name="城市.csv", content=FILE.encode())
        run = evaluation.leave_evaluation(call, row.id, data)
        found = row.id, run.id
    assert jobs.run_waiting() == 1
    return found


def test_the_error_names_row_and_column_and_a_mended_draft_takes_the_same_file(
    failed: tuple[str, str],
) -> None:
    draft, id = failed
    with session_scope(write=False) as session:
        task = evaluation.evaluation_task(by_terminal(session), id)
        assert task is not None and task.state == "failed" and task.error is not None
        assert "row 3" in task.error["en"]["message"] and "“a”列" in task.error["zh"]["message"]
    with session_scope() as session:
        call = by_terminal(session)
        before = evaluation.evaluation_by_id(call, id).fingerprint
        text = SYSTEM.replace("scale: [0, 5]", "scale: [0, 5]\nmissing: zero\nmarks: {missing: [n.d.]}")
        evaluation.revise_edition(call, draft, text)
        run = evaluation.retry_evaluation(call, id)
        assert run.fingerprint != before
        with pytest.raises(EvaluationInState):  # it waits already
            evaluation.retry_evaluation(call, id)
    assert jobs.run_waiting() == 1
    with session_scope() as session:
        call = by_terminal(session)
        run = evaluation.evaluation_by_id(call, id)
        result = evaluation.result_of(session, run)
        assert (run.state, run.units, run.source) == ("kept", 3, "城市.csv")
        assert run.fingerprint == result.fingerprint == evaluation.edition_by_id(call, draft).fingerprint
        with pytest.raises(EvaluationInState, match="is not published;"):
            evaluation.retry_evaluation(call, id)
        actions = [each.action for each in ledger.entries(session, "evaluation", id)]
        assert sorted(actions) == ["evaluation.retry", "evaluation.run"]


def test_it_can_be_tried_by_another_edition_and_fails_again_with_its_file_kept(
    failed: tuple[str, str],
) -> None:
    _draft, id = failed
    with session_scope() as session:
        call = by_terminal(session)
        with pytest.raises(NoSystem):
            evaluation.retry_evaluation(call, id, system="nowhere")
        evaluation.retry_evaluation(call, id)
    assert jobs.run_waiting() == 1
    with session_scope() as session:
        call = by_terminal(session)
        task = evaluation.evaluation_task(call, id)
        assert task is not None and task.state == "failed"
        text = SYSTEM.replace("scale: [0, 5]", "scale: [0, 5]\nmissing: skip\nmarks: {missing: [n.d.]}")
        other = evaluation.add_system(call, text)
        run = evaluation.retry_evaluation(call, id, system=other.id)
        assert (run.edition_id, run.asked["system"]) == (other.id, other.id)
    assert jobs.run_waiting() == 1
    with session_scope(write=False) as session:
        assert evaluation.evaluation_by_id(by_terminal(session), id).state == "kept"


def test_only_its_maker_and_publishers_see_it(failed: tuple[str, str]) -> None:
    _draft, id = failed
    with session_scope() as session:
        person = add_person(
            by_terminal(session), account="li", name="li", role=Role.reviewer, password="kaishu-test-1"
        )
        actor = Actor("person", person.id, "li", Role.reviewer, None)
        stranger = Actor("person", ids.new_id(), "x", Role.steward, None)
        with pytest.raises(NotFound):
            evaluation.retry_evaluation(Call(session, stranger, clock.now(), ids.new_id()), id)
        assert (
            evaluation.retry_evaluation(Call(session, actor, clock.now(), ids.new_id()), id).state
            == "waiting"
        )
