"""From the command to the first page, with 100,000 catalogue records: wall and CPU seconds."""

from __future__ import annotations

import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

RECORDS = 100_000
GOAL = 2.0
WORDS = [
    "交通",
    "地铁",
    "公交",
    "学校",
    "医院",
    "环境",
    "空气",
    "质量",
    "人口",
    "企业",
    "食品",
    "气象",
    "农业",
]
THEMES = ("transport", "health", "education-science", "weather", "geography", "livelihood")


def main(rounds: int = 3) -> list[dict[str, Any]]:
    """Seed a home once, then start the server ``rounds`` times."""
    folder = Path(tempfile.mkdtemp(prefix="kaishu-start-"))
    environment = {**os.environ, "KAISHU_HOME": str(folder)}
    try:
        subprocess.run([sys.executable, "-m", "benchmarks.start", "--seed"], env=environment, check=True)
        runs = [_start(environment) for _ in range(rounds)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wall = statistics.median(run[0] for run in runs)
    found = {
        "benchmark": f"start to first page, {RECORDS:,} records (wall s; CPU {runs[0][1]:.2f} s)",
        "ours": round(wall, 2),
        "goal": GOAL,
        "met": wall <= GOAL,
    }
    print(found, [round(run[0], 2) for run in runs], flush=True)
    return [found]


def seed() -> None:
    """Published records straight into the tables, as a harvest would leave them, and their index."""
    from sqlalchemy import insert

    from kaishu import access, discovery
    from kaishu.access import TERMINAL, Call
    from kaishu.app import prepare
    from kaishu.base import clock, ids
    from kaishu.catalogue.models import Dataset
    from kaishu.db import session_scope

    prepare()
    chance = random.Random(7)
    moment = clock.now()
    with session_scope() as session:
        call = Call(session, TERMINAL, moment, "seed")
        offices = [access.add_office(call, title=f"第{n}局", name=f"office-{n}").id for n in range(40)]
        for first in range(0, RECORDS, 5000):
            session.execute(
                insert(Dataset),
                [
                    {
                        "id": ids.new_id(),
                        "serial": number + 1,
                        "name": f"dataset-{number:06d}",
                        "office_id": chance.choice(offices),
                        "state": "published",
                        "title": "".join(chance.choices(WORDS, k=4)) + str(number),
                        "title_en": f"Dataset {number}",
                        "open_class": "unconditional",
                        "record": {
                            "title": f"数据集{number}",
                            "description": "，".join(chance.choices(WORDS, k=20)),
                            "themes": [chance.choice(THEMES)],
                            "tags": chance.sample(WORDS, 3),
                            "open_class": "unconditional",
                        },
                        "resources": [],
                        "created_at": moment,
                        "updated_at": moment,
                        "published_at": moment,
                    }
                    for number in range(first, first + 5000)
                ],
            )
    discovery.rebuild()


def _start(environment: dict[str, str]) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    command = [sys.executable, "-m", "kaishu", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                    assert page.status == 200 and b"dataset-" in page.read()
                break
            except (urllib.error.URLError, ConnectionError):
                if server.poll() is not None or time.monotonic() - began > 60:
                    raise
                time.sleep(0.01)
        wall = time.monotonic() - began
        ticks = Path(f"/proc/{server.pid}/stat").read_text().rsplit(") ", 1)[1].split()[11:13]
        return wall, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    seed() if "--seed" in sys.argv else main()
