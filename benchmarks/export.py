"""Export of a table: CPU seconds against the usual writers in one paired run, and peak memory.

    python -m benchmarks.export [ROWS] [ROUNDS]

Each writer runs in a process of its own, in turn (A B A B …); imports are not counted, reading the
table is.  XLSX and XML peers run on a tenth of the rows and are multiplied by ten.  Medians.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: format -> (peer, ratio to stay under, MiB to stay under)
GOALS = {
    "csv": ("polars", 1.3, 350),
    "ndjson": ("polars", 1.3, 350),
    "parquet": ("polars", 1.3, 350),
    "xlsx": ("xlsxwriter", 0.7, 200),
    "xml": ("template", 1.2, 200),
}
TENTH = {"xlsxwriter", "template"}


def make_table(path: Path, rows: int) -> None:
    """A seeded table of firms, 12 columns, as Parquet: codes, names, dates, numbers, gaps."""
    import polars as pl

    def pick(values: list[str], seed: int) -> pl.Expr:
        index = (pl.int_range(rows).hash(seed) % len(values)).cast(pl.Int64)
        return pl.lit(pl.Series(values)).gather(index)

    def number(most: int, seed: int) -> pl.Expr:
        return (pl.int_range(rows).hash(seed) % most).cast(pl.Int64)

    roads = [
        a + b for a in ("中山", "解放", "人民", "建设", "和平", "新华") for b in ("东路", "西街", "大道")
    ]
    names = [a + b for a in "王李张刘陈杨赵黄周吴" for b in ("伟", "芳", "秀英", "敏", "建国", "桂华")]
    notes = ["已核验", "待核验，材料不全", "经营正常", "电话无人接听，\n另约时间", "迁出"]
    address = pl.format("开数市{}{}号{}室", pick(roads, 1), number(999, 2), number(3300, 3))
    frame = pl.select(
        pl.int_range(1, rows + 1).alias("_id"),
        pl.format("9111{}", number(10**14, 4).cast(pl.String).str.zfill(14)).alias("登记编号"),
        (110_000 + number(max(rows // 1000, 1), 5)).cast(pl.String).alias("区划代码"),
        pick(names, 6).alias("姓名"),
        pl.format("类别{}", number(20, 7)).alias("类别"),
        address.alias("地址"),
        (pl.lit(0).cast(pl.Date) + pl.duration(days=11_000 + number(9000, 8))).alias("登记日期"),
        ((1_700_000_000 + number(60_000_000, 9)) * 1_000_000).cast(pl.Datetime("us")).alias("更新时间"),
        number(5000, 10).alias("人数"),
        (number(10**8, 11) / 100).alias("金额"),
        (115 + number(3_000_000, 12) / 1e6).alias("经度"),
        (number(5, 13) > 0).alias("是否有效"),
        pl.when(number(2, 14) == 0).then(pl.format("{}{}", pick(notes, 15), number(1000, 16))).alias("备注"),
    )
    frame.write_parquet(path, row_group_size=131_072, compression="zstd", compression_level=1)


def main(rows: int = 1_000_000, rounds: int = 3) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each format."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        table, tenth = Path(folder, "table.parquet"), Path(folder, "tenth.parquet")
        make_table(table, rows)
        make_table(tenth, rows // 10)
        for form, (peer, most, memory) in GOALS.items():
            ours: list[dict[str, float]] = []
            theirs: list[dict[str, float]] = []
            for _ in range(rounds if peer not in TENTH else 1):
                ours.append(_run("kaishu", form, table))
                theirs.append(_run(peer, form, tenth if peer in TENTH else table))
            factor = 10 if peer in TENTH else 1
            cpu = statistics.median(run["cpu"] for run in ours)
            peer_cpu = statistics.median(run["cpu"] for run in theirs) * factor
            peak = max(run["peak"] for run in ours)
            line = {
                "benchmark": f"export {form}",
                "ours": round(cpu, 2),
                "peer": f"{peer} {peer_cpu:.2f}",
                "ratio": round(cpu / peer_cpu, 2),
                "goal": most,
                "peak_mib": round(peak),
                "peak_goal": memory,
                "met": cpu / peer_cpu <= most and peak <= memory,
            }
            found.append(line)
            print(json.dumps(line, ensure_ascii=False), flush=True)
    return found


def _run(who: str, form: str, table: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.export", "--one", who, form, str(table)],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _one(who: str, form: str, table: str) -> None:
    writer = _WRITERS[who](form, table, f"{table}.{who}.{form}")
    before = time.process_time()
    writer()
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"cpu": time.process_time() - before, "peak": peak}))
    Path(f"{table}.{who}.{form}").unlink()


def _kaishu(form: str, table: str, target: str) -> Callable[[], None]:
    import kaishu  # noqa: F401 - sets Arrow's allocator, as every start of Kaishu does

    os.environ.setdefault("KAISHU_HOME", str(Path(table).parent))
    import polars as pl
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    from kaishu.delivery import EXPORTS, Columns
    from kaishu.delivery.exporter import Shape
    from kaishu.delivery.frames import whole
    from kaishu.lake import VersionData

    kinds = {"String": "text", "Int64": "integer", "Float64": "number", "Boolean": "boolean", "Date": "date"}
    schema = pl.read_parquet_schema(table)
    columns = Columns.of([{"name": n, "type": kinds.get(str(t), "datetime")} for n, t in schema.items()])
    exporter = EXPORTS[form]

    def write() -> None:
        rows = pl.scan_parquet(table).select(pl.len()).collect().item()
        data = VersionData(columns=[], rows=rows, table_id="", version_id="", delta_version=0)
        data.__dict__["files"] = [Path(table)]
        frames = whole(data, [column.name for column in columns.own], exporter.rows)
        with open(target, "wb") as file:
            for chunk in exporter.chunks(frames, Shape(columns=columns.own)):
                file.write(chunk)

    return write


def _polars(form: str, table: str, target: str) -> Callable[[], None]:
    import polars as pl

    def write() -> None:
        getattr(pl.scan_parquet(table).drop("_id"), f"sink_{form}")(target)

    return write


def _xlsxwriter(form: str, table: str, target: str) -> Callable[[], None]:
    import polars as pl
    import xlsxwriter

    def write() -> None:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        frame = pl.read_parquet(table).drop("_id")
        sheet.write_row(0, 0, frame.columns)
        for number, row in enumerate(frame.iter_rows(), 1):
            for place, value in enumerate(row):
                if place in (5, 6):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
        book.close()

    return write


def _template(form: str, table: str, target: str) -> Callable[[], None]:
    from xml.sax.saxutils import escape

    import polars as pl

    def write() -> None:
        frame = pl.read_parquet(table).drop("_id")
        line = "<row>" + "".join(f"<{n}>%s</{n}>" for n in frame.columns) + "</row>\n"
        with open(target, "w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n')
            for row in frame.iter_rows():
                file.write(line % tuple("" if v is None else escape(str(v)) for v in row))
            file.write("</rows>\n")

    return write


_WRITERS = {"kaishu": _kaishu, "polars": _polars, "xlsxwriter": _xlsxwriter, "template": _template}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one(*sys.argv[2:5])
    else:
        main(*map(int, sys.argv[1:3]))
