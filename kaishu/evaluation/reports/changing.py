"""How units moved since an earlier result, or since the period before."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kaishu.evaluation.reports.showing import Showing


@dataclass(frozen=True, slots=True)
class Movement:
    """Of one unit; ``by_score`` and ``by_weight`` are parts of ``change``, None where they were not split."""

    score_before: float | None
    rank_before: float | None
    change: float | None
    places: float | None
    by_score: float | None = None
    by_weight: float | None = None
    rest: float | None = None


def movements(shown: Showing) -> dict[int, Movement]:
    """Row to movement, for units that were there before; empty if there is nothing earlier."""
    if shown.before is not None:
        return _between_results(shown)
    return _between_periods(shown)


def earlier(shown: Showing) -> str:
    """The name of what is compared with: edition or period."""
    if shown.before is not None:
        other = shown.before
        periods = [each for each in other.table.periods if each is not None]
        return max(periods) if periods else other.passport.edition
    last = _period_before(shown)
    return last or ""


def _between_results(shown: Showing) -> dict[int, Movement]:
    from kaishu.evaluation import compare_results  # by the front door, whose rooms know reports too
    from kaishu.evaluation.errors import NotComparable

    assert shown.before is not None
    try:
        found = {each.id: each for each in compare_results(shown.before, shown.result).units}
    except NotComparable:
        return {}
    return {
        row: Movement(
            each.score_before,
            each.rank_before,
            each.change,
            _places(each.rank_before, float(shown.result.rank[row])),
            each.by_score,
            each.by_weight,
            each.rest,
        )
        for row in shown.rows
        if (each := found.get(shown.result.table.ids[row])) is not None
    }


def _between_periods(shown: Showing) -> dict[int, Movement]:
    last = _period_before(shown)
    if last is None:
        return {}
    result, table = shown.result, shown.result.table
    before = {table.ids[row]: row for row, period in enumerate(table.periods) if period == last}
    found = {}
    for row in shown.rows:
        old = before.get(table.ids[row])
        if old is None:
            continue
        score, rank = float(result.index[old]), float(result.rank[old])
        change = float(result.index[row]) - score
        rank_before = None if math.isnan(rank) else rank
        found[row] = Movement(
            None if math.isnan(score) else score,
            rank_before,
            None if math.isnan(change) else change,
            _places(rank_before, float(result.rank[row])),
        )
    return found


def _period_before(shown: Showing) -> str | None:
    periods = sorted({each for each in shown.result.table.periods if each is not None})
    return periods[-2] if len(periods) > 1 else None


def _places(before: float | None, after: float) -> float | None:
    """How many places up, below 0 for down."""
    return None if before is None or math.isnan(after) else before - after
