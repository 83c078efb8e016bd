"""Addresses are looked at by themselves: a few a round, few of a host, never in the demo city."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kaishu import access, app, catalogue, inspection, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock
from kaishu.catalogue import Arrival, DatasetRecord, Link
from kaishu.db import session_scope
from kaishu.inspection.models import LinkState
from kaishu.jobs import inspecting

Later = Callable[[timedelta], None]


@pytest.fixture
def asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was asked; nobody is really asked here."""
    met: list[str] = []

    def knock(url: str) -> int:
        met.append(url)
        return 404 if "gone" in url else 200

    monkeypatch.setattr(inspection, "knock", knock)
    monkeypatch.setattr("kaishu.inspection.linking.PAUSE", 0)
    monkeypatch.setattr(inspection.ask_all, "__kwdefaults__", {"workers": 8, "pause": 0})
    yield met


def publish(*urls: str, title: str = "一个") -> str:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        office = access.add_office(
            call, title="某局", name=f"o{clock.now().timestamp():.6f}".replace(".", "-")
        )
        arrival = Arrival(
            record=DatasetRecord(title=title), links=[Link(url=url) for url in urls], office_id=office.id
        )
        return catalogue.take_in(call, [arrival], "test")[0].id


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time pass."""
    real, passed = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: real() + passed[0])

    def pass_by(by: timedelta) -> None:
        passed[0] += by

    return pass_by


def rounds(later: Later) -> int:
    """Rounds until none is due, each as long after the other as it must be."""
    made = 0
    while made < 20 and inspecting.leave_links_when_due():
        jobs.run_waiting()
        later(inspecting.PAUSE)
        made += 1
    return made


def test_each_address_is_looked_at_once_a_week_few_of_a_host_at_a_time(
    asked: list[str], later: Later
) -> None:
    one_host = [f"https://one.example/{number}" for number in range(25)]
    publish(*one_host, "https://other.example/gone")
    assert inspecting.leave_links_when_due()
    assert not inspecting.leave_links_when_due()
    jobs.run_waiting()
    assert sorted(asked) == sorted([*one_host[:10], "https://other.example/gone"])
    assert not inspecting.leave_links_when_due()
    later(inspecting.PAUSE)
    assert rounds(later) == 3  # ten, five, and one that finds nothing left
    assert sorted(asked) == sorted([*one_host, "https://other.example/gone"])
    assert rounds(later) == 0
    asked.clear()
    later(timedelta(hours=100))
    assert rounds(later) == 0
    later(timedelta(hours=70))
    assert rounds(later) == 4
    assert len(asked) == 26


def test_what_is_published_later_is_asked_first_and_what_is_gone_is_forgotten(
    asked: list[str], later: Later
) -> None:
    first = publish("https://one.example/1")
    rounds(later)
    later(timedelta(hours=200))
    publish("https://one.example/2", title="又一个")
    with session_scope() as session:
        catalogue.withdraw_gone(Call(session, TERMINAL, clock.now(), "test"), [first], "gone")
    asked.clear()
    assert rounds(later) == 2
    assert asked == ["https://one.example/2"]
    with session_scope(write=False) as session:
        assert session.scalar(select(func.count()).select_from(LinkState)) == 1


def test_nought_hours_switch_it_off(asked: list[str], later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("https://one.example/1")
    monkeypatch.setenv("KAISHU_LINK_CHECK_HOURS", "0")
    assert rounds(later) == 0
    assert asked == []


def test_the_demo_city_looks_at_nobody_unless_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app._left_out() == ()
    home.mkdir(exist_ok=True)
    (home / "demo.json").write_text(json.dumps({"datasets": 1}), encoding="utf-8")
    assert app._left_out() == ("links",)
    names = [each.name for each in jobs.Worker(without=app._left_out())._rounds]
    assert "links" not in names
    assert "harvest" in names
    monkeypatch.setenv("KAISHU_LINK_CHECK_HOURS", "24")
    assert app._left_out() == ()
