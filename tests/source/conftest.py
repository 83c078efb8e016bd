"""Sources to read from: a web server of our own, and real database servers where there are some."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaishu.base import ids

Say = Callable[[dict[str, list[str]]], Any]


class Web:
    """Answers JSON by path; ``asked`` holds path and headers of every request."""

    def __init__(self) -> None:
        self.paths: dict[str, Say] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append((self.path, dict(self.headers)))
                parts = urlsplit(self.path)
                say = web.paths.get(parts.path)
                said = say(parse_qs(parts.query)) if say else 404
                status, headers, body = said if isinstance(said, tuple) else (200, {}, said)
                if isinstance(said, int):
                    status, body = said, {}
                content = json.dumps(body, ensure_ascii=False).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    made = Web()
    yield made
    made.server.shutdown()
    made.server.server_close()


def answers(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


ROWS = "(1, '东城小学', 1.25, '2024-03-01'), (2, '西城小学', NULL, '2024-03-02'), (3, NULL, 3.5, NULL)"


@pytest.fixture(scope="module")
def postgres() -> Iterator[dict[str, str]]:
    """A table ``schools`` on a PostgreSQL of this machine; options to reach it."""
    psycopg = pytest.importorskip("psycopg")
    pytest.importorskip("adbc_driver_postgresql")
    if not answers(5432):
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    admin = {"host": "127.0.0.1", "user": os.environ.get("KAISHU_TEST_PGUSER", "postgres")}
    name = f"kaishu_source_{ids.new_id().lower()}"
    try:
        connection = psycopg.connect(dbname="postgres", autocommit=True, connect_timeout=5, **admin)
    except psycopg.Error as error:
        pytest.skip(f"PostgreSQL does not let us in: {error}")
    connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(dbname=name, autocommit=True, **admin) as own:
        own.execute(
            "CREATE TABLE schools (id bigint, name text, score numeric(6, 2), opened date, big numeric,"
            " at timestamptz DEFAULT '2024-05-01 08:00:00+08', extra jsonb DEFAULT '{\"a\": 1}')"
        )
        own.execute(f"INSERT INTO schools (id, name, score, opened) VALUES {ROWS}")
        own.execute("UPDATE schools SET big = 123456789012345678901234.5 WHERE id = 1")
    yield {**admin, "database": name}
    connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


@pytest.fixture(scope="module")
def mariadb() -> Iterator[dict[str, str]]:
    """The same on a MariaDB or MySQL of this machine."""
    pymysql = pytest.importorskip("pymysql")
    path = Path("/run/mysqld/mysqld.sock")
    if not path.exists() or not answers(3306):
        pytest.skip("no MariaDB listens on its socket and 127.0.0.1:3306")
    try:
        connection = pymysql.connect(unix_socket=str(path), user="root", autocommit=True)
    except pymysql.MySQLError as error:
        pytest.skip(f"MariaDB does not let us in: {error}")
    name = f"kaishu_source_{ids.new_id().lower()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        cursor.execute(
            f"CREATE TABLE {name}.schools (id bigint, name varchar(50), score decimal(6, 2), opened date,"
            " big decimal(30, 2), length time)"
        )
        cursor.execute(f"INSERT INTO {name}.schools (id, name, score, opened) VALUES {ROWS}")
        cursor.execute(f"CREATE USER '{name[:30]}'@'127.0.0.1' IDENTIFIED BY 'geheim-口令'")
        cursor.execute(f"GRANT SELECT ON {name}.* TO '{name[:30]}'@'127.0.0.1'")
    yield {"host": "127.0.0.1", "user": name[:30], "database": name}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP USER '{name[:30]}'@'127.0.0.1'")
        cursor.execute(f"DROP DATABASE {name}")
    connection.close()
