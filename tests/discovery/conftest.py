"""A small catalogue to search: rows as publication leaves them, with the ledger entries it writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu import discovery
from kaishu.access import TERMINAL, VISITOR, Call, note
from kaishu.access.models import Office
from kaishu.base import clock, ids
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope

START = datetime(2026, 1, 1, tzinfo=UTC)


class City:
    """Publishes and finds, each in a transaction of its own, as requests do."""

    def __init__(self) -> None:
        self.offices: dict[str, str] = {}

    def office(self, name: str, title: str, title_en: str = "") -> str:
        with session_scope() as session:
            row = Office(id=ids.new_id(), name=name, title=title, title_en=title_en, created_at=START)
            session.add(row)
            self.offices[name] = row.id
            return row.id

    def publish(
        self, title: str, *, office: str = "jiaotong", state: str = "published", **record: Any
    ) -> str:
        if office not in self.offices:
            self.office(office, {"jiaotong": "交通运输局"}.get(office, office))
        with session_scope() as session:
            return add(session, title, office=self.offices[office], state=state, **record)

    def change(self, dataset_id: str, action: str, **changes: Any) -> None:
        with session_scope() as session:
            dataset = session.get_one(Dataset, dataset_id)
            for key, value in changes.items():
                setattr(dataset, key, value)
            note(call_of(session), action, ("dataset", dataset_id))

    def search(self, q: str = "", **asked: Any) -> discovery.Found:
        with session_scope(write=False) as session:
            return discovery.search(
                Call(session, VISITOR, clock.now(), ids.new_id()), discovery.Query(q=q, **asked)
            )

    def titles(self, q: str = "", **asked: Any) -> list[str]:
        found = self.search(q, **asked)
        with session_scope(write=False) as session:
            return [session.get_one(Dataset, hit.dataset_id).title for hit in found.hits]


def add(session: Session, title: str, *, office: str, state: str = "published", **record: Any) -> str:
    """One dataset row and its ledger entry."""
    serial = (session.scalar(select(func.max(Dataset.serial))) or 0) + 1
    formats = record.pop("formats", [])
    moment = START + timedelta(hours=serial)
    dataset = Dataset(
        id=record.pop("id", None) or ids.new_id(),
        serial=serial,
        name=record.pop("name", f"d{serial}"),
        office_id=office,
        state=state,
        title=title,
        title_en=record.get("title_en", ""),
        open_class=record.get("open_class", ""),
        record={"title": title, **record},
        resources=[{"name": f"表{i}", "format": format} for i, format in enumerate(formats)],
        created_at=moment,
        updated_at=moment,
        published_at=moment if state == "published" else None,
    )
    session.add(dataset)
    session.flush()
    note(call_of(session), "catalogue.publish", ("dataset", dataset.id))
    return dataset.id


def call_of(session: Session) -> Call:
    return Call(session, TERMINAL, clock.now(), ids.new_id())


@pytest.fixture
def city(home: Path) -> Iterator[City]:
    discovery.forget()
    yield City()
    discovery.forget()


@pytest.fixture
def metro(city: City) -> City:
    """Five datasets that the tests of words look for."""
    city.office("jiaotong", "交通运输局", "Transport Bureau")
    city.office("huanbao", "生态环境局", "Ecology and Environment Bureau")
    city.publish(
        "北京市地铁站点",
        title_en="Metro stations",
        description="全市轨道交通车站的名称、所属线路与坐标。",
        tags=["轨道交通", "出行"],
        themes=["transport"],
        items=[{"name": "station_name", "title": "站名", "title_en": "Station"}, {"name": "经度"}],
        formats=["CSV"],
        open_class="unconditional",
    )
    city.publish(
        "公交线路", description="公交车的线路，可在地铁站换乘。", themes=["transport"], formats=["xlsx"]
    )
    city.publish(
        "空气质量监测小时数据",
        office="huanbao",
        title_en="Hourly air quality",
        description="各监测站PM2.5小时浓度。",
        tags=["空气"],
        themes=["resources-environment"],
        formats=["csv", "JSON"],
    )
    city.publish("西安路商户名录", description="商户的名称与地址。", themes=["trade-industry"])
    city.publish("未发布的地铁票价", state="draft")
    return city
