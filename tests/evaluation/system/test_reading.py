"""A passport is read strictly: what is wrong is named with its line, its key and the choices."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from kaishu import evaluation
from kaishu.evaluation.system.errors import BadSystem, NoSystem
from kaishu.evaluation.system.schema import FILE, make_schema

GOOD = """\
system: human-development
edition: 2014
title: {zh: 人类发展指数, en: Human Development Index}
scale: [0, 1]
digits: 3
units: {id: iso3, name: country}
aggregate: {levels: {0: geometric}}
rank: {decimals: 3}
tree:
  - code: 1.10
    title: 健康
    weight: 1/3
    indicator: {from: {column: le}, normalise: {goalposts: [20, 85]}}
  - code: "2"
    weight: 1/3
    children:
      - {code: eys, weight: 50%, indicator: {normalise: {goalposts: [0, 18]}}}
      - {code: mys, weight: 0.5, indicator: {normalise: {goalposts: [0, 15]}}}
  - code: yes
    weight: 1/3
    indicator: {normalise: {log-goalposts: [100, 75000]}, unit: PPP $}
"""


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BadSystem) as caught:
        evaluation.read_system(text)
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return [(each.line, each.key, each.said.en) for each in caught.value.problems]


def changed(old: str, new: str) -> list[tuple[int, str, str]]:
    assert old in GOOD
    return problems(GOOD.replace(old, new, 1))


def test_scalars_are_what_their_key_says() -> None:
    passport = evaluation.read_system(GOOD)
    assert [node.code for node in passport.tree] == ["1.10", "2", "yes"]
    assert passport.edition == "2014"
    assert [node.weight for node in passport.node("2").children] == [Fraction(1, 2)] * 2
    assert passport.title.said("en") == "Human Development Index"
    assert passport.node("1.10").title.said("en") == "健康"


def test_the_canonical_form_is_the_same_system_with_the_same_print() -> None:
    passport = evaluation.read_system(GOOD)
    form = evaluation.canonical(passport)
    again = evaluation.read_system(json.loads(json.dumps(form)))
    assert again == passport
    assert evaluation.fingerprint(again) == evaluation.fingerprint(passport)
    same = evaluation.read_system(GOOD.replace("50%", "0.50").replace("scale: [0, 1]", "scale: [0.0, 1]"))
    assert evaluation.fingerprint(same) == evaluation.fingerprint(passport)
    other = evaluation.read_system(GOOD.replace("[20, 85]", "[20, 84]"))
    assert evaluation.fingerprint(other) != evaluation.fingerprint(passport)


@pytest.mark.parametrize(
    "said",
    [
        "outliers: {winsorise: 5}",
        "outliers: {winsorise: 5, then: log}",
        "missing: {threshold: 0.66}",
        "missing: {impute: mean}",
        "missing: {impute: {constant: 0}}",
        "normalise: {min-max: [0, 1]}",
        "normalise: {z-score: [0, 1]}",
        "normalise: {target: 80, cut: true}",
        "normalise: {efficacy: [1, 2], cut: false}",
        "weights: {pca: {negative: refuse}}",
        "weights: {combined: {objective: entropy, share: 0.5, how: linear}}",
        "grades: {equal-width: 5}",
        "grades: {quantiles: [0.5]}",
        "ranges: {within: all}",
        "rank: {ties: best, within: all}",
    ],
)
def test_a_choice_written_out_at_its_default_is_read_back(said: str) -> None:
    key = said.partition(":")[0]
    kept = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{key}:"))
    passport = evaluation.read_system(kept.replace("tree:", f"{said}\ntree:", 1))
    form = json.loads(json.dumps(evaluation.canonical(passport)))
    assert evaluation.read_system(form) == passport


def test_weights_that_do_not_sum_are_shown_with_their_sum() -> None:
    [(line, key, said)] = changed("50%", "0.6")
    assert (line, key) == (17, "tree[2].children[1].weight")
    assert "1.1" in said and "eys 0.6 + mys 0.5" in said


def test_tenths_that_do_not_sum_in_binary_sum_here() -> None:
    weights = (0.28, 0.12, 0.30, 0.08, 0.12, 0.10)
    assert sum(weights) != 1
    tree = [{"code": f"d{n}", "weight": weight, "indicator": {}} for n, weight in enumerate(weights)]
    evaluation.read_system({"system": "x", "tree": tree})


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("weight: 50%, ", "", 17, "tree[2].children[1]", "missing at: eys"),
        ("mys", "eys", 18, "tree[2].children[2].code", "is there twice"),
        ("digits: 3", "digit: 3", 5, "digit", 'did you mean "digits"'),
        ("geometric", "geometrical", 7, "aggregate.levels.0", "arithmetic"),
        ("goalposts: [20", "goalpost: [20", 13, "tree[1].indicator.normalise", 'did you mean "goalposts"'),
        ("[20, 85]", "[20, many]", 13, "tree[1].indicator.normalise.goalposts[2]", "number"),
        ("[20, 85]", "[20, .nan]", 13, "tree[1].indicator.normalise.goalposts[2]", "number"),
        ("[20, 85]}", "[85, 20]}, direction: less", 13, "tree[1].indicator.normalise", "given twice"),
        ("[100, 75000]", "[0, 75000]", 21, "tree[3].indicator.normalise.log-goalposts", "more than 0"),
        ("scale: [0, 1]", "scale: [1, 0]", 4, "scale", "low end"),
        ("digits: 3", "digits: true", 5, "digits", "whole number"),
        ("weight: 1/3", "weight: -0.3", 12, "tree[1].weight", "at least 0"),
        ("scale: [0, 1]", "edition: 3", 4, "edition", "twice"),
        ("system: human-development", "system: Human Development", 1, "system", "lower case"),
        ("iso3", "[a", 6, "", "YAML"),
    ],
)
def test_mistakes_are_named_where_they_stand(old: str, new: str, line: int, key: str, words: str) -> None:
    found = changed(old, new)
    assert any(each[:2] == (line, key) and words in each[2] for each in found), found


def test_a_cycle_of_references_is_refused() -> None:
    text = "system: x\ntree: &loop\n  - code: a\n    children: *loop\n"
    [(line, key, said)] = problems(text)
    assert (line, key) == (2, "tree[1].children") and "cycle" in said


def test_references_that_grow_without_end_are_refused() -> None:
    doubling = "\n".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 9))
    [(_, _, said)] = problems(f"x0: &x0 [1, 2]\n{doubling}\n")
    assert "too much" in said


def test_directions_that_contradict_each_other_are_refused() -> None:
    leaf = {"normalise": {"steps": [[0, 5], [10, 3], [20, 0]]}, "direction": "more"}
    with pytest.raises(BadSystem, match="given twice"):
        evaluation.read_system({"system": "x", "tree": [{"code": "a", "indicator": leaf}]})
    reversed_posts = {"normalise": {"goalposts": [30, 10]}}
    evaluation.read_system({"system": "x", "tree": [{"code": "a", "indicator": reversed_posts}]})


CLASSES = """\
system: modes
units: {id: id, class: mode}
classes:
  依场景授权: {not-applicable: [product], fold: {product: scenario}}
tree:
  - {code: scenario, weight: 0.30, indicator: {}}
  - {code: product, weight: 0.12, indicator: {}}
  - {code: other, weight: 0.58, indicator: {}}
"""


def test_classes_are_held_against_the_tree() -> None:
    evaluation.read_system(CLASSES)
    for old, new, words in [
        ("[product]", "[products]", 'no "products"'),
        ("{product: scenario}", "{other: scenario}", "folds into a sibling"),
        ("[product]", "[scenario, product, other]", "nothing applies"),
        (", class: mode", "", "which column is the class"),
        ("fold: {product: scenario}", "weights: {scenario: 0.5}", "sum to 1.08"),
    ]:
        assert old in CLASSES
        assert any(words in each[2] for each in problems(CLASSES.replace(old, new))), words


def test_grades_stages_and_conditions_are_held_against_the_tree() -> None:
    tree = "tree: [{code: a, indicator: {}}]\nsystem: x\n"
    for more, words in [
        ("grades: [{grade: A, at-least: 3}, {grade: B, at-least: 4}]", "best grade comes first"),
        ("grades: [{grade: A}, {grade: B, at-least: 4}]", "only the lowest"),
        ("grades: {equal-width: 3, names: [A, B]}", "3 names"),
        ("grades: [{grade: A}]\nvetoes: [{when: {node: b, at-least: 1}, at-most: A}]", 'no "b"'),
        ("vetoes: [{when: {node: a, at-least: 1}, at-most: Z}]", 'no grade "Z"'),
        ("stages: [{stage: I, all: [{node: a}]}]", "exactly one of"),
        ("stages: [{stage: I, all: [{node: a, at-least: 1, at-most: 2}]}]", "exactly one of"),
        ("stages: [{stage: I}, {stage: I}]", "already"),
        ("rank: {within: group}", "column is the group"),
        ("ranges: {base: 2019}", "column is the period"),
    ]:
        assert any(words in each[2] for each in problems(f"{tree}{more}\n")), (
            more,
            problems(f"{tree}{more}\n"),
        )


def test_a_matrix_of_judgements_is_square_and_reciprocal() -> None:
    tree = "tree: [{code: a, indicator: {}}, {code: b, indicator: {}}]\nsystem: x\n"
    assert "2 by 2" in problems(tree + "weights: {ahp: [[1]]}\n")[0][2]
    assert "reciprocal" in problems(tree + "weights: {ahp: [[1, 3], [0.3, 1]]}\n")[0][2]
    evaluation.read_system(tree + "weights: {ahp: [[1, 3], [1/3, 1]]}\n")
    mixed = tree + "weights: {combined: {subjective: {ahp: [[1, 3], [2, 1]]}}}\n"
    assert "reciprocal" in problems(mixed)[0][2]
    heavy = tree.replace("code: a,", "code: a, weight: 1/2,").replace("code: b,", "code: b, weight: 0.5,")
    assert "already" in problems(heavy + "weights: {ahp: [[1, 3], [1/3, 1]]}\n")[0][2]


def test_a_name_that_is_nothing_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(NoSystem) as caught:
        evaluation.read_system("no-such-system")
    assert "--list" in caught.value.advice("en")
    file = tmp_path / "s.yaml"
    file.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadSystem, match="UTF-8"):
        evaluation.read_system(file)
    file.write_text(GOOD, encoding="utf-8-sig")
    assert evaluation.read_system(str(file)).system == "human-development"


def test_the_schema_shipped_is_that_of_the_model() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(make_schema()))


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() -> None:
    import yaml
    from jsonschema import Draft202012Validator

    schema = Draft202012Validator(make_schema())
    for text in (GOOD.replace("code: yes", 'code: "yes"'), CLASSES):
        assert list(schema.iter_errors(_text_keys(yaml.safe_load(text)))) == []
    assert list(schema.iter_errors(_text_keys(yaml.safe_load(GOOD.replace("digits", "digit")))))
    assert list(schema.iter_errors(_text_keys(yaml.safe_load(GOOD.replace("[20, 85]", "[20]")))))


def test_the_example_of_the_page_is_a_system() -> None:
    page = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    assert evaluation.read_system(example).system == "portals"


def _text_keys(data: object) -> object:
    if isinstance(data, dict):
        return {str(key): _text_keys(value) for key, value in data.items()}
    return [_text_keys(each) for each in data] if isinstance(data, list) else data
