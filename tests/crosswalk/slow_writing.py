"""The writer as it would be if everything were read back: the oracle of the quick one.

Every document is read whole after every step, row by row, with nothing remembered and nothing taken for
granted; the model checks what was read each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError

from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk import Agent, Entry, Site, table
from kaishu.crosswalk.carrying import Shape
from kaishu.crosswalk.conversions import FROM, TO
from kaishu.crosswalk.keeping import OURS, kept_text, leaves, listed, put_path, running, text_of, value_of
from kaishu.crosswalk.marking import AGENT, ENTRY, ITEMS, KEPT, LINKS
from kaishu.crosswalk.steps import Draft
from kaishu.crosswalk.tables import Row
from kaishu.crosswalk.taking import Intake, Notes, defaults

Object = dict[str, Any]


def write(shape: Shape, entry: Entry, site: Site) -> Object:
    """The document of one dataset."""
    document = shape.settled(_put_back(shape, _expressed(shape, entry, site), entry))
    base = _taken(shape, document)
    _keep(shape, document, base)
    record, base_record = _meant(DatasetRecord, entry.record), _meant(DatasetRecord, base.record)
    links, base_links = (
        [_meant(Link, each) for each in entry.resources],
        [_meant(Link, e) for e in base.links],
    )
    items, base_items = record.pop("items", []), base_record.pop("items", [])
    _mark(document, _difference(DatasetRecord, record, base_record))
    _mark_all(document, ITEMS, Item, shape.item_places(document), items, base_items)
    _mark_all(document, LINKS, Link, shape.link_places(document), links, base_links)
    agent = {name: getattr(entry.publisher, name) for name in Agent.__slots__}
    told = {key: value for key, value in agent.items() if value != base.agent.get(key, "")}
    document |= {AGENT: told} if told else {}
    own = {"identifier": entry.identifier, "name": entry.name}
    own |= {
        name: getattr(entry, name).isoformat() for name in ("created", "modified") if getattr(entry, name)
    }
    document[ENTRY] = {key: value for key, value in own.items() if value}
    return document


def _rows(shape: Shape, about: str) -> Iterator[Row]:
    return (row for row in table(shape.name).rows if row.about == about and row.field)


def _expressed(shape: Shape, entry: Entry, site: Site) -> Object:
    document: Object = {}
    shape.prepare(document, entry)
    for row in _rows(shape, "dataset"):
        _express(document, row, entry.record, entry)
    for place, link in zip(shape.link_places(document), entry.resources, strict=False):
        for row in _rows(shape, "distribution"):
            _express(place, row, link, entry)
        shape.link_finish(place, link, entry, site)
    for place, item in zip(shape.item_places(document), entry.record.get("items") or [], strict=False):
        for row in _rows(shape, "item"):
            _express(place, row, item, entry)
    shape.finish(document, entry, site)
    return document


def _express(place: Object, row: Row, said: Any, entry: Entry) -> None:
    scope, _, name = row.field.partition(".")
    value = said.get(name)
    if scope == "publisher":
        value = getattr(entry.publisher, name)
        value = entry.record.get({"title": "publisher", "url": "publisher_url"}.get(name, "")) or value
    elif scope == "entry":
        value = getattr(entry, name)
    value = TO[row.how.partition(":")[0]](value, row, said, entry)
    if value not in (None, "", [], {}):
        put_path(place, row.element.replace(".", "/"), value)


def _taken(shape: Shape, document: Object) -> Draft:
    draft, record = Draft(), Intake(DatasetRecord, Notes())
    draft.record = record.said
    for row in _rows(shape, "dataset"):
        _take(document, row, record, draft)
    shape.also(document, draft, record)
    _check(record)
    start, end = record.said.get("temporal_start"), record.said.get("temporal_end")
    if start and end and start > end:
        del record.said["temporal_end"]
    for place in shape.link_places(document):
        link = Intake(Link, Notes())
        for row in _rows(shape, "distribution"):
            _take(place, row, link, draft)
        shape.link_also(place, link)
        draft.links.append(_check(link))
    for number, place in enumerate(shape.item_places(document), 1):
        item = Intake(Item, Notes())
        for row in _rows(shape, "item"):
            _take(place, row, item, draft)
        item.said.setdefault("name", f"field-{number}")
        draft.record.setdefault("items", []).append(_check(item))
    return draft


def _take(place: Object, row: Row, intake: Intake, draft: Draft) -> None:
    value: Any = place
    for part in row.element.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    value = text_of(value)
    if value in (None, "", [], {}):
        return
    scope, _, name = row.field.partition(".")
    first = value[0] if isinstance(value, list) else value
    if scope == "publisher":
        if text := intake.text(first, row.element, 300):
            draft.agent.setdefault(name, text)
    elif scope == "entry":
        draft.identifier = draft.identifier or intake.text(first, row.element, 2000)
    elif name not in intake.said:
        FROM[row.how.partition(":")[0]](intake, name, value, row)


def _check(intake: Intake) -> Object:
    """What the model takes of it, asked every time."""
    needed = {DatasetRecord: {"title": "x"}, Item: {"name": "x"}}.get(intake.model, {})
    try:
        intake.model.model_validate({**needed, **intake.said})
    except ValidationError as error:
        for problem in error.errors():
            intake.said.pop(str(problem["loc"][0]), None)
    return intake.said


def _spots(shape: Shape, document: Object) -> list[Object]:
    return [document, *shape.link_places(document), *shape.item_places(document)]


def _put_back(shape: Shape, document: Object, entry: Entry) -> Object:
    prefix, links = f"{shape.name}:", len(shape.link_places(document))
    stores = [entry.record.get("extras"), *(each.get("extras") for each in entry.resources[:links])]
    stores += [each.get("constraints") for each in entry.record.get("items") or []]
    before = _taken(shape, document)
    for number, store in enumerate(stores):
        textual = number <= links
        kept = {
            key[len(prefix) :]: value_of(value) if textual else value
            for key, value in (store or {}).items()
            if key.startswith(prefix) and shape.allowed(key[len(prefix) :])
        }
        if not kept or number >= len(_spots(shape, document)):
            continue
        done, tried = list(kept), deepcopy(document)
        for path, value in kept.items():
            put_path(_spots(shape, tried)[number], path, value)
        if _differs(shape, tried, before):
            done, tried = [], document
            for path, value in kept.items():
                single = deepcopy(tried)
                put_path(_spots(shape, single)[number], path, value)
                if not _differs(shape, single, before):
                    done.append(path)
                    tried = single
        document = tried
        if done:
            _spots(shape, document)[number][KEPT] = done
    return document


def _differs(shape: Shape, document: Object, before: Draft) -> bool:
    now = _taken(shape, document)
    return (now.record, now.links, now.agent) != (before.record, before.links, before.agent)


def _keep(shape: Shape, document: Object, draft: Draft) -> None:
    places = [(document, draft.record, shape.containers)]
    places += [
        (p, d, shape.link_containers) for p, d in zip(shape.link_places(document), draft.links, strict=True)
    ]
    for place, target, containers in places:
        for path, value in leaves(place, containers):
            ours = path.startswith(OURS) or path.partition("/")[0] in shape.ignored
            key, text = f"{shape.name}:{path}", kept_text(value)
            fits = len(key) <= 500 and len(text) <= 20_000 and key == key.strip()
            if path in listed(place.get(KEPT)) and fits and not ours and not running(value):
                target.setdefault("extras", {})[key] = text
    for place, item in zip(shape.item_places(document), draft.record.get("items", []), strict=True):
        for path, value in leaves(place):
            if path in listed(place.get(KEPT)) and not running(value):
                item.setdefault("constraints", {})[f"{shape.name}:{path}"] = value


def _meant(model: type[BaseModel], said: Any) -> Object:
    known = defaults(model)
    return {key: value for key, value in said.items() if key in known and value != known[key]}


def _difference(model: type[BaseModel], wanted: Object, base: Object) -> Object:
    known = defaults(model)
    names = [name for name in {**wanted, **base} if name != "extras"]
    found = {
        name: wanted.get(name, known[name])
        for name in names
        if _json(wanted.get(name, known[name])) != _json(base.get(name, known[name]))
    }
    mine, theirs = wanted.get("extras") or {}, base.get("extras") or {}
    patch = {key: mine.get(key) for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)}
    return {**found, "extras": patch} if patch else found


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _mark(place: Object, beside: Object) -> None:
    place.update({f"{OURS}{name}": value for name, value in beside.items()})


def _mark_all(document: Object, whole: str, model: Any, places: list[Object], said: Any, base: Any) -> None:
    if len(places) == len(said) == len(base):
        for place, one, known in zip(places, said, base, strict=True):
            _mark(place, _difference(model, _meant(model, one), _meant(model, known)))
    elif said or base:
        document[whole] = [_meant(model, each) for each in said]
