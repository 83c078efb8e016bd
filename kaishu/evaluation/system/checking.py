"""What a passport must hold beyond its grammar: codes, weights, directions, classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from kaishu.base.errors import Said
from kaishu.evaluation.system.checking_choices import choice_problems, indicator_problems
from kaishu.evaluation.system.checking_decisions import decision_problems
from kaishu.evaluation.system.choices import Ahp, Budget, Combined
from kaishu.evaluation.system.lines import Path
from kaishu.evaluation.system.model import INDEX, Node, Passport
from kaishu.evaluation.system.weighing import (
    class_shares,
    depths,
    groups,
    is_sum,
    weighing_of,
    without,
    written,
)

Found = tuple[Path, Said]
MOST_DEPTH = 30


def problems_of(passport: Passport) -> list[Found]:
    """Everything that is wrong, each with its path."""
    paths = dict(_paths(passport.tree, ("tree",)))
    twice = list(_codes(passport))
    if twice:
        # With a code twice, nothing that speaks of codes can be told.
        return twice
    found = [*_structure(passport, paths), *choice_problems(passport)]
    for node in passport.leaves():
        if node.indicator is not None:
            found += indicator_problems(passport, node, (*paths[node.code], "indicator"))
    found += _weights(passport, paths)
    found += _classes(passport, paths)
    found += decision_problems(passport)
    return found


def _paths(nodes: tuple[Node, ...], path: Path) -> Iterator[tuple[str, Path]]:
    for place, node in enumerate(nodes):
        yield node.code, (*path, place)
        yield from _paths(node.children, (*path, place, "children"))


def _codes(passport: Passport) -> Iterator[Found]:
    seen: dict[str, Path] = {INDEX: ()}
    for code, path in _paths(passport.tree, ("tree",)):
        if code == INDEX:
            yield (*path, "code"), Said(f"“{INDEX}”是总指数的代码", f'"{INDEX}" is the code of the index')
        elif code in seen:
            yield (
                (*path, "code"),
                Said(
                    f"代码“{code}”出现了两次：树里不能有环或重复",
                    f'the code "{code}" is there twice: a tree has no cycles',
                ),
            )
        if len(path) > 2 * MOST_DEPTH:
            yield path, Said(f"超过{MOST_DEPTH}层", f"deeper than {MOST_DEPTH} levels")
        seen[code] = path


def _structure(passport: Passport, paths: dict[str, Path]) -> Iterator[Found]:
    for node in passport.nodes():
        path = paths[node.code]
        if node.children and node.indicator is not None:
            yield (
                (*path, "indicator"),
                Said("有下级的节点不能有指标", "a node with children cannot have an indicator"),
            )
        if not node.children and node.indicator is None:
            yield (
                path,
                Said(
                    "既没有下级（children）也没有指标（indicator）", "has neither children nor an indicator"
                ),
            )
        if not node.children and (node.weigh is not None or node.aggregate is not None):
            key = "weigh" if node.weigh is not None else "aggregate"
            yield (*path, key), Said("末级指标没有下级可合成", "an indicator has no children to put together")


def _weights(passport: Passport, paths: dict[str, Path]) -> Iterator[Found]:
    level = depths(passport)
    for parent, children in groups(passport):
        path: Path = (*paths[parent.code], "children") if parent else ("tree",)
        points = is_sum(passport, parent, level[parent.code] if parent else 0)
        method = weighing_of(passport, parent, children)
        place: Path = (*paths[parent.code], "weigh") if parent and parent.weigh else ("weights",)
        if isinstance(method, Ahp | Budget) and any(child.weight is not None for child in children):
            yield (
                place,
                Said("下级已写了权重，不能再算", "the children have weights already; none are computed"),
            )
        elif isinstance(method, Ahp):
            yield from _ahp(method, len(children), (*place, "ahp"))
        elif isinstance(method, Budget):
            yield from _budget(method, len(children), (*place, "budget"))
        else:
            if isinstance(method, Combined) and isinstance(method.combined.subjective, Ahp):
                inner: Path = (*place, "combined", "subjective", "ahp")
                yield from _ahp(method.combined.subjective, len(children), inner)
            yield from _given(children, path, place, method, points)


def _given(
    children: tuple[Node, ...], path: Path, place: Path, method: object, points: bool
) -> Iterator[Found]:
    lacking = [index for index, child in enumerate(children) if child.weight is None]
    given = written(children)
    if place[-1] == "weigh" and not lacking and not (method == "given" or isinstance(method, Combined)):
        yield place, Said("下级已写了权重，不能再算", "the children have weights already; none are computed")
        return
    if given is None and len(lacking) < len(children):
        names = "、".join(children[index].code for index in lacking)
        yield (
            (*path, lacking[0]),
            Said(
                f"同级的其他节点有权重，这里没有：{names}", f"its siblings have weights; missing at: {names}"
            ),
        )
        return
    judged = method == "given" or (isinstance(method, Combined) and method.combined.subjective == "given")
    if given is None and judged and not points:
        yield (
            (*path, 0),
            Said(
                "没有权重；请写 weight，或在上级写 weigh: equal 等方法",
                "no weight; write weight, or a method such as weigh: equal at the parent",
            ),
        )
        return
    if given is None or points or not judged:
        return
    total = sum(given.values(), Fraction(0))
    if total != 1:
        sum_ = " + ".join(f"{code} {tell(share)}" for code, share in given.items())
        yield (
            (*path, 0, "weight"),
            Said(
                f"同级权重之和应为1，现为{tell(total)}：{sum_}",
                f"weights of a group sum to 1, not {tell(total)}: {sum_}",
            ),
        )


def tell(share: Fraction) -> str:
    """A fraction as people write it: a decimal where it ends, else a ratio.

    >>> tell(Fraction(9, 10)), tell(Fraction(1, 3))
    ('0.9', '1/3')
    """
    rest = share.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return str(share) if rest > 1 else format(float(share), ".12g")


def _ahp(method: Ahp, count: int, path: Path) -> Iterator[Found]:
    first = method.ahp[0]
    several = bool(first) and isinstance(first[0], tuple)
    for judge, matrix in enumerate(method.ahp if several else (method.ahp,)):
        here: Path = (*path, judge) if several else path
        rows: list[tuple[Fraction, ...]] = list(matrix)  # type: ignore[arg-type]
        if len(rows) != count or any(len(row) != count for row in rows):
            yield here, Said(f"判断矩阵应为{count}×{count}", f"the matrix should be {count} by {count}")
            continue
        for i in range(count):
            for j in range(count):
                if rows[i][j] * rows[j][i] != 1:
                    yield (
                        (*here, i, j),
                        Said(
                            f"第{i + 1}行第{j + 1}列与对角位置应互为倒数",
                            f"row {i + 1}, column {j + 1} is not the reciprocal of its mirror",
                        ),
                    )
                    return


def _budget(method: Budget, count: int, path: Path) -> Iterator[Found]:
    for expert, points in enumerate(method.budget):
        if len(points) != count or sum(points) == 0:
            yield (
                (*path, expert),
                Said(
                    f"每位专家应给{count}个分值，不能全为0", f"each expert gives {count} numbers, not all 0"
                ),
            )


def _classes(passport: Passport, paths: dict[str, Path]) -> Iterator[Found]:
    if passport.classes and passport.units.class_ is None:
        yield (
            ("classes",),
            Said("请在 units 里写 class：哪一列说明类别", "say in units which column is the class"),
        )
    parents = {child.code: parent for parent, children in groups(passport) for child in children}
    for name, rules in passport.classes.items():
        here: Path = ("classes", name)
        unknown = [
            ((*here, key, *([place] if key == "not-applicable" else [code])), code)
            for key, codes in (
                ("not-applicable", rules.not_applicable),
                ("fold", (*rules.fold, *rules.fold.values())),
                ("weights", rules.weights),
            )
            for place, code in enumerate(codes)
            if code not in paths
        ]
        for path, code in unknown:
            yield path, Said(f"树里没有“{code}”", f'there is no "{code}" in the tree')
        if unknown:
            continue
        gone = without(passport, rules)
        for code, target in rules.fold.items():
            if code not in gone or target in gone or parents[code] is not parents[target]:
                yield (
                    (*here, "fold", code),
                    Said(
                        "只能把不适用的节点并入同级的适用节点",
                        "a node that does not apply folds into a sibling that does",
                    ),
                )
        yield from _class_sums(passport, here, gone)


def _class_sums(passport: Passport, here: Path, gone: set[str]) -> Iterator[Found]:
    rules, level = passport.classes[str(here[1])], depths(passport)
    counted = Counter(gone)
    if all(node.code in counted for node in passport.tree):
        yield here, Said("对这一类没有适用的指标", "nothing applies to this class")
    for parent, children in groups(passport):
        points = is_sum(passport, parent, level[parent.code] if parent else 0)
        shares = written(children)
        touched = [child.code for child in children if child.code in rules.weights]
        if shares is None and touched:
            yield (
                (*here, "weights", touched[0]),
                Said("同级没有写明的权重，不能按类别改", "its group has no written weights to change"),
            )
        if shares is None or points or (parent is not None and parent.code in gone):
            continue
        total = sum(class_shares(children, shares, rules, gone, points).values(), Fraction(0))
        if total != 1 and touched:
            yield (
                (*here, "weights", touched[0]),
                Said(
                    f"这一类的同级权重之和为{tell(total)}，应为1",
                    f"weights of this class sum to {tell(total)}, not 1",
                ),
            )
