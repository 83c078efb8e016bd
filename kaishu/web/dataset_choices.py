"""Entries that a delivery may go into: a list to choose from, or words where the list would be too long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from kaishu import catalogue, harvest
from kaishu.access import Call
from kaishu.base.errors import Invalid
from kaishu.catalogue import State
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.catalogue.models import Dataset
from kaishu.web.words import _, listed, pick

LISTED, NAMED, LONGEST = 200, 6, 301


@dataclass(frozen=True, slots=True)
class Fillable:
    """(name, title) of entries; ``more`` if these are only the first, and one has to type."""

    options: list[tuple[str, str]]
    more: bool


def fillable(call: Call, office: str | None) -> Fillable:
    """Entries of the office, or of all, by their names."""
    found = catalogue.datasets(call, office=office, among=_ours(call), limit=LISTED)
    return Fillable([(each.name, pick(each.title, each.title_en)) for each in found.rows], bool(found.next))


def chosen_entry(call: Call, typed: str, office: str | None) -> Dataset:
    """The entry of this name, or the only one whose title has these words.  Raises ``Invalid``."""
    try:
        return catalogue.dataset_by_name(call, typed)
    except NoSuchDataset:
        pass
    typed = typed[:LONGEST]  # no title is longer, and a database refuses endless patterns
    ours = _ours(call)
    for fits in (
        Dataset.title == typed,
        Dataset.title.contains(typed, autoescape=True) | Dataset.title_en.icontains(typed, autoescape=True),
    ):
        found = catalogue.datasets(call, office=office, among=ours & fits, limit=NAMED).rows
        if len(found) == 1:
            return found[0]
    if not found:
        raise Invalid({"dataset": [_("没有标识是或名称含“{typed}”的目录条目。", typed=typed)]})
    several = listed(f"{each.name} ({pick(each.title, each.title_en)})" for each in found)
    raise Invalid(
        {
            "dataset": [
                _("名称含“{typed}”的不止一个，请写其中一个的标识：{several}", typed=typed, several=several)
            ]
        }
    )


def _ours(call: Call) -> ColumnElement[bool]:
    """Neither withdrawn nor of a department that a harvest brought."""
    foreign = harvest.foreign_offices(call.session)
    return (Dataset.state != State.withdrawn) & Dataset.office_id.not_in(foreign)
