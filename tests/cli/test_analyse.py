"""``kaishu analyse`` reads a file, says what it finds, prints JSON and writes a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaishu.cli.root import kaishu

ROWS = "省份,类型,开放,利用\n甲,市,9,8\n乙,市,8,9\n丙,市,7.5,7\n丁,县,4,3\n戊,县,3,\n己,县,2,<b>\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    (tmp_path / "a.csv").write_bytes(ROWS.encode("gb18030"))
    return tmp_path


def run(here: Path, kind: str, *more: str, language: str = "zh") -> Result:
    return CliRunner().invoke(kaishu, ["--lang", language, "analyse", kind, str(here / "a.csv"), *more])


def test_groups_are_told_as_a_sentence_and_as_json(here: Path) -> None:
    told = run(here, "describe", "开放", "--by", "类型")
    assert told.exit_code == 0
    assert "平均最高的是市（8.17）" in told.output
    found = json.loads(run(here, "compare", "开放", "--by", "类型", "--json").output)
    assert (found["kind"], found["test"], found["n"]) == ("compare", "welch", 6)
    assert found["finding"]["en"].startswith('"开放" differs significantly')


def test_a_report_is_written_once_and_escapes_what_it_is_given(here: Path) -> None:
    out = here / "out.html"
    run(here, "describe", "开放", "--by", "利用", "--report", str(out))
    page = out.read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.split("</style>")[1]
    again = run(here, "describe", "开放", "--report", str(out), language="en")
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    assert run(here, "describe", "开放", "--report", str(here / "out.txt")).exit_code == 1


def test_bad_columns_and_weights_are_named(here: Path) -> None:
    assert "第6行的“<b>”不是数" in run(here, "describe", "利用").output
    assert "数据中的列：省份、类型、开放、利用" in run(here, "describe", "没有").output
    english = run(here, "describe", "没有", language="en").output
    assert "The columns are: 省份, 类型, 开放, 利用" in english and "、" not in english
    asked = ("开放", "--unit", "省份", "--focus", "丁", "--weight", "利用=1")
    assert "--weight" in run(here, "standing", *asked).output
    several = ("开放", "利用", "--unit", "省份", "--focus", "丁", "--weight", "类型=1", "--weight", "省份=2")
    english = run(here, "standing", *several, language="en").output
    assert '"类型, 省份" is no choice of "--weight"' in english and "The choices are: 开放, 利用" in english
    nobody = ("开放", "--unit", "省份", "--focus", "无")
    assert "可选：甲、乙、丙、丁、戊、己" in run(here, "standing", *nobody).output
    assert "The choices are: 甲, 乙, 丙, 丁, 戊, 己" in run(here, "standing", *nobody, language="en").output
    assert (
        run(here, "standing", "开放", "--unit", "省份", "--focus", "丁", "--weight", "开放=一").exit_code == 1
    )
    told = run(here, "standing", "开放", "--unit", "省份", "--focus", "丁", "--weight", "开放=1")
    assert "可使总分增加5" in told.output


def test_numbers_are_all_columns_where_none_is_named(here: Path) -> None:
    (here / "a.csv").write_text("u,a,b,c\nx,1,2,z\ny,2,1,z\nw,3,3,z\nv,4,5,z\n", encoding="utf-8")
    found = json.loads(run(here, "correlate", "--json").output)
    assert found["names"] == ["a", "b"]
    peers = json.loads(run(here, "peers", "--unit", "u", "--count", "2", "--json").output)
    assert peers["units"] == ["x", "y", "w", "v"]
