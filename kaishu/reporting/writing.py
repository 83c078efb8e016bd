"""A report in the format that is asked for."""

from __future__ import annotations

from kaishu.reporting.errors import FormatUnknown
from kaishu.reporting.model import Document
from kaishu.reporting.pages import html_page
from kaishu.reporting.printing import as_pdf
from kaishu.reporting.word import as_word

#: Format to media type.
FORMATS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def write_document(document: Document, form: str) -> bytes:
    """The file.  Raises ``FormatUnknown``, ``ReportsMissing``, ``NoChineseFont``."""
    if form == "html":
        return html_page(document).encode()
    if form == "docx":
        return as_word(document)
    if form == "pdf":
        return bytes(as_pdf(document))
    raise FormatUnknown(given=form[:20])
