"""What was withdrawn says so, can come back, and secrets never come out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import catalogue, ledger
from kaishu.access.errors import NotAllowed
from kaishu.base.errors import Invalid
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import DatasetRecord, State
from kaishu.catalogue.errors import NoSuchDataset, NothingToPublish
from tests.catalogue.conftest import Cast

Make = Callable[..., DatasetRecord]


def publish(cast: Cast, make_record: Make, **changes: object) -> None:
    catalogue.add_dataset(cast.steward, record=make_record(**changes), office="jiaotong", name="stations")
    catalogue.submit(cast.steward, "stations")
    catalogue.publish(cast.reviewer, "stations")


def test_withdrawn_and_restored(cast: Cast, make_record: Make) -> None:
    publish(cast, make_record)
    assert catalogue.withdrawal_of(cast.visitor, "stations") is None
    catalogue.withdraw(cast.steward, "stations", "坐标有误")
    told = catalogue.withdrawal_of(cast.visitor, "stations")
    assert told and (told.reason, told.title, told.office) == ("坐标有误", "地铁站点", "交通运输局")
    with pytest.raises(NoSuchDataset):
        catalogue.dataset_by_name(cast.visitor, "stations")
    with pytest.raises(NotAllowed):
        catalogue.restore(cast.steward, "stations", "已更正")
    with pytest.raises(ReasonNeeded):
        catalogue.restore(cast.reviewer, "stations", " ")
    catalogue.restore(cast.reviewer, "stations", "已更正")
    assert catalogue.dataset_by_name(cast.visitor, "stations").state == State.published
    assert catalogue.withdrawal_of(cast.visitor, "stations") is None
    newest = ledger.entries(cast.steward.session, "dataset", told.dataset_id, 1)[0]
    assert (newest.action, newest.facts["reason"]) == ("catalogue.restore", "已更正")
    with pytest.raises(NothingToPublish):
        catalogue.restore(cast.reviewer, "stations", "再来")


@pytest.mark.parametrize("secrecy", ["work-secret", "secret", "confidential", "top-secret"])
def test_secrets_are_not_submitted(cast: Cast, make_record: Make, secrecy: str) -> None:
    record = make_record(secrecy=secrecy)
    catalogue.add_dataset(cast.steward, record=record, office="jiaotong", name="stations")
    with pytest.raises(Invalid) as wrong:
        catalogue.submit(cast.steward, "stations")
    assert set(wrong.value.problems) == {"secrecy", "open_class"}
    assert catalogue.withdrawal_of(cast.visitor, "stations") is None


def test_the_four_classifications_count_what_one_may_see(cast: Cast, make_record: Make) -> None:
    publish(cast, make_record, secrecy="not-secret", level="municipal")
    draft = make_record(title="草稿", secrecy="secret")
    catalogue.add_dataset(cast.steward, record=draft, office="jiaotong", name="draft")
    office = cast.office.id
    assert catalogue.class_counts(cast.visitor, "secrecy") == [("not-secret", office, 1)]
    assert sorted(catalogue.class_counts(cast.steward, "secrecy")) == [
        ("not-secret", office, 1),
        ("secret", office, 1),
    ]
    assert sorted(catalogue.class_counts(cast.steward, "level")) == [
        ("", office, 1),
        ("municipal", office, 1),
    ]
    names = [d.name for d in catalogue.of_class(cast.steward, "level", "", office)]
    assert names == ["draft"]
    assert [d.name for d in catalogue.in_order(cast.visitor)] == ["stations"]
