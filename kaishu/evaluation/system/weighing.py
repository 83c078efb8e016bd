"""Weights as exact fractions: those written, and what each class of unit makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kaishu.evaluation.system.choices import Ahp, Budget, ByLevel, Combined
from kaishu.evaluation.system.model import Node, Passport, UnitClass

Shares = dict[str, Fraction]


def groups(passport: Passport) -> list[tuple[Node | None, tuple[Node, ...]]]:
    """Each parent (None: the index) and its children, parents first."""
    return [(None, passport.tree)] + [(node, node.children) for node in passport.nodes() if node.children]


def method_of(passport: Passport, parent: Node | None, depth: int) -> str:
    """How the children of a node become its score; ``depth`` of the index is 0."""
    chosen = parent.aggregate if parent is not None and parent.aggregate is not None else passport.aggregate
    if isinstance(chosen, ByLevel):
        chosen = chosen.levels.get(depth, "arithmetic")
    return chosen if isinstance(chosen, str) else "power"


def is_sum(passport: Passport, parent: Node | None, depth: int) -> bool:
    """Whether weights are points to be added, which need not sum to 1."""
    return method_of(passport, parent, depth) == "sum"


def depths(passport: Passport) -> dict[str, int]:
    """Level of each node; those of ``tree`` are at 1."""
    found: dict[str, int] = {}

    def walk(nodes: Sequence[Node], depth: int) -> None:
        for node in nodes:
            found[node.code] = depth
            walk(node.children, depth + 1)

    walk(passport.tree, 1)
    return found


def weighing_of(passport: Passport, parent: Node | None, children: Sequence[Node]) -> object:
    """The method of weighing one group: written weights win, unless the method mixes them in."""
    chosen = parent.weigh if parent is not None and parent.weigh is not None else passport.weights
    if isinstance(chosen, Combined | Ahp | Budget) and (parent is None or parent.weigh is not None):
        return chosen
    if all(child.weight is not None for child in children):
        return chosen if isinstance(chosen, Combined) else "given"
    if isinstance(chosen, Ahp | Budget):
        # A matrix fits one group only: that of the node it stands at.
        return "given"
    return chosen


def written(children: Sequence[Node]) -> Shares | None:
    """Written weights of a group; a single child needs none; None if any is missing."""
    if len(children) == 1 and children[0].weight is None:
        return {children[0].code: Fraction(1)}
    if any(child.weight is None for child in children):
        return None
    return {child.code: child.weight for child in children if child.weight is not None}


def without(passport: Passport, rules: UnitClass) -> set[str]:
    """Codes that do not apply to a class: those named, all below them, and parents left without children."""
    gone = set(rules.not_applicable)

    def walk(node: Node) -> bool:
        if node.code in gone:
            gone.update(each.code for each in node.walk())
        elif node.children and all([walk(child) for child in node.children]):
            gone.add(node.code)
        return node.code in gone

    for node in passport.tree:
        walk(node)
    return gone


def class_shares(
    children: Sequence[Node], shares: Mapping[str, Fraction], rules: UnitClass, gone: set[str], points: bool
) -> Shares:
    """Shares of a group for a class: own weights, weight of absent nodes folded or spread.

    Of points (``points``) nothing is spread: what does not apply is not attained and not asked.
    """
    found = {child.code: rules.weights.get(child.code, shares[child.code]) for child in children}
    if all(code in gone for code in found):
        return dict.fromkeys(found, Fraction(0))
    for code in [code for code in found if code in gone]:
        target = rules.fold.get(code)
        if target in found and target not in gone:
            found[target] += found[code]
        found[code] = Fraction(0)
    total = sum(found.values())
    if points or total in (0, 1):
        return found
    if any(child.code in rules.weights for child in children):
        # Other weights were written for this class: they must sum by themselves.
        return found
    return {code: share / total for code, share in found.items()}
