"""``kaishu clean`` works alone: preview, clean, undo, draft; exit codes for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kaishu.cli.root import kaishu

STEPS = """
key: 编号
steps:
  - {id: trim, step: trim}
  - {id: date, step: dates, column: 日期}
  - {id: once, step: deduplicate, column: 编号}
"""
DATA = "编号,姓名,日期\nA1, <b>张</b> ,2020年1月2日\nA2,李,民国三年\nA1,王,2020.1.3\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    (tmp_path / "a.csv").write_bytes(DATA.encode("gb18030"))
    (tmp_path / "s.yaml").write_text(STEPS, encoding="utf-8")
    return tmp_path


def run(here: Path, *words: object) -> Result:
    done = CliRunner().invoke(kaishu, ["--lang", "en", "clean", *(str(word) for word in words)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_file_is_cleaned_and_everything_told(here: Path) -> None:
    done = run(
        here, here / "a.csv", "--steps", here / "s.yaml", "-o", here / "b.csv", "--type", "姓名=text",
        "--changes", here / "c.parquet", "--report", here / "r.html", "--json",
    )  # fmt: skip
    assert done.exit_code == 1  # a date could not be read
    told = json.loads(done.output)
    counts = {each["id"]: (each["changed"], each["removed"], each["refused"]) for each in told["steps"]}
    assert (told["rows"], told["left"]) == (3, 2)
    assert counts["date"] == (2, 0, 1) and counts["once"] == (0, 1, 0)
    assert told["steps"][1]["refusals"][0] == {
        "row": 2, "key": "A2", "column": "日期", "old": "民国三年", "new": None,
        "reason": "years of the Republic",
    }  # fmt: skip
    assert (here / "b.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "A1,<b>张</b>,2020-01-02",
        "A2,李,民国三年",
    ]
    page = (here / "r.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;张&lt;/b&gt;" in page and "<b>" not in page and "<script" not in page
    assert "␣&lt;b&gt;张&lt;/b&gt;␣" in page  # what trimming took away can be seen
    assert pl.read_parquet(here / "c.parquet")["step"].to_list().count("date") == 3


def test_a_preview_writes_nothing(here: Path) -> None:
    before = sorted(here.iterdir())
    done = run(here, here / "a.csv", "--steps", here / "s.yaml", "-o", here / "b.csv", "--preview")
    assert done.exit_code == 1 and "2020-01-02" in done.output and "Republic" in done.output
    assert [path for path in sorted(here.iterdir()) if path.name != "home"] == before


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson", "xlsx"])
def test_what_was_cleaned_can_be_undone(here: Path, ending: str) -> None:
    out, back = here / f"b.{ending}", here / "back.parquet"
    run(here, here / "a.csv", "--steps", here / "s.yaml", "-o", out, "--changes", here / "c.parquet")
    done = run(here, out, "--undo", here / "c.parquet", "-o", back)
    assert done.exit_code == 0, done.output
    plain = here / "plain.parquet"
    (here / "none.yaml").write_text("steps:\n - {step: filter, condition: 编号 = 'none'}", encoding="utf-8")
    run(here, here / "a.csv", "--steps", here / "none.yaml", "-o", plain)
    assert pl.read_parquet(back).equals(pl.read_parquet(plain))


def test_what_cannot_be_used_is_said_and_nothing_is_touched(here: Path) -> None:
    ours = (here / "a.csv", "--steps", here / "s.yaml")
    assert run(here, *ours).exit_code == 2
    assert "no format" in run(here, *ours, "-o", here / "b.doc").output
    (here / "b.csv").write_text("mine")
    assert run(here, *ours, "-o", here / "b.csv").exit_code == 2
    assert run(here, *ours, "-o", here / "a.csv", "--force").exit_code == 2
    assert ((here / "b.csv").read_text(), (here / "a.csv").read_bytes().decode("gb18030")) == ("mine", DATA)
    (here / "s.yaml").write_text("steps:\n - {step: trim, column: 没有}", encoding="utf-8")
    done = run(here, *ours, "-o", here / "d.csv", "--changes", here / "c.parquet")
    assert done.exit_code == 2 and "line 2" in done.output
    assert not (here / "d.csv").exists() and not (here / "c.parquet").exists()
    assert run(here, here / "a.csv", "--undo", here / "s.yaml", "-o", here / "d.csv").exit_code == 2


def test_failed_rules_become_a_draft(here: Path) -> None:
    (here / "r.yaml").write_text("rules:\n - {id: once, check: unique, column: 编号}\n", encoding="utf-8")
    done = run(here, here / "a.csv", "--propose", here / "r.yaml", "-o", here / "draft.yaml")
    assert done.exit_code == 0 and "deduplicate" in done.output
    done = run(here, here / "a.csv", "--steps", here / "draft.yaml", "-o", here / "b.parquet")
    assert (done.exit_code, pl.read_parquet(here / "b.parquet").height) == (0, 2)
