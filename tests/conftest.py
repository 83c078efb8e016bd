"""Shared fixtures: a home of one's own, a call of any actor, the database asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.db import engine, forget_engines, session_scope
from kaishu.ledger.tally import _counts as tallies


def postgres_url() -> str | None:
    """The PostgreSQL to test with: the variable, else a server on the local socket, else None."""
    given = os.environ.get("KAISHU_TEST_POSTGRES")
    if given:
        return given
    if Path("/var/run/postgresql/.s.PGSQL.5432").exists():
        return "postgresql+psycopg://postgres@/postgres?host=/var/run/postgresql"
    return None


@pytest.fixture
def database() -> str:
    """Which database a test runs on; folders whose code writes records override it with both."""
    return "sqlite"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Path]:
    """An empty home folder with its tables made."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    tallies.clear()  # counts that an earlier test of this process left in memory
    with fresh_database(database) as url:
        if url:
            monkeypatch.setenv("KAISHU_DATABASE", url)
        else:
            monkeypatch.delenv("KAISHU_DATABASE", raising=False)
        forget_engines()
        from kaishu.tables import METADATA

        METADATA.create_all(engine())
        yield tmp_path / "home"
        forget_engines()
    shutil.rmtree(tmp_path / "home", ignore_errors=True)


@contextmanager
def fresh_database(kind: str) -> Iterator[str | None]:
    """A PostgreSQL database of one's own, dropped afterwards; None for SQLite in the home."""
    if kind == "sqlite":
        yield None
        return
    server = postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL: set KAISHU_TEST_POSTGRES to a server's URL")
    name = f"kaishu_test_{ids.new_id()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        forget_engines()
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.dispose()


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


BOTH_DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
