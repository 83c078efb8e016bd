"""From datasets to departments and catalogues: share passing times points, and what to mend first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaishu.inspection.mqa.method import Indicator, method
from kaishu.inspection.mqa.scoring import Outcome


@dataclass(slots=True)
class Sum:
    """What is counted of a set of datasets; holds numbers only, however many there are."""

    datasets: int = 0
    met: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    ratings: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one dataset."""
        how = method()
        self.datasets += 1
        self.ratings[how.rating(outcome.score)] += 1
        for place, each in enumerate(how.indicators):
            if outcome.met >> place & 1:
                self.met[each.code] += 1
            elif outcome.unknown >> place & 1:
                self.unknown[each.code] += 1

    @property
    def score(self) -> float:
        """Points of the set."""
        return total(self.datasets, self.met)


@dataclass(frozen=True, slots=True)
class Mending:
    """What mending one indicator everywhere would give: points of the whole set, datasets that lack it."""

    indicator: Indicator
    lacking: int
    unknown: int
    gain: float


def total(datasets: int, met: Mapping[str, int]) -> float:
    """Points of a set: the share of datasets that pass, times the points, summed (as ckan-mqa has it)."""
    if not datasets:
        return 0.0
    how = method()
    lost = sum(
        points * (datasets - met.get(code, 0))
        for code, points in (
            ("format-given", how.options.missing_format),
            ("media-type-given", how.options.missing_media_type),
        )
    )
    return (sum(each.points * met.get(each.code, 0) for each in how.indicators) + lost) / datasets


def by_dimension(datasets: int, met: Mapping[str, int]) -> dict[str, float]:
    """Points of a set in each dimension."""
    found = dict.fromkeys((each.code for each in method().dimensions), 0.0)
    for each in method().indicators:
        if datasets:
            found[each.dimension] += each.points * met.get(each.code, 0) / datasets
    return found


def mend_first(datasets: int, met: Mapping[str, int], unknown: Mapping[str, int]) -> list[Mending]:
    """What to mend, the largest gain for the set first: points times the share that lacks it.

    What has only not been looked at yet is not lacking: it is counted apart.
    """
    found = []
    for each in method().indicators:
        waiting = unknown.get(each.code, 0)
        lacking = datasets - met.get(each.code, 0) - waiting
        if datasets and (lacking or waiting):
            found.append(Mending(each, lacking, waiting, each.points * lacking / datasets))
    return sorted(found, key=lambda each: (-each.gain, -each.unknown * each.indicator.points))


def lacking(outcome: Outcome) -> Sequence[Indicator]:
    """What one dataset lacks, the most points first; what nobody has looked at yet is not lacking."""
    missing = [each for each in method().indicators if outcome.says(each.code) is False]
    return sorted(missing, key=lambda each: -each.points)
