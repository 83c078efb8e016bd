"""Tables of the five reports, as the built-in systems read them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent.parent / "tables"
SYSTEMS = Path(__file__).parent
Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """Rows of ``<report>/<table>`` under tables/, cells as texts."""
    return rows_of(TABLES / f"{name}.csv")


def rows_of(path: Path) -> tuple[Row, ...]:
    """Rows of a file of ours."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
