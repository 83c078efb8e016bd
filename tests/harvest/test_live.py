"""From one Kaishu to another, over its own CKAN API and its own DCAT."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kaishu.catalogue.models import Dataset
from kaishu.db import forget_engines, session_scope
from tests.harvest.conftest import add, add_file, run

REAL = Path(__file__).parents[2] / "kaishu" / "demo" / "catalogues"
#: What CKAN adds: the page that a dataset was read from, keys without a field.
ADDED = {"ckan": {"source_url", "extras"}, "dcat": set[str]()}


@pytest.fixture
def live(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Kaishu that serves Philadelphia's catalogue, in a process of its own; we then have a fresh home."""
    from kaishu import app

    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "live"))
    app.prepare()
    add_file(REAL / "philadelphia.json.gz", "datajson")
    run()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kaishu", "serve", "--port", str(port)],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        monkeypatch.setenv("KAISHU_HOME", str(home))
        monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
        yield address
    finally:
        process.terminate()
        process.wait(30)
        forget_engines()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/about").close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def records() -> dict[str, Dataset]:
    with session_scope(write=False) as session:
        return {each.name: each for each in session.scalars(select(Dataset))}


@pytest.mark.parametrize(("kind", "path"), [("ckan", "/"), ("dcat", "/catalog.ttl")])
def test_another_kaishu_is_harvested_to_the_same_records(
    live: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, path: str
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "live"))
    theirs = records()
    monkeypatch.setenv("KAISHU_HOME", str(home))
    add(url=live + path, kind=kind)
    assert run().counts == {"new": 402}
    ours = records()
    assert set(ours) == set(theirs)
    for name, dataset in theirs.items():
        there, here = dict(dataset.record), ours[name].record
        if kind == "ckan" and not there["licence"]:  # CKAN has a word for a licence that nobody gave
            there["licence"] = here["licence"] if here["licence"] in ("", "unspecified") else ""
        differ = {key for key in there if there[key] != here.get(key)} - ADDED[kind]
        assert not differ, (name, {key: (there[key], here.get(key)) for key in differ})
        assert [each["url"] for each in dataset.resources] == [each["url"] for each in ours[name].resources]
    assert run().counts == {"same": 402}
