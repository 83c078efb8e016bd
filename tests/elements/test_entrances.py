"""The library at the terminal and through the interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from starlette.testclient import TestClient

from kaishu import elements, quality
from kaishu.app import build_app
from kaishu.cli.root import kaishu
from kaishu.db import forget_engines, session_scope


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home that nothing has prepared."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    forget_engines()
    yield
    forget_engines()


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(kaishu, ["--lang", "zh", *words])
    assert done.exit_code == code, done.output
    return done.stdout


def test_columns_of_a_file_are_matched_and_its_rules_checked(tmp_path: Path) -> None:
    file = tmp_path / "人.csv"
    file.write_text("身份证号,xb,备用\n11010519491231002X,1,甲\n110105194912310021,2,乙\n", encoding="utf-8")
    found = json.loads(run("element", "suggest", str(file), "--json"))
    best = [each["suggestions"][0]["element"] if each["suggestions"] else "" for each in found]
    assert best == ["citizen-id", "sex", ""]
    rules = yaml.safe_load(run("element", "suggest", str(file), "--rules"))
    assert [rule["check"] for rule in rules["rules"]] == ["citizen-id", "in"]
    assert len(quality.parse_rules(rules).rules) == 2


def test_library_proposals_and_interface_speak_of_the_same_elements(tmp_path: Path) -> None:
    run("office", "add", "城管局", "--name", "chengguan")
    file = tmp_path / "元.csv"
    file.write_text("标识,中文名称,表示格式\nlamp-a,灯,an5\n", encoding="utf-8")
    made = json.loads(run("element", "propose", str(file), "--office", "chengguan", "--json"))
    assert [each["code"] for each in made] == ["lamp-a"]
    file.write_text("标识,中文名称,表示格式\nlamp-b,灯,x5\n", encoding="utf-8")
    run("element", "propose", str(file), "--office", "chengguan", code=1)
    codes = tmp_path / "码.csv"
    codes.write_text("代码,名称\n1,甲\n", encoding="utf-8")
    run("codeset", "import", str(codes), "--code", "lamp-kind", "--name", "灯", "--office", "chengguan")
    assert "citizen-id" in run("element", "list", "身份证")
    assert json.loads(run("element", "show", "citizen-id", "--json"))["rules"][0]["check"] == "citizen-id"
    assert "蒙古族" in run("codeset", "show", "gb-t-3304")
    with session_scope(write=False) as session:
        assert len(elements.versions_in(session, elements.OPEN)) == 2

    client = TestClient(build_app(worker=False))
    found = client.get("/api/v1/elements", params={"q": "身份证"}).json()
    assert "citizen-id" in [each["code"] for each in found]
    assert client.get("/api/v1/elements/sex").json()["code_set"] == "gb-t-2261-1"
    assert client.get("/api/v1/elements/none").status_code == 404
    sets = client.get("/api/v1/code-sets").json()
    assert "gb-t-4754" in [each["code"] for each in sets]
    codes = client.get("/api/v1/code-sets/gb-t-3304", params={"q": "蒙古", "limit": 1}).json()
    assert (codes["total"], codes["items"][0]["code"]) == (1, "02")
    given = {"office": "chengguan", "element": {"code": "a", "name": "甲", "representation": "an5"}}
    assert client.post("/api/v1/elements", json=given).status_code == 401
