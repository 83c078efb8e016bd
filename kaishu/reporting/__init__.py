"""Reports: one document of headings, facts, tables and bars, written as web page, Word or PDF."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.reporting.drawing import halves
    from kaishu.reporting.model import (
        Bar,
        Bars,
        Block,
        Document,
        Facts,
        Heading,
        Note,
        Paragraph,
        Table,
        Tile,
        Tiles,
    )
    from kaishu.reporting.pages import html_body, html_page
    from kaishu.reporting.printing import as_pdf
    from kaishu.reporting.word import as_word
    from kaishu.reporting.writing import FORMATS, write_document

__getattr__ = front_door(
    __name__,
    {
        "drawing": "halves",
        "model": "Bar Bars Block Document Facts Heading Note Paragraph Table Tile Tiles",
        "pages": "html_body html_page",
        "printing": "as_pdf",
        "word": "as_word",
        "writing": "FORMATS write_document",
    },
)

__all__ = [
    "FORMATS",
    "Bar",
    "Bars",
    "Block",
    "Document",
    "Facts",
    "Heading",
    "Note",
    "Paragraph",
    "Table",
    "Tile",
    "Tiles",
    "as_pdf",
    "as_word",
    "halves",
    "html_body",
    "html_page",
    "write_document",
]
