"""Every form of every standard gives back what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, given, settings

from kaishu.crosswalk import (
    Entry,
    Reading,
    Site,
    croissant,
    csvw,
    datajson,
    datapackage,
    dublin_core,
    gbt,
    guide,
    same,
    schema_org,
)
from tests.crosswalk.strategies import entries

SITE = Site(url="https://data.example.gov.cn", title="开数市", title_en="Kaishu")
FORMS: dict[str, tuple[Callable[[Entry, Site], bytes], Callable[[bytes], Iterator[Reading]]]] = {
    "guide.xml": (guide.to_bytes, guide.from_bytes),
    "guide.json": (guide.to_json, guide.from_json),
    "guide.csv": (guide.to_csv, guide.from_csv),
    "gbt.xml": (gbt.to_bytes, gbt.from_bytes),
    "gbt.json": (gbt.to_json, gbt.from_json),
    "dublin-core.xml": (dublin_core.to_bytes, dublin_core.from_bytes),
    "dublin-core.json": (dublin_core.to_json, dublin_core.from_json),
    "data-us": (datajson.to_bytes, datajson.from_bytes),
    "schema-org": (schema_org.to_bytes, schema_org.from_bytes),
    "data-package": (datapackage.to_bytes, datapackage.from_bytes),
    "csvw": (csvw.to_bytes, csvw.from_bytes),
    "croissant": (croissant.to_bytes, croissant.from_bytes),
}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries())
def test_what_is_written_is_read_the_same(entry: Entry) -> None:
    for form, (write, read) in FORMS.items():
        (reading,) = read(write(entry, SITE))
        assert reading.entry is not None, (form, reading.notes)
        assert same(reading.entry, entry), form
        assert reading.entry.identifier == entry.identifier, form
        assert reading.entry.publisher.title_en == entry.publisher.title_en, form
        assert (reading.entry.created, reading.entry.modified) == (entry.created, entry.modified), form
