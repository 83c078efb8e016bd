"""What keeps a unit from the next stage: reaching all that is told lifts it there, and nothing less does."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

import pytest

from kaishu import evaluation
from kaishu.evaluation import Result, robustness
from kaishu.evaluation.building.data import read_units
from kaishu.evaluation.robustness import Need
from kaishu.evaluation.system.built_in import folder_of
from kaishu.reporting import Paragraph, Table

SYSTEM: dict[str, Any] = {
    "system": "toy",
    "title": "玩具",
    "scale": [0, 10],
    "units": {"id": "id"},
    "missing": "zero",
    "tree": [
        {"code": code, "title": code.upper(), "weight": 0.25, "indicator": {"normalise": "direct"}}
        for code in ("a", "b", "c", "d")
    ],
}


@cache
def integration() -> Result:
    return evaluation.evaluate("integration-2018")


def toy(conditions: list[Any], values: dict[str, float | None], **more: Any) -> Result:
    stages = [{"stage": "1"}, {"stage": "2", "all": conditions}]
    columns = {"id": ["u"], **{code: [value] for code, value in values.items()}}
    return evaluation.evaluate({**SYSTEM, "stages": stages, **more}, columns)


def lacking(result: Result) -> tuple[Need, ...]:
    return robustness.climb(result, "u").needs


def test_a_province_is_told_what_lacks_the_nearest_first() -> None:
    found = robustness.climb(integration(), "上海")
    assert found.stage == "Ⅱ级" and found.next is not None and found.next.stage == "Ⅰ级"
    assert (found.met, found.criteria) == (3, 10)
    assert [each.distance for each in found.needs] == sorted(each.distance for each in found.needs)
    nearest = found.needs[0]
    assert (nearest.of, nearest.code, nearest.held, nearest.wanted, nearest.gap) == (
        "raw",
        "I27",
        80,
        100,
        20,
    )
    said = robustness.needs_said(integration(), found.needs, integration().row_of("上海"))
    assert (said[0].what, said[0].held, said[0].wanted) == ("数据覆盖度", "80%", "≥ 100%")
    assert (said[1].held, said[1].wanted, said[1].gap) == ("部分（0.5）", "≥ 1（是）", "0.5")
    assert said[-1].held == "没有数据"
    assert "10条标准已满足3条，还差7条" in str(robustness.climb_said(found))


def test_what_is_told_of_each_province_is_what_its_next_stage_asks_for() -> None:
    """Filling in exactly the words and numbers that are told lifts every province one stage."""
    result = integration()
    folder = folder_of("integration-2018")
    assert folder is not None
    table = read_units(folder / "stated.csv", result.passport)
    columns: dict[str, list[Any]] = {"province": list(table.ids)}
    for code, column in table.numbers.items():
        columns[code] = [None if value != value else float(value) for value in column]
    columns |= {code: list(texts) for code, texts in table.texts.items()}
    words = {1.0: "是", 0.5: "部分"}
    for row, found in enumerate(robustness.climbs(result)):
        assert found.next is not None and found.needs, table.ids[row]
        for need in found.needs:
            assert isinstance(need.wanted, float)
            columns[need.code][row] = need.wanted if need.of == "raw" else words[need.wanted]
    lifted = evaluation.evaluate("integration-2018", columns)
    names = [each.stage for each in result.passport.stages]
    for before, after in zip(result.stages, lifted.stages, strict=True):
        assert before is not None and after is not None
        assert names.index(after) == names.index(before) + 1


@pytest.mark.parametrize(
    ("condition", "values", "told"),
    [
        ({"node": "a", "more-than": 4}, {"a": 4}, [("a", "more-than", 0.0)]),
        ({"node": "a", "at-most": 4}, {"a": 5}, [("a", "at-most", 1.0)]),
        ({"not": {"node": "a", "at-least": 4}}, {"a": 5}, [("a", "less-than", 1.0)]),
        ({"not": {"any": [{"node": "a", "at-least": 4}, {"node": "b", "at-least": 4}]}}, {"a": 5, "b": 3},
         [("a", "less-than", 1.0)]),
        ({"all": [{"node": "a", "at-least": 9}, {"node": "b", "at-least": 4}]}, {"a": 5, "b": 3},
         [("b", "at-least", 1.0), ("a", "at-least", 4.0)]),
        ({"node": "index", "at-least": 8}, {"a": 4, "b": 4, "c": 4, "d": 4}, [("index", "at-least", 4.0)]),
    ],
)  # fmt: skip
def test_each_condition_is_told_with_its_gap(condition: Any, values: Any, told: Any) -> None:
    result = toy([condition], {"a": 0, "b": 0, "c": 0, "d": 0, **values})
    assert [(each.code, each.sign, each.gap) for each in lacking(result)] == told


def test_of_choices_the_nearest_come_first() -> None:
    any_ = {"any": [{"node": "a", "at-least": 9}, {"node": "b", "at-least": 4}]}
    (need,) = lacking(toy([any_], {"a": 2, "b": 3, "c": 0, "d": 0}))
    assert (need.of, need.take) == ("some", 1) and [each[0].code for each in need.choices] == ["b", "a"]
    two = {"of": [{"node": code, "at-least": 5} for code in "abcd"], "at-least": 3}
    (need,) = lacking(toy([two], {"a": 6, "b": 1, "c": 4, "d": 0}))
    assert need.take == 2 and [each[0].code for each in need.choices] == ["c", "b", "d"]
    assert need.distance == pytest.approx(0.5)
    below = {"not": {"of": [{"node": code, "at-least": 5} for code in "abc"], "at-least": 2}}
    (need,) = lacking(toy([below], {"a": 6, "b": 9, "c": 5, "d": 0}))
    assert need.take == 2 and {each[0].sign for each in need.choices} == {"less-than"}
    result = toy([any_], {"a": 2, "b": 3, "c": 0, "d": 0})
    (said,) = robustness.needs_said(result, lacking(result), 0)
    assert said.what.en == "1 of these" and said.wanted.en == "B ≥ 4; or A ≥ 9"


def test_a_missing_value_is_told_as_missing_and_comes_last() -> None:
    conditions = [{"node": "a", "at-least": 9}, {"raw": "b", "at-least": 1}]
    needs = lacking(toy(conditions, {"a": 0, "b": None, "c": 0, "d": 0}))
    assert [(each.code, each.absent) for each in needs] == [("a", False), ("b", True)]


def test_at_the_top_nothing_lacks() -> None:
    found = robustness.climb(toy([{"node": "a", "at-least": 1}], {"a": 2, "b": 0, "c": 0, "d": 0}), "u")
    assert (found.stage, found.next, found.needs) == ("2", None, ())
    assert str(robustness.climb_said(found)) == "已处于最高阶段。"


def test_a_veto_that_holds_is_told_with_what_lifts_it() -> None:
    grades = [{"grade": "好", "at-least": 5}, {"grade": "差"}]
    veto = {"when": {"node": "a", "less-than": 3}, "at-most": "差", "note": "甲项过低"}
    columns = {"id": ["u", "v"], "a": [1, 4], "b": [9, 9], "c": [9, 9], "d": [9, 9]}
    result = evaluation.evaluate({**SYSTEM, "grades": grades, "vetoes": [veto]}, columns)
    (held,) = robustness.climb(result, "u").vetoes
    assert [(each.code, each.sign, each.gap) for each in held.needs] == [("a", "at-least", 2.0)]
    assert robustness.climb(result, "v").vetoes == ()
    said = [
        each.text
        for each in evaluation.evaluation_document(result, unit="u").blocks
        if isinstance(each, Paragraph)
    ]
    assert "否决：甲项过低，等级最高为差。" in said and "否决：甲项过低。" in said


def test_reports_advise_on_stages() -> None:
    result = integration()
    unit = evaluation.evaluation_document(result, "en", unit="上海")
    tables = [each for each in unit.blocks if isinstance(each, Table) and "criterion unmet" in each.heads]
    (table,) = tables
    assert len(table.rows) == 9 and list(table.rows[0]) == ["1 Coverage of open data", "80%", "≥ 100%", "20"]
    whole = evaluation.evaluation_document(result, "zh")
    (lines,) = [each for each in whole.blocks if isinstance(each, Table) and "已满足标准" in each.heads]
    (shanghai,) = [row for row in lines.rows if row[0] == "上海"]
    assert "Ⅰ级 完善" in shanghai and "3 / 10" in shanghai


def test_a_stage_has_no_rank_for_programs_and_says_what_lacks_for_the_next() -> None:
    result = integration()
    told = robustness.told_with_climbs(result, "en")
    rows = list(csv.DictReader(io.StringIO(result.as_csv())))
    assert {each["rank"] for each in told["units"]} == {None} and {each["rank"] for each in rows} == {""}
    shanghai = next(each for each in told["units"] if each["name"] == "上海")
    assert (shanghai["stage"], shanghai["next"]["stage"]) == ("Ⅱ级", "Ⅰ级")
    assert (shanghai["next"]["met"], shanghai["next"]["criteria"]) == (3, 10)
    lacks = shanghai["next"]["lacks"]
    assert len(lacks) == len(robustness.climb(result, "上海").needs)
    assert (lacks[0]["held"], lacks[0]["wanted"], lacks[0]["gap"]) == ("80%", "≥ 100%", 20)
    again = evaluation.from_json(json.dumps(told))
    assert again.stages == result.stages and again.rank.tolist() == result.rank.tolist()
    assert result.unit("上海").rank is None


def test_what_lifts_a_veto_is_told_to_programs() -> None:
    veto = {"when": {"node": "a", "less-than": 3}, "at-most": "B", "note": {"zh": "缺安全", "en": "unsafe"}}
    form = {**SYSTEM, "grades": [{"grade": "A", "at-least": 5}, {"grade": "B"}], "vetoes": [veto]}
    columns = {"id": ["u", "v"], "a": [1, 9], "b": [9, 9], "c": [9, 9], "d": [9, 9]}
    held, free = robustness.told_with_climbs(evaluation.evaluate(form, columns), "en")["units"]
    lacks = [{"what": "A", "held": "1", "wanted": "≥ 3", "gap": 2.0}]
    assert held["vetoes"] == [{"note": "unsafe", "at_most": "B", "lacks": lacks}]
    assert free["vetoes"] == [] and "next" not in free and free["rank"] == 1
