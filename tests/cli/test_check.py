"""``kaishu check`` works alone: exit codes for scripts, JSON for programs, a page for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaishu.cli.root import kaishu

RULES = """
key: 编号
rules:
  - {id: unique, check: unique, column: 编号, title: 编号不重复}
  - {id: sex, check: in, column: 性别, values: [1, 2], level: LEVEL}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    (tmp_path / "a.csv").write_bytes("编号,性别,姓名\nA1,1,<b>张</b>\nA2,3,李\n".encode("gb18030"))
    return tmp_path


def run(here: Path, rules: str, *more: str) -> Result:
    (here / "r.yaml").write_text(rules, encoding="utf-8")
    return CliRunner().invoke(
        kaishu, ["--lang", "en", "check", str(here / "a.csv"), "--rules", str(here / "r.yaml"), *more]
    )


def test_json_is_exactly_what_programs_were_promised(here: Path) -> None:
    done = run(here, RULES.replace("LEVEL", "error"), "--json")
    assert done.exit_code == 1
    assert json.loads(done.output) == {
        "rows": 2,
        "rules": [
            {"id": "unique", "dimension": "accuracy", "level": None, "checked": 2, "failed": 0, "sample": []},
            {
                "id": "sex",
                "dimension": "conformity",
                "level": "error",
                "checked": 2,
                "failed": 1,
                "sample": [{"row": 2, "key": "A2", "value": "3"}],
            },
        ],
        "scores": {"total": 75.0, "accuracy": 100.0, "conformity": 50.0},
    }


def test_exit_codes_tell_clean_failed_and_unusable(here: Path) -> None:
    assert run(here, RULES.replace("LEVEL", "warning")).exit_code == 0
    assert run(here, RULES.replace("LEVEL", "critical")).exit_code == 1
    bad = run(here, RULES.replace("LEVEL", "bad"))
    assert (bad.exit_code, "line 5" in bad.output) == (2, True)
    (here / "a.csv").write_bytes(b"")
    assert run(here, RULES.replace("LEVEL", "error")).exit_code == 2


def test_the_report_is_one_page_with_everything_escaped(here: Path) -> None:
    rules = (
        RULES.replace("LEVEL", "error").replace("key: 编号", "key: 姓名")
        + "  - {id: all, check: length, column: 姓名, max: 1}\n"
    )
    done = run(here, rules, "--report", str(here / "r.html"), "--failed", str(here / "f.parquet"))
    page = (here / "r.html").read_text(encoding="utf-8")
    assert done.exit_code == 1
    assert "<svg" in page and "&lt;b&gt;张&lt;/b&gt;" in page and "<b>" not in page
    names = page.count('xmlns="http://www.w3.org/2000/svg"')  # a name, which nothing fetches
    assert page.count("http") == names and "<script" not in page
    assert (here / "f.parquet").exists()


def test_the_report_is_a_word_file_where_its_name_says_so(here: Path) -> None:
    from docx import Document

    done = run(here, RULES.replace("LEVEL", "error"), "--report", str(here / "r.docx"))
    assert done.exit_code == 1
    tables = Document(str(here / "r.docx")).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert {"conformity", "error", "50.0000%", "A2", "3"} <= set(cells)
    odd = run(here, RULES.replace("LEVEL", "error"), "--report", str(here / "r.odt"))
    assert (odd.exit_code, ".docx" in odd.output, (here / "r.odt").exists()) == (2, True, False)


def test_a_report_tells_nothing_from_empty_text_and_draws_blanks(here: Path) -> None:
    rules = "rules:\n  - {id: long, check: length, column: 姓名, min: 3, level: warning}\n"
    (here / "a.csv").write_text("编号,姓名\nA1, 张 \n,\u3000\n", encoding="utf-8")
    assert run(here, rules, "--type", "姓名=text", "--report", str(here / "r.html")).exit_code == 0
    page = (here / "r.html").read_text(encoding="utf-8")
    assert ">␣<" in page and "(null)" in page


def test_force_overwrites_reports_but_never_what_is_read(here: Path) -> None:
    (here / "r.html").write_text("mine")
    done = run(here, RULES.replace("LEVEL", "warning"), "--force", "--report", str(here / "r.html"))
    assert (done.exit_code, (here / "r.html").read_text(encoding="utf-8") == "mine") == (0, False)
    before = (here / "a.csv").read_bytes()
    done = run(here, RULES.replace("LEVEL", "warning"), "--force", "--failed", str(here / "a.csv"))
    assert (done.exit_code, (here / "a.csv").read_bytes()) == (2, before)


def test_files_that_exist_are_left_alone(here: Path) -> None:
    (here / "r.html").write_text("mine")
    done = run(here, RULES.replace("LEVEL", "error"), "--report", str(here / "r.html"))
    assert (done.exit_code, (here / "r.html").read_text()) == (2, "mine")
