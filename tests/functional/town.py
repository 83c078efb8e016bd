"""A small town for the journeys: three accounts, one dataset published in two versions."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy.orm import Session

from kaishu import access, app, catalogue, jobs, lake, queue, source
from kaishu.access import TERMINAL, Call, Role
from kaishu.base import clock, ids
from kaishu.db import session_scope

PASSWORD = "a-long-password"
STOPS = "站点编号,站点名称,线路,经度,纬度,启用日期,日均客流\n" + "".join(
    f"{n:05d},{'东西南北'[n % 4]}门{n}站,{n % 5 + 1}号线,{116 + n / 1000},{39 + n / 1000},"
    f"2019-{n % 12 + 1:02d}-01,{n * 37}\n"
    for n in range(1, 121)
)
MORE = STOPS + "00121,新机场站,6号线,116.5,39.5,2026-10-01,900\n"
RECORD: dict[str, object] = {
    "title": "公交站点",
    "title_en": "Bus stops",
    "description": "全市公交站点的编号、名称、线路和坐标，每月更新。",
    "description_en": "Numbers, names, lines and coordinates of all bus stops, updated every month.",
    "resource_class": "department",
    "format_category": "electronic-file",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "monthly",
    "themes": ["transport"],
    "tags": ["公交", "站点"],
    "licence": "cc-by-4.0",
    "contact_name": "数据科",
}


def build(folder: Path) -> None:
    """Make the home folder's content through the acts."""
    app.prepare()
    with session_scope() as session:
        call = _call(session)
        access.add_office(
            call, title="交通运输局", title_en="Transport Bureau", name="jiaotong", code="11000001"
        )
        for account, role, office in (
            ("steward", Role.steward, "jiaotong"),
            ("reviewer", Role.reviewer, None),
            ("boss", Role.administrator, None),
        ):
            access.add_person(
                call, account=account, password=PASSWORD, role=role, name=account.title(), office=office
            )
    for number, text in enumerate((STOPS, MORE), start=1):
        file = folder / f"bus-stops-{number}.csv"
        file.write_text(text, encoding="utf-8")
        _publish(file)


def _publish(file: Path) -> None:
    with session_scope() as session:
        call = _call(session)
        delivery = source.receive_path(call, file)
        known = {dataset.name for dataset in catalogue.datasets(call).rows}
        if "bus-stops" not in known:
            catalogue.add_dataset(
                call, record=catalogue.record_from(RECORD), office="jiaotong", name="bus-stops"
            )
        plan = lake.make_plan(delivery.path, delivery.name)
        payload = {
            "delivery_id": delivery.id,
            "plan": plan.to_dict(),
            "dataset": "bus-stops",
            "resource_id": None,
        }
        queue.enqueue(call, "ingest", payload)
    jobs.run_waiting()
    with session_scope() as session:
        catalogue.publish(_call(session), "bus-stops")
    jobs.run_waiting()


def _call(session: Session) -> Call:
    return Call(session, TERMINAL, clock.now(), ids.new_id())


if __name__ == "__main__":
    build(Path(sys.argv[1]))
