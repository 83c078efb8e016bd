"""Systems that come with the program: each runs by its name alone, on data that can be made again."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kaishu import evaluation
from kaishu.evaluation.building import outcomes
from kaishu.evaluation.systems import deriving
from kaishu.evaluation.systems.sources import SYSTEMS, table
from kaishu.inspection import mqa

NAMES = [
    "authorised-operation-2025",
    "data-quality-gbt36344",
    "global-open-data-2020",
    "guiyang-assessment",
    "hdi",
    "integration-2018",
    "mqa",
    "utilization-2021",
]
UNITS = {"authorised-operation-2025": 33, "hdi": 191, "utilization-2021": 156, "integration-2018": 32}
LEAVES = {
    "authorised-operation-2025": 26,
    "data-quality-gbt36344": 6,
    "global-open-data-2020": 5,
    "guiyang-assessment": 20,
    "hdi": 4,
    "integration-2018": 28,
    "mqa": 23,
    "utilization-2021": 15,
}


def test_these_eight_are_built_in() -> None:
    assert evaluation.built_in() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_runs_by_its_name_alone(name: str) -> None:
    result = evaluation.evaluate(name)
    assert len(result.passport.leaves()) == LEAVES[name]
    assert len(result.table) == UNITS.get(name, len(result.table)) > 1
    assert not np.isnan(result.index).any()
    text = result.as_json()
    assert evaluation.from_json(text).as_json() == text
    assert evaluation.again(result).as_json() == text
    assert (SYSTEMS / name / "NOTICE.md").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_titles_and_notes_are_in_both_languages(name: str) -> None:
    passport = evaluation.read_system(name)
    for words in (passport.title, passport.source.report, passport.source.note):
        assert words.zh
        assert words.en
    assert all(node.title.zh and node.title.en for node in passport.nodes())
    # What is read first in a result is the source's note.
    assert evaluation.evaluate(name).notices[0].kind == "source"


@pytest.mark.parametrize("name", sorted(deriving.FILES))
def test_shipped_data_are_what_the_tables_give(name: str) -> None:
    assert (SYSTEMS / name).read_text(encoding="utf-8") == deriving.FILES[name]()


def test_the_sample_is_a_file_beside_the_platforms() -> None:
    path = evaluation.shipped_file("utilization-2021", "sample.csv")
    assert path is not None
    result = evaluation.evaluate("utilization-2021", path)
    assert len(result.table) == 85
    nowhere = next(notice for notice in result.notices if notice.kind == "no-score")
    assert set(nowhere.units) == {"江门市", "柳州市", "桂林市", "贵港市", "梧州市"}
    for name, file in (
        ("utilization-2021", "../hdi/countries.csv"),
        ("utilization-2021", "system.yaml"),
        ("utilization-2021", "no.csv"),
        ("..", "sample.csv"),
    ):
        assert evaluation.shipped_file(name, file) is None


def test_what_is_ours_and_made_up_is_said() -> None:
    def said(name: str) -> str:
        return " ".join(str(notice.said) for notice in evaluation.evaluate(name).notices)

    assert "模拟" in said("guiyang-assessment")
    assert "模拟" in evaluation.read_system("guiyang-assessment").title.zh
    assert "替身" in said("authorised-operation-2025")
    assert "等级的分数线" in said("authorised-operation-2025")
    for code in ("U1.1", "U2.1", "U3.2", "U4.1"):
        assert re.search(rf"{code} \S+：156个对象中156个没有数值", said("utilization-2021"))


def test_names_of_indicators_are_those_of_the_reports() -> None:
    for name, file, key in (
        ("authorised-operation-2025", "operation-2025/indicators", "indicator"),
        ("integration-2018", "integration-2018/indicators", "level_3"),
        ("guiyang-assessment", "development-2021/assessment_indicators", "level_2"),
        ("utilization-2021", "utilization-2021/evaluation_indicators", "level_2"),
    ):
        titles = [leaf.title.zh for leaf in evaluation.read_system(name).leaves()]
        assert titles == [row[key] for row in table(file)]


def test_the_mode_rule_moves_the_weight_and_sums_stay_exact() -> None:
    passport = evaluation.read_system("authorised-operation-2025")
    assert sum((Fraction(node.weight or 0) for node in passport.tree), Fraction(0)) == 1
    codes = [leaf.code for leaf in passport.leaves()]
    scores = {code: [4, 4] for code in codes} | {"P1": ["不适用", 4], "P2": ["", 4]}
    columns = {
        "unit": ["a", "b"],
        "place": ["a", "b"],
        "scope": ["省域", "省域"],
        "mode": ["依场景授权模式", "整体授权模式"],
        **scores,
    }
    result = evaluation.evaluate(passport, columns)
    inside, outside = result.unit("a"), result.unit("b")
    assert inside.nodes["product"].score is None
    assert inside.nodes["scenario"].weight == pytest.approx(0.42)
    assert outside.nodes["scenario"].weight == pytest.approx(0.30)
    assert (inside.score, outside.score) == (pytest.approx(4), pytest.approx(4))


def test_points_of_mqa_are_those_of_the_inspection() -> None:
    passport = evaluation.read_system("mqa")
    ours = {leaf.code: (leaf.title.zh, float(leaf.weight or 0)) for leaf in passport.leaves()}
    assert ours == {each.code: (each.zh, float(each.points)) for each in mqa.method().indicators}
    options = mqa.method().options
    assert isinstance(passport.grades, tuple)
    limits = [getattr(each, "at_least", None) for each in passport.grades]
    assert limits == [options.excellent, options.good, options.sufficient, None]


def stage_of(answers: dict[str, str]) -> str | None:
    passport = evaluation.read_system("integration-2018")
    columns = {leaf.code: [answers.get(leaf.code, "")] for leaf in passport.leaves()}
    return evaluation.evaluate(passport, {"province": ["甲"], **columns}).unit("甲").stage


def test_the_criteria_of_a_stage_lead_to_it_and_one_less_does_not() -> None:
    everything = {f"I{number:02d}": "是" for number in range(1, 29)} | {"I19": "100", "I27": "100"}
    assert stage_of(everything) == "Ⅰ级"
    for stage, below in (("Ⅱ级", "Ⅲ级"), ("Ⅲ级", "Ⅳ级")):
        answers = deriving.IMPLIED[stage]
        assert stage_of(answers) == stage
        assert stage_of(answers | {"I27": str(int(answers["I27"]) - 0.1)}) == below
        assert stage_of(answers | {"I02": "否"}) == "Ⅳ级"
    assert stage_of({}) == "Ⅳ级"


def test_a_printed_check_is_data(tmp_path: Path) -> None:
    rule = {"id": "a", "dimension": "accuracy", "checked": 10, "failed": 5}
    file = tmp_path / "登记.json"
    file.write_text(json.dumps({"rows": 10, "rules": [rule, rule | {"checked": 0, "failed": 0}]}), "utf-8")
    unit = evaluation.evaluate("data-quality-gbt36344", file).unit("登记")
    assert unit.score == pytest.approx(50)
    assert unit.nodes["timeliness"].score is None


def test_a_table_of_json_rows_stays_a_table(tmp_path: Path) -> None:
    row = {"table": "甲", "conformity": 1, "completeness": 0.5, "accuracy": 1, "consistency": 1}
    file = tmp_path / "rows.json"
    rows = [row | {"timeliness": 1, "accessibility": 1}]
    file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    unit = evaluation.evaluate("data-quality-gbt36344", file).unit("甲")
    assert unit.nodes["completeness"].score == pytest.approx(50)


def test_a_file_that_is_no_result_is_left_to_the_reader(tmp_path: Path) -> None:
    passport = evaluation.read_system("mqa")
    for text in ("", "[]", "{", "[1, 2]", '{"rules": 1}', '[{"catalogue": "a", "datasets": 1, "met": []}]'):
        file = tmp_path / "any.json"
        file.write_text(text, "utf-8")
        assert outcomes.outcome_columns(file, passport) is None
    empty = '[{"catalogue": "a", "datasets": 0, "met": {}}]'
    file.write_text(empty, "utf-8")
    columns = outcomes.outcome_columns(file, passport)
    assert columns is not None
    assert columns["keywords"] == [None]
