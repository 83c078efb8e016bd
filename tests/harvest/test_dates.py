"""When a portal entered and changed a dataset is not lost, nor taken for what the dataset says itself."""

from __future__ import annotations

from typing import Any

import pytest

from kaishu.crosswalk.ckan.names import MARK
from kaishu.harvest.kinds.dump import package_found
from tests.harvest.conftest import package

EXTRAS = [{"key": "issued", "value": "2015-05-05"}, {"key": "modified", "value": "2016"}]


def record(**more: Any) -> dict[str, Any]:
    reading = package_found(package(3, **more), "1").read()
    assert reading.entry is not None
    return dict(reading.entry.record)


def test_a_package_without_dates_has_those_of_its_portal() -> None:
    said = record(metadata_created="2019-11-01T04:52:08.244127", metadata_modified="2021-02-09T00:06:41")
    assert (said["issued"], said["modified"]) == ("2019-11-01", "2021-02-09T00:06:41")


def test_what_a_package_says_itself_comes_first() -> None:
    said = record(extras=EXTRAS)
    assert (said["issued"], said["modified"]) == ("2015-05-05", "2016")


@pytest.mark.parametrize("moment", ["2020-02-30T00:00:00", "tomorrow", "9999-01-01T00:00:00", 7, None])
def test_no_date_is_made_of_what_is_none(moment: Any) -> None:
    said = record(metadata_created=moment, metadata_modified=moment)
    assert not said.get("issued") and not said.get("modified")


def test_a_date_that_is_none_is_not_replaced_by_another() -> None:
    assert not record(extras=[{"key": "issued", "value": "2015-02-30"}]).get("issued")


def test_dates_that_another_kaishu_gave_itself_are_not_those_of_the_dataset() -> None:
    said = record(**{MARK: ["issued", "modified"]})
    assert not said.get("issued") and not said.get("modified") and not said.get("extras")
