"""Datasets of two sources that may be one are proposed with reasons; a person decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from kaishu import harvest
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.harvest.models import Duplicate
from tests.harvest.conftest import add_file, dump, package, renew, run


def pairs() -> list[Duplicate]:
    with session_scope(write=False) as session:
        return list(harvest.duplicates(Call(session, TERMINAL, clock.now(), "")))


def state_of(dataset_id: str) -> str:
    with session_scope(write=False) as session:
        return session.get_one(Dataset, dataset_id).state


@pytest.fixture
def two(home: Path, tmp_path: Path) -> list[Duplicate]:
    """One dataset at two portals under two identifiers, and others that only look a little alike."""
    here = [package(1, title="道路 交通 流量"), package(2, title="预算"), package(3, title="公园名单")]
    there = [
        package(11, title="道路·交通流量", resources=package(1)["resources"], organization=None),
        package(12, title="预算"),
        package(13, title="公园名单", organization={"name": "parks", "title": "园林局"}),
    ]
    add_file(dump(tmp_path / "a.jsonl", here), "ckan-jsonl", "one")
    add_file(dump(tmp_path / "b.jsonl", there), "ckan-jsonl", "two")
    run("one")
    assert pairs() == []
    run("two")
    return pairs()


def test_the_same_title_and_address_is_proposed_with_its_reason(two: list[Duplicate]) -> None:
    assert [each.reasons for each in two] == [["title-and-address"]]


def test_nothing_is_merged_without_a_person(two: list[Duplicate]) -> None:
    assert state_of(two[0].one_id) == state_of(two[0].other_id) == State.published


def test_merging_keeps_one_and_withdraws_the_other_with_a_pointer(
    two: list[Duplicate], tmp_path: Path
) -> None:
    pair = two[0]
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        harvest.merge(call, pair.id, pair.one_id)
        kept = session.get_one(Dataset, pair.one_id)
    assert state_of(pair.one_id) == State.published
    assert state_of(pair.other_id) == State.withdrawn
    with session_scope(write=False) as session:
        from kaishu import ledger

        assert kept.name in ledger.entries(session, "dataset", pair.other_id)[0].facts["reason"]
    run("one")
    run("two")
    assert state_of(pair.other_id) == State.withdrawn
    assert pairs() == []


def test_a_declined_pair_is_not_proposed_again(two: list[Duplicate], tmp_path: Path) -> None:
    with session_scope() as session:
        harvest.decline(Call(session, TERMINAL, clock.now(), ids.new_id()), two[0].id)
    renew(
        dump(tmp_path / "c.jsonl", [package(11, title="道路交通流量", resources=package(1)["resources"])]),
        "two",
    )
    harvest.plan(TERMINAL, "two")
    harvest.apply(TERMINAL, "two", confirm=True)
    assert pairs() == []


def test_the_same_identifier_at_two_portals_is_proposed(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl", "one")
    add_file(dump(tmp_path / "b.jsonl", [package(1, title="别的名称", resources=[])]), "ckan-jsonl", "two")
    run("one")
    run("two")
    assert [each.reasons for each in pairs()] == [["identifier"]]


def test_a_decision_is_made_once_and_only_about_the_pair(two: list[Duplicate]) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        stranger = session.scalars(
            select(Dataset.id).where(Dataset.id.not_in([two[0].one_id, two[0].other_id]))
        ).first()
        with pytest.raises(KaishuError):
            harvest.merge(call, two[0].id, str(stranger))
        harvest.decline(call, two[0].id)
        with pytest.raises(KaishuError):
            harvest.merge(call, two[0].id, two[0].one_id)
