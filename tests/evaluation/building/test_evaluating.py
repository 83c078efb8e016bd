"""Scores by hand; every one opens down to its raw value and contributions sum to the index."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kaishu import evaluation
from kaishu.evaluation.building.errors import BadData, NoUnit, Undefined
from tests.evaluation.building.systems import data, flat


def test_scores_are_those_of_pencil_and_paper() -> None:
    result = evaluation.evaluate(flat(), data())
    unit = result.unit("u2")
    # a: (2-1)/4*5 = 1.25; b: (6-2)/6*5 = 10/3; c: (3.5-1)/2.5*5 = 5
    assert [unit.nodes[code].score for code in "abc"] == pytest.approx([1.25, 10 / 3, 5.0], abs=1e-12)
    assert unit.score == pytest.approx(0.5 * 1.25 + 0.3 * 10 / 3 + 0.2 * 5, abs=1e-12)
    used = unit.nodes["a"].used
    assert used is not None and (used.used["lower"], used.used["upper"], used.figures["mean"]) == (1, 5, 3)
    assert (unit.nodes["b"].raw, unit.nodes["b"].weight) == (6.0, 0.3)
    assert [unit.rank for unit in result.units] == [3.0, 2.0, 4.0, 1.0]


def test_the_shape_that_programs_were_promised() -> None:
    system = flat(grades=[{"grade": "A", "at-least": 2.5}, {"grade": "B"}])
    told = json.loads(evaluation.evaluate(system, data()).as_json("en"))
    assert {"system", "fingerprint", "units", "notices"} <= set(told)
    assert told["fingerprint"].startswith("sha256:")
    first = told["units"][0]
    assert {"id", "name", "score", "rank", "grade", "nodes"} <= set(first) and "stage" not in first
    assert {"score", "weight", "contribution", "raw", "note"} <= set(first["nodes"]["a"])


METHODS: list[Any] = ["arithmetic", "geometric", "harmonic", {"power": 2}, {"power": -3}, "sum"]


@pytest.mark.parametrize("method", METHODS, ids=str)
@pytest.mark.parametrize("missing", ["skip", "zero", {"threshold": 0.4}], ids=str)
def test_contributions_sum_to_the_index(method: Any, missing: Any) -> None:
    system = deep(aggregate=method, missing=missing, normalise={"min-max": [1, 5]})
    columns = data(a=[1.0, None, 4.0, 5.0], b=[8.0, None, 2.0, None])
    result = evaluation.evaluate(system, columns)
    leaves = [result.places[leaf.code] for leaf in result.passport.leaves()]
    there = ~np.isnan(result.index)
    sums = np.nansum(result.contributions[:, leaves], axis=1)
    assert there.sum() >= 3
    assert sums[there] == pytest.approx(result.index[there], abs=1e-9)
    if method not in ("sum",):
        assert np.nansum(result.weights[:, leaves], axis=1)[there] == pytest.approx(1.0, abs=1e-12)


def deep(**more: Any) -> dict[str, Any]:
    """Branches of unequal length: a alone, b and c below p, d below p.q."""
    q = {"code": "q", "weight": "1/3", "children": [{"code": "d", "indicator": {"from": {"column": "a"}}}]}
    below = [{"code": code, "weight": "1/3", "indicator": {}} for code in "bc"]
    tree = [
        {"code": "a", "weight": 0.4, "indicator": {}},
        {"code": "p", "weight": 0.6, "children": [*below, q]},
    ]
    return {"system": "deep", "scale": [0, 5], "tree": tree, **more}


@pytest.mark.parametrize("method", ["median", "minimum", "copeland", "topsis", "mazziotta-pareto"])
def test_what_cannot_be_split_says_so(method: str) -> None:
    result = evaluation.evaluate(flat(aggregate=method, normalise={"min-max": [1, 5]}), data())
    unit = result.unit("u1")
    assert unit.score is not None
    assert [node.contribution for node in unit.nodes.values()] == [None] * 3
    assert "cannot be split" in unit.nodes["a"].note.en


def test_a_result_comes_back_and_runs_again_to_the_last_bit() -> None:
    system = deep(
        grades={"quantiles": [0.25, 0.5], "names": ["好", "中", "差"]},
        graded="all",
        stages=[{"stage": "一"}, {"stage": "二", "all": [{"node": "p", "at-least": 2}]}],
        classes={"甲": {"not-applicable": ["a"], "fold": {"a": "p"}}},
        units={"id": "id", "class": "class", "group": "group"},
    )
    columns = {
        **data(c=[None, 1 / 3, 0.1, 7.0]),
        "class": ["甲", None, "", "乙"],
        "group": ["x", "y", "y", None],
    }
    result = evaluation.evaluate(system, columns)
    text = result.as_json()
    back = evaluation.from_json(text)
    assert back.as_json() == text
    assert evaluation.again(back).as_json() == text
    assert back.as_csv() == result.as_csv()
    changed = data(a=[1.0, 2.0, 4.0, 5.0000001])
    assert evaluation.evaluate(flat(), changed).data_digest != evaluation.evaluate(flat(), data()).data_digest


def test_the_order_of_the_rows_changes_nothing() -> None:
    columns = data(c=[None, 1 / 3, 0.1, 7.0])
    turned = {name: values[::-1] for name, values in columns.items()}
    one, other = evaluation.evaluate(deep(), columns), evaluation.evaluate(deep(), turned)
    assert one.index.tolist() == other.index[::-1].tolist()
    assert one.rank.tolist() == other.rank[::-1].tolist()


cells = some.one_of(
    some.none(),
    some.floats(-1e9, 1e9, allow_nan=False),
    some.sampled_from([0.0, 1.0, 1e-300, "不适用", "—", "3"]),
)
choices: list[tuple[str, list[Any]]] = [
    (
        "missing",
        ["zero", "lowest", "skip", "propagate", {"threshold": 0.5}, {"impute": "mean"}, {"impute": "row"}],
    ),
    ("constant", ["full", "zero", "middle", "leave-out"]),
    ("outliers", ["none", "log", {"winsorise": 2}]),
    (
        "normalise",
        [
            "min-max",
            "z-score",
            "rank",
            "borda",
            "percentile",
            "to-maximum",
            {"goalposts": [0, 3]},
            {"target": 5},
        ],
    ),
    ("weights", ["given", {"combined": {"objective": "equal"}}]),
    ("aggregate", ["arithmetic", "sum", "median", "minimum", "copeland", "topsis", "mazziotta-pareto"]),
    ("grades", [None, {"equal-width": 3}, {"natural-breaks": 2}, {"sd": [1, -1]}, {"quantiles": [0.3, 0.3]}]),
]


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(cells, cells, cells), min_size=1, max_size=6),
    some.tuples(*(some.sampled_from(values) for _, values in choices)),
)
def test_there_is_never_a_silent_nan(rows: list[tuple[Any, ...]], chosen: tuple[Any, ...]) -> None:
    more = {name: value for (name, _), value in zip(choices, chosen, strict=True) if value is not None}
    columns = {"id": [str(n) for n in range(len(rows))]}
    columns |= {code: [row[place] for row in rows] for place, code in enumerate("abc")}
    try:
        result = evaluation.evaluate(deep(**more), columns)
    except BadData as refused:
        (problem,) = refused.problems
        assert problem.said.en == "values differ by too little to be computed with"
        column = columns[problem.column]
        numbers = sorted({float(value) for value in column if value not in (None, "不适用", "—")})
        assert min(after - before for before, after in pairwise(numbers)) < 1e-150, columns
        return
    told = json.loads(result.as_json(), parse_constant=pytest.fail)
    for unit in told["units"]:
        for node in unit["nodes"].values():
            assert node["score"] is not None or node["note"], (node, unit)
        assert unit["score"] is not None or unit["note"]
        assert (unit["rank"] is None) == (unit["score"] is None)
    assert "nan" not in result.as_csv().lower()
    assert evaluation.from_json(result.as_json()).as_json() == result.as_json()


def test_values_too_close_to_tell_apart_are_refused() -> None:
    with pytest.raises(BadData, match="too little"):
        evaluation.evaluate(flat(normalise="z-score"), data(a=[1e-300, 2e-300, 0, 0]))


def test_a_negative_value_under_a_geometric_mean_is_refused_by_name() -> None:
    system = flat(aggregate="geometric", normalise="direct", scale=[-5, 5])
    with pytest.raises(Undefined) as caught:
        evaluation.evaluate(system, data(a=[1, -2, 4, 5], b=[1, 2, 3, 4]))
    assert "u2 a" in caught.value.sentence("en") and "min-max: [1, 100]" in caught.value.advice("en")


def test_a_unit_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NoUnit):
        evaluation.evaluate(flat(), data()).unit("u9")


def test_one_unit_has_nothing_to_compare_with_and_that_is_said() -> None:
    one = {name: values[:1] for name, values in data().items()}
    result = evaluation.evaluate(flat(constant="middle"), one)
    assert result.index.tolist() == [2.5]
    assert {"one-unit", "constant"} <= {notice.kind for notice in result.notices}
    left = evaluation.evaluate(flat(), one)
    assert math.isnan(left.index[0]) and "no-score" in {notice.kind for notice in left.notices}
    fixed = evaluation.evaluate(flat({"normalise": {"goalposts": [0, 10]}}), one)
    assert fixed.index[0] == pytest.approx(0.5 * 0.5 + 0.3 * 4 + 0.2 * 1.5)


def test_equal_values_are_carried_by_the_policy_and_told() -> None:
    for policy, score in (("full", 5.0), ("zero", 0.0), ("middle", 2.5), ("leave-out", None)):
        result = evaluation.evaluate(flat(constant=policy), data(c=[7, 7, 7, 7]))
        assert result.unit("u1").nodes["c"].score == score
        assert any(notice.kind == "constant" and notice.code == "c" for notice in result.notices)
        if score is None:
            assert result.unit("u1").nodes["a"].weight == pytest.approx(0.5 / 0.8)


def test_weights_can_be_changed_and_the_siblings_follow() -> None:
    result = evaluation.evaluate(flat(), data(), weights={"a": "0.2"})
    assert [str(node.weight) for node in result.passport.tree] == ["1/5", "12/25", "8/25"]
    assert result.fingerprint != evaluation.evaluate(flat(), data()).fingerprint
    from kaishu.evaluation.system.errors import BadSystem

    for wrong in ({"z": "0.2"}, {"a": "1.2"}):
        with pytest.raises(BadSystem):
            evaluation.evaluate(flat(), data(), weights=wrong)


def test_bad_data_are_refused_with_all_their_places() -> None:
    wrong = data(a=["1", "x", "", "4%"])
    wrong["id"] = ["u1", "u2", "u1", ""]
    with pytest.raises(BadData) as caught:
        evaluation.evaluate(flat(), wrong)
    places = [(each.row, each.column) for each in caught.value.problems]
    assert places == [(2, "a"), (3, "id"), (4, "a"), (4, "id")]
    assert "first in row 1" in caught.value.sentence("en")
    renamed = data()
    renamed["aa"] = renamed.pop("a")
    with pytest.raises(BadData, match=r"indicator a.*near are: aa"):
        evaluation.evaluate(flat(), renamed)
    told = evaluation.evaluate(flat(), renamed, absent=True)
    assert any(notice.kind == "no-data" and notice.code == "a" for notice in told.notices)
