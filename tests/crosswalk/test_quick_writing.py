"""The quick writer writes what the slow one does, which reads everything back."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import kaishu.demo
from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk import (
    Entry,
    Site,
    ckan,
    croissant,
    csvw,
    datajson,
    datapackage,
    dublin_core,
    gbt,
    guide,
    schema_org,
)
from kaishu.crosswalk.carrying import Shape
from kaishu.crosswalk.taking import Intake, Notes, fitting, sound
from tests.crosswalk import slow_writing
from tests.crosswalk.strategies import addresses, entries, prose, words

SITE = Site(url="https://data.example.gov.cn", title="开数市", title_en="Kaishu")
SHAPES: dict[str, Shape] = {
    "data-us": datajson.SHAPE,
    "schema-org": schema_org.SHAPE,
    "data-package": datapackage.SHAPE,
    "csvw": csvw.SHAPE,
    "croissant": croissant.SHAPE,
    "guide.json": guide.JSON,
    "guide.xml": guide.XML,
    "guide.csv": guide.CSV,
    "gbt.json": gbt.JSON,
    "gbt.xml": gbt.XML,
    "dublin-core.json": dublin_core.JSON,
    "dublin-core.xml": dublin_core.XML,
}
EXAMPLES = int(os.environ.get("KAISHU_EXAMPLES", "20"))
CATALOGUES = Path(kaishu.demo.__file__).parent / "catalogues"
PLACES = ("title", "publisher/@type", "publisher", "modified", "temporal", "distribution", "x/y", "x", "name")
PLACES += (
    "description",
    "dc:title",
    "url",
    "contentUrl",
    "licenses",
    "resources",
    "摘要",
    "信息项信息",
    "a~b",
)
VALUES = (
    "null",
    "x",
    '"x"',
    '{"name":"x"}',
    "[1]",
    "[]",
    "{}",
    "2020-01-01/2019-01-01",
    "javascript:x",
    "R/P1D",
)


def statements() -> st.SearchStrategy[dict[str, str]]:
    """Kept statements of all standards, many of them where our own elements stand."""
    several = st.dictionaries(st.sampled_from(PLACES), st.sampled_from(VALUES), max_size=4)
    names = sorted({shape.name for shape in SHAPES.values()})
    return several.map(
        lambda said: {f"{name}:{path}": value for name in names for path, value in said.items()}
    )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries(), data=st.data())
def test_the_quick_writer_writes_what_the_slow_one_does(entry: Entry, data: Any) -> None:
    boxes = [entry.record["extras"], *(link["extras"] for link in entry.resources)]
    for box in [*boxes, *(item["constraints"] for item in entry.record["items"])]:
        box |= data.draw(statements())
    for form, shape in SHAPES.items():
        quick, slow = shape.write(entry, SITE), slow_writing.write(shape, entry, SITE)
        assert written(quick) == written(slow), form


def written(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1)


def real() -> Iterator[Entry]:
    """Some datasets of each of the four real catalogues."""
    for name in ("dhs", "healthdata", "philadelphia"):
        datasets = json.loads(gzip.decompress((CATALOGUES / f"{name}.json.gz").read_bytes()))["dataset"]
        for each in datasets[::60]:
            yield datajson.read_dataset(each).entry or Entry(identifier="", name="", record={})
    lines = gzip.decompress((CATALOGUES / "tokyo.jsonl.gz").read_bytes()).splitlines()
    for line in lines[::200]:
        yield ckan.read_package(json.loads(line)).entry or Entry(identifier="", name="", record={})


def test_real_catalogues_are_written_as_the_slow_writer_does() -> None:
    found = list(real())
    assert len(found) > 70
    assert all(entry.record for entry in found)
    for shape in (datajson.SHAPE, schema_org.SHAPE, datapackage.SHAPE, csvw.SHAPE, croissant.SHAPE):
        for entry in found:
            quick = shape.write(entry, SITE)
            assert written(quick) == written(slow_writing.write(shape, entry, SITE)), entry.name


ANYTHING = words() | prose() | addresses() | st.text() | st.sampled_from(
    (" http://a.b", "http://a b", "ftp://", "HTTP://a.b/c", "javascript:1", "\u3000", "a\x85b", "\ufffe", "http://a.b\n")
)  # fmt: skip


@pytest.mark.parametrize("model", [DatasetRecord, Link, Item])
@settings(max_examples=150, deadline=None)
@given(value=ANYTHING | st.lists(ANYTHING, max_size=4))
@example(value="x" * 301)
@example(value=[str(number) for number in range(600)])
@example(value=["a", "a"])
def test_what_fits_is_taken_as_it_stands_without_a_word(model: Any, value: Any) -> None:
    for name, fits in fitting(model).items():
        if value and fits(value):
            intake = Intake(model, Notes())
            intake.put(name, value)
            assert (intake.said, intake.notes.said) == ({name: value}, [])


@pytest.mark.parametrize("model", [DatasetRecord, Link, Item])
@settings(max_examples=100, deadline=None)
@given(value=ANYTHING | st.integers() | st.floats() | st.lists(ANYTHING | st.none(), max_size=4))
def test_the_model_refuses_nothing_that_was_taken_for_a_sound_field(model: Any, value: Any) -> None:
    needed = {DatasetRecord: {"title": "x"}, Item: {"name": "x"}}.get(model, {})
    for name in sound(model):
        intake = Intake(model, Notes())
        if intake.put(name, value):
            model.model_validate({**needed, **intake.said})
