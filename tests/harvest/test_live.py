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


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A Kaishu that serves Philadelphia's catalogue, in a process of its own: its address and home."""
    from kaishu import app

    home = tmp_path_factory.mktemp("live") / "home"
    environment = {key: value for key, value in os.environ.items() if key != "KAISHU_DATABASE"}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KAISHU_DATABASE", raising=False)
        patch.setenv("KAISHU_HOME", str(home))
        forget_engines()
        app.prepare()
        add_file(REAL / "philadelphia.json.gz", "datajson")
        run()
        forget_engines()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kaishu", "serve", "--port", str(port)],
        env={**environment, "KAISHU_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address, home
    finally:
        process.terminate()
        process.wait(30)


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
    live: tuple[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, path: str
) -> None:
    address, there_home = live
    monkeypatch.setenv("KAISHU_HOME", str(there_home))
    theirs = records()
    monkeypatch.setenv("KAISHU_HOME", str(home))
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
    add(url=address + path, kind=kind)
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
