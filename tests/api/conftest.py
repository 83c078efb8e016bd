"""The two interfaces over a small site, a copy for each file of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kaishu import api, discovery, http
from kaishu.db import engine, forget_engines
from kaishu.ledger.tally import _counts as tallies
from tests.api.seeding import Site, seed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Offices, people, datasets in a home of their own; the index follows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KAISHU_DATABASE", raising=False)
        forget_engines()
        seeded, made = _seeded(tmp_path_factory.getbasetemp())
        home = tmp_path_factory.mktemp("api") / "home"
        shutil.copytree(seeded, home)
        patch.setenv("KAISHU_HOME", str(home))
        http.forget()
        tallies.clear()  # counts of another file's copy, which has the same ids
        yield deepcopy(made)
        forget_engines()


@cache
def _seeded(folder: Path) -> tuple[Path, Site]:
    """A home with everything, made once for all files of a process, which get copies."""
    from kaishu.tables import METADATA

    with pytest.MonkeyPatch.context() as patch:
        home = folder / "seeded"
        patch.setenv("KAISHU_HOME", str(home))
        METADATA.create_all(engine())
        made = seed()
        discovery.refresh()
        discovery.forget()
        forget_engines()
    return home, made


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """A client of both interfaces."""
    with TestClient(bare_app(), base_url="http://kaishu.test", follow_redirects=False) as made:
        yield made


def bare_app() -> Starlette:
    """Both interfaces without pages and worker."""
    app = Starlette()
    api.mount(app)
    http.install(app)
    return app
