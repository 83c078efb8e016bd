"""A profile with its exploration as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from kaishu.quality.exploration.drawing import field_drawing, missing_drawing
from kaishu.quality.exploration.sheets import Sheet, exploration_sheets

_STYLE = """
:root{color-scheme:light dark;--line:#8886;--bar:#2f6fab}
@media(prefers-color-scheme:dark){:root{--bar:#7db3e8}}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:.2rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;min-width:4rem}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1rem}
article{border:1px solid var(--line);border-radius:.5rem;padding:.7rem}
svg{width:100%;max-width:26rem;height:auto}svg text{font-size:11px;fill:currentColor}.bar{fill:var(--bar)}
"""


def write_exploration_report(
    path: Path, found: Mapping[str, Any], *, name: str, language: str = "zh"
) -> None:
    """Write the page in ``zh`` or ``en``; all text from data is escaped."""
    path.write_text(_page(found, name, language), encoding="utf-8")


def _page(found: Mapping[str, Any], name: str, language: str) -> str:
    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    table, explored = found["table"], found["exploration"]
    title = say(f"数据剖析与探查：{name}", f"Profile and exploration: {name}")
    look = sum(check["state"] == "look" for check in explored["checks"])
    said = say(
        f"{table['records']:,}行{table['fields']}列。23项探查中{look}项要看。探查于{explored['day']}，"
        f"所有计数都来自全部行，用去处理器{explored['cost']:.1f}秒。",
        f"{table['records']:,} rows of {table['fields']} fields. {look} of 23 checks want a look. Explored "
        f"on {explored['day']}; every count is of all rows; it took {explored['cost']:.1f} CPU seconds.",
    )
    parts = [
        f'<!doctype html><html lang="{say("zh-Hans", "en")}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1><p>{escape(said)}</p>",
    ]
    sheets = exploration_sheets(found, language)
    parts += [_table(sheet) for sheet in sheets[:1]]
    parts.append(f"<h2>{say('分布', 'Distribution')}</h2>{_charts(found, language)}")
    missing = missing_drawing(explored["missing"], say("缺失分布", "where values are missing"))
    if missing:
        parts.append(
            f"<h2>{say('缺失分布（按行序）', 'Where values are missing (by order of rows)')}</h2>{missing}"
        )
    parts += [_table(sheet) for sheet in sheets[1:]]
    return "".join([*parts, "</main></body></html>\n"])


def _charts(found: Mapping[str, Any], language: str) -> str:
    words = {
        "histogram": ("分布", "distribution"),
        "top": ("最常见的值", "most frequent values"),
        "lengths": ("长度", "lengths"),
        "none": ("每个值都不同，或没有值", "every value differs, or there is none"),
    }
    drawn = []
    for profiled, explored in zip(found["fields"], found["exploration"]["fields"], strict=True):
        kind, svg = field_drawing(profiled, explored)
        said = words[kind][language == "en"]
        drawn.append(f"<article><h3>{escape(profiled['name'])}</h3><small>{said}</small>{svg}</article>")
    return f'<div class="charts">{"".join(drawn)}</div>'


def _table(sheet: Sheet) -> str:
    kinds = ["n" if place in sheet.numbers else "" for place in range(len(sheet.heads))]
    top = "".join(
        f'<th scope="col" class="{kind}">{escape(head)}</th>'
        for head, kind in zip(sheet.heads, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{kinds[at]}">{escape(shown(cell))}</td>' for at, cell in enumerate(row))
        + "</tr>"
        for row in sheet.rows
    )
    whole = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<h2>{escape(sheet.title)}</h2><div class="wide" tabindex="0">{whole}</div>'


def shown(cell: Any) -> str:
    """A cell for people: counts with commas, shares with four places."""
    if cell is None:
        return "—"
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
