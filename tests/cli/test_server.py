"""``kaishu serve`` answers, stops at Ctrl-C, and finds everything again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {**os.environ, "KAISHU_HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    environment.pop("KAISHU_DATABASE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "kaishu", "serve", "--port", "0", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    address = ""
    for line in process.stdout:
        found = re.search(r"http://\S+", re.sub(r"\x1b\[\d*m", "", line))
        if found:
            address = found.group()
        if "Ctrl-C" in line:
            break
    try:
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def fetched(address: str, seconds: float = 60) -> int:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                return int(answer.status)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_it_answers_and_stops_cleanly_twice(tmp_path: Path) -> None:
    for _ in range(2):
        with served(tmp_path / "home") as (process, address):
            assert fetched(address + "/") == 200
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            assert "Stopped." in rest
            assert "Traceback" not in rest


def test_a_taken_port_is_said_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "kaishu",
                "--lang",
                "en",
                "serve",
                "--demo",
                "--no-catalogues",
                "--port",
                port,
            ],
            env={**os.environ, "KAISHU_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert "Choose another port" in done.stderr
    assert not (tmp_path / "home").exists()
