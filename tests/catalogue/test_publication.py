"""A dataset goes draft → in review → published, or back with a reason; everybody sees only what they may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kaishu import casework, catalogue
from kaishu.access.errors import NotAllowed, OtherOffice, SignInNeeded
from kaishu.base import clock
from kaishu.base.errors import Invalid
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import DatasetRecord, State
from kaishu.catalogue.errors import InReview, NameTaken, NoSuchDataset, NothingToPublish

Make = Callable[..., DatasetRecord]


@pytest.fixture
def name(cast: Any, make_record: Make) -> str:
    return catalogue.add_dataset(cast.steward, record=make_record(), office="jiaotong").name


def test_the_name_is_readable_and_unique(cast: Any, make_record: Make) -> None:
    first, second = (
        catalogue.add_dataset(cast.steward, record=make_record(), office="jiaotong").name for _ in range(2)
    )
    assert (first, second) == ("metro-stations", "metro-stations-2")


def test_a_draft_is_seen_by_its_office_and_reviewers_only(cast: Any, name: str) -> None:
    assert catalogue.dataset_by_name(cast.steward, name).state == State.draft
    assert catalogue.dataset_by_name(cast.reviewer, name)
    for other in (cast.visitor, cast.stranger):
        with pytest.raises(NoSuchDataset):
            catalogue.dataset_by_name(other, name)


def test_the_whole_way_to_publication(cast: Any, name: str) -> None:
    catalogue.submit(cast.steward, name)
    assert [d.name for d in catalogue.waiting(cast.reviewer)] == [name]
    dataset = catalogue.publish(cast.reviewer, name)
    assert dataset.state == State.published
    assert catalogue.dataset_by_name(cast.visitor, name).record["issued"] == str(
        clock.day_of(cast.visitor.now)
    )
    assert dataset.record["resource_code"] == "30711000001/000001"
    actions = [entry.action for entry in catalogue.history(cast.reviewer, name)]
    assert actions == ["catalogue.publish", "catalogue.submit", "catalogue.add"]


def test_an_incomplete_record_is_not_submitted_and_all_gaps_are_named(cast: Any) -> None:
    bare = catalogue.add_dataset(cast.steward, record=DatasetRecord(title="只有名称"), office="jiaotong")
    with pytest.raises(Invalid) as refused:
        catalogue.submit(cast.steward, bare.name)
    assert {"description", "themes", "share_class", "open_class", "update_frequency", "contact_name"} <= set(
        refused.value.problems
    )


def test_a_return_needs_a_reason_and_the_steward_reads_it(cast: Any, name: str) -> None:
    catalogue.submit(cast.steward, name)
    with pytest.raises(ReasonNeeded):
        catalogue.send_back(cast.reviewer, name, "  ")
    catalogue.send_back(cast.reviewer, name, "摘要太短")
    dataset = catalogue.dataset_by_name(cast.steward, name)
    draft = catalogue.draft_of(cast.steward, dataset)
    assert draft is not None
    assert (dataset.state, draft.reason) == (State.returned, "摘要太短")
    catalogue.submit(cast.steward, name)
    assert catalogue.publish(cast.reviewer, name).state == State.published


def test_nobody_changes_what_is_in_review_unless_it_is_taken_back(
    cast: Any, name: str, make_record: Make
) -> None:
    catalogue.submit(cast.steward, name)
    with pytest.raises(InReview):
        catalogue.revise(cast.steward, name, make_record(title="改名"))
    catalogue.take_back(cast.steward, name)
    catalogue.revise(cast.steward, name, make_record(title="改名"))


def test_a_published_record_stays_in_sight_while_a_new_one_waits(
    cast: Any, name: str, make_record: Make
) -> None:
    catalogue.submit(cast.steward, name)
    catalogue.publish(cast.reviewer, name)
    catalogue.revise(cast.steward, name, make_record(title="新名称"))
    catalogue.submit(cast.steward, name)
    assert catalogue.dataset_by_name(cast.visitor, name).title == "地铁站点"
    changed = {d.field: (d.before, d.after) for d in catalogue.compare(cast.reviewer, name)}
    assert changed["title"] == ("地铁站点", "新名称")
    catalogue.publish(cast.reviewer, name)
    assert catalogue.dataset_by_name(cast.visitor, name).title == "新名称"


def test_only_reviewers_decide_and_only_the_own_office_writes(
    cast: Any, name: str, make_record: Make
) -> None:
    with pytest.raises(SignInNeeded):
        catalogue.add_dataset(cast.visitor, record=make_record(), office="jiaotong")
    with pytest.raises(OtherOffice):
        catalogue.add_dataset(cast.stranger, record=make_record(), office="jiaotong")
    catalogue.submit(cast.steward, name)
    with pytest.raises(NotAllowed):
        catalogue.publish(cast.steward, name)


def test_nothing_is_published_twice(cast: Any, name: str) -> None:
    catalogue.submit(cast.steward, name)
    catalogue.publish(cast.reviewer, name)
    with pytest.raises(NothingToPublish):
        catalogue.publish(cast.reviewer, name)


def test_a_withdrawn_dataset_is_out_of_sight_and_can_come_back(
    cast: Any, name: str, make_record: Make
) -> None:
    catalogue.submit(cast.steward, name)
    catalogue.publish(cast.reviewer, name)
    with pytest.raises(ReasonNeeded):
        catalogue.withdraw(cast.steward, name, "")
    catalogue.withdraw(cast.steward, name, "数据有误")
    with pytest.raises(NoSuchDataset):
        catalogue.dataset_by_name(cast.visitor, name)
    catalogue.revise(cast.steward, name, make_record())
    catalogue.submit(cast.steward, name)
    catalogue.publish(cast.reviewer, name)
    assert catalogue.dataset_by_name(cast.visitor, name).state == State.published


def test_an_old_name_leads_to_the_dataset_and_is_never_given_again(
    cast: Any, name: str, make_record: Make
) -> None:
    catalogue.submit(cast.steward, name)
    catalogue.publish(cast.reviewer, name)
    catalogue.rename(cast.steward, name, "subway")
    assert catalogue.dataset_by_name(cast.visitor, name).name == "subway"
    assert catalogue.was_renamed(cast.visitor.session, name) == "subway"
    with pytest.raises(NameTaken):
        catalogue.add_dataset(cast.steward, record=make_record(), office="jiaotong", name=name)
    with pytest.raises(Invalid):
        catalogue.rename(cast.steward, "subway", "../../etc")


def test_pages_of_datasets_are_complete_and_disjoint(cast: Any, make_record: Make) -> None:
    made = {
        catalogue.add_dataset(cast.steward, record=make_record(), office="jiaotong").name for _ in range(7)
    }
    seen: list[str] = []
    cursor = None
    while True:
        page = catalogue.datasets(cast.steward, limit=3, cursor=cursor)
        seen += [dataset.name for dataset in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(made)


def test_deadlines_count_from_the_day_of_the_site(cast: Any, make_record: Make) -> None:
    """Half past seven on a Monday morning is Sunday evening in UTC."""
    due = {}
    for moment in (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), datetime(2026, 11, 23, 4, 0, tzinfo=UTC)):
        call = replace(cast.steward, now=moment)
        dataset = catalogue.add_dataset(call, record=make_record(), office="jiaotong")
        submitted = catalogue.submit(call, dataset.name)
        due[moment] = casework.case_by_id(call.session, str(submitted.case_id)).due_on
    early, later = due.values()
    assert early is not None and early == later
