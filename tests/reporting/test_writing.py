"""One document, three files: nothing of it is lost, and none of it is taken for a command."""

from __future__ import annotations

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
    as_pdf,
    html_page,
    write_document,
)
from kaishu.reporting.errors import FormatUnknown, NoChineseFont, ReportsMissing

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


def test_the_page_escapes_what_it_says() -> None:
    page = html_page(REPORT)
    assert "<b>" not in page and "&lt;b&gt;#panic() *开数* \ufffd" in page
    assert page.count("<svg") == 1 and 'width="150.0"' in page and 'width="300.0"' in page


def test_word_has_styles_and_repeats_the_heads_of_tables() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    read = docx.Document(BytesIO(write_document(REPORT, "docx")))
    assert [(p.style.name, p.text) for p in read.paragraphs[:2]] == [
        ("Title", f"报告{SHOWN}"),
        ("Heading 1", "第一节"),
    ]
    facts, bars, table, empty = read.tables
    assert facts.cell(0, 1).text == SHOWN and bars.cell(0, 1).text == "█" * 10 + "░" * 10
    assert len(table.rows) == 91 and len(empty.rows) == 1
    assert "w:tblHeader" in table.rows[0]._tr.xml and "w:tblHeader" not in table.rows[1]._tr.xml
    assert 'w:eastAsia="Microsoft YaHei"' in read.styles["Heading 1"].element.xml


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
