"""Templates: what an evaluator may change, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu import evaluation
from kaishu.evaluation.reports.errors import BadTemplate
from kaishu.evaluation.reports.template import filled
from kaishu.reporting import Heading, Paragraph

HEAD = 'template: t\ntitle: "{title}：简报"\nunit-title: "{unit}"\n'
UNIT = "unit-sections:\n  - section: again\n"


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadTemplate) as caught:
        evaluation.read_template(text)
    assert caught.value.sentence("zh") and caught.value.advice("en")
    return [(each.line, str(each.said)) for each in caught.value.problems]


def test_an_own_template_decides_titles_sentences_and_order(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        HEAD
        + "sections:\n  - section: again\n    title: 尾\n  - section: text\n    title: 头\n"
        + "    text:\n      - '{units}个{{国家}}'\n      - '等级{grades}'\n"
        + UNIT,
        encoding="utf-8",
    )
    document = evaluation.evaluation_document(
        evaluation.evaluate("global-open-data-2020"), "zh", template=path
    )
    assert document.title == "全球开放数据评估（2020）：简报"
    assert [each.text for each in document.blocks if isinstance(each, Heading)] == ["尾", "头"]
    assert [each.text for each in document.blocks if isinstance(each, Paragraph)] == ["20个{国家}"]


def test_the_shipped_template_can_be_printed_and_read() -> None:
    assert evaluation.read_template(evaluation.template_text()).template == "standard"


def test_words_that_do_not_exist_are_told_with_their_line() -> None:
    text = HEAD + "sections:\n  - section: findings\n    text:\n      - '{unitz}{0}{rank}{mean!r}{'\n" + UNIT
    said = problems(text)
    assert {line for line, _ in said} == {7} and len(said) == 5
    assert "是不是“units”" in said[0][1] and "只用于单位报告" in said[2][1] and "没有配对" in said[4][1]


def test_unknown_keys_sections_and_yaml_mistakes() -> None:
    assert problems(HEAD + "sections:\n  - section: map\n    titel: x\n" + UNIT)[0][0] == 6
    (only,) = problems(HEAD + "sections:\n  - section: profile\n" + UNIT)
    assert only[0] == 5 and "findings" in only[1]
    assert problems(HEAD + "sections: [\n")[0][0] >= 4
    assert problems("- a\n- b\n") and problems("a: &x [*x]\n")
    assert "太大" in problems("x\n" * 60_000)[0][1]


def test_nothing_but_words_is_evaluated() -> None:
    assert filled("{{{unit}}}", {"unit": "{score} {{x}}"}) == "{{score} {{x}}}"
    assert filled("{unit} {rank}", {"unit": "甲"}) == ""
