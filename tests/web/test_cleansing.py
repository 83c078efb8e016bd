"""Cleansing on the pages: drafted from a failed rule, reviewed, previewed, run, read cell by cell, undone."""

from __future__ import annotations

import html
import io
from collections.abc import Callable

import polars as pl
from starlette.testclient import TestClient

from kaishu import catalogue, http, jobs, lake, lineage, quality
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.jobs import quality_checking
from tests.web.conftest import NASTY

HERE = "/desk/datasets/nasty/cleansing"
RULES = """\
key: 编号
rules:
  - {id: amount, check: not-null, column: 金额, level: critical}
  - {id: name, check: pattern, column: 名称, pattern: "[一-龥]+", level: critical}
"""
SignIn = Callable[[str], str]


def enter(client: TestClient, signed_in: SignIn, account: str) -> str:
    client.cookies.clear()
    return signed_in(account)


def checked() -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        table = table_of(call)
        quality.keep_rules(call, table, RULES, order_from="warning")
        quality.submit_rules(call, table)
        book = quality.open_book(session, table)
        assert book is not None
        book.state = "in-force"
    quality_checking.leave_checks_when_due()
    jobs.run_waiting()


def table_of(call: Call) -> str:
    dataset = catalogue.dataset_by_name(call, "nasty")
    return str(catalogue.draft_resources(call, dataset)[0].table_id)


def put(client: TestClient, csrf: str, where: str, **given: str | list[str]) -> int:
    return client.post(f"{HERE}{where}", data={"csrf": csrf, **given}).status_code


def agreed(client: TestClient, signed_in: SignIn) -> None:
    csrf = enter(client, signed_in, "steward")
    assert [put(client, csrf, "/step", act=act) for act in ("submit", "approve")] == [303, 303]
    csrf = enter(client, signed_in, "reviewer")
    assert "待审核的清洗方案" in client.get("/desk/quality-orders").text
    assert put(client, csrf, "/step", act="approve") == 303


def test_a_failed_rule_becomes_a_reviewed_step_a_new_version_and_a_closed_order(
    client: TestClient, signed_in: SignIn
) -> None:
    checked()
    csrf = enter(client, signed_in, "steward")
    page = client.get(HERE).text
    assert "策略矩阵" in page and "name-1" not in page
    shown = client.post(
        f"{HERE}/draft", data={"csrf": csrf, "act": "show", "column": "名称", "importance": "high"}
    )
    assert shown.status_code == 200 and "补全修正" in shown.text
    assert put(client, csrf, "/draft", act="add", rule=["name"], column="名称", importance="low") == 303
    assert put(client, csrf, "/draft", act="add", rule=["name"], column="名称", importance="low") == 422
    assert (
        put(client, csrf, "/add", kind="fill", **{"p-column": "金额", "p-constant": "0", "id": "zero"}) == 303
    )
    page = client.get(HERE).text
    assert "name-1" in page and page.index("name-1") < page.index("zero")
    assert put(client, csrf, "/rearrange", act="up", place="1") == 303
    assert put(client, csrf, "/add", kind="trim", **{"p-column": "没有"}) == 422
    plan = client.get(HERE).text.split('name="plan" value="')[1].split('"')[0]
    assert put(client, csrf, "/leave", act="preview", plan=plan) == 303
    assert 'id="running"' in client.get(HERE).text
    jobs.run_waiting()
    page = client.get(HERE).text
    assert "读3行，留下1行" in page and NASTY not in page and html.escape(html.escape(NASTY)) not in page
    assert put(client, csrf, "/leave", act="run") == 409
    agreed(client, signed_in)
    csrf = enter(client, signed_in, "reviewer")
    assert put(client, csrf, "/leave", act="run") == 403
    csrf = enter(client, signed_in, "steward")
    assert put(client, csrf, "/leave", act="run") == 303
    jobs.run_waiting()
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        versions = lake.versions_of(session, table_of(call))
        assert [each.mode for each in versions] == ["cleanse", "replace"] and versions[0].rows == 1
        dataset = catalogue.dataset_by_name(call, "nasty")
        assert catalogue.draft_resources(call, dataset)[0].version == 2
        assert catalogue.resources_of(dataset)[0].version == 1
        states = {
            o.rule_id: c.state for o, c in quality.orders(session, table=versions[0].table_id, closed=True)
        }
        assert states == {"amount": "closed", "name": "closed"}
        graph = lineage.lineage_of(call, "nasty", number=2).graph
    into = {
        (graph.nodes[e.end].column, e.kind, e.steps) for e in graph.edges if e.kind in ("kept", "cleansed")
    }
    assert into == {
        ("编号", "kept", ()),
        ("名称", "kept", ()),
        ("金额", "cleansed", ("zero",)),
        ("日期", "kept", ()),
    }
    assert "zero" in client.get("/datasets/nasty/lineage?version=2&column=金额").text
    client.cookies.clear()
    assert len(client.get("/api/v1/datasets/nasty/rows").json()["rows"]) == 3
    with session_scope() as session:
        catalogue.publish(Call(session, TERMINAL, clock.now(), ids.new_id()), "nasty")
    jobs.run_waiting()
    http.forget()  # which a request that writes does by itself
    (row,) = client.get("/api/v1/datasets/nasty/rows").json()["rows"]
    assert row["编号"] == "003" and "由上一版清洗得到" in client.get("/datasets/nasty").text
    assert client.get(HERE).status_code in (303, 401, 403)
    assert "cleansed" in client.get("/api/v1/datasets/nasty/lineage?version=2").text


def test_changes_are_read_filtered_masked_downloaded_and_undone(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = enter(client, signed_in, "steward")
    steps = (
        "key: 编号\nsteps:\n  - {id: c, step: case, column: 名称, to: upper}\n"
        "  - {step: fill, column: 金额, constant: 0}\n"
    )
    assert put(client, csrf, "", text=steps) == 303
    assert put(client, csrf, "", text="steps:\n  - {step: no}\n") == 422
    agreed(client, signed_in)
    csrf = enter(client, signed_in, "steward")
    assert put(client, csrf, "/leave", act="run") == 303
    jobs.run_waiting()
    run = client.get(HERE).text.split(f"{HERE}/runs/")[1].split('"')[0]
    page = client.get(f"{HERE}/runs/{run}").text
    assert html.escape(NASTY.upper()) in page and NASTY.upper() not in page and "共2条记录" in page
    assert html.escape(NASTY.upper()) not in client.get(f"{HERE}/runs/{run}?column=金额").text
    assert "没有这样的记录" in client.get(f"{HERE}/runs/{run}?kind=removed").text
    table = client.get(f"{HERE}/runs/{run}/changes.csv?step=c").text
    assert NASTY.upper() in table and "金额" not in table
    assert table.splitlines()[0].endswith("at,by")
    record = pl.read_parquet(io.BytesIO(client.get(f"{HERE}/runs/{run}/changes.parquet").content))
    assert record.height == 2
    enter(client, signed_in, "stranger")
    assert client.get(f"{HERE}/runs/{run}").status_code == 403
    assert client.get(f"{HERE}/runs/{run}/changes.parquet").status_code == 403
    csrf = enter(client, signed_in, "steward")
    assert put(client, csrf, "/leave", act="undo", run=run) == 303
    jobs.run_waiting()
    assert put(client, csrf, "/leave", act="undo", run=run) == 409
    assert "已由" in client.get(f"{HERE}/runs/{run}").text
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        newest, _, first = lake.versions_of(session, table_of(call))
    assert lake.open_version(newest).lazy().collect().equals(lake.open_version(first).lazy().collect())
