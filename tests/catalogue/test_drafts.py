"""A record from outside is checked whole, and every problem is named with its field."""

from __future__ import annotations

from typing import Any

import pytest

from kaishu.base.errors import Invalid
from kaishu.catalogue import Item, items_from_columns, record_from


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 301),
        ("open_class", "sometimes"),
        ("themes", ["nothing-like-it"]),
        ("issued", "2026年"),
        ("source_url", "javascript:alert(1)"),
        ("bbox", [200, 0, 1, 1]),
        ("spatial_code", "11a"),
        ("temporal_end", "2019-01-01"),
        ("surprise", 1),
    ],
)
def test_a_wrong_field_is_named_in_both_languages(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        record_from({"title": "标题", "temporal_start": "2020-01-01", field: value})
    assert any(key.startswith(field) for key in refused.value.problems)
    english = " ".join(refused.value.problems_in("en")[next(iter(refused.value.problems))])
    assert english
    if field not in ("open_class", "themes"):
        assert english.isascii()


def test_a_record_survives_json() -> None:
    record = record_from({"title": "标题", "tags": ["甲", "甲", " "], "issued": "2026-01-02"})
    assert record.tags == ["甲"]
    assert record_from(record.model_dump(mode="json")) == record


def test_what_a_person_wrote_about_a_column_outlives_a_new_version() -> None:
    written = [Item(name="站名", title="车站名称", description="中文名", type="text")]
    columns = [{"name": "站名", "type": "text"}, {"name": "经度", "type": "number"}]
    items = items_from_columns(columns, written)
    assert (items[0].title, items[0].description) == ("车站名称", "中文名")
    assert (items[1].title, items[1].letter) == ("经度", "N")


@pytest.mark.parametrize("value", ["a\x00b", "half \ud800"])
def test_what_no_database_keeps_is_refused_by_field(value: str) -> None:
    for field, said in (("description", value), ("tags", ["ok", value]), ("extras", {"key": value})):
        with pytest.raises(Invalid) as wrong:
            record_from({"title": "标题", field: said})
        assert list(wrong.value.problems) == [field]
