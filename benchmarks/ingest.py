"""Ingest of a CSV file into the lake: CPU against Polars, PostgreSQL and sqlite-utils; memory.

    python -m benchmarks ingest [--rows N] [--rounds K] [--large]

Ours is everything from the file on the disk to the recorded version: copy, SHA-256, reading, typing,
Delta commit, database rows.  Polars reads the file whole and writes a Delta table.  PostgreSQL is a
table with a serial ``_id`` and text columns, COPY, and then types, without index; its process is
counted with the client.  "postgresql" sets the types that a loader guesses (numeric, timestamp), a
statement a column; "postgresql-once" only our own types, all in one statement, which is as little as
it can do.  sqlite-utils runs on a tenth of the rows and is multiplied by ten.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.data import make_csv
from benchmarks.measure import line, measured, paired

PEAK = 512
SOCKET = Path("/var/run/postgresql/.s.PGSQL.5432")
POSTGRESQL = ("postgresql", "postgresql-once")
GUESSED = {
    "身份证号": "numeric",
    "手机": "numeric",
    "区划代码": "numeric",
    "月收入": "numeric",
    "办事次数": "numeric",
    "出生日期": "timestamp",
    "登记时间": "timestamp",
}
OWN = {"出生日期": "date", "月收入": "double precision", "办事次数": "bigint", "登记时间": "timestamp"}


def main(rows: int = 1_000_000, rounds: int = 3, large: bool = False) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        utf8, gb, tenth = (Path(folder, name) for name in ("a.csv", "gb18030.csv", "tenth.csv"))
        make_csv(utf8, rows)
        make_csv(gb, rows, encoding="gb18030")
        make_csv(tenth, max(rows // 10, 1))
        done = paired(
            "ingest",
            {
                "kaishu": [str(utf8)],
                "polars": [str(utf8)],
                "kaishu-gb18030": [str(gb)],
                **({name: [str(utf8)] for name in POSTGRESQL} if SOCKET.exists() else {}),
            },
            rounds,
        )
        ours = done["kaishu"]
        found.append(line("ingest UTF-8", ours, ("polars", done["polars"].cpu), 1.5, PEAK))
        found.append(line("ingest GB18030", done["kaishu-gb18030"], ("UTF-8", ours.cpu), 1.5, PEAK))
        if "postgresql" in done:
            found.append(line("ingest UTF-8", ours, ("postgresql", done["postgresql"].cpu), 1 / 3, None))
            least = ("postgresql-once", done["postgresql-once"].cpu)
            found.append(line("ingest UTF-8", ours, least, None, None))
        else:
            print("PostgreSQL left out: no server on the local socket", file=sys.stderr)
        small = paired("ingest", {"sqlite-utils": [str(tenth)]}, 1)["sqlite-utils"]
        found.append(line("ingest UTF-8", ours, ("sqlite-utils", small.cpu * 10), 1 / 50, None))
        if large:
            make_csv(utf8, rows * 10)
            big = paired("ingest", {"kaishu": [str(utf8)]}, 1)["kaishu"]
            flat = min(PEAK, round(ours.peak * 1.15))
            found.append(line(f"ingest of {rows * 10:,} rows, memory", big, None, None, flat))
    return found


def kaishu(path: Path) -> None:
    """The whole way, in a fresh home."""
    import deltalake  # noqa: F401

    from kaishu.access import TERMINAL, Call, add_office
    from kaishu.base import clock
    from kaishu.db import engine, session_scope
    from kaishu.lake import add_table, ingest
    from kaishu.source import receive_path
    from kaishu.tables import METADATA

    with tempfile.TemporaryDirectory() as home:
        os.environ["KAISHU_HOME"] = home
        METADATA.create_all(engine())
        with session_scope() as session:
            call = Call(session, TERMINAL, clock.now(), "benchmark")
            table = add_table(call, add_office(call, title="统计局", name="office").id)

            def work() -> None:
                version = ingest(call, receive_path(call, path), table=table)
                assert version.set_aside == 0

            measured(work)


def polars(path: Path) -> None:
    """Read whole, write a Delta table."""
    import deltalake  # noqa: F401
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        measured(lambda: pl.read_csv(path, try_parse_dates=True).write_delta(f"{folder}/delta") and None)


def postgresql(path: Path, guessed: bool = True) -> None:
    """COPY into text, then ALTER to types; rolled back, so nothing stays on the server."""
    import psycopg

    def altered(name: str, type: str) -> str:
        return f'ALTER "{name}" TYPE {type} USING "{name}"::{type}'

    with psycopg.connect("host=/var/run/postgresql user=postgres dbname=postgres") as connection:
        server = connection.info.backend_pid
        with path.open(encoding="utf-8") as file:
            columns = [f'"{name}"' for name in file.readline().strip().split(",")]
        listed = ", ".join(columns)
        if guessed:
            changes = [altered(*pair) for pair in GUESSED.items()]
        else:
            changes = [", ".join(altered(*pair) for pair in OWN.items())]

        def work() -> float:
            before = _server_seconds(server)
            cursor = connection.cursor()
            cursor.execute(f"CREATE TABLE kaishu_bench (_id serial, {' text, '.join(columns)} text)")
            with (
                path.open("rb") as file,
                cursor.copy(f"COPY kaishu_bench ({listed}) FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while data := file.read(1 << 20):
                    copy.write(data)
            for change in changes:
                cursor.execute(f"ALTER TABLE kaishu_bench {change}")
            return _server_seconds(server) - before

        measured(work)
        connection.rollback()


def sqlite_utils(path: Path) -> None:
    """``sqlite-utils insert --csv`` with nothing else."""
    from click.testing import CliRunner
    from sqlite_utils.cli import cli

    with tempfile.TemporaryDirectory() as folder:

        def work() -> None:
            done = CliRunner().invoke(cli, ["insert", f"{folder}/a.db", "t", str(path), "--csv"])
            assert done.exit_code == 0, done.output

        measured(work)


def _server_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_WAYS = {
    "kaishu": kaishu,
    "kaishu-gb18030": kaishu,
    "polars": polars,
    "postgresql": postgresql,
    "postgresql-once": lambda path: postgresql(path, guessed=False),
    "sqlite-utils": sqlite_utils,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _WAYS[sys.argv[2]](Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:3]))
