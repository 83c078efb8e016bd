"""Small charts as geometry; templates draw them as inline SVG with a text and a table beside."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.web.figures import brief, cell, number, share
from kaishu.web.words import _, _n

WIDTH = 320
PLOT = 84
LINE = 22
LABEL = 118
MOST = 5
LOPSIDED = 0.9
LABEL_UNITS = 17
WHOLE = 400


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the chart's own units, with what it says; ``whole`` is a label that had to be cut."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str
    whole: str = ""

    @property
    def name(self) -> str:
        """The label in full."""
        return self.whole or self.label


@dataclass(frozen=True, slots=True)
class Chart:
    """``kind`` is histogram, bars or none; ``finding`` is the sentence above it."""

    kind: str
    finding: str
    bars: Sequence[Bar] = ()
    height: int = 0
    low: str = ""
    high: str = ""
    peak: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts by day, as columns and as rows of a table."""

    bars: Sequence[Bar]
    finding: str
    first: str
    last: str
    peak: str
    height: int = PLOT + 26


def field_chart(field: Mapping[str, Any]) -> Chart:
    """The chart that fits one field of a profile: a histogram, its most frequent values, or none."""
    histogram = field.get("histogram") or []
    top = field.get("top") or []
    present = field["records"] - field["missing"]
    if present == 0:
        return Chart("none", _("这一列没有值。"))
    if len(histogram) > 1 and field["distinct"] > MOST and not _lopsided(histogram, top):
        return _histogram(field, histogram)
    if not top or (field["distinct"] == present and present > MOST):
        return Chart("none", _("每个值都不同。") if field["distinct"] == present else _finding(field))
    return _bars(top, present)


def counts(pairs: Sequence[tuple[str, int]]) -> Chart:
    """Bars of the largest counts, largest first."""
    shown = pairs[: 2 * MOST]
    room = WIDTH - LABEL - 52
    bars = [
        Bar(
            LABEL,
            index * LINE + 4,
            round(max(1.5, room * count / shown[0][1]), 2),
            LINE - 8,
            fit(name),
            number(count),
            name,
        )
        for index, (name, count) in enumerate(shown)
    ]
    finding = _("改得最多的是“{name}”，{n}处", name=brief(shown[0][0], 16), n=number(shown[0][1]))
    return Chart("bars", finding, bars, len(bars) * LINE + 2)


def _lopsided(histogram: Sequence[Mapping[str, Any]], top: Sequence[Mapping[str, Any]]) -> bool:
    """Nearly everything in one bar: then the most frequent values say more."""
    counts = [piece["count"] for piece in histogram]
    return len(top) > 1 and max(counts) > LOPSIDED * sum(counts)


def trend(days: Sequence[tuple[str, int]]) -> Trend:
    """Use by day, oldest first."""
    most = max((count for _day, count in days), default=0)
    step = WIDTH / max(1, len(days))
    bars = [
        Bar(
            round(index * step, 2),
            round(PLOT - PLOT * count / most, 2) if most else PLOT,
            round(step * 0.78, 2),
            round(PLOT * count / most, 2) if most else 0,
            name,
            number(count),
        )
        for index, (name, count) in enumerate(days)
    ]
    finding = _n("{days}天内共使用{n}次", sum(count for _day, count in days), days=len(days))
    first, last = (days[0][0], days[-1][0]) if days else ("", "")
    return Trend(bars, finding, first, last, number(most))


def _histogram(field: Mapping[str, Any], histogram: Sequence[Mapping[str, Any]]) -> Chart:
    most = max(piece["count"] for piece in histogram) or 1
    step = WIDTH / len(histogram)
    bars = []
    for index, piece in enumerate(histogram):
        height = PLOT * piece["count"] / most
        label = f"{_plain(piece['low'])} – {_plain(piece['high'])}"
        bars.append(
            Bar(
                round(index * step, 2),
                round(PLOT + 14 - height, 2),
                round(max(1, step - 1.5), 2),
                round(height, 2),
                label,
                number(piece["count"]),
            )
        )
    return Chart(
        "histogram",
        _finding(field),
        bars,
        PLOT + 34,
        _plain(histogram[0]["low"]),
        _plain(histogram[-1]["high"]),
        number(most),
    )


def _bars(top: Sequence[Mapping[str, Any]], present: int) -> Chart:
    shown = top[:MOST]
    most = shown[0]["count"] or 1
    room = WIDTH - LABEL - 52
    bars = [
        Bar(
            LABEL,
            index * LINE + 4,
            round(max(1.5, room * piece["count"] / most), 2),
            LINE - 8,
            fit(cell(piece["value"])),
            number(piece["count"]),
            brief(cell(piece["value"]), WHOLE),
        )
        for index, piece in enumerate(shown)
    ]
    rate = shown[0]["count"] / present
    finding = _(
        "最常见的是“{value}”，占{rate}", value=brief(shown[0]["value"], 16) or _("空白"), rate=share(rate)
    )
    return Chart("bars", finding, bars, len(bars) * LINE + 2)


def _finding(field: Mapping[str, Any]) -> str:
    if field["type"] in ("integer", "number") and field.get("median") is not None:
        if field.get("q1") == field.get("q3"):
            return _("至少一半的值是{value}", value=number(field["median"]))
        return _(
            "一半的值在{low}与{high}之间，中位数{middle}",
            low=number(field.get("q1")),
            high=number(field.get("q3")),
            middle=number(field["median"]),
        )
    if field.get("minimum") is not None:
        return _("从{low}到{high}", low=_plain(field["minimum"]), high=_plain(field["maximum"]))
    return _n("共{n}个不同的值", field["distinct"])


def _plain(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return brief(value, 19)


def fit(text: str, most: int = LABEL_UNITS) -> str:
    """Cut to the label column; a Chinese character is as wide as two Latin ones."""
    units, kept = 0, ""
    for letter in " ".join(text.split()) or "∅":
        units += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if units > most:
            return kept + "…"
        kept += letter
    return kept
