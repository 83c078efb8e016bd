"""The same units over years: measured against a fixed base, so that a rise is a rise of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, finite, same_length
from kaishu.evaluation.analysis.errors import AllEqual, ChoiceUnknown, UnitTwice
from kaishu.evaluation.analysis.wording import listed, percent, shown

ALL_YEARS = "all"


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One unit.  ``scores`` are min-max of the base, 0 to 100 in it and free to leave that range later.

    ``change``, ``cagr`` and ``rank_change`` (positive: risen) go from the first to the last year of the
    panel, None if the unit lacks either; ``contribution`` is its part of the growth of the sum, in points
    of 1, over units that have both.
    """

    unit: str
    values: tuple[float | None, ...]
    scores: tuple[float | None, ...]
    ranks: tuple[int | None, ...]
    change: float | None
    cagr: float | None
    rank_change: int | None
    contribution: float | None


@dataclass(frozen=True, slots=True)
class PanelYear:
    """``growth`` and ``rank_agreement`` (Spearman): against the panel's year before, over units in both."""

    year: int
    n: int
    total: float
    mean: float
    cv: float | None
    growth: float | None
    rank_agreement: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """``low`` and ``high`` are the frozen range; ``base`` a year, or ``all`` for the range of all years."""

    name: str
    years: tuple[int, ...]
    base: str
    low: float
    high: float
    direction: str
    lines: tuple[PanelLine, ...]
    by_year: tuple[PanelYear, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def growth_rate(first: float, last: float, years: float) -> float | None:
    """Compound annual growth (last/first)^(1/years) - 1; None where it is not defined.

    >>> round(growth_rate(100, 121, 2), 10), growth_rate(0, 5, 1)
    (0.1, None)
    """
    if not first > 0 or not last >= 0 or not years > 0:
        return None
    return float((last / first) ** (1 / years) - 1)


def panel(
    values: Numbers,
    units: Sequence[str],
    years: Sequence[int],
    *,
    base: int | str | None = None,
    direction: str = "more",
    name: str = "value",
) -> Panel:
    """Follow (units, years) values, NaN for missing, years ascending; ``base`` is the first year if None.

    Scores are 100 (x - low)/(high - low) with the range of the base year kept for all years (OECD and JRC
    2008, Handbook on Constructing Composite Indicators, step 5), turned round if ``less`` is better.

    >>> found = panel([[10, 20], [30, 30]], ["a", "b"], [2024, 2025])
    >>> [line.scores for line in found.lines], found.lines[0].cagr, found.lines[0].contribution
    ([(0.0, 50.0), (100.0, 100.0)], 1.0, 0.25)

    Raises ``TooFewValues``, ``LengthsDiffer``, ``UnitTwice``, ``ChoiceUnknown``, ``AllEqual`` (no range).
    """
    x = finite(values, name).reshape(len(units), -1)
    same_length("columns", x.T, "years", years)
    at_least(2, len(years), "years")
    for first, second in pairwise(sorted(years)):
        if first == second:
            raise UnitTwice(name=str(first), place="years")
    if direction not in ("more", "less"):
        raise ChoiceUnknown(option="direction", given=direction, known="more, less")
    order = np.argsort(years, kind="stable")
    x, years = x[:, order], [int(years[place]) for place in order]
    low, high, chosen = _range(x, years, base, name)
    scores = 100 * (x - low) / (high - low)
    if direction == "less":
        scores = 100 - scores
    ranks = np.column_stack([_ranks(column) for column in scores.T])
    lines = _lines(x, scores, ranks, units, years)
    by_year = tuple(_year(x, place, year) for place, year in enumerate(years))
    return Panel(
        name,
        tuple(years),
        chosen,
        low,
        high,
        direction,
        lines,
        by_year,
        _finding(name, lines, by_year),
        tuple(_warnings(x, lines, years, low, high)),
    )


def wide(
    units: Sequence[str | None], years: Sequence[str | None], values: Numbers
) -> tuple[Floats, list[str], list[int]]:
    """Rows (unit, year, value) as (units, years), units in the order met and years ascending.

    A year may be written ``2025``, ``2025.0`` or ``2025年``.  Raises ``UnitTwice``, ``ChoiceUnknown``.
    """
    given = finite(values, "value")
    same_length("units", units, "years", years)
    same_length("units", units, "values", given)
    cells: dict[tuple[str, int], float] = {}
    for unit, text, value in zip(units, years, given.tolist(), strict=True):
        if unit is None or text is None:
            continue
        year = _year_of(text)
        if (unit, year) in cells:
            raise UnitTwice(name=unit, place=str(year))
        cells[unit, year] = value
    names, columns = list(dict.fromkeys(unit for unit, _ in cells)), sorted({year for _, year in cells})
    found = np.array([[cells.get((unit, year), np.nan) for year in columns] for unit in names])
    return found.reshape(len(names), len(columns)), names, columns


def _year_of(text: str) -> int:
    short = text.strip().removesuffix("年").removesuffix(".0")
    if not short.isascii() or not short.isdigit():
        raise ChoiceUnknown(option="year", given=text[:40], known="2024, 2025, …")
    return int(short)


def _range(x: Floats, years: Sequence[int], base: int | str | None, name: str) -> tuple[float, float, str]:
    chosen = str(years[0]) if base is None else str(base)
    if chosen == ALL_YEARS:
        held = x.ravel()
    elif chosen in map(str, years):
        held = x[:, list(map(str, years)).index(chosen)]
    else:
        raise ChoiceUnknown(option="base", given=chosen, known=[*map(str, years), ALL_YEARS])
    held = held[~np.isnan(held)]
    at_least(2, len(held), f"{name} ({chosen})")
    low, high = float(held.min()), float(held.max())
    if low == high:
        raise AllEqual(name=f"{name} ({chosen})")
    return low, high, chosen


def _ranks(scores: Floats) -> Floats:
    """Places from 1 for the highest, equal ones sharing the best; NaN stays."""
    held = np.sort(scores[~np.isnan(scores)])
    found = 1 + len(held) - np.searchsorted(held, scores, side="right")
    return np.where(np.isnan(scores), np.nan, found.astype(np.float64))


def _lines(
    x: Floats, scores: Floats, ranks: Floats, units: Sequence[str], years: Sequence[int]
) -> tuple[PanelLine, ...]:
    first, last = x[:, 0], x[:, -1]
    both = ~(np.isnan(first) | np.isnan(last))
    start = float(first[both].sum())
    lines = []
    for place, unit in enumerate(units):
        there = bool(both[place])
        change = float(last[place] - first[place]) if there else None
        lines.append(
            PanelLine(
                unit,
                _plain(x[place]),
                _plain(scores[place]),
                tuple(None if np.isnan(rank) else int(rank) for rank in ranks[place]),
                change,
                growth_rate(first[place], last[place], years[-1] - years[0]) if there else None,
                int(ranks[place, 0] - ranks[place, -1]) if there else None,
                change / start if change is not None and start > 0 else None,
            )
        )
    return tuple(lines)


def _year(x: Floats, place: int, year: int) -> PanelYear:
    from kaishu.evaluation.analysis.correlating import ranks

    held = x[:, place][~np.isnan(x[:, place])]
    n = len(held)
    mean = float(held.mean()) if n else 0.0
    growth = agreement = None
    if place:
        both = ~np.isnan(x[:, place - 1 : place + 1]).any(axis=1)
        before, now = x[both, place - 1], x[both, place]
        if len(now) and before.sum() > 0:
            growth = float(now.sum() / before.sum() - 1)
        if len(now) > 2 and np.ptp(before) > 0 and np.ptp(now) > 0:
            agreement = float(np.corrcoef(ranks(before), ranks(now))[0, 1])
    cv = float(held.std(ddof=1)) / mean if n > 1 and mean else None
    return PanelYear(year, n, float(held.sum()), mean, cv, growth, agreement)


def _plain(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if value != value else value for value in values.tolist())


def _finding(name: str, lines: Sequence[PanelLine], years: Sequence[PanelYear]) -> Said:
    followed = [line for line in lines if line.change is not None]
    if not followed:
        return Said("没有单位首末两年都有值。", "No unit has a value in both the first and the last year.")
    best = max(followed, key=lambda line: line.change or 0)
    climber = max(followed, key=lambda line: line.rank_change or 0)
    zh = f"{years[0].year}至{years[-1].year}年，“{name}”平均从{shown(years[0].mean)}到{shown(years[-1].mean)}"
    en = f'From {years[0].year} to {years[-1].year} the mean "{name}" went from {shown(years[0].mean)} to '
    en += shown(years[-1].mean)
    if best.change and best.change > 0:
        zh += f"；增加最多的是{best.unit}（{shown(best.change)}）"
        en += f"; {best.unit} rose most ({shown(best.change)})"
    if climber.rank_change:
        zh += f"，名次上升最多的是{climber.unit}（{climber.rank_change}位）"
        en += f", {climber.unit} climbed most (places: {climber.rank_change})"
    return Said(f"{zh}。", f"{en}.")


def _warnings(
    x: Floats, lines: Sequence[PanelLine], years: Sequence[int], low: float, high: float
) -> list[Said]:
    found = []
    gone = [line.unit for line in lines if line.change is None]
    if gone:
        zh, en = listed(gone)
        found.append(
            Said(
                f"首年或末年缺值，不计变化：{zh}。",
                f"Without a change, as the first or the last year is missing: {en}.",
            )
        )
    if len(set(np.isnan(x).sum(axis=0).tolist())) > 1:
        found.append(
            Said(
                "各年单位数不同，名次变化可能来自单位增减。",
                "Years have different units; ranks may move because of who is there.",
            )
        )
    if [b - a for a, b in pairwise(years)] != [1] * (len(years) - 1):
        found.append(
            Said(
                "年份不连续，逐年增长按相邻两期计。",
                "Years are missing; growth is from one year present to the next.",
            )
        )
    outside = float(((x < low) | (x > high)).sum() / max(1, int((~np.isnan(x)).sum())))
    if outside > 0:
        found.append(
            Said(
                f"{percent(outside)}的值超出基期范围，得分可以低于0或高于100。",
                f"{percent(outside)} of values lie outside the base range; scores below 0 or over 100 occur.",
            )
        )
    return found
