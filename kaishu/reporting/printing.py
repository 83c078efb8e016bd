"""A report as PDF, set by Typst.  What is said goes in as data and is never read as Typst's language."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from kaishu.reporting.drawing import draw_bars, draw_tiles, width_of
from kaishu.reporting.errors import NoChineseFont, ReportsMissing
from kaishu.reporting.model import Bars, Block, Document, Table, Tiles, printable
from kaishu.reporting.word_tables import layout

#: Families with Chinese characters, the best first.
CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Serif CJK SC",
    "SimSun",
)


def as_pdf(document: Document, *, form: Literal["pdf", "png"] = "pdf") -> Any:
    """The file; with ``form="png"`` a picture, or a list of pictures of the pages.

    Raises ``ReportsMissing``, ``NoChineseFont``.
    """
    try:
        import typst
    except ImportError as error:
        raise ReportsMissing(library="typst", kind="PDF") from error
    fonts = typst.Fonts()
    known = set(fonts.families())
    chosen = [family for family in CHINESE if family in known]
    if not chosen:
        raise NoChineseFont()
    given = {
        "title": printable(document.title),
        "language": document.language,
        "fonts": chosen,
        "blocks": [_data(block) for block in document.blocks],
    }
    return typst.compile(
        Path(__file__).with_name("report.typ").read_bytes(),
        format=form,
        font_paths=fonts,
        sys_inputs={"document": json.dumps(given, ensure_ascii=False)},
    )


def _data(block: Block) -> dict[str, Any]:
    if isinstance(block, Bars):
        return _drawn(block.title, draw_bars(block))
    if isinstance(block, Tiles):
        return _drawn(block.title, draw_tiles(block))
    found = {"kind": type(block).__name__} | {
        each.name: _plain(getattr(block, each.name)) for each in fields(block)
    }
    if isinstance(block, Table):
        size, widths = layout(block) if block.heads or block.rows else (18, [1])
        found |= {"size": size / 2, "widths": widths}
    return found


def _drawn(title: str, svg: str) -> dict[str, Any]:
    return {"kind": "Bars", "title": printable(title), "svg": svg, "width": width_of(svg)}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
