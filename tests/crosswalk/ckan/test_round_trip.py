"""A record becomes a package and the package the same record again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from kaishu.crosswalk import Entry, Site, same
from kaishu.crosswalk.ckan import from_bytes, read_package, to_bytes, write_package
from tests.crosswalk.strategies import entries

SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries())
def test_nothing_is_lost_on_the_way_through_a_package(entry: Entry) -> None:
    (reading,) = from_bytes(to_bytes(entry, SITE))
    assert reading.entry is not None, reading.notes
    assert same(entry, reading.entry)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries(with_tables=False))
def test_a_package_read_and_written_is_the_same_package(entry: Entry) -> None:
    once = read_package(write_package(entry, SITE)).entry
    assert once is not None
    written = write_package(once, SITE)
    again = read_package(written).entry
    assert again is not None
    assert same(once, again)
    assert {**write_package(again, SITE), "resources": None} == {**written, "resources": None}
