"""What a person did not touch stays found out; what they changed is kept; nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from kaishu import catalogue, lake
from kaishu.base.errors import Invalid
from kaishu.web.forms import plan as plans
from kaishu.web.forms import record as records
from kaishu.web.pages.account import local_path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_bytes("标题,,\n编号,名称,数量\n001,甲,1\n002,乙,2\n".encode("gb18030"))
    return path


def sent(plan: lake.Plan, options: lake.ReadOptions, **changes: str) -> FormData:
    """The form as a browser sends it back, with some fields changed."""
    pairs: list[tuple[str, str]] = [("known", plans.known_of(plan, options))]
    pairs += list({**plans.shown_of(plan, options), **changes}.items())
    found, was = plans.found_names(plan, options), plans.inferred_types(plan, options)
    for number, column in enumerate(plan.columns):
        pairs += [
            ("found", found[number]),
            ("named", changes.get(f"named{number}", column.name)),
            ("type", changes.get(f"type{number}", column.type)),
            ("was", was[number]),
        ]
    return FormData(pairs)


def test_an_untouched_form_says_nothing(table: Path) -> None:
    plan = lake.make_plan(table, table.name)
    assert plans.options_of(sent(plan, lake.ReadOptions())).to_dict() == {}


def test_changes_of_columns_are_kept_through_several_readings(table: Path) -> None:
    options = lake.ReadOptions()
    plan = lake.make_plan(table, table.name, options)
    options = plans.options_of(sent(plan, options, named1="学校", type2="text"))
    assert options.to_dict() == {"names": {"名称": "学校"}, "types": {"数量": "text"}}
    plan = lake.make_plan(table, table.name, options)
    again = plans.options_of(sent(plan, options))
    assert again.to_dict() == options.to_dict()
    assert [column.name for column in plan.columns] == ["编号", "学校", "数量"]


def test_another_header_row_forgets_the_old_columns(table: Path) -> None:
    options = lake.ReadOptions(names={"名称": "学校"})
    plan = lake.make_plan(table, table.name, options)
    assert plans.options_of(sent(plan, options, header_row="3")).to_dict() == {"header_row": 3}


@pytest.mark.parametrize("known", ["", "[]", "{", '{"detected": 1}', "null"])
def test_a_forged_memory_is_ignored(known: str) -> None:
    assert plans.options_of(FormData([("known", known), ("encoding", "gbk")])).encoding == "gbk"


RECORD = {
    "title": "学校",
    "description": "全市学校名单，每年更新。",
    "themes": ["education-science"],
    "tags": ["学校", "教育"],
    "temporal_start": "2026-01-01",
    "bbox": [115.4, 39.4, 117.5, 41.1],
    "items": [{"name": "编号", "title": "学校编号", "length": 5}, {"name": "名称", "unit": "个"}],
}


def test_a_record_survives_the_form() -> None:
    record = catalogue.record_from(RECORD)
    shown = records.values_of(record)
    pairs = [(name, str(shown[name])) for name in (*records.PLAIN, *records.LISTS, "bbox")]
    pairs += [(name, value) for name in records.CHECKED for value in shown[name]]
    for row in shown["rows"]:
        pairs += [(f"item-{name}", "" if row[name] is None else str(row[name])) for name in records.ITEM]
    values = records.values_from(FormData(pairs))
    assert catalogue.record_from(records.record_data(values, catalogue.DatasetRecord(title="x"))) == record


def test_what_the_form_does_not_show_is_kept() -> None:
    known = catalogue.record_from(
        {
            **RECORD,
            "extras": {"bureauCode": "009:00"},
            "items": [{"name": "编号", "constraints": {"required": True}}],
        }
    )
    shown = records.values_of(known)
    pairs = [(name, str(shown[name])) for name in (*records.PLAIN, *records.LISTS, "bbox")]
    pairs += [(name, value) for name in records.CHECKED for value in shown[name]]
    for row in shown["rows"]:
        pairs += [(f"item-{name}", "" if row[name] is None else str(row[name])) for name in records.ITEM]
    values = records.values_from(FormData(pairs))
    assert catalogue.record_from(records.record_data(values, known)) == known


@given(st.dictionaries(st.sampled_from([*records.PLAIN, "bbox", "tags"]), st.text(max_size=50)))
def test_whatever_is_typed_is_either_a_record_or_named_problems(typed: dict[str, str]) -> None:
    values = records.values_from(FormData(list(typed.items())))
    assert all(values[name] == text.strip() for name, text in typed.items())
    try:
        catalogue.record_from(records.record_data(values, catalogue.DatasetRecord(title="x")))
    except Invalid as error:
        fields = {name.split(".")[0] for name in records.gathered(error.problems)}
        assert fields <= set(records.titles())


@given(st.text(max_size=60))
def test_one_never_goes_on_to_another_site(given_path: str) -> None:
    path = local_path(given_path)
    assert path == "" or (path[0] == "/" and path[1:2] not in ("/", "\\"))


def test_the_memory_is_plain_json(table: Path) -> None:
    plan = lake.make_plan(table, table.name)
    assert set(json.loads(plans.known_of(plan, lake.ReadOptions()))) == {"detected", "set"}
