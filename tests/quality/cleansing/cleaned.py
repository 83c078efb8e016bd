"""Cleans rows that are handed over as a dictionary."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kaishu.quality.cleansing import Cleansed, Cleansing, parse_steps
from tests.quality.rows_in_memory import RowsInMemory

Values = dict[str, list[Any]]


def cleaned(
    steps: str, values: Values, *, types: dict[str, str] | None = None, folder: Path = Path(), cut: int = 2
) -> tuple[Values, Cleansed]:
    data = RowsInMemory(types or dict.fromkeys(values, "text"), values, cut=cut)
    run = Cleansing(data, parse_steps(f"steps:\n{steps}"), folder=folder, today=date(2024, 6, 1))
    frames = list(run.frames())
    assert run.result is not None
    found = pl.concat(frames).to_dict(as_series=False) if frames else {}
    return found, run.result


def column(step: str, values: list[Any]) -> tuple[list[Any], dict[Any, str]]:
    """The column c after one step, and why cells were refused, by their value."""
    found, result = cleaned(f" - {{{step}}}", {"c": values})
    only = result.steps[0]
    assert only.refused == len(only.refusals) or only.refused > 5
    return found["c"], {one["old"]: one["reason_en"] for one in only.refusals}
