"""The correspondences: complete, and of fields and conversions that there are."""

from __future__ import annotations

import pytest

from kaishu.crosswalk import Agent, Entry, Site, matrix, table
from kaishu.crosswalk.conversions import FROM, TO
from kaishu.crosswalk.matrix import every_field
from kaishu.crosswalk.registry import STANDARDS

OURS = (
    "guide-2017",
    "gbt-21063-3",
    "dublin-core",
    "data-us",
    "schema-org",
    "data-package",
    "csvw",
    "croissant",
)
#: Mandatory elements that no field says: the document itself, its parts, or names made for it.
MADE = {
    "data-package": {"resources", "name"},
    "csvw": {"@context", "tables"},
    "croissant": {"@context", "conformsTo"},
}
ENTRY = Entry(
    identifier="01D",
    name="x",
    record={"title": "x", "items": [{"name": "a"}]},
    resources=[{"name": "f", "url": "https://example.org/a.csv", "id": "1"}],
    publisher=Agent(title="某局"),
)
FIELDS = {*every_field(), *(f"publisher.{name}" for name in Agent.__slots__), "entry.identifier"}


@pytest.mark.parametrize("name", OURS)
def test_every_mandatory_element_has_a_field_or_is_made(name: str) -> None:
    without = {row.element for row in table(name).rows if row.obligation == "mandatory" and not row.field}
    assert without == MADE.get(name, set())


@pytest.mark.parametrize("name", OURS)
def test_every_correspondence_names_what_there_is(name: str) -> None:
    for row in table(name).rows:
        assert row.obligation in ("mandatory", "recommended", "optional"), row
        assert row.about in ("dataset", "distribution", "item"), row
        assert not row.field or row.field in FIELDS, row
        assert row.how.partition(":")[0] in TO.keys() & FROM.keys(), row
        assert row.zh and row.en, row


def test_every_field_has_its_line() -> None:
    assert [each.field for each in matrix()] == list(every_field())


@pytest.mark.parametrize("name", OURS)
def test_what_is_made_is_in_the_document(name: str) -> None:
    text = STANDARDS[name].write(ENTRY, Site(url="https://x.example", title="x")).decode()
    for element in MADE.get(name, set()):
        assert f'"{element}"' in text


def test_gbt_21063_3_has_the_six_mandatory_and_six_optional_elements_of_its_scope() -> None:
    whole: dict[str, set[str]] = {}
    for row in table("gbt-21063-3").rows:
        whole.setdefault(row.element.partition(".")[0], set()).add(row.obligation)
    mandatory = [element for element, said in whole.items() if "mandatory" in said]
    assert mandatory == ["名称", "摘要", "提供方", "分类", "标识符", "元数据标识符"]
    assert len(whole) - len(mandatory) == 6
