"""Kept facts as they are shown: to everybody what concerns published records, the rest to who may count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select

from kaishu import catalogue
from kaishu.access import Call, Permission, allowed, note, office_by_name, require
from kaishu.base.errors import NotFound
from kaishu.base.page import Page, encode_cursor
from kaishu.evaluation.facts import frames, keeping, measuring, registry
from kaishu.evaluation.facts.errors import NoFactsKept, RowsDropped
from kaishu.evaluation.facts.model import Fact, FactRow, FactSheet
from kaishu.evaluation.models import FactCollection
from kaishu.ledger import tally

#: Frames of single rows that have no dataset behind them.
_OF_THE_DESK = frozenset(frames.OF_THE_DESK)
#: Checks may be of versions that are not published.
_OF_CHECKS = frozenset({"quality.score", "quality.checked-share"})
#: Facts that count kinds of something, whose shares are worth a picture.
KINDS = ("formats", "licences", "themes")
PAGE = 10_000


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row behind a value; ``name`` is the address part of its dataset, empty where there is none,
    ``label_en`` its English title as it is today, and ``hidden`` says that this reader may not see the
    dataset any more."""

    row: FactRow
    name: str = ""
    label_en: str = ""
    hidden: bool = False


def is_public(fact: Fact) -> bool:
    """Does it concern published records only, so that everybody may see it?"""
    return fact.frame not in _OF_THE_DESK and fact.name not in _OF_CHECKS


def facts_shown(call: Call) -> tuple[Fact, ...]:
    """The facts that this actor may see."""
    require(call, Permission.evaluation_read)
    whole = bool(allowed(call, Permission.evaluation_run))
    return tuple(each for each in registry.all_facts().values() if whole or is_public(each))


def newest_collection(call: Call, by: str) -> FactCollection | None:
    """The newest kept collection of a scope that is of all facts, or None.  Raises ``NoScope``."""
    require(call, Permission.evaluation_read)
    measuring.check_scope(by)
    ids = select(FactCollection.id).where(FactCollection.scope == by).order_by(FactCollection.id.desc())
    for id in call.session.scalars(ids.limit(keeping.WITH_ROWS)).all():
        row = call.session.get_one(FactCollection, id)
        if len(row.sheet["facts"]) > len(registry.all_facts()) // 2:
            return row
    return None


def kept_collection(call: Call, by: str) -> FactCollection:
    """The same.  Raises ``NoFactsKept``, ``NoScope``."""
    require(call, Permission.evaluation_read)
    row = newest_collection(call, by)
    if row is None:
        raise NoFactsKept(kind="", name=by)
    return row


def sheet_shown(call: Call, row: FactCollection, frames_asked: Collection[str] = ()) -> FactSheet:
    """A kept collection with the facts that this actor may see, and the rows of the frames asked for."""
    shown = {each.name for each in facts_shown(call)}
    whole = keeping.sheet_of(call.session, row, frames_asked)
    return replace(whole, facts=tuple(each for each in whole.facts if each.name in shown))


def fact_shown(call: Call, name: str) -> Fact:
    """One fact.  Raises ``NoFact``, and a refusal where this actor may not see it."""
    require(call, Permission.evaluation_read)
    fact = registry.fact(name)
    if not is_public(fact):
        require(call, Permission.evaluation_run)
    return fact


def rows_shown(
    call: Call, row: FactCollection, name: str, unit: str, *, limit: int = measuring.ROWS, start: int = 0
) -> Page[ShownRow]:
    """The rows behind a kept value, from number ``start``.

    Raises ``NoFact``, ``NotFound`` for a unit, ``RowsDropped``, and refusals.
    """
    require(call, Permission.evaluation_read)
    fact, sheet = _listed(call, row, name, unit)
    return _page(call, fact, sheet, unit, start, limit)


def take_rows(call: Call, row: FactCollection, name: str, unit: str) -> list[ShownRow]:
    """All rows behind a value, to be taken away; the ledger keeps who took those that are not public."""
    require(call, Permission.evaluation_read)
    fact, sheet = _listed(call, row, name, unit)
    found: list[ShownRow] = []
    while True:
        page = _page(call, fact, sheet, unit, len(found), PAGE)
        found += page.rows
        if page.next is None:
            break
    if is_public(fact):
        tally(call.actor.row, "evaluation.facts.read", ("facts", row.id), name)
    else:
        note(call, "evaluation.facts.take", ("facts", row.id), fact=name, unit=unit, rows=len(found))
    return found


def _listed(call: Call, row: FactCollection, name: str, unit: str) -> tuple[Fact, FactSheet]:
    """The fact and the rows it was counted from, if this actor may see them for this unit."""
    fact = fact_shown(call, name)
    sheet = keeping.sheet_of(call.session, row, [fact.frame])
    if not any(each.id == unit for each in sheet.units):
        raise NotFound(kind="对象 unit", name=unit)
    if fact.frame in _OF_THE_DESK:
        # Work orders, reviews and applications of an office are for those who may see its drafts; of all
        # offices for those who are bound to none.
        office = office_by_name(call.session, unit).id if row.scope == "office" else ""
        require(call, Permission.dataset_read_draft, office=office)
    if fact.frame not in sheet.frames or (unit, name) not in sheet.values:
        raise RowsDropped(name=name)
    return fact, sheet


def _page(call: Call, fact: Fact, sheet: FactSheet, unit: str, start: int, limit: int) -> Page[ShownRow]:
    found = measuring.rows_behind(sheet, fact.name, unit, limit=limit, cursor=encode_cursor([start]))
    if fact.frame in _OF_THE_DESK:
        return Page([ShownRow(row) for row in found.rows], found.total, found.next)
    known = catalogue.names_by_ids(call, {row.id for row in found.rows})
    shown = [
        ShownRow(row, *known[row.id])
        if row.id in known
        else ShownRow(FactRow("", "", row.value), hidden=True)
        for row in found.rows
    ]
    return Page(shown, found.total, found.next)
