"""The correspondences of a standard made ready to be walked: expressed, and taken.

A value that its field would take exactly as it stands, without a word, is taken without asking the
conversion.  What a conversion makes of a short text is remembered, as long as it has nothing to say of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel

from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk.conversions import FROM, HEEDFUL, TO, From, To
from kaishu.crosswalk.keeping import Object, alike, text_of
from kaishu.crosswalk.model import Entry
from kaishu.crosswalk.tables import Row, table
from kaishu.crosswalk.taking import Fits, Intake, Notes, defaults, fits_line, fitting

fits_agent = fits_line(300)
EMPTY: tuple[Any, ...] = (None, "", [], {})
MOST_REMEMBERED, MOST_LETTERS = 4000, 200
Key = str | tuple[str, ...]


@dataclass
class Draft:
    """An entry on its way in."""

    record: Object = field(default_factory=dict)
    links: list[Object] = field(default_factory=list)
    agent: Object = field(default_factory=dict)
    identifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One correspondence: where it stands, whose field it is, and how it goes to and fro.

    ``to`` is None for a plain copy; ``fits`` tells which values the field takes as they stand, None where
    a conversion decides; ``remembered`` is what the conversion made of values, field by field.
    """

    row: Row
    scope: str
    name: str
    path: tuple[str, ...]
    to: To | None
    take: From
    fits: Fits | None
    own: bool
    heedful: bool
    remembered: dict[Key, Object]


@dataclass(frozen=True, slots=True)
class Telling:
    """Of distributions: the usual value of each field with its plain copy, if it has one; what conversions
    make; all usual values; the keys of the elements.
    """

    plain: Mapping[str, tuple[Any, Step | None]]
    made: tuple[Step, ...]
    usual: Mapping[str, Any]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Steps:
    """All of one standard, by what they are about."""

    dataset: tuple[Step, ...]
    distribution: tuple[Step, ...]
    item: tuple[Step, ...]
    #: How to tell, while distributions are written, what they will be read as; None if it cannot be told.
    telling: Telling | None


@cache
def steps(standard: str) -> Steps:
    """Those of a standard that have a field."""
    models: dict[str, type[BaseModel]] = {"dataset": DatasetRecord, "distribution": Link, "item": Item}
    made = {
        about: tuple(
            _step(row, model)
            for row in table(standard).rows
            if row.about == about and row.field and row.how != "module"
        )
        for about, model in models.items()
    }
    return Steps(**made, telling=_telling(made["distribution"]))


def _step(row: Row, model: type[BaseModel]) -> Step:
    scope, _, name = row.field.partition(".")
    how = row.how.partition(":")[0]
    own = scope in ("record", "link", "item")
    return Step(
        row=row,
        scope=scope,
        name=name,
        path=tuple(row.element.split(".")),
        to=TO[how] if how else None,
        take=FROM[how],
        fits=fitting(model).get(name) if own and FROM[how] is FROM[""] else None,
        own=own,
        heedful=how in HEEDFUL,
        remembered={},
    )


def express(place: Object, walked: tuple[Step, ...], said: Mapping[str, Any], entry: Entry) -> None:
    """Write the elements of one object."""
    for step in walked:
        value = said.get(step.name) if step.own else _of_entry(step, entry)
        if step.to is not None:
            value = step.to(value, step.row, said, entry)
        if not value and value in EMPTY:
            continue
        holder = place
        for part in step.path[:-1]:
            inner = holder.get(part)
            if not isinstance(inner, dict):
                inner = holder[part] = {}
            holder = inner
        holder[step.path[-1]] = value


def tell(place: Object, told: Telling, said: Mapping[str, Any], entry: Entry) -> Object | None:
    """Write the elements of one distribution; returns what has to stand beside them, by field.

    None where that can be known only by reading.  Right as long as nobody else writes to the elements.
    """
    if not told.keys.isdisjoint(place):
        return None
    beside: Object = {}
    plain = told.plain
    for name, value in said.items():
        known = plain.get(name)
        if known is None or value == known[0]:
            continue
        step = known[1]
        if step is None:
            beside[name] = value
        elif step.fits is not None and step.fits(value):
            place[step.path[0]] = value
        else:
            return None
    return beside if _tell_made(place, told, said, entry, beside) else None


def _tell_made(place: Object, told: Telling, said: Mapping[str, Any], entry: Entry, beside: Object) -> bool:
    """The elements that are not plain copies; False where one must be read."""
    for step in told.made:
        assert step.to is not None
        own = said.get(step.name, told.usual[step.name])
        value = step.to(own, step.row, said, entry)
        if not value and value in EMPTY:
            if own != told.usual[step.name]:
                beside[step.name] = own
            continue
        place[step.path[0]] = value
        if step.fits is not None and step.fits(value):
            read = value
        else:
            made = _remembered(step, value, Link)
            if made is None or made.keys() != {step.name}:
                return False
            read = made[step.name]
        if read is not own and not alike(read, own):
            beside[step.name] = own
    return True


def _telling(walked: tuple[Step, ...]) -> Telling | None:
    """None if an element does not stand at the place itself, or two are of one place or field."""
    single = all(step.own and len(step.path) == 1 for step in walked)
    if not single or len({step.path for step in walked}) != len(walked) != len({s.name for s in walked}):
        return None
    usual = {name: value for name, value in defaults(Link).items() if name != "extras"}
    steps = {step.name: step for step in walked if step.to is None}
    made = tuple(step for step in walked if step.to is not None)
    apart = {step.name for step in made}
    plain = {name: (value, steps.get(name)) for name, value in usual.items() if name not in apart}
    return Telling(plain, made, usual, frozenset(step.path[0] for step in walked))


def _of_entry(step: Step, entry: Entry) -> Any:
    if step.scope == "entry":
        return getattr(entry, step.name)
    value = getattr(entry.publisher, step.name)
    if step.name == "title":
        return entry.record.get("publisher") or value
    return (entry.record.get("publisher_url") or value) if step.name == "url" else value


def take(place: Object, walked: tuple[Step, ...], intake: Intake, draft: Draft) -> None:
    """Read the elements of one object."""
    said = intake.said
    for step in walked:
        value = element(place, step.path)
        if not value and value in EMPTY:
            continue
        if step.scope == "publisher":
            _take_agent(step, value, intake, draft)
        elif step.scope == "entry":
            if step.name == "identifier" and not draft.identifier:
                first = value[0] if isinstance(value, list) else value
                draft.identifier = intake.text(first, step.row.element, 2000)
        elif step.name not in said:
            if step.fits is not None and step.fits(value):
                said[step.name] = list(value) if isinstance(value, list) else value
            else:
                _convert(step, value, intake)


def element(place: Object, path: tuple[str, ...]) -> Any:
    """What stands at a path, without attributes and languages; None for nothing."""
    value: Any = place
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return text_of(value) if isinstance(value, dict | list) else value


def _take_agent(step: Step, value: Any, intake: Intake, draft: Draft) -> None:
    first = value[0] if isinstance(value, list) else value
    if isinstance(first, list) or not fits_agent(first):
        first = intake.text(first, step.row.element, 300)
    if first:
        draft.agent.setdefault(step.name, first)


def _convert(step: Step, value: Any, intake: Intake) -> None:
    made = None if step.heedful else _remembered(step, value, intake.model)
    if made is None:
        step.take(intake, step.name, value, step.row)
        return
    for name, one in made.items():
        intake.said[name] = list(one) if isinstance(one, list) else one


def _remembered(step: Step, value: Any, model: type[BaseModel]) -> Object | None:
    """What the conversion makes of a value alone; None if it has something to say, or is not remembered."""
    key = _key(value)
    if key is None:
        return None
    made = step.remembered.get(key)
    if made is None:
        alone = Intake(model, Notes())
        step.take(alone, step.name, value, step.row)
        if alone.notes.said:
            return None
        if len(step.remembered) >= MOST_REMEMBERED:
            step.remembered.clear()
        made = step.remembered[key] = alone.said
    return made


def _key(value: Any) -> Key | None:
    if isinstance(value, str):
        return value if len(value) <= MOST_LETTERS else None
    if isinstance(value, list) and len(value) <= 10:
        fit = all(isinstance(each, str) and len(each) <= MOST_LETTERS for each in value)
        return tuple(value) if fit else None
    return None
