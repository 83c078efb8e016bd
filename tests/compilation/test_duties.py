"""A duty list becomes proposed entries with evidence, and the gaps on both sides are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaishu import catalogue, compilation, ledger
from kaishu.access.errors import OtherOffice, SignInNeeded
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import record_from
from kaishu.compilation.duty_files import DutyRow
from kaishu.compilation.errors import AlreadyDecided, DutyRowsWrong, NoDutyColumn
from kaishu.compilation.matching import candidate, sources_of
from kaishu.compilation.models import DutyList
from kaishu.compilation.proposing import derive, split
from tests.compilation.conftest import Cast

EXAMPLE = compilation.EXAMPLES / "duties-minzhengju.csv"


def take(cast: Cast, path: Path = EXAMPLE) -> DutyList:
    read = compilation.read_duties(path, path.name, own="民政局", others=frozenset({"教育局"}))
    return compilation.import_duties(cast.steward, read, office="minzheng", file_name=path.name)


@pytest.mark.parametrize("name", ["minzhengju", "jiaoyuju"])
def test_the_examples_are_read_without_a_problem_whatever_their_headings(name: str) -> None:
    path = compilation.EXAMPLES / f"duties-{name}.csv"
    read = compilation.read_duties(path, path.name)
    assert not read.problems
    assert len(read.rows) in (40, 30)
    assert {"name", "kind", "body", "basis", "materials", "results"} <= set(read.columns)


def test_a_list_in_gbk_with_a_title_above_is_read_too(tmp_path: Path) -> None:
    text = "民政局权责清单,,\n" + EXAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "清单.csv"
    path.write_bytes(text.encode("gb18030"))
    assert len(compilation.read_duties(path, path.name).rows) == 40


def test_a_list_from_a_workbook_is_read(tmp_path: Path) -> None:
    import csv

    import xlsxwriter

    path = tmp_path / "清单.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("权责清单")
    for number, row in enumerate(csv.reader(EXAMPLE.open(encoding="utf-8"))):
        sheet.write_row(number, 0, row)
    book.close()
    assert len(compilation.read_duties(path, path.name).rows) == 40


def test_certificates_lists_and_registers_become_information_and_papers_of_others_do_not() -> None:
    said = {
        "materials": "1.身份证复印件；2、户口簿；③会员名单（一式两份）；申请表",
        "results": "结婚证、不予登记通知书",
    }
    derived = derive(DutyRow(3, "结婚登记", "行政确认", said))
    assert derived.made == [("结婚证信息", "result"), ("会员名单", "material")]
    assert derived.needs == ["身份证（公安机关）", "户口簿（公安机关）"]
    assert derive(DutyRow(3, "临时救助", "行政给付", {})).made == [("临时救助发放信息", "register")]


@given(st.text())
@example("'\x0c0营业")
def test_any_cell_is_split_into_clean_names(cell: str) -> None:
    for name in split(cell):
        assert len(name) > 1
        assert name == name.strip()


def test_names_and_fields_make_the_score_and_say_why(cast: Cast) -> None:
    record = record_from(
        {"title": "全市结婚登记证名录", "items": [{"name": "a", "title": "登记日期"}, {"name": "登记机关"}]}
    )
    dataset = catalogue.add_dataset(cast.boss, record=record, office="minzheng", name="marriages")
    found = sources_of(
        "结婚登记证信息", ["登记日期", "登记机关", "登记证号", "男方姓名"], [candidate(dataset)]
    )
    assert found[0]["dataset"] == "marriages"
    assert found[0]["score"] == pytest.approx(0.6 + 0.2)
    assert "登记日期、登记机关" in found[0]["reasons"][1]["zh"]


def test_a_list_becomes_proposals_that_are_accepted_changed_joined_or_declined(cast: Cast) -> None:
    have = record_from({"title": "行政区划代码名录", "description": "全市行政区划代码与名称。"})
    catalogue.add_dataset(cast.boss, record=have, office="minzheng", name="divisions")
    made = take(cast)
    assert (made.duties, made.left_out) == (40, 0)
    proposals = {p.information: p for p in compilation.proposals_of(cast.steward, made.id)}
    assert len(compilation.duties_of(cast.steward, made.id)) == 40
    marriage = proposals["结婚证信息"]
    assert len(marriage.also) == 1, "two duties give marriage certificates"
    dataset = compilation.accept(cast.steward, marriage.id, {"title": "结婚登记信息"})
    record = dataset.record
    assert record["business_item"] == "内地居民结婚登记"
    assert record["business_information"] == "结婚证信息"
    assert record["share_condition"] == "法律依据：《婚姻登记条例》第四条"
    assert record["open_class"] == "none"
    assert "男方姓名" in record["data_standard"]
    assert record["title"] == "结婚登记信息"
    assert catalogue.codes.check(record["resource_code"], office_code="11000002") == []
    divisions = proposals["行政区划代码名录"]
    assert compilation.is_same(divisions.sources[0])
    joined = compilation.accept(cast.steward, divisions.id, into="divisions")
    assert joined.record["data_source"] == "行政区划代码名录（divisions）"
    with pytest.raises(AlreadyDecided):
        compilation.accept(cast.steward, marriage.id)
    with pytest.raises(ReasonNeeded):
        compilation.decline(cast.steward, proposals["离婚证信息"].id, " ")
    compilation.decline(cast.steward, proposals["离婚证信息"].id, "并入婚姻登记")
    assert compilation.reopen(cast.steward, proposals["离婚证信息"].id).state == "open"
    actions = [entry.action for entry in ledger.entries(cast.boss.session, "proposal", marriage.id, 9)]
    assert actions == ["compilation.proposal.accept"]


def test_gaps_are_counted_on_both_sides(cast: Cast) -> None:
    loose = record_from({"title": "办公电话", "description": "各科室办公电话。"})
    catalogue.add_dataset(cast.boss, record=loose, office="minzheng", name="phones")
    made = take(cast)
    before = compilation.gaps(cast.steward)[0]
    assert (before.duties, len(before.without_data), before.datasets) == (40, 40, 1)
    assert [each.name for each in before.without_duty] == ["phones"]
    first = compilation.proposals_of(cast.steward, made.id, "open")[0]
    compilation.accept(cast.steward, first.id)
    after = compilation.gaps(cast.steward)[0]
    assert len(after.without_data) == 40 - 1 - len(first.also)
    assert [each.name for each in after.without_duty] == ["phones"]
    assert after.covered == pytest.approx((1 + len(first.also)) / 40)


def test_wrong_rows_are_named_and_nothing_is_half_taken(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_text(
        "事项名称,部门,法律依据\n甲登记,民政局,某法\n,民政局,某法\n甲登记,民政局,某法\n乙许可,教育局,某法\n丙检查,救助站,x\n",
        encoding="utf-8",
    )
    read = compilation.read_duties(path, path.name, own="民政局", others=frozenset({"教育局"}))
    assert [(p.row, p.heading) for p in read.problems] == [(3, "事项名称"), (4, "事项名称"), (5, "部门")]
    assert all(problem.said.en for problem in read.problems)
    with pytest.raises(DutyRowsWrong) as wrong:
        compilation.import_duties(cast.steward, read, office="minzheng", file_name="x")
    assert "第3行" in wrong.value.sentence("zh")
    assert compilation.duty_lists(cast.steward) == []
    made = compilation.import_duties(cast.steward, read, office="minzheng", file_name="x", only_good=True)
    assert (made.duties, made.left_out) == (2, 3)


def test_a_file_without_duties_says_which_columns_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(NoDutyColumn, match="甲、乙"):
        compilation.read_duties(path, path.name)
    path.write_text("甲,,,*,乙,\n1,2,3,4,5,6\n", encoding="utf-8")
    with pytest.raises(NoDutyColumn) as caught:
        compilation.read_duties(path, path.name)
    assert "、、" not in caught.value.sentence("zh")


def test_others_may_neither_take_in_nor_see(cast: Cast) -> None:
    made = take(cast)
    read = compilation.read_duties(EXAMPLE, EXAMPLE.name)
    with pytest.raises(OtherOffice):
        compilation.import_duties(cast.stranger, read, office="minzheng", file_name="x")
    with pytest.raises(OtherOffice):
        compilation.proposals_of(cast.stranger, made.id)
    with pytest.raises(SignInNeeded):
        compilation.duty_lists(cast.visitor)
    assert compilation.duty_lists(cast.stranger) == []
    assert len(compilation.duty_lists(cast.reviewer)) == 1
    compilation.remove_list(cast.steward, made.id)
    assert compilation.duty_lists(cast.reviewer) == []
