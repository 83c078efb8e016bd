"""Eight cleansing steps over a register: CPU against the same steps written by hand in Polars; memory.

    python -m benchmarks clean [--rows N] [--rounds K] [--large]

The script by hand reads and writes Parquet as ours does and gives the same cells, but keeps no record of what
it changed; ours is run with the record and without.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import line, measured, paired, run_alone

STEPS = """
key: 编号
steps:
  - {id: trim, step: trim, columns: [姓名, 住址]}
  - {id: width, step: width, column: 手机}
  - {id: case, step: case, column: 身份证号, to: upper}
  - {id: dates, step: dates, column: 出生日期}
  - {id: numbers, step: numbers, column: 月收入}
  - {id: map, step: map, column: 性别, values: {男: 1, 女: 2}}
  - {id: fill, step: fill, column: 学历, constant: 未说明}
  - {id: once, step: deduplicate, column: 身份证号}
"""
_WIDE = "０１２３４５６７８９"
#: Ours keeps every changed cell, the script by hand none.
GOAL, RECORDED = 2.0, 2.5
PEAK = 600


def main(rows: int = 1_000_000, rounds: int = 3, large: bool = False) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found = []
    for number in (rows, rows * 10) if large else (rows,):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            run_alone("clean", "make", name, str(number))
            run_alone("clean", "agree", name)
            runs = 1 if number > rows else rounds
            done = paired("clean", {each: [name] for each in ("kaishu", "recording", "polars")}, runs)
            peer = ("polars by hand", done["polars"].cpu)
            found.append(line(f"clean {number:,} rows", done["kaishu"], peer, GOAL, PEAK))
            found.append(line(f"clean {number:,} rows, recorded", done["recording"], peer, RECORDED, PEAK))
            size = (folder / "changes.parquet").stat().st_size / 2**20
            print(f"the record takes {size:.0f} MiB", flush=True)
    return found


def make(folder: Path, rows: int) -> None:
    """A register with a twentieth to a tenth of its cells in need of each step, and a hundredth repeated."""
    import polars as pl

    from benchmarks.data import make_csv

    make_csv(folder / "data.csv", rows)
    pick = pl.int_range(pl.len()).hash(7)
    born = pl.col("出生日期").str.to_date("%Y-%m-%d")
    wide = pl.col("手机").str.replace_many(list("0123456789"), list(_WIDE))
    income = pl.col("月收入").cast(pl.Float64)
    thousands = (income // 1000).cast(pl.Int64).cast(pl.String)
    rest = ((income % 1000).cast(pl.Int64) + 1000).cast(pl.String).str.slice(1)
    frame = pl.read_csv(folder / "data.csv", infer_schema=False).with_columns(
        pl.when(pick % 10 == 1).then(pl.col("姓名") + "　").otherwise("姓名").alias("姓名"),
        pl.when(pick % 20 == 2).then(wide).otherwise("手机").alias("手机"),
        pl.when(pick % 11 == 3)
        .then(pl.col("身份证号").str.slice(0, 17) + "x")
        .otherwise("身份证号")
        .alias("身份证号"),
        pl.when(pick % 5 == 1)
        .then(born.dt.to_string("%Y年%-m月%-d日"))
        .when(pick % 5 == 2)
        .then(born.dt.to_string("%Y%m%d"))
        .otherwise("出生日期")
        .alias("出生日期"),
        pl.when((pick % 10 == 4) & (income >= 1000))
        .then(thousands + "," + rest)
        .otherwise("月收入")
        .alias("月收入"),
    )
    again = frame.gather_every(100)
    pl.concat([frame, again]).write_parquet(folder / "data.parquet", row_group_size=131_072)


def ours(folder: Path, *, recorded: bool) -> int:
    """The steps as Kaishu runs them, written to Parquet."""
    from kaishu.delivery import EXPORTS
    from kaishu.delivery.columns import Columns
    from kaishu.delivery.exporter import Shape
    from kaishu.lake import reading_file
    from kaishu.quality.cleansing import Cleansing, parse_steps

    with reading_file(folder / "data.parquet") as data:
        changes = folder / "changes.parquet" if recorded else None
        run = Cleansing(data, parse_steps(STEPS), changes=changes)
        shape = Shape(columns=Columns.of(run.columns).own)
        with (folder / "ours.parquet").open("wb") as file:
            for piece in EXPORTS["parquet"].chunks(run.frames(), shape):
                file.write(piece)
    assert run.result is not None
    return run.result.left


def by_hand(folder: Path) -> int:
    """The same steps as one lazy query."""
    import polars as pl

    born, income = pl.col("出生日期"), pl.col("月收入")
    parts = born.str.extract_groups(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$").struct
    written = pl.concat_str(parts[0], pl.lit("-"), parts[1].str.zfill(2), pl.lit("-"), parts[2].str.zfill(2))
    compact = pl.concat_str(
        born.str.slice(0, 4), pl.lit("-"), born.str.slice(4, 2), pl.lit("-"), born.str.slice(6, 2)
    )
    query = (
        pl.scan_parquet(folder / "data.parquet")
        .with_columns(
            pl.col("姓名", "住址").str.strip_chars(),
            pl.col("手机").str.replace_many(list(_WIDE), list("0123456789")),
            pl.col("身份证号").str.to_uppercase(),
            pl.when(born.str.contains("年"))
            .then(written)
            .when(born.str.len_bytes() == 8)
            .then(compact)
            .otherwise(born)
            .alias("出生日期"),
            income.str.replace_all(",", "", literal=True),
            pl.col("性别").replace({"男": "1", "女": "2"}),
            pl.col("学历").fill_null("未说明"),
        )
        .unique("身份证号", keep="first", maintain_order=True)
    )
    query.sink_parquet(folder / "by-hand.parquet", compression="zstd", row_group_size=131_072)
    return int(pl.scan_parquet(folder / "by-hand.parquet").select(pl.len()).collect().item())


def agree(folder: Path) -> None:
    """Both give the same cells."""
    import polars as pl

    left, right = ours(folder, recorded=True), by_hand(folder)
    same = pl.read_parquet(folder / "ours.parquet").equals(pl.read_parquet(folder / "by-hand.parquet"))
    if left != right or not same:
        raise AssertionError(f"{left} rows and {right}, cells {'the same' if same else 'differ'}")


def run(name: str, folder: Path) -> None:
    """One candidate, imports before the clock starts."""
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import kaishu.delivery
    import kaishu.lake.direct
    import kaishu.quality.cleansing.running  # noqa: F401

    os.environ["KAISHU_HOME"] = str(folder / "home")
    work = {
        "make": lambda: make(folder, int(sys.argv[4])),
        "agree": lambda: agree(folder),
        "polars": lambda: by_hand(folder),
        "kaishu": lambda: ours(folder, recorded=False),
        "recording": lambda: ours(folder, recorded=True),
    }[name]
    measured(lambda: bool(work()) * 0.0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run(sys.argv[2], Path(sys.argv[3]))
    else:
        print(json.dumps(main(), ensure_ascii=False))
