"""Processes that are killed at random moments; shared by the tests of interruption."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from kaishu.db import forget_engines

#: Kills in all, shared by the tests of interruption; ``KAISHU_KILLS=200`` makes them a long proof.
KILLS = int(os.environ.get("KAISHU_KILLS", "12"))
TESTS = 5
#: Kills of each test.
SHARE = -(-KILLS // TESTS)
#: So many are enough to expect that some come before the end of the work and some after it.
MANY = 12

#: Gets its arguments, and last what it calls when half of it is done.
Work = Callable[..., None]


@cache
def processes() -> Any:
    """Processes that have their imports behind them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "kaishu.tables",
            "kaishu.jobs",
            "kaishu.lake.patching",
            "kaishu.quality.cleansing.applying",
            "kaishu.source.connectors.sqlite",
            "deltalake",
            "duckdb",
            "polars",
            "pyarrow.parquet",
            "pyarrow.csv",
            "pyarrow.compute",
        ]
    )
    return context


def run(work: Work, given: dict[str, str], arguments: tuple[Any, ...], begun: Event, half: Event) -> None:
    """In the process that is killed."""
    for name in [each for each in os.environ if each.startswith("KAISHU_")]:
        del os.environ[name]
    os.environ.update(given)
    forget_engines()
    begun.set()
    work(*arguments, half.set)


def killed(work: Work, arguments: Callable[[int], tuple[Any, ...]], rounds: int = SHARE) -> Iterator[int]:
    """Begin the work again and again and kill it; the number of each that was, from 0.

    The first two, numbers -2 and -1, are left to end, and tell how long the work takes; those before the
    half, of which the work tells, and those after it are killed in turn.
    """
    given = {name: value for name, value in os.environ.items() if name.startswith("KAISHU_")}
    chance, context, lasts = random.Random(20261121), processes(), [0.0, 0.0]
    for number in range(-2, rounds):
        begun, half = context.Event(), context.Event()
        process = context.Process(target=run, args=(work, given, arguments(number), begun, half))
        process.start()
        begun.wait(60)
        start = time.monotonic()
        if number < 0:
            half.wait(60)
            middle = time.monotonic()
            process.join()
            assert process.exitcode == 0
            lasts = [middle - start, time.monotonic() - middle]
        else:
            if number % 2:
                half.wait(60)
            time.sleep(chance.uniform(0, lasts[number % 2] * 1.3))
            process.kill()
            process.join()
        yield number


def marks_left(home: Path) -> list[Path]:
    """Marks of ingests that nobody holds; one that had no name yet is removed by a sweep a little later."""
    return [path for path in (home / "lake" / "unfinished").iterdir() if path.suffix != ".new"]
