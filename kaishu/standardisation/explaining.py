"""Why an entity has these values: from the files that a fusion left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaishu import lake
from kaishu.standardisation.conversions import literal
from kaishu.standardisation.errors import NoSuchEntity
from kaishu.standardisation.fusing import companions
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.workspace import named


@dataclass(frozen=True, slots=True)
class Explanation:
    """One entity: ``cells`` {field, value, source, row, rule, losers}, its ``rows`` and its ``links``."""

    entity: str
    cells: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    links: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {"entity": self.entity, "cells": self.cells, "rows": self.rows, "links": self.links}


def explain(mapping: Mapping, golden: Path, key: str) -> list[Explanation]:
    """Entities by id, by the value of a field of a key, or by ``SOURCE:ROW``.  Raises ``NoSuchEntity``."""
    files = companions(golden)
    ids = _find(mapping, files["rows"], key)
    if not ids:
        raise NoSuchEntity(key=key)
    order = {name: place for place, name in enumerate(mapping.fields)}
    found = []
    for id in ids:
        cells = _of(files["cells"], id)
        cells.sort(key=lambda cell: order.get(cell["field"], len(order)))
        told = [{**cell, "losers": cell["losers"] or []} for cell in cells]
        found.append(Explanation(id, told, _of(files["rows"], id), _of(files["links"], id)))
    return found


def _find(mapping: Mapping, rows: Path, key: str) -> list[str]:
    source, _, number = key.rpartition(":")
    fields = {name for each in mapping.keys for name in each}
    tests = [f"entity = {literal(key)}", *(f"{named(name)} = {literal(key)}" for name in sorted(fields))]
    if source and number.isdecimal():
        tests.append(f"(_source = {literal(source)} AND _row = {int(number)})")
    sql = f"SELECT DISTINCT entity FROM data WHERE {' OR '.join(tests)} ORDER BY entity LIMIT 20"  # noqa: S608
    with lake.open_files([rows]) as connection:
        return [row[0] for row in connection.execute(sql).fetchall()]


def _of(path: Path, entity: str) -> list[dict[str, Any]]:
    with lake.open_files([path]) as connection:
        sql = f"SELECT * EXCLUDE (entity) FROM data WHERE entity = {literal(entity)}"  # noqa: S608
        found: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    return found
