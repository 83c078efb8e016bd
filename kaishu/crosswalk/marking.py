"""Elements by their correspondences, and what stands beside them under our own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kaishu.crosswalk.conversions import FROM, TO
from kaishu.crosswalk.keeping import OURS, Object, dumped, put_path, text_of
from kaishu.crosswalk.model import Entry
from kaishu.crosswalk.tables import Row
from kaishu.crosswalk.taking import Intake, Notes, defaults

ENTRY, AGENT, EXTRAS, KEPT = "kaishu:entry", "kaishu:agent", "kaishu:extras", "kaishu:kept"
LINKS, ITEMS = "kaishu:resources", "kaishu:items"


@dataclass
class Draft:
    """An entry on its way in."""

    record: Object = field(default_factory=dict)
    links: list[Object] = field(default_factory=list)
    agent: Object = field(default_factory=dict)
    identifier: str = ""


def express_row(place: Object, row: Row, said: Mapping[str, Any], entry: Entry) -> None:
    """Write the element of one correspondence."""
    scope, _, name = row.field.partition(".")
    if scope == "publisher":
        value: Any = getattr(entry.publisher, name)
        if name == "title":
            value = entry.record.get("publisher") or value
        elif name == "url":
            value = entry.record.get("publisher_url") or value
    elif scope == "entry":
        value = getattr(entry, name)
    else:
        value = said.get(name)
    value = TO[row.how.partition(":")[0]](value, row, said, entry)
    if value not in (None, "", [], {}):
        put_path(place, row.element.replace("/", "~1").replace(".", "/"), value)


def take_row(place: Object, row: Row, intake: Intake, draft: Draft) -> None:
    """Read the element of one correspondence."""
    value: Any = place
    for part in row.element.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    value = text_of(value)
    if value in (None, "", [], {}):
        return
    scope, _, name = row.field.partition(".")
    if scope == "publisher":
        text = intake.text(value[0] if isinstance(value, list) else value, row.element, 300)
        if text:
            draft.agent.setdefault(name, text)
    elif scope == "entry":
        if name == "identifier" and not draft.identifier:
            draft.identifier = intake.text(value[0] if isinstance(value, list) else value, row.element, 2000)
    elif name not in intake.said:
        FROM[row.how.partition(":")[0]](intake, name, value, row)


def difference(model: Any, wanted: Object, base: Object) -> Object:
    """What has to stand beside the elements so that they read as what is wanted."""
    known = defaults(model)
    found = {}
    for name, value in wanted.items():
        if name != "extras" and dumped(base.get(name, known[name])) != dumped(value):
            found[name] = value
    for name in base:
        if name != "extras" and name not in wanted:
            found[name] = known[name]
    mine, theirs = wanted.get("extras") or {}, base.get("extras") or {}
    patch: Object = {key: value for key, value in mine.items() if theirs.get(key) != value}
    patch |= {key: None for key in theirs if key not in mine}
    return {**found, "extras": patch} if patch else found


def marks(said: Object) -> Object:
    """Fields under our own keys."""
    return {f"{OURS}{name}": value for name, value in said.items()}


def overlay(model: Any, document: Object, target: Object, notes: Notes, where: str) -> Object:
    """Fields that stand under our own keys win over what the elements say."""
    known = defaults(model)
    for key, value in document.items():
        name = key.removeprefix(OURS)
        if not key.startswith(OURS) or name not in known or key in (ITEMS, LINKS):
            continue
        if name == "extras" and isinstance(value, dict):
            box = {
                **target.get("extras", {}),
                **{k: v for k, v in value.items() if v is None or isinstance(v, str)},
            }
            value = {k: v for k, v in box.items() if v is not None}
        if value == known[name]:
            target.pop(name, None)
            continue
        intake = Intake(model, notes, f"{where}{OURS}")
        intake.exactly(name, value)
        target |= intake.said
    return target
