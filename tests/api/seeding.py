"""A small site with two departments, four people and three datasets, made through the acts themselves."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from kaishu import catalogue, delivery, lake, source
from kaishu.access import TERMINAL, Actor, Call, Role, add_office, add_person, issue_token
from kaishu.base import clock, ids
from kaishu.catalogue import DatasetRecord
from kaishu.db import session_scope

STATIONS = """编号,站名,区县,客流,开通日期,换乘
001,西单,西城区,120,2000-06-01,true
002,东单,东城区,80,1999-09-28,true
003,五棵松,海淀区,60.5,1969-10-01,false
004,"崇文门, 东",东城区,,1969-10-01,true
005,古城,石景山区,30,1971-01-15,false
"""
COMPLETE = {
    "resource_class": "department",
    "format_category": "table",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "monthly",
    "contact_name": "数据处",
    "contact_email": "data@example.org",
    "licence": "cc-by-4.0",
    "bbox": [116.0, 39.5, 116.9, 40.3],
}


@dataclass
class Site:
    """What was made: tokens by account, ids by name."""

    tokens: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, str] = field(default_factory=dict)

    def header(self, account: str) -> dict[str, str]:
        """The header of an application of that account."""
        return {"authorization": self.tokens[account]}


def record(title: str, **more: object) -> DatasetRecord:
    """A record that may be submitted."""
    from kaishu import standards

    theme = standards.vocabulary("theme").terms[0].code
    table = standards.vocabulary("format-category").terms[0].code
    given = {**COMPLETE, "format_category": table, "title": title, "themes": [theme], "tags": [title]}
    given["description"] = f"{title}：名称、数量和日期，每月更新一次。"
    return catalogue.record_from({**given, **more})


def seed() -> Site:
    """Everything, in the present home."""
    site = Site()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        add_office(call, title="交通委员会", title_en="Transport", name="transport", code="11000001")
        add_office(call, title="教育委员会", title_en="Education", name="education", code="11000002")
        for account, role, office in (
            ("steward", Role.steward, "transport"),
            ("other", Role.steward, "education"),
            ("reviewer", Role.reviewer, None),
            ("admin", Role.administrator, None),
        ):
            person = add_person(
                call, account=account, password=f"{account}-mima-2026", role=role, office=office
            )
            own = Call(
                session,
                Actor("person", person.id, person.name, role, person.office.id if person.office else None),
                call.now,
                call.request_id,
            )
            site.tokens[account] = issue_token(own, application="测试")[1]
    dataset(site, "stations", "地铁车站", STATIONS, title_en="Metro stations")
    dataset(site, "schools", "学校名录", "学校,学生数\n一中,1200\n二中,900\n", office="education")
    dataset(site, "closed", "受限名单", "姓名\n甲\n", open_class="conditional", open_condition="依申请")
    dataset(site, "hidden", "未公布", "甲\n1\n", publish=False)
    return site


def dataset(
    site: Site,
    name: str,
    title: str,
    csv: str,
    *,
    office: str = "transport",
    publish: bool = True,
    **more: object,
) -> None:
    """A dataset with one table, published unless said otherwise."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        made = catalogue.add_dataset(call, record=record(title, **more), office=office, name=name)
        table = lake.add_table(call, made.office_id)
        given = source.receive(call, f"{name}.csv", io.BytesIO(csv.encode()))
        version = lake.ingest(call, given, table=table)
        resource = catalogue.add_resource(call, name, name=f"{title}表", table=table)
        catalogue.set_version(call, name, resource.id, version)
        if publish:
            catalogue.publish(call, name)
            delivery.build_serving_copy(call, version.id)
        site.resources[name], site.datasets[name] = resource.id, made.id
