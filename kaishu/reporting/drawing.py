"""Bars as one SVG drawing, for page and PDF alike."""

from __future__ import annotations

import unicodedata
from html import escape

from kaishu.reporting.model import Bars, printable

_STEP, _LABEL, _BAR, _SAID = 26, 190, 300, 80
WIDTH = _LABEL + _BAR + _SAID
_MOST = 28  # halves of a Chinese character that fit beside a bar
_FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"


def draw_bars(chart: Bars) -> str:
    """The drawing; its text is escaped, its title names it for screen readers."""
    parts = []
    for place, bar in enumerate(chart.bars):
        y = place * _STEP
        length = _BAR * min(1.0, max(0.0, bar.part))
        parts.append(
            f'<text x="0" y="{y + 17}" fill="currentColor">{escape(shortened(printable(bar.label)))}</text>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{_BAR}" height="17" fill="#888" fill-opacity="0.15"/>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{length:.1f}" height="17" fill="#3b78b5"/>'
            f'<text x="{_LABEL + _BAR + 8}" y="{y + 17}" fill="currentColor">'
            f"{escape(printable(bar.said))}</text>"
        )
    height, title = max(1, _STEP * len(chart.bars)), escape(printable(chart.title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {WIDTH} {height}" width="100%" '
        f'font-family="{_FONTS}" font-size="13">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def shortened(text: str, most: int = _MOST) -> str:
    """Cut where it would run into the bar; Chinese characters count two."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > most:
            return text[: max(0, place - 1)] + "…"
    return text
