"""Shared fixtures: a home of one's own, a call of any actor, the database asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.db import engine, forget_engines, session_scope


def postgres_url() -> str | None:
    """The PostgreSQL to test with: the variable, else a server on the local socket, else None."""
    given = os.environ.get("KAISHU_TEST_POSTGRES")
    if given:
        return given
    if Path("/var/run/postgresql/.s.PGSQL.5432").exists():
        return "postgresql+psycopg://postgres@/postgres?host=/var/run/postgresql"
    return None


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder with its tables made, on SQLite."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    forget_engines()
    from kaishu.tables import METADATA

    METADATA.create_all(engine())
    yield tmp_path / "home"
    forget_engines()
    shutil.rmtree(tmp_path / "home", ignore_errors=True)


@pytest.fixture
def call(home: Path) -> Iterator[Call]:
    """A write call of the terminal, who may do everything; committed at the end of the test."""
    with session_scope() as session:
        yield Call(session, TERMINAL, clock.now(), ids.new_id())


@pytest.fixture
def make_call(call: Call) -> Callable[[Actor], Call]:
    """The same transaction as ``call``, as somebody else."""

    def make(actor: Actor) -> Call:
        return Call(call.session, actor, call.now, call.request_id)

    return make


@pytest.fixture
def steward() -> Callable[[str], Actor]:
    """A steward of the office with that id."""

    def make(office: str) -> Actor:
        return Actor("person", ids.new_id(), "steward", Role.steward, office)

    return make
