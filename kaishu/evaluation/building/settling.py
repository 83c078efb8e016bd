"""Scores so close to a limit that binary arithmetic could err, settled by exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np

from kaishu.evaluation.building.aggregating import Aggregated
from kaishu.evaluation.building.data import conditions_of
from kaishu.evaluation.building.normalising import Scored
from kaishu.evaluation.building.notes import CONSTANT, IMPUTED, TREATED, ZEROED
from kaishu.evaluation.building.plan import Group, Leaf, Plan
from kaishu.evaluation.building.result import Used
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.system import choices, deciding
from kaishu.evaluation.system.deciding import Condition

#: Nearer than this share of the limit, a score is computed again.
CLOSE = 1e-9
#: A settled score stands this far from the limit, which comparing in 15 digits sees.
APART = 1e-12


def settle(plan: Plan, scored: Scored, found: Aggregated) -> Array:
    """The scores, (units, nodes), those close to a limit moved to the side on which they truly are.

    What is not a fraction (logarithms, standard deviations, other means than arithmetic) stays as it is.
    """
    scores = np.array(found.scores)
    exact = _Exact(plan, scored, found)
    for place, limit in dict.fromkeys(_limits(plan)):
        size = max(abs(limit), 1e-3)
        for row in np.nonzero(np.abs(scores[:, place] - limit) <= CLOSE * size)[0]:
            value = exact.node(int(row), place)
            if value is not None:
                bound = fraction(limit)
                side = (value > bound) - (value < bound)
                scores[row, place] = limit + side * APART * size
    return scores


def fraction(value: float) -> Fraction:
    """The decimal number that was written.

    >>> fraction(0.1) == Fraction(1, 10)
    True
    """
    return Fraction(Decimal(repr(float(value))))


def _limits(plan: Plan) -> Iterator[tuple[int, float]]:
    """Each node and a limit that decides over it."""
    passport = plan.passport
    if isinstance(passport.grades, tuple):
        graded = {"index": 1, "dimensions": 1 + len(passport.tree), "all": len(plan.codes)}[passport.graded]
        places = range(len(plan.codes)) if passport.graded == "all" else _first(plan, graded)
        for each in passport.grades:
            if each.at_least is not None:
                yield from ((place, each.at_least) for place in places)
    for condition in conditions_of(passport):
        yield from _compared(plan, condition)


def _first(plan: Plan, count: int) -> list[int]:
    return [0, *(plan.codes.index(node.code) for node in plan.passport.tree)][:count]


def _compared(plan: Plan, condition: Condition) -> Iterator[tuple[int, float]]:
    if isinstance(condition, deciding.OfNode):
        limits = (condition.at_least, condition.more_than, condition.at_most, condition.less_than)
        place = plan.codes.index(condition.node)
        yield from ((place, limit) for limit in limits if limit is not None)
        if isinstance(condition.equals, float):
            yield place, condition.equals
        return
    for each in deciding.inside(condition):
        yield from _compared(plan, each)


class _Exact:
    def __init__(self, plan: Plan, scored: Scored, found: Aggregated) -> None:
        self.plan, self.scored, self.found = plan, scored, found
        self.groups = {group.place: group for group in plan.groups}
        self.leaves = {int(place): leaf for place, leaf in zip(plan.leaf_places, plan.leaves, strict=True)}
        self.known: dict[tuple[int, int], Fraction | None] = {}

    def node(self, row: int, place: int) -> Fraction | None:
        """The exact score of a node, None if it is not a fraction."""
        if (row, place) not in self.known:
            group = self.groups.get(place)
            found = self.leaf(row, self.leaves[place]) if group is None else self.group(row, group)
            self.known[row, place] = found
        return self.known[row, place]

    def group(self, row: int, group: Group) -> Fraction | None:
        if group.method not in ("arithmetic", "sum") or group.exact is None:
            return None
        shares = group.exact[int(self.plan.class_of[row])]
        there = self.found.applicable[row] & ~np.isnan(self.found.scores[row])
        total, weight = Fraction(0), Fraction(0)
        for child, share in zip(group.children, shares, strict=True):
            if not there[child] or not share:
                continue
            score = self.node(row, int(child))
            if score is None:
                return None
            total, weight = total + share * score, weight + share
        if group.method == "sum":
            return total
        return total / weight if weight else None

    def leaf(self, row: int, leaf: Leaf) -> Fraction | None:
        flags = int(self.scored.flags[row, leaf.place])
        score = float(self.scored.scores[row, leaf.place])
        how = leaf.normalise
        given = isinstance(how, choices.Steps | choices.Levels | choices.Binary)
        if flags & (ZEROED | CONSTANT) or given or how in ("binary", "rank", "borda"):
            return fraction(score)
        if flags & (IMPUTED | TREATED):
            return None
        x = fraction(float(self.plan.table.numbers[leaf.column][row]))
        if leaf.per is not None:
            if not isinstance(how, choices.Goalposts | choices.Efficacy) and how != "direct":
                return None
            x = x * fraction(leaf.per_scale) / fraction(float(self.plan.table.numbers[leaf.per][row]))
        return self.linear(x, leaf, self.scored.ranges[leaf.code][int(self.plan.population[row])])

    def linear(self, x: Fraction, leaf: Leaf, used: Used) -> Fraction | None:
        """Normalisations that are straight lines between two ends."""
        how, low, high = leaf.normalise, *map(fraction, self.plan.passport.scale)
        if how == "direct":
            return x if leaf.direction > 0 else low + high - x
        ends = [used.used.get(name) for name in ("lower", "upper")]
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            return None
        lower, upper = fraction(ends[0]), fraction(ends[1])
        share = (x - lower) / (upper - lower)
        if isinstance(how, choices.Efficacy):
            share = _cut(share) if how.cut else share
            return 60 + 40 * share
        share = share if leaf.direction > 0 else 1 - share
        if isinstance(how, choices.MinMax):
            low, high = map(fraction, how.min_max)
        elif not (how in ("min-max", "to-maximum") or isinstance(how, choices.Goalposts)):
            return None
        observed = how != "to-maximum" and leaf.frozen is None and self.plan.base is None
        return low + (high - low) * (_cut(share) if observed else share)


def _cut(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))
