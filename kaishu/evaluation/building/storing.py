"""A result back from JSON, to the last bit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from kaishu.evaluation.building.deciding import ranks_of
from kaishu.evaluation.building.errors import NotAResult
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.result import Result, Used
from kaishu.evaluation.building.table import Array, UnitTable, floats
from kaishu.evaluation.system.errors import BadSystem
from kaishu.evaluation.system.reading import from_mapping

_CELLS = ("score", "share", "weight", "contribution", "raw")
_BIG = 32_767


def from_dict(data: Mapping[str, Any]) -> Result:
    """The result of ``as_dict``.  Raises ``NotAResult``."""
    try:
        return _result(data)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, AssertionError, BadSystem) as error:
        raise NotAResult(reason=f"{type(error).__name__}: {error}"[:300]) from error


def from_json(text: str) -> Result:
    """The result of ``Result.as_json``.  Raises ``NotAResult``."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise NotAResult(reason=str(error)[:300]) from error
    return from_dict(data)


def _result(data: Mapping[str, Any]) -> Result:
    passport = from_mapping(data["passport"], str(data["system"]))
    units = data["units"]
    codes = ("index", *(node.code for node in passport.nodes()))
    cells: dict[str, Array] = {name: np.full((len(units), len(codes)), np.nan) for name in _CELLS}
    flags = np.zeros((len(units), len(codes)), dtype=np.uint16)
    table = UnitTable.from_dict(data["data"])
    index = _index_cells(data, len(units))
    for row, unit in enumerate(units):
        nodes = [unit["nodes"][code] for code in codes[1:]]
        for name in _CELLS:
            cells[name][row, 1:] = floats([node[name] for node in nodes])
        flags[row] = [int(unit["flags"]) & _BIG, *(int(node["flags"]) & _BIG for node in nodes)]
    for name in _CELLS:
        cells[name][:, 0] = index[name]
    graded = bool(units) and "grade" in units[0]
    staged = bool(units) and "stage" in units[0]
    return Result(
        passport=passport,
        table=table,
        fingerprint=str(data["fingerprint"]),
        data_digest=str(data["data_digest"]),
        codes=codes,
        scores=cells["score"],
        shares=cells["share"],
        weights=cells["weight"],
        contributions=cells["contribution"],
        raw=cells["raw"],
        flags=flags,
        # Staged units are told no rank, yet the index has its order.
        rank=ranks_of(passport, table, index["score"])
        if staged
        else floats([unit["rank"] for unit in units]),
        grades=tuple(
            (unit["grade"], *(unit["nodes"][code].get("grade") for code in codes[1:])) for unit in units
        )
        if graded
        else (),
        stages=tuple(unit["stage"] for unit in units) if staged else (),
        ranges={
            code: tuple(Used(each["population"], each["figures"], each["used"]) for each in used)
            for code, used in data["ranges"].items()
        },
        population=np.array([unit["population"] for unit in units], dtype=np.int64),
        notices=tuple(Notice.from_dict(each) for each in data["notices"]),
        options=data.get("options", {}),
    )


def _index_cells(data: Mapping[str, Any], count: int) -> dict[str, Array]:
    score = floats([unit["score"] for unit in data["units"]])
    whole = np.where(np.isnan(score), np.nan, 1.0)
    return {
        "score": score,
        "share": whole,
        "weight": whole,
        "contribution": score,
        "raw": np.full(count, np.nan),
    }
