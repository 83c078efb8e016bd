"""Files of steps: every mistake has its line; failed rules become a draft that can be read again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaishu.quality import check_data, parse_rules
from kaishu.quality.cleansing import (
    MATRIX,
    STRATEGIES,
    TREATMENTS,
    bind_steps,
    parse_steps,
    propose,
    steps_text,
)
from kaishu.quality.errors import BadSteps
from tests.quality.rows_in_memory import RowsInMemory

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("steps:\n - stap: trim", 2, "steps[1].step", "missing"),
        ("steps:\n - step: trin", 2, "steps[1].step", 'did you mean "trim"'),
        ("steps:\n - step: trim\n   colum: a", 3, "steps[1].colum", 'did you mean "column"'),
        ("steps:\n - step: dates", 2, "steps[1].column", "missing"),
        ("steps:\n - step: case\n   to: title", 3, "steps[1].to", "one of"),
        ("steps:\n - step: map\n   column: a\n   codes: no", 4, "steps[1].codes", "no code set"),
        ("steps:\n - step: map\n   column: a\n   values: [1]", 4, "steps[1].values", "old value"),
        ("steps:\n - step: fill\n   column: a\n   constant: 1\n   from: b", 5, "steps[1].from", "only one"),
        ("steps:\n - step: filter\n   condition: a >", 3, "steps[1].condition", "character 4"),
        (
            "steps:\n - step: filter\n   failing: {check: unique, column: a}",
            3,
            "steps[1].failing",
            "other rows",
        ),
        (
            "steps:\n - step: split\n   column: a\n   into: [b]\n   pattern: 'a'",
            5,
            "steps[1].pattern",
            "group",
        ),
        ("steps:\n - {step: trim, id: a}\n - {step: trim, id: a}", 3, "steps[2].id", "line 2"),
        ("steps:\n - step: trim\n   strategy: none", 3, "steps[1].strategy", "one of"),
        ("steps:\n - step: fill\n   column: a\n   constant: ''", 4, "steps[1].constant", "empty"),
        ("steps:\n - {step: split, column: a, into: [b], separator: ''}", 2, "steps[1].separator", "empty"),
        ("a: [1", 2, "", "not YAML"),
        ("steps: []", 1, "steps", "missing"),
    ],
)
def test_every_mistake_is_named_with_line_and_key(text: str, line: int, key: str, said: str) -> None:
    with pytest.raises(BadSteps) as caught:
        parse_steps(text, "s.yaml")
    found = [(each.line, each.key, each.said.en) for each in caught.value.problems]
    assert any(one[:2] == (line, key) and said in one[2] for one in found), found


def test_columns_and_types_are_looked_at_before_any_row_is_read() -> None:
    steps = parse_steps(
        "key: nr\nsteps:\n - {step: trim, column: naem}\n - {step: dates, column: age}\n"
        " - {step: split, column: name, into: [a, b], separator: x}\n - {step: trim, column: a, when: age}\n"
        " - {step: derive, column: age, expression: a}\n - {step: fill, column: age, constant: x}"
    )
    with pytest.raises(BadSteps) as caught:
        bind_steps(steps, {"name": "text", "age": "integer"})
    said = [(each.line, each.said.en) for each in caught.value.problems]
    assert [line for line, _ in said] == [1, 3, 4, 6, 7, 8]
    assert 'did you mean "name"' in said[1][1] and "can be read with it as text" in said[2][1]


RULES = """
key: n
rules:
  - {id: id, check: citizen-id, column: id, level: critical}
  - {id: agrees, check: citizen-id, column: id, birth: birth, level: warning}
  - {id: there, check: not-null, column: birth}
  - {id: positive, check: expression, expression: number(n) > 0, level: critical}
  - {id: once, check: unique, column: n}
  - {id: sex, check: in, column: sex, codes: gb-t-2261-1, when: n is not null}
  - {id: name, check: not-null, column: name, level: warning}
  - {id: many, check: row-count, min: 100}
  - {id: fine, check: length, column: n, max: 9}
"""


def test_failed_rules_become_a_draft_by_importance_and_severity() -> None:
    data = RowsInMemory(
        dict.fromkeys(("n", "id", "birth", "sex", "name"), "text"),
        {
            "n": ["-1", "-1"],
            "id": ["x", "y"],
            "birth": ["2020-01-01", None],
            "sex": ["男", "1"],
            "name": [None, "a"],
        },
    )
    rules = parse_rules(RULES)
    found = propose(rules, check_data(data, rules), importance={"id": "high", "sex": "high", "name": "low"})
    drafts = {each.rule: (each.strategy, [step["step"] for step in each.steps]) for each in found}
    assert drafts == {
        "id": ("complete", ["trim", "width", "case"]),
        "positive": ("filter", ["filter"]),
        "there": ("complete", ["fill"]),
        "once": ("filter", ["deduplicate"]),
        "sex": ("complete", ["map"]),
        "many": ("complete", []),
        "name": ("tolerate", ["tolerate"]),
    }
    text = steps_text(found, rules)
    steps = parse_steps(text)
    bind_steps(steps, {column["name"]: column["type"] for column in data.columns})
    assert len(steps.steps) == 8 and "a person has to decide" in text
    assert [step.when is not None for step in steps.steps if step.id == "sex-1"] == [True]


def test_the_matrix_names_a_strategy_for_every_case() -> None:
    assert {each for row in MATRIX.values() for each in row.values()} == set(STRATEGIES)
    assert all(list(row) == ["critical", "error", "warning"] for row in MATRIX.values())


def test_the_page_tells_every_kind_with_every_parameter() -> None:
    page = (DOCS / "cleansing.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", page, re.M | re.S))
    assert list(told) == list(TREATMENTS)
    for name, kind in TREATMENTS.items():
        assert set(re.findall(r"^\| `(.+?)` \|", told[name], re.M)) == set(kind.parameters), name
