"""A resource code is looked at in the browser and at the terminal, and a region's list is put into use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from kaishu.app import build_app
from kaishu.cli.root import kaishu


@pytest.fixture
def database() -> str:
    return "sqlite"


LIST = """
terms:
  - {code: "308", zh: 本市部门, en: Departments}
  - {code: "308014", zh: 交通局, en: Transport}
"""


def test_the_page_takes_a_code_apart_and_names_the_wrong_part(home: Path) -> None:
    client = TestClient(build_app(worker=False))
    for language, words in (
        ("zh", ("国务院", "按次序推断", "顺序码应从1起")),
        ("en", ("State Council", "Inferred from the order", "begins at 1")),
    ):
        page = client.get(f"/resource-codes?lang={language}&code=303014/000000").text
        assert all(word in page for word in words)
    chosen = client.get("/resource-codes?lang=en&code=30711000001/000001").text
    for words in (
        "Departments of provinces",
        "Title or tags have: 人口",
        "Theme: Health",
        "annex was not seen",
    ):
        assert words in chosen
    assert "has no item" in client.get("/resource-codes?lang=en&code=311000001/000001").text
    nasty = client.get("/resource-codes", params={"code": "<script>alert(1)</script>" * 20, "office": "x"})
    assert nasty.status_code == 200
    assert "<script>alert" not in nasty.text


def test_the_terminal_prints_a_template_and_takes_it_back_edited(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "fresh"))

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(kaishu, ["--lang", "zh", "code", *arguments])
        assert done.exit_code == code, done.output
        return done.output + (done.stderr if code else "")

    assert 'code: "303"' in run("template")
    assert json.loads(run("list", "--json"))["digits"]["confidence"] == "inferred"
    file = tmp_path / "ours.yaml"
    file.write_text("terms: [{code: '3', zh: x}]", encoding="utf-8")
    assert "ours.yaml" in run("use", str(file), code=1)
    file.write_text(LIST, encoding="utf-8")
    assert json.loads(run("use", str(file), "--json"))["categories"] == 2
    assert "交通局" in run("check", "308014/000001")
    (told,) = json.loads(run("check", "308015/000001", "--json", code=1))
    assert [each["part"] for each in told["parts"]] == ["类", "项", "目", "顺序码"]
    assert "目“015”" in told["flaws"][0]["said"]
