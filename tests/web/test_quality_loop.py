"""Rules, results and work orders on the pages: from a rule in a form to a closed order."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kaishu import catalogue, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.jobs import quality_checking
from kaishu.ledger.models import Entry
from tests.web.conftest import NASTY

RULES = "/desk/datasets/nasty/rules"
RESULT = "/datasets/nasty/data-quality"
SignIn = Callable[[str], str]


def enter(client: TestClient, signed_in: SignIn, account: str) -> str:
    client.cookies.clear()
    return signed_in(account)


def put_in_force(client: TestClient, signed_in: SignIn, name: str = "nasty") -> None:
    csrf = enter(client, signed_in, "steward")
    rules = f"/desk/datasets/{name}/rules"
    amount = {"kind": "not-null", "id": "amount", "title": NASTY, "p-column": "金额"}
    amount |= {"title-en": f"English {NASTY}"}
    names = {"kind": "pattern", "id": "name", "p-column": "名称", "p-pattern": "[一-龥]+", "level": "warning"}
    for given in (amount, names):
        assert client.post(f"{rules}/add", data={"csrf": csrf, **given}).status_code == 303
    for act in ("submit", "approve"):
        assert client.post(f"{rules}/step", data={"csrf": csrf, "act": act}).status_code == 303
    csrf = enter(client, signed_in, "reviewer")
    assert client.post(f"{rules}/step", data={"csrf": csrf, "act": "approve"}).status_code == 303
    assert quality_checking.leave_checks_when_due() == 1
    assert quality_checking.leave_checks_when_due() == 0
    jobs.run_waiting()


def test_what_is_wrong_with_rules_stands_beside_what_was_typed(client: TestClient, signed_in: SignIn) -> None:
    csrf = enter(client, signed_in, "steward")
    typed = f"rules:\n  - check: not-null\n    column: {NASTY}\n"
    answer = client.post(RULES, data={"csrf": csrf, "text": typed})
    assert answer.status_code == 422
    assert "第3行" in answer.text
    assert html.escape(typed.splitlines()[2]) in answer.text.replace("&#34;", "&quot;")
    empty = client.get(RULES).text
    assert "还没有规则" in empty
    fields = re.findall(r'<label for="p-[a-z]+"[^>]*>([^<]+)<', empty)
    assert fields and "column" not in fields, "fields are named in words"


def test_results_are_masked_for_visitors_and_escaped_for_all(client: TestClient, signed_in: SignIn) -> None:
    put_in_force(client, signed_in)
    seen = client.get(RESULT)
    assert seen.status_code == 200 and NASTY not in seen.text and html.escape(NASTY) in seen.text
    assert client.get(f"{RESULT}/rows.parquet").content[:4] == b"PAR1"
    rows = client.get(f"{RESULT}/rows.csv?rule=name").text
    assert NASTY in rows
    with session_scope(write=False) as session:
        read = select(Entry).where(Entry.action == "quality.failing-rows.read").order_by(Entry.number)
        assert [entry.facts["rule"] for entry in session.scalars(read)] == ["", "name"]
    client.cookies.clear()
    assert "格式：名称" in client.get(RESULT).text, "a rule without a title is told by its check and column"
    public = client.get(f"{RESULT}/rows?rule=name")
    assert public.status_code == 200 and "引号" not in public.text and "•" in public.text
    assert client.get(f"{RESULT}/rows.csv?rule=name").status_code in (303, 401, 403)
    assert "•" in client.get(RESULT).text
    answer = client.get("/api/v1/datasets/nasty/data-quality").json()
    assert [rule["id"] for rule in answer[0]["rules"]] == ["amount", "name"]
    assert answer[0]["rules"][0]["failed"] == 1 and "•" in answer[0]["rules"][1]["sample"][0]["value"]
    turtle = client.get("/dataset/nasty/dqv.ttl").text
    assert "gbt36344" in turtle
    for place in ("/quality/data", "/quality/data/offices/office"):
        assert RESULT in client.get(place).text


def samples_seen(client: TestClient, name: str) -> tuple[str, list[str]]:
    """The page of results, and everywhere else where masked values of failing rows can be seen."""
    here = f"/datasets/{name}/data-quality"
    page = client.get(here)
    assert page.status_code == 200 and "66.7" in page.text, "scores stay"
    rules = client.get(f"/api/v1{here}").json()[0]["rules"]
    assert [rule["failed"] for rule in rules] == [1, 2], "counts stay"
    report = client.get(f"{here}/report.html").text
    rows = client.get(f"{here}/rows?rule=name")
    seen = {"page": "•" in page.text, "report": "•" in report, "rows": rows.status_code == 200}
    seen["interface"] = any(rule["sample"] for rule in rules)
    return page.text, [place for place, shown in seen.items() if shown]


EVERYWHERE = ["page", "report", "rows", "interface"]


def test_failing_rows_of_a_staged_table_are_shown_in_no_form_to_visitors(
    client: TestClient, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(client, signed_in)
    client.cookies.clear()
    assert samples_seen(client, "nasty")[1] == EVERYWHERE
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    page, seen = samples_seen(client, "nasty")
    assert seen == [] and "暂存" in page
    refused = client.get(f"{RESULT}/rows?rule=name")
    assert refused.status_code == 409 and "暂存" in refused.text
    enter(client, signed_in, "stranger")
    assert samples_seen(client, "nasty")[1] == []
    for insider in ("steward", "reviewer"):
        enter(client, signed_in, insider)
        assert NASTY in html.unescape(client.get(RESULT).text), insider


def test_failing_rows_of_what_is_not_open_are_shown_in_no_form_and_a_withdrawn_one_has_no_results(
    client: TestClient, signed_in: SignIn
) -> None:
    put_in_force(client, signed_in, "closed")
    client.cookies.clear()
    page, seen = samples_seen(client, "closed")
    assert seen == [] and "有条件开放" in page
    assert client.get("/datasets/closed/data-quality/rows?rule=name").status_code == 403
    withdraw("closed")
    for place in ("", "/rows?rule=name", "/report.html"):
        assert client.get(f"/datasets/closed/data-quality{place}").status_code in (404, 410), place
    assert client.get("/api/v1/datasets/closed/data-quality").status_code == 404


def withdraw(name: str) -> None:
    with session_scope() as session:
        catalogue.withdraw(Call(session, TERMINAL, clock.now(), ids.new_id()), name, "停止提供")


def test_an_order_goes_from_the_result_page_to_the_desk_and_back(
    client: TestClient, signed_in: SignIn
) -> None:
    put_in_force(client, signed_in)
    csrf = enter(client, signed_in, "reviewer")
    run = client.get(RESULT).text.split('name="run" value="')[1].split('"')[0]
    answer = client.post(f"{RESULT}/orders", data={"csrf": csrf, "run": run, "rule": ["amount"]})
    assert answer.status_code == 303
    assert (
        client.post(f"{RESULT}/orders", data={"csrf": csrf, "run": run, "rule": "amount"}).status_code == 409
    )
    csrf = enter(client, signed_in, "steward")
    desk = client.get("/desk/quality-orders").text
    place = "/desk/quality-orders/" + desk.split('href="/desk/quality-orders/')[1].split('"')[0]
    assert client.post(place, data={"csrf": csrf, "act": "claim", "reason": "已补"}).status_code == 303
    jobs.run_waiting()
    after = client.get(place).text
    assert "复查未通过" in after and "仍有1行不合格" in after
    english = client.get(f"{place}?lang=en").text
    named = html.escape(f"English {NASTY}")
    for page in (english, *(client.get(each).text for each in ("/desk/quality-orders", RESULT, RULES))):
        assert named in page, "pages in English have the English title"
    assert named in client.get(f"{RESULT}/report.html").text
    assert "Re-check: 1 of 3 rows still fail." in english and "复查" not in english
    assert named not in client.get(f"{place}?lang=zh").text
    assert client.post(place, data={"csrf": csrf, "act": "refuse", "reason": ""}).status_code == 422
    assert client.post(place, data={"csrf": csrf, "act": "exempt", "reason": "x"}).status_code in (403, 422)
    csrf = enter(client, signed_in, "stranger")
    assert client.get(place).status_code == 403
    csrf = enter(client, signed_in, "reviewer")
    wrong = client.post(place, data={"csrf": csrf, "act": "exempt", "reason": "历史数据", "until": "x"})
    assert wrong.status_code == 422
    day = "2099-12-31"
    assert (
        client.post(place, data={"csrf": csrf, "act": "exempt", "reason": "历史", "until": day}).status_code
        == 303
    )
    assert day in client.get(place).text
