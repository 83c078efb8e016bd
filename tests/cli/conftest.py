"""The command line in this process, in a home of its own that nothing has prepared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kaishu.cli.root import kaishu
from kaishu.db import forget_engines

FILES = Path(__file__).parents[2] / "kaishu" / "demo" / "files"


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Said]]:
    """``run("ingest", path, "--json")`` in a fresh home, in English."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    forget_engines()

    def go(*words: object, typed: str | None = None) -> Said:
        done = CliRunner().invoke(kaishu, [str(word) for word in words], input=typed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    yield go
    forget_engines()


@pytest.fixture
def files() -> Path:
    """The demo city's files."""
    return FILES
