"""Bars and tiles as one SVG drawing each, for page and PDF alike."""

from __future__ import annotations

import unicodedata
from html import escape

from kaishu.reporting.model import Bars, Tiles, printable

_STEP, _LABEL, _BAR = 26, 190, 130
#: Of letters, as wide as they may get: half a Chinese one, and air beside the words.
_HALF, _AIR = 6.9, 16
_TILE, _TALL = 76, 44
#: Letters of tiles: the usual ones, those of long names, and how many halves of the usual ones fit.
_LETTER, _SMALLER, _FIT = 12, 11, 10
_MOST = 28  # halves of a Chinese character that fit beside a bar
_FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"


def draw_bars(chart: Bars) -> str:
    """The drawing; its text is escaped, its title names it for screen readers."""
    parts = []
    label_ = min(_LABEL, max((_room(bar.label) for bar in chart.bars), default=_LABEL))
    width = label_ + _BAR + max((_room(bar.said) for bar in chart.bars), default=0)
    for place, bar in enumerate(chart.bars):
        y = place * _STEP
        length = _BAR * min(1.0, max(0.0, bar.part))
        parts.append(
            f'<text x="0" y="{y + 17}" fill="currentColor">{escape(shortened(printable(bar.label)))}</text>'
            f'<rect x="{label_}" y="{y + 4}" width="{_BAR}" height="17" fill="#888" fill-opacity="0.15"/>'
            f'<rect x="{label_}" y="{y + 4}" width="{length:.1f}" height="17" fill="#2F6B66"/>'
            f'<text x="{label_ + _BAR + 8}" y="{y + 17}" fill="currentColor">'
            f"{escape(printable(bar.said))}</text>"
        )
        if bar.mark is not None:
            x = label_ + _BAR * min(1.0, max(0.0, bar.mark))
            parts.append(f'<rect x="{x - 1:.1f}" y="{y + 1}" width="2" height="23" fill="#B5342B"/>')
    height, title = max(1, _STEP * len(chart.bars)), escape(printable(chart.title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {width} {height}" width="{width}" '
        f'font-family="{_FONTS}" font-size="13">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def draw_tiles(chart: Tiles) -> str:
    """The drawing; words stay readable on every tile, so that the darkest is half covered."""
    parts = []
    for tile in chart.tiles:
        x, y = tile.column * _TILE, tile.row * _TALL
        ink = 1.0 if tile.part is not None else 0.55
        fill = 0.0 if tile.part is None else 0.06 + 0.44 * min(1.0, max(0.0, tile.part))
        lines, size = _fitted(printable(tile.label))
        said = printable(tile.said)
        names = "".join(
            f'<text x="{x + _TILE / 2}" y="{y + (17 if len(lines) == 1 else 13) + 12 * place}" '
            f'font-size="{size}">{escape(line)}</text>'
            for place, line in enumerate(lines)
        )
        parts.append(
            f'<rect x="{x + 1}" y="{y + 1}" width="{_TILE - 3}" height="{_TALL - 3}" rx="2" '
            f'fill="#2F6B66" fill-opacity="{fill:.2f}" stroke="#888" stroke-opacity="0.4"/>'
            f'<g text-anchor="middle" fill="currentColor" fill-opacity="{ink}">'
            f'{names}<text x="{x + _TILE / 2}" y="{y + (34 if len(lines) == 1 else 38)}" '
            f'font-size="{_LETTER}">{escape(said)}</text></g>'
        )
    width = _TILE * (max((tile.column for tile in chart.tiles), default=0) + 1)
    height, title = (
        _TALL * (max((tile.row for tile in chart.tiles), default=0) + 1),
        escape(printable(chart.title)),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tiles" role="img" aria-label="{title}" '
        f'viewBox="0 0 {width} {height}" width="{width}" '
        f'font-family="{_FONTS}">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _fitted(label: str) -> tuple[list[str], int]:
    """A name that fits its tile, on two lines if it has two words, and the size of its letters."""
    if halves(label) <= _FIT:
        return [label], _LETTER
    first, _, rest = label.partition(" ")
    lines = [shortened(each, _FIT + 2) for each in (first, rest) if each]
    return lines, _SMALLER


def _room(words: str) -> int:
    """What words take beside a bar."""
    return round(_AIR + _HALF * min(_MOST, halves(words)))


def halves(text: str) -> int:
    """Length in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def width_of(drawing: str) -> int:
    """Width of a drawing of ours."""
    return int(drawing.partition('viewBox="0 0 ')[2].partition(" ")[0])


def shortened(text: str, most: int = _MOST) -> str:
    """Cut where it would run into the bar; Chinese characters count two."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > most:
            return text[: max(0, place - 1)] + "…"
    return text
