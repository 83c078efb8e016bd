"""What ``kaishu check --json`` and ``kaishu inspect mqa --json`` printed, read as data."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kaishu.evaluation.methods import rule_share
from kaishu.evaluation.system.model import Passport, column_of

#: Larger files are tables, not printed results.
MOST_BYTES = 16_000_000
Columns = dict[str, list[Any]]


def shipped_columns(path: Path) -> Columns:
    """Columns of a CSV file that comes with a built-in system: plain UTF-8, nothing to guess."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        heads = next(rows)
        columns = list(zip(*rows, strict=True))
    return {head: list(cells) for head, cells in zip(heads, columns, strict=True)}


def outcome_columns(path: Path, passport: Passport) -> Columns | None:
    """Columns of units and shares from 0 to 1, or None if the file is not such a result.

    Of a check the columns are the dimensions of quality: the mean share of rows that pass, over its rules;
    what was not checked is empty.  Of a measurement they are its indicators: the share of datasets that pass;
    what was not looked at is empty.  A file may hold a list; ``name`` or ``catalogue`` tells them apart.
    """
    if path.suffix.lower() != ".json" or path.stat().st_size > MOST_BYTES:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return None
    parts = found if isinstance(found, list) else [found]
    codes = [column_of(leaf) for leaf in passport.leaves()]
    shares: list[dict[str, float]]
    if parts and all(_is_check(part) for part in parts):
        names = [part.get("name") or path.stem for part in parts]
        shares = [check_shares(part) for part in parts]
    elif parts and all(_is_measurement(part) for part in parts):
        parts = [part for part in parts if part["catalogue"] != "all"]
        names = [part["catalogue"] for part in parts]
        shares = [measured_shares(part, codes) for part in parts]
    else:
        return None
    columns: Columns = {passport.units.id: names}
    if passport.units.name:
        columns[passport.units.name] = [
            part.get("title") or name for part, name in zip(parts, names, strict=True)
        ]
    for name in dict.fromkeys([*codes, *(name for each in shares for name in each)]):
        columns.setdefault(name, [each.get(name) for each in shares])
    return columns


def check_shares(check: Mapping[str, Any]) -> dict[str, float]:
    """Dimension of quality to the mean share of its rules; dimensions without a checked rule are not there.

    >>> rule = {"dimension": "accuracy", "checked": 10, "failed": 1}
    >>> check_shares({"rules": [rule, rule | {"failed": 3}, rule | {"checked": 0, "failed": 0}]})
    {'accuracy': 0.8}
    """
    found: dict[str, list[float]] = {}
    for rule in check["rules"]:
        share = float(rule_share([rule["checked"] - rule["failed"]], [rule["checked"]])[0])
        if not np.isnan(share):
            found.setdefault(str(rule["dimension"]), []).append(share)
    return {name: float(np.mean(shares)) for name, shares in found.items()}


def measured_shares(part: Mapping[str, Any], codes: Sequence[str]) -> dict[str, float]:
    """Indicator to the share of datasets that pass; one where nothing was looked at is not there.

    >>> part = {"datasets": 4, "met": {"keywords": 3}, "unknown": {"dcat-ap": 4}}
    >>> measured_shares(part, ["rights", "dcat-ap"])
    {'rights': 0.0, 'keywords': 0.75}
    """
    whole, met, unknown = part["datasets"], part["met"], part.get("unknown", {})
    if not whole:
        return {}
    names = dict.fromkeys([*codes, *met])
    return {name: met.get(name, 0) / whole for name in names if met.get(name) or not unknown.get(name)}


def _is_check(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and isinstance(part.get("rules"), list)
        and all(
            isinstance(each, dict) and {"dimension", "checked", "failed"} <= each.keys()
            for each in part["rules"]
        )
    )


def _is_measurement(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and {"catalogue", "datasets", "met"} <= part.keys()
        and isinstance(part["met"], dict)
    )
