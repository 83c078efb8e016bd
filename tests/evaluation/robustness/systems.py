"""Small systems that the tests vary."""

from __future__ import annotations

from typing import Any

import numpy as np

from kaishu import evaluation
from kaishu.evaluation import Result

SYSTEM: dict[str, Any] = {
    "system": "toy",
    "scale": [0, 5],
    "rank": {"ties": "best"},
    "grades": [{"grade": "A", "at-least": 3.5}, {"grade": "B", "at-least": 2}, {"grade": "C"}],
    "tree": [
        {
            "code": "P",
            "weight": "0.6",
            "children": [
                {"code": "P1", "weight": "0.5", "indicator": {}},
                {"code": "P2", "weight": "0.3", "indicator": {"direction": "less"}},
                {"code": "P3", "weight": "0.2", "indicator": {}},
            ],
        },
        {
            "code": "D",
            "weight": "0.4",
            "children": [
                {"code": "D1", "weight": "0.7", "indicator": {}},
                {"code": "D2", "weight": "0.3", "indicator": {}},
            ],
        },
    ],
}


def values(units: int = 20, seed: int = 3) -> dict[str, Any]:
    """Columns of random values; ``P2`` is better the lower it is."""
    chance = np.random.default_rng(seed)
    table = chance.lognormal(size=(units, 5))
    columns = {code: table[:, place].tolist() for place, code in enumerate(("P1", "P2", "P3", "D1", "D2"))}
    return {"id": [f"u{row}" for row in range(units)], **columns}


def toy(count: int = 20, columns: dict[str, Any] | None = None, **changes: Any) -> Result:
    """A result of the system with some keys changed."""
    return evaluation.evaluate({**SYSTEM, **changes}, columns or values(count))
