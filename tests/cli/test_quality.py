"""``kaishu quality rules --from-elements``: what accepted elements bring goes into the draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kaishu import elements, quality
from kaishu.cli.entrance import terminal_call
from kaishu.cli.quality import table_of
from tests.cli.conftest import Said

TABLE = "性别,公民身份号码,名称\n1,11010519491231002X,甲\n2,440524188001010014,乙\n"


def test_checks_of_elements_are_added_once(run: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE, encoding="utf-8")
    assert run("ingest", tmp_path / "people.csv", "--dataset", "people", "--new", "--title", "人").code == 0
    nothing = run("quality", "rules", "people", "--from-elements", "--json")
    assert (nothing.code, nothing.json) == (0, [])
    assert "no check" in nothing.err
    with terminal_call() as call:
        table = table_of(call, "people")
        for column, code in (("性别", "sex"), ("公民身份号码", "citizen-id"), ("名称", "amount")):
            elements.assign(call, table, column, code, dataset_id="d", office=_office(call, table))
    (book,) = run("quality", "rules", "people", "--from-elements", "--json").json
    assert (book["state"], book["number"]) == ("draft", 1)
    rules = quality.parse_rules(book["text"]).rules
    assert [(rule.id, rule.check.reads) for rule in rules[:2]] == [
        ("sex-in", ("性别",)),
        ("citizen-id-citizen-id", ("公民身份号码",)),
    ]
    again = run("quality", "rules", "people", "--from-elements", "--json")
    assert "no check" in again.err
    assert again.json == [book]
    both = run("quality", "rules", "people", "--from-elements", "--put", tmp_path / "people.csv")
    assert both.code == 2


def _office(call: object, table: str) -> str:
    from kaishu.lake import table_by_id

    return table_by_id(call.session, table).office_id  # type: ignore[attr-defined]
