"""The form under "how it was read": back to reading options.

What was found out is shown in the fields, so a field that still says what was found says nothing; only
what a person changed, now or before, becomes an option.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

from kaishu import lake
from kaishu.web.routing import text

if TYPE_CHECKING:
    from kaishu.lake import Plan, ReadOptions

FILE = ("format", "encoding", "delimiter", "header_row", "sheet", "member", "record_path")
TAB = "tab"


def options_of(form: FormData) -> ReadOptions:
    """Reading options from the form.  Raises ``Invalid``."""
    known = _known(text(form, "known"))
    detected, before = known.get("detected", {}), known.get("set", {})
    given: dict[str, Any] = {}
    for name in FILE:
        value = text(form, name)
        if name not in form:
            value = str(before.get(name, ""))
        if value and (name in before or value != detected.get(name, "")):
            given[name] = value
    same_file = {k: str(v) for k, v in given.items()} == {k: str(before[k]) for k in FILE if k in before}
    if same_file:
        given["names"], given["types"] = _columns(form)
    return lake.ReadOptions.from_dict(given)


def known_of(plan: Plan | None, options: ReadOptions) -> str:
    """What the form has to remember: what was found out, and what was set."""
    known = {"detected": shown_of(plan, lake.ReadOptions()) if plan else {}, "set": shown_of(None, options)}
    filled = {
        part: {name: value for name, value in fields.items() if value} for part, fields in known.items()
    }
    return json.dumps(filled, ensure_ascii=False)


def shown_of(plan: Plan | None, options: ReadOptions) -> dict[str, str]:
    """What each field of the form shows."""
    shown = {}
    for name in FILE:
        value = getattr(options, name)
        if value is None and plan is not None:
            value = getattr(plan, name)
        shown[name] = "" if value is None else TAB if value == "\t" else str(value)
    return shown


def found_names(plan: Plan, options: ReadOptions) -> list[str]:
    """The name that each column had before a person renamed it."""
    found = {new: old for old, new in options.names.items()}
    return [found.get(column.name, column.name) for column in plan.columns]


def inferred_types(plan: Plan, options: ReadOptions) -> list[str]:
    """The type that was found out for each column; empty where a person has set it."""
    return ["" if column.name in options.types else column.type for column in plan.columns]


def _columns(form: FormData) -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    types: dict[str, str] = {}
    listed = [[str(value) for value in form.getlist(key)] for key in ("found", "named", "type", "was")]
    for found, named, kind, was in zip(*listed, strict=False):
        name = named.strip() or found
        if name != found:
            names[found] = name
        if kind != was:
            types[name] = kind
    return names, types


def _known(given: str) -> Mapping[str, Any]:
    try:
        value = json.loads(given) if given else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()) else {}
