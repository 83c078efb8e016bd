"""A small home: two datasets, one published in two versions, and a draft with a row set aside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaishu.cli.root import kaishu
from kaishu.db import forget_engines

FILES = Path(__file__).parents[2] / "kaishu" / "demo" / "files"
OPEN = ["--set", "open_class=unconditional", "--set", "share_class=unconditional"]
OPEN += ["--set", "licence=mit", "--set", "themes=health", "--publish"]


def act(*words: object) -> str:
    done = CliRunner().invoke(kaishu, [str(word) for word in words])
    if done.exit_code:
        raise AssertionError(done.output) from done.exception
    return done.stdout


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; each test gets a copy."""
    home = tmp_path_factory.mktemp("original") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAISHU_HOME", str(home))
        patch.delenv("KAISHU_DATABASE", raising=False)
        forget_engines()
        act("ingest", FILES / "covid19_2020-12-07.json", "--dataset", "day", "--new", *OPEN)
        act("ingest", FILES / "covid19_2020-12-08.json", "--dataset", "day", "--publish")
        act("ingest", FILES / "adult_colleges_2025.xls", "--dataset", "colleges", "--new")
        forget_engines()
    return home


@pytest.fixture
def filled(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home, with everything in it."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    forget_engines()
    shutil.copytree(original, tmp_path / "home")
    yield tmp_path / "home"
    forget_engines()


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Path]:
    """Another home, empty; the settings point to it once it is entered."""
    home = tmp_path / "other"
    before = os.environ["KAISHU_HOME"]
    yield home
    os.environ["KAISHU_HOME"] = before
