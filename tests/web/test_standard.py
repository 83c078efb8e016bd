"""Standard entities on the pages: registered, agreed, run, asked why; names and values are escaped."""

from __future__ import annotations

import html
import io
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu import catalogue, jobs, lake, quality, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.ledger.models import Entry
from tests.web.conftest import NASTY

HERE = "/desk/standard"
SignIn = Callable[[str], str]
MAPPING = """entity:
  name: thing
  fields:
    number: {title: 编号, kind: code}
    name: {title: 名称}
    sex: {title: 性别, kind: code, standard: GB/T 2261.1}
  keys: [[number]]
sources:
  - {name: 甲, table: nasty, unique: true, fields: {number: 编号, name: 名称}}
  - {name: 乙, table: theirs, unique: true, fields: {number: 编号, name: 名称, sex: 性别}}
"""
THEIRS = '编号,名称,性别\n001,<b>另</b>,1\n002,"引号""与&符号",2\n009,只在乙,\n'


def their_table() -> None:
    """A table of the other office."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        record = catalogue.DatasetRecord(title="别人的表")
        dataset = catalogue.add_dataset(call, record=record, office="other", name="theirs")
        delivery = source.receive(call, "theirs.csv", io.BytesIO(THEIRS.encode()))
        table = lake.add_table(call, dataset.office_id)
        made = catalogue.add_resource(call, "theirs", name="theirs", table=table)
        catalogue.set_version(call, "theirs", made.id, lake.ingest(call, delivery, table=table))


def enter(client: TestClient, signed_in: SignIn, account: str) -> str:
    client.cookies.clear()
    return signed_in(account)


def post(client: TestClient, path: str, status: int = 303, **given: str) -> str:
    answer = client.post(f"{HERE}{path}", data=given)
    assert answer.status_code == status, answer.text
    return answer.text


def registered(client: TestClient, signed_in: SignIn) -> None:
    """An entity whose mapping both offices have agreed to, run into force."""
    their_table()
    csrf = enter(client, signed_in, "reviewer")
    post(
        client,
        "",
        csrf=csrf,
        name="things",
        title=f"东西{NASTY}",
        title_en="Things",
        office="office",
        template="person",
    )
    post(client, "/things/mapping", csrf=csrf, text=MAPPING)
    post(client, "/things", csrf=csrf, do="trial")
    jobs.run_waiting()
    assert "试运行" in client.get(f"{HERE}/things").text
    post(client, "/things/mapping/step", csrf=csrf, do="submit")
    csrf = enter(client, signed_in, "steward")
    post(client, "/things/mapping/step", csrf=csrf, do="agree", office=_office("office"))
    enter(client, signed_in, "boss")
    page = client.get(f"{HERE}/things/mapping").text
    asked, agreed = (page.index(f'<option value="{_office(name)}"') for name in ("other", "office"))
    assert asked < agreed, "who has not answered comes first"
    csrf = enter(client, signed_in, "stranger")
    assert "本部门有1份标准实体的映射待答复" in client.get("/desk").text
    page = client.get(f"{HERE}/things/mapping").text
    assert "代表另一部门" in page
    post(client, "/things/mapping/step", 422, csrf=csrf, do="object", office=_office("other"))
    reason = {"csrf": csrf, "do": "object", "office": _office("other"), "reason": NASTY, "field": "name"}
    post(client, "/things/mapping/step", **reason)
    page = client.get(f"{HERE}/things/mapping").text
    assert NASTY not in page and html.escape(NASTY) in page and "有异议" in page
    post(client, "/things/mapping/step", csrf=csrf, do="agree", office=_office("other"))
    csrf = enter(client, signed_in, "steward")
    post(client, "/things/mapping/step", csrf=csrf, do="put-in-force")
    post(client, "/things", csrf=csrf, do="run")
    jobs.run_waiting()


def _office(name: str) -> str:
    from kaishu import access

    with session_scope(write=False) as session:
        return str(access.office_by_name(session, name).id)


def test_an_entity_goes_from_the_form_to_a_file_that_explains_itself_to_those_who_may_see(
    client: TestClient, signed_in: SignIn
) -> None:
    registered(client, signed_in)
    page = client.get(f"{HERE}/things").text
    assert "2个来源的6行归并为4个实体" in page and NASTY not in page
    csrf = enter(client, signed_in, "steward")
    found = post(client, "/things/file", 200, csrf=csrf, key="001")
    assert html.escape(NASTY) in found and "&lt;b&gt;另&lt;/b&gt;" in found and "权威次序" in found
    assert "1 男性" in found, "a code stands with its word"
    assert "2 Female" in post(client, "/things/file?lang=en", 200, csrf=csrf, key="002")
    assert "没有标识或键" in post(client, "/things/file", 404, csrf=csrf, key="nobody")
    rows = client.get(f"{HERE}/things/differences?source=乙&field=name").text
    assert "&lt;b&gt;另&lt;/b&gt;" in rows and html.escape(NASTY) in rows
    assert client.get(f"{HERE}/things/differences?source=乙&field=nothing").status_code == 404

    # values are masked for an office that only feeds the entity
    csrf = enter(client, signed_in, "stranger")
    found = post(client, "/things/file", 200, csrf=csrf, key="001")
    assert html.escape(NASTY) not in found.split("查看都记入")[1] and "•" in found and "另" in found
    assert "的值已遮盖：" in found, "and the page says which, and why"
    client.cookies.clear()
    assert client.get(f"{HERE}/things").status_code == 303
    assert client.get(HERE).status_code == 303


def test_the_order_of_a_difference_leads_to_its_rows(client: TestClient, signed_in: SignIn) -> None:
    registered(client, signed_in)
    with session_scope(write=False) as session:
        [(order, _case)] = quality.orders(session)
        order_id = order.id
        run = order.found_by
    csrf = enter(client, signed_in, "stranger")
    given = {"csrf": csrf, "run": run, "source": "乙", "field": "name"}
    taken = client.post(f"{HERE}/things/differences.csv", data=given)
    assert taken.text.splitlines() == [
        "\ufeffrow,value,golden,winner,rule",
        f"1,<b>另</b>,{NASTY},甲,authority",
    ]
    assert client.post(f"{HERE}/things/differences.csv", data={**given, "source": "甲"}).status_code == 403
    with session_scope(write=False) as session:
        [entry] = session.query(Entry).filter(Entry.action == "standardisation.differences.read")
        assert entry.facts == {"source": "乙", "field": "name"}
    page = client.get(f"/desk/quality-orders/{order_id}").text
    assert "标准层比对" in page and "/desk/standard/things/differences?source=" in page
    answer = client.post(f"/desk/quality-orders/{order_id}", data={"csrf": csrf, "act": "claim"})
    assert answer.status_code == 303
    jobs.run_waiting()
    assert "复查未通过，退回整改" in client.get(f"/desk/quality-orders/{order_id}").text
    english = client.get(f"/desk/quality-orders/{order_id}?lang=en").text
    assert "Things: name differs from the golden value" in english
    assert "rows still differ." in english and "复查" not in english


def test_what_is_wrong_with_a_mapping_stands_beside_what_was_typed(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = enter(client, signed_in, "steward")
    post(client, "", 422, csrf=csrf, name="Bad Name", title="")
    post(
        client, "", csrf=csrf, name="things", title="东西", office="office", template="person", table1="nasty"
    )
    begun = client.get(f"{HERE}/things/mapping?template=person&table=nasty").text
    assert "entity: person" in begun and "table: &#34;nasty&#34;" in begun and "name: &#34;名称&#34;" in begun
    page = post(client, "/things/mapping", 422, csrf=csrf, text="entity: person\nsources: []\n")
    assert "映射有1处要改" in page and "sources: []" in page
    csrf = enter(client, signed_in, "stranger")
    assert client.post(f"{HERE}/things/mapping", data={"csrf": csrf, "text": MAPPING}).status_code == 403
