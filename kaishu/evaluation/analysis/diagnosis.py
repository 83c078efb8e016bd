"""A unit against its peers: where it is strong, where weak, how far from the best, what that weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.analysis.columns import Floats, Numbers, at_least, finite, same_length, table_of
from kaishu.evaluation.analysis.errors import ChoiceUnknown, TooFewValues
from kaishu.evaluation.analysis.wording import few, listed, shown

AGAINST = ("peers", "all")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the unit.  ``z``: its distance to the peers' mean in their sd, None if they are equal.

    ``gap`` is best minus value, never below 0; ``gain`` is weight x gap: points of the index won by reaching
    the best.  ``verdict`` is strength, weakness or "".
    """

    name: str
    value: float | None
    weight: float
    rank: int | None
    of: int
    peer_rank: int | None
    peer_of: int
    peer_mean: float | None
    peer_median: float | None
    z: float | None
    best: float | None
    best_unit: str | None
    gap: float | None
    gain: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``lines`` are in the order of the indicators; ``lifts`` names them by gain, the largest first."""

    unit: str
    peers: tuple[str, ...]
    against: str
    lines: tuple[Line, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    lifts: tuple[str, ...]
    finding: Said
    warnings: tuple[Said, ...] = ()


def standing(
    values: Numbers,
    names: Sequence[str],
    units: Sequence[str],
    unit: str,
    *,
    weights: Numbers | None = None,
    groups: Sequence[object] | None = None,
    against: str = "peers",
) -> Standing:
    """One unit's (m,) scores, more being better, against those of its group (all, without ``groups``).

    Peers include the unit itself in rank and best, and leave it out of mean, median and sd.  Strengths are
    the up to three indicators furthest above the peers' mean, by half a sd or more, weaknesses those below;
    the best is the peers' or that of ``all``.  Weights are scaled to sum to 1, and are equal if left out.

    >>> found = standing([[9, 1], [5, 5], [6, 6]], ["open", "used"], ["a", "b", "c"], "a")
    >>> found.strengths, found.weaknesses, [(line.gap, line.gain) for line in found.lines]
    (('open',), ('used',), [(0.0, 0.0), (5.0, 2.5)])

    Raises ``ChoiceUnknown`` if there is no such unit, ``TooFewValues`` without peers, ``LengthsDiffer``.
    """
    x = table_of(values, names)
    same_length("rows", x, "units", units)
    for option, given, known in (("unit", unit, units), ("against", against, AGAINST)):
        if given not in known:
            raise ChoiceUnknown(option=option, given=given, known=Said(*listed(known, 12)))
    place = list(units).index(unit)
    fellows = _fellows(groups, units, place)
    share = _weights(weights, names)
    measured = fellows if against == "peers" else list(range(len(units)))
    lines = [
        _line(name, x[:, j], place, fellows, measured, float(share[j]), units) for j, name in enumerate(names)
    ]
    strengths = _named(sorted(lines, key=lambda line: -(line.z or 0)), 0.5)
    weaknesses = _named(sorted(lines, key=lambda line: line.z or 0), -0.5)
    lines = [_judged(line, strengths, weaknesses) for line in lines]
    lifts = tuple(line.name for line in sorted(lines, key=lambda line: -(line.gain or 0)) if line.gain)
    return Standing(
        unit,
        tuple(units[row] for row in fellows if row != place),
        against,
        tuple(lines),
        strengths,
        weaknesses,
        lifts,
        _finding(unit, lines, strengths, weaknesses, lifts, groups is None),
        tuple(_warnings(lines, len(fellows) - 1)),
    )


def _fellows(groups: Sequence[object] | None, units: Sequence[str], place: int) -> list[int]:
    if groups is None:
        found = list(range(len(units)))
    else:
        same_length("units", units, "groups", groups)
        own = groups[place]
        found = [row for row, group in enumerate(groups) if group == own and group is not None]
    if len(found) < 2:
        raise TooFewValues(name=units[place], count=max(0, len(found) - 1), least=1)
    return found


def _weights(weights: Numbers | None, names: Sequence[str]) -> Floats:
    at_least(1, len(names), "columns")
    given = np.ones(len(names)) if weights is None else finite(weights, "weights")
    same_length("weights", given, "names", names)
    if np.isnan(given).any() or (given < 0).any() or given.sum() <= 0:
        raise ChoiceUnknown(option="weights", given=str(given.tolist())[:60], known="≥ 0")
    share: Floats = given / given.sum()
    return share


def _line(
    name: str,
    column: Floats,
    place: int,
    fellows: list[int],
    measured: list[int],
    weight: float,
    units: Sequence[str],
) -> Line:
    value = float(column[place])
    all_held, peers_held = column[~np.isnan(column)], column[fellows]
    peers_held = peers_held[~np.isnan(peers_held)]
    others = np.array([column[row] for row in fellows if row != place and not np.isnan(column[row])])
    mean = float(others.mean()) if len(others) else None
    median = float(np.median(others)) if len(others) else None
    held = [row for row in measured if not np.isnan(column[row])]
    top = max(held, key=lambda row: column[row]) if held else None
    best = None if top is None else float(column[top])
    there = value == value
    sd = float(others.std(ddof=1)) if len(others) > 1 else 0.0
    gap = max(0.0, best - value) if there and best is not None else None
    return Line(
        name=name,
        value=value if there else None,
        weight=weight,
        rank=1 + int((all_held > value).sum()) if there else None,
        of=len(all_held),
        peer_rank=1 + int((peers_held > value).sum()) if there else None,
        peer_of=len(peers_held),
        peer_mean=mean,
        peer_median=median,
        z=(value - mean) / sd if there and mean is not None and sd > 0 else None,
        best=best,
        best_unit=None if top is None else units[top],
        gap=gap,
        gain=None if gap is None else weight * gap,
        verdict="",
    )


def _named(ordered: Sequence[Line], limit: float) -> tuple[str, ...]:
    return tuple(
        line.name for line in ordered if line.z is not None and line.z * np.sign(limit) >= abs(limit)
    )[:_MOST_NAMED]


def _judged(line: Line, strengths: Sequence[str], weaknesses: Sequence[str]) -> Line:
    from dataclasses import replace

    verdict = "strength" if line.name in strengths else "weakness" if line.name in weaknesses else ""
    return replace(line, verdict=verdict)


def _finding(
    unit: str,
    lines: Sequence[Line],
    strengths: Sequence[str],
    weaknesses: Sequence[str],
    lifts: Sequence[str],
    everyone: bool,
) -> Said:
    zh, en = [], []
    if strengths:
        words = listed(strengths)
        zh.append(f"强项是{words[0]}")
        en.append(f"is strong in {words[1]}")
    if weaknesses:
        words = listed(weaknesses)
        zh.append(f"弱项是{words[0]}")
        en.append(f"{'' if strengths else 'is '}weak in {words[1]}")
    if not zh:
        zh.append("各项都接近平均")
        en.append("is close to the mean in everything")
    if lifts:
        gain = next(line.gain for line in lines if line.name == lifts[0])
        zh.append(f"“{lifts[0]}”追平最好者可使总分增加{shown(gain)}，最多")
        en.append(f'gains most, {shown(gain)} points, by reaching the best in "{lifts[0]}"')
    fellows = ("其他单位", "all others") if everyone else ("同类", "its peers")
    return Said(
        f"与{fellows[0]}相比，{unit}{'；'.join(zh)}。", f"Against {fellows[1]} {unit} {'; '.join(en)}."
    )


def _warnings(lines: Sequence[Line], peers: int) -> list[Said]:
    found = few(peers, 5)
    gone = [line.name for line in lines if line.value is None]
    if gone:
        zh, en = listed(gone)
        found.append(Said(f"该单位缺值：{zh}。", f"The unit has no value for: {en}."))
    return found
