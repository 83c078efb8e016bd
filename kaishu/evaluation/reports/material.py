"""Everything that the sections of a report take from, computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kaishu.base import clock
from kaishu.evaluation.reports import diagnosing
from kaishu.evaluation.reports.changing import Movement, earlier, movements
from kaishu.evaluation.reports.diagnosing import Diagnosis, Gains, diagnose, gains
from kaishu.evaluation.reports.showing import Showing
from kaishu.evaluation.robustness.climbing import Climb, climbs
from kaishu.evaluation.system.choices import (
    Binary,
    ByLevel,
    Goalposts,
    Levels,
    LogGoalposts,
    MinMax,
    Normalisation,
    Steps,
    Target,
)
from kaishu.evaluation.system.model import Node
from kaishu.reporting import Block

if TYPE_CHECKING:
    from kaishu.evaluation.systems.rows import Comparison


@dataclass(frozen=True)
class Material:
    """``unit`` is the row that the report is on, None for all units; ``robustness`` are ready-made blocks."""

    shown: Showing
    unit: int | None = None
    robustness: Sequence[Block] = ()
    remembered: dict[str, Gains] = field(default_factory=dict)

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """Every unit against its peers."""
        return diagnose(self.shown)

    def gains(self, target: diagnosing.Target = "best") -> Gains:
        """Points to be won by reaching a target."""
        if target not in self.remembered:
            self.remembered[target] = gains(self.diagnosis, target)
        return self.remembered[target]

    @cached_property
    def climbs(self) -> Sequence[Climb]:
        """What lacks each unit for the next stage, and which vetoes hold, by row."""
        return climbs(self.shown.result)

    @cached_property
    def movements(self) -> Mapping[int, Movement]:
        """What changed since an earlier result or period."""
        return movements(self.shown)

    @cached_property
    def earlier(self) -> str:
        """Name of what is compared with."""
        return earlier(self.shown)

    @cached_property
    def printed(self) -> Comparison | None:
        """Printed figures beside ours: only when this is a built-in system on its own data."""
        from kaishu.evaluation import built_in, evaluate, fingerprint, read_system
        from kaishu.evaluation.systems.comparing import compare

        result = self.shown.result
        if result.system not in built_in() or fingerprint(read_system(result.system)) != result.fingerprint:
            return None
        if evaluate(result.system).data_digest != result.data_digest:
            return None
        found = compare(result.system)
        return found if found.rows else None

    @cached_property
    def date(self) -> str:
        """Of the report."""
        return clock.day_of(clock.now()).isoformat()

    # ---- full marks

    @cached_property
    def full(self) -> Mapping[str, float]:
        """Node to its highest possible score, where that is fixed; points add up, means keep the scale."""
        passport = self.shown.result.passport
        found: dict[str, float] = {}
        for node in passport.tree:
            self._full(node, 1, found)
        return found

    def _full(self, node: Node, level: int, found: dict[str, float]) -> float | None:
        passport = self.shown.result.passport
        top: float | None
        if node.children:
            below = [self._full(child, level + 1, found) for child in node.children]
            if None in below:
                return None
            known = [each for each in below if each is not None]
            if self._method(node, level) == "sum":
                top = sum(
                    float(child.weight or 0) * each for child, each in zip(node.children, known, strict=True)
                )
            else:
                top = known[0] if max(known) - min(known) < 1e-9 else None
        else:
            choice = node.indicator.normalise if node.indicator else None
            word = passport.normalise if choice is None else choice
            top = None if word in ("z-score", "rank", "borda") else passport.scale[1]
            if not isinstance(word, str):
                top = _top_of(word, passport.scale[1])
        if top is not None and top > 0:
            found[node.code] = top
        return top

    def _method(self, node: Node, level: int) -> object:
        chosen = self.shown.result.passport.aggregate
        if node.aggregate is not None:
            return node.aggregate
        return chosen.levels.get(level, "arithmetic") if isinstance(chosen, ByLevel) else chosen


def _top_of(choice: Normalisation, scale: float) -> float | None:
    if isinstance(choice, Steps):
        return max(score for _, score in choice.steps)
    if isinstance(choice, Levels):
        return max(choice.levels.values())
    if isinstance(choice, MinMax):
        return max(choice.min_max)
    return scale if isinstance(choice, Goalposts | LogGoalposts | Target | Binary) else None
