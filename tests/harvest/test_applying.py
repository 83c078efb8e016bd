"""Always a plan first; then applied, never over a local edit, and resumed where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kaishu import catalogue, discovery, harvest, ledger
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids
from kaishu.catalogue import DatasetRecord, State
from kaishu.catalogue.models import Dataset, Revision
from kaishu.db import session_scope
from kaishu.harvest.errors import ManyGone, NothingPlanned, SourceInUse, SourceTaken
from kaishu.harvest.models import Harvested, PlanItem, Run
from kaishu.ledger.models import Entry
from tests.conftest import BOTH_DATABASES
from tests.harvest.conftest import add, add_file, dump, package, renew, run, run_of


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def datasets() -> dict[str, Dataset]:
    with session_scope(write=False) as session:
        return {each.name: each for each in session.scalars(select(Dataset))}


def acting(actor: Actor = TERMINAL) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def opened() -> Any:
        with session_scope() as session:
            yield Call(session, actor, clock.now(), ids.new_id())

    return opened()


def edit(name: str, **changes: Any) -> None:
    """Somebody here changes a record and publishes it."""
    with acting() as call:
        dataset = catalogue.dataset_by_name(call, name)
        record = DatasetRecord.model_validate({**dataset.record, **changes})
        catalogue.take_in(
            call,
            [
                catalogue.Arrival(
                    record=record,
                    links=[],
                    office_id=dataset.office_id,
                    dataset_id=dataset.id,
                )
            ],
            "by hand",
        )


def test_a_plan_changes_nothing_and_says_what_would_change(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2)]), "ckan-jsonl")
    planned = run_of(harvest.plan(TERMINAL, "there"))
    assert planned.state == "planned"
    assert planned.counts == {"new": 2}
    assert datasets() == {}


def test_applying_makes_published_datasets_of_their_publishers(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl.gz", [package(1), package(2)]), "ckan-jsonl")
    done = run()
    assert (done.state, done.counts, done.applied) == ("done", {"new": 2}, 2)
    found = datasets()
    assert set(found) == {"dataset-1", "dataset-2"}
    one = found["dataset-1"]
    assert one.state == State.published
    assert one.office.name == "there-traffic"
    assert one.office.title == "交通局"
    assert one.resources[0]["url"] == "https://data.example/1.csv"
    with session_scope(write=False) as session:
        assert ledger.verify(session).ok
        said = session.scalars(select(Entry).where(Entry.action == "catalogue.publish")).all()
        assert [entry.facts["harvested"] for entry in said] == ["there", "there"]


def test_a_second_run_without_changes_writes_no_revision(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2)]), "ckan-jsonl")
    run()
    assert run().counts == {"same": 2}
    with session_scope(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 2


def test_a_change_at_the_source_is_one_revision_and_links_keep_their_identifiers(
    home: Path, tmp_path: Path
) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2)]), "ckan-jsonl")
    run()
    before = datasets()["dataset-1"]
    changed = package(1, title="新名称")
    changed["resources"].insert(0, {"id": "another", "name": "说明", "url": "https://data.example/readme"})
    renew(dump(tmp_path / "b.jsonl", [changed, package(2)]))
    assert run().counts == {"changed": 1, "same": 1}
    after = datasets()["dataset-1"]
    assert (after.id, after.title) == (before.id, "新名称")
    assert after.resources[1]["id"] == before.resources[0]["id"]


def test_what_is_gone_is_withdrawn_with_a_reason_and_comes_back(home: Path, tmp_path: Path) -> None:
    all_of_them = [package(number) for number in range(1, 5)]
    add_file(dump(tmp_path / "a.jsonl", all_of_them), "ckan-jsonl")
    run()
    gone = datasets()["dataset-4"]
    renew(dump(tmp_path / "b.jsonl", all_of_them[:3]))
    assert run().counts == {"gone": 1, "same": 3}
    assert datasets()["dataset-4"].state == State.withdrawn
    with session_scope(write=False) as session:
        reasons = ledger.entries(session, "dataset", gone.id)[0].facts["reason"]
        assert "gone at source" in reasons
    renew(dump(tmp_path / "c.jsonl", all_of_them))
    assert run().counts == {"back": 1, "same": 3}
    back = datasets()["dataset-4"]
    assert (back.id, back.state) == (gone.id, State.published)


def test_when_more_than_half_are_gone_a_person_must_confirm(home: Path, tmp_path: Path) -> None:
    all_of_them = [package(number) for number in range(1, 5)]
    add_file(dump(tmp_path / "a.jsonl", all_of_them), "ckan-jsonl")
    run()
    renew(dump(tmp_path / "b.jsonl", all_of_them[:1]))
    with pytest.raises(ManyGone):
        run()
    assert all(each.state == State.published for each in datasets().values())
    harvest.apply(TERMINAL, "there", confirm=True)
    assert sum(each.state == State.withdrawn for each in datasets().values()) == 3


def test_a_local_edit_is_never_overwritten_until_a_person_decides(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2)]), "ckan-jsonl")
    run()
    edit("dataset-1", title="本地改的名称")
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的名称"), package(2)]))
    for _ in range(2):
        done = run()
        assert done.counts == {"conflict": 1, "same": 1}
        assert datasets()["dataset-1"].title == "本地改的名称"
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        harvest.settle(call, item.run_id, item.number, "ours")
    assert run().counts == {"same": 2}
    assert datasets()["dataset-1"].title == "本地改的名称"


def test_a_person_may_take_theirs(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    edit("dataset-1", title="本地改的名称")
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的名称")]))
    run()
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        harvest.settle(call, item.run_id, item.number, "theirs")
    assert datasets()["dataset-1"].title == "来源改的名称"
    assert run().counts == {"same": 1}
    with acting() as call:
        assert harvest.conflicts(call) == []


def test_a_draft_under_way_here_is_a_conflict(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    with acting() as call:
        dataset = catalogue.dataset_by_name(call, "dataset-1")
        catalogue.revise(call, "dataset-1", DatasetRecord.model_validate({**dataset.record, "title": "草稿"}))
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的名称")]))
    assert run().counts == {"conflict": 1}


def test_an_edit_after_the_plan_is_kept_too(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    renew(dump(tmp_path / "b.jsonl", [package(1, title="来源改的名称")]))
    assert run_of(harvest.plan(TERMINAL, "there")).counts == {"changed": 1}
    edit("dataset-1", title="计划之后改的")
    done = run_of(harvest.apply(TERMINAL, "there"))
    assert done.counts == {"conflict": 1}
    assert datasets()["dataset-1"].title == "计划之后改的"


def test_something_edited_here_and_gone_there_is_not_withdrawn(home: Path, tmp_path: Path) -> None:
    packages = [package(number) for number in range(1, 4)]
    add_file(dump(tmp_path / "a.jsonl", packages), "ckan-jsonl")
    run()
    edit("dataset-3", title="本地改的")
    renew(dump(tmp_path / "b.jsonl", packages[:2]))
    assert run().counts == {"conflict": 1, "same": 2}
    assert datasets()["dataset-3"].state == State.published


def test_names_that_are_taken_get_a_number(home: Path, tmp_path: Path) -> None:
    packages = [package(number, name="the-same") for number in range(1, 4)]
    add_file(dump(tmp_path / "a.jsonl", packages), "ckan-jsonl")
    add_file(dump(tmp_path / "b.jsonl", packages), "ckan-jsonl", "other")
    run()
    run("other")
    assert set(datasets()) == {"the-same", *(f"the-same-{number}" for number in range(2, 7))}


def test_two_records_of_one_identifier_are_both_taken_and_proposed_for_merging(
    home: Path, tmp_path: Path
) -> None:
    twins = [package(1), package(1, title="又一个", name="again")]
    add_file(dump(tmp_path / "a.jsonl", twins), "ckan-jsonl")
    done = run()
    assert done.counts == {"new": 2}
    assert run().counts == {"same": 2}
    with acting() as call:
        assert "another record" in harvest.items_of(call, done)[1].notes[0]["en"]
        (pair,) = harvest.duplicates(call)
        assert pair.reasons == ["identifier"]


def test_the_very_same_record_twice_is_refused_with_a_note(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(1)]), "ckan-jsonl")
    done = run()
    assert done.counts == {"new": 1, "refused": 1}
    with acting() as call:
        (item,) = harvest.items_of(call, done, "refused")
        assert "twice" in item.notes[0]["en"]


def test_the_search_finds_what_was_harvested(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1, title="地铁站点一览")]), "ckan-jsonl")
    run()
    discovery.refresh()
    with session_scope(write=False) as session:
        found = discovery.search(Call(session, TERMINAL, clock.now(), ""), discovery.Query(q="地铁"))
    assert found.total == 1


def test_a_run_that_was_killed_goes_on_where_it_stopped(home: Path, tmp_path: Path, database: str) -> None:
    if database != "sqlite":
        pytest.skip("once is enough")
    many = [package(number) for number in range(1, 1501)]
    add_file(dump(tmp_path / "a.jsonl.gz", many), "ckan-jsonl")
    harvest.plan(TERMINAL, "there")
    code = "from kaishu import harvest; from kaishu.access import TERMINAL; harvest.apply(TERMINAL, 'there')"
    process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    try:
        for _ in range(12_000):
            with session_scope(write=False) as session:
                applied = session.scalar(select(Run.applied)) or 0
            if applied:
                break
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with session_scope(write=False) as session:
        stopped_at = session.scalar(select(Run.applied)) or 0
        made = session.scalar(select(func.count()).select_from(Dataset)) or 0
        assert 0 < stopped_at == made < 1500
        assert session.scalar(select(Run.state)) == "applying"
    done = run()
    assert (done.state, done.applied, done.counts) == ("done", 1500, {"new": 1500})
    with session_scope(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == 1500
        assert session.scalar(select(func.count()).select_from(Harvested)) == 1500
        assert ledger.verify(session).ok
        left = select(func.count()).select_from(PlanItem).where(PlanItem.entry.is_not(None))
        assert session.scalar(left.where(PlanItem.applied_at.is_(None))) == 0


def test_sources_are_named_once_and_stay_while_they_are_busy(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    with pytest.raises(SourceTaken):
        add_file(tmp_path / "a.jsonl", "ckan-jsonl")
    with pytest.raises(NothingPlanned):
        harvest.apply(TERMINAL, "there")
    run()
    with acting() as call:
        assert harvest.remove_source(call, "there") == 1
    assert datasets()["dataset-1"].state == State.published


def test_a_busy_source_is_not_planned_again(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run_id = harvest.plan(TERMINAL, "there")
    with session_scope() as session:
        session.get_one(Run, run_id).state = "applying"
    with pytest.raises(SourceInUse):
        harvest.plan(TERMINAL, "there")
    with pytest.raises(SourceInUse), acting() as call:
        harvest.remove_source(call, "there")


@pytest.mark.parametrize("role", [Role.visitor, Role.member, Role.steward])
def test_only_reviewers_and_administrators_harvest(home: Path, tmp_path: Path, role: Role) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    somebody = Actor("person", "p", "somebody", role, "office")
    for act in (harvest.plan, harvest.apply, harvest.run):
        with pytest.raises(NotAllowed):
            act(somebody, "there")
    reviewer = Actor("person", "r", "reviewer", Role.reviewer, None)
    assert run_of(harvest.run(reviewer, "there")).counts == {"new": 1}


def test_all_may_go_to_one_office(home: Path, portal: Any) -> None:
    from kaishu import access

    with acting() as call:
        access.add_office(call, name="library", title="图书馆")
    portal.searches([package(1), package(2, organization=None)])
    add(url=portal.url, office="library")
    run()
    assert {each.office.name for each in datasets().values()} == {"library"}
    with acting() as call:
        library = access.office_by_name(call.session, "library")
        assert harvest.foreign_offices(call.session) == {library.id: 2}
        # One draft of its own, or one person, and it is a department of ours.
        catalogue.add_dataset(call, record=DatasetRecord(title="馆藏"), office="library", name="books")
        assert not harvest.foreign_offices(call.session)


def test_an_office_with_people_is_ours_whatever_was_harvested_into_it(home: Path, portal: Any) -> None:
    from kaishu import access

    with acting() as call:
        access.add_office(call, name="library", title="图书馆")
        access.add_person(call, account="guan", password="long-enough-1", role=Role.steward, office="library")
    portal.searches([package(1)])
    add(url=portal.url, office="library")
    run()
    with acting() as call:
        assert not harvest.foreign_offices(call.session)
