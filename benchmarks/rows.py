"""Row API: a filter to about 1,000 of the rows, sorted, a page of 100 with the total, 8 connections.

    python -m benchmarks.rows [ROWS] [ROUNDS]

Starts the real Kaishu server, Datasette and a bare FastAPI on SQLite with the same index, each a
process on loopback, and asks them in turn (A B C A B C …) for random values of the filter column, so
that few answers are repeated ones.  CPU per request is that of the server process.  Datasette runs as
it comes, and once more without its suggestion of facets, which it makes for JSON too.  Then columns that
nobody indexed, and the slowest request on each (scans are
remembered, so the slowest are the first of a kind).  Needs ``wrk`` and, for the peers, the group ``bench``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from benchmarks.export import make_table

SECONDS = 3
FILTER, SORT = "区划代码", "金额"
LUA = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(%d)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests": %%d, "us": %%d, "p50": %%d, "p99": %%d, "max": %%d, "errors": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def main(rows: int = 1_000_000, rounds: int = 3) -> list[dict[str, Any]]:
    """Run everything; a line of the report for each promise."""
    if not shutil.which("wrk"):
        print(json.dumps({"benchmark": "rows", "skipped": "wrk is not installed"}))
        return []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped too
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_table(folder / "firms.parquet", rows)
        _peer_database(folder)
        values = [str(110_000 + n) for n in range(max(rows // 1000, 1))]
        with _kaishu(folder) as kaishu, _bare(folder) as bare, _datasette(folder) as datasette:
            with _datasette(folder, suggest_facets="off") as tuned:
                servers = {"kaishu": kaishu, "bare": bare, "datasette": datasette, "datasette-tuned": tuned}
                report = _compare(folder, rounds, values, servers)
            report += _slowest(folder, kaishu)
            held = _memory(kaishu[0])
    report.append({"benchmark": "rows, server after all this, MiB", "ours": held})
    for line in report:
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return report


Server = tuple[int, int, str]  # process, port, path with {} for the value of the filter


def _compare(
    folder: Path, rounds: int, values: list[str], servers: dict[str, Server]
) -> list[dict[str, Any]]:
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
    for number in range(rounds):
        for name, server in servers.items():
            runs[name].append(_load(folder, server, [server[2].format(v) for v in values], number))
    middle = {
        name: {key: statistics.median(run[key] for run in done) for key in done[0]}
        for name, done in runs.items()
    }
    ours = middle.pop("kaishu")
    speed = ours["rate"] / middle["datasette"]["rate"]
    cost = ours["cpu_ms"] / middle["bare"]["cpu_ms"]
    return [
        _line(
            "requests/s",
            ours["rate"],
            middle,
            "rate",
            ratio=round(speed, 1),
            goal="5 or more",
            met=speed >= 5,
        ),
        _line(
            "CPU ms/request",
            ours["cpu_ms"],
            middle,
            "cpu_ms",
            ratio=round(cost, 2),
            goal=1.3,
            met=cost <= 1.3,
        ),
        _line("p50 ms", ours["p50"], middle, "p50"),
        _line("errors", ours["errors"], middle, "errors", goal=0, met=not ours["errors"]),
    ]


def _line(
    title: str, ours: float, middle: dict[str, dict[str, float]], key: str, **more: Any
) -> dict[str, Any]:
    peer = ", ".join(f"{name} {round(run[key], 2)}" for name, run in middle.items())
    return {"benchmark": f"rows, {title}", "ours": round(ours, 2), "peer": peer, **more}


def _slowest(folder: Path, kaishu: Server) -> list[dict[str, Any]]:
    """The slowest request of each kind that no index answers."""
    base = kaishu[2].split("?")[0]
    kinds = {
        "part of a long text": [
            f"地址__contains={quote(f'人民大道{n}号')}&_sort=金额" for n in range(100, 200)
        ],
        "equality of a long text": [f"地址={quote(f'开数市人民大道{n}号{n}室')}" for n in range(100, 200)],
        "flag, sorted by text": ["是否有效=true&_sort=地址", "是否有效=false&_sort=-姓名"],
        "wide range, sorted": [f"登记日期__gt=20{n:02d}-01-01&_sort=登记编号" for n in range(10, 20)],
        "category, sorted by number": [f"类别={quote(f'类别{n}')}&_sort=-金额" for n in range(20)],
        "missing values": ["备注__isnull=true&_sort=人数", "备注__isnull=false&_sort=-更新时间"],
        "no filter, sorted by long text": ["_sort=地址", "_sort=-地址"],
        "two wide ranges": [f"人数__gt={n}&金额__lt={n * 100}&_sort=姓名" for n in range(1000, 3000, 100)],
        "search in every column": [f"_search={quote(f'人民大道{n}号')}" for n in range(100, 200)],
    }
    report = []
    for kind, queries in kinds.items():
        paths = [f"{base}?{quote(query, safe='=&%_-')}" for query in queries]
        run = _load(folder, kaishu, paths, 1)
        report.append(
            {
                "benchmark": f"rows, slowest ms: {kind}",
                "ours": round(run["max"]),
                "peer": f"p50 {round(run['p50'])}, CPU {round(run['cpu_ms'])}",
                "goal": 1000,
                "met": run["max"] <= 1000 and not run["errors"],
            }
        )
    return report


def _load(folder: Path, server: Server, paths: list[str], seed: int) -> dict[str, float]:
    process, port, _ = server
    listed, script = folder / "paths.txt", folder / "load.lua"
    listed.write_text("\n".join(paths) + "\n", encoding="utf-8")
    script.write_text(LUA % (listed, seed), encoding="utf-8")
    with urlopen(f"http://127.0.0.1:{port}{paths[0]}", timeout=60) as answer:
        answer.read()
    before = _cpu(process)
    said = subprocess.run(
        [
            "wrk",
            "-t1",
            "-c8",
            f"-d{SECONDS}s",
            "--timeout",
            "30s",
            "-s",
            str(script),
            f"http://127.0.0.1:{port}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    run = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    count = max(run["requests"], 1)
    return {
        "rate": run["requests"] / run["us"] * 1e6,
        "cpu_ms": (_cpu(process) - before) / count * 1000,
        "p50": run["p50"] / 1000,
        "max": run["max"] / 1000,
        "errors": run["errors"],
    }


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> int:
    """MiB of the process's own; pages of the copy that are mapped in belong to the file cache."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.split("RssAnon:")[1].split()[0]) // 1024


def _peer_database(folder: Path) -> None:
    """The same rows in SQLite with an index on the filter column: what both peers read."""
    import polars as pl

    frame = pl.read_parquet(folder / "firms.parquet").with_columns(
        pl.col(pl.Date).dt.to_string("iso"), pl.col(pl.Datetime).dt.to_string("%Y-%m-%dT%H:%M:%S")
    )
    with closing(sqlite3.connect(folder / "peer.db")) as database, database:
        named = ", ".join(f'"{name}"' for name in frame.columns[1:])
        database.execute(f"CREATE TABLE firms (_id INTEGER PRIMARY KEY, {named})")
        marks = ", ".join("?" * len(frame.columns))
        for part in frame.iter_slices(50_000):
            database.executemany(f"INSERT INTO firms VALUES ({marks})", part.rows())
        database.execute(f'CREATE INDEX firms_filter ON firms ("{FILTER}")')
        database.execute("ANALYZE")


@contextmanager
def _kaishu(folder: Path) -> Iterator[Server]:
    import polars as pl

    environment = os.environ | {"KAISHU_HOME": str(folder / "home")}
    table = folder / "firms.csv"
    pl.scan_parquet(folder / "firms.parquet").drop("_id").sink_csv(table)
    record = {
        "themes": "business-registration",
        "licence": "mit",
        "share_class": "unconditional",
        "open_class": "unconditional",
    }
    words = [word for field, value in record.items() for word in ("--set", f"{field}={value}")]
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "kaishu",
            "ingest",
            str(table),
            "--title",
            "企业登记",
            *words,
            "--publish",
            "--json",
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if said.returncode:
        raise SystemExit(said.stderr or said.stdout)
    table.unlink()
    name = json.loads(said.stdout)["dataset"]
    path = f"/api/v1/datasets/{name}/rows?{quote(FILTER)}={{}}&_sort={quote(SORT)}&_limit=100"
    port = _port()
    arguments = [sys.executable, "-m", "kaishu", "serve", "--port", str(port)]
    with _started(arguments, port, path.format(110_000), environment) as process:
        yield process, port, path


@contextmanager
def _bare(folder: Path) -> Iterator[Server]:
    port = _port()
    path = "/rows?value={}"
    arguments = [sys.executable, "-m", "benchmarks.rows", "--bare", str(folder / "peer.db"), str(port)]
    with _started(arguments, port, path.format(110_000)) as process:
        yield process, port, path


@contextmanager
def _datasette(folder: Path, **settings: str) -> Iterator[Server]:
    port = _port()
    path = f"/peer/firms.json?{quote(FILTER)}={{}}&_sort={quote(SORT)}&_size=100"
    arguments = [sys.executable, "-m", "datasette", "serve", "-i", str(folder / "peer.db"), "-p", str(port)]
    arguments += [word for name, value in settings.items() for word in ("--setting", name, value)]
    with _started(arguments, port, path.format(110_000)) as process:
        yield process, port, path


@contextmanager
def _started(
    arguments: list[str], port: int, path: str, environment: dict[str, str] | None = None
) -> Iterator[int]:
    """A server that has answered once; stopped at the end."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(arguments, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait(process, f"http://127.0.0.1:{port}{path}", said)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, said: Any) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=240) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    said.seek(0)
    raise SystemExit(f"{url} does not answer:\n{said.read().decode(errors='replace')[-3000:]}")


def _port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve_bare(database: str, port: int) -> None:
    """FastAPI, SQLite on the event loop's thread, two statements: as little as can be."""
    import uvicorn
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse

    connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.execute("PRAGMA mmap_size=4294967296")
    names = [row[1] for row in connection.execute("PRAGMA table_info(firms)")]
    listed = ", ".join(f'"{name}"' for name in names)
    app = FastAPI()

    @app.get("/rows")
    async def rows(value: str) -> JSONResponse:
        total = connection.execute(f'SELECT count(*) FROM firms WHERE "{FILTER}" = ?', (value,)).fetchone()[0]
        found = connection.execute(
            f'SELECT {listed} FROM firms WHERE "{FILTER}" = ? ORDER BY "{SORT}" LIMIT 100', (value,)
        )
        return JSONResponse({"total": total, "rows": [dict(zip(names, row, strict=True)) for row in found]})

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        _serve_bare(sys.argv[2], int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:3]))
