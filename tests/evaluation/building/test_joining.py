"""The law of joining: nothing is lost, nothing doubled, no order matters, and what does not match is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu import evaluation
from kaishu.evaluation import Remark, UnitTable
from kaishu.evaluation.errors import NoSource, SeveralPeriods, TwoSources

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)
NOTHING = UnitTable(ids=(), numbers={})


@st.composite
def tables(draw: st.DrawFn, *columns: str) -> UnitTable:
    """Units with these columns; every cell has a remark, some do not apply, some have a class."""
    ids = tuple(draw(IDS))
    cells = st.one_of(st.just(np.nan), st.integers(-9, 9).map(float))
    size = {"min_size": len(ids), "max_size": len(ids)}
    return UnitTable(
        ids=ids,
        names=tuple(draw(st.sampled_from([id, f"name of {id}"])) for id in ids),
        classes=tuple(draw(st.lists(st.sampled_from([None, "big", "small"]), **size))),
        numbers={name: np.array(draw(st.lists(cells, **size)), dtype=float) for name in columns},
        not_applicable={
            name: np.array(draw(st.lists(st.booleans(), **size)), dtype=bool) for name in columns
        },
        remarks={(id, name): Remark(f"{name} of {id}") for id in ids for name in columns},
        source="+".join(columns),
    )


def shuffled(table: UnitTable, order: list[int]) -> UnitTable:
    return UnitTable(
        ids=tuple(table.ids[row] for row in order),
        names=tuple(table.names[row] for row in order),
        classes=tuple(table.classes[row] for row in order),
        numbers={name: column[order] for name, column in table.numbers.items()},
        not_applicable={name: mask[order] for name, mask in table.not_applicable.items()},
        remarks=table.remarks,
        source=table.source,
    )


def cells(table: UnitTable) -> dict[str, object]:
    """Everything that is known of each unit, whatever the order of the rows."""
    return {
        id: (
            table.names[row],
            table.classes[row],
            {name: repr(float(column[row])) for name, column in table.numbers.items()},
            {name: bool(mask[row]) for name, mask in table.not_applicable.items()},
            {column: each for (unit, column), each in table.remarks.items() if unit == id},
        )
        for row, id in enumerate(table.ids)
    }


@given(tables("a"), tables("f"), tables("j"))
def test_an_empty_source_changes_nothing(base: UnitTable, facts: UnitTable, judged: UnitTable) -> None:
    whole = evaluation.joined(base, facts, judged).as_dict()
    assert evaluation.joined(base, None, None) is base
    assert evaluation.joined(None, facts, NOTHING) is facts
    assert evaluation.joined(NOTHING, None, judged) is judged
    assert evaluation.joined(base, facts, NOTHING).as_dict() == evaluation.joined(base, facts).as_dict()
    # Without a base the units are those that were judged.
    if judged.ids:
        assert evaluation.joined(None, facts, judged).ids == judged.ids
    assert whole["ids"] == list(base.ids)


@given(tables("a"), tables("f", "g"), tables("j"), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    base: UnitTable, facts: UnitTable, judged: UnitTable, chance: object
) -> None:
    found = evaluation.joined(base, facts, judged)
    orders = [list(range(len(each))) for each in (base, facts, judged)]
    for order in orders:
        chance.shuffle(order)  # type: ignore[attr-defined]
    other = evaluation.joined(
        *(shuffled(each, order) for each, order in zip((base, facts, judged), orders, strict=True))
    )
    assert cells(found) == cells(other)
    assert found.notices == other.notices and found.origins == other.origins


@given(tables("a"), tables("f"), tables("j"))
def test_every_value_stands_where_it_stood_and_every_stranger_is_named(
    base: UnitTable, facts: UnitTable, judged: UnitTable
) -> None:
    found = evaluation.joined(base, facts, judged)
    for source, name in ((base, "a"), (facts, "f"), (judged, "j")):
        held = dict(zip(source.ids, source.numbers[name], strict=True))
        expected = [held.get(id, np.nan) for id in base.ids]
        assert np.array_equal(found.numbers[name], np.array(expected, dtype=float), equal_nan=True)
        known = [source.remarks.get((id, name)) for id in base.ids]
        assert known == [found.remarks.get((id, name)) for id in base.ids]
    told = "".join(str(notice.said) for notice in found.notices if notice.kind == "unmatched")
    for source in (facts, judged):
        names = dict(zip(source.ids, source.names, strict=True))
        assert all(names[id] in told for id in set(source.ids) - set(base.ids))
    assert not any(notice.others for notice in found.notices), "a dozen names stand in the sentence"
    lacking = {id for notice in found.notices if notice.kind == "unmatched" for id in notice.units}
    assert lacking == set(base.ids) - (set(facts.ids) & set(judged.ids))
    assert UnitTable.from_dict(found.as_dict()).as_dict() == found.as_dict()


def table(ids: str, **columns: list[float]) -> UnitTable:
    return UnitTable(ids=tuple(ids), numbers={name: np.array(each) for name, each in columns.items()})


def test_a_column_from_two_sources_and_units_of_several_periods_are_refused() -> None:
    with pytest.raises(TwoSources) as caught:
        evaluation.joined(table("ab", x=[1.0, 2.0]), table("ab", x=[1.0, 2.0]))
    assert "“x”既在表或文件里，又在平台事实里" in caught.value.sentence("zh")
    assert "in the table and in the facts" in caught.value.sentence("en")
    with pytest.raises(SeveralPeriods):
        evaluation.joined(table("aa", x=[1.0, 2.0]), table("a", y=[1.0]))


def test_the_class_of_the_first_source_holds_and_the_other_is_told() -> None:
    base = UnitTable(ids=("a", "b"), numbers={"x": np.ones(2)}, classes=("big", None))
    judged = UnitTable(ids=("a", "b"), numbers={"j": np.ones(2)}, classes=("small", "small"))
    found = evaluation.joined(base, None, judged)
    assert found.classes == ("big", "small")
    assert [(notice.kind, notice.units) for notice in found.notices] == [("class", ("a",))]


SYSTEM = """\
system: mixed
edition: "1"
scale: [0, 5]
units: {id: id}
missing: zero
tree:
  - {code: C, weight: 0.5, indicator: {from: {column: staff}}}
  - {code: F, weight: 0.3, indicator: {from: {fact: datasets}, per: staff}}
  - code: J
    weight: 0.2
    indicator: {from: {judged: {criteria: [{score: 5, text: 是}, {score: 0, text: 否}]}}}
grades: [{grade: A, at-least: 4}, {grade: B}]
vetoes: [{when: {column: kind, equals: 坏}, at-most: B}]
"""


def test_a_joined_table_is_evaluated_and_every_score_says_where_it_comes_from() -> None:
    columns = {"id": ["a", "b", "c"], "staff": [10, 20, 40], "kind": ["好", "坏", "好"]}
    passport = evaluation.read_system(SYSTEM)
    base = evaluation.make_units(columns, passport, source="人员.csv", elsewhere={"datasets", "J"})
    facts, judged = table("ba", datasets=[4.0, 8.0]), table("abd", J=[5.0, 0.0, 5.0])
    result = evaluation.evaluate(
        passport, evaluation.completed(evaluation.joined(base, facts, judged), passport)
    )
    assert result.unit("a").nodes["F"].raw == 0.8 and result.unit("c").nodes["J"].score == 0
    assert result.unit("b").grade == "B"
    assert "人员.csv" in str(result.unit("a").nodes["C"].remark)
    told = [str(notice.said) for notice in result.notices if notice.kind == "unmatched"]
    assert told == [
        "评判里没有1个评估对象，它们的这些指标缺失：c",
        "评判里有1个对象不在评估对象之列，未参加评估：d",
        "平台事实里没有1个评估对象，它们的这些指标缺失：c",
    ]
    kept = evaluation.from_json(result.as_json())
    assert evaluation.again(kept).as_dict() == result.as_dict() == kept.as_dict()


def test_hundreds_of_units_that_are_not_evaluated_are_counted_and_kept_out_of_the_sentence() -> None:
    ids = tuple(f"o{number:03}" for number in range(230))
    names = tuple(f"部门{id}" for id in ids)
    facts = UnitTable(ids=("a", *ids), names=("甲", *names), numbers={"f": np.arange(231.0)})
    (notice,) = evaluation.joined(table("a", x=[1.0]), facts).notices
    assert str(notice.said) == "平台事实里有230个对象不在评估对象之列，未参加评估"
    assert notice.said.en == "230 units of the facts are not among those evaluated and left out"
    assert notice.others == names and type(notice).from_dict(notice.as_dict()) == notice


def test_one_unit_that_is_lacking_or_left_over_is_told_in_the_singular() -> None:
    found = evaluation.joined(table("ab", x=[1.0, 2.0]), table("ac", f=[1.0, 2.0])).notices
    assert [notice.said.en for notice in found] == [
        "1 unit is not in the facts, where it is missing: b",
        "1 unit of the facts is not among those evaluated and left out: c",
    ]


def test_what_no_source_fills_is_named_or_missing_for_all() -> None:
    passport = evaluation.read_system(SYSTEM)
    facts = table("ab", datasets=[4.0, 8.0])
    with pytest.raises(NoSource) as caught:
        evaluation.completed(facts, passport)
    assert caught.value.facts["listed_zh"] == "C（列“staff”）、J（评判）、kind"
    assert caught.value.facts["listed_en"] == 'C (column "staff"), J (judged), kind'
    result = evaluation.evaluate(passport, evaluation.completed(facts, passport, absent=True))
    assert result.unit("a").nodes["C"].score == 0 and result.unit("a").grade == "B"
