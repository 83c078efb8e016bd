"""``kaishu quality cleansing``: from a file of steps to a new version and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kaishu import access
from kaishu.access import Role
from kaishu.cli.entrance import terminal_call
from kaishu.cli.whose import table_of
from kaishu.lake import table_by_id
from tests.cli.conftest import Said

TABLE = "编号,名称,高度\n1, 灯 ,八\n2,灯,高\n"
STEPS = "key: 编号\nsteps:\n  - {step: trim, column: 名称}\n  - {step: numbers, column: 高度}\n"


def test_steps_are_agreed_previewed_run_and_undone(run: Callable[..., Said], tmp_path: Path) -> None:
    for name, text in (("lamps.csv", TABLE), ("steps.yaml", STEPS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run("ingest", tmp_path / "lamps.csv", "--dataset", "lamps", "--new", "--title", "灯").code == 0
    with terminal_call() as call:
        office = table_by_id(call.session, table_of(call, "lamps")).office_id
        for account, role, of in (("jia", Role.steward, office), ("yi", Role.reviewer, None)):
            access.add_person(call, account=account, password="a-long-password", role=role, office=of)
    assert "no cleansing plan" in run("quality", "cleansing", "run", "lamps").err
    put = run(
        "quality", "cleansing", "propose", "lamps", "--put", tmp_path / "steps.yaml", "--submit", "--json"
    )
    assert (put.code, put.json["state"], put.json["steps"]) == (0, "in-review", 2)
    seen = run("quality", "cleansing", "run", "lamps", "--preview", "--json")
    assert (seen.code, [step["changed"] for step in seen.json["steps"]]) == (1, [1, 1])
    for account in ("jia", "yi"):
        assert run("quality", "cleansing", "approve", "lamps", "--account", account).code == 0
    made = run("quality", "cleansing", "run", "lamps", "--json")
    assert (made.code, made.json["version"], made.json["listed"]) == (1, 2, 3), "one cell is refused"
    again = run("quality", "cleansing", "run", "lamps", "--json")
    assert (again.json["run"], again.json["version"]) == ("", 2)
    back = run("quality", "cleansing", "undo", "lamps", made.json["run"], "--json")
    assert (back.code, back.json["version"]) == (0, 3)
    refused = run("quality", "cleansing", "undo", "lamps", made.json["run"])
    assert refused.code == 1 and "cannot be undone" in refused.err
    listed = run("quality", "cleansing", "list", "lamps", "--json").json
    assert [(each["kind"], each["from"], each["to"]) for each in listed["runs"]] == [
        ("undo", 2, 3),
        ("cleanse", 1, 2),
    ]
    assert "undo" in run("quality", "cleansing", "list", "lamps").out
