"""A passport and its units compiled to arrays, once, so that every stage works on whole matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.table import Array, Mask, UnitTable
from kaishu.evaluation.system.choices import (
    ByLevel,
    Goalposts,
    Impute,
    LogGoalposts,
    Method,
    Missing,
    Normalisation,
    Steps,
    Threshold,
    Treatment,
)
from kaishu.evaluation.system.model import INDEX, Indicator, Node, Passport, UnitClass, column_of
from kaishu.evaluation.system.weighing import class_shares, method_of, weighing_of, without, written

#: How a group treats members without a score, in the words of ``methods.aggregation``.
Policy = str | float


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator as the stages use it.  ``direction`` is 1 or -1; ``place`` its column in the matrices."""

    code: str
    place: int
    column: str
    per: str | None
    per_scale: float
    normalise: Normalisation
    direction: int
    written_direction: bool
    treat: Treatment
    fill: Missing
    frozen: tuple[float, float] | None


@dataclass(frozen=True)
class Group:
    """A parent and its children: places in the matrices of nodes, and how they become one score.

    ``shares`` holds written weights as numbers, (classes, children), and ``exact`` the same as fractions;
    both are None if weights come from the data.  ``written`` are the weights of the file, before classes;
    ``present`` says which child applies to which class; ``alone`` are children whose own policy for missing
    values differs: True to leave them out, False to make the parent missing.
    """

    code: str
    place: int
    children: NDArray[np.int64]
    method: Method
    weighing: object
    shares: Array | None
    exact: tuple[tuple[Fraction, ...], ...] | None
    written: Array | None
    present: Mask
    policy: Policy
    alone: Mapping[int, bool]


@dataclass(frozen=True)
class Plan:
    """Everything that does not depend on the values.

    ``groups`` stand from the lowest to the index; ``classes`` names the rows of ``Group.shares``, the first
    is for units of no class with rules; ``applicable`` is (units, leaves).
    """

    passport: Passport
    table: UnitTable
    codes: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    leaf_places: NDArray[np.int64]
    groups: tuple[Group, ...]
    classes: tuple[str, ...]
    class_of: NDArray[np.int64]
    applicable: Mask
    populations: tuple[str, ...]
    population: NDArray[np.int64]
    base: tuple[NDArray[np.int64], ...] | None

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.table)


def compile_plan(passport: Passport, table: UnitTable) -> Plan:
    """Compile.  Raises ``BadData`` when a base period is not there."""
    nodes = list(passport.nodes())
    places = {INDEX: 0, **{node.code: place for place, node in enumerate(nodes, 1)}}
    leaves = tuple(
        _leaf(passport, node, place, policy)
        for place, (node, policy) in enumerate(
            (node, policy) for node, policy in _policies(passport) if not node.children
        )
    )
    classes = ("", *passport.classes)
    gone = [set[str](), *(without(passport, rules) for rules in passport.classes.values())]
    index = {name: place for place, name in enumerate(classes)}
    class_of = np.array([index.get(name or "", 0) for name in table.classes], dtype=np.int64)
    by_class = np.array([[leaf.code not in each for leaf in leaves] for each in gone])
    applicable = by_class[class_of] if len(table) else np.ones((0, len(leaves)), dtype=bool)
    for leaf in leaves:
        if leaf.column in table.not_applicable:
            applicable[:, leaf.place] &= ~table.not_applicable[leaf.column]
    populations, population = _populations(passport, table)
    return Plan(
        passport=passport,
        table=table,
        codes=tuple(places),
        leaves=leaves,
        leaf_places=np.array([places[leaf.code] for leaf in leaves], dtype=np.int64),
        groups=tuple(_groups(passport, places, gone)),
        classes=classes,
        class_of=class_of,
        applicable=applicable,
        populations=populations,
        population=population,
        base=_base(passport, table, populations, population),
    )


def _policies(passport: Passport) -> list[tuple[Node, Missing]]:
    """Each node, preorder, with the policy that its members or its value follow."""
    found: list[tuple[Node, Missing]] = []

    def walk(nodes: Sequence[Node], above: Missing) -> None:
        for node in nodes:
            own = node.missing if node.missing is not None else above
            if node.indicator is not None and node.indicator.missing is not None:
                own = node.indicator.missing
            found.append((node, own))
            walk(node.children, own)

    walk(passport.tree, passport.missing)
    return found


def _leaf(passport: Passport, node: Node, place: int, fill: Missing) -> Leaf:
    indicator = node.indicator or Indicator()
    chosen = indicator.normalise
    if chosen is None:
        from kaishu.evaluation.system.model import Judged

        chosen = "direct" if isinstance(indicator.from_, Judged) else passport.normalise
    direction = -1 if indicator.direction == "less" else 1
    if isinstance(chosen, Goalposts) and chosen.goalposts[0] > chosen.goalposts[1]:
        chosen, direction = Goalposts(goalposts=chosen.goalposts[::-1]), -1
    if isinstance(chosen, LogGoalposts) and chosen.log_goalposts[0] > chosen.log_goalposts[1]:
        chosen, direction = LogGoalposts(log_goalposts=chosen.log_goalposts[::-1]), -1
    if isinstance(chosen, Steps) and indicator.direction is None:
        direction = -1 if chosen.steps[-1][1] < chosen.steps[0][1] else 1
    return Leaf(
        code=node.code,
        place=place,
        column=column_of(node),
        per=indicator.per,
        per_scale=indicator.per_scale,
        normalise=chosen,
        direction=direction,
        written_direction=indicator.direction is not None,
        treat=indicator.treat if indicator.treat is not None else passport.outliers,
        fill=fill,
        frozen=indicator.range.frozen if indicator.range else None,
    )


def group_policy(policy: Missing) -> Policy:
    """What a group does about members without a score; one that could not be filled is skipped."""
    if isinstance(policy, Threshold):
        return policy.threshold
    if isinstance(policy, Impute) or policy in ("zero", "lowest"):
        return "skip"
    return str(policy)


def _groups(passport: Passport, places: Mapping[str, int], gone: Sequence[set[str]]) -> list[Group]:
    policies = {node.code: policy for node, policy in _policies(passport)}
    rules = [UnitClass(), *passport.classes.values()]
    found: list[Group] = []

    def walk(parent: Node | None, children: Sequence[Node], depth: int) -> None:
        for child in children:
            if child.children:
                walk(child, child.children, depth + 1)
        policy = group_policy(policies[parent.code] if parent else passport.missing)
        weighing = weighing_of(passport, parent, children)
        shares = written(children)
        points = method_of(passport, parent, depth) == "sum"
        if points and shares is None:
            shares = {child.code: child.weight or Fraction(1) for child in children}
        own = None if shares is None else np.array([float(share) for share in shares.values()])
        if weighing == "equal":
            shares = {child.code: Fraction(1, len(children)) for child in children}
        elif weighing != "given":
            shares = None
        exact = None
        if shares is not None:
            exact = tuple(
                tuple(class_shares(children, shares, each, out, points).values())
                for each, out in zip(rules, gone, strict=True)
            )
        found.append(
            Group(
                code=parent.code if parent else INDEX,
                place=places[parent.code] if parent else 0,
                children=np.array([places[child.code] for child in children], dtype=np.int64),
                method=_method(passport, parent, depth),
                weighing=weighing,
                shares=None if exact is None else np.array([[float(each) for each in row] for row in exact]),
                exact=exact,
                written=own,
                present=np.array([[child.code not in out for child in children] for out in gone]),
                policy=policy,
                alone=_alone(children, policy),
            )
        )

    walk(None, passport.tree, 0)
    return found


def _alone(children: Sequence[Node], policy: Policy) -> dict[int, bool]:
    found = {}
    for place, child in enumerate(children):
        own = child.missing
        if child.indicator is not None and child.indicator.missing is not None:
            own = child.indicator.missing
        if own is not None and group_policy(own) != policy and group_policy(own) in ("skip", "propagate"):
            found[place] = group_policy(own) == "skip"
    return found


def _method(passport: Passport, parent: Node | None, depth: int) -> Method:
    if parent is not None and parent.aggregate is not None:
        return parent.aggregate
    chosen = passport.aggregate
    return chosen.levels.get(depth, "arithmetic") if isinstance(chosen, ByLevel) else chosen


def _populations(passport: Passport, table: UnitTable) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    within = passport.ranges.within
    labels = []
    for group, period in zip(table.groups, table.periods, strict=True):
        parts = [group or ""] if "group" in within else []
        parts += [period or ""] if "period" in within else []
        labels.append(" · ".join(parts))
    names = tuple(dict.fromkeys(labels)) or ("",)
    index = {name: place for place, name in enumerate(names)}
    return names, np.array([index[label] for label in labels], dtype=np.int64)


def _base(
    passport: Passport, table: UnitTable, populations: Sequence[str], population: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ...] | None:
    """Rows of the base period in each population."""
    base = passport.ranges.base
    if base is None:
        return None
    in_base = np.array([period == base for period in table.periods], dtype=bool)
    found = []
    for place, name in enumerate(populations):
        rows = np.nonzero(in_base & (population == place))[0]
        if not len(rows):
            said = Said(
                f"没有基期“{base}”的数据（{name}）", f'there are no data of the base period "{base}" ({name})'
            )
            raise BadData(table.source, [CellProblem(0, passport.units.period or "", said)])
        found.append(rows)
    return tuple(found)
