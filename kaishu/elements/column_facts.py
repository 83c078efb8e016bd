"""What is known of a column before its element is guessed: its names, its type and some of its values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

#: Different values kept of each column, and the rows looked at for them.
VALUES, ROWS = 400, 5000
BLANK = frozenset({"", "-", "--", "—", "/", "无", "NA", "N/A", "null", "NULL", "None"})


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """``names`` are what it is called, the name in the table first; ``type`` as in the lake.

    ``values`` are up to ``VALUES`` different ones as text with how often each occurred among ``seen``.
    """

    names: tuple[str, ...]
    type: str
    values: Mapping[str, int]
    seen: int

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.names[0]


def facts_of_rows(
    columns: Sequence[Mapping[str, Any]],
    rows: Iterable[Sequence[Any]],
    titles: Mapping[str, str] | None = None,
) -> list[ColumnFacts]:
    """Facts of every column; ``columns`` are ``{name, type, source_name}``, ``titles`` names for people."""
    counted: list[dict[str, int]] = [{} for _ in columns]
    seen = [0] * len(columns)
    for number, row in enumerate(rows):
        if number >= ROWS:
            break
        for place, value in enumerate(row):
            text = text_of(value)
            if text in BLANK:
                continue
            seen[place] += 1
            known = counted[place]
            if text in known or len(known) < VALUES:
                known[text] = known.get(text, 0) + 1
    return [
        ColumnFacts(_names(column, titles or {}), str(column.get("type", "text")), values, count)
        for column, values, count in zip(columns, counted, seen, strict=True)
    ]


def text_of(value: Any) -> str:
    """A value as the rules compare it: dates ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _names(column: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    name = str(column["name"])
    said = (name, titles.get(name, ""), str(column.get("source_name") or ""))
    return tuple(dict.fromkeys(each.strip() for each in said if each.strip())) or (name,)
