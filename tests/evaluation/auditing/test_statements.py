"""A list of an evaluator's own: what is read, what is refused, what the tables show by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu.evaluation.auditing import audit_document, audit_figures
from kaishu.evaluation.auditing.errors import BadStatements, TableUnreadable
from kaishu.reporting import html_page

PLACES = "row_no,place,views,datasets,average_views\n1,甲,1000,10,100\n2,乙,500,20,26\n3,甲,1000,10,100\n"


def listed(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "places_top_2.csv").write_text(PLACES, encoding="utf-8")
    path = listed(
        tmp_path,
        "陈述,数值,单位,算式,基数,另算,另算理由\n"
        "地方数,3,个,count(places_top_2),,,\n"
        "不重的地方数,3,个,count(distinct(places_top_2.place)),,count(places_top_2),重复的也计入\n"
        "有接口的比例,80.32,%,,86,,\n"
        "有目录的比例,40.23,%,,86; 87,,\n"
        "没有接口17个占86个,19.77,%,,,,\n"
        "只有文字,50,%,,,,\n"
        "占比3/0,50,%,,,,\n",
    )
    audit = audit_figures(path)
    assert [each.verdict.word for each in audit.results] == [
        "yes",
        "partly",
        "no",
        "partly",
        "yes",
        "unchecked",
        "unchecked",
    ]
    assert [each.basis for each in audit.results] == [
        "tables",
        "tables",
        "whole",
        "whole",
        "arithmetic",
        "none",
        "none",
    ]
    assert audit.results[1].verdict.why.en == "reckoned otherwise it is 3: 重复的也计入"
    assert audit.results[3].verdict.why.en == "only of 87: equal (k=35)"
    assert [each.said.en for each in audit.findings] == [
        "a top 2, yet 3 rows",
        "the whole row is repeated: 甲、1000、10、100",
        "the same subject stands twice: 甲",
        "different subjects have the same numbers: 1000、100",
        "average_views is printed as 26; views/datasets gives 25",
    ]


def test_one_subject_with_two_figures(tmp_path: Path) -> None:
    path = listed(
        tmp_path, "statement,value,unit,figure_or_table\n平台数,670,个,1\n平台 数,671,个,2\n平台数,5,个,表3\n"
    )
    assert [[each.line for each in group] for group in audit_figures(path).conflicts] == [[2, 3]]


def test_a_last_row_of_totals_is_added_up(tmp_path: Path) -> None:
    (tmp_path / "parts.csv").write_text("name,n\n甲,204\n乙,83\n合计,223\n", encoding="utf-8")
    found = audit_figures(listed(tmp_path, "value\n1\n")).findings
    assert [each.said.en for each in found] == ["n sums to 287, printed 223"]


def test_figures_quoted_in_a_table_are_set_beside_one_another(tmp_path: Path) -> None:
    (tmp_path / "quoted.csv").write_text(
        "section,subject,category,value,unit\n"
        '5.2,深圳市,数据集,2739,个\n5.3,深圳市,数据集,2769,个\n5.4,深圳市,数据集,"2,739",个\n'
        "1,甲,有,33.3,%\n1,甲,无,33.3,%\n1,甲,不明,33.3,%\n2,乙,有,60,%\n2,乙,无,38.0,%\n3,丙,有,60,%\n",
        encoding="utf-8",
    )
    found = audit_figures(listed(tmp_path, "value\n1\n")).findings
    assert [(each.lines, each.said.en) for each in found] == [
        ((8, 9), "the shares listed of 乙 sum to 98, not 100"),
        ((2, 3, 4), "深圳市 数据集 个 has several values: 2739、2769、2,739"),
    ]


def test_mistakes_are_all_told_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x\n1\nzwei\n", encoding="utf-8")
    path = listed(
        tmp_path,
        "value,relation,compute,base,otherwise,agrees\n"
        ",,,,,\n1,roughly,,,,\n1,,count(t,,,\n1,,,86.5,,\n1,,,,1 +,\n1,,,,,maybe\nviele,,,86,,\n",
    )
    with pytest.raises(BadStatements) as caught:
        audit_figures(path)
    assert [(each.row, each.column) for each in caught.value.problems] == [
        (2, "value"),
        (3, "relation"),
        (4, "compute"),
        (5, "base"),
        (6, "otherwise"),
        (7, "agrees"),
        (8, "value"),
    ]
    path = listed(tmp_path, "value,compute,otherwise\n1,count(u),\n1,sum(t.x),\n1,sum(t.y),\n9,1,count(u)\n")
    with pytest.raises(BadStatements) as caught:
        audit_figures(path)
    assert [(each.row, each.column) for each in caught.value.problems] == [
        (2, "compute"),
        (3, "compute"),
        (4, "compute"),
        (5, "otherwise"),
    ]
    assert (
        'row 3, column "compute": Formula "sum(t.x)", character 5: "zwei" is no number'
        in caught.value.sentence("en")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"statement\nx\n", 'no column "value"'),
        (b"", "no column names"),
        (b"value,value\n1,2\n", "or one twice"),
        (b"value\n\xff\xfe\n", "not UTF-8"),
        (b'value\n"1\n', "line"),
        (b"value\n1,2\n", "line 2 has 1 more cells"),
    ],
)
def test_files_that_are_no_lists(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(TableUnreadable) as caught:
        audit_figures(path)
    assert words in caught.value.sentence("en")


def test_explanations_must_fit_the_list(tmp_path: Path) -> None:
    path = listed(tmp_path, "statement,value,compute,agrees\n甲,1,2,yes\n")
    words = tmp_path / "list.explained.yaml"
    words.write_text("- {statement: 甲, zh: 因为, en: because}\n", encoding="utf-8")
    audit = audit_figures(path)
    assert (audit.results[0].verdict.word, audit.explanations[2].en) == ("no", "because")
    words.write_text("- {statement: 乙, zh: 因为, en: because}\n- {zh: 无}\n", encoding="utf-8")
    with pytest.raises(BadStatements, match="2 problems"):
        audit_figures(path)
    words.write_text("- [", encoding="utf-8")
    with pytest.raises(BadStatements, match="not YAML"):
        audit_figures(path)


def test_text_of_the_list_is_escaped_in_the_report(tmp_path: Path) -> None:
    path = listed(tmp_path, "statement,value,compute\n<script>x</script>,1,2\n")
    assert "<script>x" not in html_page(audit_document(audit_figures(path), "en"))
