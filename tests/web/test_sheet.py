"""A catalogue sheet that was accepted is not applied once more."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from kaishu import jobs
from tests.web.conftest import SignIn
from tests.web.test_compilation import changed_sheet


def test_a_sheet_that_is_accepted_twice_is_applied_once(
    client: TestClient, signed_in: SignIn, tmp_path: Path
) -> None:
    csrf = signed_in("steward")
    sent = changed_sheet(client, tmp_path, 电话="010-1234")
    back = client.post("/desk/sheet", data={"csrf": csrf}, files={"file": ("a.xlsx", sent, "x")})
    place = back.headers["location"]
    first = client.post(place, data={"csrf": csrf}).headers["location"]
    again = client.post(place, data={"csrf": csrf})
    assert again.headers["location"] == first, "it waits already"
    assert jobs.run_waiting() == 1
    assert client.post(place, data={"csrf": csrf}).headers["location"] == first, "it is done"
    assert client.get(place).headers["location"] == first, "the plan is what came of it"
