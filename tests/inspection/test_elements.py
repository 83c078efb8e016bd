"""Usage of elements: shares of datasets, catalogue by catalogue, beside what was printed in 2021."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import crosswalk, inspection
from kaishu.access import Call
from kaishu.catalogue.models import Dataset
from tests.inspection.conftest import Publish


def test_an_element_is_used_by_the_datasets_that_fill_it_in(
    call: Call, publish: Publish, harvested: Callable[[Dataset], None]
) -> None:
    publish("one")
    publish("two", title="二", tags=[])
    harvested(publish("three", title="三", tags=[]))
    run = inspection.keep_elements(call, inspection.count_elements(call))
    used = {each.element: each for each in inspection.usage("dublin-core", run)}
    assert run.result["datasets"] == {"own": 2, "all": 3, "tokyo": 1}
    assert used["dc:title"].used == {"own": 2, "all": 3, "tokyo": 1}
    assert used["dc:subject"].used == {"own": 1, "all": 1, "tokyo": 0}


@pytest.mark.parametrize(
    ("standard", "printed"),
    [("guide-2017", 8), ("gbt-21063-3", 12), ("dublin-core", 15), ("dcat", 10)],
)
def test_what_was_printed_in_2021_stands_beside_its_element(
    call: Call, publish: Publish, standard: str, printed: int
) -> None:
    publish("one")
    run = inspection.keep_elements(call, inspection.count_elements(call))
    said = [each.printed for each in inspection.usage(standard, run) if each.printed]
    assert len(said) >= printed


@pytest.mark.parametrize("standard", crosswalk.standards())
def test_every_standard_has_its_usage(call: Call, publish: Publish, standard: str) -> None:
    publish("one")
    run = inspection.keep_elements(call, inspection.count_elements(call))
    found = inspection.usage(standard, run)
    assert found
    assert all(0 <= each.used.get("own", 0) <= 1 for each in found)
    keys = [(each.element, each.about) for each in found]
    assert len(keys) == len(set(keys))
