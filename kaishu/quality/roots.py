"""Where failing rows come from: one value, one day or one source that explains most of them.

For a rule and a column, ``share`` is the part of the failing rows that have a value, ``base`` the part of all
rows that have it, ``lift`` the one divided by the other.  A value is a hint if it explains at least half of
the failing rows, at least ten of them, and is at least twice as frequent among them as among all rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake import TableData

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kaishu.quality.results import TableResult

    Numbers = npt.NDArray[np.int64]

LEAST, SHARE, LIFT, MOST_HINTS = 10, 0.5, 2.0, 3
#: Columns with more different values than this name rows, not origins.
_VALUES, _COLUMNS, _ROWS, _BATCH = 1000, 60, 5_000_000, 65_536
_SOURCE = re.compile(r"来源|批次|渠道|系统|source|batch|channel|origin|system", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """A value of a column and how many of the failing (of all) rows have it; ``kind`` value, day, source."""

    column: str
    kind: str
    value: str | None
    failing: int
    failed: int
    all: int
    rows: int

    @property
    def share(self) -> float:
        """Of the failing rows."""
        return self.failing / self.failed

    @property
    def lift(self) -> float:
        """How much more frequent among failing rows than among all."""
        return self.share / (self.all / self.rows)

    def as_dict(self) -> dict[str, Any]:
        """With its sentence in both languages; the value is in ``value`` alone, so that it can be masked."""
        words = {
            "value": ("“{column}”为“{value}”", '"{column}" is "{value}"'),
            "day": ("“{column}”在{value}这一天", '"{column}" is on {value}'),
            "source": ("来自“{column}”的“{value}”", 'they come from "{value}" of "{column}"'),
        }[self.kind]
        base = self.all / self.rows
        return {
            "column": self.column,
            "kind": self.kind,
            "value": self.value,
            "failing": self.failing,
            "failed": self.failed,
            "share": round(self.share, 4),
            "lift": round(self.lift, 2),
            "zh": f"不合格行的{self.share:.0%}{words[0]}，而全部行里只有{base:.1%}",
            "en": f"{self.share:.0%} of the failing rows: {words[1]}, against {base:.1%} of all rows",
        }


def explain(
    counts: Mapping[str, Mapping[str | None, tuple[int, int]]],
    *,
    rows: int,
    failed: int,
    types: Mapping[str, str],
) -> list[Hint]:
    """Hints for one rule, the best first.  ``counts``: column to value to (all rows, failing rows)."""
    found = []
    for column, values in counts.items():
        for value, (everywhere, failing) in values.items():
            if failing < LEAST or not everywhere or failing < SHARE * failed:
                continue
            hint = Hint(column, _kind(column, types), value, failing, failed, everywhere, rows)
            if hint.lift >= LIFT:
                found.append(hint)
    found.sort(key=lambda hint: (-hint.share * min(hint.lift, 100), hint.column))
    return found[:MOST_HINTS]


def root_hints(data: TableData, failing: Path, result: TableResult) -> dict[str, list[dict[str, Any]]]:
    """Hints for every rule with enough failing rows: rule id to dicts of ``Hint``."""
    wanted = [
        each.rule.id
        for each in result.rules
        if LEAST <= each.failed <= min(_ROWS, result.rows / LIFT) and each.level is not None
    ]
    numbers = _numbers(failing, wanted)
    if not numbers:
        return {}
    types = {str(column["name"]): str(column["type"]) for column in data.columns}
    tallies = _tally(data, types, numbers)
    # that cells without a value have none explains nothing
    itself = {
        each.rule.id: each.rule.check.needs(types)
        for each in result.rules
        if each.rule.check.kind == "not-null"
    }
    found = {}
    for rule, rows in numbers.items():
        counts = {name: tally.of(rule) for name, tally in tallies.items() if name not in itself.get(rule, ())}
        hints = explain(counts, rows=result.rows, failed=len(rows), types=types)
        if hints:
            found[rule] = [hint.as_dict() for hint in hints]
    return found


class _Tally:
    """How often each value of a column occurs, in all rows and in the failing ones of each rule."""

    def __init__(self, day: bool) -> None:
        self.day = day
        self.counts: dict[str | None, dict[str, int]] = {}

    def add(self, array: Any, chosen: Mapping[str, Numbers]) -> bool:
        """Count a batch; False if there are too many different values."""
        import numpy as np
        import pyarrow as pa

        if self.day:
            array = array.cast(pa.date32())
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        if len(array.dictionary) + len(self.counts) > 2 * _VALUES:
            return False
        names = [*(None if v is None else str(v) for v in array.dictionary.to_pylist()), None]
        codes = array.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
        for rule, places in {"": None, **chosen}.items():
            tallied = np.bincount(codes if places is None else codes[places], minlength=len(names))
            for place in np.flatnonzero(tallied).tolist():
                held = self.counts.setdefault(names[place], {})
                held[rule] = held.get(rule, 0) + int(tallied[place])
        return len(self.counts) <= _VALUES

    def of(self, rule: str) -> dict[str | None, tuple[int, int]]:
        """Value to (all rows, failing rows)."""
        return {value: (held.get("", 0), held.get(rule, 0)) for value, held in self.counts.items()}


def _tally(data: TableData, types: Mapping[str, str], numbers: Mapping[str, Numbers]) -> dict[str, _Tally]:
    """Columns of few different values; most others show in the first batch, and are not read on."""
    import numpy as np

    trial = {name: _Tally(type == "datetime") for name, type in list(types.items())[:_COLUMNS]}
    for batch in data.batches(list(trial), size=_BATCH, dictionaries=True):
        trial = {name: tally for name, tally in trial.items() if tally.add(batch.column(name), {})}
        break
    tallies = {name: _Tally(tally.day) for name, tally in trial.items()}
    first = 1
    for batch in data.batches(list(tallies), size=_BATCH, dictionaries=True) if tallies else ():
        chosen: dict[str, Numbers] = {}
        for rule, rows in numbers.items():
            low, high = np.searchsorted(rows, (first, first + batch.num_rows))
            if low < high:
                chosen[rule] = rows[low:high] - first
        tallies = {name: tally for name, tally in tallies.items() if tally.add(batch.column(name), chosen)}
        first += batch.num_rows
    return tallies


def _numbers(failing: Path, wanted: Sequence[str]) -> dict[str, Numbers]:
    """The numbers of the failing rows of each rule, sorted."""
    import numpy as np
    import pyarrow.compute as pc
    from pyarrow.parquet import ParquetFile

    if not wanted:
        return {}
    parts: dict[str, list[Any]] = {rule: [] for rule in wanted}
    with ParquetFile(failing) as opened:
        for batch in opened.iter_batches(_BATCH, columns=["rule", "row"]):
            for rule in pc.unique(batch.column("rule")).to_pylist():
                if rule in parts:
                    rows = batch.filter(pc.equal(batch.column("rule"), rule)).column("row").drop_null()
                    parts[rule].append(rows.to_numpy(zero_copy_only=False))
    found = {rule: np.sort(np.concatenate(held)) for rule, held in parts.items() if held}
    return {rule: rows for rule, rows in found.items() if len(rows) >= LEAST}


def _kind(column: str, types: Mapping[str, str]) -> str:
    if types.get(column) in ("date", "datetime"):
        return "day"
    return "source" if _SOURCE.search(column) else "value"
