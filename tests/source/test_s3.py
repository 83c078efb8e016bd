"""Objects are fetched from a store that speaks S3, and its redirects lead nowhere else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kaishu.source.connectors import KINDS, Place, Wanted, opened
from kaishu.source.connectors.relay import Relay
from kaishu.source.errors import NothingNew, PlaceRefused, SourceRefuses, SourceUnreachable

SECRET = "geheim-2026/abc"
#: Bytes, and the day of January 2024 of their last change.
OBJECTS = {
    "in/学校-1.csv": (b"one", 1),
    "in/学校-2.csv": (b"0123456789" * 1_000_000, 2),  # more than one request brings
    "in/b.txt": (b"b", 3),
    "in/deeper/学校-3.csv": (b"x", 4),
}


class Store:
    """The bucket ``city``; ``moves`` is where every request for an object is redirected."""

    def __init__(self) -> None:
        self.moves, self.changing, self.asked = "", False, list[tuple[str, str, str]]()
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
                said = self.headers.get("authorization", "")
                store.asked.append((self.command, self.headers["host"], said))
                if bucket != "city" or (said and "Credential=reader/" not in said):
                    code = "InvalidAccessKeyId" if said and bucket == "city" else "NoSuchBucket"
                    return self.say(403, f"<Error><Code>{code}</Code></Error>".encode())
                if bucket == "city" and not key:
                    return self.say(200, listed(parse_qs(parts.query)["prefix"][0]))
                if store.moves:
                    return self.say(307, b"", location=store.moves)
                if key not in OBJECTS:
                    return self.say(404, b"")
                content, day = OBJECTS[key]
                if store.changing:
                    day += 20
                first, _, last = self.headers.get("range", "bytes=0-").partition("=")[2].partition("-")
                if "range" in self.headers:
                    content = content[int(first) : int(last) + 1]
                return self.say(206 if "range" in self.headers else 200, content, day)

            do_HEAD = do_GET  # noqa: N815

            def say(self, status: int, content: bytes, day: int = 1, location: str = "") -> None:
                self.send_response(status)
                if location:
                    self.send_header("location", location)
                self.send_header("content-length", str(len(content)))
                self.send_header("last-modified", formatdate(1_704_067_200 + 86_400 * day, usegmt=True))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


def listed(prefix: str) -> bytes:
    """ListObjectsV2 of one folder."""
    here = [key for key in OBJECTS if key.startswith(prefix) and "/" not in key[len(prefix) :]]
    found = "".join(
        f"<Contents><Key>{key}</Key><Size>{len(OBJECTS[key][0])}</Size>"
        f"<LastModified>2024-01-{OBJECTS[key][1] + 1:02}T00:00:00.000Z</LastModified></Contents>"
        for key in here
    )
    below = "<CommonPrefixes><Prefix>in/deeper/</Prefix></CommonPrefixes>" if here else ""
    head = f"<KeyCount>{len(here)}</KeyCount><IsTruncated>false</IsTruncated>"
    return f"<ListBucketResult>{head}{found}{below}</ListBucketResult>".encode()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1,localhost")
    made = Store()
    yield made
    made.server.shutdown()
    made.server.server_close()


def place(store: Store, **options: str) -> Place:
    given = {"endpoint": f"http://localhost:{store.port}", "bucket": "city", "prefix": "/in/"}
    return Place("s3", {**given, "pattern": "学校-*.csv", "key": "reader", **options}, {"secret": SECRET})


def test_the_newest_object_is_fetched_whole(store: Store, tmp_path: Path) -> None:
    with opened(KINDS["s3"], place(store)) as connector:
        assert [table.name for table in connector.tables()] == ["学校-2.csv", "学校-1.csv"]
        found = connector.fetch(Wanted(table="学校-*.csv"), tmp_path)
        assert (found.name, found.path.read_bytes()) == ("学校-2.csv", OBJECTS["in/学校-2.csv"][0])
        with pytest.raises(NothingNew):
            connector.fetch(Wanted(table="学校-*.csv", since=found.last), tmp_path)
    assert {host for _, host, _ in store.asked} == {f"localhost:{store.port}"}


def test_without_a_key_nothing_of_this_machine_is_signed_with(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ours")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours-too")
    with opened(KINDS["s3"], place(store, key="")) as connector:
        assert len(connector.tables()) == 2
    assert {said for _, _, said in store.asked} == {""}


def test_a_redirect_leads_nowhere_else(store: Store, tmp_path: Path) -> None:
    other = Store()
    store.moves = f"http://127.0.0.1:{other.port}/city/in/b.txt"
    with (
        opened(KINDS["s3"], place(store)) as connector,
        pytest.raises((SourceRefuses, SourceUnreachable)),
    ):
        connector.fetch(Wanted(table="学校-1.csv"), tmp_path)
    other.server.shutdown()
    other.server.server_close()
    assert other.asked == []


def test_an_object_that_changes_meanwhile_is_not_taken(store: Store, tmp_path: Path) -> None:
    store.changing = True
    with (
        opened(KINDS["s3"], place(store)) as connector,
        pytest.raises(SourceUnreachable, match="changed meanwhile"),
    ):
        connector.fetch(Wanted(table="学校-2.csv"), tmp_path)


@pytest.mark.parametrize("options", [{"key": "stranger"}, {"bucket": "other"}, {"prefix": "no-such"}])
def test_a_no_is_told_as_a_no_without_the_secret(store: Store, options: dict[str, str]) -> None:
    with opened(KINDS["s3"], place(store, **options)) as connector, pytest.raises(SourceRefuses) as caught:
        connector.tables()
    assert SECRET not in str(caught.value)


def test_a_store_that_is_away_is_tried_again(store: Store) -> None:
    with (
        opened(KINDS["s3"], place(store, endpoint="http://127.0.0.1:1")) as connector,
        pytest.raises(SourceUnreachable),
    ):
        connector.tables()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254",
        "10.1.2.3:9000",
        "ftp://127.0.0.1",
        "http://a:b@127.0.0.1/",
        "http://127.0.0.1/x",
    ],
)
def test_endpoints_that_are_not_opened(store: Store, endpoint: str) -> None:
    with pytest.raises(PlaceRefused):
        KINDS["s3"].open(place(store, endpoint=endpoint))


def test_a_tunnel_leads_to_the_checked_address_whatever_is_asked_for(store: Store) -> None:
    relay = Relay("127.0.0.1", store.port)
    with socket.create_connection(("127.0.0.1", relay.port), timeout=5) as near:
        near.sendall(b"CONNECT 169.254.169.254:443 HTTP/1.1\r\n\r\n")
        assert near.recv(1000).startswith(b"HTTP/1.1 200 ")
        near.sendall(b"HEAD /city/in/b.txt HTTP/1.1\r\nHost: named\r\n\r\n")
        assert near.recv(1000).startswith(b"HTTP/1.1 200")
        relay.close()
        assert near.recv(1000) == b""
    assert [host for _, host, _ in store.asked] == ["named"]
