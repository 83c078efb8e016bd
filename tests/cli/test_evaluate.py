"""``kaishu evaluate`` works alone: a table for people, JSON and CSV for programs, exit codes for scripts."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaishu.cli.root import kaishu

SYSTEM = """\
system: trial
title: {zh: 试评, en: Trial}
scale: [0, 5]
units: {id: 编号, name: 城市}
data: own.csv
grades: [{grade: A, at-least: 3}, {grade: B}]
tree:
  - {code: P, title: {zh: 平台, en: Platform}, weight: 0.6, indicator: {from: {column: 平台}}}
  - code: D
    title: {zh: 数据, en: Data}
    weight: 0.4
    children: [{code: D1, indicator: {from: {column: 数量}, direction: less}}]
"""
DATA = "编号,城市,平台,数量\n1,北京,1,10\n2,=上海,3,20\n3,广州,2,30\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SYSTEM, encoding="utf-8")
    Path("d.csv").write_bytes(DATA.encode("gb18030"))
    Path("own.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(*more: str, lang: str = "en") -> Result:
    return CliRunner().invoke(kaishu, ["--lang", lang, "evaluate", *more])


def test_people_see_ranks_scores_grades_and_the_print(here: Path) -> None:
    done = run("s.yaml", "d.csv", lang="zh")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "试评（1）：3个单位，2个指标"
    assert [line.split()[:4] for line in lines[2:5]] == [
        ["1", "=上海", "4.00", "A"],
        ["2", "北京", "2.00", "B"],
        ["3", "广州", "1.50", "B"],
    ]
    assert "指纹 sha256:" in lines[-1]
    english = run("s.yaml", "d.csv", "--top", "1").output
    assert "3 in all" in english and "Platform" in english and "广州" not in english


def test_programs_get_json_and_csv(here: Path) -> None:
    told = json.loads(run("s.yaml", "d.csv", "--json").output)
    assert [unit["rank"] for unit in told["units"]] == [2, 1, 3]
    assert told["units"][1]["nodes"]["D1"] | {"flags": 0} == {
        "score": 2.5,
        "share": 1.0,
        "weight": 0.4,
        "contribution": 1.0,
        "raw": 20.0,
        "note": "",
        "flags": 0,
    }
    rows = list(csv.reader(run("s.yaml", "d.csv", "--csv").output.splitlines()))
    assert rows[0] == ["id", "name", "score", "rank", "grade", "P", "D", "D1"]
    assert rows[2][:4] == ["2", "'=上海", "4.0", "1"]


def test_a_unit_opens_down_to_its_raw_values(here: Path) -> None:
    done = run("s.yaml", "d.csv", "--explain", "北京")
    assert done.exit_code == 0
    [line] = [line for line in done.output.splitlines() if "D1" in line]
    assert line.split()[2:] == ["10", "10", "…", "30", "5.00", "0.4000", "2.0000"]
    assert json.loads(run("s.yaml", "d.csv", "--explain", "1", "--json").output)["name"] == "北京"
    missing = run("s.yaml", "d.csv", "--explain", "天津")
    assert (missing.exit_code, "天津" in missing.output) == (2, True)


def test_a_system_that_names_its_data_runs_on_its_own(here: Path) -> None:
    assert run("s.yaml").exit_code == 0
    Path("own.csv").unlink()
    without = run("s.yaml")
    assert (without.exit_code, "no data of its own" in without.output) == (2, True)


def test_weights_can_be_tried(here: Path) -> None:
    told = json.loads(run("s.yaml", "d.csv", "--json", "--set-weight", "P=1/4").output)
    assert told["units"][0]["nodes"]["D"]["weight"] == 0.75
    assert "weight" in run("s.yaml", "d.csv", "--set-weight", "P=much").output
    assert run("s.yaml", "d.csv", "--set-weight", "Q=0.1").exit_code == 2


def test_exit_codes_tell_no_score_and_unusable(here: Path) -> None:
    Path("d.csv").write_text(DATA.replace("2,30", "2,").replace("广州,2", "广州,"), encoding="utf-8")
    done = run("s.yaml", "d.csv")
    assert (done.exit_code, "no score" in done.output) == (1, True)
    Path("d.csv").write_text(DATA.replace("3,20", "three,20"), encoding="utf-8")
    bad = run("s.yaml", "d.csv")
    assert (bad.exit_code, 'row 3, column "平台"' in bad.output) == (2, True)
    Path("s.yaml").write_text(SYSTEM.replace("0.4", "0.5"), encoding="utf-8")
    wrong = run("s.yaml", "d.csv", "--json")
    [problem] = json.loads(wrong.output)["error"]["facts"]["problems"]
    assert (wrong.exit_code, problem["line"], problem["key"]) == (2, 8, "tree[1].weight")
    assert run("no-such").exit_code == 2
    assert run().exit_code == 2


def test_the_schema_and_the_list_are_told(here: Path) -> None:
    assert json.loads(run("--schema").output)["title"] == "Passport"
    assert isinstance(json.loads(run("--list", "--json").output), list)
    assert run("--list").exit_code == 0


def test_nothing_of_the_web_or_the_database_is_loaded(here: Path) -> None:
    told = (
        "import sys; from kaishu.cli.root import kaishu\n"
        "try: kaishu(['evaluate', 's.yaml', 'd.csv', '--csv'])\n"
        "except SystemExit: print(sorted({'fastapi', 'jinja2', 'sqlalchemy', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=here)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
