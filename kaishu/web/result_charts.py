"""How the datasets found are spread: a drawing, a sentence, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.web.charts import LINE, PLOT, WIDTH, Bar, Chart, fit
from kaishu.web.figures import number, share
from kaishu.web.words import _, _n

LABEL = 130
SHOWN = 8
MOST_MONTHS = 36
MOST_ROWS = 200

Counts = Sequence[tuple[str, int]]


def spread(counts: Counts, total: int, finding: str) -> Chart:
    """The largest values as lying bars; ``counts`` are labels with numbers, the largest first."""
    shown = list(counts[:SHOWN])
    if not shown:
        return Chart("none", _("没有可画的数字。"))
    most = shown[0][1] or 1
    room = WIDTH - LABEL - 48
    bars = [
        Bar(
            LABEL,
            row * LINE + 4,
            round(max(1.5, room * count / most), 2),
            LINE - 8,
            fit(label, 18),
            number(count),
            label,
        )
        for row, (label, count) in enumerate(shown)
    ]
    sentence = finding.format(value=shown[0][0], rate=share(shown[0][1] / total) if total else "")
    return Chart("bars", sentence, bars, len(bars) * LINE + 2)


def over_time(counts: Counts) -> Chart:
    """Months or years as standing columns, in their order, gaps among them."""
    if not counts:
        return Chart("none", _("没有发布时间。"))
    every = filled(counts)
    most = max(count for _label, count in every)
    best = next(label for label, count in every if count == most)
    step = WIDTH / len(every)
    bars = [
        Bar(
            round(place * step, 2),
            round(PLOT + 14 - PLOT * count / most, 2),
            round(max(1.0, step - 1.5), 2),
            round(PLOT * count / most, 2),
            label,
            number(count),
        )
        for place, (label, count) in enumerate(every)
    ]
    finding = _n("{when}发布的最多，有{n}个", most, when=best)
    return Chart("histogram", finding, bars, PLOT + 34, every[0][0], every[-1][0], number(most))


def by_time(months: Counts) -> list[tuple[str, int]]:
    """Counts by month, oldest first; by year if there are many months."""
    found: dict[str, int] = {}
    for month, count in months:
        found[month] = found.get(month, 0) + count
    if len(filled(list(found.items()))) > MOST_MONTHS:
        years: dict[str, int] = {}
        for month, count in found.items():
            years[month[:4]] = years.get(month[:4], 0) + count
        found = years
    return sorted(found.items())


def filled(counts: Counts) -> list[tuple[str, int]]:
    """The same in order, with those between that have none."""
    known = dict(counts)
    labels = sorted(known)
    if not labels:
        return []
    if len(labels[0]) == 4:
        return [(str(year), known.get(str(year), 0)) for year in range(int(labels[0]), int(labels[-1]) + 1)]
    first, last = (int(label[:4]) * 12 + int(label[5:7]) - 1 for label in (labels[0], labels[-1]))
    every = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return [(label, known.get(label, 0)) for label in every]
