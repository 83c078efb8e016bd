"""One document, three files: nothing of it is lost, and none of it is taken for a command."""

from __future__ import annotations

import re
import sys
from io import BytesIO

import pytest

from kaishu.reporting import (
    Bar,
    Bars,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
    Tile,
    Tiles,
    as_pdf,
    html_page,
    write_document,
)
from kaishu.reporting.drawing import halves
from kaishu.reporting.errors import FormatUnknown, NoChineseFont, ReportsMissing
from kaishu.reporting.word_tables import layout

NASTY = "<b>#panic() *开数* \x00\x0b\ud800"
SHOWN = "<b>#panic() *开数* \ufffd\ufffd\ufffd"
REPORT = Document(
    f"报告{NASTY}",
    "zh",
    [
        Heading("第一节"),
        Facts([("事实", NASTY)]),
        Paragraph(NASTY),
        Note("注"),
        Bars("图", [Bar(NASTY, 0.5, "50"), Bar("过头", 7.0, "700")]),
        Table(NASTY, ("规则", "数"), [(NASTY, str(n)) for n in range(90)], frozenset({1})),
        Table("空表", ("甲",), ()),
    ],
)
GRID = Tiles("图<i>", [Tile(f"北京{NASTY}", 5, 1, 0.5, "3.20"), Tile("河北", 5, 2)])


def test_the_page_escapes_what_it_says() -> None:
    page = html_page(REPORT)
    assert "<b>" not in page and "&lt;b&gt;#panic() *开数* \ufffd" in page
    assert page.count("<svg") == 1 and 'width="65.0"' in page and 'width="130.0"' in page


def test_word_has_styles_and_repeats_the_heads_of_tables() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    read = docx.Document(BytesIO(write_document(REPORT, "docx")))
    assert [(p.style.name, p.text) for p in read.paragraphs[:2]] == [
        ("Title", f"报告{SHOWN}"),
        ("Heading 1", "第一节"),
    ]
    facts, bars, table, empty = read.tables
    assert facts.cell(0, 1).text == SHOWN and bars.cell(0, 0).text == SHOWN
    assert len(table.rows) == 91 and len(empty.rows) == 1
    assert "w:tblHeader" in table.rows[0]._tr.xml and "w:tblHeader" not in table.rows[1]._tr.xml
    assert 'w:eastAsia="Microsoft YaHei"' in read.styles["Heading 1"].element.xml


def test_word_is_set_on_a4_and_every_table_keeps_inside_its_margins() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    heads = [f"第{n}列" for n in range(14)]
    wide = Table("宽", heads, [[f"{n:,}" for n in range(10**8, 10**8 + 14)]], frozenset(range(14)))
    words = Table("字", ("甲", "说明", "数"), [("短", "很长的说明" * 60, "1")], frozenset({2}))
    report = Document("报告", "zh", [*REPORT.blocks, wide, words, GRID])
    read = docx.Document(BytesIO(write_document(report, "docx")))
    (page,) = read.sections
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    assert 'w:instr="PAGE"' in page.footer._element.xml
    room = page.page_width - page.left_margin - page.right_margin
    for table in read.tables:
        widths = [column.width for column in table.columns]
        assert all(widths) and sum(widths) <= room
        assert 'w:type="fixed"' in table._tbl.xml
    short, long, number = (column.width for column in read.tables[-2].columns)
    assert long > 3 * short and number < short * 2


def test_bars_in_word_are_as_long_as_their_part_and_marked_at_theirs() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    from docx.oxml.ns import qn

    chart = Bars("图", [Bar("甲", 0.5, "50", 0.2), Bar("乙", 7.0, "700"), Bar("丙", 0.0, "0", 0.0)])
    (table,) = docx.Document(BytesIO(write_document(Document("报告", "zh", [chart]), "docx"))).tables
    drawn = []
    for row in table.rows:
        cells = row._tr.tc_lst
        assert sum(cell.grid_span for cell in cells) == len(table.columns)
        pieces = [
            (cell.grid_span, cell.find(".//" + qn("w:shd")).get(qn("w:fill")), "B5342B" in cell.xml)
            for cell in cells[1:-1]
        ]
        drawn.append(pieces)
    full, empty = "2F6B66", "E7E6E2"
    assert drawn == [
        [(10, full, True), (15, full, False), (25, empty, False)],
        [(50, full, False)],
        [(1, empty, True), (49, empty, False)],
    ]
    assert [row.cells[-1].text for row in table.rows] == ["50", "700", "0"]


def test_pdf_has_its_pages_with_the_font_inside() -> None:
    pytest.importorskip("typst", reason="needs the extra reports")
    try:
        made = write_document(REPORT, "pdf")
        pages = as_pdf(REPORT, form="png")
    except NoChineseFont:
        pytest.skip("needs a Chinese font on this machine")
    assert made.startswith(b"%PDF-") and b"/FontFile" in made
    assert len(pages) == 3 and all(page[:4] == b"\x89PNG" for page in pages)


@pytest.mark.parametrize(("library", "form"), [("docx", "docx"), ("typst", "pdf")])
def test_without_the_extra_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch, library: str, form: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ReportsMissing) as told:
        write_document(REPORT, form)
    assert "kaishu[reports]" in told.value.advice("zh")


def test_a_machine_without_chinese_fonts_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("typst", reason="needs the extra reports")
    monkeypatch.setattr("kaishu.reporting.printing.CHINESE", ("No Such Family",))
    with pytest.raises(NoChineseFont):
        write_document(REPORT, "pdf")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FormatUnknown):
        write_document(REPORT, "odt")


def test_tiles_stand_in_their_places_in_all_three_files() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    report = Document("图", "zh", [GRID])
    page = html_page(report)
    assert "<i>" not in page and 'x="381" y="45"' in page and "3.20" in page
    (table,) = docx.Document(BytesIO(write_document(report, "docx"))).tables
    assert table.cell(1, 5).text == f"北京{SHOWN}\n3.20" and table.cell(2, 5).text == "河北"
    assert table.cell(0, 0).text == ""


def test_names_on_tiles_can_be_read_and_fit() -> None:
    names = ("Heilongjiang", "Inner Mongolia", "Hong Kong", "黑龙江", "新疆生产建设兵团")
    page = html_page(Document("图", "en", [Tiles("x", [Tile(each, 0, 0) for each in names])]))
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', page)) >= 11
    assert ">Inner<" in page and ">Mongolia<" in page and ">Heilongjiang<" in page and ">黑龙江<" in page
    assert max(halves(each) for each in re.findall(r">([^<>]+)</text>", page)) <= 12


def test_the_mark_of_a_bar_and_a_folded_table() -> None:
    marked = Bars("图", [Bar("甲", 0.5, "50", 0.25)])
    folded = Table("细<节>", ("甲",), [("乙",)], folded=True)
    page = html_page(Document("报告", "zh", [marked, folded]))
    assert page.count('fill="#B5342B"') == 1
    assert "<details><summary>细&lt;节&gt;</summary>" in page and page.count("细") == 1


def test_a_long_fingerprint_breaks_on_paper() -> None:
    pytest.importorskip("typst", reason="needs the extra reports")
    wide = Document("x", "en", [Facts([("f", "sha256:" + "0123456789abcdef" * 20)])])
    assert len(as_pdf(wide)) > 1000


def test_long_heads_of_numbers_do_not_squeeze_a_column_of_words() -> None:
    heads = ["对象", "阶段", *(["政务信息资源共享开放"] * 5)]
    rows = [["上海", "Ⅱ级 较为完善", *(["0.300"] * 5)]] * 3
    _size, widths = layout(Table("", heads, rows, frozenset(range(2, 7))))
    assert widths[0] > 600 and widths[1] > 1200 and sum(widths) <= 9638


def test_a_word_is_not_broken_where_another_column_has_room() -> None:
    heads = ["unit", "strong in", "stage", "nearest lacking"]
    long = "Management of data models, Integration scheme, Catalogue complies with the guide" * 2
    rows = [["Shanghai", long, "III incomplete", long]] * 3
    size, widths = layout(Table("", heads, rows))
    assert widths[2] >= len("incomplete") * size * 5.4 and sum(widths) <= 9700
