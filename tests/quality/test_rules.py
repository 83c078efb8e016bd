"""Rule files: what is written is what is checked, and every mistake is named with its line."""

from __future__ import annotations

import pytest

from kaishu.quality import CHECKS, DIMENSIONS, bind, parse_rules
from kaishu.quality.errors import BadRules

GOOD = """
table: citizens
key: [id]
levels: {warning: 0, error: 1%, critical: 500}
weights: {accuracy: 2}
rules:
  - id: sex
    check: in
    column: sex
    values: [01, 02, no]
    when: age >= 18 and sex is not null
    owner: 公安局
  - check: not-null
    column: id
    level: critical
    weight: 3
"""


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BadRules) as caught:
        parse_rules(text, "r.yaml")
    return [(each.line, each.key, each.said.en) for each in caught.value.problems]


def test_a_rule_set_keeps_what_was_written() -> None:
    rules = parse_rules(GOOD)
    sex, id = rules.rules
    assert (rules.key, rules.table, rules.weights) == (("id",), "citizens", {"accuracy": 2.0})
    # YAML would make numbers and a boolean of these codes.
    assert sex.check.values == ("01", "02", "no")  # type: ignore[attr-defined]
    assert (sex.dimension, sex.owner, sex.line) == ("conformity", "公安局", 7)
    assert (id.id, id.weight, id.limits.of) == ("2-not-null", 3.0, {"critical": 0})
    assert rules == parse_rules(GOOD)


def test_a_title_stands_in_its_language_or_else_in_the_other_or_else_the_check() -> None:
    titles = (
        "title: 名称必填",
        "title: 名称必填\n    title-en: The name is given",
        "title-en: '2020'",
        "id: x",
    )
    rules = [
        parse_rules(f"rules:\n  - {each}\n    check: not-null\n    column: a\n").rules[0] for each in titles
    ]
    assert [rule.titled("zh") for rule in rules] == ["名称必填", "名称必填", "2020", rules[3].check.zh]
    assert [rule.titled("en") for rule in rules] == [
        "名称必填", "The name is given", "2020", rules[3].check.en,
    ]  # fmt: skip


def test_levels_are_reached_by_share_or_by_number() -> None:
    limits = parse_rules(GOOD).rules[0].limits
    assert [limits.level(failed, 10_000) for failed in (0, 1, 100, 101, 500, 501)] == [
        None,
        "warning",
        "warning",
        "error",
        "error",
        "critical",
    ]


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("rules:\n - chek: unique", 2, "rules[1].check", "missing"),
        ("rules:\n - check: unique\n   colum: a", 3, "rules[1].colum", 'did you mean "column"'),
        ("rules:\n - check: uniqe\n   column: a", 2, "rules[1].check", 'did you mean "unique"'),
        (
            "rules:\n - check: pattern\n   column: a\n   pattern: '(a'",
            4,
            "rules[1].pattern",
            "cannot be parsed",
        ),
        ("rules:\n - check: pattern\n   column: a\n   pattern: '(?=a)b'", 4, "rules[1].pattern", "for ever"),
        ("rules:\n - check: expression\n   expression: a >", 3, "rules[1].expression", "character 4"),
        (
            "rules:\n - check: range\n   column: a\n   min: 1\n   max: 2024-01-01",
            5,
            "rules[1].max",
            "one kind",
        ),
        ("rules:\n - check: in\n   column: a\n   codes: nothing", 4, "rules[1].codes", "no code set"),
        ("rules:\n - check: unique\n   column: a\n   level: bad", 4, "rules[1].level", "one of"),
        (
            "rules:\n - check: unique\n   column: a\n   levels: {error: 1.5}",
            4,
            "rules[1].levels.error",
            "share",
        ),
        ("rules: 7", 1, "rules", "missing"),
        ("rulez:\n - 1", 1, "rulez", 'did you mean "rules"'),
        ("a: [1", 2, "", "not YAML"),
        ("a: 1\na: 2", 2, "a", "repeated"),
        ("rules:\n - id: a\n   check: all-of\n   of: [b]", 4, "rules[1].of", 'no rule "b"'),
        ("rules:\n - id: a\n   check: all-of\n   of: [a]", 4, "rules[1].of", "contains itself"),
        (
            "rules:\n - {id: a, check: unique, column: b}\n - {id: a, check: unique, column: c}",
            3,
            "rules[2].id",
            "line 2",
        ),
    ],
)
def test_every_mistake_is_named_with_line_and_key(text: str, line: int, key: str, said: str) -> None:
    found = problems(text)
    assert any(one[:2] == (line, key) and said in one[2] for one in found), found


def test_all_mistakes_are_told_at_once_in_both_languages() -> None:
    with pytest.raises(BadRules) as caught:
        parse_rules("rules:\n - check: uniqe\n - check: length\n   column: a\n", "r.yaml")
    assert "第2行" in caught.value.sentence("zh") and "第3行" in caught.value.sentence("zh")
    assert "line 2" in caught.value.sentence("en") and "line 3" in caught.value.sentence("en")


def test_columns_are_looked_for_before_any_row_is_read() -> None:
    rules = parse_rules(
        "key: nr\nrules:\n"
        " - {check: unique, column: namee}\n"
        " - {check: not-null, column: age, when: naem = 'x'}\n"
    )
    with pytest.raises(BadRules) as caught:
        bind(rules, {"name": "text", "age": "integer"})
    said = [(each.line, each.said.en) for each in caught.value.problems]
    assert [line for line, _ in said] == [1, 3, 4]
    assert all('did you mean "name"' in text for _, text in said[1:])


def test_types_that_cannot_be_compared_are_found_before_any_row_is_read() -> None:
    rules = parse_rules(
        "rules:\n - {check: expression, expression: day > 5}\n - {check: range, column: day, min: 1}\n"
        " - {check: expression, expression: age + 1}\n - {check: expression, expression: day > 'x'}"
    )
    with pytest.raises(BadRules) as caught:
        bind(rules, {"day": "date", "age": "integer"})
    assert [each.line for each in caught.value.problems] == [2, 3, 4, 5]


def test_a_bomb_of_references_does_not_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "too many" in problems("\n".join(lines))[0][2]


def test_a_stranger_s_check_comes_in_the_same_way_as_ours() -> None:
    for name, kind in CHECKS.items():
        assert kind.kind == name and kind.dimension in DIMENSIONS and kind.zh and kind.en
        assert all(zh and en for zh, en in kind.parameters.values())
