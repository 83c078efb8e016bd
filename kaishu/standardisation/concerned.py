"""Whom a mapping concerns, and whether a changed one says anything new to them.  Values in, values out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kaishu.standardisation.mapping import Mapping, Source


def concerns(mapping: Mapping, tables: Sequence[Lookup[str, Any]], owner: str) -> dict[str, str]:
    """Office (id) to the digest of what it is asked to agree to; the owner is asked about everything.

    ``tables`` are [{source, table_id, office_id, version}].  What concerns an office: how its columns are
    read; for each item that it gives, who else gives it and whose value counts; by what its rows are matched.
    """
    found: dict[str, list[Source]] = {}
    offices = {str(each["source"]): str(each["office_id"]) for each in tables}
    for source in mapping.sources:
        found.setdefault(offices[source.name], []).append(source)
    told = {office: _told(mapping, sources, tables) for office, sources in found.items()}
    told[owner] = _told(mapping, mapping.sources, tables)
    return {office: _digest(each) for office, each in told.items()}


def givers(mapping: Mapping, field: str) -> list[str]:
    """The sources that give an item, in the order of the mapping."""
    return [source.name for source in mapping.sources if field in source.columns]


def _told(mapping: Mapping, sources: Sequence[Source], tables: Sequence[Lookup[str, Any]]) -> dict[str, Any]:
    given = {name for source in sources for name in source.columns}
    probable = mapping.entity.probable
    compared = probable is not None and bool(given & set(probable.compare))
    mine = {source.name for source in sources}
    return {
        "sources": [_source(source) for source in sources],
        "tables": [[each["table_id"], each["version"]] for each in tables if each["source"] in mine],
        "fields": {
            name: [asdict(mapping.rules[name]), givers(mapping, name)]
            for name in mapping.fields
            if name in given
        },
        "keys": [list(key) for key in mapping.keys if set(key) & given],
        "probable": asdict(probable) if compared and probable is not None else None,
    }


def _source(source: Source) -> dict[str, Any]:
    columns = {name: [each.column, each.kind, dict(each.values)] for name, each in source.columns.items()}
    return {
        "name": source.name,
        "unique": source.unique,
        "id": source.id,
        "updated": source.updated,
        "columns": columns,
    }


def _digest(told: Lookup[str, Any]) -> str:
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:32]
