"""The application with a small catalogue, asked in process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import access, catalogue, discovery, jobs, lake, queue, source
from kaishu.access import TERMINAL, Call, Role
from kaishu.base import clock, ids
from kaishu.db import engine, forget_engines, session_scope

PASSWORD = "a-long-password"
NASTY = "<script>alert(1)</script>"
TABLE = "\n".join(
    (
        "编号,名称,金额,日期",
        f"001,{NASTY},1.5,2026-01-01",
        '002,"引号""与&符号",,2026-01-02',
        "003,第三,3,2026-01-03",
        "",
    )
)
RECORD: dict[str, Any] = {
    "title": f"危险的{NASTY}名称",
    "title_en": f"A {NASTY} title",
    "description": f"摘要里也有{NASTY}，应当原样显示。",
    "resource_class": "department",
    "format_category": "electronic-file",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "monthly",
    "themes": ["transport"],
    "tags": [NASTY],
    "licence": "cc-by-4.0",
    "contact_name": NASTY,
    "contact_email": "javascript:alert(1)",
    "source": NASTY,
}


@pytest.fixture
def client(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A visitor's client; the catalogue holds one open and one conditional dataset."""
    from kaishu.app import build_app

    forget_engines()
    shutil.copytree(_filled(tmp_path_factory.getbasetemp()), home, dirs_exist_ok=True)
    yield TestClient(build_app(worker=False), follow_redirects=False)


@cache
def _filled(folder: Path) -> Path:
    """A home with the small catalogue, made once for all tests of a process, which get copies."""
    from kaishu.tables import METADATA

    with pytest.MonkeyPatch.context() as patch:
        made = folder / "filled"
        patch.setenv("KAISHU_HOME", str(made))
        METADATA.create_all(engine())
        _fill(made)
        discovery.forget()
        forget_engines()
    return made


SignIn = Callable[[str], str]


@pytest.fixture
def signed_in(client: TestClient) -> SignIn:
    """``signed_in("steward")`` signs the client in and gives what its forms must carry."""

    def enter(account: str) -> str:
        answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        page = client.get("/account").text
        return page.split('name="csrf" value="')[1].split('"')[0]

    return enter


def _fill(home: Path) -> None:
    with session_scope() as session:
        call = _call(session)
        access.add_office(call, title=f"部门{NASTY}", name="office", code="11000001")
        access.add_office(call, title="另一部门", name="other")
        for account, role, office in (
            ("steward", Role.steward, "office"),
            ("stranger", Role.steward, "other"),
            ("reviewer", Role.reviewer, None),
            ("boss", Role.administrator, None),
        ):
            access.add_person(call, account=account, password=PASSWORD, role=role, office=office)
        conditions = {"open_class": "conditional", "open_condition": "说明用途", "licence": ""}
        for name, record in (("nasty", RECORD), ("closed", {**RECORD, **conditions})):
            catalogue.add_dataset(call, record=catalogue.record_from(record), office="office", name=name)
            file = home / f"{name}.csv"
            file.write_text(TABLE, encoding="utf-8")
            delivery = source.receive_path(call, file)
            plan = lake.make_plan(delivery.path, delivery.name).to_dict()
            payload = {"delivery_id": delivery.id, "plan": plan, "dataset": name, "resource_id": None}
            queue.enqueue(call, "ingest", payload)
    jobs.run_waiting()
    with session_scope() as session:
        catalogue.publish(_call(session), "nasty")
        catalogue.publish(_call(session), "closed")
    jobs.run_waiting()
    discovery.refresh()


def _call(session: Any) -> Call:
    return Call(session, TERMINAL, clock.now(), ids.new_id())
