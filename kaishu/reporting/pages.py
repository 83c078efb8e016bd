"""A report as HTML: the inside of a page of the site, or one whole page that needs nothing else."""

from __future__ import annotations

from html import escape

from kaishu.reporting.drawing import draw_bars
from kaishu.reporting.model import Bars, Block, Document, Facts, Heading, Note, Table, printable

_STYLE = """
:root{color-scheme:light dark;--line:#8886}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
margin:0 auto;max-width:64rem;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
.sheet{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;min-width:3rem}.number{text-align:right;white-space:nowrap}
dt{font-weight:600}dd{margin:0 0 .4rem}figure{margin:1rem 0}
tbody th{font-weight:400}.chart{max-width:36rem}.small{font-size:.875rem}
@media print{tr,figure{break-inside:avoid}}
"""


def html_page(document: Document) -> str:
    """One whole page."""
    title, language = _said(document.title), "en" if document.language == "en" else "zh-Hans"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"{html_body(document)}</main></body></html>\n"
    )


def html_body(document: Document) -> str:
    """What stands below the title; all text is escaped."""
    return "".join(_block(block) for block in document.blocks)


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{_said(block.text)}</h{block.level + 1}>"
    if isinstance(block, Facts):
        pairs = "".join(
            f"<div><dt>{_said(word)}</dt><dd>{_said(is_)}</dd></div>" for word, is_ in block.pairs
        )
        return f'<dl class="facts">{pairs}</dl>'
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Bars):
        return (
            f'<div class="charts"><figure class="chart"><figcaption>{_said(block.title)}</figcaption>'
            f"{draw_bars(block)}</figure></div>"
        )
    kind = ' class="quiet small"' if isinstance(block, Note) else ""
    return f"<p{kind}>{_said(block.text)}</p>"


def _table(table: Table) -> str:
    def kind(place: int) -> str:
        return ' class="number"' if place in table.numbers else ""

    top = "".join(f'<th scope="col"{kind(at)}>{_said(head)}</th>' for at, head in enumerate(table.heads))
    words = [escape(printable(head)) for head in table.heads]
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_said(cell)}</th>'
            if at == 0 and at not in table.numbers
            else f'<td{kind(at)} data-label="{words[at]}">{_said(cell)}</td>'
            for at, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = f"<p><strong>{_said(table.title)}</strong></p>" if table.title else ""
    whole = f'<table class="cards"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'
    return f'{caption}<div class="sheet" tabindex="0">{whole}</div>'


def _said(text: str) -> str:
    return escape(printable(text)).replace("\n", "<br>")
