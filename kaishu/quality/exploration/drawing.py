"""Charts of an exploration as inline SVG: bars of a field, and the map of what is missing."""

# Sentences and drawings are easier to compare when each stands on one line.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT, LINE, LABEL = 320, 96, 22, 120
_MOST, _WHOLE = 5, 400


def field_drawing(profiled: Mapping[str, Any], explored: Mapping[str, Any]) -> tuple[str, str]:
    """``(kind, svg)``: kind is histogram, top, lengths or none; every text in it is escaped."""
    name, top = str(profiled["name"]), profiled["top"]
    present = profiled["records"] - profiled["missing"]
    if len(profiled["histogram"]) > 1 and profiled["distinct"] > _MOST:
        return "histogram", columns(name, profiled["histogram"])
    if top and profiled["distinct"] < present and top[0]["count"] > 1 and profiled["distinct"] <= present / 2:
        return "top", _rows(name, [(str(one["value"]), one["count"]) for one in top[:_MOST]])
    if len(explored.get("lengths", ())) > 1:
        return "lengths", columns(name, explored["lengths"])
    return "none", ""


def columns(name: str, bars: Sequence[Mapping[str, Any]]) -> str:
    """Bars ``{low, high, count}`` side by side."""
    most = max(bar["count"] for bar in bars) or 1
    step = WIDTH / len(bars)
    drawn = "".join(
        f'<rect class="bar" x="{place * step:.1f}" y="{HEIGHT - 14 - 70 * bar["count"] / most:.1f}" '
        f'width="{max(1, step - 1.5):.1f}" height="{70 * bar["count"] / most:.1f}">'
        f"<title>{escape(_told(bar))}</title></rect>"
        for place, bar in enumerate(bars)
    )
    ends = (
        f'<text x="0" y="{HEIGHT}">{escape(_plain(bars[0]["low"]))}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT}" text-anchor="end">{escape(_plain(bars[-1]["high"]))}</text>'
    )
    peak = f'<text x="0" y="9">{most:,}</text>'
    return _svg(name, HEIGHT + 4, peak + drawn + ends)


def _rows(name: str, bars: Sequence[tuple[str, int]]) -> str:
    most = max(count for _, count in bars) or 1
    drawn = "".join(
        f'<text class="ink" x="{LABEL - 8}" y="{place * LINE + 15}" text-anchor="end">'
        f"{escape(_short(label))}<title>{escape(label[:_WHOLE])}</title></text>"
        f'<rect class="bar" x="{LABEL}" y="{place * LINE + 4}" width="{max(1.5, 140 * count / most):.1f}" '
        f'height="{LINE - 8}"><title>{escape(label[:_WHOLE])}: {count:,}</title></rect><text x="{LABEL + max(1.5, 140 * count / most) + 5:.1f}" y="{place * LINE + 15}">'
        f"{count:,}</text>"
        for place, (label, count) in enumerate(bars)
    )
    return _svg(name, len(bars) * LINE + 4, drawn)


def missing_drawing(missing: Mapping[str, Any], name: str) -> str:
    """A row for each field with missing values, a cell for each block of rows; the darker the more."""
    fields = list(missing["fields"].items())
    if not fields:
        return ""
    step = (WIDTH - LABEL) / max(1, missing["blocks"])
    drawn = []
    for line, (field, counts) in enumerate(fields):
        y = line * LINE
        drawn.append(
            f'<text class="ink" x="{LABEL - 8}" y="{y + 15}" text-anchor="end">'
            f"{escape(_short(field))}<title>{escape(field)}</title></text>"
        )
        drawn.append(
            f'<rect x="{LABEL}" y="{y + 3}" width="{WIDTH - LABEL}" height="{LINE - 6}" fill="none" '
            f'stroke="currentColor" stroke-opacity=".2"/>'
        )
        for place, (count, rows) in enumerate(zip(counts, missing["rows"], strict=True)):
            if count:
                drawn.append(
                    f'<rect class="bar" x="{LABEL + place * step:.2f}" y="{y + 3}" width="{step:.2f}" '
                    f'height="{LINE - 6}" fill-opacity="{0.25 + 0.75 * count / rows:.2f}">'
                    f"<title>{escape(field)}: {count:,}/{rows:,}</title></rect>"
                )
    return _svg(name, len(fields) * LINE + 4, "".join(drawn))


def _svg(name: str, height: int, inside: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(name)}">{inside}</svg>'


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) else str(value)[:19]


def _told(bar: Mapping[str, Any]) -> str:
    return f"{_plain(bar['low'])} – {_plain(bar['high'])}: {bar['count']:,}"


def _short(text: str) -> str:
    text, units = " ".join(text.split()), 0
    for place, letter in enumerate(text):
        units += 2 if ord(letter) > 0x2E80 else 1
        if units > 17:
            return text[:place] + "…"
    return text or "∅"
