"""How a batch changes a table is chosen on the page of the file; two versions are compared on a page."""

from __future__ import annotations

import io
import re
from typing import Any

from starlette.testclient import TestClient

from kaishu import catalogue, jobs, lake
from kaishu.access import TERMINAL, Call
from kaishu.base import clock
from kaishu.db import session_scope
from kaishu.lake.models import Version

SECOND = "编号,名称,金额,日期\n001,改了,1.5,2026-01-01\n004,<b>第四</b>,4,2026-01-04\n"


def newest(name: str) -> Version:
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), "t")
        dataset = catalogue.dataset_by_name(call, name)
        entry = catalogue.draft_resources(call, dataset)[0]
        return lake.versions_of(session, entry.table_id or "")[0]


def load(client: TestClient, csrf: str, text: str, **said: str) -> Any:
    """Upload a file for the table of ``nasty`` and confirm the page with these fields."""
    sent = client.post(
        "/desk/uploads",
        data={"csrf": csrf, "dataset": "nasty"},
        files={"file": ("b.csv", io.BytesIO(text.encode()))},
    )
    place = sent.headers["location"].split("?")[0]
    form = {"csrf": csrf, "dataset": "nasty", "resource": "", "known": "{}", "do": "confirm", **said}
    return client.post(place, data=form)


def test_a_batch_is_merged_from_the_page_and_the_versions_are_compared(
    client: TestClient, signed_in: Any
) -> None:
    csrf = signed_in("steward")
    refused = load(client, csrf, SECOND, mode="merge", key="")
    assert refused.status_code == 422
    assert "key-error" in refused.text
    assert load(client, csrf, SECOND, mode="merge", key="编号").status_code == 303
    jobs.run_waiting()
    version = newest("nasty")
    counts = (version.mode, version.inserted, version.updated, version.deleted, version.unchanged)
    assert counts == ("merge", 1, 1, 0, 2)
    again = client.get(
        client.post(
            "/desk/uploads",
            data={"csrf": csrf, "dataset": "nasty"},
            files={"file": ("c.csv", io.BytesIO(SECOND.encode()))},
        ).headers["location"]
    ).text
    assert re.search(r'<option value="merge" selected>', again), "the last way is proposed"
    page = client.get("/datasets/nasty/difference?before=1&after=2")
    assert page.status_code == 200
    assert "第2版比第1版：新增1行，删除0行，修改1行（其中 名称 1 处），未变2行。" in page.text
    assert "&lt;b&gt;第四&lt;/b&gt;" in page.text
    assert "<b>第四" not in page.text
    wrong = client.get("/datasets/nasty/difference?before=1&after=2&key=没有")
    assert (wrong.status_code, "没有主键或标记列“没有”" in wrong.text) == (200, True)
    assert client.get("/datasets/nasty/difference?before=1&after=9").status_code == 404
