"""What a column looks like, as a whole and group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Numbers, at_least, finite, groups_of, same_length
from kaishu.evaluation.analysis.wording import left_out, percent, shown


@dataclass(frozen=True, slots=True)
class Description:
    """Of the values that are there; ``sd`` and ``cv`` (sd / mean) are of a sample (n - 1).

    Quartiles interpolate linearly (type 7 of Hyndman and Fan 1996, doi:10.2307/2684934); ``skewness`` is
    the adjusted one, n²/((n-1)(n-2)) m3/s³ (Joanes and Gill 1998, doi:10.1111/1467-9884.00122).
    """

    name: str
    n: int
    missing: int
    total: float
    mean: float
    median: float
    sd: float | None
    cv: float | None
    minimum: float
    q1: float
    q3: float
    maximum: float
    range: float
    skewness: float | None
    finding: Said
    warnings: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupLine:
    """``share`` is of the sum of all, None where a value is negative; ``rank`` is by mean."""

    name: str
    n: int
    mean: float
    median: float
    sd: float | None
    minimum: float
    maximum: float
    range: float
    total: float
    share: float | None
    rank: int


@dataclass(frozen=True, slots=True)
class Groups:
    """A column described group by group, in the order of the groups' names."""

    name: str
    by: str
    n: int
    mean: float
    groups: tuple[GroupLine, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def describe(values: Numbers, name: str = "value") -> Description:
    """Describe (n,) values, NaN for missing.

    >>> found = describe([1, 2, 3, 4, float("nan")])
    >>> found.n, found.missing, found.mean, found.median, found.range, round(found.sd, 4)
    (4, 1, 2.5, 2.5, 3.0, 1.291)

    Raises ``TooFewValues`` without any value.
    """
    given = finite(values, name)
    held = np.sort(given[~np.isnan(given)])
    n = len(held)
    at_least(1, n, name)
    mean = float(held.mean())
    sd = float(held.std(ddof=1)) if n > 1 else None
    q1, median, q3 = (float(each) for each in np.quantile(held, [0.25, 0.5, 0.75]))
    skew = None
    if n > 2 and sd:
        skew = float(n / ((n - 1) * (n - 2)) * (((held - mean) / sd) ** 3).sum())
    finding = Said(
        f"“{name}”{n}个值，平均{shown(mean)}，中位数{shown(median)}，从{shown(held[0])}到{shown(held[-1])}。",
        f'"{name}": {n} values, mean {shown(mean)}, median {shown(median)}, '
        f"from {shown(held[0])} to {shown(held[-1])}.",
    )
    warnings = left_out(len(given) - n)
    if skew is not None and abs(skew) > 1:
        warnings.append(
            Said(
                f"分布明显偏斜（偏度{shown(skew)}），中位数比平均数更能代表一般水平。",
                f"The distribution is skewed ({shown(skew)}); the median says more than the mean.",
            )
        )
    return Description(
        name=name,
        n=n,
        missing=len(given) - n,
        total=float(held.sum()),
        mean=mean,
        median=median,
        sd=sd,
        cv=sd / mean if sd is not None and mean else None,
        minimum=float(held[0]),
        q1=q1,
        q3=q3,
        maximum=float(held[-1]),
        range=float(held[-1] - held[0]),
        skewness=skew,
        finding=finding,
        warnings=tuple(warnings),
    )


def describe_groups(
    values: Numbers, groups: Sequence[str | None], name: str = "value", by: str = "group"
) -> Groups:
    """Describe (n,) values group by group; None is no group.

    >>> found = describe_groups([1, 3, 8], ["a", "a", "b"])
    >>> [(line.name, line.mean, line.share, line.rank) for line in found.groups]
    [('a', 2.0, 0.3333333333333333, 2), ('b', 8.0, 0.6666666666666666, 1)]

    Raises ``TooFewValues``, ``LengthsDiffer``.
    """
    given = finite(values, name)
    same_length(name, given, by, groups)
    held, lost = groups_of(groups, given)
    at_least(1, sum(map(len, held.values())), name)
    everything = np.concatenate(list(held.values()))
    total = float(everything.sum())
    sharing = bool((everything >= 0).all()) and total > 0
    means = {group: float(part.mean()) for group, part in held.items()}
    lines = tuple(
        GroupLine(
            name=group,
            n=len(part),
            mean=means[group],
            median=float(np.median(part)),
            sd=float(part.std(ddof=1)) if len(part) > 1 else None,
            minimum=float(part.min()),
            maximum=float(part.max()),
            range=float(part.max() - part.min()),
            total=float(part.sum()),
            share=float(part.sum()) / total if sharing else None,
            rank=1 + sum(other > means[group] for other in means.values()),
        )
        for group, part in held.items()
    )
    warnings = left_out(lost)
    if not sharing:
        warnings.append(
            Said("有负值或合计为零，不计算占比。", "Values are negative or sum to zero; no shares are given.")
        )
    if min(map(len, held.values())) == 1:
        warnings.append(Said("有的组只有一个单位。", "Some groups have a single unit."))
    return Groups(
        name, by, len(everything), float(everything.mean()), lines, _finding(name, by, lines), tuple(warnings)
    )


def _finding(name: str, by: str, lines: Sequence[GroupLine]) -> Said:
    best = max(lines, key=lambda line: line.mean)
    worst = min(lines, key=lambda line: line.mean)
    if best.mean == worst.mean:
        return Said(f"各组“{name}”平均相同。", f'The groups have the same mean "{name}".')
    zh = (
        f"按“{by}”分{len(lines)}组，“{name}”平均最高的是{best.name}（{shown(best.mean)}），"
        f"最低的是{worst.name}（{shown(worst.mean)}）"
    )
    en = (
        f'Of {len(lines)} groups by "{by}", {best.name} has the highest mean "{name}" ({shown(best.mean)}), '
        f"{worst.name} the lowest ({shown(worst.mean)})"
    )
    if best.share is not None:
        largest = max(lines, key=lambda line: line.total)
        zh += f"；{largest.name}占合计的{percent(largest.share)}"
        en += f"; {largest.name} holds {percent(largest.share)} of the sum"
    return Said(f"{zh}。", f"{en}.")
