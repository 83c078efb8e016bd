"""Engine and session.  Entrances and jobs open a scope; nobody else commits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from kaishu.base import settings

#: orjson would read so long a number as a fraction and lose its last digits.
LONG_NUMBER = b"0" * 19
#: Every digit as a zero, anything else as a blank.
DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else ord(" ") for byte in range(256))
_engines: dict[str, Engine] = {}
_lock = threading.Lock()


def database_url() -> str:
    """Where the records are: the setting, else SQLite in the home folder."""
    return settings.text("database") or f"sqlite:///{settings.folder('records') / 'kaishu.db'}"


def engine() -> Engine:
    """The engine of the present settings, made once for each URL."""
    url = database_url()
    with _lock:
        if url not in _engines:
            _engines[url] = _make(url)
        return _engines[url]


def forget_engines() -> None:
    """Close every engine: for restore, for tests, and after a fork."""
    with _lock:
        for made in _engines.values():
            made.dispose()
        _engines.clear()


@contextmanager
def session_scope(write: bool = True) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on an error.

    ``write=True`` takes SQLite's write lock at once, so that two writers wait for each other
    instead of failing half-way; readers pass ``write=False`` and never wait.
    """
    with Session(engine(), expire_on_commit=False) as session:
        session.info["write"] = write
        if session.get_bind().dialect.name == "sqlite":
            session.connection(execution_options={"kaishu_write": write})
        try:
            yield session
            if write:
                session.commit()
            else:
                session.expunge_all()  # a rollback empties what was read; rows outlive their session
                session.rollback()
        except BaseException:
            session.rollback()
            raise


def _make(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, json_deserializer=_loads, pool_pre_ping=True, pool_size=8, max_overflow=24)
    made = create_engine(
        url, json_deserializer=_loads, connect_args={"timeout": 60, "check_same_thread": False}
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=60000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begin(connection: Any) -> None:
        write = connection.get_execution_options().get("kaishu_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")

    return made


def _loads(text: str | bytes) -> Any:
    """JSON as it was stored; what only Python writes (NaN, whole numbers of any length) is left to Python."""
    try:
        raw = text.encode() if isinstance(text, str) else text
        if LONG_NUMBER in raw.translate(DIGITS):
            return json.loads(text)
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return json.loads(text)
