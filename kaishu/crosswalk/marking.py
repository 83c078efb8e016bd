"""What stands beside the elements under our own keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from kaishu.crosswalk.keeping import OURS, Object, alike, tamed
from kaishu.crosswalk.taking import Intake, Notes, defaults

MISSING = object()
#: Compared otherwise: foreign statements one by one, items each with its own element.
APART = frozenset({"extras", "items"})
ENTRY, AGENT, KEPT = "kaishu:entry", "kaishu:agent", "kaishu:kept"
LINKS, ITEMS = "kaishu:resources", "kaishu:items"


def difference(model: type[BaseModel], wanted: Mapping[str, Any], base: Object) -> Object:
    """What has to stand beside the elements so that they read as what is wanted; items apart."""
    known = _compared(model)
    found = {}
    for name, value in wanted.items():
        mine = base.get(name, MISSING)
        if mine is value:
            continue
        usual = known.get(name, MISSING)
        if usual is MISSING:
            continue
        if value == usual:
            if mine is not MISSING and mine != usual:
                found[name] = usual
        elif mine is MISSING or not alike(mine, value):
            found[name] = value
    if not base.keys() <= wanted.keys():
        for name in base.keys() - wanted.keys() - APART:
            if base[name] != known[name]:
                found[name] = known[name]
    mine, theirs = wanted.get("extras"), base.get("extras")
    if mine or theirs:
        patch = _patch(mine or {}, theirs or {})
        return {**found, "extras": patch} if patch else found
    return found


@cache
def _compared(model: type[BaseModel]) -> Mapping[str, Any]:
    return {name: usual for name, usual in defaults(model).items() if name not in APART}


def _patch(mine: Object, theirs: Object) -> Object:
    patch: Object = {key: value for key, value in mine.items() if theirs.get(key) != value}
    return patch | {key: None for key in theirs if key not in mine}


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
                **{k: v for k, v in tamed(value).items() if v is None or isinstance(v, str)},
            }
            value = {k: v for k, v in box.items() if v is not None}
        if value == known[name]:
            target.pop(name, None)
            continue
        intake = Intake(model, notes, f"{where}{OURS}")
        intake.exactly(name, value)
        target |= intake.said
    return target
