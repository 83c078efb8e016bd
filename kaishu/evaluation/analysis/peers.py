"""Units that are alike, so that each is measured against its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, same_length, table_of, whole_rows
from kaishu.evaluation.analysis.errors import ChoiceUnknown, TooMany
from kaishu.evaluation.analysis.library import library
from kaishu.evaluation.analysis.means import Whole, k_means
from kaishu.evaluation.analysis.suitability import complete_columns
from kaishu.evaluation.analysis.wording import few, left_out, listed, shown

METHODS = {
    "hierarchical": ("Ward 层次聚类", "Ward's hierarchical clustering"),
    "k-means": ("K 均值", "k-means"),
}
#: Pairs of units are held in memory at once.
MOST_UNITS = 5000
_MOST_GROUPS = 10


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """``centre`` holds the means of the columns; ``typical`` is the unit nearest to all others in it."""

    number: int
    members: tuple[str, ...]
    centre: tuple[float, ...]
    typical: str
    silhouette: float


@dataclass(frozen=True, slots=True)
class PeerGroups:
    """``group`` gives each unit's group number from 1 (highest mean first), None if it has a gap.

    ``tried`` are (number of groups, mean silhouette) where the number was sought.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    method: str
    count: int
    silhouette: float
    tried: tuple[tuple[int, float], ...]
    group: tuple[int | None, ...]
    groups: tuple[PeerGroup, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def peer_groups(
    values: Numbers,
    names: Sequence[str],
    units: Sequence[str],
    *,
    count: int | None = None,
    method: str = "hierarchical",
    seed: int = 20251,
) -> PeerGroups:
    """Group (n, m) values, columns scaled to mean 0 and sd 1; rows with gaps stay without group.

    Without ``count`` the number from 2 to 10 with the highest mean silhouette is taken (Rousseeuw 1987,
    doi:10.1016/0377-0427(87)90125-7).  Hierarchical is Ward 1963, doi:10.1080/01621459.1963.10500845;
    k-means starts 5 times from k-means++ with a fixed seed.  The order of rows does not matter.

    >>> found = peer_groups([[0, 1], [1, 0], [9, 9], [10, 8]], ["x", "y"], ["a", "b", "c", "d"], count=2)
    >>> found.group, found.groups[0].members
    ((2, 2, 1, 1), ('c', 'd'))

    Raises ``TooFewValues``, ``TooMany``, ``AllEqual``, ``ChoiceUnknown``, ``AnalysisMissing``.
    """
    given = table_of(values, names)
    same_length("rows", given, "units", units)
    keep = whole_rows(given)
    x, lost = _columns(given, names)
    n = len(x)
    wanted = _wanted(count, method, n)
    numbered, width, tried, distances = _best(x, wanted, method, seed)
    kept = [unit for unit, there in zip(units, keep, strict=True) if there]
    groups = tuple(
        _group(number, numbered, x, distances, width, kept) for number in range(1, numbered.max() + 1)
    )
    found: list[int | None] = [None] * len(units)
    for place, number in zip(np.flatnonzero(keep), numbered, strict=True):
        found[place] = int(number)
    mean = float(width.mean())
    return PeerGroups(
        tuple(names),
        tuple(units),
        method,
        len(groups),
        mean,
        tried if count is None else (),
        tuple(found),
        groups,
        _finding(groups, mean, method),
        tuple(_cautions(groups, mean, n, lost)),
    )


def _wanted(count: int | None, method: str, n: int) -> list[int]:
    """Numbers of groups to try."""
    if method not in METHODS:
        raise ChoiceUnknown(option="method", given=method, known=list(METHODS))
    if n > MOST_UNITS:
        raise TooMany(name="units", count=n, most=MOST_UNITS)
    if count is None:
        return list(range(2, min(_MOST_GROUPS, n - 1) + 1))
    if not 2 <= count <= n - 1:
        raise ChoiceUnknown(option="groups", given=str(count), known=f"2-{n - 1}")
    return [count]


def _best(
    x: Floats, wanted: Sequence[int], method: str, seed: int
) -> tuple[Whole, Floats, tuple[tuple[int, float], ...], Floats]:
    """Group numbers and silhouettes of the best split, what was tried, and (n, n) distances."""
    n = len(x)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    # Rows in the order of their values: the result then does not hang on the order they came in.
    order = np.lexsort(z.T[::-1])
    distances = _distances(z[order])
    splits = _splits(z[order], wanted, method, seed)
    widths = {k: silhouettes(distances, split) for k, split in splits.items()}
    best = max(widths, key=lambda k: (round(float(widths[k].mean()), 12), -k))
    split, width, place = np.empty(n, dtype=np.int64), np.empty(n), np.argsort(order)
    split[order], width[order] = splits[best], widths[best]
    tried = tuple((k, float(each.mean())) for k, each in widths.items())
    return _numbered(split, z), width, tried, distances[np.ix_(place, place)]


def silhouettes(distances: Floats, split: Whole) -> Floats:
    """(n,) widths (b - a)/max(a, b) from (n, n) distances; 0 for one alone in its group (Rousseeuw 1987).

    >>> d = np.array([[0, 1, 9], [1, 0, 9], [9, 9, 0.0]])
    >>> silhouettes(d, np.array([0, 0, 1])).round(3).tolist()
    [0.889, 0.889, 0.0]
    """
    numbers = np.unique(split)
    member = (split[:, None] == numbers[None, :]).astype(np.float64)
    sizes = member.sum(axis=0)
    sums = distances @ member
    own = member.astype(bool)
    size = sizes[np.searchsorted(numbers, split)]
    inner = sums[own] / np.maximum(size - 1, 1)
    outer = np.where(own, np.inf, sums / sizes).min(axis=1)
    larger = np.maximum(inner, outer)
    width: Floats = np.divide(outer - inner, larger, out=np.zeros(len(split)), where=larger > 0)
    return np.where(size > 1, width, 0.0)


def _columns(given: Floats, names: Sequence[str]) -> tuple[Floats, int]:
    if len(names) > 1:
        return complete_columns(given, names)
    at_least(1, len(names), "columns")
    # One column is enough to group by; twice itself it has the same neighbours.
    x, lost = complete_columns(np.column_stack([given, given]), [names[0], names[0]])
    return x[:, :1], lost


def _distances(z: Floats) -> Floats:
    distance = library("scipy.spatial.distance")
    found: Floats = distance.squareform(distance.pdist(z))
    return found


def _splits(z: Floats, wanted: Sequence[int], method: str, seed: int) -> dict[int, Whole]:
    """Number of groups to (n,) group numbers from 0."""
    if method == "hierarchical":
        hierarchy = library("scipy.cluster.hierarchy")
        cuts = hierarchy.cut_tree(hierarchy.linkage(z, method="ward"), n_clusters=list(wanted))
        return {k: cuts[:, place].astype(np.int64) for place, k in enumerate(wanted)}
    most = len(np.unique(z, axis=0))
    found = {k: k_means(z, k, seed) for k in wanted if k <= most}
    if not found:
        raise ChoiceUnknown(option="groups", given=str(min(wanted)), known=f"2-{most}")
    return found


def _numbered(split: Whole, z: Floats) -> Whole:
    """Numbers from 1, the group with the highest mean first."""
    means = {int(number): z[split == number].mean() for number in np.unique(split)}
    order = sorted(means, key=lambda number: -means[number])
    return np.array([order.index(int(number)) + 1 for number in split])


def _group(
    number: int, numbered: Whole, x: Floats, distances: Floats, width: Floats, units: Sequence[str]
) -> PeerGroup:
    rows = np.flatnonzero(numbered == number)
    middle = rows[int(distances[np.ix_(rows, rows)].sum(axis=1).argmin())]
    return PeerGroup(
        number,
        tuple(units[int(row)] for row in rows),
        tuple(x[rows].mean(axis=0).tolist()),
        units[middle],
        float(width[rows].mean()),
    )


def _finding(groups: Sequence[PeerGroup], silhouette: float, method: str) -> Said:
    zh, en = METHODS[method]
    parts_zh = "；".join(f"第{each.number}组{len(each.members)}个，如{each.typical}" for each in groups)
    parts_en = "; ".join(
        f"group {each.number}: {len(each.members)}, such as {each.typical}" for each in groups
    )
    return Said(
        f"分成{len(groups)}组（{zh}，平均轮廓系数{shown(silhouette)}）：{parts_zh}。",
        f"{len(groups)} groups ({en}, mean silhouette {shown(silhouette)}): {parts_en}.",
    )


def _cautions(groups: Sequence[PeerGroup], silhouette: float, n: int, lost: int) -> list[Said]:
    """Limits of the silhouette: Kaufman and Rousseeuw 1990, Finding Groups in Data, p. 88."""
    found = few(n, 10) + left_out(lost)
    if silhouette <= 0.25:
        found.append(Said("各组界限不清，分组没有实质结构。", "The groups have no substantial structure."))
    elif silhouette <= 0.5:
        found.append(Said("分组结构较弱，边界上的单位可归入邻组。", "The structure of the groups is weak."))
    alone = [each.members[0] for each in groups if len(each.members) == 1]
    if alone:
        zh, en = listed(alone)
        found.append(Said(f"单独成组：{zh}。", f"Alone in a group: {en}."))
    return found
