"""Scores from 0 to 100: of each dimension, and of the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def scores(
    results: Iterable[tuple[str, float, int, int]], weights: Mapping[str, float]
) -> dict[str, float | None]:
    """``results`` are (dimension, weight of the rule, checked, failed).

    A rule scores the share of what it checked that did not fail; a dimension the weighted mean of its rules;
    the table (``total``) the weighted mean of its dimensions, each of weight 1 unless said.  Rules that had
    nothing to check do not count; None if nothing does.
    """
    sums: dict[str, list[float]] = {}
    for dimension, weight, checked, failed in results:
        if checked and weight:
            held = sums.setdefault(dimension, [0.0, 0.0])
            held[0] += weight * 100 * (1 - min(failed / checked, 1))
            held[1] += weight
    found: dict[str, float | None] = {name: part / whole for name, (part, whole) in sums.items()}
    shares = [(weights.get(name, 1.0), part / whole) for name, (part, whole) in sums.items()]
    weight = sum(each for each, _ in shares)
    total = sum(each * score for each, score in shares) / weight if weight else None
    return {
        name: None if each is None else round(each, 4) for name, each in {"total": total, **found}.items()
    }
