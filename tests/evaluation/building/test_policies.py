"""Policies for what is missing, does not apply or differs by class, group and period; grades and stages."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kaishu import evaluation
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.notes import IMPUTED, ZEROED
from tests.evaluation.building.systems import data, flat

DIMENSIONS = [
    ("准备", "0.28"),
    ("产品", "0.12"),
    ("场景", "0.30"),
    ("数据", "0.08"),
    ("安全", "0.12"),
    ("成效", "0.10"),
]


def modes(**more: Any) -> dict[str, Any]:
    tree = [
        {"code": code, "weight": weight, "indicator": {"normalise": "direct"}} for code, weight in DIMENSIONS
    ]
    rules = {"依场景授权": {"not-applicable": ["产品"], "fold": {"产品": "场景"}}}
    units = {"id": "id", "class": "mode"}
    return {"system": "m", "scale": [0, 5], "units": units, "classes": rules, "tree": tree, **more}


def test_a_class_without_a_dimension_folds_its_weight_exactly() -> None:
    columns: dict[str, list[Any]] = {"id": ["甲", "乙"], "mode": ["依场景授权", "整体授权"]}
    columns |= {code: [5, 5] for code, _ in DIMENSIONS}
    columns["产品"] = [None, 5]
    result = evaluation.evaluate(modes(missing="zero"), columns)
    first = result.unit("甲")
    assert (first.nodes["场景"].weight, first.nodes["产品"].weight) == (0.42, None)
    assert "not applicable" in first.nodes["产品"].note.en and first.nodes["产品"].score is None
    assert [unit.score for unit in result.units] == [5.0, 5.0]
    assert result.unit("乙").nodes["场景"].weight == 0.3
    columns["产品"] = [4, None]
    other = evaluation.evaluate(modes(missing="zero"), columns)
    assert other.unit("甲").score == 5.0 and "not used" in other.unit("甲").nodes["产品"].note.en
    assert other.unit("乙").score == pytest.approx(4.4) and other.unit("乙").nodes["产品"].score == 0.0


def test_without_a_fold_the_weight_is_spread() -> None:
    rules = {"x": {"not-applicable": ["a"]}}
    system = flat({"normalise": "direct"}, classes=rules, units={"id": "id", "class": "k"})
    result = evaluation.evaluate(system, {**data(a=[1] * 4, b=[1] * 4, c=[2] * 4), "k": ["x", "", "", ""]})
    assert result.unit("u1").nodes["b"].weight == 0.6
    assert result.unit("u1").score == pytest.approx(0.6 * 1 + 0.4 * 2)


def test_a_cell_marked_not_applicable_is_no_missing_value() -> None:
    leaf = {"normalise": "direct"}
    columns = data(a=["不适用", None, 2, 3], b=[1] * 4, c=[1] * 4)
    for policy in ("zero", "propagate"):
        result = evaluation.evaluate(flat(leaf, missing=policy), columns)
        assert result.unit("u1").score == pytest.approx(1.0)
        assert result.unit("u2").score == (pytest.approx(0.5) if policy == "zero" else None)


@pytest.mark.parametrize(
    ("policy", "score"),
    [
        ("zero", 0.5 * 0 + 0.3 * 2 + 0.2 * 3),
        ("lowest", 0.5 * 1 + 0.3 * 2 + 0.2 * 3),
        ("skip", (0.3 * 2 + 0.2 * 3) / 0.5),
        ("propagate", None),
        ({"threshold": 0.6}, (0.3 * 2 + 0.2 * 3) / 0.5),
        ({"threshold": 0.7}, None),
        ({"impute": "mean"}, 0.5 * 3 + 0.3 * 2 + 0.2 * 3),
        ({"impute": "group-mean"}, 0.5 * 2 + 0.3 * 2 + 0.2 * 3),
        ({"impute": {"constant": 4}}, 0.5 * 4 + 0.3 * 2 + 0.2 * 3),
    ],
    ids=str,
)
def test_missing_values_follow_the_policy(policy: Any, score: float | None) -> None:
    units = {"id": "id", "group": "g"}
    system = flat({"normalise": "direct"}, missing=policy, scale=[1, 5], units=units)
    columns = data(a=[None, 2, 3, 4], b=[2] * 4, c=[3] * 4)
    result = evaluation.evaluate(system, {**columns, "g": ["p", "p", "q", "q"]})
    unit = result.unit("u1")
    assert unit.score == (None if score is None else pytest.approx(score))
    flags = result.flags[0, result.places["a"]]
    assert bool(flags & IMPUTED) == (isinstance(policy, dict) and "impute" in policy)
    assert bool(flags & ZEROED) == (policy in ("zero", "lowest"))
    assert any(notice.kind == "missing" and notice.units == ("u1",) for notice in result.notices)


def test_an_indicator_can_differ_from_its_system() -> None:
    system = flat({"normalise": "direct"}, missing="zero")
    system["tree"][0]["indicator"]["missing"] = "propagate"
    result = evaluation.evaluate(system, data(a=[None, 1, 1, 1], b=[None, None, 1, 1], c=[1] * 4))
    assert result.unit("u1").score is None
    assert result.unit("u2").score == pytest.approx(0.7)
    system = flat({"normalise": "direct"}, missing="propagate")
    system["tree"][0]["indicator"]["missing"] = "skip"
    result = evaluation.evaluate(system, data(a=[None, 1, 1, 1], b=[1, None, 1, 1], c=[1] * 4))
    assert result.unit("u1").score == pytest.approx(1.0) and result.unit("u2").score is None


def test_missing_values_are_not_in_the_range() -> None:
    result = evaluation.evaluate(flat(missing="zero"), data(a=[None, 2, 3, 4]))
    used = result.unit("u2").nodes["a"].used
    assert used is not None and used.used["lower"] == 2 and result.unit("u2").nodes["a"].score == 0


def test_groups_and_periods_have_ranges_of_their_own_and_a_base_stays() -> None:
    columns = data(a=[1, 3, 10, 20], b=[1, 2, 3, 4], c=[1, 2, 3, 4])
    units = {"id": "id", "group": "g", "period": "y"}
    places = {"g": ["省", "省", "市", "市"], "y": [2020, 2020, 2020, 2020]}
    apart = evaluation.evaluate(
        flat(units=units, ranges={"within": "group"}, rank={"within": "group"}), {**columns, **places}
    )
    assert apart.scores_of("a").tolist() == [0, 5, 0, 5] and apart.rank.tolist() == [2, 1, 2, 1]
    years = {"id": ["甲", "乙", "甲", "乙"], "y": ["2020", "2020", "2021", "2021"], "g": [None] * 4}
    based = evaluation.evaluate(flat(units=units, ranges={"base": "2020"}), {**columns, **years})
    assert based.scores_of("a").tolist() == [0, 5, 22.5, 47.5]
    assert based.rank.tolist() == [2, 1, 2, 1]
    assert based.unit("甲").period == "2021" and based.unit("甲", "2020").period == "2020"
    with pytest.raises(BadData, match="base period"):
        evaluation.evaluate(flat(units=units, ranges={"base": "1999"}), {**columns, **years})
    frozen = evaluation.evaluate(flat({"range": {"frozen": [0, 10]}}), data(a=[1, 3, 10, 20]))
    assert frozen.scores_of("a").tolist() == [0.5, 1.5, 5, 10]
    filled = flat(units=units, missing={"impute": "last"})
    carried = evaluation.evaluate(filled, {**columns, **years, "a": [1, 3, None, 4]})
    assert carried.scores_of("a").tolist() == [0, pytest.approx(10 / 3), 0, 5]


def test_an_edition_can_be_frozen_for_later_years() -> None:
    first = evaluation.evaluate(flat(edition="2020"), data())
    system = evaluation.frozen(first, edition="2021")
    assert (system.edition, evaluation.canonical(system)["tree"][0]["indicator"]["range"]) == (
        "2021",
        {"frozen": [1.0, 5.0]},
    )
    same = evaluation.evaluate(system, data())
    assert same.scores.tolist() == first.scores.tolist()
    later = evaluation.evaluate(system, data(a=[1.0, 2.0, 4.0, 9.0]))
    assert later.scores_of("a").tolist() == [0, 1.25, 3.75, 10]


def test_a_mark_outside_the_scale_is_named() -> None:
    with pytest.raises(BadData) as caught:
        evaluation.evaluate(flat({"normalise": "direct"}), data(a=[1, 2, 7, 4], b=[1] * 4))
    [problem] = caught.value.problems
    assert problem.column == "a" and "(u3)" in problem.said.en and "u3" in str(problem.said)


def test_outliers_are_drawn_in_and_told() -> None:
    many = [float(n) for n in range(1, 20)] + [1000.0]
    columns = {"id": [f"u{n}" for n in range(20)], "a": many, "b": many[::-1], "c": [1.0, 2.0] * 10}
    result = evaluation.evaluate(flat(outliers={"winsorise": 5}), columns)
    assert result.scores_of("a")[18] == result.scores_of("a")[19] == 5.0
    assert {(each.kind, each.code, each.units) for each in result.notices} == {
        ("treated", "a", ("u19",)),
        ("treated", "b", ("u0",)),
    }
    assert result.unit("u19").nodes["a"].raw == 1000.0
    assert "outlier" in result.unit("u19").nodes["a"].note.en


def test_values_are_divided_by_their_denominators() -> None:
    system = flat()
    system["tree"][0]["indicator"] |= {
        "per": "population",
        "per-scale": 10000,
        "normalise": {"goalposts": [0, 10]},
    }
    result = evaluation.evaluate(system, {**data(), "population": [5000, 10000, 0, None]})
    assert result.unit("u1").nodes["a"].raw == 2.0 and result.unit("u1").nodes["a"].score == 1.0
    assert result.unit("u3").nodes["a"].raw is None
    assert any(notice.kind == "denominator" and notice.units == ("u3",) for notice in result.notices)
    with pytest.raises(BadData, match="negative"):
        evaluation.evaluate(system, {**data(), "population": [5000, -1, 0, None]})


def test_words_and_yes_or_no_become_scores_and_unknown_words_are_refused() -> None:
    system = flat()
    system["tree"][0]["indicator"] = {"normalise": {"levels": {"全部": 5, "部分": 3, "无": 0}}}
    system["tree"][1]["indicator"] = {"normalise": "binary"}
    system["tree"][2]["indicator"] = {"normalise": {"binary": ["CSV", "JSON"]}}
    result = evaluation.evaluate(
        system, data(a=["全部", "部分", "无", None], b=["是", "否", 1, 0.0], c=["CSV", "PDF", "JSON", ""])
    )
    assert result.scores_of("a")[:3].tolist() == [5, 3, 0]
    assert (result.unit("u2").nodes["a"].text, result.unit("u2").nodes["a"].raw) == ("部分", 3.0)
    assert result.scores_of("b").tolist() == [5, 0, 5, 0]
    assert result.scores_of("c")[:3].tolist() == [5, 0, 5]
    with pytest.raises(BadData) as caught:
        evaluation.evaluate(system, data(a=["全", "部分", "无", None], b=["是", "也许", 1, 0]))
    assert [(each.row, each.column) for each in caught.value.problems] == [(1, "a"), (2, "b")]


def test_a_limit_is_met_in_decimals() -> None:
    ones = [1.0] * 2
    columns: dict[str, list[Any]] = {"id": ["x", "y"], "mode": ["", ""]} | {
        code: ones for code, _ in DIMENSIONS
    }
    limits = [{"grade": "满", "at-least": 1}, {"grade": "欠"}]
    result = evaluation.evaluate(modes(grades=limits), columns)
    assert result.grade == ("满", "满")


def test_a_score_just_off_a_limit_is_decided_by_fractions() -> None:
    # The mean of the first unit is 0.09 exactly, which is 1.5 on the scale.
    thirds = [
        {"code": f"t{n}", "weight": "1/7", "indicator": {"normalise": {"goalposts": [0, 0.3]}}}
        for n in range(7)
    ]
    grades = [{"grade": "上", "at-least": 1.5}, {"grade": "下"}]
    stages = [{"stage": "一"}, {"stage": "二", "all": [{"node": "index", "more-than": 1.5}]}]
    system = {"system": "t", "scale": [0, 5], "tree": thirds, "grades": grades, "stages": stages}
    values = [0.01, 0.17, 0.03, 0.15, 0.13, 0.05, 0.09]
    assert sum(map(Fraction, map(str, values))) == Fraction("0.63")
    columns: dict[str, list[Any]] = {"id": ["at", "below", "above"]}
    for n, value in enumerate(values):
        nudge = Fraction(n == 0, 10**13)
        columns[f"t{n}"] = [value, float(Fraction(str(value)) - nudge), float(Fraction(str(value)) + nudge)]
    result = evaluation.evaluate(system, columns)
    assert result.grade == ("上", "下", "上")
    assert result.stages == ("一", "一", "二")


def test_grades_vetoes_and_stages() -> None:
    system = flat(
        {"normalise": "direct"},
        grades=[{"grade": "A", "at-least": 4}, {"grade": "B", "at-least": 2}, {"grade": "C"}],
        vetoes=[{"when": {"raw": "c", "less-than": 1}, "at-most": "B", "note": "安全"}],
        stages=[
            {"stage": "起步"},
            {"stage": "发展", "all": [{"node": "a", "at-least": 3}]},
            {
                "stage": "成熟",
                "all": [
                    {"of": [{"node": "b", "at-least": 5}, {"column": "k", "equals": "是"}], "at-least": 1}
                ],
            },
        ],
    )
    columns = {**data(a=[5, 5, 3, 1], b=[5, 5, 1, 5], c=[5, 0, 1, 0]), "k": ["否", "否", "是", "否"]}
    result = evaluation.evaluate(system, columns)
    assert result.grade == ("A", "B", "B", "B")
    assert result.stages == ("成熟", "成熟", "成熟", "成熟")
    assert [notice.units for notice in result.notices if notice.kind == "veto"] == [("u2",)]
    climbing = evaluation.evaluate({**system, "stage-rule": "climbing"}, columns)
    assert climbing.stages == ("成熟", "成熟", "成熟", "起步")


def test_judges_weights_and_weights_from_the_data() -> None:
    tree = [{"code": code, "indicator": {"normalise": "direct"}} for code in "abc"]
    base = {"system": "w", "scale": [0, 10], "tree": tree}
    matrix = [["1", "2", "6"], ["1/2", "1", "3"], ["1/6", "1/3", "1"]]
    result = evaluation.evaluate({**base, "weights": {"ahp": matrix}}, data())
    assert result.unit("u1").nodes["a"].weight == pytest.approx(0.6)
    assert not [notice for notice in result.notices if notice.kind == "inconsistent"]
    wild = [["1", "9", "1/9"], ["1/9", "1", "9"], ["9", "1/9", "1"]]
    wild_result = evaluation.evaluate({**base, "weights": {"ahp": wild}}, data())
    assert [notice.kind for notice in wild_result.notices] == ["inconsistent"]
    budget = evaluation.evaluate({**base, "weights": {"budget": [[60, 20, 20], [2, 1, 1]]}}, data())
    assert budget.unit("u1").nodes["a"].weight == pytest.approx(0.55)
    for how in ("entropy", "critic", "cv", "equal"):
        found = evaluation.evaluate({**base, "weights": how}, data())
        assert np.nansum(found.weights[0, 1:]) == pytest.approx(1.0)
    mixed = flat(
        {"normalise": "direct"}, scale=[0, 10], weights={"combined": {"objective": "equal", "share": 0.5}}
    )
    assert evaluation.evaluate(mixed, data()).unit("u1").nodes["a"].weight == pytest.approx((0.5 + 1 / 3) / 2)


def test_many_runs_at_once_are_the_runs_one_by_one() -> None:
    passport = evaluation.read_system(flat(missing="skip"))
    table = evaluation.make_units(data(c=[None, 1, 2, 3]), passport)
    plan = evaluation.compile_plan(passport, table)
    scored = evaluation.normalise(plan, evaluation.prepare(plan))
    noise = np.random.default_rng(1).uniform(0.5, 1.5, (7, 1, 3))
    nominal = evaluation.aggregate(plan, scored).weights["index"]
    many = evaluation.aggregate(plan, scored, weights={"index": nominal * noise})
    assert many.scores.shape == (7, 4, 4)
    for run in range(7):
        one = evaluation.aggregate(plan, scored, weights={"index": nominal * noise[run, 0]})
        assert one.scores[:, 0] == pytest.approx(many.scores[run, :, 0], abs=1e-12)
    other = evaluation.aggregate(plan, evaluation.normalise(plan, evaluation.prepare(plan), method="z-score"))
    assert not math.isnan(other.scores[0, 0])


def test_files_of_all_kinds_give_the_same_units(tmp_path: Path) -> None:
    passport = evaluation.read_system(flat(units={"id": "编号", "name": "名称"}))
    frame = pl.DataFrame(
        {"编号": ["01", "02"], "名称": ["北京", "上海"], "a": [1.5, None], "b": [1, 2], "c": [0.1, 3]}
    )
    frame.write_parquet(tmp_path / "t.parquet")
    frame.write_excel(tmp_path / "t.xlsx")
    (tmp_path / "t.csv").write_bytes(frame.write_csv().encode("gb18030"))
    tables = [evaluation.read_units(tmp_path / f"t.{kind}", passport) for kind in ("csv", "xlsx", "parquet")]
    tables.append(evaluation.units_of_frame(frame, passport))
    assert len({table.digest() for table in tables}) == 1
    assert tables[0].ids == ("01", "02") and tables[0].names == ("北京", "上海")


def test_remarks_travel_with_their_values() -> None:
    remark = evaluation.Remark("评审组打分", "judged by the panel", ("https://example.org/1",))
    passport = evaluation.read_system(flat())
    table = evaluation.make_units(data(), passport)
    kept = evaluation.UnitTable(ids=table.ids, numbers=table.numbers, remarks={("u1", "a"): remark})
    result = evaluation.build(passport, kept)
    assert result.unit("u1").nodes["a"].remark == remark
    assert evaluation.from_json(result.as_json()).unit("u1").nodes["a"].remark == remark
    assert result.data_digest == evaluation.build(passport, table).data_digest
