"""Shared fixtures: a home of one's own, a call of any actor, the database asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, NullPool, create_engine, make_url
from starlette.testclient import TestClient

from kaishu.access import TERMINAL, Actor, Call, Role, passwords
from kaishu.base import clock, ids, settings
from kaishu.db import engine, forget_engines, session_scope
from kaishu.ledger.tally import _counts as tallies

#: A busy machine is slow, which is no fault of what is tested.  Examples are the same everywhere, so
#: that what passes here passes there; KAISHU_EXPLORE=1 draws others.
hypothesis_settings.register_profile(
    "kaishu",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="KAISHU_EXPLORE" not in os.environ,
    print_blob=True,
)
hypothesis_settings.load_profile("kaishu")


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


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2id with next to no work; ``tests/access/test_passwords.py`` holds what the product asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            passwords,
            "_hasher",
            cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        )
        passwords.decoy.cache_clear()
        yield
    passwords.decoy.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """Requests of all test clients run in one event loop, as in a server.

    Else each would make a loop and threads of its own, which takes longer than many an answer.
    """
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:

        @contextmanager
        def running(client: TestClient) -> Iterator[BlockingPortal]:
            yield client.portal or portal

        patch.setattr(TestClient, "_portal_factory", running)
        yield


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """An empty home folder with its tables made."""
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    tallies.clear()  # counts that an earlier test of this process left in memory
    forget_engines()
    if database == "sqlite":
        monkeypatch.delenv("KAISHU_DATABASE", raising=False)
        shutil.copyfile(request.getfixturevalue("empty_records"), settings.folder("records") / "kaishu.db")
    else:
        url, connection = request.getfixturevalue("shared_postgres")
        monkeypatch.setenv("KAISHU_DATABASE", url)
        empty(connection)
    yield tmp_path / "home"
    forget_engines()
    shutil.rmtree(tmp_path / "home", ignore_errors=True)


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no row, to be copied."""
    from kaishu.tables import METADATA

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAISHU_HOME", str(tmp_path_factory.mktemp("empty")))
        patch.delenv("KAISHU_DATABASE", raising=False)
        METADATA.create_all(engine())
        forget_engines()  # the last connection to close puts everything into the one file
        return settings.folder("records") / "kaishu.db"


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[tuple[str, Connection]]:
    """A PostgreSQL database with all tables, and a connection to empty it before each test."""
    from kaishu.tables import METADATA

    with fresh_database("postgres") as url:
        assert url is not None
        own = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        METADATA.create_all(own)
        with own.connect() as connection:
            connection.exec_driver_sql(
                f'ALTER DATABASE "{make_url(url).database}" SET synchronous_commit = off'
            )
            yield url, connection


def empty(connection: Connection) -> None:
    """Take every row away, whatever refers to it; whoever is still connected is sent away before."""
    from kaishu.tables import METADATA

    connection.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    names = [f'"{name}"' for name in METADATA.tables]
    asked = ", ".join(f"EXISTS (SELECT FROM {name})" for name in names)
    filled = connection.exec_driver_sql(f"SELECT {asked}").one()
    connection.exec_driver_sql("SET session_replication_role = replica")
    for name, full in zip(names, filled, strict=True):
        if full:
            connection.exec_driver_sql(f"DELETE FROM {name}")


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


#: What hashes passwords outside of tests.
REAL_HASHER = passwords._hasher
BOTH_DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
