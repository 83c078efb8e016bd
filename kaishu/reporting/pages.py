"""A report as HTML: the inside of a page of the site, or one whole page that needs nothing else."""

from __future__ import annotations

from html import escape

from kaishu.reporting.drawing import draw_bars, draw_tiles
from kaishu.reporting.model import Bars, Block, Document, Facts, Heading, Note, Table, Tiles, printable

_STYLE = """
:root{color-scheme:light dark;--paper:#FBFAF6;--ink:#1C1B19;--ink-2:#5E5A52;--line:#E4DFD3;--seal:#B5342B}
@media (prefers-color-scheme:dark){
:root{--paper:#1B1A18;--ink:#EDE9E0;--ink-2:#B3AC9F;--line:#3A3732;--seal:#E07A70}}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
font-variant-numeric:tabular-nums;color:var(--ink);background:var(--paper);
margin:0 auto;max-width:64rem;padding:1rem}
h1{font-size:1.6rem;border-bottom:3px solid var(--seal);padding-bottom:.4rem}
h2{font-size:1.25rem;margin:2.2rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
.sheet{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{color:var(--ink-2);font-size:.9rem;font-weight:600}
td{overflow-wrap:break-word;min-width:3rem}.number{text-align:right;white-space:nowrap}
dt{color:var(--ink-2)}dd{margin:0 0 .4rem;overflow-wrap:anywhere}
@media (min-width:40rem){.record>div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.1rem 1.5rem;
border-bottom:1px solid var(--line);padding:.3rem 0}dd{margin:0}}
figure{margin:1rem 0}
figcaption{font-weight:600}.quiet{color:var(--ink-2)}
tbody th{font-weight:400}.chart{max-width:40rem}.small{font-size:.875rem}
@media screen and (max-width:52rem){
table.cards thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table.cards,table.cards tbody,table.cards tr,table.cards th,table.cards td{display:block;width:auto}
table.cards tr{border-bottom:1px solid var(--line);padding:.5rem 0}
table.cards th,table.cards td{border:0;padding:.1rem 0;text-align:start;
white-space:normal;overflow-wrap:anywhere}
table.cards tbody th{font-weight:600}
table.cards td{display:flow-root;padding-inline-start:8.5rem}
table.cards td::before{content:attr(data-label);float:inline-start;width:8rem;
margin-inline-start:-8.5rem;color:var(--ink-2);font-size:.875rem;padding-top:.1rem}}
figure{overflow-x:auto}figure svg{max-width:100%;height:auto}figure svg.tiles{max-width:none}
details{border-bottom:1px solid var(--line)}summary{cursor:pointer;padding:.35rem 0}
@media print{tr,figure{break-inside:avoid}}
"""


#: Columns that fit beside each other on a phone.
_NARROW = 3


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
        return f'<dl class="record two">{pairs}</dl>'
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Bars | Tiles):
        drawn = draw_bars(block) if isinstance(block, Bars) else draw_tiles(block)
        return (
            f'<div class="charts alone"><figure class="chart"><figcaption>{_said(block.title)}</figcaption>'
            f"{drawn}</figure></div>"
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
    caption = f"<p><strong>{_said(table.title)}</strong></p>" if table.title and not table.folded else ""
    kept = "cards" if len(table.heads) > _NARROW else "narrow"  # which fits a phone as it is
    whole = f'<table class="{kept}"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'
    sheet = f'{caption}<div class="sheet" tabindex="0">{whole}</div>'
    return f"<details><summary>{_said(table.title)}</summary>{sheet}</details>" if table.folded else sheet


def _said(text: str) -> str:
    return escape(printable(text)).replace("\n", "<br>")
