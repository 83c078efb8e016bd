"""A report as a Word file, with Word's own styles, so that its outline and navigation work."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from kaishu.reporting.errors import ReportsMissing
from kaishu.reporting.model import (
    Bars,
    Block,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
    Tiles,
    printable,
)

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_BLOCKS = 20  # squares of a full bar


def as_word(document: Document) -> bytes:
    """The file.  Raises ``ReportsMissing``.

    Fonts are named by family; where a machine lacks them Word takes its own for East Asian text.
    """
    try:
        import docx
    except ImportError as error:
        raise ReportsMissing(library="python-docx", kind="Word") from error
    made = docx.Document()
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        _name_fonts(made.styles[name])
    made.core_properties.title = printable(document.title)[:255]
    made.core_properties.author = "Kaishu"
    made.core_properties.language = "en" if document.language == "en" else "zh-CN"
    made.add_paragraph(printable(document.title), style="Title")
    for block in document.blocks:
        _put(made, block)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _name_fonts(style: Any) -> None:
    from docx.oxml.ns import qn

    style.font.name = _LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)


def _put(made: Any, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(printable(block.text), block.level)
    elif isinstance(block, Paragraph):
        made.add_paragraph(printable(block.text))
    elif isinstance(block, Note):
        made.add_paragraph(printable(block.text), style="Caption")
    elif isinstance(block, Facts):
        _table(made, Table("", (), block.pairs))
    elif isinstance(block, Bars):
        rows = [(bar.label, _squares(bar.part), bar.said) for bar in block.bars]
        _table(made, Table(block.title, (), rows, frozenset({2})))
    elif isinstance(block, Tiles):
        _grid(made, block)
    else:
        _table(made, block)


def _grid(made: Any, chart: Tiles) -> None:
    """Tiles as a table; the place of a cell is the place of its tile."""
    wide, tall = (
        max((each, *(getattr(tile, name) + 1 for tile in chart.tiles)))
        for each, name in ((1, "column"), (1, "row"))
    )
    rows = [[""] * wide for _ in range(tall)]
    for tile in chart.tiles:
        rows[tile.row][tile.column] = f"{tile.label}\n{tile.said}" if tile.said else tile.label
    _table(made, Table(chart.title, (), rows))


def _squares(part: float) -> str:
    full = round(_BLOCKS * min(1.0, max(0.0, part)))
    return "█" * full + "░" * (_BLOCKS - full)


def _table(made: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement

    if table.title:
        made.add_paragraph(printable(table.title), style="Caption")
    rows = [*([table.heads] if table.heads else []), *table.rows]
    if not rows:
        return
    put = made.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for line, (row, values) in enumerate(zip(put.rows, rows, strict=True)):
        head = bool(table.heads) and line == 0
        row_properties = row._tr.get_or_add_trPr()
        row_properties.append(OxmlElement("w:cantSplit"))
        if head:
            row_properties.append(OxmlElement("w:tblHeader"))  # repeated on every page
        for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            written = cell.paragraphs[0].add_run(printable(value))
            written.bold = head
            if place in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()
