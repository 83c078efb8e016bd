"""What reports say is what results hold: for every built-in system, in both languages, of all and of one."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from kaishu import evaluation
from kaishu.evaluation.analysis import standing
from kaishu.evaluation.reports.diagnosing import diagnose, gains
from kaishu.evaluation.reports.showing import Showing
from kaishu.evaluation.reports.words import UNIT_WORDS, WHOLE_WORDS
from kaishu.reporting import (
    Bars,
    Document,
    Facts,
    Heading,
    Paragraph,
    Table,
    Tiles,
    html_page,
    write_document,
)

DOCS = Path(__file__).parents[3] / "docs"
SYSTEM = """
system: toy
title: {zh: 玩具, en: Toy}
scale: [0, 10]
units: {id: id, name: name, group: kind}
aggregate: %s
tree:
  - {code: a, title: {zh: 甲项, en: First}, weight: 0.5, indicator: {normalise: direct}}
  - {code: b, title: {zh: 乙项, en: Second}, weight: 0.3, indicator: {normalise: direct}}
  - {code: c, title: {zh: 丙项, en: Third}, weight: 0.2, indicator: {normalise: direct}}
"""
DATA = {
    "id": ["1", "2", "3", "4"],
    "name": ["东", "南<i>", "西", "北"],
    "kind": ["市", "市", "县", "县"],
    "a": [9, 5, 4, 3],
    "b": [2, 8, 6, 6],
    "c": [7, None, 1, 5],
}


@cache
def result_of(system: str) -> evaluation.Result:
    return evaluation.evaluate(system)


def toy(method: str = "arithmetic") -> evaluation.Result:
    return evaluation.evaluate(SYSTEM % method, DATA)


def words_of(document: Document) -> list[str]:
    said = [document.title]
    for block in document.blocks:
        if isinstance(block, Table):
            said += [block.title, *block.heads, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Bars):
            said += [block.title, *(f"{bar.label} {bar.said}" for bar in block.bars)]
        elif isinstance(block, Facts):
            said += [each for pair in block.pairs for each in pair]
        elif not isinstance(block, Tiles):
            said.append(block.text)
    return said


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


@pytest.mark.parametrize("system", evaluation.built_in())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_built_in_system_has_both_reports(system: str, language: str) -> None:
    result = result_of(system)
    for unit in (None, result.table.ids[0]):
        document = evaluation.evaluation_document(result, language, unit=unit)
        said = words_of(document)
        assert not [each for each in said if re.search(r"\bnan\b|\bNone\b|\binf\b|Said\(|[{}]", each)]
        for block in document.blocks:
            if isinstance(block, Table):
                assert block.rows and {len(row) for row in block.rows} == {len(block.heads)}
            if isinstance(block, Bars):
                assert block.bars and all(0 <= bar.part <= 1 for bar in block.bars)
        for first, second in zip(document.blocks, document.blocks[1:], strict=False):
            assert not (isinstance(first, Heading) and isinstance(second, Heading)), first
        assert html_page(document).count("<h2>") == len(headings(document)) >= 5


def test_contributions_in_the_appendix_sum_to_the_score() -> None:
    result = result_of("global-open-data-2020")
    document = evaluation.evaluation_document(result, "en")
    tables = [block for block in document.blocks if isinstance(block, Table) and block.folded]
    assert len(tables) == 20
    for table in tables:
        total = sum(float(row[list(table.heads).index("contribution")]) for row in table.rows)
        assert table.title.endswith(f"({total:.2f})")


def test_stages_are_listed_without_ranks_and_provinces_stand_on_tiles() -> None:
    document = evaluation.evaluation_document(result_of("integration-2018"), "zh")
    heads = {head for block in document.blocks if isinstance(block, Table) for head in block.heads}
    assert "名次" not in heads and "阶段" in heads and "可增" not in heads
    (tiles,) = [block for block in document.blocks if isinstance(block, Tiles)]
    there = {tile.label: tile.said for tile in tiles.tiles if tile.part is not None}
    assert len(tiles.tiles) == 34 and len(there) == 31 and there["上海"] == "Ⅱ级"
    assert len({(tile.column, tile.row) for tile in tiles.tiles}) == 34


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "Ⅳ级 起步的最多，有20个"), ("en", "Most, 20, are in Ⅳ beginning")],
)
def test_of_stages_their_distribution_is_told_and_not_that_of_the_index(language: str, title: str) -> None:
    document = evaluation.evaluation_document(result_of("integration-2018"), language)
    charts = {block.title: block for block in document.blocks if isinstance(block, Bars)}
    assert [bar.said for bar in charts[title].bars] == ["0", "2", "10", "20"]
    assert [bar.part for bar in charts[title].bars] == [0, 0.1, 0.5, 1]
    said = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert not [each for each in said if "中位数" in each or "median" in each or "平均0" in each]
    unit = evaluation.evaluation_document(result_of("integration-2018"), language, unit="上海")
    said = [block.text for block in unit.blocks if isinstance(block, Paragraph)]
    assert not [each for each in said if "同类31个" in each or "peers have a mean" in each]


def test_groups_that_are_ranked_apart_are_not_mixed() -> None:
    document = evaluation.evaluation_document(result_of("authorised-operation-2025"), "zh")
    charts = [block.title for block in document.blocks if isinstance(block, Bars)]
    assert charts[0].startswith("省域：浙江") and charts[1].startswith("城市：杭州")
    (tiles,) = [block for block in document.blocks if isinstance(block, Tiles)]
    assert tiles.title.endswith("（省域）") and sum(tile.part is not None for tile in tiles.tiles) == 9
    assert any("等级的分数线" in each for each in words_of(document))


def test_diagnosis_is_that_of_the_analysis() -> None:
    result = result_of("global-open-data-2020")
    found = diagnose(Showing(result))
    names = [leaf.code for leaf in result.passport.leaves()]
    for row in (0, 7, 19):
        other = standing(found.scores, names, result.table.ids, result.table.ids[row])
        assert found.strengths(row) == list(other.strengths)
        assert found.weaknesses(row) == list(other.weaknesses)
        wanted = [math.nan if line.z is None else line.z for line in other.lines]
        np.testing.assert_allclose(found.z[row], wanted, atol=1e-9)


def test_gains_are_weight_times_gap_under_a_mean_and_exact_under_others() -> None:
    found = gains(diagnose(Showing(toy())))
    row, leaf = 2, 0  # 西 to the best of its group, 北 having less
    assert found.exact and found.gain[row, leaf] == 0.0
    assert found.gain[1, 0] == pytest.approx(toy().weights[1, 1] * 4)
    geometric = gains(diagnose(Showing(toy("geometric"))))
    raised = {**DATA, "c": [7, None, 5, 5]}
    after = evaluation.evaluate(SYSTEM % "geometric", raised)
    assert geometric.gain[2, 2] == pytest.approx(after.index[2] - toy("geometric").index[2])
    assert not gains(diagnose(Showing(toy("topsis")))).exact


def test_a_missing_value_is_named_and_gains_nothing() -> None:
    document = evaluation.evaluation_document(toy(), "zh", unit="2")
    said = words_of(document)
    assert any("缺数据的指标：丙项" in each for each in said) and any(
        "先补数据：丙项" in each for each in said
    )
    assert np.isnan(gains(diagnose(Showing(toy()))).gain[1, 2])


def test_names_are_escaped_on_the_page() -> None:
    page = html_page(evaluation.evaluation_document(toy(), "zh"))
    assert "<i>" not in page and "南&lt;i&gt;" in page


def test_change_since_an_earlier_result_is_split() -> None:
    before = evaluation.evaluate(SYSTEM % "arithmetic", {**DATA, "a": [9, 5, 4, 2], "b": [9, 8, 6, 6]})
    document = evaluation.evaluation_document(toy(), "en", before=before)
    (table,) = [each for each in document.blocks if isinstance(each, Table) and "Since" in each.title]
    east = next(row for row in table.rows if row[0] == "东")
    assert east[1:4] == ["8.60", "6.50", "-2.10"] and east[6:] == ["-2.10", "0.00", "0.00"]
    alone = replace(before, table=replace(before.table, ids=("x", "y", "z", "w")))
    assert "Change" not in headings(evaluation.evaluation_document(toy(), "en", before=alone))


def test_of_several_periods_the_last_is_reported_beside_the_one_before() -> None:
    system = SYSTEM.replace("group: kind", "period: year") % "arithmetic"
    columns = {**DATA, "id": ["1", "2", "1", "2"], "name": ["东", "南", "东", "南"], "c": [1, 2, 3, 4]}
    columns["year"] = ["2023", "2023", "2024", "2024"]
    document = evaluation.evaluation_document(evaluation.evaluate(system, columns), "zh")
    said = words_of(document)
    assert "数据时期为2024。" in said and "本报告评估2个对象，用3个方面的3个指标。" in said
    assert any(each.startswith("与2023相比") for each in said)


def test_word_and_paper_hold_the_same_report() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    document = evaluation.evaluation_document(toy(), "en", unit="1")
    read = docx.Document(BytesIO(write_document(document, "docx")))
    told = [each.text for each in read.paragraphs if each.style.name == "Heading 1"]
    assert told == headings(document)
    pytest.importorskip("typst", reason="needs the extra reports")
    assert write_document(document, "pdf")[:5] == b"%PDF-"


def test_the_page_of_the_manual_lists_every_word() -> None:
    page = (DOCS / "evaluation-reports.md").read_text(encoding="utf-8")
    for name, said in {**WHOLE_WORDS, **UNIT_WORDS}.items():
        assert f"| `{{{name}}}` | {said} | {said.en} |" in page


def test_a_query_of_a_fact_stands_in_the_appendix_once() -> None:
    system = SYSTEM % "arithmetic"
    remarks = {
        (unit, "b"): evaluation.Remark(
            f"从{unit}行统计。", f"from {unit} rows", query="SELECT unit, 1 FROM b"
        )
        for unit in DATA["id"]
    }
    result = evaluation.evaluate(system, DATA)
    facts = evaluation.evaluate(system, replace(result.table, remarks=remarks))
    for unit in (None, "2"):
        said = words_of(evaluation.evaluation_document(facts, "en", unit=unit))
        assert [each for each in said if "SELECT" in each] == ["SELECT unit, 1 FROM b"]
        assert "from 2 rows" in " ".join(said)
    assert evaluation.from_json(facts.as_json()).table.remarks == remarks
