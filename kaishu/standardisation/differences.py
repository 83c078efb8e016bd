"""Where a source says other than the golden record: counted, and listed row by row, from a run's cells."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu import lake
from kaishu.standardisation.conversions import literal
from kaishu.standardisation.fusing import companions
from kaishu.standardisation.workspace import named

if TYPE_CHECKING:
    import duckdb

MEMORY, PART = "1GB", 10_000
_LOST = """(SELECT entity, field, value AS golden, source AS winner, rule, unnest(losers) AS lost
    FROM data WHERE losers IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of a source whose value of a field lost and differs, of ``compared`` rows that have one in an
    entity of several rows.
    """

    source: str
    field: str
    rows: int
    compared: int


def differences_of(golden: Path) -> list[Difference]:
    """Each source and field of a run with rows that differ, most rows first; reads all rows and cells."""
    files = companions(golden)
    with _opened(files["cells"]) as connection:
        counted = connection.execute(
            f"""SELECT lost.source, field, count(*) FROM {_LOST}
            GROUP BY ALL ORDER BY count(*) DESC, lost.source, field"""  # noqa: S608
        ).fetchall()
    compared = _compared(files["rows"], sorted({field for _, field, _ in counted}))
    return [
        Difference(source, field, rows, max(rows, compared.get((source, field), rows)))
        for source, field, rows in counted
    ]


def differing_rows(
    golden: Path, source: str, field: str, after: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """{row, entity, value, golden, winner, rule} of one source and field in the order of the rows, behind
    the row ``after``; unmasked.
    """
    sql = f"""SELECT lost."row" AS "row", entity, lost."value" AS "value", golden, winner, rule
        FROM {_LOST} WHERE lost.source = {literal(source)} AND field = {literal(field)}
        AND lost."row" > {int(after)} ORDER BY lost."row" LIMIT {int(limit)}"""  # noqa: S608
    with lake.open_files([companions(golden)["cells"]]) as connection:
        found: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    return found


def every_differing_row(golden: Path, source: str, field: str) -> Iterator[dict[str, Any]]:
    """All of them, part by part."""
    after = -1
    while rows := differing_rows(golden, source, field, after, PART):
        yield from rows
        after = int(rows[-1]["row"])


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file with room to spill beside it, since entities may be many."""
    with (
        tempfile.TemporaryDirectory(prefix=".spill-", dir=path.parent) as folder,
        lake.open_files([path], MEMORY, Path(folder)) as connection,
    ):
        yield connection


def _compared(rows: Path, fields: list[str]) -> dict[tuple[str, str], int]:
    if not fields:
        return {}
    counts = ", ".join(
        f"count(*) FILTER ({named(name)} IS NOT NULL AND _of > 1) AS {named(name)}" for name in fields
    )
    sql = f"""SELECT _source, {counts} FROM data JOIN
        (SELECT entity, count(*) AS _of FROM data GROUP BY entity) USING (entity) GROUP BY _source"""  # noqa: S608
    with _opened(rows) as connection:
        found = connection.execute(sql).fetchall()
    return {(row[0], name): count for row in found for name, count in zip(fields, row[1:], strict=True)}
