"""The two interfaces over a small site, made once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kaishu import api, discovery, http
from kaishu.db import engine, forget_engines
from tests.api.seeding import Site, seed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Offices, people, datasets in a home of their own; the index follows."""
    from kaishu.tables import METADATA

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAISHU_HOME", str(tmp_path_factory.mktemp("api") / "home"))
        patch.delenv("KAISHU_DATABASE", raising=False)
        forget_engines()
        METADATA.create_all(engine())
        made = seed()
        discovery.refresh()
        http.forget()
        yield made
        forget_engines()


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
