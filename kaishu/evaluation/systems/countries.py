"""Countries: the scores of 2020, and human development."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.evaluation.building.evaluating import build
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import UnitTable
from kaishu.evaluation.system.deciding import Limit
from kaishu.evaluation.systems.rows import Compared, figure, shown
from kaishu.evaluation.systems.sources import SYSTEMS, rows_of, table

ABOUT_SCORES = Said(
    "公布的总分是五项得分的平均，名次按总分、同分同名次；20个国家逐一核对。",
    "The printed overall score is the mean of five scores, ranks follow it with ties; all 20 are checked.",
)
ABOUT_HDI = Said(
    "附表的分量是修约过的，报告用未修约的数计算。修约到三位小数相同为一致；不同、"
    "但修约前的分量能得出公布值的，算说明原因后一致。",
    "The table prints rounded components and computes from unrounded ones. Equal at three decimals agrees; "
    "where it differs but components that round as printed can give the printed value, it agrees for that "
    "reason.",
)
_TIE = Said(
    "与上面的国家同分，名次相同；报告按行列出。", "Ties with the country above; the report lists rows."
)
_ROUNDED = Said(
    "分量按印出的位数修约，允许的范围含公布值。",
    "The components are printed rounded; what they allow contains the printed value.",
)
_RANK = Said("分量修约使相近国家的次序变动。", "Rounded components change the order of close countries.")
#: Half of the last printed digit of each component, and of the index.
_HALF = {"life_expectancy": 0.05, "expected_schooling": 0.05, "mean_schooling": 0.05, "gni_per_capita": 0.5}
_HALF_INDEX = 0.0005


def score_rows(result: Result) -> Iterator[Compared]:
    """Overall scores and places of 20 countries."""
    overall = Said("总分", "overall score")
    place = Said("名次", "rank")
    above: str | None = None
    for row in table("global-2020/country_scores"):
        unit = result.unit(row["country"])
        printed, listed = row["overall_score"], row["row_no"]
        yield figure(overall, unit.name, printed, unit.score)
        rank = f"{unit.rank:g}"
        if rank != listed and printed == above:
            yield Compared(place, unit.name, listed, rank, "partly", _TIE)
        else:
            yield Compared(place, unit.name, listed, rank, "yes" if rank == listed else "no")
        above = printed


def hdi_rows(result: Result) -> Iterator[Compared]:
    """Index and rank of 191 countries, and how many fall in each group."""
    printed = rows_of(SYSTEMS / "hdi" / "countries.csv")
    lower, upper = (build(result.passport, _moved(result.table, side)).index for side in (-1.0, 1.0))
    index, rank = Said("人类发展指数", "human development index"), Said("名次", "rank")
    for place, row in enumerate(printed):
        unit = result.unit_at(place)
        value = float(row["printed_hdi"])
        inside = lower[place] - _HALF_INDEX <= value <= upper[place] + _HALF_INDEX
        yield figure(index, unit.name, row["printed_hdi"], unit.score, _ROUNDED, "partly" if inside else "no")
        yield figure(rank, unit.name, row["printed_rank"], unit.rank, _RANK, "partly" if inside else "no")
    yield from _groups(result, [float(row["printed_hdi"]) for row in printed])


def _moved(units: UnitTable, side: float) -> UnitTable:
    """The components at the end of what they may have been before rounding."""
    numbers = {name: values + side * _HALF.get(name, 0.0) for name, values in units.numbers.items()}
    return UnitTable(ids=units.ids, names=units.names, numbers=numbers)


def _groups(result: Result, printed: list[float]) -> Iterator[Compared]:
    graded = result.passport.grades
    grades = [each for each in graded if isinstance(each, Limit)] if isinstance(graded, tuple) else []
    names: Counter[str] = Counter()
    for value in printed:
        names[next(each.grade for each in grades if each.at_least is None or value >= each.at_least)] += 1
    ours = Counter(result.grade)
    what = Said("各组国家数（由公布的指数数出）", "countries in the group (counted from the printed index)")
    for each in grades:
        yield figure(what, each.grade, shown(names[each.grade], 0), ours[each.grade], _ROUNDED, "partly")
