"""A system and data to a result, and a result to the same result again."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.building.aggregating import Aggregated, aggregate
from kaishu.evaluation.building.data import NOWHERE, make_units, read_units, units_of_frame
from kaishu.evaluation.building.deciding import grades, ranks, stages
from kaishu.evaluation.building.errors import NoData
from kaishu.evaluation.building.explaining import explain
from kaishu.evaluation.building.normalising import Scored, normalise
from kaishu.evaluation.building.notes import MISSING, Notice
from kaishu.evaluation.building.outcomes import outcome_columns, shipped_columns
from kaishu.evaluation.building.plan import Plan, compile_plan
from kaishu.evaluation.building.preparing import Prepared, prepare, units_at
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.settling import settle
from kaishu.evaluation.building.table import UnitTable
from kaishu.evaluation.system.authorship import ours_said
from kaishu.evaluation.system.built_in import ROOT, folder_of
from kaishu.evaluation.system.choices import MinMax, ZScore
from kaishu.evaluation.system.errors import BadSystem, Problem
from kaishu.evaluation.system.fingerprint import canonical, fingerprint
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.reading import from_mapping, read_system
from kaishu.evaluation.system.scalars import exact

if TYPE_CHECKING:
    from kaishu.lake import ReadOptions


def evaluate(
    system: str | Path | Mapping[str, Any] | Passport,
    data: Any = None,
    *,
    weights: Mapping[str, str | float | Fraction] | None = None,
    absent: bool = False,
    reading: ReadOptions | None = None,
) -> Result:
    """Evaluate the units of ``data`` by a system.

    ``system`` as for ``read_system``.  ``data``: a path, a ``UnitTable``, a Polars table, a mapping of
    columns, or nothing for a built-in system that has its own.  ``weights`` changes weights by code, the
    siblings rescaled.  With ``absent`` an indicator without a column is missing for all.
    Raises ``BadSystem``, ``NoSystem``, ``BadData``, ``NoData``, ``Undefined`` and the errors of reading.
    """
    passport = read_system(system)
    table = units_for(passport, system, data, absent=absent, reading=reading)
    if weights:
        passport = with_weights(passport, weights)
    return build(passport, table)


def units_for(
    passport: Passport,
    system: Any,
    data: Any,
    *,
    absent: bool = False,
    reading: ReadOptions | None = None,
    elsewhere: Set[str] = NOWHERE,
) -> UnitTable:
    """The units of any form of data that ``evaluate`` takes; ``elsewhere`` as for ``make_units``."""
    given: dict[str, Any] = {"absent": absent, "elsewhere": elsewhere}
    if data is None:
        data = own_data(passport, system)
        if data.suffix == ".csv" and data.resolve().is_relative_to(ROOT.parent):
            return make_units(shipped_columns(data), passport, source=data.name, elsewhere=elsewhere)
    if isinstance(data, UnitTable):
        return data
    if isinstance(data, str | Path):
        if (columns := outcome_columns(Path(data), passport)) is not None:
            return make_units(columns, passport, source=Path(data).name, **given)
        return read_units(Path(data), passport, reading, **given)
    if isinstance(data, Mapping):
        return make_units(data, passport, **given)
    return units_of_frame(data, passport, **given)


def own_data(passport: Passport, system: Any) -> Path:
    """The file that a system names as its data, beside the passport.  Raises ``NoData``."""
    folder = None
    if isinstance(system, str | Path) and "\n" not in str(system):
        folder = folder_of(str(system)) or Path(system).parent
    elif isinstance(system, Passport):
        folder = folder_of(system.system)
    path = folder / passport.data if folder is not None and passport.data is not None else None
    if path is None or not path.is_file():
        raise NoData(system=passport.system)
    return path


def with_weights(passport: Passport, weights: Mapping[str, str | float | Fraction]) -> Passport:
    """The passport with other weights for some nodes; siblings that are not named share what is left.

    Raises ``BadSystem``: no such node, a weight above 1, a group that has no written weights.
    """
    form = canonical(passport)
    left = {code: exact(weight) for code, weight in weights.items()}

    def change(nodes: list[dict[str, Any]]) -> None:
        named = [node for node in nodes if node["code"] in left]
        if named:
            _rescale(nodes, named, {node["code"]: left.pop(node["code"]) for node in named})
        for node in nodes:
            change(node.get("children", []))

    change(form["tree"])
    if left:
        code = next(iter(left))
        said = Said(f"树里没有“{code}”", f'there is no "{code}" in the tree')
        raise BadSystem(passport.system, [Problem(0, code, said)])
    return from_mapping(form, passport.system)


def _rescale(
    nodes: list[dict[str, Any]], named: list[dict[str, Any]], weights: Mapping[str, Fraction]
) -> None:
    others = [node for node in nodes if node["code"] not in weights]
    total = sum((exact(node.get("weight", 0)) for node in others), Fraction(0))
    rest = 1 - sum(weights.values(), Fraction(0))
    for node in named:
        node["weight"] = str(weights[node["code"]])
    if others and rest >= 0:
        for node in others:
            share = exact(node["weight"]) / total if total else Fraction(1, len(others))
            node["weight"] = str(share * rest)


def build(passport: Passport, table: UnitTable) -> Result:
    """All stages, one after the other.  Raises ``BadData``, ``Undefined``."""
    plan = compile_plan(passport, table)
    prepared = prepare(plan)
    scored = normalise(plan, prepared)
    found = aggregate(plan, scored)
    return finish(plan, prepared, scored, found)


def finish(plan: Plan, prepared: Prepared, scored: Scored, found: Aggregated) -> Result:
    """Ranks, grades, stages and explanations of one run."""
    scores = np.array(found.scores)
    shares, weights, contributions, told = explain(plan, found)
    raw = np.full(scores.shape, np.nan)
    raw[:, plan.leaf_places] = prepared.raw
    flags = told
    flags[:, plan.leaf_places] |= scored.flags
    lost = np.isnan(scores) & found.applicable
    flags |= np.where(lost, MISSING, 0).astype(np.uint16)
    notices = [*about(plan), *scored.notices, *found.notices]
    decided = settle(plan, scored, found)
    graded = grades(plan, decided, raw, notices)
    nowhere = np.nonzero(np.isnan(scores[:, 0]))[0]
    if len(nowhere):
        said = Said(
            f"{len(nowhere)}个单位没有总分，不参加排名", f"{len(nowhere)} units have no score and no rank"
        )
        notices.append(Notice("no-score", said, "", units_at(plan, nowhere)))
    return Result(
        passport=plan.passport,
        table=plan.table,
        fingerprint=fingerprint(plan.passport),
        data_digest=plan.table.digest(),
        codes=plan.codes,
        scores=scores,
        shares=shares,
        weights=weights,
        contributions=contributions,
        raw=raw,
        flags=flags,
        rank=ranks(plan, np.asarray(scores[:, 0])),
        grades=graded,
        stages=stages(plan, decided, raw),
        ranges=scored.ranges,
        population=plan.population,
        notices=tuple(notices),
    )


def about(plan: Plan) -> list[Notice]:
    """Notices that need no scores: what the data tell, what is ours, a single unit, unknown classes."""
    passport = plan.passport
    found = list(plan.table.notices)
    note = passport.source.note
    if note.said("zh"):
        found.append(Notice("source", Said(note.said("zh"), note.said("en"))))
    ours = [(node.title, node.code, key) for node in passport.nodes() for key in node.ours]
    words = ours_said([*passport.ours, *(key for _, _, key in ours)])
    if words:
        zh, en = (
            list(dict.fromkeys(title.said(language) or code for title, code, _ in ours))
            for language in ("zh", "en")
        )
        where_zh, where_en = (f"（{'、'.join(zh)}）", f" ({', '.join(en)})") if ours else ("", "")
        said = Said(
            f"来源没有公布、由本系统拟定的：{'、'.join(words)}{where_zh}",
            f"Not published by the source and set by us: {', '.join(each.en for each in words)}{where_en}",
        )
        found.append(Notice("ours", said))
    if plan.units == 1:
        said = Said(
            "只有一个评估对象：按观测范围标准化的指标没有比较",
            "there is one unit only: what is normalised by the observed range compares with nothing",
        )
        found.append(Notice("one-unit", said))
    if passport.classes:
        unknown = sorted({name for name in plan.table.classes if name and name not in passport.classes})
        if unknown:
            said = Said(
                f"这些类别没有专门的规则，按一般规则：{'、'.join(unknown)}",
                f"classes without rules of their own, treated as all others: {', '.join(unknown)}",
            )
            found.append(Notice("class", said))
    return found


def frozen(result: Result, edition: str) -> Passport:
    """The system for another edition, with the observed ranges of this one kept, so that scores compare.

    Leaves that use fixed limits need none; systems with ranges by group or period keep their own rule.
    """
    form = canonical(result.passport)
    form["edition"] = edition

    def freeze(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            freeze(node.get("children", []))
            used = result.ranges.get(node["code"], ())
            if len(used) == 1 and "indicator" in node and _observed(result, node["code"]):
                ends = used[0].used
                pair = [ends.get("lower", ends.get("mean")), ends.get("upper", ends.get("sd"))]
                if None not in pair:
                    node["indicator"]["range"] = {"frozen": pair}

    freeze(form["tree"])
    return from_mapping(form, result.passport.system)


def _observed(result: Result, code: str) -> bool:
    """Whether a leaf is scored by a range that was seen, not one that was set."""
    indicator = result.passport.node(code).indicator
    chosen = (indicator.normalise if indicator else None) or result.passport.normalise
    return isinstance(chosen, MinMax | ZScore) or chosen in ("min-max", "z-score", "to-maximum")


def again(result: Result) -> Result:
    """The same system on the same data: the same numbers to the last bit."""
    found = build(result.passport, result.table)
    return replace(found, options=result.options)
