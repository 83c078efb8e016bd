"""The checks that an element brings to a column: entries of a rule file, as plain mappings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kaishu.elements.definition import Element

#: Column types whose values are no text: how they are written is the reader's business.
TIMES = ("date", "datetime")
NUMBERS = ("integer", "number")


def rules_for(
    column: Mapping[str, Any], element: Element, values: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Rules for a column ``{name, type}`` that holds ``element``, each ``{id, title, check, column, …}``.

    ``values`` are the codes of a regional code set, which a rule file cannot name; national sets are named.
    The reader of rules lays down what the keys mean; nothing is said about missing values.
    """
    found = [*_meaning(element), *_codes(element, values), *_form(str(column.get("type", "")), element)]
    found += _range(element)
    name = str(column["name"])
    return [
        {
            "id": f"{element.code}-{rule['check']}",
            "title": f"{name}：{element.name}",
            **rule,
            "column": name,
        }
        for rule in found
    ]


def unique_ids(rules: Sequence[dict[str, Any]], taken: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The rules of several columns together, each with an id of its own that is not ``taken``."""
    used = set(taken)
    found = []
    for rule in rules:
        id, number = rule["id"], 1
        while id in used:
            number += 1
            id = f"{rule['id']}-{number}"
        used.add(id)
        found.append({**rule, "id": id})
    return found


def _meaning(element: Element) -> list[dict[str, Any]]:
    return [{"check": element.check}] if element.check else []


def _codes(element: Element, values: Sequence[str] | None) -> list[dict[str, Any]]:
    if not element.code_set or element.check == "division":
        return []
    if values is not None:
        return [{"check": "in", "values": list(values)}]
    return [{"check": "in", "codes": element.code_set}]


def _form(kind: str, element: Element) -> list[dict[str, Any]]:
    """The form, unless a check or a code set says more, or the column's type has settled it."""
    form = element.form
    if element.check or element.code_set or not form.most or kind in (*TIMES, "boolean"):
        return []
    if form.letters in ("an", "c"):
        if form.is_fixed:
            return [{"check": "length", "exactly": form.most}]
        return [{"check": "length", **({"min": form.least} if form.least else {}), "max": form.most}]
    if kind in NUMBERS:
        return _digits(element) if form.letters == "n" else []
    return [{"check": "pattern", "pattern": form.pattern}]


def _digits(element: Element) -> list[dict[str, Any]]:
    """A number column of up to so many digits: the range that they can write, unless one is said."""
    form = element.form
    if element.minimum or element.maximum:
        return []
    most = 10 ** (form.most - form.decimals)
    least = 10 ** (form.least - 1) if form.is_fixed else None
    if least is not None:
        return [{"check": "range", "min": least, "max": most - 1}]
    return [{"check": "range", "min": -most, "max": most, "exclusive": True}]


def _range(element: Element) -> list[dict[str, Any]]:
    bounds = {"min": element.minimum, "max": element.maximum}
    said = {key: _bound(text) for key, text in bounds.items() if text}
    return [{"check": "range", **said}] if said and not _is_short_date(element) else []


def _is_short_date(element: Element) -> bool:
    """Years and months are dates of which the range rule knows nothing."""
    return element.form.letters == "d" and element.form.most not in (4, 8, 10)


def _bound(text: str) -> int | float | str:
    if re.fullmatch(r"-?\d+", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text, re.ASCII) else text
