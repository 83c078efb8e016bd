"""Results beside what was printed: what agrees, what does not, and that each difference has its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaishu import evaluation
from kaishu.base.errors import Said
from kaishu.cli.root import kaishu
from kaishu.demo import ruling
from kaishu.evaluation.systems.rows import Compared, figure
from kaishu.evaluation.systems.sources import SYSTEMS

COUNTS = {
    "authorised-operation-2025": {"yes": 47, "partly": 1, "no": 10},
    "data-quality-gbt36344": {"yes": 12, "partly": 1},
    "global-open-data-2020": {"yes": 35, "partly": 5},
    "guiyang-assessment": {"yes": 2},
    "hdi": {"yes": 267, "partly": 119},
    "integration-2018": {"yes": 44, "no": 12},
    "mqa": {"yes": 16},
    "utilization-2021": {"yes": 10, "partly": 2, "no": 35, "cannot": 21},
}


def rows(name: str, what: str) -> list[Compared]:
    return [row for row in evaluation.compare(name).rows if row.what == what]


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_how_many_printed_figures_agree(name: str) -> None:
    found = evaluation.compare(name)
    assert found.counts == COUNTS[name]
    assert found.about.en
    for row in found.rows:
        assert row.what.en
        assert row.agrees == "yes" or (row.reason and row.reason.en)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_the_page_tells_the_same_counts(name: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "evaluation-systems.md").read_text("utf-8")
    line = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
    told = [int(cell) for cell in line.strip("| ").split("|")[2:]]
    counts = [evaluation.compare(name).counts.get(each, 0) for each in evaluation.AGREEMENTS]
    assert told == [len(evaluation.evaluate(name).table), *counts]


def test_all_scores_of_2020_are_exact() -> None:
    scores = rows("global-open-data-2020", "总分")
    assert len(scores) == 20
    assert all(row.agrees == "yes" and row.ours == row.printed for row in scores)
    ties = {row.unit: row.ours for row in rows("global-open-data-2020", "名次") if row.agrees == "partly"}
    assert ties == {"韩国": "1", "美国": "4", "法国": "7", "瑞士": "14", "智利": "18"}


def test_the_index_of_191_countries_is_the_printed_one_or_within_its_rounding() -> None:
    index = rows("hdi", "人类发展指数")
    assert len(index) == 191
    assert sum(row.agrees == "yes" for row in index) == 109
    assert not [row for row in index if row.agrees in ("no", "cannot")]
    assert all(abs(float(row.ours or 0) - float(row.printed)) < 0.0035 for row in index)
    # Life expectancy counts up to 85 years only; Hong Kong has 85.5.
    assert next(row.ours for row in index if row.unit == "中国香港") == "0.952"


def test_weights_of_every_mode_are_exact() -> None:
    assert all(row.agrees == "yes" for row in rows("authorised-operation-2025", "维度权重（%）"))
    sums = rows("authorised-operation-2025", "权重之和（%）")
    assert [row.ours for row in sums] == ["100", "100", "100"]


def test_grades_of_provinces_follow_the_printed_ones() -> None:
    grades = rows("authorised-operation-2025", "综合等级")
    assert len(grades) == 33
    assert all(row.agrees == "yes" for row in grades[:9])
    pairs = {
        row.unit: (row.printed, row.ours)
        for row in rows("authorised-operation-2025", "公布等级不同的两地，次序相同的对数")
    }
    assert pairs == {"省域": ("29", "29"), "城市": ("202", "189")}


def test_provinces_without_a_named_department_that_have_one() -> None:
    body = rows("integration-2018", "常设职能部门（按所属阶段的标准）")
    against = [row.unit for row in body if row.agrees == "no"]
    assert against == [
        "天津",
        "河北",
        "山西",
        "内蒙古",
        "吉林",
        "江苏",
        "安徽",
        "湖北",
        "湖南",
        "广西",
        "重庆",
    ]


def test_usage_rates_say_what_the_printed_ones_take() -> None:
    shenzhen = [row for row in evaluation.compare("utilization-2021").rows if row.unit == "深圳市"]
    views = next(row for row in shenzhen if row.what == "浏览率（次/条）")
    assert (views.printed, views.ours, views.agrees) == ("332739.78", "333954.60", "no")
    assert "2749" in views.reason
    table = next(row for row in evaluation.compare("utilization-2021").rows if row.unit == "贵港市")
    assert (table.agrees, str(table.reason)) == ("partly", "公布值丢了小数点。")


def test_the_shipped_checks_are_what_the_rules_find_today() -> None:
    shipped = json.loads((SYSTEMS / "data-quality-gbt36344" / "checked.json").read_text("utf-8"))
    files = ruling.FOLDER.parent / "files"
    for check in shipped:
        if check["file"].endswith(".csv"):
            continue
        command = ["check", str(files / check["file"]), "--json", "--sample", "0"]
        command += ["--rules", str(ruling.FOLDER / f"{check['rules_file']}.yaml")]
        told = json.loads(CliRunner().invoke(kaishu, command).stdout)
        for rule in told["rules"]:
            rule.pop("sample", None)
        assert {key: check[key] for key in told} == told


def test_systems_of_others_have_nothing_printed() -> None:
    passport = evaluation.read_system({"system": "own", "tree": [{"code": "A", "indicator": {}}]})
    found = evaluation.compare(passport)
    assert (found.rows, found.counts) == ((), {})
    assert "没有" in found.summary


def test_a_figure_is_compared_at_its_printed_decimals() -> None:
    what = Said("数", "number")
    assert figure(what, "", "4.64", 4.6449999).agrees == "yes"
    assert figure(what, "", "4.64", 4.645).agrees == "no"
    assert figure(what, "", "0.3", 0.1 + 0.2).agrees == "yes"
    assert figure(what, "", "1", None).agrees == "cannot"


def test_the_command_sets_results_beside_what_was_printed() -> None:
    found = json.loads(CliRunner().invoke(kaishu, ["evaluate", "hdi", "--printed", "--json"]).stdout)
    assert (found["system"], found["counts"]) == ("hdi", COUNTS["hdi"])
    assert set(found["rows"][0]) == {"what", "unit", "printed", "ours", "agrees", "reason"}
    told = CliRunner().invoke(kaishu, ["evaluate", "global-open-data-2020", "--printed"])
    assert told.exit_code == 0
    assert "澳大利亚" in told.stdout
    unknown = CliRunner().invoke(kaishu, ["evaluate", "no-such-system", "--printed"])
    assert unknown.exit_code == 2


def test_a_file_that_comes_with_a_system_needs_no_folder(tmp_path: Path) -> None:
    sample = CliRunner().invoke(kaishu, ["evaluate", "utilization-2021", "sample.csv", "--json"])
    assert sample.exit_code == 1  # five have no counts, so no score
    assert len(json.loads(sample.stdout)["units"]) == 85
    for wrong in ("nothing.csv", str(tmp_path / "sample.csv")):
        found = CliRunner().invoke(kaishu, ["evaluate", "utilization-2021", wrong])
        assert found.exit_code == 2
        assert Path(wrong).name in found.output
    file = tmp_path / "mine.csv"
    file.write_text("a\n1\n", "utf-8")
    both = CliRunner().invoke(kaishu, ["evaluate", "hdi", str(file), "--printed"])
    assert both.exit_code == 2
    assert "--printed" in both.output
