"""The shipped list: 242 figures of five reports, each judged by computing it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kaishu.cli.root import kaishu
from kaishu.evaluation import auditing
from kaishu.evaluation.auditing import Audit

LIST = Path(auditing.__file__).parent / "data" / "five-reports.csv"


@pytest.fixture(scope="module")
def audit() -> Audit:
    return auditing.audit_figures()


def test_verdicts_recorded_and_computed(audit: Audit) -> None:
    assert audit.counts == {"yes": 172, "partly": 22, "no": 46, "unchecked": 2}
    assert audit.confusion == {
        ("yes", "yes"): 172,
        ("yes", "unchecked"): 1,
        ("partly", "partly"): 22,
        ("partly", "no"): 2,
        ("no", "no"): 44,
        ("no", "unchecked"): 1,
    }


def test_what_they_stand_on(audit: Audit) -> None:
    assert audit.bases == {"tables": 156, "quoted": 31, "arithmetic": 6, "whole": 47, "none": 2}


def test_every_difference_is_explained_and_nothing_else(audit: Audit) -> None:
    assert {each.statement.line for each in audit.differences} == set(audit.explanations)


def test_recorded_verdicts_have_no_part_in_it(tmp_path: Path) -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["agrees"] = row["recomputed_value"] = row["check_kind"] = row["note"] = ""
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    again = auditing.audit_figures(path, LIST.parents[2] / "tables")
    assert again.counts == {"yes": 172, "partly": 22, "no": 46, "unchecked": 2}
    assert again.confusion == {}


def test_a_list_without_formulas_borrows_them(tmp_path: Path) -> None:
    own = ("source", "figure_or_table", "statement", "value", "unit", "recomputable_from", "agrees")
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = [{name: row[name] for name in own} for row in csv.DictReader(file)]
    rows[0]["value"] = "671"
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, own)
        writer.writeheader()
        writer.writerows(rows)
    found = auditing.audit_figures(path)
    assert found.counts == {"yes": 171, "partly": 22, "no": 47, "unchecked": 2}
    assert found.results[0].notes[0].en == "the formula is that of the shipped list"
    assert {each.statement.line for each in found.differences} == {2, *found.explanations}


def test_known_mistakes_of_tables_are_found(audit: Audit) -> None:
    found = {(each.table.rpartition("/")[2], each.lines, each.said.en) for each in audit.findings}
    downloads, views = "table_5_3_average_downloads", "table_5_2_average_views"
    assert found >= {
        (downloads, (12,), "a top 10, yet 11 rows"),
        (downloads, (8, 11), "the same subject stands twice: 上海市"),
        (downloads, (2, 12), "different subjects have the same numbers: 2739、914101656"),
        ("quoted_figures", (86, 87), "the shares listed of 自由利用 sum to 97.67, not 100"),
        (views, (3,), "average_views is printed as 12675; views/datasets gives 967"),
    }
    assert len(found) == 23


@pytest.mark.parametrize(
    ("line", "hints"),
    [
        (49, ["by the data it is between 53 and 58"]),
        (54, ["two digits have changed places", "no whole number of 86 gives it"]),
        (79, ["it would take 28 of 86"]),
        (92, ["what is printed would take a divisor of about 2749"]),
        (113, ["what is printed would take a divisor of about 79"]),
    ],
)
def test_what_may_have_gone_wrong(audit: Audit, line: int, hints: list[str]) -> None:
    assert [note.en for note in audit.results[line - 2].notes] == hints


def test_the_command(tmp_path: Path) -> None:
    def run(*words: Any) -> Any:
        return CliRunner().invoke(kaishu, [str(word) for word in ("--lang", "en", *words)])

    report = tmp_path / "out.html"
    done = run("audit-figures", "five-reports", "--json", "--report", report)
    assert done.exit_code == 1
    answer = json.loads(done.output)
    assert answer["counts"]["no"] == 46 and len(answer["statements"]) == 242
    page = report.read_text(encoding="utf-8")
    assert page.count("《全球大数据发展分析报告（2020）》") == 3  # partly, unchecked and agreeing ones
    assert page.index("Statements that do not agree") < page.index("Statements that agree<")
    assert run("audit-figures", "five-reports", "--report", report).exit_code == 2
    table = list(csv.DictReader(run("audit-figures", "five-reports", "--csv").output.splitlines()))
    assert [row["verdict"] for row in table].count("partly") == 22
    fine = tmp_path / "fine.csv"
    fine.write_text("value,compute\n2,1 + 1\n", encoding="utf-8")
    assert run("audit-figures", fine).exit_code == 0
    assert run("audit-figures", tmp_path / "none.csv").exit_code == 2
    fine.write_text("value,compute\n2,1 +\n", encoding="utf-8")
    wrong = run("audit-figures", fine)
    assert wrong.exit_code == 2 and 'row 2, column "compute"' in wrong.output
