"""An element is proposed from a column's name, shape and values, with the reasons said.

``columns.json`` holds columns of real public tables, judged by hand: ``truth`` is the right element, several
with ``|``, empty for none.  Tables of part "new" were not looked at before the scoring was made.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kaishu.elements import ColumnFacts, Suggestion, facts_of_rows, shipped_elements, shipped_labels, suggest

LIBRARY = tuple(shipped_elements().values())
JUDGED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "columns.json").read_text("utf-8"))


def best(facts: ColumnFacts) -> Suggestion | None:
    found = suggest(facts, LIBRARY, shipped_labels)
    return found[0] if found and found[0].proposed else None


def column(name: str, *values: str, type: str = "text") -> ColumnFacts:
    return facts_of_rows([{"name": name, "type": type}], [(value,) for value in values])[0]


def test_proposals_for_real_columns_are_nearly_all_right() -> None:
    assert len(JUDGED) >= 60
    right = wrong = missed = 0
    for each in JUDGED:
        found = best(ColumnFacts((each["column"],), each["type"], each["values"], 0))
        truth = each["truth"].split("|")
        if found is None:
            missed += "" not in truth
        elif found.element.code in truth:
            right += 1
        else:
            wrong += 1
    assert right / (right + wrong) >= 0.95
    assert right / (right + wrong + missed) >= 0.7


def test_a_check_digit_speaks_without_a_name() -> None:
    found = best(column("c1", "11010519491231002X", "110105194912310038"[:17] + "0"))
    assert found is None or found.element.code != "credit-code"
    found = best(column("c1", "11010519491231002X"))
    assert found is not None
    assert found.element.code == "citizen-id"
    assert "专用校验" in found.reasons[0]


def test_initials_and_spelling_lead_to_the_element() -> None:
    for name, code in (("xzqhdm", "division"), ("hunyinzhuangkuang", "marital-status"), ("LXDH", "phone")):
        values = {"division": "110105", "marital-status": "10", "phone": "010-65001234"}[code]
        found = best(column(name, values))
        assert found is not None, name
        assert found.element.code == code


def test_values_that_do_not_fit_take_the_proposal_back() -> None:
    assert best(column("身份证号", "见附件", "不详", "张三")) is None
    assert best(column("纬度", "116.3", "117.9", "121.4", type="number")) is None
    names = best(column("性别", "男", "女"))
    assert names is not None
    assert any("不是代码" in reason for reason in names.reasons)
    assert names.score < best(column("性别", "1", "2")).score  # type: ignore[union-attr]


def test_a_column_without_values_or_of_odd_values_is_judged_without_a_fault() -> None:
    assert best(column("姓名")) is None
    for value in ("", "\x00", "٣٤", "𠮷", "9" * 400, "=1+1", "<b>"):
        for element in LIBRARY:
            suggest(column(element.name, value), LIBRARY[:20], shipped_labels)
