"""A report as a Word file, with Word's own styles, so that its outline and navigation work."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from kaishu.reporting.errors import ReportsMissing
from kaishu.reporting.model import Bars, Block, Document, Facts, Heading, Note, Paragraph, Tiles, printable
from kaishu.reporting.word_tables import bars_xml, facts_xml, table_xml, tiles_xml

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_INK, _QUIET, _SEAL = "1C1B19", "5E5A52", "B5342B"
#: Style to size in points, boldness, colour, and points above and below.
_STYLES = {
    "Normal": (10.5, False, _INK, 0, 6),
    "Title": (18, True, _INK, 0, 12),
    "Heading 1": (14, True, _INK, 18, 6),
    "Heading 2": (12, True, _INK, 12, 4),
    "Caption": (10, True, _INK, 8, 4),
    "Note": (9, False, _QUIET, 2, 8),
}
_MARGIN = 2  # centimetres


def as_word(document: Document) -> bytes:
    """The file.  Raises ``ReportsMissing``.

    Fonts are named by family; where a machine lacks them Word takes its own for East Asian text.
    """
    try:
        import docx
    except ImportError as error:
        raise ReportsMissing(library="python-docx", kind="Word") from error
    made = docx.Document()
    _set_page(made)
    _set_styles(made, document.language)
    made.core_properties.title = printable(document.title)[:255]
    made.core_properties.author = "Kaishu"
    made.core_properties.language = "en" if document.language == "en" else "zh-CN"
    made.add_paragraph(printable(document.title), style="Title")
    for block in document.blocks:
        _put(made, block)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _set_page(made: Any) -> None:
    """A4, with the number of the page at its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm

    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _set_styles(made: Any, language: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    made.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    for name, (size, bold, colour, above, below) in _STYLES.items():
        style = made.styles[name]
        _name_fonts(style, language)
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(above), Pt(below), 1.25
        form.keep_with_next = name in ("Heading 1", "Heading 2", "Caption")
    _underline_title(made.styles["Title"])


def _name_fonts(style: Any, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    style.font.name = _LATIN
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)
    if language != "en":
        fonts.set(qn("w:hint"), "eastAsia")  # “ ” and … as wide as Chinese characters
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-US")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    properties.append(spoken)


def _underline_title(style: Any) -> None:
    from docx.oxml.ns import qn

    for line in style.element.iter(qn("w:bottom")):
        line.set(qn("w:color"), _SEAL)
        for theme in ("themeColor", "themeTint", "themeShade"):
            line.attrib.pop(qn(f"w:{theme}"), None)


def _put(made: Any, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(printable(block.text), block.level)
    elif isinstance(block, Paragraph):
        made.add_paragraph(printable(block.text))
    elif isinstance(block, Note):
        made.add_paragraph(printable(block.text), style="Note")
    elif isinstance(block, Facts):
        _put_table(made, "", facts_xml(block))
    elif isinstance(block, Bars):
        _put_table(made, block.title, bars_xml(block))
    elif isinstance(block, Tiles):
        _put_table(made, block.title, tiles_xml(block))
    else:
        _put_table(made, block.title, table_xml(block))


def _put_table(made: Any, title: str, xml: str) -> None:
    """A table below its title; the gap keeps it from the next one, which Word would join to it."""
    from docx.oxml import parse_xml
    from docx.shared import Pt

    if title:
        made.add_paragraph(printable(title), style="Caption")
    if not xml:
        return
    made.element.body[-1].addprevious(parse_xml(xml))  # the last one is the page's own
    gap = made.add_paragraph().paragraph_format
    gap.space_after, gap.line_spacing = Pt(0), Pt(8)
