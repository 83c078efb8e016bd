"""Whatever two standards an entry passes through, it comes out the same.

Each standard alone is tried with more entries in its own tests.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from kaishu.crosswalk import Entry, Site, same
from kaishu.crosswalk.registry import STANDARDS, Standard
from tests.crosswalk.strategies import COVERED, KNOWN, entries

SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台", title_en="Kaishu")


def through(standard: Standard, entry: Entry) -> Entry:
    """Written and read again."""
    (reading,) = standard.read(standard.write(entry, SITE))
    assert reading.entry is not None, reading.notes
    return reading.entry


@pytest.mark.parametrize("one", STANDARDS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries())
def test_an_entry_passes_through_two_standards_unchanged(one: str, entry: Entry) -> None:
    there = through(STANDARDS[one], entry)
    for other, standard in STANDARDS.items():
        assert same(entry, through(standard, there)), f"{one}, then {other}"


@pytest.mark.parametrize("what", ["record", "item", "link"])
def test_the_properties_fill_every_field_there_is(what: str) -> None:
    assert COVERED[what] == KNOWN[what]
