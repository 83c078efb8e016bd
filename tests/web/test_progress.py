"""An ingest shows how far it is, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from starlette.testclient import TestClient

from kaishu import jobs, queue
from kaishu.base import clock
from kaishu.db import session_scope
from tests.web.conftest import SignIn


def begun(client: TestClient, proof: str, content: bytes) -> str:
    """The address of a task for a file with this content."""
    sent = client.post("/desk/uploads", data={"csrf": proof}, files={"file": ("新表.csv", content)})
    data = {"csrf": proof, "do": "confirm", "title": "新表"}
    return str(client.post(sent.headers["location"], data=data).headers["location"])


def test_waiting_running_and_done(client: TestClient, signed_in: SignIn) -> None:
    place = begun(client, signed_in("steward"), "编号,名称\n001,甲\n002,乙\n".encode("gb18030"))
    waiting = client.get(place).text
    assert "排队等待" in waiting and 'http-equiv="refresh"' in waiting and "hx-get" in waiting
    with session_scope() as session:
        task = queue.task_by_id(session, place.rpartition("/")[2])
        task.state, task.done, task.total = "running", 250_000, 1_000_000
        task.started_at = clock.now() - timedelta(seconds=10)
    running = client.get(f"{place}/state").text
    assert "25%" in running and "30秒" in running and "<html" not in running
    assert "新表" in client.get("/desk").text
    with session_scope() as session:
        queue.task_by_id(session, task.id).state = "waiting"
    jobs.run_waiting()
    done = client.get(place).text
    assert "2行" in done and "hx-get" not in done and "GB18030" in done


def test_a_file_that_turns_out_unreadable_says_why(client: TestClient, signed_in: SignIn) -> None:
    place = begun(client, signed_in("steward"), b"a,b\n1,2\n")
    with session_scope() as session:
        task = queue.task_by_id(session, place.rpartition("/")[2])
        problem = {"message": "第7行坏了。", "advice": "请改正第7行。"}
        queue.fail(session, task, {"zh": problem, "en": problem}, again=False)
    page = client.get(place).text
    assert "第7行坏了。" in page and "请改正第7行。" in page and "/desk/deliveries/" in page
