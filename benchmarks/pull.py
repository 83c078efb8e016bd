"""A table pulled from PostgreSQL: CPU seconds on our side against raw ADBC in paired runs, and peak memory.

    python -m benchmarks.pull [ROWS] [ROUNDS]

Needs a PostgreSQL on 127.0.0.1:5432 that lets ``postgres`` in (or KAISHU_TEST_PGUSER).  The peer reads every
batch with the driver and drops it; ``read`` is our connector doing the same, ``fetch`` writes Parquet as a
pull does, ``psycopg`` reads COPY in text form row by row.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import line, measured, paired

USER = os.environ.get("KAISHU_TEST_PGUSER", "postgres")
URI = f"postgresql://{USER}@127.0.0.1:5432/postgres"
TABLE = "kaishu_bench_pull"
COLUMNS = "id, code, name, amount, opened, at, flag, note"


def main(rows: int = 1_000_000, rounds: int = 3) -> list[dict[str, Any]]:
    """Reading must reach 0.7 of raw ADBC: at most 1 / 0.7 of its CPU."""
    import psycopg

    with psycopg.connect(URI, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        connection.execute(
            f"CREATE TABLE {TABLE} AS SELECT i::bigint AS id, lpad(i::text, 18, '0') AS code, "
            "'企业' || i AS name, "
            "(i % 100000)::float8 / 7 AS amount, '2020-01-01'::date + (i % 2000)::int AS opened, "
            "'2024-01-01'::timestamp + i * interval '1 second' AS at, i % 3 = 0 AS flag, "
            "CASE WHEN i % 5 = 0 THEN NULL ELSE '备注' || i % 97 END AS note "
            f"FROM generate_series(1, {rows}) i"
        )
        try:
            names = ("adbc", "read", "fetch", "psycopg")
            found = paired("pull", {name: [] for name in names}, rounds)
        finally:
            connection.execute(f"DROP TABLE {TABLE}")
    peer = ("adbc", found["adbc"].cpu)
    return [
        line(f"pull read {rows:,}", found["read"], peer, 1 / 0.7, 400),
        line(f"pull to parquet {rows:,}", found["fetch"], peer, None, 400),
        line(f"psycopg COPY {rows:,}", found["psycopg"], peer, None, None),
    ]


def one(name: str) -> None:
    """One candidate, once."""
    if name == "adbc":
        import adbc_driver_postgresql.dbapi as adbc
        import pyarrow as pa

        assert pa

        def work() -> None:
            with adbc.connect(URI) as connection, connection.cursor() as cursor:
                cursor.execute(f"SELECT {COLUMNS} FROM {TABLE}")
                for _ in cursor.fetch_record_batch():
                    pass
    elif name == "psycopg":
        import psycopg

        def work() -> None:
            with (
                psycopg.connect(URI) as connection,
                connection.cursor() as cursor,
                cursor.copy(f"COPY {TABLE} TO STDOUT") as copy,
            ):
                for _ in copy.rows():
                    pass
    else:
        work = _ours(name)
    measured(work)


def _ours(name: str) -> Any:
    os.environ["KAISHU_SOURCE_ALLOW"] = "127.0.0.1"
    import adbc_driver_postgresql.dbapi
    import pyarrow.parquet

    from kaishu import source

    assert adbc_driver_postgresql.dbapi and pyarrow.parquet
    kind = source.KINDS["postgresql"]
    place = source.Place("postgresql", {"host": "127.0.0.1", "database": "postgres", "user": USER})
    wanted = source.Wanted(table=f"public.{TABLE}")

    def work() -> None:
        with source.opened(kind, place) as connector, tempfile.TemporaryDirectory() as folder:
            if name == "fetch":
                connector.fetch(wanted, Path(folder))
            else:
                for _ in connector.read(wanted):  # type: ignore[attr-defined]
                    pass

    return work


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main(*map(int, sys.argv[1:3]))
