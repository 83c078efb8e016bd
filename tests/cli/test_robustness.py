"""``kaishu robustness`` tells people and programs, writes reports and draws, and refuses with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaishu.cli.root import kaishu
from kaishu.evaluation import robustness

SYSTEM = """\
system: trial
title: {zh: 试评, en: Trial}
scale: [0, 5]
units: {id: 编号, name: 城市}
grades: [{grade: A, at-least: 3}, {grade: B}]
tree:
  - {code: P, title: {zh: 平台, en: Platform}, weight: 0.6, indicator: {from: {column: 平台}}}
  - {code: D, title: {zh: 数据, en: Data}, weight: 0.3, indicator: {from: {column: 数量}}}
  - {code: U, title: {zh: 利用, en: Use}, weight: 0.1, indicator: {from: {column: 应用}}}
"""
DATA = "编号,城市,平台,数量,应用\n1,北京,3,10,8\n2,上海,2,20,9\n3,广州,1,15,1\n4,深圳,2,16,2\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SYSTEM, encoding="utf-8")
    Path("d.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(*more: str, lang: str = "en") -> Result:
    return CliRunner().invoke(kaishu, ["--lang", lang, "robustness", "s.yaml", "d.csv", *more])


def test_people_see_how_firm_each_rank_is(here: Path) -> None:
    done = run("--runs", "64", "--sobol", "16", "--removals", lang="zh")
    assert done.exit_code == 0
    for word in ("64次模拟", "90%区间", "保持名次", "权重扰动", "总效应", "去掉一个指标"):
        assert word in done.output
    assert "上海" in done.output


def test_programs_get_probabilities_and_the_design(here: Path) -> None:
    done = run(
        "--runs", "64", "--sobol", "16", "--weight-noise", "0.5", "--leave-out", "--seed", "7", "--json"
    )
    told = json.loads(done.output)
    assert (told["runs"], told["seed"]) == (64, 7)
    assert told["uncertainty"] == {"weight-noise": 0.5, "leave-out": True}
    for unit in told["units"]:
        assert sum(unit["ranks"].values()) == pytest.approx(1)
        assert sum(unit["grades"].values()) == pytest.approx(1)
    assert [each["factor"] for each in told["sensitivity"]["effects"]] == ["weight-noise", "leave-out"]


def test_reports_and_draws_are_written_once(here: Path) -> None:
    done = run("--runs", "32", "--sobol", "8", "--report", "out.html", "--save", "out.npz")
    assert done.exit_code == 0
    assert "Keeps rank" in Path("out.html").read_text(encoding="utf-8")
    kept = robustness.from_bytes(Path("out.npz").read_bytes())
    assert isinstance(kept, robustness.UncertaintyAnalysis) and kept.count == 32
    moving = robustness.from_bytes(Path("out-sensitivity.npz").read_bytes())
    assert isinstance(moving, robustness.SensitivityAnalysis) and len(moving.sample) == 8
    for option in (("--report", "out.html"), ("--save", "out.npz"), ("--save", "out.txt")):
        assert run(*option).exit_code == 2
    assert run("--runs", "8", "--save", "out.npz", "--force").exit_code == 0


def test_what_lifts_a_unit(here: Path) -> None:
    done = run("--lift", "广州", "--effort", "P=2", "--json")
    told = json.loads(done.output)
    assert told["name"] == "广州" and told["lifts"][0]["code"] == "P"
    assert told["lifts"][0]["cost"] == pytest.approx(2 * told["lifts"][0]["gap"])
    assert "What lifts 广州 most" in run("--lift", "3").output


@pytest.mark.parametrize(
    "wrong",
    [
        ("--normalise", "loudness"),
        ("--weight-noise", "3"),
        ("--lift", "东京"),
        ("--lift", "广州", "--effort", "P=much"),
    ],
)
def test_wrong_options_end_with_code_2_and_a_sentence(here: Path, wrong: tuple[str, ...]) -> None:
    done = run(*wrong)
    assert done.exit_code == 2 and done.output.strip()
