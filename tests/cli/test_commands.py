"""Every other command, each in a home that it has to prepare itself."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kaishu.cli.root import COMMANDS

OPEN = ["--set", "open_class=unconditional", "--set", "share_class=unconditional"]
OPEN += ["--set", "licence=mit", "--set", "themes=trade-industry"]


def test_help_is_quick_and_loads_no_database() -> None:
    code = (
        "import sys; from kaishu.cli.root import kaishu; kaishu(['--help'], standalone_mode=False);"
        "print(sorted({'sqlalchemy', 'polars', 'fastapi', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(run: Callable, command: str) -> None:
    assert run("--lang", "en", command, "--help").code == 0
    assert run("--lang", "zh", command, "--help").code == 0


def test_wrong_usage_is_exit_code_2(run: Callable) -> None:
    assert run("ingest", "no-such-file.csv").code == 2
    assert run("nonsense").code == 2


def test_a_publication_can_be_exported_in_another_format(run: Callable, files: Path, tmp_path: Path) -> None:
    run("ingest", files / "customs_partners_gbk.csv", "--dataset", "partners", "--new", "--json")
    assert run("publish", "partners", *OPEN, "--json").json["state"] == "published"
    target = tmp_path / "partners.csv"
    said = run("export", "partners", "--format", "csv", "--output", target, "--json").json
    assert (said["rows"], said["version"], said["bytes"]) == (243, 1, target.stat().st_size)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (len(rows), rows[0]["贸易伙伴编码"]) == (243, "101")
    again = run("export", "partners", "--output", target, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "cli.target-exists")
    streamed = run("export", "partners", "--format", "ndjson", "--output", "-")
    assert json.loads(streamed.out.splitlines()[0])["贸易伙伴编码"] == "101"


def test_a_file_is_profiled_without_being_stored(run: Callable, files: Path, tmp_path: Path) -> None:
    found = run("profile", files / "country_scores_2020.csv", "--json").json
    assert found["table"]["records"] == 20
    by_name = {field["name"]: field for field in found["fields"]}
    assert by_name["overall_score"]["maximum"] == 4.64
    assert [path for path in (tmp_path / "home" / "lake").rglob("*") if path.is_file()] == []


def test_a_record_is_shown_and_changed(run: Callable, files: Path, tmp_path: Path) -> None:
    run("ingest", files / "country_scores_2020.csv", "--dataset", "scores", "--new")
    fields = tmp_path / "record.yaml"
    fields.write_text("title: 得分\ntags: [评价]\n", encoding="utf-8")
    changed = run("record", "scores", "--file", fields, "--set", "update_frequency=yearly", "--json").json
    assert (changed["title"], changed["tags"], changed["update_frequency"]) == ("得分", ["评价"], "yearly")
    assert run("record", "scores", "--json").json == changed
    wrong = run("record", "scores", "--set", "licence=nonsense", "--json")
    assert wrong.json["error"]["code"] == "base.invalid"
    fields.write_text("- not a mapping\n", encoding="utf-8")
    assert run("record", "scores", "--file", fields, "--json").json["error"]["code"] == "cli.bad-record-file"


def test_accounts_get_a_password_that_is_shown_once(run: Callable) -> None:
    run("office", "add", "财政局", "--name", "caizhengju", "--title-en", "Finance")
    made = run("user", "add", "li", "--role", "steward", "--office", "caizhengju", "--json").json
    assert len(made["password"]) >= 12
    given = run("user", "add", "wang", "--role", "member", "--password", "a long secret", "--json").json
    assert given["password"] is None
    assert [each["account"] for each in run("user", "list", "--json").json] == ["li", "wang"]
    assert run("office", "list", "--json").json[0]["title_en"] == "Finance"
    assert run("user", "add", "li", "--role", "member", "--json").json["error"]["code"] == "access.name-taken"


def test_the_ledger_is_verified(run: Callable) -> None:
    run("office", "add", "财政局")
    said = run("ledger", "verify", "--json")
    assert (said.code, said.json["ok"], said.json["entries"]) == (0, True, 1)


def test_a_changed_ledger_is_found(run: Callable) -> None:
    from kaishu.db import session_scope
    from kaishu.ledger.models import Entry

    run("office", "add", "财政局")
    run("office", "add", "教育局")
    with session_scope() as session:
        session.get_one(Entry, 1).actor_name = "somebody else"
    said = run("ledger", "verify", "--json")
    assert (said.code, said.json["ok"], said.json["broken_at"]) == (1, False, 1)


def test_settings_show_values_but_no_password_and_no_key(
    run: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_DATABASE", "postgresql+psycopg://kaishu:hunter2@db/kaishu")
    monkeypatch.setenv("KAISHU_SECRET_KEY", "hunter3")
    said = run("settings", "--json")
    values = {row["name"]: row["value"] for row in said.json}
    assert values["KAISHU_PORT"] == "8000"
    assert "hunter" not in said.out
    assert values["KAISHU_SECRET_KEY"] == "***"
    assert values["KAISHU_DATABASE"] == "postgresql+psycopg://kaishu:***@db/kaishu"


def test_the_index_is_rebuilt(run: Callable) -> None:
    assert run("index", "rebuild", "--json").json == {"datasets": 0}


@pytest.mark.parametrize("command", [["check", "--rules", "rules.yaml"], ["profile"]])
def test_commands_on_one_file_load_neither_the_records_nor_pandas(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "rows.csv").write_text("编号,年龄\n1,20\n2,30\n", encoding="utf-8")
    rule = "table: t\nrules: [{id: a, check: not-null, column: 编号}]\n"
    (tmp_path / "rules.yaml").write_text(rule, encoding="utf-8")
    name, *options = command
    program = (
        "import sys\n"
        "from kaishu.cli.root import kaishu\n"
        f"kaishu([{name!r}, 'rows.csv', '--json', *{options!r}], standalone_mode=False)\n"
        "print(sorted({'sqlalchemy', 'pandas', 'fastapi'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"
