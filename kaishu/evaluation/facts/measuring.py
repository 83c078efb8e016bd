"""Facts measured: for every unit of a scope at once, with the rows behind each value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu import inspection, standards
from kaishu.access import Call, Permission, require
from kaishu.access.models import Office
from kaishu.base.errors import NotFound
from kaishu.base.page import Page, decode_cursor, encode_cursor
from kaishu.evaluation.building.table import Remark, UnitTable
from kaishu.evaluation.facts import frames, registry
from kaishu.evaluation.facts.errors import NoScope
from kaishu.evaluation.facts.model import SCOPES, Fact, FactRow, FactSheet, FactUnit, Measured, source_of

#: Rows of a page of those behind a value.
ROWS = 50
#: The code that records of the whole country have, which the standard does not list.
WHOLE, COUNTRY = "000000", ("全国", "the whole country")


def measure_facts(call: Call, names: Iterable[str] = (), by: str = "platform") -> FactSheet:
    """The facts of these names (all where none is named) for every unit of a scope.

    ``by`` is platform, catalogue, office or division.  Raises ``NoFact``, ``NoScope``.
    """
    (sheet,) = measure_scopes(call, (by,), names)
    return sheet


def measure_scopes(
    call: Call, scopes: Sequence[str] = SCOPES, names: Iterable[str] = ()
) -> tuple[FactSheet, ...]:
    """The same for several scopes; everything is read once.  Raises ``NoFact``, ``NoScope``."""
    require(call, Permission.evaluation_run)
    for by in scopes:
        check_scope(by)
    facts = registry.facts_called(names)
    wanted = dict.fromkeys([*(each.frame for each in facts), "datasets"])
    found = frames.gather(call.session, wanted, frames.standards_of(each.name for each in facts), call.now)
    return tuple(_sheet(call, by, facts, found) for by in scopes)


def _sheet(call: Call, by: str, facts: tuple[Fact, ...], found: Mapping[str, Any]) -> FactSheet:
    """What was found, added up for every unit of a scope."""
    units = _units(call.session, by, found["datasets"])
    counted = {each.name: _counted(found, each, by) for each in facts}
    values = {
        (unit.id, each.name): Measured(each, *counted[each.name].get(unit.id, (_empty(each, by, unit), 0)))
        for unit in units
        for each in facts
    }
    left_out = found["datasets"].get_column(by).null_count()
    return FactSheet(by, call.now, facts, units, values, left_out, found)


def check_scope(by: str) -> None:
    """Raise ``NoScope`` for what facts are not counted by."""
    if by not in SCOPES:
        raise NoScope(by=by, choices=", ".join(SCOPES))


def rows_behind(
    sheet: FactSheet, fact: str, unit: str, *, limit: int = ROWS, cursor: str | None = None
) -> Page[FactRow]:
    """The rows that a value came from, in pages, in the order in which they were read.

    Raises ``NoFact``, ``NotFound`` for a unit, ``BadCursor``.
    """
    import polars as pl

    if not any(each.id == unit for each in sheet.units):
        raise NotFound(kind="对象 unit", name=unit)
    start = int(decode_cursor(cursor, 1)[0]) if cursor else 0
    with _context(sheet.frames) as context:
        found = context.execute(registry.fact(fact).listing(sheet.by)).filter(pl.col("unit") == unit)
        whole = found.select(pl.len()).collect().item()
        rows = found.slice(start, limit).collect()
    end = start + len(rows)
    page = [FactRow(id, label, _plain(value)) for _, id, label, value in rows.iter_rows()]
    return Page(page, whole, encode_cursor([end]) if end < whole else None)


def fact_shares(sheet: FactSheet, fact: str, unit: str) -> list[tuple[str, int]]:
    """How many rows have each value of a fact that counts kinds (formats, licences, themes), most first."""
    import polars as pl

    with _context(sheet.frames) as context:
        found = context.execute(registry.fact(fact).listing(sheet.by)).filter(pl.col("unit") == unit)
        counts = found.group_by("value").len().sort(["len", "value"], descending=[True, False]).collect()
    return [(str(value), int(count)) for value, count in counts.iter_rows()]


def facts_table(call: Call, names: Iterable[str], by: str = "office") -> UnitTable:
    """The facts as the units of an evaluation: a column for each, with its query, time and rows as remarks.

    Units without a value have NaN.  Raises as ``measure_facts`` does.
    """
    return units_of_facts(measure_facts(call, names, by))


def units_of_facts(sheet: FactSheet) -> UnitTable:
    """The same of facts that were measured."""
    remarks, numbers = {}, {}
    for each in sheet.facts:
        found = [sheet.of(unit.id, each.name) for unit in sheet.units]
        numbers[each.name] = np.array(
            [math.nan if one.value is None else one.value for one in found], dtype=np.float64
        )
        for unit, one in zip(sheet.units, found, strict=True):
            remarks[unit.id, each.name] = _remark(sheet, each, one)
    return UnitTable(
        ids=tuple(unit.id for unit in sheet.units),
        names=tuple(unit.zh for unit in sheet.units),
        numbers=numbers,
        remarks=remarks,
        source=source_of(sheet.by, sheet.at),
    )


def _remark(sheet: FactSheet, fact: Fact, one: Measured) -> Remark:
    at = sheet.at.strftime("%Y-%m-%d %H:%M UTC")
    about = (fact.about[0] and f"{fact.about[0]} ", fact.about[1] and f"{fact.about[1]} ")
    return Remark(
        zh=f"{about[0]}{at}从{one.rows}行统计。",
        en=f"{about[1]}Counted at {at} from {one.rows} row{'s' * (one.rows != 1)}.",
        query=fact.query(sheet.by),
    )


def _context(given: Mapping[str, Any]) -> Any:
    import polars as pl

    return pl.SQLContext({name: frame.lazy() for name, frame in given.items()}, eager=False)


def _counted(given: Mapping[str, Any], fact: Fact, by: str) -> dict[str, tuple[float | None, int]]:
    with _context({fact.frame: given[fact.frame]}) as context:
        rows = context.execute(fact.query(by)).collect()
    return {unit: (_plain(value), int(count)) for unit, value, count in rows.iter_rows()}


def _empty(fact: Fact, by: str, unit: FactUnit) -> float | None:
    """What a unit without rows has: our desk knows nothing of other catalogues' work, nor by division."""
    elsewhere = by == "division" or (by == "catalogue" and unit.id != inspection.OWN)
    return None if elsewhere and fact.frame in frames.OF_THE_DESK else fact.empty


def _plain(value: Any) -> Any:
    """A whole number without its fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _units(session: Session, by: str, datasets: Any) -> tuple[FactUnit, ...]:
    if by == "platform":
        return (FactUnit(frames.ALL, "全平台", "The whole platform"),)
    if by == "catalogue":
        found = inspection.catalogues(session)
        return tuple(FactUnit(each.name, each.zh, each.en) for each in found if each.name != inspection.ALL)
    if by == "office":
        rows = session.execute(select(Office.name, Office.title, Office.title_en).order_by(Office.name))
        return tuple(FactUnit(name, zh, en or zh) for name, zh, en in rows)
    codes = sorted(datasets.get_column("division").drop_nulls().unique().to_list())
    names = _divisions() if codes else {}
    return tuple(
        FactUnit(code, *((names.get(code, code), "") if code != WHOLE else COUNTRY)) for code in codes
    )


def _divisions() -> dict[str, str]:
    """Code to the newest name."""
    columns = standards.code_set("gb-t-2260").columns
    return dict(zip(columns["code"], columns["zh"], strict=True))
